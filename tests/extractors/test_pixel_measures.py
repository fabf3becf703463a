from __future__ import annotations

import colorsys
import math
import statistics

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from tidymedia.extractors.pixel_measures import measure_color, measure_light, measure_texture

SMALL = st.tuples(st.integers(1, 6), st.integers(1, 6), st.just(3)).flatmap(
    lambda shape: arrays(np.uint8, shape, elements=st.integers(0, 255))
)


def plain(*rgb: int) -> NDArray[np.uint8]:
    return np.full((6, 8, 3), rgb, dtype=np.uint8)


def hasler_suesstrunk(picture: NDArray[np.uint8]) -> float:
    """Compute the published formula pixel by pixel, with the standard library alone."""
    red_green = [int(r) - int(g) for r, g, b in picture.reshape(-1, 3)]
    yellow_blue = [(int(r) + int(g)) / 2 - int(b) for r, g, b in picture.reshape(-1, 3)]
    deviation = math.sqrt(statistics.pvariance(red_green) + statistics.pvariance(yellow_blue))
    mean = math.sqrt(statistics.fmean(red_green) ** 2 + statistics.fmean(yellow_blue) ** 2)
    return deviation + 0.3 * mean


@settings(max_examples=60, deadline=None)
@given(SMALL)
def test_colorfulness_is_the_published_formula(picture: NDArray[np.uint8]) -> None:
    assert measure_color(picture).colorfulness == pytest.approx(hasler_suesstrunk(picture), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(SMALL)
def test_saturation_is_the_mean_of_that_of_hsv(picture: NDArray[np.uint8]) -> None:
    expected = statistics.fmean(colorsys.rgb_to_hsv(*(pixel / 255))[1] for pixel in picture.reshape(-1, 3))
    assert measure_color(picture).saturation == pytest.approx(expected, abs=1e-6)


def test_known_values_of_colorfulness() -> None:
    assert measure_color(plain(90, 90, 90)).colorfulness == 0
    assert measure_color(plain(255, 0, 0)).colorfulness == pytest.approx(0.3 * math.hypot(255, 127.5))
    red_and_cyan = np.concatenate([plain(255, 0, 0), plain(0, 255, 255)])
    assert measure_color(red_and_cyan).colorfulness == pytest.approx(math.hypot(255, 127.5))


@pytest.mark.parametrize(
    ("rgb", "hue"),
    [
        ((255, 0, 0), 0),
        ((255, 255, 0), 60),
        ((0, 255, 0), 120),
        ((0, 255, 255), 180),
        ((0, 0, 255), 240),
        ((255, 0, 255), 300),
        ((100, 40, 40), 0),
    ],
)
def test_hue_of_one_color(rgb: tuple[int, int, int], hue: float) -> None:
    color = measure_color(plain(*rgb))
    assert color.hue == pytest.approx(hue, abs=1e-3)
    assert color.hue_concentration == pytest.approx(1)


def test_hue_is_a_circular_mean_across_zero() -> None:
    color = measure_color(np.concatenate([plain(255, 0, 60), plain(255, 60, 0)]))
    assert color.hue == pytest.approx(0, abs=1e-3)
    assert color.hue_concentration is not None
    assert 0.9 < color.hue_concentration < 1


def test_opposed_hues_have_no_concentration() -> None:
    color = measure_color(np.concatenate([plain(255, 0, 0), plain(0, 255, 255)]))
    assert color.hue_concentration == pytest.approx(0, abs=1e-6)


def test_a_colorless_picture_has_no_hue() -> None:
    color = measure_color(np.concatenate([plain(0, 0, 0), plain(120, 120, 120), plain(255, 250, 245)]))
    assert color.colorless_share == 1
    assert (color.hue, color.hue_concentration) == (None, None)


def test_black_has_no_saturation() -> None:
    assert measure_color(plain(0, 0, 0)).saturation == 0


def test_colorless_share_counts_pixels_up_to_five_percent_of_spread() -> None:
    picture = np.concatenate([plain(100, 100, 112), plain(100, 100, 113), plain(255, 0, 0)])
    assert measure_color(picture).colorless_share == pytest.approx(1 / 3)


def test_light_of_plain_pictures_and_of_a_checkerboard() -> None:
    assert measure_light(np.full((5, 7), 51, dtype=np.uint8)) == pytest.approx((0.2, 0, 0))
    board = (np.indices((8, 8)).sum(axis=0) % 2 * 255).astype(np.uint8)
    assert measure_light(board) == (0.5, 0.5, 1.0)


def test_light_of_all_levels() -> None:
    light = measure_light(np.arange(256, dtype=np.uint8).reshape(16, 16))
    assert light.brightness == pytest.approx(0.5)
    assert light.contrast == pytest.approx(statistics.pstdev(range(256)) / 255)
    assert light.entropy == pytest.approx(8)


def test_edges_of_a_step_are_the_two_columns_beside_it() -> None:
    step = np.zeros((10, 20), dtype=np.uint8)
    step[:, 10:] = 100
    assert measure_texture(step, 0.1).edge_density == 2 / 20
    assert measure_texture(step, 100 / 255).edge_density == 2 / 20
    assert measure_texture(step, 101 / 255).edge_density == 0
    assert measure_texture(step.T.copy(), 0.1).edge_density == 2 / 20


def test_sharpness_is_the_variance_of_the_laplacian() -> None:
    levels = np.random.default_rng(4).integers(0, 256, (9, 11), dtype=np.uint8)
    padded = np.pad(levels.astype(int), 1, mode="edge")
    laplacian = padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:] - 4 * padded[1:-1, 1:-1]
    assert measure_texture(levels, 0.1).sharpness == pytest.approx(laplacian.var())


def test_blur_lowers_sharpness() -> None:
    from PIL import Image, ImageFilter

    noise = Image.fromarray(np.random.default_rng(5).integers(0, 256, (64, 64), dtype=np.uint8))
    sharpness = [
        measure_texture(np.asarray(noise.filter(ImageFilter.GaussianBlur(radius))), 0.1).sharpness
        for radius in (0, 1, 2, 4)
    ]
    assert sharpness == sorted(sharpness, reverse=True)
    assert sharpness[0] > 100 * sharpness[-1]


def test_a_plain_surface_has_neither_edges_nor_sharpness() -> None:
    assert measure_texture(np.full((30, 30), 77, dtype=np.uint8), 0.001) == (0, 0)
