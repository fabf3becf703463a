from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tidymedia.errors import StudyError, UsageError
from tidymedia.tables import Column, Summary, Table
from tidymedia.tables.summary import summarize


def summary(study: Any, unit: Any = "medium") -> pd.DataFrame:
    frame = summarize(study.folder, study.definitions, unit, extractors=study.extractors)
    return frame.set_index("path" if unit == "medium" else "item_id")


def test_one_row_a_file_in_order(study: Any) -> None:
    frame = summarize(study.folder, study.definitions, extractors=study.extractors)
    assert list(frame.columns[:5]) == ["path", "kind", "bytes", "status", "problems"]
    assert frame["path"].tolist() == study.rows("media")["path"].to_pylist()
    assert frame["faces"].dtype == "Int64"
    assert len({name.casefold() for name in frame.columns}) == len(frame.columns)


def test_nothing_found_is_0_and_nobody_looked_is_missing(study: Any) -> None:
    frame = summary(study)
    assert frame.loc["empty.png", "faces"] == 0
    assert frame.loc["empty.png", "words"] == 0
    assert frame.loc["copy/a.jpg", "faces"] == 2
    for path in ("report.pdf", "broken.jpg", "gone.jpg"):
        assert pd.isna(frame.loc[path, "faces"])
    assert pd.isna(frame.loc["film.mp4", "words"])


def test_the_overall_word_and_the_problems(study: Any) -> None:
    frame = summary(study)
    assert frame["status"].to_dict() == {
        "broken.jpg": "failed",
        "copy/a.jpg": "ok",
        "empty.png": "ok",
        "film.mp4": "partial",
        "gone.jpg": "missing",
        "photo, one.jpg": "ok",
        "report.pdf": "partial",
    }
    assert frame.loc["report.pdf", "problems"] == "faces: It crashed. ocr, picture 1: Page 2 is broken."
    assert frame.loc["film.mp4", "problems"] == "ocr: skipped (over_limit)."
    assert pd.isna(frame.loc["copy/a.jpg", "problems"])


def test_text_is_joined_in_reading_order(study: Any) -> None:
    frame = summary(study)
    assert frame.loc["report.pdf", "text"] == "Erste Seite\n\nThird page"
    assert frame.loc["report.pdf", "text_pictures"] == 2


def test_one_row_an_item_with_the_users_own_columns(study: Any) -> None:
    frame = summary(study, "item")
    assert frame.index.tolist() == ["10", "9", "7", "6", "5"]
    assert list(frame.columns[:6]) == ["Likes", "status", "media", "path", "media_status", "problems"]
    assert frame["status"].tolist() == ["public", "private", "public", "public", "public"]
    assert frame["Likes"].tolist()[0] == 5
    assert frame["media"].tolist() == [2, 1, 0, 2, 1]


def test_an_item_is_summarised_over_the_rows_of_its_media(study: Any) -> None:
    frame = summary(study, "item")
    assert frame.loc["10", "faces"] == 3
    assert frame.loc["10", "face_score"] == pytest.approx((0.5 + 0.5 + 1.0) / 3)
    assert frame.loc["10", "format"] == "MP4"  # of the first medium, though JPEG comes before it in the table
    assert frame.loc["10", "media_status"] == "partial"
    assert frame.loc["6", "media_status"] == "ok"
    assert frame.loc["6", "text_pictures"] == 1
    assert pd.isna(frame.loc["7", "faces"])
    assert frame.loc["5", "media_status"] == "missing"


def test_pictures_of_two_media_are_two_pictures_in_the_order_of_the_media(study: Any) -> None:
    items = study.rows("items").to_pylist()
    rows = [{**items[0], "path": path, "position": place} for place, path in enumerate(["report.pdf", "copy/a.jpg"])]
    pq.write_table(pa.Table.from_pylist(rows, study.rows("items").schema), study.folder / "items.parquet")
    frame = summary(study, "item")
    assert frame.loc["10", "text_pictures"] == 3
    assert frame.loc["10", "text"] == "Erste Seite\n\nThird page\n\nVote for\n\nus"


def test_many_problems_are_counted(study: Any) -> None:
    failures = study.rows("failures").to_pylist()[:1]
    rows = [{**failures[0], "picture": n, "error_message": f"Page {n} is broken."} for n in range(12)]
    pq.write_table(pa.Table.from_pylist(rows, study.rows("failures").schema), study.folder / "failures.parquet")
    problems = summary(study).loc["report.pdf", "problems"]
    assert problems.startswith("ocr, picture 0: Page 0 is broken. ocr, picture 1:")
    assert problems.endswith("picture 4: Page 4 is broken. And 7 more.")


def test_an_extractor_that_found_nothing_anywhere_has_its_columns(study: Any) -> None:
    (study.folder / "tables" / "faces.parquet").unlink()
    frame = summary(study)
    assert frame.loc["empty.png", "faces"] == 0
    assert pd.isna(frame.loc["report.pdf", "faces"])
    without = summarize(study.folder, study.definitions)
    assert "faces" not in without.columns


def test_a_summary_that_does_not_fit_the_rows(study: Any) -> None:
    wrong = Table("texts", (), (), "One text.", (Summary(Column("x", "integer", "X."), "sum(no_such_column)"),))
    with pytest.raises(StudyError, match="no_such_column"):
        summarize(study.folder, [wrong])


def test_items_are_asked_for_and_there_are_none(study: Any) -> None:
    (study.folder / "items.parquet").unlink()
    with pytest.raises(UsageError, match="no items"):
        summarize(study.folder, study.definitions, "item")
    with pytest.raises(UsageError, match="no unit face"):
        summarize(Path(study.folder), study.definitions, "face")  # type: ignore[arg-type]
