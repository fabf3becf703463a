import os
import socket
import sys
from pathlib import Path

import pytest

from tidymedia.errors import OutsideRootError, UnreadableError, UnsupportedError
from tidymedia.media.folder import is_study, list_folder
from tidymedia.media.settings import Limits

posix = pytest.mark.skipif(os.name != "posix", reason="POSIX file systems only")


def put(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def paths(folder, **options):
    return [one.path for one in list_folder(folder, Limits(), **options)]


def test_sorted_by_path_whatever_the_disk_says(tmp_path):
    put(tmp_path, "b.jpg", "a/2.jpg", "a/10.jpg", "a.jpg", "a-b/1.jpg", "Z.jpg", "ä.jpg", "日本/1.jpg")
    assert paths(tmp_path) == ["Z.jpg", "a-b/1.jpg", "a.jpg", "a/10.jpg", "a/2.jpg", "b.jpg", "ä.jpg", "日本/1.jpg"]


def test_hidden_files_and_studies_are_left_out(tmp_path):
    put(tmp_path, "1.jpg", ".hidden.jpg", ".git/2.jpg", "Thumbs.db", "desktop.ini", "__MACOSX/3.jpg", "x/@eaDir/4.jpg")
    put(tmp_path, "study/study.toml", "study/media.parquet", "study/thumb.jpg")
    put(tmp_path, "young/study.toml", "young/.parts/x", "young/thumb.jpg")
    put(tmp_path, "notes/study.toml")
    assert paths(tmp_path) == ["1.jpg", "notes/study.toml"]
    assert is_study(tmp_path / "study")
    assert not is_study(tmp_path)


def test_size_and_time_are_told(tmp_path):
    put(tmp_path, "1.jpg")
    (one,) = list_folder(tmp_path, Limits())
    assert (one.bytes, one.modified_ns) == (1, (tmp_path / "1.jpg").stat().st_mtime_ns)
    with one.location.open() as stream:
        assert stream.read() == b"x"


@posix
def test_loops_of_links_end(tmp_path):
    put(tmp_path, "a/1.jpg")
    (tmp_path / "a" / "again").symlink_to(tmp_path)
    (tmp_path / "self").symlink_to("self")
    (tmp_path / "copy").symlink_to("a")
    found = {one.path: one.error for one in list_folder(tmp_path, Limits())}
    assert [path for path, error in found.items() if error is None] == ["a/1.jpg", "copy/1.jpg"]
    assert isinstance(found["self"], UnreadableError)


@posix
def test_links_out_of_the_folder(tmp_path):
    put(tmp_path, "root/1.jpg", "outside/secret.jpg", "root-2/3.jpg")
    root = tmp_path / "root"
    (root / "inside.jpg").symlink_to("1.jpg")
    (root / "file.jpg").symlink_to("../outside/secret.jpg")
    (root / "folder").symlink_to("../outside")
    (root / "sibling.jpg").symlink_to("../root-2/3.jpg")
    (root / "dead.jpg").symlink_to("nowhere.jpg")
    errors = {one.path: type(one.error) for one in list_folder(root, Limits())}
    assert errors == {
        "1.jpg": type(None),
        "inside.jpg": type(None),
        "file.jpg": OutsideRootError,
        "folder": OutsideRootError,
        "sibling.jpg": OutsideRootError,
        "dead.jpg": UnreadableError,
    }
    assert "folder/secret.jpg" in paths(root, follow_outside=True)


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read(tmp_path):
    put(tmp_path, "1.jpg", "locked/2.jpg")
    (tmp_path / "locked").chmod(0)
    try:
        found = list_folder(tmp_path, Limits())
    finally:
        (tmp_path / "locked").chmod(0o700)
    assert [one.path for one in found] == ["1.jpg", "locked"]
    assert "chmod" in str(found[1].error)


def test_a_folder_that_fails_is_a_row(tmp_path, monkeypatch):
    put(tmp_path, "1.jpg", "locked/2.jpg")
    real = os.scandir

    def scandir(place):
        if str(place).endswith("locked"):
            raise PermissionError(13, "Permission denied")
        return real(place)

    monkeypatch.setattr(os, "scandir", scandir)
    found = list_folder(tmp_path, Limits())
    assert [one.path for one in found] == ["1.jpg", "locked"]
    assert isinstance(found[1].error, UnreadableError)


@posix
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS refuses such names")
def test_names_that_are_no_utf8_open_and_stay_apart(tmp_path):
    for name, content in ((b"caf\xe9.jpg", b"one"), (b"caf\xe8.jpg", b"two")):
        (tmp_path / os.fsdecode(name)).write_bytes(content)
    found = list_folder(tmp_path, Limits())
    assert [one.path for one in found] == ["caf\\xe8.jpg", "caf\\xe9.jpg"]
    for one, content in zip(found, (b"two", b"one"), strict=True):
        one.path.encode()
        with one.location.open() as stream:
            assert stream.read() == content


def test_long_names(tmp_path):
    name = "é" * 120 + ".jpg"
    put(tmp_path, name)
    assert paths(tmp_path) == [name]


@posix
def test_what_is_no_file_does_not_block(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(tmp_path)  # names of sockets are short
        try:
            server.bind("socket")
        finally:
            os.chdir(here)
        found = list_folder(tmp_path, Limits())
    assert [(one.path, type(one.error)) for one in found] == [
        ("pipe.jpg", UnsupportedError),
        ("socket", UnsupportedError),
    ]


def test_foreign_archives_say_what_to_do(tmp_path):
    (tmp_path / "photos.rar").write_bytes(b"Rar!\x1a\x07\x00" + bytes(50))
    (one,) = list_folder(tmp_path, Limits())
    assert isinstance(one.error, UnsupportedError)
    assert "Unpack it first" in str(one.error)
