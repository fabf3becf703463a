"""Cuts: the change from frame to frame is PySceneDetect's own, and its detectors decide."""

from __future__ import annotations

import random

import numpy as np
import pytest
from scenedetect.common import FrameTimecode
from scenedetect.detectors import AdaptiveDetector, ContentDetector

import film_composing as compose
from tidymedia.media import shot_cuts
from tidymedia.media.shot_borders import Border, join_borders
from tidymedia.media.shot_cuts import Cuts
from tidymedia.media.shot_dissolves import Dissolves
from tidymedia.media.shot_settings import ShotSettings
from tidymedia.media.small_frames import edges_of, tiny_of


def pictures(seed: int = 5) -> list[np.ndarray]:
    chance = random.Random(seed)
    return [frame for name in ("mountains", "pagoda") for frame in compose.photograph(name, 25, (256, 144), chance)]


@pytest.mark.parametrize(
    ("ours", "theirs"), [(shot_cuts._Adaptive, AdaptiveDetector), (shot_cuts._Content, ContentDetector)]
)
def test_the_change_is_the_one_that_pyscenedetect_computes(ours: type, theirs: type) -> None:
    mine, own = ours(min_scene_len=0), theirs(min_scene_len=0)
    for number, picture in enumerate(pictures()):
        time = FrameTimecode(number, fps=25.0)
        assert mine.process_frame(time, picture) == own.process_frame(time, picture)
        assert mine._frame_score == pytest.approx(own._frame_score, rel=1e-9)


@pytest.mark.parametrize("detector", ["adaptive", "content"])
def test_a_cut_is_at_the_first_frame_of_the_new_shot(detector: str) -> None:
    cuts = Cuts(ShotSettings("content" if detector == "content" else "adaptive"))
    for number, picture in enumerate(pictures()):
        cuts.add(number, number / 25, picture, tiny_of(picture))
    cuts.end()
    assert [(border.frame, border.first, border.last) for border in cuts.found] == [(25, 25, 24)]
    assert 0.05 < (cuts.found[0].score or 0) < 1


def test_a_change_that_is_mostly_one_jump_is_no_dissolve() -> None:
    first, second = pictures()[0], pictures()[-1]
    mixed = [compose.mixed(first, second, 0.55 + 0.45 * step / 14) for step in range(15)]
    dissolves = Dissolves()
    for number, picture in enumerate([*[first] * 25, *mixed, *[second] * 25]):
        dissolves.add(number, number / 25, tiny_of(picture), edges_of(picture))
    dissolves.end()
    assert [one for one in dissolves.found if one.first <= 25] == []


def test_what_overlaps_is_one_border_and_short_shots_are_joined() -> None:
    times = [number / 25 for number in range(500)]
    cuts = [Border("cut", at, at, at - 1) for at in (5, 50, 60, 104, 121, 205, 300, 316, 499)]
    fades = [Border("fade", 110, 100, 120), Border("fade", 0, 0, 10), Border("fade", 0, 495, 499)]
    dissolves = [Border("dissolve", 118, 112, 125), Border("dissolve", 200, 190, 210)]
    found = join_borders(cuts, fades, dissolves, times, 0.6)
    assert [(border.frame, border.transition) for border in found] == [
        (50, "cut"), (110, "fade"), (200, "dissolve"), (300, "cut"), (316, "cut"),
    ]  # fmt: skip
