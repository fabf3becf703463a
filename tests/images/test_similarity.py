from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from tidymedia.errors import MediumError, UsageError
from tidymedia.images.perceptual_hash import average_hash, difference_hash, hamming_distance, perceptual_hash
from tidymedia.images.several import image_names, is_one_image, list_images
from tidymedia.images.similarity import similarity

SAMPLES = Path(__file__).parents[2] / "examples" / "media"
PHOTOGRAPHS = sorted((SAMPLES / "photographs").glob("*.*"))
DANDELIONS, DOGS = SAMPLES / "photographs" / "dandelions.jpg", SAMPLES / "photographs" / "dogs.jpg"

needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample media are not beside the tests")


def noise(seed: int, size: tuple[int, int] = (50, 40), mode: str = "RGB") -> Image.Image:
    values = np.random.default_rng(seed).integers(0, 256, (5, 6, 3), dtype=np.uint8)
    return Image.fromarray(values).resize(size, Image.Resampling.BICUBIC).convert(mode)


def test_the_cosine_is_that_of_the_definition() -> None:
    first, second = noise(1, (90, 60)), noise(2, (41, 77))

    def vector(image: Image.Image, left: int, top: int, side: int) -> np.ndarray:
        small = image.crop((left, top, left + side, top + side)).resize((224, 224)).resize((9, 9))
        return np.asarray(small, dtype=float).ravel()

    one, other = vector(first, 15, 0, 60), vector(second, 0, 18, 41)
    expected = one @ other / np.sqrt((one @ one) * (other @ other))
    assert similarity([first, second], size=9).iloc[0, 1] == pytest.approx(expected, abs=1e-12)
    centered = similarity([first, second], size=9, centered=True).iloc[0, 1]
    assert centered == pytest.approx(np.corrcoef(one, other)[0, 1], abs=1e-12)


@pytest.mark.parametrize(
    ("name", "make"),
    [("average_hash", average_hash), ("difference_hash", difference_hash), ("perceptual_hash", perceptual_hash)],
)
def test_hashes_give_the_share_of_equal_bits(name: str, make: object) -> None:
    images = [noise(seed) for seed in range(5)]
    table = similarity(images, name)  # type: ignore[arg-type]
    for row, one in enumerate(images):
        for column, other in enumerate(images):
            distance = hamming_distance(make(one), make(other))  # type: ignore[operator]
            assert (1 - table.iloc[row, column]) * 64 == distance


@needs_samples
def test_the_network_knows_the_same_thing_in_another_picture() -> None:
    part = SAMPLES / "posts" / "anna" / "image.jpg"
    table = similarity([DANDELIONS, part, DOGS], "embedding", names=["whole", "part", "dogs"])
    assert table.loc["whole", "part"] > 0.8
    assert table.loc["whole", "dogs"] < 0.4
    assert (np.diag(table) == 1).all()


@pytest.mark.parametrize("measure", ["cosine", "average_hash", "difference_hash", "perceptual_hash"])
@settings(max_examples=15, deadline=None)
@given(seeds=st.lists(st.integers(0, 99), min_size=1, max_size=5), centered=st.booleans())
def test_a_table_is_symmetric_with_ones(measure: str, seeds: list[int], centered: bool) -> None:
    table = similarity([noise(seed) for seed in seeds], measure, centered=centered and measure == "cosine")  # type: ignore[arg-type]
    assert table.shape == (len(seeds), len(seeds))
    assert list(table.index) == list(table.columns)
    assert (np.diag(table) == 1).all()
    assert np.array_equal(table, table.T)
    assert table.to_numpy().max() <= 1
    assert table.to_numpy().min() >= (-1 if centered else 0)


@needs_samples
def test_the_figures_of_the_docstring() -> None:
    assert len(PHOTOGRAPHS) == 9
    above = np.triu_indices(9, 1)
    plain = similarity(PHOTOGRAPHS).to_numpy()[above]
    centered = similarity(PHOTOGRAPHS, centered=True).to_numpy()[above]
    embedded = similarity(PHOTOGRAPHS, "embedding").to_numpy()[above]
    told = [[f"{value:.2f}" for value in (np.median(v), v.min(), v.max())] for v in (plain, centered, embedded)]
    assert told == [["0.80", "0.66", "0.91"], ["0.21", "-0.11", "0.61"], ["0.27", "0.10", "0.37"]]


def test_a_negative_is_far_only_when_centered() -> None:
    image = noise(3, (40, 40))
    negative = Image.eval(image, lambda level: 255 - level)
    assert similarity([image, negative]).iloc[0, 1] > 0
    assert similarity([image, negative], centered=True).iloc[0, 1] == pytest.approx(-1, abs=1e-3)


