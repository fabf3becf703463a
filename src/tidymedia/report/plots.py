"""Plots of columns as plain shapes, which the template draws as inline SVG."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tidymedia.report.content import ReportContent
from tidymedia.report.plot_choice import ChosenColumn, choose_columns
from tidymedia.report.wording import counted, number, percent

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Bar", "Plot", "Tick", "make_plots"]

WIDTH = 360.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 6.0, 354.0, 22.0, 150.0
_LABEL_WIDTH, _ROW, _COUNT_WIDTH = 118.0, 22.0, 46.0
_CATEGORIES_SHOWN = 8
_LABEL_LENGTH = 18
_SKEWED = 15.0
_FEWEST_BINS, _MOST_BINS = 8, 30
_UNITS = {
    "picture": "picture",
    "block": "text block",
    "rank": "label",
    "object": "object",
    "face": "face",
    "mask": "mask",
    "shot": "shot",
    "segment": "segment",
    "word": "word",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar, and what it counts."""

    x: float
    y: float
    width: float
    height: float
    label: str
    short: str
    count: int


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the axis."""

    x: float
    label: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot of one column.

    Parameters
    ----------
    table, column : str
        What is plotted.
    title : str
        The column with its unit.
    meaning : str
        What the column says.
    caption : str
        How many rows, how many missing, the median.
    description : str
        The plot in words, for those who do not see it.
    upright : bool
        Whether bars stand on an axis (numbers) or lie in rows (words).
    height : float
        Height of the drawing; it is ``WIDTH`` wide.
    bars : tuple of Bar
        The bars.
    ticks : tuple of Tick, default ()
        Marks on the axis.
    median : Tick or None, default None
        Where the median is.
    """

    table: str
    column: str
    title: str
    meaning: str
    caption: str
    description: str
    upright: bool
    height: float
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...] = ()
    median: Tick | None = None


def make_plots(content: ReportContent) -> tuple[Plot, ...]:
    """Plot the main columns of a study.

    Parameters
    ----------
    content : ReportContent
        The study.

    Returns
    -------
    tuple of Plot
        At most twelve plots.
    """
    draw = {"histogram": _histogram, "counts": _counts, "categories": _categories}
    return tuple(draw[chosen.shape](chosen, content.row_count(chosen.table.name)) for chosen in choose_columns(content))


def _title(chosen: ChosenColumn) -> str:
    name, unit = chosen.column.name.replace("_", " "), chosen.column.unit
    return f"{name} ({unit})" if unit and not name.endswith(f" {unit}") else name


def _caption(chosen: ChosenColumn, rows_total: int, *more: str) -> str:
    keys = chosen.table.keys
    unit = _UNITS.get(keys[-1], "row") if keys else "file"
    if chosen.best_only:
        unit = f"best {unit}"
    seen = len(chosen.values) + chosen.missing
    parts = [f"n = {counted(len(chosen.values), unit)}"]
    parts.append(f"{chosen.missing:,} missing ({percent(chosen.missing, seen)})" if chosen.missing else "none missing")
    if seen < rows_total and not chosen.best_only:
        parts.append(f"from a sample of {seen:,} of {counted(rows_total, 'row')}")
    return "; ".join([*parts, *more]) + "."


def _median_words(value: float, unit: str) -> str:
    return f"median {number(value)} {unit}".rstrip()


def _tick(x: float, label: str) -> Tick:
    """Make a mark whose label stays inside the drawing."""
    half = 3.4 * len(label)
    anchor = "start" if x - half < 0 else "end" if x + half > WIDTH else "middle"
    return Tick(round(x, 1), label, anchor)


