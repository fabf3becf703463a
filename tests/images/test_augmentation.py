from __future__ import annotations

import dataclasses
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from tidymedia.errors import MediumError, UsageError
from tidymedia.images.augmentation import AugmentationPolicy, augment
from tidymedia.images.augmentation_policy import POLICIES, read_policy

NOTHING = AugmentationPolicy(
    rotation=0, shift=0, zoom=0, crop=0, horizontal_flip=False, brightness=0, contrast=0, color=0, blur=0, noise=0
)
COLORS = {"red": (220, 20, 20), "green": (20, 200, 20), "blue": (20, 20, 220), "yellow": (220, 220, 20)}


def photograph(seed: int, mode: str = "RGB", size: tuple[int, int] = (60, 44)) -> Image.Image:
    noise = np.random.default_rng(seed).integers(0, 256, (6, 8, 4), dtype=np.uint8)
    return Image.fromarray(noise).resize(size, Image.Resampling.BICUBIC).convert(mode)


def only(**changes: object) -> AugmentationPolicy:
    return dataclasses.replace(NOTHING, **changes)  # type: ignore[arg-type]


def test_no_picture_gets_the_label_of_another() -> None:
    names = list(COLORS) * 5
    images = [Image.new("RGB", (24, 18), COLORS[name]) for name in names]
    more, labels = augment(images, names, times=4, policy="strong", seed=3)
    assert len(more) == len(labels) == 5 * len(names)
    for image, label in zip(more, labels, strict=True):
        mean = np.asarray(image, dtype=float).mean(axis=(0, 1))
        nearest = min(COLORS, key=lambda name: float(np.corrcoef(mean, COLORS[name])[0, 1]) * -1)
        assert nearest == label


def test_the_order_is_each_picture_and_then_its_variants() -> None:
    images = [photograph(seed) for seed in range(3)]
    more = augment(images, times=2)
    assert [more.index(image) for image in images] == [0, 3, 6]
    assert augment(images, times=2, keep_originals=False) == [image for i, image in enumerate(more) if i % 3]


def test_the_seed_decides_and_nothing_else() -> None:
    images = [photograph(seed) for seed in range(4)]
    first = augment(images, times=3, seed=7, keep_originals=False)
    assert augment(images, times=3, seed=7, keep_originals=False) == first
    other = augment(images, times=3, seed=8, keep_originals=False)
    assert all(one != another for one, another in zip(first, other, strict=True))
    assert len({image.tobytes() for image in first}) == 12


@settings(max_examples=20, deadline=None)
@given(order=st.permutations(range(4)), kept=st.integers(1, 4), times=st.integers(1, 3))
def test_variants_depend_on_no_companion_and_no_place(order: list[int], kept: int, times: int) -> None:
    images = np.stack([np.asarray(photograph(seed)) for seed in range(4)])
    whole = augment(images, times=3, keep_originals=False).reshape(4, 3, *images.shape[1:])
    chosen = order[:kept]
    some = augment(images[chosen], times=times, keep_originals=False).reshape(kept, times, *images.shape[1:])
    assert np.array_equal(some, whole[chosen, :times])


def test_an_image_file_and_an_array_of_it_have_the_same_variants(tmp_path: Path) -> None:
    image = photograph(1)
    image.save(tmp_path / "image.png")
    from_file = augment(tmp_path / "image.png", times=2)
    whole = augment(np.asarray(image)[None], times=2)
    floating = augment(np.asarray(image)[None] / 255, times=2)
    assert [np.array_equal(np.asarray(made), array) for made, array in zip(from_file, whole, strict=True)] == [True] * 3
    assert np.abs(floating * 255 - whole).max() <= 0.5001


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32", "float64"])
@pytest.mark.parametrize("shape", [(2, 28, 28), (2, 20, 30, 1), (2, 20, 30, 2), (2, 20, 30, 3), (2, 20, 30, 4)])
def test_a_stack_comes_back_as_a_stack_of_the_same_type(shape: tuple[int, ...], dtype: str) -> None:
    levels = np.random.default_rng(0).random(shape)
    scale = np.iinfo(dtype).max if dtype.startswith("u") else 1
    stack = (levels * scale).astype(dtype)
    before = stack.copy()
    more = augment(stack, times=2, policy="strong")
    assert more.shape == (6, *shape[1:])
    assert more.dtype == dtype
    assert np.array_equal(more[::3], before)
    assert np.array_equal(stack, before)
    assert not np.array_equal(more[1], more[2])
    assert more.min() >= 0
    assert more.max() <= scale


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
def test_modes_of_pillow_are_kept(mode: str) -> None:
    image = photograph(2, mode)
    more = augment([image], times=2, policy="strong")
    assert [made.mode for made in more] == [mode] * 3
    assert [made.size for made in more] == [image.size] * 3
    assert more[0] == image
    assert more[0] is not image