def test_what_has_no_direction_is_missing() -> None:
    black, gray, image = Image.new("RGB", (30, 20)), Image.new("L", (30, 20), 90), noise(1)
    plain = similarity([black, gray, image])
    assert plain.isna().to_numpy().tolist() == [[True] * 3, [True, False, False], [True, False, False]]
    centered = similarity([black, gray, image], centered=True)
    assert centered.notna().to_numpy().tolist() == [[False] * 3, [False] * 3, [False, False, True]]
    hashes = similarity([gray, image], "perceptual_hash")
    assert hashes.notna().to_numpy().tolist() == [[False, False], [False, True]]


def test_transparent_parts_count_as_white() -> None:
    clear = Image.new("RGBA", (20, 20), (255, 0, 0, 0))
    ImageDraw.Draw(clear).rectangle((5, 5, 14, 14), fill=(0, 60, 200, 255))
    white = Image.new("RGB", (20, 20), "white")
    ImageDraw.Draw(white).rectangle((5, 5, 14, 14), fill=(0, 60, 200))
    assert similarity([clear, white]).iloc[0, 1] == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "RGBA", "1", "I;16"])
@pytest.mark.parametrize("size", [(1, 1), (400, 3), (3, 400)])
def test_any_mode_and_shape(mode: str, size: tuple[int, int]) -> None:
    image = Image.new("I;16", size, 30_000) if mode == "I;16" else Image.new("RGB", size, "orange").convert(mode)
    assert similarity([image, noise(1)]).notna().to_numpy().all()


def test_arrays_and_stacks() -> None:
    stack = np.stack([np.asarray(noise(seed)) for seed in range(3)])
    one_by_one = similarity([noise(seed) for seed in range(3)])
    assert similarity(stack).equals(one_by_one)
    assert list(one_by_one.columns) == ["image 0", "image 1", "image 2"]


def test_the_images_are_left_as_they_are() -> None:
    image = noise(1)
    before = image.tobytes()
    similarity([image, noise(2)], "difference_hash")
    similarity([image, noise(2)])
    assert image.tobytes() == before


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: similarity([noise(1)], "euclid"), "cosine, average_hash"),  # type: ignore[arg-type]
        (lambda: similarity([noise(1)], size=0), "size=0"),
        (lambda: similarity([noise(1)], size=True), "size=True"),
        (lambda: similarity([noise(1)], "average_hash", centered=True), "no meaning"),
        (lambda: similarity([noise(1)], names=["a", "b"]), "1 images but 2 names"),
        (lambda: similarity([noise(1), noise(2)], names=["a", "a"]), "same name"),
        (lambda: similarity([noise(1), noise(2)], names="ab"), "no list of names"),
        (lambda: similarity([]), "no images"),
        (lambda: similarity(np.zeros((2_001, 5, 5), np.uint8)), "duplicates"),
        (lambda: similarity(np.zeros(5)), "no images"),
        (lambda: similarity(3), "no image"),  # type: ignore[arg-type]
    ],
)
def test_wrong_arguments_are_told(call: object, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        call()  # type: ignore[operator]


def test_a_missing_file_is_named() -> None:
    with pytest.raises(MediumError, match=r"nowhere\.jpg"):
        similarity([noise(1), "nowhere.jpg"])


def test_names_tell_files_apart(tmp_path: Path) -> None:
    stream = io.BytesIO()
    noise(1).save(tmp_path / "saved.png")
    with Image.open(tmp_path / "saved.png") as opened:
        assert image_names([opened]) == ["saved.png"]
    assert image_names(["b/x/1.jpg", "a/x/1.jpg", "2.jpg", "2.jpg", stream, noise(1)]) == [
        *("b/x/1.jpg", "a/x/1.jpg", "2.jpg", "2.jpg (2)", "image 4", "image 5"),
    ]
    assert image_names(["https://a.org/x/1.jpg?w=3", "https://b.org/x/1.jpg", Path("/y/1.jpg"), "1.jpg"]) == [
        *("a.org/x/1.jpg", "b.org/x/1.jpg", "y/1.jpg", "1.jpg"),
    ]
    assert image_names(["x.jpg", "x.jpg", "x.jpg (2)"]) == ["x.jpg", "x.jpg (3)", "x.jpg (2)"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.sampled_from(["a", "b", "c (2)", "c"]), min_size=1, max_size=3), min_size=1, max_size=8))
def test_no_two_names_are_the_same(paths: list[list[str]]) -> None:
    names = image_names(["/".join(parts) for parts in paths])
    assert len(set(names)) == len(names)
    assert all(name.startswith(parts[-1]) or parts[-1] in name for name, parts in zip(names, paths, strict=True))


def test_one_image_or_several() -> None:
    assert is_one_image(io.BytesIO())
    assert all(is_one_image(kind(b"bytes")) for kind in (bytes, bytearray, memoryview))
    assert not is_one_image(np.zeros((3, 10, 10, 3)))
    assert len(list_images({"a.jpg": 1, "b.jpg": 2})) == 2
