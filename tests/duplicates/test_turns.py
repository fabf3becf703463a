"""The hash of a turned picture follows from the hash of the picture."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tidymedia.duplicates.table import TURNS
from tidymedia.duplicates.turns import turned_hashes
from tidymedia.images.perceptual_hash import difference_hash, perceptual_hash, vertical_difference_hash

PHOTOGRAPHS = sorted((Path(__file__).resolve().parents[2] / "examples" / "media" / "photographs").glob("*.jpg"))


def turned(image: Image.Image, turn: str) -> Image.Image:
    """Do what the name of the turn says, in its order."""
    for word in turn.replace("rotated_", "").split("_"):
        if word == "mirrored":
            image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        elif word.isdigit():
            image = image.rotate(int(word), expand=True)  # counter-clockwise
    return image


def hashes_of(image: Image.Image) -> NDArray[np.uint64]:
    makers = (perceptual_hash, difference_hash, vertical_difference_hash)
    return np.array([[int(make(image), 16) for make in makers]], np.uint64)


@pytest.mark.parametrize("turn", TURNS)
def test_they_are_near_the_hashes_of_the_turned_picture(turn: str) -> None:
    column = TURNS.index(turn)
    differing = []
    for path in PHOTOGRAPHS:
        with Image.open(path) as image:
            gray = image.convert("L").resize((256, 256))
        foretold = turned_hashes(hashes_of(gray))[0, column]
        differing.append(np.bitwise_count(foretold ^ hashes_of(turned(gray, turn))[0]))
    assert len(differing) > 4
    assert (np.median(differing, axis=0) <= 5).all()  # each of the three
    assert np.sum(differing, axis=1).max() < 24
    if turn == "upright":
        assert np.max(differing) == 0


def test_the_turns_form_a_group() -> None:
    """Turning is only another name for each bit: distances stay, and no turn leaves the eight."""
    hashes = np.random.default_rng(1).integers(0, 2**64, (50, 3), dtype=np.uint64)
    ways = turned_hashes(hashes)
    every = [{tuple(way) for way in member} for member in ways.tolist()]
    for column in range(8):
        again = turned_hashes(ways[:, column])
        assert [{tuple(way) for way in member} for member in again.tolist()] == every
    apart = np.bitwise_count(ways[:-1] ^ ways[1:]).sum(axis=2)
    assert (apart == apart[:, :1]).all()


def test_none() -> None:
    assert turned_hashes(np.empty((0, 3), np.uint64)).shape == (0, 8, 3)