@pytest.mark.parametrize(("mode", "becomes"), [("1", "L"), ("P", "RGB"), ("CMYK", "RGB"), ("HSV", "RGB")])
def test_other_modes_become_rgb_or_gray(mode: str, becomes: str) -> None:
    image = photograph(2, "RGB").convert(mode)
    assert [made.mode for made in augment([image], times=1)] == [becomes] * 2


def test_sixteen_bits_stay_sixteen_bits() -> None:
    deep = Image.fromarray(np.linspace(0, 65_535, 40 * 30).reshape(30, 40).astype(np.uint16))
    made = augment([deep], times=1, policy=only(brightness=0.3))[1]
    assert made.mode == "I;16"
    assert len(np.unique(np.asarray(made))) > 256


def test_the_profile_stays_with_the_picture() -> None:
    image = photograph(2)
    image.info["icc_profile"] = b"a profile"
    assert [made.info["icc_profile"] for made in augment([image], times=1)] == [b"a profile"] * 2


def test_a_policy_of_nothing_changes_nothing() -> None:
    stack = np.random.default_rng(0).integers(0, 256, (3, 9, 7, 3), dtype=np.uint8)
    assert np.array_equal(augment(stack, times=2, policy=NOTHING), np.repeat(stack, 3, axis=0))


def arrow() -> np.ndarray:
    """Draw a picture whose left half is white."""
    picture = np.zeros((40, 40), dtype=np.uint8)
    picture[:, :20] = 255
    return picture


def test_letters_are_never_mirrored_but_photographs_are() -> None:
    def mirrored(policy: object) -> int:
        made = augment(arrow()[None], times=60, policy=policy, keep_originals=False)
        return sum(bool(image[:, :20].mean() < image[:, 20:].mean()) for image in made)

    assert mirrored("text") == 0
    assert mirrored(AugmentationPolicy(horizontal_flip=False)) == 0
    assert 20 <= mirrored("standard") <= 40


def test_without_a_mirror_all_else_is_as_before() -> None:
    image = np.asarray(photograph(4))[None]
    with_mirror = augment(image, times=8, policy=AugmentationPolicy(noise=0, rotation=0, shift=0, crop=0))
    without = augment(
        image, times=8, policy=AugmentationPolicy(noise=0, rotation=0, shift=0, crop=0, horizontal_flip=False)
    )
    difference = [
        min(np.abs(a.astype(int) - b).max(), np.abs(a[:, ::-1].astype(int) - b).max())
        for a, b in zip(with_mirror, without, strict=True)
    ]
    assert max(difference) <= 1


def test_each_change_stays_within_its_range() -> None:
    gray = np.full((1, 50, 50), 0.5)
    bright = augment(gray, times=80, policy=only(brightness=0.2), keep_originals=False).mean(axis=(1, 2))
    assert 0.4 <= bright.min() < 0.42
    assert 0.58 < bright.max() <= 0.6
    noisy = augment(gray, times=40, policy=only(noise=0.1), keep_originals=False).std(axis=(1, 2))
    assert 0.07 < noisy.max() < 0.105
    halves = np.stack([arrow()]) / 255
    contrast = augment(halves, times=80, policy=only(contrast=0.5), keep_originals=False)
    assert contrast.min() == 0
    assert 0.24 < contrast.min(axis=(1, 2)).max() <= 0.2501


