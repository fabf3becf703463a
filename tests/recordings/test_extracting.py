"""One file through one extractor, without a study."""

from pathlib import Path

import pytest

from tidymedia.errors import BrokenFileError, EmptyFileError, UsageError
from tidymedia.recordings.extracting import extracted
from tidymedia.study import Study

MEDIA = Path(__file__).resolve().parents[2] / "examples" / "media"
FILM = MEDIA / "films" / "rabbit.mp4"


def test_the_rows_are_those_of_a_study(tmp_path):
    table = extracted(FILM, "metadata", function="tm.metadata")["metadata"]
    study = Study(tmp_path / "study", [FILM]).analyze(["metadata"]).table("metadata")
    assert len(table) == 1
    for name in table.columns:
        assert str(table[name].iloc[0]) == str(study[name].iloc[0]), name
    assert not {"media_id", "unit_id", "extractor", "fingerprint", "path"} & set(table.columns)


def test_where_a_recording_may_be():
    with FILM.open("rb") as stream:
        for source in (str(FILM), FILM, FILM.read_bytes(), stream):
            table = extracted(source, "metadata", function="tm.metadata")["metadata"]
            assert table["duration_ms"].iloc[0] > 5000


def test_what_is_no_recording(tmp_path):
    empty = tmp_path / "empty.mp3"
    empty.touch()
    with pytest.raises(EmptyFileError, match=r"empty\.mp3 is empty"):
        extracted(empty, "metadata", function="tm.metadata")
    with pytest.raises(BrokenFileError, match="is no film or recording"):
        extracted(b"some words, and nothing else", "metadata", function="tm.metadata")
    with pytest.raises(UsageError, match="is no recording"):
        extracted(3, "metadata", function="tm.metadata")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="looks at pictures"):
        extracted(FILM, "faces", function="tm.faces")
