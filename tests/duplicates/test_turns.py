"""The hash of a turned picture follows from the hash of the picture."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tidymedia.duplicates.table import TURNS
from tidymedia.duplicates.turns import turned_hashes
from tidymedia.images.perceptual_hash import perceptual_hash

PHOTOGRAPHS = sorted((Path(__file__).resolve().parents[2] / "examples" / "media" / "photographs").glob("*.jpg"))


def turned(image: Image.Image, turn: str) -> Image.Image:
    """Do what the name of the turn says, in its order."""
    for word in turn.replace("rotated_", "").split("_"):
        if word == "mirrored":
            image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        elif word.isdigit():
            image = image.rotate(int(word), expand=True)  # counter-clockwise
    return image


@pytest.mark.parametrize("turn", TURNS)
def test_it_is_near_the_hash_of_the_turned_picture(turn: str) -> None:
    column = TURNS.index(turn)
    differing = []
    for path in PHOTOGRAPHS:
        with Image.open(path) as image:
            gray = image.convert("L").resize((256, 256))
        foretold = int(turned_hashes(np.array([int(perceptual_hash(gray), 16)], np.uint64))[0, column])
        differing.append((foretold ^ int(perceptual_hash(turned(gray, turn)), 16)).bit_count())
    assert len(differing) > 4
    assert np.median(differing) <= 5
    assert max(differing) < 16
    if turn == "upright":
        assert max(differing) == 0


def test_the_turns_form_a_group() -> None:
    """Turning is only another name for each bit: distances stay, and no turn leaves the eight."""
    hashes = np.random.default_rng(1).integers(0, 2**64, 50, dtype=np.uint64)
    ways = turned_hashes(hashes)
    for column in range(8):
        again = turned_hashes(ways[:, column])
        assert (np.sort(again, axis=1) == np.sort(ways, axis=1)).all()
    apart = np.bitwise_count(ways[:-1] ^ ways[1:])
    assert (apart == apart[:, :1]).all()


def test_a_list_of_none() -> None:
    assert turned_hashes(np.empty(0, np.uint64)).shape == (0, 8)
