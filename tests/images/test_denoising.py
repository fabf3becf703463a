"""Noise goes, edges and modes stay."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

import tidymedia as tm
from images_of_every_mode import MODES, picture
from tidymedia.errors import UsageError

METHODS = ("median", "non_local_means", "bilateral")


def scene() -> np.ndarray:
    """A soft sky, a sharp edge and a disc."""
    image = Image.linear_gradient("L").resize((160, 120)).convert("RGB")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 80, 159, 119), fill=(90, 60, 30))
    draw.ellipse((100, 15, 140, 55), fill=(250, 230, 120))
    return np.asarray(image)


def noisy(clean: np.ndarray, deviation: float) -> np.ndarray:
    grain = np.random.default_rng(3).normal(0, deviation, clean.shape)
    return np.clip(np.rint(clean + grain), 0, 255).astype(np.uint8)


def error(image: object, clean: np.ndarray) -> float:
    return float(np.sqrt(np.mean((np.asarray(image, float) - clean) ** 2)))


@settings(deadline=None, max_examples=80)
@given(
    st.sampled_from(MODES), st.integers(1, 30), st.integers(1, 30), st.sampled_from([1, 2, 3]), st.sampled_from(METHODS)
)
@example("RGB", 1500, 3, 3, "median")
@example("I;16", 3, 1500, 3, "median")
def test_any_image_keeps_its_mode(mode, width, height, strength, method):
    image = picture(mode, width, height)
    before = image.tobytes()
    if mode in ("I", "F") and method != "median":
        with pytest.raises(UsageError, match="32 bits"):
            tm.denoise(image, strength, method=method)
        return
    clean = tm.denoise(image, strength, method=method)
    assert clean.size == image.size
    assert clean.mode == {"P": "RGB", "1": "L"}.get(mode, mode)
    assert image.tobytes() == before
    if mode in ("LA", "RGBA"):
        assert clean.getchannel("A").tobytes() == image.getchannel("A").tobytes()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("deviation", "strength"), [(10, 1), (20, 2), (40, 3)])
def test_grain_gets_less(method, deviation, strength):
    clean = scene()
    grainy = noisy(clean, deviation)
    assert error(tm.denoise(grainy, strength, method=method), clean) < 0.7 * error(grainy, clean)


@pytest.mark.parametrize("method", METHODS)
def test_sixteen_bits_get_cleaner_and_stay_sixteen(method):
    clean = scene()[:, :, 0].astype(float) * 257
    grain = np.random.default_rng(3).normal(0, 10 * 257, clean.shape)
    grainy = np.clip(clean + grain, 0, 65_535).astype(np.uint16)
    result = tm.denoise(grainy, 1, method=method)
    assert result.mode == "I;16"
    assert error(result, clean) < 0.7 * error(grainy, clean)
    assert np.asarray(result).max() > 255


def test_the_median_takes_specks_and_keeps_edges():
    clean = np.zeros((60, 60), np.uint8)
    clean[:, 30:] = 255
    specked = clean.copy()
    specked[5::10, 5::10] = 255 - specked[5::10, 5::10]
    assert np.array_equal(np.asarray(tm.denoise(specked)), clean)


def test_the_median_of_more_bits_is_that_of_eight():
    levels = np.random.default_rng(5).integers(0, 256, (150, 40)).astype(np.uint8)
    for strength in (1, 2, 3):
        eight = np.asarray(tm.denoise(levels, strength))
        for image in (levels.astype(np.uint16), Image.fromarray(levels.astype(np.float32))):
            assert np.array_equal(np.asarray(tm.denoise(image, strength)), eight)


def test_colours_of_lab_stay_where_they_are():
    # Neutral colours are the middle of a and b, where bytes with a sign would jump.
    lab = Image.merge("LAB", [Image.new("L", (20, 20), level) for level in (120, 127, 129)])
    for method in METHODS:
        assert tm.denoise(lab, 2, method=method).getpixel((10, 10)) == (120, 127, 129)


@pytest.mark.parametrize("strength", [0, 4, 1.5, "2", None, True, [1]])
def test_strengths_that_are_none(strength):
    with pytest.raises(UsageError, match="strength"):
        tm.denoise(Image.new("L", (5, 5)), strength)


def test_methods_that_are_none():
    with pytest.raises(UsageError, match="bilateral"):
        tm.denoise(Image.new("L", (5, 5)), method="wavelet")