def _histogram(chosen: ChosenColumn, rows_total: int) -> Plot:
    import numpy as np

    values = chosen.values.to_numpy(dtype=float)
    smallest, largest_value = float(values.min()), float(values.max())
    low, high = _limits(chosen.column.range, smallest, largest_value)
    middle = float(np.median(values))
    logarithmic = smallest > 0 and largest_value / max(middle, 1e-12) > _SKEWED
    scaled = np.log10(values) if logarithmic else values
    start, end = (float(scaled.min()), float(scaled.max())) if logarithmic else (low, high)
    counts, edges = np.histogram(scaled, bins=_bins(scaled, start, end), range=(start, end))
    if logarithmic:
        edges = 10**edges

    def place(value: float) -> float:
        position = math.log10(value) if logarithmic else value
        return _LEFT + (_RIGHT - _LEFT) * (position - start) / (end - start)

    largest = int(counts.max())
    bars = []
    for count, left, right in zip(counts.tolist(), edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        label = f"{number(left)} to {number(right)}"
        bars.append(_upright_bar(place(left), place(right), count, largest, label))
    ticks = _powers(smallest, largest_value) if logarithmic else _round_steps(low, high)
    notes = [_median_words(middle, chosen.column.unit), *(["logarithmic axis"] if logarithmic else [])]
    peak = bars[int(counts.argmax())]
    return Plot(
        chosen.table.name,
        chosen.column.name,
        _title(chosen),
        chosen.column.meaning,
        _caption(chosen, rows_total, *notes),
        f"Histogram from {number(smallest)} to {number(largest_value)}, median {number(middle)}; "
        f"the tallest bar counts {peak.count:,} from {peak.label}.",
        True,
        176.0,
        tuple(bars),
        tuple(_tick(place(value), number(value)) for value in ticks),
        _tick(place(middle), f"median {number(middle)}"),
    )


def _counts(chosen: ChosenColumn, rows_total: int) -> Plot:
    """Draw one bar for each whole number from the smallest to the largest."""
    low, high = int(chosen.values.min()), int(chosen.values.max())
    found = chosen.values.value_counts()
    numbers = range(low, high + 1)
    counts = [int(found.get(float(value), 0)) for value in numbers]
    step = (_RIGHT - _LEFT) / len(counts)
    bars = tuple(
        _upright_bar(_LEFT + step * index, _LEFT + step * (index + 1), count, max(counts), f"{low + index:,}")
        for index, count in enumerate(counts)
    )
    middle = float(chosen.values.median())
    most = max(bars, key=lambda bar: bar.count)
    return Plot(
        chosen.table.name,
        chosen.column.name,
        _title(chosen),
        chosen.column.meaning,
        _caption(chosen, rows_total, _median_words(middle, chosen.column.unit)),
        f"One bar for each whole number from {low:,} to {high:,}; most frequent is {most.label} ({most.count:,}).",
        True,
        176.0,
        bars,
        tuple(_tick(bar.x + bar.width / 2, bar.label) for bar in bars),
        _tick(_LEFT + step * (middle - low + 0.5), f"median {number(middle)}"),
    )


def _categories(chosen: ChosenColumn, rows_total: int) -> Plot:
    counts = chosen.values.value_counts()
    shown = [(str(word), int(count)) for word, count in counts.head(_CATEGORIES_SHOWN).items()]
    rest = int(counts.iloc[_CATEGORIES_SHOWN:].sum())
    if rest:
        shown.append((f"{len(counts) - _CATEGORIES_SHOWN:,} others", rest))
    largest = max(count for _, count in shown)
    room = WIDTH - _LABEL_WIDTH - _COUNT_WIDTH
    bars = tuple(
        Bar(
            _LABEL_WIDTH,
            4 + _ROW * index,
            round(max(room * count / largest, 1.0), 2),
            _ROW - 7,
            word,
            word if len(word) <= _LABEL_LENGTH else word[: _LABEL_LENGTH - 1] + "…",
            count,
        )
        for index, (word, count) in enumerate(shown)
    )
    return Plot(
        chosen.table.name,
        chosen.column.name,
        _title(chosen),
        chosen.column.meaning,
        _caption(chosen, rows_total, counted(len(counts), "different value")),
        "Bars: " + "; ".join(f"{word} {count:,}" for word, count in shown) + ".",
        False,
        _ROW * len(shown) + 4,
        bars,
    )


def _upright_bar(left: float, right: float, count: int, largest: int, label: str) -> Bar:
    height = (_BOTTOM - _TOP) * count / largest
    height = max(height, 1.0) if count else 0.0
    gap = 1.0 if right - left > 4 else 0.0
    return Bar(
        round(left + gap / 2, 2),
        round(_BOTTOM - height, 2),
        round(right - left - gap, 2),
        round(height, 2),
        label,
        label,
        count,
    )


def _limits(text: str, smallest: float, largest: float) -> tuple[float, float]:
    """Return the ends of the axis: those that the codebook states, where they are near enough to the values."""
    stated = re.fullmatch(r"(-?\d+(?:\.\d+)?) to (-?\d+(?:\.\d+)?)", text.strip())
    if stated:
        low, high = float(stated[1]), float(stated[2])
        if low <= smallest and high >= largest and high - low <= 5 * (largest - smallest):
            return low, high
    return smallest, largest


def _bins(values: np.ndarray, low: float, high: float) -> int:
    """Return how many bins: by Freedman and Diaconis (1981), within bounds that can be read."""
    import numpy as np

    quarter, three_quarters = np.percentile(values, [25, 75])
    width = 2 * float(three_quarters - quarter) / len(values) ** (1 / 3)
    wanted = (high - low) / width if width > 0 else _MOST_BINS
    return int(min(max(wanted, _FEWEST_BINS), _MOST_BINS))


def _round_steps(low: float, high: float) -> list[float]:
    """Return three to six round numbers between the ends of the axis."""
    rough = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(index * step, 12) for index in range(first, last + 1)]


def _powers(low: float, high: float) -> list[float]:
    """Return powers of ten between the ends of the axis, thinned to five; both ends where there are too few."""
    powers = [10.0**exponent for exponent in range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1)]
    if len(powers) < 2:
        return [low, high]
    return powers[:: math.ceil(len(powers) / 5)]
