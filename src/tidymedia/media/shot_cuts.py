"""Hard cuts, by the detectors of PySceneDetect; flashes are told apart from them."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scenedetect.detectors import AdaptiveDetector, ContentDetector

from tidymedia.media.shot_borders import Border
from tidymedia.media.shot_settings import ShotSettings

__all__ = ["Cuts"]

_ADAPTIVE, _CONTENT = 3.0, 27.0

_FLASH_SECONDS = 0.5
_SAME = 0.25
"""A picture is back after a flash if it differs from the one before by less than this share of the change."""


class _Score:
    """The change from frame to frame as PySceneDetect computes it with equal weights, in a fifth of the time."""

    _last_hsv: NDArray[np.uint8] | None = None

    def _calculate_frame_score(self, timecode: int, frame_img: NDArray[np.uint8]) -> float:
        last, self._last_hsv = self._last_hsv, np.asarray(cv2.cvtColor(frame_img, cv2.COLOR_BGR2HSV), np.uint8)
        return 0.0 if last is None else cv2.norm(self._last_hsv, last, cv2.NORM_L1) / last.size


class _Adaptive(_Score, AdaptiveDetector):  # type: ignore[misc]  # PySceneDetect is not looked at by the type checker
    pass


class _Content(_Score, ContentDetector):  # type: ignore[misc]  # the same
    pass


@dataclass(slots=True)
class _Pending:
    """A cut that may turn out to be a flash."""

    border: Border
    before: NDArray[np.float32]
    change: float
    until: float


class Cuts:
    """Finds hard cuts while frames come by.

    A cut after which the picture of before comes back within half a second is a flash, or something that passed
    close to the camera, and no cut.

    Parameters
    ----------
    settings : ShotSettings
        Detector and threshold.
    """

    def __init__(self, settings: ShotSettings) -> None:
        threshold = settings.threshold
        self._detector: _Adaptive | _Content = (
            _Adaptive(adaptive_threshold=_ADAPTIVE if threshold is None else threshold, min_scene_len=0)
            if settings.detector == "adaptive"
            else _Content(threshold=_CONTENT if threshold is None else threshold, min_scene_len=0)
        )
        self._recent: deque[tuple[int, NDArray[np.float32]]] = deque(maxlen=self._detector.event_buffer_length + 2)
        self._pending: list[_Pending] = []
        self._flashed = (0, 0)
        self.found: list[Border] = []
        """The cuts so far, but for those of the last half second."""

    def add(self, number: int, seconds: float, small: NDArray[np.uint8], tiny: NDArray[np.float32]) -> None:
        """Look at the next frame.

        Parameters
        ----------
        number : int
            Its number.
        seconds : float
            When it is shown.
        small : numpy.ndarray
            It, scaled small: shape (height, width, 3), BGR.
        tiny : numpy.ndarray
            It, scaled to a few hundred pixels.
        """
        self._recent.append((number, tiny))
        self._settle(number, seconds, tiny)
        # The detectors subtract time codes and give them back; numbers of frames will do, and take less time.
        for cut in self._detector.process_frame(number, small):
            self._begin(cut, seconds)

    def end(self) -> None:
        """Keep what no later frame can take back."""
        self._settle(0, float("inf"), None)

    def _begin(self, frame: int, seconds: float) -> None:
        place = next((place for place, (number, _) in enumerate(self._recent) if number == frame), None)
        if not place or self._flashed[0] < frame <= self._flashed[1]:
            return
        before, after = self._recent[place - 1][1], self._recent[place][1]
        change = _difference(before, after)
        border = Border("cut", frame, frame, frame - 1, change / 255)
        self._pending.append(_Pending(border, before, change, seconds + _FLASH_SECONDS))
        for number, tiny in list(self._recent)[place + 1 :]:
            self._settle(number, seconds, tiny)

    def _settle(self, number: int, seconds: float, tiny: NDArray[np.float32] | None) -> None:
        waiting: list[_Pending] = []
        for one in self._pending:
            if seconds > one.until:
                self.found.append(one.border)
            elif tiny is None or _difference(one.before, tiny) >= _SAME * one.change:
                waiting.append(one)
            else:  # what was seen in between came and went
                self._flashed = (one.border.frame, number)
                break
        self._pending = waiting


def _difference(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    return cv2.norm(one, other, cv2.NORM_L1) / one.size
