import csv
import json
import math
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl.utils.escape import unescape

from tidymedia.errors import UsageError
from tidymedia.tables import export_xlsx
from tidymedia.tables.export import FORMATS, export
from tidymedia.tables.export_text import plain_value
from tidymedia.tables.summary import summarize

STORED = ["media", "items", "embeddings", "faces", "metadata", "pictures", "texts"]
NASTY = {
    "emoji": "👩‍👩‍👧 Grüße",
    "right_to_left": "\u202e\u05e9\u05dc\u05d5\u05dd\u202c \u0645\u0631\u062d\u0628\u0627",
    "newlines": "one\ntwo\r\nthree\tfour",
    "quotes": "She said \"no\", 'yes'; a,b|c",
    "formula": "=1+1",
    "plus": "+49 30 123",
    "at": "@user",
    "minus": "-5",
    "link": "https://example.org/a b",
    "long": "ä" * 40_000,
    "long_emoji": "😀" * 20_000,
    "control": "a\x00b\x07c\x1bd",
    "escape": "IMG_x0041_.jpg",
    "empty": "",
    "not_available": "NA",
    "null": "null",
    "missing": None,
    "digits": "00123456789012345678901234567890",
    "number": "1e5",
    "bool": "true",
    "spaces": "  both  ",
}


def places(tmp_path: Path, kind: str) -> Path:
    return tmp_path / (f"out.{kind}" if kind in {"xlsx", "duckdb"} else "out")


def give(study: Any, tmp_path: Path, kind: Any, **options: Any) -> list[Path]:
    return export(
        study.folder,
        places(tmp_path, kind),
        study.definitions,
        format=kind,
        extractors=study.extractors,
        **options,
    )


def read(files: list[Path], kind: str, name: str) -> list[dict[str, Any]]:
    """Read a table back, by another library than the one that wrote it where there is one."""
    if kind == "duckdb":
        with duckdb.connect(str(files[0]), read_only=True) as connection:
            table: list[dict[str, Any]] = connection.sql(f'FROM "{name}"').to_arrow_table().to_pylist()
            return table
    if kind == "xlsx":
        book = openpyxl.load_workbook(files[0], read_only=True)
        header, *rows = book[name].iter_rows(values_only=True)
        book.close()
        return [dict(zip(map(str, header), row, strict=True)) for row in rows]
    file = next(file for file in files if file.stem == name)
    if kind == "jsonl":
        return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    if kind == "parquet":
        with duckdb.connect() as connection:
            rows: list[dict[str, Any]] = connection.sql(f"FROM read_parquet('{file}')").to_arrow_table().to_pylist()
            return rows
    with file.open(encoding="utf-8-sig", newline="") as source:
        return list(csv.DictReader(source))


def as_written(value: Any, kind: str) -> Any:
    """Return a value of the study as the format holds it."""
    plain = plain_value(value)
    if kind == "csv":
        return "" if plain is None else str(plain).lower() if isinstance(plain, bool) else plain
    if kind == "xlsx":
        if isinstance(plain, list):
            return json.dumps(plain, separators=(",", ":"))
        return None if plain == "" else plain
    return plain


def same(read_value: Any, value: Any, kind: str) -> bool:
    if kind == "csv" and isinstance(value, list):
        return bool(json.loads(read_value) == value)
    if kind == "csv" and isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(read_value) == value and ("." in read_value or "e" in read_value or int(read_value) == value)
    return bool(read_value == value)


@pytest.mark.parametrize("kind", FORMATS)
def test_every_value_comes_back(study: Any, tmp_path: Path, kind: Any) -> None:
    files = give(study, tmp_path, kind)
    assert all(file.is_file() for file in files)
    for name in STORED:
        source = study.rows(name).to_pylist()
        back = read(files, kind, name)
        assert len(back) == len(source)
        for there, here in zip(back, source, strict=True):
            assert list(there) == list(here)
            for column, value in here.items():
                assert same(there[column], as_written(value, kind), kind), (name, column)
    assert [row["path"] for row in read(files, kind, "failures")][:2] == ["broken.jpg", "gone.jpg"]
    assert not list(tmp_path.rglob(".*part*"))


