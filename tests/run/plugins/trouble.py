"""Extractors that break in every way; the sample rate of a recording says how."""

import ctypes
import time
from collections.abc import Iterator
from typing import ClassVar

from tidymedia.extractors.base import MediumExtractor, Row
from tidymedia.media.kinds import Kind
from tidymedia.media.medium import Medium
from tidymedia.tables import Column, Table

SEGFAULT, HANG, HANG_WITH_LOCK, HOARD, BUG, EMPTY, NO_TYPE, PRINTS = range(8001, 8009)


class Trouble(MediumExtractor):
    name = "trouble"
    title = "The sample rate of a recording, unless something breaks."
    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.AUDIO})
    tables: ClassVar[tuple[Table, ...]] = (
        Table("trouble", (), (Column("rate", "integer", "Rate."),), "One recording."),
    )

    def from_medium(self, medium: Medium) -> Iterator[Row]:
        rate = medium.properties()["sample_rate"]
        if rate == SEGFAULT:
            ctypes.string_at(0)
        elif rate == HANG:
            time.sleep(600)
        elif rate == HANG_WITH_LOCK:
            ctypes.PyDLL(None).sleep(600)
        elif rate == HOARD:
            hoard = []
            while True:
                hoard.append(bytearray(40_000_000))
                time.sleep(0.02)
        elif rate == BUG:
            raise KeyError("no such key")
        elif rate == EMPTY:
            return
        elif rate == NO_TYPE:
            yield Row("trouble", {"rate": "many"})
        elif rate == PRINTS:
            print("this must not garble the messages")
        yield Row("trouble", {"rate": rate})


class Slow(MediumExtractor):
    name = "slow"
    title = "Takes its time."
    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.AUDIO})
    tables: ClassVar[tuple[Table, ...]] = (
        Table("slow", ("segment",), (Column("number", "number", "Number."),), "One segment."),
    )

    def from_medium(self, medium: Medium) -> Iterator[Row]:
        time.sleep(0.02)
        for number in range(3):
            yield Row("slow", {"number": medium.properties()["duration_ms"] / (number + 3)})


class Upstream(MediumExtractor):
    """Builds on Trouble."""

    name = "upstream"
    title = "Twice the rate."
    needs: tuple[str, ...] = ("trouble",)
    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.AUDIO})
    tables: ClassVar[tuple[Table, ...]] = (
        Table("doubles", (), (Column("double", "integer", "Double."),), "One recording."),
    )

    def from_medium(self, medium: Medium) -> Iterator[Row]:
        for row in medium.upstream["trouble"]:
            yield Row("doubles", {"double": 2 * int(str(row["rate"]))})
