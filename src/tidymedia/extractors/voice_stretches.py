"""Segments of a sound as Praat gets them: whole, or in stretches whose edges know what is beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tidymedia.extractors.sound_pieces import SoundPiece

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["LONGEST_SECONDS", "MARGIN_SECONDS", "Stretch", "longest_seconds", "peaks_of", "stretches_of"]

LONGEST_SECONDS: Final = 60.0
"""How much is given to Praat at once, at most."""

MARGIN_SECONDS: Final = 0.25
"""How much of its neighbours a stretch has at its edges, where a segment is divided."""

_MOST_SAMPLES: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class Stretch:
    """What of a segment is given to Praat at once.

    Parameters
    ----------
    piece : SoundPiece
        Where it lies; ``piece.last`` closes its segment.
    samples : numpy.ndarray
        Its samples and those of its margins, one channel, float64.
    before, after : int
        How many samples at the edges are margins: they are heard, and counted with the neighbours.
    is_whole : bool
        Whether it is all of its segment.
    """

    piece: SoundPiece
    samples: NDArray[np.float64]
    before: int
    after: int
    is_whole: bool


def longest_seconds(rate: int) -> float:
    """Return how long a stretch may be: 60 seconds, and less where the rate is very high.

    Examples
    --------
    >>> longest_seconds(48_000), round(longest_seconds(192_000), 1)
    (60.0, 20.8)
    """
    return min(LONGEST_SECONDS, _MOST_SAMPLES / rate)


def stretches_of(pieces: Iterable[SoundPiece], rate: int) -> Iterator[Stretch]:
    """Give the pieces of divided segments margins, so that measuring them differs little from measuring all at once.

    Parameters
    ----------
    pieces : iterable of SoundPiece
        The pieces, those of a segment in their order; they have one channel.
    rate : int
        Samples a second.

    Yields
    ------
    Stretch
        One for each piece, as soon as the next one of its segment is there.
    """
    import numpy as np

    size = round(MARGIN_SECONDS * rate)
    nothing: NDArray[np.float64] = np.empty(0)
    waiting: dict[int, tuple[NDArray[np.float64], SoundPiece]] = {}
    for piece in pieces:
        samples = _one_channel(piece)
        before = nothing
        if piece.segment in waiting:
            earlier, held = waiting.pop(piece.segment)
            middle = _one_channel(held)
            yield _stretch(held, earlier, middle, samples[:size], is_whole=False)
            before = middle[-size:]
        if piece.last:
            yield _stretch(piece, before, samples, nothing, is_whole=not len(before))
        else:
            waiting[piece.segment] = (before, piece)


def _one_channel(piece: SoundPiece) -> NDArray[np.float64]:
    import numpy as np

    return piece.samples[:, 0].astype(np.float64)


def _stretch(
    piece: SoundPiece,
    before: NDArray[np.float64],
    samples: NDArray[np.float64],
    after: NDArray[np.float64],
    *,
    is_whole: bool,
) -> Stretch:
    import numpy as np

    return Stretch(piece, np.concatenate([before, samples, after]), len(before), len(after), is_whole)


def peaks_of(pieces: Iterable[SoundPiece]) -> Mapping[int, float]:
    """Find how far the sound of each segment goes from its mean: what Praat compares with to find silence.

    Parameters
    ----------
    pieces : iterable of SoundPiece
        The pieces of all segments.

    Returns
    -------
    mapping of int to float
        The largest distance by segment.
    """
    lowest: dict[int, float] = {}
    highest: dict[int, float] = {}
    total: dict[int, float] = {}
    count: dict[int, int] = {}
    for piece in pieces:
        samples, key = _one_channel(piece), piece.segment
        lowest[key] = min(lowest.get(key, float("inf")), float(samples.min()))
        highest[key] = max(highest.get(key, float("-inf")), float(samples.max()))
        total[key] = total.get(key, 0.0) + float(samples.sum())
        count[key] = count.get(key, 0) + len(samples)
    means = {key: total[key] / count[key] for key in count}
    return {key: max(highest[key] - mean, mean - lowest[key]) for key, mean in means.items()}