@pytest.mark.parametrize("kind", FORMATS)
def test_the_codebook_describes_the_columns_of_the_export(study: Any, tmp_path: Path, kind: Any) -> None:
    files = give(study, tmp_path, kind)
    book = read(files, "csv" if kind in {"jsonl", "parquet"} else kind, "codebook")
    for name in (*STORED, "status", "failures"):
        described = [row["column"] for row in book if row["table"] == name]
        assert described == list(read(files, kind, name)[0])


@pytest.mark.parametrize("kind", FORMATS)
def test_wide_is_the_summary(study: Any, tmp_path: Path, kind: Any) -> None:
    files = give(study, tmp_path, kind, wide=True)
    for name, unit in (("summary", "medium"), ("item_summary", "item")):
        frame = summarize(study.folder, study.definitions, unit, extractors=study.extractors)  # type: ignore[arg-type]
        back = read(files, kind, name)
        assert len(back) == len(frame)
        assert list(back[0]) == list(frame.columns)
        shown = [str(row["words"]).removesuffix(".0") if row["words"] not in (None, "") else None for row in back]
        assert shown == [None if pd.isna(value) else str(value) for value in frame["words"]]


@pytest.mark.parametrize("kind", FORMATS)
def test_nasty_cells(study: Any, tmp_path: Path, kind: Any) -> None:
    numbers = [2**62, -(2**53) - 1, None, 0]
    floats = [1.7976931348623157e308, 5e-324, float("inf"), float("nan"), 0.1, None]
    template = study.rows("texts").to_pylist()[0]
    rows = [
        {**template, "block": number, "text": text, "unit_id": name, "score": floats[number % 6]}
        for number, (name, text) in enumerate(NASTY.items())
    ]
    schema = study.rows("texts").schema.append(pa.field("big", pa.int64()))
    rows = [{**row, "big": numbers[n % 4]} for n, row in enumerate(rows)]
    pq.write_table(pa.Table.from_pylist(rows, schema), study.folder / "tables" / "texts.parquet")
    files = give(study, tmp_path, kind, tables=["texts"])
    back = {row["unit_id"]: row for row in read(files, kind, "texts")}
    assert list(back) == list(NASTY)
    for row in rows:
        there = back[row["unit_id"]]
        text = row["text"]
        if kind == "xlsx":
            check_excel(row["unit_id"], there["text"], text)
            assert there["big"] == (str(row["big"]) if abs(row["big"] or 0) > 10**15 else row["big"])
        elif kind == "csv":
            assert there["text"] == (text or "")
            assert there["big"] == ("" if row["big"] is None else str(row["big"]))
        else:
            assert there["text"] == text
            assert there["big"] == row["big"]
        score = row["score"]
        if score is not None and math.isfinite(score):
            assert float(there["score"]) == score
        elif kind == "jsonl" or score is None:
            assert there["score"] in (None, "")
        elif kind == "xlsx":
            assert there["score"] == ("inf" if math.isinf(score) else None)
        else:
            assert str(float(there["score"])) == str(score)
    if kind == "csv":
        raw = next(file for file in files if file.stem == "texts").read_text(encoding="utf-8")
        assert f'"missing",{rows[0]["picture"]},' in raw
        assert ',"",' in raw  # an empty text is quoted, a missing value is not


def check_excel(name: str, there: Any, text: str | None) -> None:
    if name == "long":
        assert there == "ä" * 32_766 + "…"
    elif name == "long_emoji":
        assert there == "😀" * 16_383 + "…"
    elif name == "control":
        assert there == "abcd"
    elif name == "newlines":
        assert there == "one\ntwo\nthree\tfour"
    else:
        # Excel reads _x0041_ as an A, so it is written with its underscore escaped; openpyxl does not undo it.
        assert unescape(there or "") == (text or "")
        assert there is None or isinstance(there, str)


