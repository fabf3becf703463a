"""What the tables need to know of an extractor: its words, not its work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from tidymedia.tables.table import Table

__all__ = ["ExtractorDescription", "by_name", "makers"]


class ExtractorDescription(Protocol):
    """The words of an extractor; every extractor class has them."""

    @property
    def name(self) -> str:
        """Its name on the command line."""

    @property
    def title(self) -> str:
        """What it measures, in one sentence."""

    @property
    def caveat(self) -> str:
        """Where the method is weak; empty where nothing needs saying."""

    @property
    def citation(self) -> str:
        """What to cite for the method, one source a line."""

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables that it fills."""


def makers(table: str, extractors: Iterable[ExtractorDescription]) -> list[ExtractorDescription]:
    """Return the extractors that fill a table."""
    return [extractor for extractor in extractors if any(one.name == table for one in extractor.tables)]


def by_name(definitions: Sequence[Table], extractors: Iterable[ExtractorDescription] = ()) -> dict[str, Table]:
    """Return definitions by their names; several extractors may fill one table."""
    every = [*definitions, *(table for extractor in extractors for table in extractor.tables)]
    return {table.name: table for table in reversed(every)}
