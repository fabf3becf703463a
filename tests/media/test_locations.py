import json
import os

import pytest

from tidymedia.errors import OverLimitError, UnreadableError, UsageError
from tidymedia.media.locations import ArchiveMember, LocalFile, RemoteFile, location_from_dict
from tidymedia.media.spooled import IN_MEMORY_BYTES, spool


@pytest.mark.parametrize(
    "location",
    [
        LocalFile("/data", "caf\udce9/1.jpg"),
        ArchiveMember(LocalFile("/data", "a.zip"), "x/é.jpg", 3, 10),
        ArchiveMember(RemoteFile("s3://bucket/a.tar"), "x", 0),
        RemoteFile("https://example.org/1.jpg?x=1", 5),
    ],
)
def test_written_and_read_again(location):
    assert location_from_dict(json.loads(json.dumps(location.to_dict()))) == location
    location.name.encode()


def test_unknown_schemes():
    with pytest.raises(UsageError):
        location_from_dict({"scheme": "ftp"})


def test_a_local_file(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "1.jpg").write_bytes(b"bytes")
    place = LocalFile(str(tmp_path), "a/1.jpg")
    assert place.local_path == tmp_path / "a" / "1.jpg"
    with place.open() as stream:
        assert stream.seekable()
        assert stream.read() == b"bytes"
    assert RemoteFile("memory://x").local_path is None


@pytest.mark.parametrize("path", ["gone.jpg", "file/1.jpg", ".", "x" * 300, "a\x00b"])
def test_what_cannot_be_opened_says_what_to_do(tmp_path, path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UnreadableError) as caught:
        LocalFile(str(tmp_path), path).open()
    assert caught.value.remedy


def test_no_permission(tmp_path, monkeypatch):
    (tmp_path / "1.jpg").write_bytes(b"x")
    if os.name == "posix" and os.geteuid() != 0:
        (tmp_path / "1.jpg").chmod(0)
    else:

        def refuse(*arguments, **options):
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr("pathlib.Path.open", refuse)
    with pytest.raises(UnreadableError, match="chmod"):
        LocalFile(str(tmp_path), "1.jpg").open()


class Zeros:
    """A source that counts what is asked of it."""

    def __init__(self, size):
        self.left, self.given = size, 0

    def read(self, count):
        count = min(count, self.left)
        self.left -= count
        self.given += count
        return bytes(count)


def test_small_ones_stay_in_memory_and_large_ones_have_no_name(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with spool(Zeros(1000).read, 2000, "a") as stream:
        assert stream.getbuffer().nbytes == 1000
    for expected in (None, IN_MEMORY_BYTES + 5):
        with spool(Zeros(IN_MEMORY_BYTES + 5).read, 10**9, "a", expected) as stream:
            assert not hasattr(stream, "getbuffer")
            assert stream.seek(0, 2) == IN_MEMORY_BYTES + 5
            if os.name == "posix":
                assert list(tmp_path.iterdir()) == []
    assert list(tmp_path.iterdir()) == []


def test_no_more_is_read_than_the_limit():
    source = Zeros(10**9)
    with pytest.raises(OverLimitError, match="member_bytes"):
        spool(source.read, 5000, "a")
    assert source.given == 5001
    untouched = Zeros(10**9)
    with pytest.raises(OverLimitError):
        spool(untouched.read, 5000, "a", expected=10**9)
    assert untouched.given == 0