def test_a_workbook_says_what_did_not_fit_and_holds_no_formula(study: Any, tmp_path: Path) -> None:
    template = study.rows("texts").to_pylist()[0]
    texts = ["=1+1", "x" * 40_000, "a\x00b", "fine"]
    rows = [{**template, "text": text} for text in texts]
    pq.write_table(pa.Table.from_pylist(rows, study.rows("texts").schema), study.folder / "tables" / "texts.parquet")
    (file,) = give(study, tmp_path, "xlsx")
    book = openpyxl.load_workbook(file)
    assert book.sheetnames[-2:] == ["codebook", "notes"]
    notes = list(book["notes"].iter_rows(min_row=2, values_only=True))
    assert notes == [
        ("texts", 3, "text", "Cut: the text has 40000 characters."),
        ("texts", 4, "text", "Control characters were removed."),
    ]
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet["A1"].font.bold
        assert not any(cell.value in ("nan", "None") for row in sheet.iter_rows() for cell in row)
    book.close()


def test_a_table_longer_than_a_sheet_goes_on(study: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_xlsx, "SHEET_ROWS", 3)
    (file,) = give(study, tmp_path, "xlsx", tables=["texts"])
    book = openpyxl.load_workbook(file, read_only=True)
    names = [name for name in book.sheetnames if name.startswith("texts")]
    assert names == ["texts", "texts_2", "texts_3"]
    back = [row[0] for name in names for row in book[name].iter_rows(min_row=2, values_only=True)]
    assert back == study.rows("texts")["path"].to_pylist()
    book.close()


def test_a_table_wider_than_a_sheet_is_refused(study: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_xlsx, "SHEET_COLUMNS", 5)
    with pytest.raises(UsageError, match=r"11 columns.*CSV or Parquet"):
        give(study, tmp_path, "xlsx", tables=["texts"])
    assert [path.name for path in tmp_path.iterdir()] == ["study"]


def test_first_copies_only(study: Any, tmp_path: Path) -> None:
    files = give(study, tmp_path, "csv", copies="first")
    assert {row["path"] for row in read(files, "csv", "texts")} == {"copy/a.jpg", "report.pdf"}
    media = read(files, "csv", "media")
    assert "photo, one.jpg" not in {row["path"] for row in media}
    assert {"broken.jpg", "gone.jpg"} <= {row["path"] for row in media}
    assert len(read(files, "csv", "items")) == study.rows("items").num_rows


def test_a_byte_order_mark_on_request(study: Any, tmp_path: Path) -> None:
    for file in give(study, tmp_path, "csv"):
        assert file.read_bytes()[:3] != b"\xef\xbb\xbf"
    for file in give(study, tmp_path, "csv", bom=True, overwrite=True):
        assert file.read_bytes()[:3] == b"\xef\xbb\xbf"
    assert pd.read_csv(tmp_path / "out" / "texts.csv")["text"].tolist() == study.rows("texts")["text"].to_pylist()


def test_parquet_keeps_the_types(study: Any, tmp_path: Path) -> None:
    give(study, tmp_path, "parquet")
    for name in STORED:
        assert pq.read_table(tmp_path / "out" / f"{name}.parquet").equals(study.rows(name))


def test_a_duckdb_file_explains_itself(study: Any, tmp_path: Path) -> None:
    (file,) = give(study, tmp_path, "duckdb")
    with duckdb.connect(str(file), read_only=True) as connection:
        said = connection.sql(
            "SELECT comment FROM duckdb_columns() WHERE table_name = 'texts' AND column_name = 'score'"
        )
        assert said.fetchall() == [("Mean score of its words.",)]
        assert connection.sql("SELECT count(*) FROM codebook WHERE \"table\" = 'texts'").fetchall()[0][0] == 11


def test_one_table_into_one_file(study: Any, tmp_path: Path) -> None:
    target = tmp_path / "new" / "texts.csv"
    assert export(study.folder, target, study.definitions, tables=["texts"]) == [target]
    assert len(pd.read_csv(target)) == study.rows("texts").num_rows
    with pytest.raises(UsageError, match="9 tables"):
        export(study.folder, tmp_path / "all.csv", study.definitions)


