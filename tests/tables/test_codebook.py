import csv
from typing import Any

import pytest

from tidymedia.tables.codebook import CODEBOOK_COLUMNS, codebook_frame, write_codebook
from tidymedia.tables.summary import summarize


def test_it_describes_exactly_the_columns_of_the_files(study: Any) -> None:
    frame = codebook_frame(study.folder, study.definitions, extractors=study.extractors)
    files = [*study.folder.glob("*.parquet"), *(study.folder / "tables").glob("*.parquet")]
    for file in files:
        assert frame.loc[frame["table"] == file.stem, "column"].tolist() == study.rows(file.stem).schema.names
    assert set(frame["table"]) == {file.stem for file in files} | {"summary", "item_summary"}
    for view, unit in (("summary", "medium"), ("item_summary", "item")):
        made = summarize(study.folder, study.definitions, unit, extractors=study.extractors)  # type: ignore[arg-type]
        assert frame.loc[frame["table"] == view, "column"].tolist() == list(made.columns)
    assert (frame["meaning"] != "").all()
    assert not frame["meaning"].str.contains("Not described").any()


def test_types_units_and_missing_values(study: Any) -> None:
    frame = codebook_frame(study.folder, study.definitions).set_index(["table", "column"])
    assert frame.loc[("pictures", "time_ms"), ["type", "unit", "missing"]].tolist() == ["integer", "ms", "no film"]
    assert frame.loc[("embeddings", "embedding"), "type"] == "vector"
    assert frame.loc[("items", "Likes"), "type"] == frame.loc[("item_summary", "Likes"), "type"] == "integer"
    assert "not analysed" in frame.loc[("summary", "faces"), "missing"]


def test_the_caveat_stands_beside_what_is_measured(study: Any) -> None:
    frame = codebook_frame(study.folder, study.definitions, extractors=study.extractors)
    with_caveat = frame[frame["caveat"] == "Weak on handwriting."]
    assert set(with_caveat["table"]) == {"texts"}
    assert with_caveat["column"].tolist() == ["text", "score", "lang"]
    assert set(with_caveat["citation"]) == {"Smith 2007"}


def test_a_table_that_nobody_knows_is_listed(study: Any) -> None:
    frame = codebook_frame(study.folder, [])
    texts = frame[frame["table"] == "texts"].set_index("column")
    assert texts.loc["score", "type"] == "number"
    assert "not known" in texts.loc["text", "meaning"]
    assert "SHA-256" in texts.loc["media_id", "meaning"]


def test_both_files_hold_the_same_columns(study: Any) -> None:
    files = write_codebook(study.folder, study.definitions, extractors=study.extractors)
    assert [file.name for file in files] == ["codebook.csv", "codebook.md"]
    with files[0].open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    assert tuple(rows[0]) == CODEBOOK_COLUMNS
    page = files[1].read_text(encoding="utf-8")
    assert page.count("\n| `") == len(rows)
    for row in rows:
        assert f"\n## {row['table']}\n" in page
    assert "*Mind:* Weak on handwriting." in page
    assert "a picture without text" in page
    assert not list(study.folder.glob(".*part*"))


def test_a_codebook_that_cannot_be_written_leaves_the_old_one(study: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    write_codebook(study.folder, study.definitions)
    before = (study.folder / "codebook.csv").read_bytes()
    monkeypatch.setattr("pathlib.Path.write_text", _full_disk)
    with pytest.raises(OSError, match="full"):
        write_codebook(study.folder, [])
    assert (study.folder / "codebook.csv").read_bytes() == before
    assert not list(study.folder.glob(".*part*"))


def _full_disk(*_: object, **__: object) -> int:
    raise OSError("The disk is full.")
