import os
import tarfile
import zipfile

import pytest

import archive_makers as makers
from tidymedia.errors import (
    BrokenFileError,
    EncryptedError,
    OutsideRootError,
    OverLimitError,
    UnreadableError,
    UnsupportedError,
)
from tidymedia.media import archive_reader
from tidymedia.media.folder import list_folder
from tidymedia.media.locations import ArchiveMember, LocalFile
from tidymedia.media.settings import Limits


@pytest.fixture(autouse=True)
def close():
    yield
    archive_reader.close_archives()


def listed(folder, **limits):
    return list_folder(folder, Limits(**limits))


def errors(found):
    return {one.path: type(one.error) for one in found if one.error is not None}


def content(one):
    with one.location.open() as stream:
        return stream.read()


def zip_of(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/") + ".jpg", data)


def test_members_stand_in_the_place_of_the_archive(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"a")
    (tmp_path / "z.jpg").write_bytes(b"z")
    zip_of(tmp_path / "m.zip", b__2=b"two", a=b"one")
    found = listed(tmp_path)
    assert [one.path for one in found] == ["a.jpg", "m.zip!/b/2.jpg", "m.zip!/a.jpg", "z.jpg"]
    assert content(found[1]) == b"two"
    assert found[1].bytes == 3
    assert found[1].etag is not None
    assert found[1].location.name == "m.zip!/b/2.jpg"


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_tar_files(tmp_path, mode):
    suffix = {"w": "tar", "w:gz": "tar.gz", "w:bz2": "tbz2", "w:xz": "tar.xz"}[mode]
    members = [
        ("photos", None),
        ("photos/1.jpg", b"one"),
        ("./2.jpg", b"two"),
        ("link.jpg", "2.jpg"),
        ("._x.jpg", b"x"),
    ]
    makers.tar_of(tmp_path / f"a.{suffix}", [*members, ("out.jpg", "../../etc/passwd")], mode)
    found = listed(tmp_path)
    assert [one.path for one in found] == [f"a.{suffix}!/{name}" for name in ("photos/1.jpg", "2.jpg", "out.jpg")]
    assert [content(one) for one in found[:2]] == [b"one", b"two"]
    assert isinstance(found[2].error, OutsideRootError)


def test_one_pass_over_a_compressed_tar_opens_it_once(tmp_path, monkeypatch):
    makers.tar_of(tmp_path / "a.tar.gz", [(f"{n}.jpg", str(n).encode() * 1000) for n in range(50)], "w:gz")
    found = listed(tmp_path)
    opened = []
    real = LocalFile.open
    monkeypatch.setattr(LocalFile, "open", lambda self: opened.append(self.path) or real(self))
    assert [content(one) for one in found] == [str(n).encode() * 1000 for n in range(50)]
    assert opened == ["a.tar.gz"]
    assert content(found[3]) == b"3" * 1000  # going back starts again
    assert opened == ["a.tar.gz"] * 2


def test_a_zip_is_opened_once_in_any_order(tmp_path, monkeypatch):
    zip_of(tmp_path / "a.zip", **{f"n{n}": str(n).encode() for n in range(20)})
    found = listed(tmp_path)
    opened = []
    real = LocalFile.open
    monkeypatch.setattr(LocalFile, "open", lambda self: opened.append(self.path) or real(self))
    assert [content(one) for one in reversed(found)] == [str(n).encode() for n in reversed(range(20))]
    assert opened == ["a.zip"]


def test_a_changed_archive_is_opened_again(tmp_path):
    zip_of(tmp_path / "a.zip", x=b"old")
    (one,) = listed(tmp_path)
    assert content(one) == b"old"
    zip_of(tmp_path / "a.zip", x=b"renewed")
    assert content(one) == b"renewed"
    zip_of(tmp_path / "a.zip", other=b"something else")
    with pytest.raises(UnreadableError, match="changed"):
        one.location.open()
    (tmp_path / "a.zip").unlink()
    with pytest.raises(UnreadableError, match="vanished"):
        one.location.open()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_child_process_does_not_share_the_open_archive(tmp_path):
    zip_of(tmp_path / "a.zip", x=b"x", y=b"y")
    found = listed(tmp_path)
    assert content(found[0]) == b"x"
    stream = archive_reader._last.stream
    before = archive_reader._last
    archive_reader._last.process -= 1  # as a forked child sees it
    assert content(found[1]) == b"y"
    assert archive_reader._last is not before
    assert not stream.closed
    stream.close()


def test_documents_that_are_zips_are_one_file(tmp_path):
    with zipfile.ZipFile(tmp_path / "thesis.docx", "w") as archive:
        archive.writestr("[Content_Types].xml", "")
        archive.writestr("word/media/image1.png", "")
    assert [one.path for one in listed(tmp_path)] == ["thesis.docx"]


def test_names_that_leave_the_archive(tmp_path):
    makers.escaping_zip(tmp_path / "a.zip")
    found = listed(tmp_path)
    assert errors(found) == {"a.zip!/../up.jpg": OutsideRootError, "a.zip!/a/../../up2.jpg": OutsideRootError}
    fine = {one.path: content(one) for one in found if one.error is None}
    assert list(fine) == ["a.zip!/absolute.jpg", "a.zip!/drive/1.jpg", "a.zip!/inside.jpg", "a.zip!/fine.jpg"]
    assert fine["a.zip!/inside.jpg"] == b"a/../inside.jpg"


def test_same_names_stay_apart(tmp_path):
    makers.doubled_zip(tmp_path / "a.zip")
    found = listed(tmp_path)
    assert [one.path for one in found] == ["a.zip!/same.jpg", "a.zip!/same.jpg#2", "a.zip!/same.jpg#3"]
    assert [content(one) for one in found] == [b"version 0", b"version 1", b"version 2"]
    makers.tar_of(tmp_path / "b.tar", [("same.jpg", b"1"), ("same.jpg", b"22")])
    assert [content(one) for one in listed(tmp_path)[3:]] == [b"1", b"22"]


def test_passwords(tmp_path):
    makers.encrypted_zip(tmp_path / "a.zip")
    found = listed(tmp_path)
    assert errors(found) == {"a.zip!/secret.jpg": EncryptedError}
    assert content(found[0]) == b"open"
    with pytest.raises(EncryptedError):
        found[1].location.open()


def test_bombs(tmp_path):
    makers.overlapping_zip(tmp_path / "a.zip")
    makers.squeezed_zip(tmp_path / "b.zip")
    found = listed(tmp_path)
    assert errors(found) == {"a.zip": OverLimitError, "b.zip!/huge.bmp": OverLimitError}
    assert content(found[2]) == b"fine"


def test_ordinary_zips_are_no_bombs(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(100):
            archive.writestr(f"{number}.bmp", bytes(100_000))
    assert errors(listed(tmp_path)) == {}


def test_limits(tmp_path):
    zip_of(tmp_path / "a.zip", x=b"x" * 100, y=b"y" * 10)
    assert errors(listed(tmp_path, member_bytes=50)) == {"a.zip!/x.jpg": OverLimitError}
    for limits in ({"archive_bytes": 100}, {"archive_members": 1}):
        found = listed(tmp_path, **limits)
        assert [one.path for one in found] == ["a.zip"]
        assert isinstance(found[0].error, OverLimitError)
    member = ArchiveMember(LocalFile(str(tmp_path), "a.zip"), "x.jpg", 0, 50)
    with pytest.raises(OverLimitError):
        member.open()


def test_tar_limits(tmp_path):
    makers.tar_of(tmp_path / "a.tar.gz", [("0.bmp", bytes(1000)), ("1.bmp", bytes(1000))], "w:gz")
    (one,) = listed(tmp_path, archive_bytes=1500)
    assert isinstance(one.error, OverLimitError)


def test_an_archive_in_an_archive(tmp_path):
    zip_of(tmp_path / "inner.zip", x=b"x")
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as archive:
        archive.write(tmp_path / "inner.zip", "deep/inner.zip")
    (tmp_path / "inner.zip").unlink()
    assert errors(listed(tmp_path)) == {"outer.zip!/deep/inner.zip": UnsupportedError}


def test_broken_archives_are_rows(tmp_path):
    zip_of(tmp_path / "whole.zip", x=os.urandom(5000))
    whole = (tmp_path / "whole.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[:3000])
    makers.tar_of(tmp_path / "t.tar.gz", [("1.jpg", os.urandom(5000)), ("2.jpg", os.urandom(90_000))], "w:gz")
    packed = (tmp_path / "t.tar.gz").read_bytes()
    (tmp_path / "t.tar.gz").write_bytes(packed[:50_000])
    found = listed(tmp_path)
    assert errors(found) == {"cut.zip": BrokenFileError, "t.tar.gz": BrokenFileError}
    assert "t.tar.gz!/1.jpg" in [one.path for one in found]


def test_damaged_members(tmp_path):
    makers.lying_zip(tmp_path / "a.zip")
    (one,) = listed(tmp_path)
    with pytest.raises(BrokenFileError, match=r"a\.zip!/1\.jpg is damaged"):
        one.location.open()


def test_an_empty_archive_is_one_file(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w"):
        pass
    with tarfile.open(tmp_path / "b.tar", "w"):
        pass
    assert [one.path for one in listed(tmp_path)] == ["a.zip", "b.tar"]


def test_non_latin_names(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("фото/日本.jpg", b"x")
    (one,) = listed(tmp_path)
    assert one.path == "a.zip!/фото/日本.jpg"
    assert content(one) == b"x"