def test_nothing_is_replaced_unasked(study: Any, tmp_path: Path) -> None:
    give(study, tmp_path, "csv")
    before = (tmp_path / "out" / "texts.csv").read_bytes()
    (study.folder / "tables" / "texts.parquet").write_bytes((study.folder / "tables" / "faces.parquet").read_bytes())
    with pytest.raises(UsageError, match="already"):
        give(study, tmp_path, "csv")
    assert (tmp_path / "out" / "texts.csv").read_bytes() == before
    give(study, tmp_path, "csv", overwrite=True)
    assert (tmp_path / "out" / "texts.csv").read_bytes() != before


@pytest.mark.parametrize(
    "place", ["", "tables", "tables/texts.parquet", "mine", "export/../tables", "../study/derived"]
)
def test_nothing_is_written_into_the_study(study: Any, place: str) -> None:
    before = sorted(study.folder.rglob("*"))
    with pytest.raises(UsageError, match="lies in the study"):
        export(
            study.folder,
            study.folder / place,
            study.definitions,
            format="parquet",
            tables=["texts"],
            overwrite=True,
        )
    assert sorted(study.folder.rglob("*")) == before


def test_the_folder_export_of_a_study_is_free(study: Any) -> None:
    place = study.folder / "export" / "summary.csv"
    options: dict[str, Any] = {"wide": True, "extractors": study.extractors}
    assert export(study.folder, place, study.definitions, **options) == [place]
    assert len(pd.read_csv(place)) == 5  # items
    (study.folder / "items.parquet").unlink()
    export(study.folder, place, study.definitions, overwrite=True, **options)
    assert len(pd.read_csv(place)) == study.rows("media").num_rows


def test_a_link_to_the_study_is_seen_through(study: Any, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(study.folder)
    with pytest.raises(UsageError, match="lies in the study"):
        export(study.folder, tmp_path / "link" / "tables", study.definitions, format="parquet", overwrite=True)


def test_an_export_that_fails_leaves_nothing(study: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    give(study, tmp_path, "jsonl")
    before = {file: file.read_bytes() for file in (tmp_path / "out").iterdir()}

    def full(*_: object) -> None:
        raise OSError("The disk is full.")

    monkeypatch.setattr("tidymedia.tables.export_jsonl.as_json", full)
    with pytest.raises(OSError, match="full"):
        give(study, tmp_path, "jsonl", overwrite=True)
    assert {file: file.read_bytes() for file in (tmp_path / "out").iterdir()} == before


def test_what_does_not_exist_is_named(study: Any, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no table nose.*texts"):
        give(study, tmp_path, "csv", tables=["nose"])
    with pytest.raises(UsageError, match="no export format docx"):
        export(study.folder, tmp_path / "x", study.definitions, format="docx")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="takes no tables"):
        give(study, tmp_path, "csv", tables=["texts"], wide=True)


def test_a_users_column_of_any_type(study: Any, tmp_path: Path) -> None:
    items = study.rows("items")
    when = pd.Timestamp("2024-05-01T08:30:00.5")
    items = items.append_column("when", pa.array([when] * items.num_rows, pa.timestamp("us")))
    items = items.append_column("day", pa.array([when.date()] * items.num_rows))
    items = items.append_column("tags", pa.array([["a", "b,c"]] * items.num_rows))
    items = items.append_column("nothing", pa.nulls(items.num_rows))
    pq.write_table(items, study.folder / "items.parquet")
    for kind in FORMATS:
        row = read(give(study, tmp_path, kind, tables=["items"]), kind, "items")[0]
        assert not row["nothing"]
        if kind in {"csv", "xlsx", "jsonl"}:
            assert row["when"] == "2024-05-01T08:30:00.500000"
            assert row["day"] == "2024-05-01"
            assert (row["tags"] if kind == "jsonl" else json.loads(row["tags"])) == ["a", "b,c"]
        else:
            assert row["when"] == when
            assert row["tags"] == ["a", "b,c"]
        for file in (tmp_path / "out").glob("*"):
            file.unlink()
