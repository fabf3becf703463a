"""Fades through black or white, by the threshold detector of PySceneDetect and the light around it."""

from __future__ import annotations

from collections import deque

import numpy as np
from scenedetect.common import FrameTimecode
from scenedetect.detectors import ThresholdDetector

from tidymedia.media.shot_borders import Border

__all__ = ["Fades"]

_ANY_RATE = 25.0

_DARK = 12
"""Mean level of 255 below which a picture is black, as PySceneDetect has it."""

_LONGEST_SECONDS = 4.0
_GRADUAL = 0.6
"""A change of light is gradual if no single step holds more than this share of it."""

_Light = tuple[int, float, float]


class Fades:
    """Finds where the picture goes to one plain colour and comes back, gradually at least on one side.

    Parameters
    ----------
    white : bool, default False
        Whether the plain colour is white; else black.
    """

    def __init__(self, *, white: bool = False) -> None:
        self._white = white
        self._detector = ThresholdDetector(threshold=_DARK, min_scene_len=0)
        self._clock = FrameTimecode(0, fps=_ANY_RATE)
        self._recent: deque[_Light] = deque()
        self._was_dark: bool | None = None
        self._out_from = 0
        self._out_gradual = False
        self._coming: tuple[int, list[_Light]] | None = None
        self.found: list[Border] = []
        """The fades so far. What comes out of the plain colour at the start of the film, or goes into it at its end,
        has the frame 0: no shot begins there, and none within."""

    def add(self, number: int, seconds: float, light: float) -> None:
        """Look at the next frame.

        Parameters
        ----------
        number : int
            Its number.
        seconds : float
            When it is shown.
        light : float
            The mean of its values, 0 to 255.
        """
        level = 255.0 - light if self._white else light
        if self._recent and level < _DARK <= self._recent[-1][2]:
            self._finish()
            self._out_from, self._out_gradual = _slope([*self._recent, (number, seconds, level)])
        elif not self._recent and level < _DARK:
            self._out_from, self._out_gradual = -1, False
        self._recent.append((number, seconds, level))
        while seconds - self._recent[0][1] > _LONGEST_SECONDS and len(self._recent) > 1:
            self._recent.popleft()
        if self._coming is not None:
            slope = self._coming[1]
            if level > slope[-1][2] and seconds - slope[0][1] <= _LONGEST_SECONDS:
                slope.append((number, seconds, level))
            else:
                self._finish()
        cuts: list[FrameTimecode] = []
        if self._was_dark != (level < _DARK):  # nothing happens in between
            self._was_dark = level < _DARK
            cuts = self._detector.process_frame(FrameTimecode(number, fps=self._clock), np.array([level]))
        if cuts:
            self._coming = (cuts[0].frame_num if self._out_from >= 0 else 0, list(self._recent)[-2:])

    def end(self) -> None:
        """Keep what is still coming back, or has gone."""
        self._finish()
        if self._recent and self._recent[-1][2] < _DARK and self._out_gradual:
            self.found.append(Border("fade", 0, self._out_from + 1, self._recent[-1][0]))

    def _finish(self) -> None:
        if self._coming is None:
            return
        middle, slope = self._coming
        self._coming = None
        # Seen backwards, coming back is going away.
        last, gradual = _slope(list(reversed(slope)))
        if gradual or self._out_gradual:
            self.found.append(Border("fade", middle, self._out_from + 1, last - 1))


def _slope(lights: list[_Light]) -> tuple[int, bool]:
    """Follow the light backwards for as long as it rises; say where it was full, and if it changed gradually."""
    place = len(lights) - 1
    largest = 0.0
    while place > 0 and lights[place - 1][2] > lights[place][2]:
        largest = max(largest, lights[place - 1][2] - lights[place][2])
        place -= 1
    whole = lights[place][2] - lights[-1][2]
    return lights[place][0], whole > 0 and largest < _GRADUAL * whole
