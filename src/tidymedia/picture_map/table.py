"""The table ``map``: where each picture of a study lies on its map."""

from __future__ import annotations

from typing import Final

from tidymedia.tables import Column, Table
from tidymedia.tables.derived import Derivation

__all__ = ["MAP", "MAP_CAVEAT", "usual_perplexity"]

MAP_CAVEAT: Final = (
    "Only neighbourhoods mean something: pictures that lie side by side are alike to the network. How far apart two "
    "groups lie, how large or dense a group is, and which way is up mean nothing, and another seed gives another map. "
    "t-SNE can show groups where there are none: count and compare in the tables, not on the map."
)

_TABLE = Table(
    "map",
    ("picture",),
    (
        Column(
            "x",
            "number",
            "Place of the picture on the map, from left to right. Both axes have the same scale, and no unit: only who "
            "lies next to whom means something.",
            range="0 to 1",
        ),
        Column("y", "number", "Place of the picture on the map, from top to bottom; see x.", range="0 to 1"),
    ),
    "One picture on the map of the study. Of very large studies, a random sample has rows.",
)

MAP: Final = Derivation(
    "map",
    "A map of the pictures of the study: those of alike content lie side by side.",
    _TABLE,
    caveat=MAP_CAVEAT,
    citation=(
        "van der Maaten, L., & Hinton, G. (2008). Visualizing data using t-SNE. Journal of Machine Learning Research, "
        "9, 2579-2605.\n"
        "Wattenberg, M., Viégas, F., & Johnson, I. (2016). How to use t-SNE effectively. Distill, 1(10). "
        "https://doi.org/10.23915/distill.00002"
    ),
)

_PERPLEXITY: Final = 30.0


def usual_perplexity(count: int) -> float:
    """Return how many neighbours count, more or less, where the user does not say.

    Parameters
    ----------
    count : int
        Number of pictures.

    Returns
    -------
    float
        30, or a third of the other pictures where those are fewer: t-SNE takes no more.

    Examples
    --------
    >>> usual_perplexity(1000), usual_perplexity(31)
    (30.0, 10.0)
    """
    return min(_PERPLEXITY, (count - 1) / 3)