def center_of_light(image: np.ndarray) -> tuple[float, float]:
    rows, columns = np.mgrid[: image.shape[0], : image.shape[1]]
    return float((image * columns).sum() / image.sum()), float((image * rows).sum() / image.sum())


def spot() -> np.ndarray:
    picture = Image.new("L", (101, 101))
    ImageDraw.Draw(picture).ellipse((45, 45, 55, 55), fill=255)
    return np.asarray(picture) / 255


def test_a_shift_moves_by_its_share_of_the_side_and_no_further() -> None:
    made = augment(spot()[None], times=80, policy=only(shift=0.2, fill="black"), keep_originals=False)
    moved = np.array([center_of_light(image) for image in made]) - 50
    assert 19 < np.abs(moved).max() <= 20.21


def test_a_rotation_turns_about_the_centre() -> None:
    picture = np.zeros((101, 101))
    picture[48:53, 80:91] = 1
    made = augment(picture[None], times=80, policy=only(rotation=20, fill="black"), keep_originals=False)
    angles = [np.degrees(np.arctan2(y - 50, x - 50)) for x, y in map(center_of_light, made)]
    assert -20.1 <= min(angles) < -18
    assert 18 < max(angles) <= 20.1


def test_a_zoom_keeps_proportions_and_a_crop_only_enlarges() -> None:
    def areas(policy: AugmentationPolicy) -> np.ndarray:
        return augment(spot()[None], times=60, policy=policy, keep_originals=False).sum(axis=(1, 2)) / spot().sum()

    zoomed = areas(only(zoom=0.25, fill="black"))
    assert 1 / 1.25**2 * 0.95 < zoomed.min() < 0.75
    assert 1.45 < zoomed.max() < 1.25**2 * 1.05
    assert areas(only(crop=0.3)).min() > 0.97


def test_what_fills_the_border() -> None:
    white = np.ones((1, 30, 30))
    assert augment(white, times=5, policy=only(shift=0.5, fill="black")).min() == 0
    assert augment(1 - white, times=5, policy=only(shift=0.5, fill="white")).max() == 1
    for fill in ("reflect", "edge"):
        assert augment(white, times=5, policy=only(shift=0.5, rotation=90, fill=fill)).min() == pytest.approx(
            1, abs=1e-5
        )


