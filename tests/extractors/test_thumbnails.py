"""Thumbnails are small, JPEG, and of the pictures that are asked for alone."""

import base64
import io

import pytest
from PIL import Image

from tidymedia.extractors.registry import make_extractor
from tidymedia.media.picture import THUMB, Picture


@pytest.mark.parametrize(("size", "expected"), [((800, 400), (100, 50)), ((40, 30), (40, 30)), ((3, 900), (1, 100))])
def test_they_fit_their_side(size: tuple[int, int], expected: tuple[int, int]) -> None:
    shared = Image.new("RGB", size, "red")
    thumbnails = make_extractor("thumbnails", {"side": "100"})
    ((_, values),) = thumbnails.from_picture(Picture(0, *size, lambda _: shared))  # type: ignore[attr-defined]
    with Image.open(io.BytesIO(base64.b64decode(values["jpeg"]))) as image:
        assert (image.format, image.size) == ("JPEG", expected)
    assert shared.size == size  # others share the image
    assert thumbnails.size is THUMB  # type: ignore[attr-defined]


def test_only_the_pictures_that_are_asked_for() -> None:
    thumbnails = make_extractor("thumbnails", {"numbers": (0, 2)})
    assert [thumbnails.wants_more(index) for index in range(4)] == [True, True, True, False]  # type: ignore[attr-defined]
    pictures = [Picture(index, 9, 9, lambda _: Image.new("RGB", (9, 9))) for index in range(4)]
    assert [thumbnails.wants_image(picture) for picture in pictures] == [True, False, True, False]  # type: ignore[attr-defined]
    assert [len(list(thumbnails.from_picture(picture))) for picture in pictures] == [1, 0, 1, 0]  # type: ignore[attr-defined]


def test_the_first_picture_alone_where_none_is_named() -> None:
    thumbnails = make_extractor("thumbnails", {})
    assert [thumbnails.wants_more(index) for index in range(2)] == [True, False]  # type: ignore[attr-defined]
