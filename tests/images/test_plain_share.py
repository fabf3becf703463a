"""How much of a picture is one tone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tidymedia.images.plain_share import plain_share


@pytest.mark.parametrize("paper", [185, 220, 250, 255])
def test_the_paper_of_a_page(paper: int) -> None:
    page = Image.new("L", (200, 200), paper)
    page.paste(paper - 128, (0, 0, 200, 50))
    assert plain_share(page) == 0.75


def test_noise_of_a_scan_is_the_same_tone() -> None:
    levels = np.random.default_rng(0).integers(235, 256, (150, 150), dtype=np.uint8)
    assert plain_share(Image.fromarray(levels)) == 1


def test_a_slow_change_is_no_paper() -> None:
    assert plain_share(Image.linear_gradient("L")) == pytest.approx(25 / 256, abs=0.02)


def test_a_dark_picture_is_no_paper() -> None:
    assert plain_share(Image.new("L", (50, 50), 40)) == 0


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 300), st.integers(1, 300), st.integers(180, 255))
def test_a_picture_of_one_color_is_plain(width: int, height: int, level: int) -> None:
    assert plain_share(Image.new("RGB", (width, height), (level,) * 3)) == 1
