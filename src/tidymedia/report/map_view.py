"""The section with the map: small pictures at their places, in a figure that can be enlarged without a script."""

from __future__ import annotations

import base64
import io
import math
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from tidymedia.picture_map.table import usual_perplexity
from tidymedia.report.content import ReportContent
from tidymedia.report.failures_view import place_in_file
from tidymedia.report.map_choice import FoundMap, MapPoint
from tidymedia.report.wording import counted, number

__all__ = ["MAP_BYTES", "ZOOMS", "MapDot", "MapPicture", "MapRegion", "MapView", "make_map_view"]

MAP_BYTES = 1_000_000
"""How many bytes of JPEG the map carries at most; beyond it, pictures are points."""

ZOOMS = (1, 2, 4, 8)
"""How many times the map can be enlarged."""

_SIDE: Final = 64
_MARGIN: Final = 0.05
_FRAME: Final = (1000.0, 667.0)
"""Width and height of the figure on a usual screen, in CSS pixels: it says which small pictures would overlap."""
_GAP: Final = (54.0, 44.0)
"""How far apart the middles of two small pictures are, so that both can be seen; most are wider than high."""
_ROWS: Final = ("Top", "Middle", "Bottom")
_COLUMNS: Final = ("left", "centre", "right")


class MapPicture(NamedTuple):
    """A small picture on the map.

    Parameters
    ----------
    x, y : str
        Its middle, in percent of the figure.
    level : int
        How many times the map has to be enlarged so that the picture covers none that was chosen before it.
    path : str
        Its file.
    name : str
        Its file, and which picture of it.
    jpeg : str
        The picture in base64.
    """

    x: str
    y: str
    level: int
    path: str
    name: str
    jpeg: str


class MapDot(NamedTuple):
    """A picture that is a point on the map."""

    x: str
    y: str
    name: str


class MapRegion(NamedTuple):
    """The pictures of a ninth of the map, for those who read the list."""

    title: str
    pictures: tuple[MapPicture, ...]


@dataclass(frozen=True, slots=True)
class MapView:
    """What the section shows.

    Parameters
    ----------
    found : FoundMap
        The map.
    how : str
        How it was made.
    command : str
        The command that makes it anew in the same way.
    pictures : tuple of MapPicture
        Small pictures, the most important last, so that it lies on top.
    dots : tuple of MapDot
        The other points.
    regions : tuple of MapRegion
        The small pictures once more, by the ninth of the map in which they lie.
    is_square : bool
        Whether the figure is a square, and not wide.
    """

    found: FoundMap
    how: str
    command: str
    pictures: tuple[MapPicture, ...]
    dots: tuple[MapDot, ...]
    regions: tuple[MapRegion, ...]
    is_square: bool

    @property
    def hidden(self) -> int:
        """How many points of the table are not shown."""
        return self.found.pictures - len(self.found.points)


def make_map_view(content: ReportContent) -> MapView | None:
    """Describe the map of a study.

    Parameters
    ----------
    content : ReportContent
        The study.

    Returns
    -------
    MapView or None
        None where no map was made.
    """
    found = content.map
    if found is None:
        return None
    shown = set(found.shown)
    places = _places(found.points)
    levels = _levels([place for point, place in zip(found.points, places, strict=True) if point.unit_id in shown])
    pictures: list[MapPicture] = []
    dots: list[MapDot] = []
    weight = 0
    for point, (x, y) in zip(found.points, places, strict=True):
        level = levels.pop(0) if point.unit_id in shown else 0
        jpeg = _smaller(content.thumbnails.get(point.unit_id)) if level else b""
        where = (_percent(x), _percent(y))
        if jpeg and weight + len(jpeg) <= MAP_BYTES:
            weight += len(jpeg)
            pictures.append(MapPicture(*where, level, point.path, _name(point), base64.b64encode(jpeg).decode("ascii")))
        else:
            dots.append(MapDot(*where, _name(point)))
    return MapView(
        found,
        _how(found.parameters),
        _command(content.study_name, found.parameters),
        tuple(reversed(pictures)),
        tuple(dots),
        _regions(pictures),
        _height(found.points) > 0.8,
    )


