"""Dissolves: one picture becomes another while both are seen.

PySceneDetect has no detector for them. Two signs are asked for together. First, the pictures within a dissolve are
mixtures of the one before and the one after: what is left when the best mixture is taken away is small, and the share
of the new picture only grows (the model behind Zhang, Kankanhalli and Smoliar 1993, and many after them). Second, a
mixture has softer edges than the pictures that it is mixed from (Alattar 1993 uses the variance in the same way); when
a camera moves, edges stay as sharp as they are.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from tidymedia.media.shot_borders import Border

__all__ = ["Dissolves"]

_HALVES = (4, 6, 8, 11, 15, 20, 27)
"""Half the lengths, in frames, in which a dissolve is looked for."""

_STEP_SECONDS = 0.0305
"""Frames that follow sooner are passed over, so films of 50 or 60 frames a second are seen as those of 25 or 30."""

_LONGEST_SECONDS = 4.0
_CHANGE = 12.0
"""Smallest mean difference between the pictures before and after, of 255."""
_REST = 0.35
"""What of the change may be left when the mixture is taken away."""
_SOFT = 0.65
"""How sharp the middle may be, as a share of what its parts would be beside one another."""
_ALIKE = 0.88
"""From this correlation on, both pictures are one in another light."""
_GROWTH = 0.06
"""By how much the share of the new picture grows at least, from quarter to quarter."""
_JUMP = 0.5
"""More of the change between two neighbours is a cut."""
_MOST_WINDOWS = 2_000
_EVEN = 1.0
"""Standard deviation below which a picture is of one colour: that is a fade, not a dissolve."""


@dataclass(frozen=True, slots=True)
class _Seen:
    number: int
    seconds: float
    tiny: NDArray[np.float32]
    edges: float
    change: float
    """Mean difference from the frame before."""


@dataclass(frozen=True, slots=True)
class _Window:
    first: int
    last: int
    faults: float
    change: float


class Dissolves:
    """Finds dissolves while frames come by."""

    def __init__(self) -> None:
        self._recent: deque[_Seen] = deque(maxlen=2 * max(_HALVES) + 1)
        self._windows: list[_Window] = []
        self.found: list[Border] = []
        """The dissolves so far, but for those of the last seconds."""

    def add(self, number: int, seconds: float, tiny: NDArray[np.float32], edges: float) -> None:
        """Look at the next frame.

        Parameters
        ----------
        number : int
            Its number.
        seconds : float
            When it is shown.
        tiny : numpy.ndarray
            It, scaled to a few hundred pixels.
        edges : float
            How sharp its edges are: the variance of the Laplacian.
        """
        if self._recent and seconds - self._recent[-1].seconds < _STEP_SECONDS:
            return
        change = cv2.norm(tiny, self._recent[-1].tiny, cv2.NORM_L1) / tiny.size if self._recent else 0.0
        self._recent.append(_Seen(number, seconds, tiny, edges, change))
        for half in _HALVES:
            if 2 * half >= len(self._recent):
                break
            softest = _SOFT * max(self._recent[-1 - 2 * half].edges, edges)
            if self._recent[-1 - half].edges <= softest and (window := self._window(half)) is not None:
                self._windows.append(window)
        if self._windows and (len(self._windows) > _MOST_WINDOWS or self._recent[0].number > self._windows[-1].last):
            self.end()

    def end(self) -> None:
        """Choose the best windows that do not overlap."""
        chosen: list[_Window] = []
        for window in sorted(self._windows, key=lambda one: one.faults):
            if all(window.last <= other.first or other.last <= window.first for other in chosen):
                chosen.append(window)
        self._windows = []
        for window in sorted(chosen, key=lambda one: one.first):
            middle = (window.first + window.last + 1) // 2
            self.found.append(Border("dissolve", middle, window.first + 1, window.last - 1, window.change / 255))

    def _window(self, half: int) -> _Window | None:
        """Test the window that ends with the last frame."""
        recent = self._recent
        before, middle, after = recent[-1 - 2 * half], recent[-1 - half], recent[-1]
        if after.seconds - before.seconds > _LONGEST_SECONDS:
            return None
        change = cv2.norm(after.tiny, before.tiny, cv2.NORM_L1) / after.tiny.size
        if change < _CHANGE:
            return None
        difference = after.tiny - before.tiny
        length = float(np.vdot(difference, difference))
        shares = [0.0]
        rest = 0.0
        for place in (-1 - 2 * half + half // 2, -1 - half, -1 - half // 2):
            beyond = recent[place].tiny - before.tiny
            share = float(np.vdot(beyond, difference)) / length
            beyond -= np.float32(share) * difference
            rest = max(rest, float(np.vdot(beyond, beyond)) / length)
            shares.append(share)
        if rest > _REST**2 or min(np.diff([*shares, 1.0])) < _GROWTH:
            return None
        softness = middle.edges / ((1 - shares[2]) * before.edges + shares[2] * after.edges + 1e-6)
        if softness > _SOFT or _correlation(before.tiny, after.tiny) > _ALIKE:
            return None
        if max(recent[place].change for place in range(-2 * half, 0)) > _JUMP * change:
            return None
        faults = softness + rest**0.5 + abs(shares[2] - 0.5)
        return _Window(before.number, after.number, faults, change)


def _correlation(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Correlate two pictures; 1 where one of them is of one colour, since nothing was mixed then."""
    first, second = one - one.mean(), other - other.mean()
    if min(float(first.std()), float(second.std())) < _EVEN:
        return 1.0
    return float(np.vdot(first, second) / np.sqrt(np.vdot(first, first) * np.vdot(second, second)))
