import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import fsspec
import pytest

from tidymedia.errors import OverLimitError, UnavailableError, UnreadableError, UsageError
from tidymedia.media import web
from tidymedia.media.locations import RemoteFile
from tidymedia.media.remote import list_remote
from tidymedia.media.settings import Limits


@pytest.fixture
def memory():
    system = fsspec.filesystem("memory")
    system.store.clear()
    system.pseudo_dirs[:] = [""]
    yield system
    system.store.clear()


class Answers(BaseHTTPRequestHandler):
    """A small server with every kind of trouble."""

    def do_GET(self):
        self.server.asked.append((self.path, self.headers["User-Agent"]))
        name = self.path.partition("?")[0]
        if name == "/busy.jpg" and len([1 for path, _ in self.server.asked if path == self.path]) < 3:
            self.send_response(503)
            self.send_header("Retry-After", "0")
            self.end_headers()
        elif name in ("/file.jpg", "/busy.jpg", "/%E6%97%A5.jpg"):
            self.answer(b"bytes of the file")
        elif name == "/moved.jpg":
            self.redirect("/file.jpg")
        elif name == "/trap.jpg":
            self.redirect("file:///etc/passwd")
        elif name == "/ftp.jpg":
            self.redirect("ftp://e.org/1.jpg")
        elif name == "/loop.jpg":
            self.redirect("/loop.jpg")
        elif name == "/short.jpg":
            self.answer(b"bytes", length=500)
        elif name == "/endless.jpg":
            self.answer(bytes(100_000), length=None)
        elif name == "/secret.jpg":
            self.send_error(403)
        else:
            self.send_error(404)

    def answer(self, body, length=-1):
        self.send_response(200)
        if length is not None:
            self.send_header("Content-Length", str(len(body) if length < 0 else length))
        self.end_headers()
        self.wfile.write(body)

    def redirect(self, target):
        self.send_response(302)
        self.send_header("Location", target)
        self.end_headers()

    def log_message(self, *arguments):
        pass


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as running:
        running.asked = []
        running.url = f"http://127.0.0.1:{running.server_port}"
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def read(url, limit=10_000):
    with RemoteFile(url, limit).open() as stream:
        assert stream.seekable()
        return stream.read()


@pytest.mark.parametrize(
    "name", ["file.jpg", "file.jpg?size=2#top", "moved.jpg", "busy.jpg", "日.jpg", "%E6%97%A5.jpg"]
)
def test_downloads(server, name):
    assert read(f"{server.url}/{name}") == b"bytes of the file"
    assert server.asked[0][1].startswith("tidymedia/")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("gone.jpg", "dead link (HTTP 404"),
        ("secret.jpg", "may not be read (HTTP 403"),
        ("trap.jpg", "is no address on the web"),
        ("ftp.jpg", "leads to ftp://e.org/1.jpg, which is no address on the web"),
        ("loop.jpg", "leads in circles"),
        ("short.jpg", "stopped after 5 of 500 bytes"),
    ],
)
def test_dead_links_say_why(server, name, says):
    with pytest.raises(UnreadableError) as caught:
        read(f"{server.url}/{name}")
    assert says in str(caught.value)
    assert caught.value.remedy


def test_only_a_busy_server_is_asked_again(server):
    with pytest.raises(UnreadableError, match="404"):
        read(f"{server.url}/gone.jpg")
    assert len(server.asked) == 1
    with pytest.raises(UnreadableError, match="HTTP 503"):
        web.download_from_web(RemoteFile(f"{server.url}/busy.jpg"), waits=())


def test_no_server():
    with pytest.raises(UnreadableError, match="cannot be reached"):
        web.download_from_web(RemoteFile("http://127.0.0.1:9/1.jpg"), waits=())


def test_downloads_are_bounded(server):
    with pytest.raises(OverLimitError):
        read(f"{server.url}/file.jpg", limit=5)
    with pytest.raises(OverLimitError):
        read(f"{server.url}/endless.jpg", limit=50_000)


def test_an_address_on_the_web_is_one_file():
    (one,) = list_remote("https://example.org/a/caf%C3%A9.jpg?x=1", Limits())
    assert (one.path, one.location) == ("café.jpg", RemoteFile("https://example.org/a/caf%C3%A9.jpg?x=1"))
    assert list_remote("https://example.org", Limits())[0].path == "example.org"


def test_a_bucket(memory):
    for name in ("b/2.jpg", "a.jpg", ".hidden/3.jpg", "b/Thumbs.db"):
        memory.pipe(f"/bucket/posts/{name}", name.encode())
    memory.pipe("/bucket/posts-2/no.jpg", b"no")
    for url in ("memory://bucket/posts", "memory://bucket/posts/"):
        found = list_remote(url, Limits())
        assert [one.path for one in found] == ["a.jpg", "b/2.jpg"]
        assert [one.bytes for one in found] == [5, 7]
        with found[1].location.open() as stream:
            assert stream.read() == b"b/2.jpg"
    assert found[0].modified_ns is not None
    (one,) = list_remote("memory://bucket/posts/a.jpg", Limits())
    assert one.path == "a.jpg"


def test_nothing_there(memory):
    with pytest.raises(UsageError, match="nothing at memory://empty"):
        list_remote("memory://empty", Limits())
    with pytest.raises(UnreadableError, match="dead link"):
        RemoteFile("memory://empty/1.jpg").open()


def test_drivers_that_are_not_installed(monkeypatch):
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(UnavailableError, match="pip install s3fs"):
        list_remote("s3://bucket/photos", Limits())
    with pytest.raises(UsageError, match="not known"):
        list_remote("carrier-pigeon+x://a/b", Limits())
