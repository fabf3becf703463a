import os
import tracemalloc
import zipfile

import fsspec
import pandas as pd
import pytest

from tidymedia.errors import BrokenFileError, OutsideRootError, UnreadableError, UsageError
from tidymedia.media.archive_reader import close_archives
from tidymedia.media.finding import Root, find_media, make_roots


def put(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def paths(roots):
    return [one.path for one in find_media(roots).found]


def test_a_folder_has_no_prefix_and_further_ones_do(tmp_path):
    put(tmp_path, "a/photos/1.jpg", "b/photos/1.jpg", "c/photos/1.jpg")
    roots = make_roots([tmp_path / name / "photos" for name in "abc"])
    assert [root.prefix for root in roots] == ["", "photos", "photos_2"]
    assert paths(roots) == ["1.jpg", "photos/1.jpg", "photos_2/1.jpg"]


def test_a_prefix_that_is_a_folder_of_the_first_root_does_not_collide(tmp_path):
    put(tmp_path, "a/b/1.jpg", "b/1.jpg")
    found = find_media(make_roots([tmp_path / "a", tmp_path / "b"])).found
    assert [one.path for one in found] == ["b/1.jpg", "b/1.jpg#2"]
    assert found[0].location != found[1].location


def test_loose_files_are_one_root(tmp_path, monkeypatch):
    put(tmp_path, "a/1.jpg", "b/2.jpg", "3.jpg")
    monkeypatch.chdir(tmp_path)
    (root,) = make_roots(["b/2.jpg", "a/1.jpg", "a/1.jpg", "3.jpg"])
    assert root == Root(str(tmp_path), "", "files", ("3.jpg", "a/1.jpg", "b/2.jpg"))
    assert paths([root]) == ["3.jpg", "a/1.jpg", "b/2.jpg"]
    (tmp_path / "3.jpg").unlink()
    (gone, *_) = find_media([root]).found
    assert (gone.path, type(gone.error)) == ("3.jpg", UnreadableError)


def test_existing_roots_come_first_and_none_twice(tmp_path):
    put(tmp_path, "a/1.jpg", "b/2.jpg")
    first = make_roots([tmp_path / "a"])
    both = make_roots([tmp_path / "b", tmp_path / "a"], existing=first)
    assert [root.prefix for root in both] == ["", "b"]
    assert make_roots([tmp_path / "b"], existing=both) == both


def test_archives_and_addresses(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("1.jpg", b"x")
    put(tmp_path, "folder/1.jpg")
    system = fsspec.filesystem("memory")
    system.pipe("/finding/posts/1.jpg", b"x")
    try:
        roots = make_roots([tmp_path / "a.zip", "memory://finding/posts", (tmp_path / "folder").as_uri()])
        assert [root.kind for root in roots] == ["archive", "url", "folder"]
        assert paths(roots) == ["a.zip!/1.jpg", "posts/1.jpg", "folder/1.jpg"]
    finally:
        system.rm("/finding", recursive=True)


def test_an_archive_at_an_address(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("x/1.jpg", b"bytes")
    system = fsspec.filesystem("memory")
    system.pipe("/finding/a.zip", (tmp_path / "a.zip").read_bytes())
    system.pipe("/finding/b.zip", b"PK\x03\x04 and no more")
    try:
        found = find_media(make_roots(["memory://finding"])).found
        assert [one.path for one in found] == ["a.zip!/x/1.jpg", "b.zip"]
        assert isinstance(found[1].error, BrokenFileError)
        with found[0].location.open() as stream:
            assert stream.read() == b"bytes"
    finally:
        close_archives()
        system.rm("/finding", recursive=True)


def test_many_files_need_little_memory(tmp_path):
    put(tmp_path, *(f"folder_{number % 7}/photo_{number:05}.jpg" for number in range(3_000)))
    roots = make_roots([tmp_path])
    find_media(roots)
    tracemalloc.start()
    try:
        found = find_media(roots).found
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(found) == 3_000
    assert held / len(found) < 400


def test_a_table_of_posts(tmp_path):
    put(tmp_path, "1.jpg", "other/2.jpg")
    pd.DataFrame({"image": ["1.jpg", "gone.jpg", None], "n": [1, 2, 3]}).to_csv(tmp_path / "posts.csv", index=False)
    roots = make_roots([tmp_path / "other", tmp_path / "posts.csv"], path_column="image")
    media = find_media(roots)
    assert [one.path for one in media.found] == ["2.jpg", "posts.csv/1.jpg", "posts.csv/gone.jpg"]
    assert media.items is not None
    assert list(media.items["path"][:2]) == ["posts.csv/1.jpg", "posts.csv/gone.jpg"]
    assert media.items["path"].isna()[2]
    assert list(media.items["n"]) == [1, 2, 3]


def test_items_of_two_tables_are_counted_on(tmp_path):
    put(tmp_path, "1.jpg")
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("image,n\n1.jpg,1\n1.jpg,2\n", encoding="utf-8")
    media = find_media(make_roots([tmp_path / "a.csv", tmp_path / "b.csv"], path_column="image"))
    assert list(media.items["item_id"]) == [0, 1, 2, 3]
    assert list(media.items["path"]) == ["1.jpg", "1.jpg", "b.csv/1.jpg", "b.csv/1.jpg"]


def test_roots_are_written_and_read_again(tmp_path):
    for root in (
        Root("/data"),
        Root("/data", "x", "files", ("1.jpg",)),
        Root("/posts.csv", "", "table", path_column="image", url_column="u"),
        Root("/data", follow_outside=True),
    ):
        assert Root.from_dict(root.to_dict()) == root
    with pytest.raises(UsageError, match=r"study\.toml"):
        Root.from_dict({"place": "/data"})


def test_refusals(tmp_path):
    put(tmp_path, "1.jpg")
    with pytest.raises(UsageError, match="no file or folder"):
        make_roots([tmp_path / "gone"])
    with pytest.raises(UsageError, match="no table of posts"):
        make_roots([tmp_path / "1.jpg"], path_column="image")
    with pytest.raises(UsageError, match="not there any more"):
        find_media([Root(str(tmp_path / "gone"))])


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_links_may_lead_out_where_the_root_says_so(tmp_path):
    put(tmp_path, "root/1.jpg", "out/2.jpg")
    (tmp_path / "root" / "2.jpg").symlink_to("../out/2.jpg")
    (root,) = make_roots([tmp_path / "root"])
    assert isinstance(find_media([root]).found[1].error, OutsideRootError)
    follows = Root.from_dict(root.to_dict() | {"follow_outside": True})
    assert find_media([follows]).found[1].error is None
