from __future__ import annotations

import colorsys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from tidymedia.extractors.color_names import COLOR_TERMS, name_colors, rgb_to_lab, term_indices

LEVEL = st.integers(0, 255)


@pytest.mark.parametrize(
    ("rgb", "name"),
    [
        ((0, 0, 0), "black"),
        ((255, 255, 255), "white"),
        ((128, 128, 128), "gray"),
        ((255, 0, 0), "red"),
        ((0, 255, 0), "green"),
        ((0, 64, 0), "green"),
        ((0, 0, 255), "blue"),
        ((135, 206, 235), "blue"),
        ((255, 255, 0), "yellow"),
        ((255, 165, 0), "orange"),
        ((139, 69, 19), "brown"),
        ((128, 0, 128), "purple"),
        ((255, 192, 203), "pink"),
    ],
)
def test_clear_cases_have_the_name_that_everybody_gives(rgb: tuple[int, int, int], name: str) -> None:
    assert name_colors([rgb]) == [name]


@pytest.mark.parametrize(
    ("rgb", "lab"),
    [
        ((255, 0, 0), (53.24, 80.09, 67.20)),
        ((0, 255, 0), (87.73, -86.18, 83.18)),
        ((0, 0, 255), (32.30, 79.19, -107.86)),
        ((0, 0, 0), (0, 0, 0)),
        ((255, 255, 255), (100, 0, 0)),
        ((119, 119, 119), (50.03, 0, 0)),
    ],
)
def test_lab_has_the_published_values_of_the_primaries(
    rgb: tuple[int, int, int], lab: tuple[float, float, float]
) -> None:
    assert_allclose(rgb_to_lab([rgb])[0], lab, atol=0.02)


def test_lab_is_close_to_that_of_opencv() -> None:
    import cv2

    rgb = np.random.default_rng(0).integers(0, 256, (500, 3))
    theirs = cv2.cvtColor((rgb[None] / 255).astype(np.float32), cv2.COLOR_RGB2Lab)[0]
    assert_allclose(rgb_to_lab(rgb), theirs, atol=0.3)  # OpenCV interpolates in a table


@given(LEVEL, LEVEL, LEVEL)
def test_every_color_has_a_name(red: int, green: int, blue: int) -> None:
    assert name_colors([(red, green, blue)])[0] in COLOR_TERMS


@given(LEVEL)
def test_grays_are_named_black_gray_or_white_in_this_order(level: int) -> None:
    order = ["black", "gray", "white"]
    (name,) = name_colors([(level, level, level)])
    (lighter,) = name_colors([(min(255, level + 20),) * 3])
    assert order.index(name) <= order.index(lighter)


def test_the_corners_of_the_cube_that_the_survey_left_out_take_the_nearest_cell() -> None:
    steps = np.arange(0, 256, 15)
    cube = np.array(np.meshgrid(steps, steps, steps)).reshape(3, -1).T
    terms = term_indices(rgb_to_lab(cube))
    assert terms.min() >= 0
    assert set(terms.tolist()) == set(range(len(COLOR_TERMS)))


def test_names_agree_with_the_xkcd_names_that_end_in_a_basic_term() -> None:
    # An independent summary of the same survey: the colour that stands for each of its 954 names.
    from matplotlib.colors import XKCD_COLORS, to_rgb

    same = total = 0
    for name, code in XKCD_COLORS.items():
        last = name.removeprefix("xkcd:").replace("grey", "gray").split()[-1]
        if last in COLOR_TERMS:
            total += 1
            same += name_colors([[255 * level for level in to_rgb(code)]]) == [last]
    assert total > 500
    assert same / total > 0.9


@given(st.floats(0.6, 1), st.floats(0.7, 1))
def test_strong_light_hues_are_never_colorless(saturation: float, value: float) -> None:
    hues = [colorsys.hsv_to_rgb(hue / 12, saturation, value) for hue in range(12)]
    assert not set(name_colors(np.array(hues) * 255)) & {"black", "gray", "white"}
