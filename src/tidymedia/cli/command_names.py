"""Which commands there are, in the order in which one needs them; each is loaded when it is used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

__all__ = ["COMMANDS", "CommandPlace"]


class CommandPlace(NamedTuple):
    """Where a command is, and what it does in a few words."""

    module: str
    summary: str


COMMANDS: Mapping[str, CommandPlace] = {
    "analyze": CommandPlace("analyze", "Analyse media: tables, codebook and failures into a study."),
    "status": CommandPlace("reading", "What became of the files; what failed, why, what to do."),
    "export": CommandPlace("reading", "Write the tables: CSV, Excel, Parquet, DuckDB, JSON Lines."),
    "query": CommandPlace("reading", "Ask the tables in SQL."),
    "report": CommandPlace("reading", "Write a page with pictures, plots and a methods paragraph."),
    "duplicates": CommandPlace("duplicates", "Find copies and near copies among the pictures."),
    "nearest": CommandPlace("duplicates", "Find the pictures that look most like one picture."),
    "identities": CommandPlace("identities", "Bring faces together by person (biometric data)."),
    "voices": CommandPlace("voices", "Compare voices with themselves, speaker by speaker."),
    "search": CommandPlace("search", "Find pictures by words, or by another picture."),
    "map": CommandPlace("search", "Lay the pictures on a map, alike ones side by side."),
    "compact": CommandPlace("reading", "Bring the tables up to date after an interrupted run."),
    "purge": CommandPlace("purge", "Delete the raw answers of services, and keep the tables."),
    "extractors": CommandPlace("listing", "What can be measured, what is installed, what is missing."),
    "models": CommandPlace("models", "Networks: which there are; fetch one of the hub; check them."),
    "doctor": CommandPlace("doctor", "Look at this installation, and say how to mend it."),
    "demo": CommandPlace("demo", "Analyse the sample media."),
}
"""The commands by name."""