def test_hidden_colours_do_not_bleed_into_view() -> None:
    image = Image.new("RGBA", (40, 40), (255, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((10, 10, 29, 29), fill=(0, 0, 255, 255))
    for made in augment([image], times=6, policy=only(rotation=40, zoom=0.3), keep_originals=False):
        values = np.asarray(made)
        seen = values[values[..., 3] > 20]
        assert seen[:, 0].max() <= 3
        assert values[..., 3].max() == 255


def test_opaque_pictures_stay_opaque() -> None:
    for fill in ("reflect", "edge", "black", "white"):
        made = augment([photograph(3, "RGB").convert("RGBA")], times=4, policy=only(rotation=40, shift=0.3, fill=fill))
        assert min(np.asarray(image)[..., 3].min() for image in made) == 255


@settings(max_examples=40, deadline=None)
@given(
    width=st.integers(1, 70),
    height=st.integers(1, 70),
    channels=st.integers(1, 4),
    name=st.sampled_from(sorted(POLICIES)),
    seed=st.integers(0, 2**40),
)
def test_any_size_and_number_of_channels(width: int, height: int, channels: int, name: str, seed: int) -> None:
    image = np.random.default_rng(seed).integers(0, 256, (height, width, channels), dtype=np.uint8)
    made = augment([image], times=2, policy=name, seed=seed)
    assert [(array.shape, array.dtype) for array in made] == [(image.shape, image.dtype)] * 3


def test_a_long_strip() -> None:
    strip = np.asarray(photograph(1, size=(40_000, 3)))
    assert augment([strip], times=1)[1].shape == (3, 40_000, 3)


def test_labels_come_back_as_what_they_were() -> None:
    stack = np.zeros((2, 5, 5), dtype=np.uint8)
    assert augment(stack, (1, 2), times=1)[1] == [1, 1, 2, 2]
    numbers = augment(stack, np.array([[0, 1], [1, 0]]), times=1)[1]
    assert numbers.tolist() == [[0, 1], [0, 1], [1, 0], [1, 0]]
    assert augment(stack, (letter for letter in "xy"), times=1)[1] == ["x", "x", "y", "y"]
    series = augment(stack, pd.Series(["a", "b"], index=[9, 4], name="code"), times=1)[1]
    pd.testing.assert_series_equal(series, pd.Series(["a", "a", "b", "b"], name="code"))


def test_images_in_any_form_at_once(tmp_path: Path) -> None:
    photograph(1).save(tmp_path / "one.png")
    stream = io.BytesIO()
    photograph(2).save(stream, "PNG")
    made = augment([tmp_path / "one.png", stream.getvalue(), photograph(3), np.asarray(photograph(4))], times=1)
    assert [type(image) is np.ndarray for image in made] == [False] * 6 + [True] * 2
    assert len(list(augment((photograph(seed) for seed in range(2)), times=1))) == 4


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: augment([]), "no images"),
        (lambda: augment(np.zeros((70, 784), np.uint8)), "reshape"),
        (lambda: augment(np.zeros((20, 30, 3), np.uint8)), r"images\[None\]"),
        (lambda: augment(np.zeros((1, 5, 5)) + 17.0), "Divide by 255"),
        (lambda: augment(np.full((1, 5, 5), np.nan)), "not a number. Fill"),
        (lambda: augment(np.full((1, 5, 5), 1e300)), "from 0 to 1"),
        (lambda: augment(np.zeros((1, 5, 5), np.int64)), "int64"),
        (lambda: augment([np.zeros((0, 4), np.uint8)]), "at least one pixel"),
        (lambda: augment([np.zeros((4, 4, 7), np.uint8)]), "1 to 4 channels"),
        (lambda: augment([photograph(1)], ["a", "b"]), "1 images but 2 labels"),
        (lambda: augment([photograph(1)], "a"), "labels='a'"),
        (lambda: augment([photograph(1)], 5), "labels=5"),
        (lambda: augment([photograph(1)], {"a"}), "no list of labels"),
        (lambda: augment({"a.jpg", "b.jpg"}, ["a", "b"]), "no order"),
        (lambda: augment(pd.DataFrame({"path": ["a.jpg"]})), r'table\["path"\]'),
        (lambda: augment([photograph(1)], times=0), "times=0"),
        (lambda: augment([photograph(1)], times=True), "times=True"),
        (lambda: augment([photograph(1)], seed=-1), "seed=-1"),
        (lambda: augment([photograph(1)], policy="wild"), "light, standard, strong, text"),
        (lambda: AugmentationPolicy(rotation=181), "rotation=181"),
        (lambda: AugmentationPolicy(crop=1.0), "below 1"),
        (lambda: AugmentationPolicy(noise=float("nan")), "noise"),
        (lambda: AugmentationPolicy(horizontal_flip=1), "True or False"),  # type: ignore[arg-type]
        (lambda: AugmentationPolicy(fill="grey"), "reflect, edge, black, white"),
    ],
)
def test_wrong_arguments_are_told(call: object, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        call()  # type: ignore[operator]


def test_a_broken_file_is_an_error_and_not_a_gap(tmp_path: Path) -> None:
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 nothing more")
    with pytest.raises(MediumError):
        augment([photograph(1), tmp_path / "broken.jpg"], ["a", "b"])


def test_policies_have_names_and_do_not_change() -> None:
    assert read_policy("standard") == AugmentationPolicy()
    assert list(POLICIES) == ["light", "standard", "strong", "text"]
    with pytest.raises(dataclasses.FrozenInstanceError):
        read_policy("light").rotation = 3  # type: ignore[misc]
