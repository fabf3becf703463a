from __future__ import annotations

import importlib.util
import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter

from tidymedia.errors import UsageError
from tidymedia.images.perceptual_hash import (
    average_hash,
    difference_hash,
    hamming_distance,
    is_flat,
    perceptual_hash,
)

HASHES = st.text("0123456789abcdef", min_size=16, max_size=16)


def photograph(seed: int, width: int = 300, height: int = 220) -> Image.Image:
    """Make a picture with the smooth structure of a photograph."""
    noise = np.random.default_rng(seed).integers(0, 256, (7, 9, 3), dtype=np.uint8)
    image = Image.fromarray(noise).resize((width, height), Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(image)
    draw.ellipse((width * 0.2, height * 0.3, width * 0.5, height * 0.7), fill=(240, 220, 40))
    return image.filter(ImageFilter.GaussianBlur(1))


def real_photographs() -> list[Path]:
    # Found without an import of scikit-learn, which takes seconds.
    package = importlib.util.find_spec("sklearn")
    assert package is not None and package.origin is not None
    return sorted((Path(package.origin).parent / "datasets" / "images").glob("*.jpg"))


def all_pictures() -> list[Image.Image]:
    drawn = [photograph(seed, width, height) for seed, (width, height) in enumerate([(300, 220), (64, 512), (31, 17)])]
    tiny = [Image.new("RGB", size, (200, 30, 90)) for size in ((1, 1), (300, 3), (3, 300))]
    tiny[1].putpixel((7, 1), (255, 255, 255))
    tiny[2].putpixel((1, 200), (0, 0, 0))
    return [*(Image.open(path) for path in real_photographs()), *drawn, *tiny]


def test_there_are_real_photographs_to_test_with() -> None:
    assert [path.name for path in real_photographs()] == ["china.jpg", "flower.jpg"]


def test_average_and_difference_hash_have_the_bits_of_imagehash() -> None:
    imagehash = pytest.importorskip("imagehash", reason="imagehash is not installed")
    for image in all_pictures():
        assert average_hash(image) == str(imagehash.average_hash(image))
        assert difference_hash(image) == str(imagehash.dhash(image))


def test_perceptual_hash_has_the_bits_of_imagehash() -> None:
    imagehash = pytest.importorskip("imagehash", reason="imagehash is not installed")
    pytest.importorskip("scipy", reason="imagehash needs scipy for its phash")
    for image in all_pictures()[:5]:
        assert perceptual_hash(image) == str(imagehash.phash(image))


def test_perceptual_hash_follows_the_definition_of_the_cosine_transform() -> None:
    image = photograph(3)
    levels = np.asarray(image.convert("L").resize((32, 32), Image.Resampling.LANCZOS), dtype=float)
    place = np.arange(32)
    waves = np.array(
        [
            [
                4
                * (
                    levels * np.outer(np.cos(np.pi * v * (place + 0.5) / 32), np.cos(np.pi * u * (place + 0.5) / 32))
                ).sum()
                for u in range(8)
            ]
            for v in range(8)
        ]
    )
    bits = "".join("1" if wave > np.median(waves) else "0" for wave in waves.ravel())
    assert perceptual_hash(image) == f"{int(bits, 2):016x}"


def test_average_hash_of_a_checkerboard_is_known() -> None:
    board = np.kron(np.indices((8, 8)).sum(axis=0) % 2, np.ones((20, 20))).astype(np.uint8) * 255
    assert average_hash(Image.fromarray(board)) == "55aa55aa55aa55aa"


def test_difference_hash_follows_the_direction_of_a_gradient() -> None:
    gradient = Image.linear_gradient("L")
    assert difference_hash(gradient) == "0" * 16
    assert difference_hash(gradient.rotate(90)) == "f" * 16
    assert difference_hash(gradient.rotate(270)) == "0" * 16


@pytest.mark.parametrize("hash_of", [average_hash, difference_hash, perceptual_hash])
def test_copies_stay_close_and_other_pictures_are_far(hash_of) -> None:  # type: ignore[no-untyped-def]  # three functions
    image = photograph(5)
    stream = io.BytesIO()
    image.resize((210, 154), Image.Resampling.BILINEAR).save(stream, "JPEG", quality=50)
    assert hamming_distance(hash_of(image), hash_of(Image.open(stream))) <= 4
    assert hamming_distance(hash_of(image), hash_of(photograph(6))) >= 14


def test_draft_decoding_of_a_jpeg_moves_at_most_two_bits() -> None:
    for path in real_photographs():
        full = Image.open(path).convert("RGB")
        drafted = Image.open(path)
        drafted.draft("RGB", (full.width // 2, full.height // 2))
        assert drafted.size != full.size
        for hash_of in (average_hash, difference_hash, perceptual_hash):
            assert hamming_distance(hash_of(full), hash_of(drafted.convert("RGB"))) <= 2


def test_uniform_pictures_are_flat_and_have_the_same_hash_at_every_level() -> None:
    for level in (1, 100, 255):
        plain = Image.new("RGB", (90, 70), (level, level, level))
        assert is_flat(plain)
        assert (average_hash(plain), difference_hash(plain)) == ("0" * 16, "0" * 16)
        assert perceptual_hash(plain) == "8" + "0" * 15


def test_a_blank_scan_is_flat_and_a_page_of_text_is_not() -> None:
    paper = np.random.default_rng(2).normal(245, 4, (512, 362)).clip(0, 255).astype(np.uint8)
    page = Image.fromarray(paper)
    assert is_flat(page)
    draw = ImageDraw.Draw(page)
    for line in range(60, 450, 14):
        draw.text((40, line), "It is a truth universally acknowledged, that a man", fill=20)
    assert not is_flat(page)


def test_real_photographs_are_not_flat() -> None:
    assert not any(is_flat(Image.open(path)) for path in real_photographs())


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 300), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_any_size_has_hashes_of_sixteen_digits(width: int, height: int, seed: int) -> None:
    image = Image.fromarray(np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8))
    for text in (average_hash(image), difference_hash(image), perceptual_hash(image)):
        assert len(text) == 16
        assert set(text) <= set("0123456789abcdef")


@given(HASHES, HASHES, HASHES)
def test_hamming_distance_is_a_distance(first: str, second: str, third: str) -> None:
    assert hamming_distance(first, first) == 0
    assert hamming_distance(first, second) == hamming_distance(second, first)
    assert (hamming_distance(first, second) == 0) == (first == second)
    assert hamming_distance(first, third) <= hamming_distance(first, second) + hamming_distance(second, third)
    assert hamming_distance(first, second) == sum(
        a != b for a, b in zip(f"{int(first, 16):064b}", f"{int(second, 16):064b}", strict=True)
    )


@pytest.mark.parametrize("wrong", ["", "9.2E+18", "0x00000000000000", "1234 5678 9abcdef"])
def test_what_is_no_hash_is_refused_with_a_remedy(wrong: str) -> None:
    with pytest.raises(UsageError, match="is no hash") as caught:
        hamming_distance(wrong, "0" * 16)
    assert "spreadsheet" in caught.value.remedy


def test_hashes_of_different_length_are_not_compared() -> None:
    with pytest.raises(UsageError, match="differ in length"):
        hamming_distance("ff", "ffff")
