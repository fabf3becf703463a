import hashlib

import pytest
from PIL import Image

from tidymedia.errors import BrokenFileError, EmptyFileError, MediumError, OverLimitError, UnreadableError
from tidymedia.media.found import Found
from tidymedia.media.identify import identify
from tidymedia.media.kinds import Kind
from tidymedia.media.locations import LocalFile
from tidymedia.media.settings import Limits


def found(folder, name, content=None):
    if content is not None:
        (folder / name).write_bytes(content)
    return Found(name, LocalFile(str(folder), name))


def test_hash_kind_and_size(tmp_path):
    Image.new("RGB", (8, 8)).save(tmp_path / "photo.png")
    content = (tmp_path / "photo.png").read_bytes()
    identity = identify(found(tmp_path, "photo.png"), Limits())
    assert identity.media_id == hashlib.sha256(content).hexdigest()
    assert (identity.kind, identity.bytes) == (Kind.IMAGE, len(content))


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, 3_000_001])
def test_every_byte_counts(tmp_path, size):
    content = (b"0123456789abcde" * (size // 15 + 1))[:size]
    ticks = []
    identity = identify(found(tmp_path, "data.bin", content), Limits(), lambda: ticks.append(1))
    assert identity.media_id == hashlib.sha256(content).hexdigest()
    assert identity.bytes == size
    assert bool(ticks) == (size > 65_536)


def test_the_content_outvotes_the_name(tmp_path):
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    (tmp_path / "a.png").rename(tmp_path / "scan.pdf")
    assert identify(found(tmp_path, "scan.pdf"), Limits()).kind is Kind.IMAGE


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("photo.jpg", b"<!DOCTYPE html><title>404</title>", "it is an image, but it is an HTML page."),
        ("talk.mp3", b'{"detail": "expired"}', "it is a recording, but it is JSON text."),
        ("film.mp4", bytes(5000), "it is a film, but it is nothing but zero bytes."),
        ("scan.pdf", b"\x80\x01\x02\x03 garbage", "it is a PDF, but its content is of no known format."),
        ("photo.png", b"version https://git-lfs.github.com/spec/v1\n", "Fetch it with: git lfs pull."),
        ("photo.JPG", b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", "but it is XML text."),
    ],
)
def test_a_name_that_claims_too_much(tmp_path, name, content, says):
    with pytest.raises(BrokenFileError) as caught:
        identify(found(tmp_path, name, content), Limits())
    assert str(caught.value).startswith(f"{name} says by its name")
    assert says in str(caught.value)
    assert caught.value.remedy


def test_a_name_that_claims_nothing(tmp_path):
    assert identify(found(tmp_path, "README.md", b"# Notes"), Limits()).kind is Kind.OTHER


def test_refusals(tmp_path):
    with pytest.raises(EmptyFileError):
        identify(found(tmp_path, "a.jpg", b""), Limits())
    with pytest.raises(OverLimitError, match="file_bytes"):
        identify(found(tmp_path, "b.jpg", bytes(200_000)), Limits(file_bytes=100_000))
    with pytest.raises(UnreadableError, match="vanished"):
        identify(found(tmp_path, "gone.jpg"), Limits())
    listed = MediumError("dead")
    with pytest.raises(MediumError) as caught:
        identify(Found("x", LocalFile("/", "x"), error=listed), Limits())
    assert caught.value is listed
