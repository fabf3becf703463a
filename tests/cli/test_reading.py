"""status, export, query, report, compact."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


def test_status_has_counts_reasons_remedies_and_how_to_retry(run: Run, study: Path) -> None:
    result = run("status", study)
    assert result.code == 0
    assert result.err == ""
    assert "pixels" in result.out
    assert "EmptyFileError: 1 file" in result.out
    assert "empty.png is empty" in result.out
    assert "→ Download or copy it again." in result.out
    assert f'Try them again: tidymedia analyze -o "{study}" --retry-failed' in result.out


def test_status_for_programs(run: Run, study: Path) -> None:
    rows = [json.loads(line) for line in run("status", study, "--format", "json").out.splitlines()]
    assert {row["extractor"] for row in rows} == {"pictures", "metadata", "pixels", "hashes"}
    assert run("status", study, "--format", "csv").out.startswith("extractor,status,reason,media,rows,seconds\n")


def test_status_of_a_study_without_failures(run: Run, good: Path, tmp_path: Path) -> None:
    run("analyze", good, "-o", tmp_path / "study", "--with", "pixels", "--limit", "1", "-q")
    assert run("status", tmp_path / "study").out.endswith("Nothing failed.\n")


@pytest.mark.parametrize("command", [["status"], ["compact"], ["report"], ["export", None, "tables"]])
def test_no_study_is_1(run: Run, tmp_path: Path, command: list[str | None]) -> None:
    name, *rest = [word for word in command if word is not None]
    result = run(name, tmp_path / "nowhere", *rest)
    assert result.code == 1
    assert "is no study" in result.err
    assert not (tmp_path / "nowhere").exists()


def test_query_formats(run: Run, study: Path) -> None:
    sql = "select path, kind, bytes from media where kind = 'image'"
    assert run("query", study, sql).out.splitlines()[0] == "path,kind,bytes"  # no terminal: CSV
    (row,) = csv.DictReader(io.StringIO(run("query", study, sql, "--format", "csv").out))
    assert row["path"] == "red.png"
    assert json.loads(run("query", study, sql, "--format", "json").out)["kind"] == "image"
    heading, line = run("query", study, sql, "--format", "table").out.splitlines()
    assert heading.split() == ["path", "kind", "bytes"]
    assert line.split() == ["red.png", "image", row["bytes"]]


def test_a_query_that_cannot_be_is_1(run: Run, study: Path) -> None:
    result = run("query", study, "select nothing from nowhere")
    assert result.code == 1
    assert result.out == ""
    assert "nowhere" in result.err
    assert run("query", study, "drop table media").code == 1


@pytest.mark.parametrize(
    ("words", "written"),
    [
        (["tables"], "tables/pixels.csv"),
        (["tables", "--format", "parquet"], "tables/pixels.parquet"),
        (["tables", "--format", "jsonl", "--tables", "pixels,hashes"], "tables/hashes.jsonl"),
        (["all.xlsx"], "all.xlsx"),
        (["all.duckdb"], "all.duckdb"),
        (["pixels.parquet", "--tables", "pixels"], "pixels.parquet"),
        (["files.csv", "--wide"], "files.csv"),
        (["files.xlsx", "--wide"], "files.xlsx"),
        (["files.JSONL", "--wide"], "files.JSONL"),
    ],
)
def test_export_follows_the_suffix(run: Run, study: Path, tmp_path: Path, words: list[str], written: str) -> None:
    destination = tmp_path / words[0]
    result = run("export", study, destination, *words[1:])
    assert result.code == 0
    assert result.err == ""
    assert str(tmp_path / written) in result.out.splitlines()
    begin = (tmp_path / written).read_bytes()[:12]
    signs = {".xlsx": b"PK", ".parquet": b"PAR1", ".duckdb": b"DUCK", ".jsonl": b'{"'}
    sign = signs.get(Path(written).suffix.lower(), b"path")
    assert sign in begin


def test_export_does_not_overwrite_unless_told(run: Run, study: Path, tmp_path: Path) -> None:
    words = ["export", study, tmp_path / "files.csv", "--wide"]
    assert run(*words).code == 0
    assert run(*words).code == 1
    assert run(*words, "--overwrite", "--bom").code == 0
    assert (tmp_path / "files.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_wide_export_to_standard_output(run: Run, study: Path) -> None:
    result = run("export", study, "--wide")
    assert result.err == ""
    rows = list(csv.DictReader(io.StringIO(result.out)))
    assert [row["path"] for row in rows] == ["empty.png", "notes.txt", "red.png"]
    assert rows[2]["main_color"] == "red"
    lines = run("export", study, "--wide", "--format", "jsonl").out.splitlines()
    assert json.loads(lines[2])["path"] == "red.png"
    assert run("export", study).code == 1
    assert run("export", study, "--wide", "--format", "xlsx").code == 1


def test_an_unknown_table_is_1_and_they_are_listed(run: Run, study: Path, tmp_path: Path) -> None:
    result = run("export", study, tmp_path / "tables", "--tables", "nope")
    assert result.code == 1
    assert "pixels" in result.err


def test_report_prints_where_it_is(run: Run, study: Path, tmp_path: Path) -> None:
    result = run("report", study, "-o", tmp_path / "page.html", "--thumbnails", "0")
    assert result.code == 0
    assert result.out == f"{tmp_path / 'page.html'}\n"
    assert "<html" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_compact_says_what_it_did(run: Run, study: Path) -> None:
    result = run("compact", study)
    assert result.code == 0
    assert result.out == ""
    assert "up to date" in result.err
