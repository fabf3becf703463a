import json
import sys

import pandas as pd
import pytest

from tidymedia.errors import OutsideRootError, UnavailableError, UnreadableError, UsageError
from tidymedia.media.items import read_items
from tidymedia.media.locations import RemoteFile


@pytest.fixture
def media(tmp_path):
    for name in ("1.jpg", "2.jpg", "sub/3.jpg", "a;b.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    (tmp_path.parent / "outside.jpg").write_bytes(b"secret")
    return tmp_path


def csv(folder, text, encoding="utf-8"):
    path = folder / "posts.csv"
    path.write_bytes(text.encode(encoding))
    return path


def table(items):
    return [
        (
            int(row.item_id),
            None if pd.isna(row.position) else int(row.position),
            None if pd.isna(row.path) else row.path,
        )
        for row in items.frame.itertuples()
    ]


def test_several_media_a_cell(media):
    cells = [
        "1.jpg",
        "1.jpg; 2.jpg",
        "2.jpg|sub/3.jpg",
        json.dumps(["sub/3.jpg", "1.jpg"]),
        "a;b.jpg",
        "",
        "./sub/../2.jpg",
    ]
    path = media / "posts.csv"
    pd.DataFrame({"image": cells, "likes": range(7)}).to_csv(path, index=False)
    items = read_items(path, path_column="image")
    assert table(items) == [
        (0, 0, "1.jpg"),
        (1, 0, "1.jpg"),
        (1, 1, "2.jpg"),
        (2, 0, "2.jpg"),
        (2, 1, "sub/3.jpg"),
        (3, 0, "sub/3.jpg"),
        (3, 1, "1.jpg"),
        (4, 0, "a;b.jpg"),
        (5, None, None),
        (6, 0, "2.jpg"),
    ]
    assert list(items.frame["likes"]) == [0, 1, 1, 2, 2, 3, 3, 4, 5, 6]
    assert [one.path for one in items.found] == ["1.jpg", "2.jpg", "sub/3.jpg", "a;b.jpg"]
    assert all(one.error is None and one.bytes for one in items.found)


def test_what_is_not_there_or_not_allowed_is_a_row(media):
    absolute, inside = media.parent / "outside.jpg", media / "1.jpg"
    path = csv(media, f"image\ngone.jpg\n../outside.jpg\n{absolute}\n{inside}\nsub\nhttps://e.org/1.jpg\n.\n")
    items = read_items(path, path_column="image")
    errors = {one.path: type(one.error) for one in items.found}
    assert errors == {
        "gone.jpg": UnreadableError,
        "../outside.jpg": OutsideRootError,
        str(absolute): OutsideRootError,
        "1.jpg": type(None),
        "sub": UnreadableError,
        "https://e.org/1.jpg": UnreadableError,
        ".": OutsideRootError,
    }
    assert len(items.frame) == 7
    assert "named by the table and does not exist" in str(items.found[0].error)


def test_addresses(media):
    cells = [
        "https://e.org/1.jpg?id=1",
        "https://e.org/1.jpg?id=2, https://e.org/1.jpg?id=1",
        "http://e.org/1.jpg?id=1",
        "file:///etc/passwd",
        "https://e.org/a;b|c.jpg",
        "memory://bucket/1.jpg|memory://x/2.jpg",
        "/etc/passwd",
    ]
    path = media / "posts.csv"
    pd.DataFrame({"link": cells}).to_csv(path, index=False)
    items = read_items(path, url_column="link")
    refused = [one.path for one in items.found if isinstance(one.error, OutsideRootError)]
    assert refused == ["file:///etc/passwd", "/etc/passwd"]
    assert table(items)[:4] == [
        (0, 0, "e.org/1.jpg?id=1"),
        (1, 0, "e.org/1.jpg?id=2"),
        (1, 1, "e.org/1.jpg?id=1"),
        (2, 0, "e.org/1.jpg?id=1#2"),
    ]
    assert [one.path for one in items.found][4:7] == ["e.org/a;b|c.jpg", "bucket/1.jpg", "x/2.jpg"]
    assert items.found[0].location == RemoteFile("https://e.org/1.jpg?id=1")


def test_a_driver_that_is_not_installed_is_told_before_the_run(media, monkeypatch):
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(UnavailableError, match="pip install s3fs"):
        read_items(csv(media, "u\ns3://bucket/1.jpg\n"), url_column="u")


def test_paths_and_addresses_together(media):
    items = read_items(csv(media, "f,u\n1.jpg,https://e.org/2.jpg\n,\n"), path_column="f", url_column="u")
    assert table(items) == [(0, 0, "1.jpg"), (0, 1, "e.org/2.jpg"), (1, None, None)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_dialects(media, delimiter, encoding):
    notices = []
    text = f'image{delimiter}text\r\n1.jpg{delimiter}"Größe, é; {delimiter} und\nmehr"\r\n2.jpg{delimiter}x\r\n'
    items = read_items(csv(media, text, encoding), path_column="image", notify=notices.append)
    assert list(items.frame.columns) == ["item_id", "position", "path", "image", "text"]
    assert items.frame["text"][0] == f"Größe, é; {delimiter} und\nmehr"
    assert bool(notices) == (encoding == "cp1252")


def test_values_keep_what_they_are(media):
    text = "image,zip,n,share,note\n1.jpg,01234,5,0.5,NA\n2.jpg,99999,,1.25,null\n"
    frame = read_items(csv(media, text), path_column="image").frame
    assert list(frame["zip"]) == ["01234", "99999"]
    assert frame["n"].dtype == "Int64"
    assert list(frame["share"]) == [0.5, 1.25]
    assert list(frame["note"]) == ["NA", "null"]


def test_own_column_names_are_kept_under_another(media):
    text = "path,item_id,position,media_id,user_path\n1.jpg,a,b,c,d\n"
    items = read_items(csv(media, text), path_column="path")
    expected = [
        "item_id",
        "position",
        "path",
        "user_path_",
        "user_item_id",
        "user_position",
        "user_media_id",
        "user_path",
    ]
    assert list(items.frame.columns) == expected
    assert table(items) == [(0, 0, "1.jpg")]


def test_excel_and_parquet(media):
    frame = pd.DataFrame({"image": ["1.jpg", None, "2.jpg;sub/3.jpg"], "n": [1, 2, 3]})
    frame.to_excel(media / "posts.xlsx", index=False)
    lists = frame.assign(image=[["1.jpg"], None, ["2.jpg", "sub/3.jpg"]])
    lists.to_parquet(media / "posts.parquet")
    expected = [(0, 0, "1.jpg"), (1, None, None), (2, 0, "2.jpg"), (2, 1, "sub/3.jpg")]
    for name in ("posts.xlsx", "posts.parquet"):
        items = read_items(media / name, path_column="image")
        assert table(items) == expected, name
        assert list(items.frame["n"]) == [1, 2, 3, 3]


def test_another_root(media):
    (media / "tables").mkdir()
    path = csv(media / "tables", "image\n1.jpg\n")
    assert read_items(path, path_column="image", root=media).found[0].error is None
    assert read_items(path, path_column="image").found[0].error is not None


def test_which_column(media):
    path = csv(media, "post,Image,likes\n1,1.jpg,3\n")
    with pytest.raises(UsageError) as caught:
        read_items(path)
    assert "post, Image, likes" in str(caught.value)
    assert "--path-column Image" in str(caught.value)
    with pytest.raises(UsageError, match=r"no column photo\. It has: post, Image, likes"):
        read_items(path, path_column="photo")


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", b""), ("a.xlsx", b"no"), ("a.parquet", b"no"), ("a.doc", b"x"), ("a.csv", b"image\n1,2\n")],
)
def test_tables_that_cannot_be_read(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError) as caught:
        read_items(tmp_path / name, path_column="image")
    assert name in str(caught.value)


def test_no_table(tmp_path):
    with pytest.raises(UsageError, match="no table"):
        read_items(tmp_path / "a.csv", path_column="image")


def test_an_archive_in_a_cell_gives_its_members(media):
    import zipfile

    with zipfile.ZipFile(media / "post.zip", "w") as archive:
        archive.writestr("x.jpg", b"x")
        archive.writestr("y.jpg", b"y")
    items = read_items(csv(media, "image\npost.zip\n"), path_column="image")
    assert table(items) == [(0, 0, "post.zip!/x.jpg"), (0, 1, "post.zip!/y.jpg")]
