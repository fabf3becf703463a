"""The map that a study has, as the report needs it: its points, and which of them are shown as pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tidymedia.report.wording import is_missing
from tidymedia.tables.derived import Origin

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["MAP_PICTURES", "MAP_POINTS", "FoundMap", "MapPoint", "read_map"]

MAP_PICTURES = 250
"""How many pictures the map shows at most, and no more than a quarter of all small pictures of a report."""

MAP_POINTS = 2_000
"""How many points the map shows at most, pictures among them; of more, as many at even steps by path."""

FURTHEST_PICTURE: Final = 100
"""Pictures with a higher number are points: films are decoded up to the picture that is wanted."""

_NEEDED: Final = frozenset({"path", "media_id", "unit_id", "picture", "x", "y"})


@dataclass(frozen=True, slots=True)
class MapPoint:
    """One picture on the map.

    Parameters
    ----------
    unit_id : str
        Name of the picture.
    path : str
        Its file; the first one by path, where several have its bytes.
    picture : int
        Its number in the file.
    time_ms : int or None
        When it is seen, in a film.
    x, y : float
        Its place, 0 to 1, from left to right and from top to bottom.
    """

    unit_id: str
    path: str
    picture: int
    time_ms: int | None
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class FoundMap:
    """What the table ``map`` says.

    Parameters
    ----------
    parameters : mapping of str to object
        How it was made: ``method``, ``perplexity``, ``seed``, ``pictures``, ``of_pictures``.
    made : str
        When, as ISO 8601 text.
    is_current : bool
        Whether the study is still as it was then.
    points : tuple of MapPoint
        The points that are shown, those first that lie farthest from each other.
    pictures : int
        How many points the table has.
    shown : tuple of str
        Which of them get a small picture, as ``unit_id``, in the order of the points.
    """

    parameters: Mapping[str, Any]
    made: str
    is_current: bool
    points: tuple[MapPoint, ...]
    pictures: int
    shown: tuple[str, ...]


def read_map(rows: pd.DataFrame, pictures: pd.DataFrame | None, origin: Origin, thumbnails: int) -> FoundMap | None:
    """Read what the table ``map`` says.

    Parameters
    ----------
    rows : pandas.DataFrame
        The table.
    pictures : pandas.DataFrame or None
        The table ``pictures``, which knows when a frame is seen.
    origin : Origin
        How the map came about.
    thumbnails : int
        How many small pictures the report may have.

    Returns
    -------
    FoundMap or None
        None where the table has not the columns that tidymedia gives it, or no rows.
    """
    import numpy as np

    if not set(rows.columns) >= _NEEDED:
        return None
    single = rows.dropna(subset=["x", "y"]).sort_values("path", kind="stable").drop_duplicates("unit_id")
    if single.empty:
        return None
    times = _times(pictures)
    even = np.linspace(0, len(single) - 1, min(len(single), MAP_POINTS)).astype(int)
    points = [
        MapPoint(unit_id, path, int(picture), times.get(unit_id), float(x), float(y))
        for unit_id, path, picture, x, y in zip(
            *(single.iloc[even][name] for name in ("unit_id", "path", "picture", "x", "y")), strict=True
        )
    ]
    near_start = [place for place, point in enumerate(points) if point.picture <= FURTHEST_PICTURE]
    most = min(MAP_PICTURES, max(0, thumbnails) // 4)
    chosen = [near_start[place] for place in _spread([points[place] for place in near_start], most)]
    others = sorted(set(range(len(points))) - set(chosen))
    return FoundMap(
        origin.parameters,
        origin.made,
        origin.is_current,
        tuple(points[place] for place in (*chosen, *others)),
        len(single),
        tuple(points[place].unit_id for place in chosen),
    )


def _times(pictures: pd.DataFrame | None) -> dict[str, int]:
    if pictures is None or not {"unit_id", "time_ms"} <= set(pictures.columns):
        return {}
    pairs = zip(pictures["unit_id"], pictures["time_ms"], strict=True)
    return {unit_id: int(time) for unit_id, time in pairs if not is_missing(time)}


def _spread(points: Sequence[MapPoint], most: int) -> list[int]:
    """Choose points one by one, each as far as can be from those chosen before; the first is nearest to the middle."""
    import numpy as np

    if not points or most < 1:
        return []
    places = np.array([(point.x, point.y) for point in points])
    chosen = [int(((places - places.mean(axis=0)) ** 2).sum(axis=1).argmin())]
    apart: NDArray[np.float64] = np.full(len(points), np.inf)
    while len(chosen) < min(most, len(points)):
        apart = np.minimum(apart, ((places - places[chosen[-1]]) ** 2).sum(axis=1))
        apart[chosen[-1]] = -1.0
        chosen.append(int(apart.argmax()))
    return chosen
