from __future__ import annotations

import io

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from PIL import Image

from tidymedia.extractors.color_names import COLOR_TERMS, name_colors
from tidymedia.extractors.dominant_colors import color_histogram, dominant_colors, term_shares

PICTURES = st.tuples(st.integers(1, 12), st.integers(1, 12), st.just(3)).flatmap(
    lambda shape: arrays(np.uint8, shape, elements=st.integers(0, 255))
)


def stripes(*parts: tuple[tuple[int, int, int], int]) -> NDArray[np.uint8]:
    """Make a picture of horizontal stripes: colours and the number of rows of each."""
    return np.concatenate([np.full((rows, 10, 3), rgb, dtype=np.uint8) for rgb, rows in parts])


def test_a_plain_picture_has_one_color_exactly() -> None:
    for rgb in ((18, 52, 86), (255, 0, 0), (0, 0, 0), (255, 255, 255)):
        (only,) = dominant_colors(color_histogram(stripes((rgb, 4))))
        assert only == (f"#{bytes(rgb).hex()}", name_colors([rgb])[0], 1.0)


def test_the_largest_come_first_with_their_shares() -> None:
    picture = stripes(((255, 0, 0), 20), ((0, 0, 255), 50), ((255, 255, 255), 30))
    colors = dominant_colors(color_histogram(picture))
    assert [(color.hex, color.name) for color in colors] == [
        ("#0000ff", "blue"),
        ("#ffffff", "white"),
        ("#ff0000", "red"),
    ]
    assert [color.share for color in colors] == [0.5, 0.3, 0.2]


def test_shades_of_one_name_are_one_color_and_its_hex_their_mean() -> None:
    picture = stripes(((0, 0, 255), 30), ((0, 0, 155), 10))
    (blue,) = dominant_colors(color_histogram(picture))
    assert blue == ("#0000e6", "blue", 1.0)


def test_specks_are_left_out_and_no_more_than_asked_for_are_given() -> None:
    with_speck = stripes(((255, 255, 255), 100))
    with_speck[0, 0] = (255, 0, 0)
    assert [color.name for color in dominant_colors(color_histogram(with_speck))] == ["white"]
    five = stripes(*(((rgb), 10) for rgb in ((0, 0, 0), (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0))))
    assert len(dominant_colors(color_histogram(five))) == 3
    assert len(dominant_colors(color_histogram(five), most=5)) == 5


def test_of_equal_shares_the_order_is_that_of_the_terms() -> None:
    picture = stripes(((0, 0, 255), 10), ((255, 0, 0), 10))
    assert [color.name for color in dominant_colors(color_histogram(picture))] == ["red", "blue"]


def test_compression_hardly_changes_the_answer() -> None:
    sky = np.linspace((120, 170, 240), (200, 220, 250), 90)[:, None].repeat(160, axis=1)
    sea = np.linspace((20, 60, 90), (10, 90, 60), 70)[:, None].repeat(160, axis=1)
    noise = np.random.default_rng(1).normal(0, 6, (160, 160, 3))
    picture = np.clip(np.concatenate([sky, sea]) + noise, 0, 255).astype(np.uint8)
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "JPEG", quality=60)
    before = dominant_colors(color_histogram(picture))
    after = dominant_colors(color_histogram(np.asarray(Image.open(stream))))
    assert before[0].name == after[0].name == "blue"
    assert abs(before[0].share - after[0].share) < 0.05


@settings(max_examples=50, deadline=None)
@given(PICTURES)
def test_shares_are_shares_and_agree(picture: NDArray[np.uint8]) -> None:
    histogram = color_histogram(picture)
    shares = term_shares(histogram)
    colors = dominant_colors(histogram)
    assert histogram.counts.sum() == picture.shape[0] * picture.shape[1]
    assert tuple(shares) == COLOR_TERMS
    assert abs(sum(shares.values()) - 1) < 1e-9
    assert all(shares[color.name] == color.share for color in colors)
    assert [color.share for color in colors] == sorted((color.share for color in colors), reverse=True)
    assert colors[0].share == max(shares.values())
    assert len({color.name for color in colors}) == len(colors) <= 3


@settings(max_examples=50, deadline=None)
@given(PICTURES)
def test_the_place_of_the_pixels_does_not_matter(picture: NDArray[np.uint8]) -> None:
    turned = np.ascontiguousarray(picture[::-1].transpose(1, 0, 2))
    assert dominant_colors(color_histogram(turned)) == dominant_colors(color_histogram(picture))
