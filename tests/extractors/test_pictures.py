"""Every picture is listed, and none is decoded for it."""

from PIL import Image

from tidymedia.extractors.registry import make_extractor
from tidymedia.media.picture import Picture, SizeClass


def refuse(size: SizeClass) -> Image.Image:
    raise AssertionError("decoded for nothing")


def test_a_picture_is_listed_without_being_decoded() -> None:
    pictures = make_extractor("pictures")
    picture = Picture(4, 640, 480, refuse, page=2, frame=None, time_ms=None)
    assert not pictures.wants_image(picture)  # type: ignore[attr-defined]
    ((table, values),) = pictures.from_picture(picture)  # type: ignore[attr-defined]
    assert table == "pictures"
    assert values == {"picture": 4, "page": 2, "frame": None, "time_ms": None, "width": 640, "height": 480}
