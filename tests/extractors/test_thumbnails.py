"""Thumbnails are small, JPEG, and of the first pictures alone."""

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


def test_only_the_first_pictures() -> None:
    thumbnails = make_extractor("thumbnails", {"most_pictures": 2})
    assert [thumbnails.wants_more(index) for index in range(3)] == [True, True, False]  # type: ignore[attr-defined]
    late = Picture(2, 9, 9, lambda _: Image.new("RGB", (9, 9)))
    assert list(thumbnails.from_picture(late)) == []  # type: ignore[attr-defined]
