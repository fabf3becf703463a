from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from scripted_study import scripted_study, segments
from tidymedia.errors import UsageError
from tidymedia.tables.documents import documents


def test_one_text_a_file(study: Any) -> None:
    frame = documents(study.folder)
    assert list(frame.columns) == ["doc_id", "path", "lang", "text"]
    assert frame["doc_id"].tolist() == ["copy/a.jpg", "photo, one.jpg", "report.pdf"]
    assert frame["text"].tolist() == ["Vote for\n\nus", "Vote for\n\nus", "Erste Seite\n\nThird page"]
    assert frame["lang"].tolist() == ["en", "en", "mul"]
    assert documents(study.folder, copies="first")["path"].tolist() == ["copy/a.jpg", "report.pdf"]


def test_without_text_is_empty_where_it_was_looked_for_and_else_missing(study: Any) -> None:
    frame = documents(study.folder, keep_empty=True).set_index("path")
    assert len(frame) == study.rows("media").num_rows
    assert frame.loc["empty.png", "text"] == ""
    for path in ("broken.jpg", "gone.jpg", "film.mp4"):
        assert pd.isna(frame.loc[path, "text"])


def test_one_text_a_picture(study: Any) -> None:
    frame = documents(study.folder, "picture", copies="first")
    assert list(frame.columns) == ["doc_id", "path", "picture", "time_ms", "lang", "text"]
    assert frame["doc_id"].tolist() == ["copy/a.jpg:p0", "report.pdf:p0", "report.pdf:p2"]
    assert frame["lang"].tolist() == ["en", "de", "en"]
    every = documents(study.folder, "picture", keep_empty=True)
    assert len(every) == study.rows("pictures").num_rows
    assert every["doc_id"].is_unique
    assert every.set_index("doc_id").loc["film.mp4:p1", "time_ms"] == 5000


@pytest.mark.parametrize("keep_empty", [False, True])
def test_no_text_is_lost_where_pictures_were_not_listed(study: Any, keep_empty: bool) -> None:
    pictures = study.rows("pictures")
    pq.write_table(pictures.slice(0, 1), study.folder / "tables" / "pictures.parquet")
    texts = documents(study.folder, "picture", keep_empty=keep_empty)["text"].tolist()
    assert "Third page" in texts
    (study.folder / "tables" / "pictures.parquet").unlink()
    assert "Third page" in documents(study.folder, "picture", keep_empty=keep_empty)["text"].tolist()


def test_what_was_said(study: Any) -> None:
    with pytest.raises(UsageError, match="no text by segment"):
        documents(study.folder, "segment")
    rows = [
        {"path": "film.mp4", "segment": n, "start_ms": 100 * n, "text": text, "lang": "en", "extractor": "transcripts"}
        for n, text in enumerate(["Good evening.", " ", "Good night."])
    ]
    pq.write_table(pa.Table.from_pylist(rows), study.folder / "tables" / "transcripts.parquet")
    frame = documents(study.folder, "segment")
    assert frame["doc_id"].tolist() == ["film.mp4:g0", "film.mp4:g2"]
    assert frame["time_ms"].tolist() == [0, 200]
    whole = documents(study.folder).set_index("path")
    assert whole.loc["film.mp4", "text"] == "Good evening.\n\nGood night."


def test_transcripts_of_a_study_are_documents(tmp_path: Path) -> None:
    said = segments((0, 900, "Good evening."), (1_500, 2_000, "Guten Abend."))
    said[1]["lang"] = "de"
    shown = [{"picture": 0, "block": 0, "text": "News at eight", "score": 0.9}]
    study = scripted_study(tmp_path, {"a.wav": {"transcripts": said, "texts": shown}, "b.wav": {}})
    whole = study.documents(keep_empty=True).set_index("path")
    assert whole.loc["a.wav", ["lang", "text"]].tolist() == ["mul", "News at eight\n\nGood evening.\n\nGuten Abend."]
    by_segment = study.documents("segment")
    assert by_segment.drop(columns="path").values.tolist() == [
        ["a.wav:g0", 0, 0, "en", "Good evening."],
        ["a.wav:g1", 1, 1_500, "de", "Guten Abend."],
    ]


def test_flagged_segments_can_be_left_out(tmp_path: Path) -> None:
    said = [
        *segments((0, 900, "Good evening.")),
        *segments((950, 1_500, "Thanks for watching"), flags="silence,phantom"),
    ]
    study = scripted_study(tmp_path, {"a.wav": {"transcripts": said}})
    assert study.documents()["text"].tolist() == ["Good evening.\n\nThanks for watching"]
    assert study.documents(without_flags="phantom")["text"].tolist() == ["Good evening."]
    assert len(study.documents("segment", without_flags=["fast"])) == 2
    with pytest.raises(UsageError, match="no flag 'phantoms'"):
        study.documents(without_flags=["phantoms"])


def test_an_unknown_unit(study: Any) -> None:
    with pytest.raises(UsageError, match="no unit page"):
        documents(study.folder, "page")  # type: ignore[arg-type]
