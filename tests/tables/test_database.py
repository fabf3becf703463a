import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tidymedia.errors import StudyError, UsageError
from tidymedia.tables.database import open_database, query


def test_every_table_is_there_by_its_name(study: Any) -> None:
    answer = query(study.folder, "SHOW TABLES", study.definitions)
    assert {"media", "items", "status", "failures", "texts", "faces", "summary", "item_summary"} <= set(answer["name"])
    assert not [name for name in answer["name"] if name.startswith("stored")]
    for name in ("media", "items", "texts", "embeddings"):
        rows = query(study.folder, f"FROM {name}")
        assert list(rows.columns) == study.rows(name).schema.names
        assert len(rows) == study.rows(name).num_rows


def test_whole_numbers_stay_whole(study: Any) -> None:
    answer = query(study.folder, "SELECT page, sum(picture) AS total FROM pictures GROUP BY page ORDER BY page")
    assert answer["page"].dtype == "Int64"
    assert answer["total"].dtype == "Int64"
    assert answer["total"].tolist() == [0, 1, 2, 1]


def test_failures_name_the_files_and_those_that_no_extractor_saw(study: Any) -> None:
    failures = query(study.folder, "FROM failures")
    assert failures["path"].tolist() == ["broken.jpg", "gone.jpg", "report.pdf", "report.pdf"]
    assert failures["extractor"].isna().tolist() == [True, True, False, False]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('{outside}')",
        "SELECT * FROM '{outside}'",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM read_parquet('{folder}/media.parquet')",
        "SELECT * FROM read_parquet('study://../secret')",
        "COPY media TO '{written}'",
        "COPY (SELECT 1) TO '{written}' (USE_TMP_FILE false)",
        "COPY (SELECT 1) TO 'study://media' (USE_TMP_FILE false)",
        "COPY (SELECT 1) TO 'study://media'",
        "COPY (SELECT 1) TO 'study://new' (USE_TMP_FILE false)",
        "EXPLAIN ANALYZE COPY media TO '{written}'",
        "EXPORT DATABASE '{written}'",
        "IMPORT DATABASE '/etc'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SELECT * FROM read_csv('https://localhost:9/x.csv')",
        "ATTACH '{written}' AS other",
        "SET enable_external_access = true",
        "RESET allowed_paths",
        "SET temp_directory = '{written}'",
        "PRAGMA enable_logging",
        "SELECT * FROM outside_frame",
        "SELEC 1",
    ],
)
def test_a_query_reaches_nothing_but_the_tables(study: Any, tmp_path: Path, sql: str) -> None:
    outside_frame = pd.DataFrame({"a": [1]})  # a variable that DuckDB could find by its name
    assert len(outside_frame) == 1
    outside = tmp_path / "secret.csv"
    outside.write_text("a,b\n1,2\n")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(UsageError, match="cannot be answered") as caught:
        query(study.folder, sql.format(outside=outside, written=tmp_path / "written", folder=study.folder))
    assert "The study has the tables" in caught.value.remedy
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_query_that_needs_too_much_memory_says_so(study: Any) -> None:
    with pytest.raises(UsageError, match=r"[Mm]emory"):
        query(study.folder, "SELECT list(range || 'text to fill') FROM range(2000000)", memory_limit="40MB")


def test_a_study_before_its_first_extractor(study: Any) -> None:
    for name in ("status", "failures", "items"):
        (study.folder / f"{name}.parquet").unlink()
    for file in (study.folder / "tables").iterdir():
        file.unlink()
    assert len(query(study.folder, "FROM status")) == 0
    assert query(study.folder, "FROM summary", study.definitions)["status"].tolist().count("failed") == 1


def test_a_summary_that_cannot_be_made_does_not_hide_the_tables(study: Any) -> None:
    faces = study.folder / "tables" / "faces.parquet"
    (study.folder / "tables" / "texts.parquet").write_bytes(faces.read_bytes())
    assert len(query(study.folder, "FROM texts", study.definitions)) == len(query(study.folder, "FROM faces"))
    with pytest.raises(StudyError, match="summary"):
        open_database(study.folder, study.definitions, need_summary=True)


def test_no_study_and_a_damaged_one(study: Any, tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"media\.parquet"):
        open_database(tmp_path)
    (study.folder / "tables" / "texts.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(StudyError, match=r"texts\.parquet"):
        query(study.folder, "FROM media")


def test_a_connection_that_stays_open_ends_in_silence(study: Any) -> None:
    code = (
        "import sys, pathlib; from tidymedia.tables.database import open_database; "
        "kept = open_database(pathlib.Path(sys.argv[1])); print(len(kept.sql('FROM texts').fetchall()))"
    )
    done = subprocess.run([sys.executable, "-c", code, study.folder], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(study.rows("texts").num_rows)
    assert done.stderr == ""