def _height(points: Sequence[MapPoint]) -> float:
    return max(point.y for point in points) - min(point.y for point in points)


def _places(points: Sequence[MapPoint]) -> list[tuple[float, float]]:
    """Return places in the figure, 0 to 1, with a margin; in a wide figure both axes keep one scale."""
    high = _height(points)
    side = 1.0 if high > 0.8 else 1.5
    middle = (max(point.y for point in points) + min(point.y for point in points)) / 2
    shrunk = min(1.0, 1.0 / (high * side)) if high else 1.0
    inner = 1.0 - 2 * _MARGIN
    return [
        (
            0.5 + (point.x - 0.5) * shrunk * inner,
            0.5 + (point.y - middle) * side * shrunk * inner,
        )
        for point in points
    ]


def _levels(places: Sequence[tuple[float, float]]) -> list[int]:
    """Say at which enlargement each small picture covers none before it; at the largest one, all are shown."""
    levels: list[int] = []
    for x, y in places:
        level = ZOOMS[-1]
        for zoom in reversed(ZOOMS[:-1]):
            wide, high = (gap / (side * zoom) for gap, side in zip(_GAP, _FRAME, strict=True))
            before = zip(places, levels, strict=False)
            if any(of <= zoom and abs(x - left) < wide and abs(y - top) < high for (left, top), of in before):
                break
            level = zoom
        levels.append(level)
    return levels


def _smaller(jpeg: bytes | None) -> bytes:
    """Return a thumbnail in the size of the map."""
    if not jpeg:
        return b""
    from PIL import Image

    stream = io.BytesIO()
    with Image.open(io.BytesIO(jpeg)) as image:
        image.thumbnail((_SIDE, _SIDE))
        image.convert("RGB").save(stream, "JPEG", quality=72, optimize=True)
    return stream.getvalue()


def _percent(share: float) -> str:
    return f"{share:.2%}"


def _name(point: MapPoint) -> str:
    place = place_in_file(point.picture, point.time_ms) if point.picture or point.time_ms is not None else ""
    return f"{point.path}, {place}" if place else point.path


def _regions(pictures: Sequence[MapPicture]) -> tuple[MapRegion, ...]:
    found: dict[tuple[int, int], list[MapPicture]] = {}
    for picture in pictures:
        row, column = (min(2, int(float(side[:-1]) / 100 * 3)) for side in (picture.y, picture.x))
        found.setdefault((row, column), []).append(picture)
    return tuple(
        MapRegion(f"{_ROWS[row]} {_COLUMNS[column]}", tuple(sorted(found[row, column], key=lambda one: one.name)))
        for row, column in sorted(found)
    )


def _how(parameters: Any) -> str:
    """Say how a map was made."""
    made = counted(int(parameters.get("pictures", 0)), "picture")
    said = f"Made from the embeddings of {made}"
    of = int(parameters.get("of_pictures", 0))
    if of > int(parameters.get("pictures", 0)):
        said += f", a random sample of {of:,},"
    if parameters.get("method") == "t-SNE":
        perplexity = number(float(f"{float(parameters.get('perplexity') or 0):.3g}"))
        return f"{said} by t-SNE (perplexity {perplexity}, seed {parameters.get('seed', 0)})"
    return f"{said} by their two principal components, since they are few or all alike"


def _command(study: str, parameters: Any) -> str:
    words = ["tidymedia", "map", study]
    if parameters.get("seed"):
        words += ["--seed", str(parameters["seed"])]
    perplexity = parameters.get("perplexity")
    if perplexity and not math.isclose(perplexity, usual_perplexity(int(parameters.get("pictures", 0)))):
        words += ["--perplexity", f"{float(perplexity):g}"]
    return shlex.join(words)
