"""A picture decodes once a size, and maps boxes back."""

from PIL import Image

from tidymedia.media.picture import FULL, THUMB, Picture, SizeClass, TextBlock


def test_each_size_is_decoded_once_and_apart() -> None:
    asked: list[SizeClass] = []

    def decode(size: SizeClass) -> Image.Image:
        asked.append(size)
        return Image.new("RGB", (8, 6))

    picture = Picture(0, 80, 60, decode)
    assert picture.image(THUMB) is picture.image(THUMB)
    assert picture.image() is picture.image(FULL)
    assert picture.image(FULL) is not picture.image(THUMB)
    assert asked == [THUMB, FULL]


def test_boxes_are_mapped_back_to_the_picture() -> None:
    picture = Picture(0, 800, 300, lambda size: Image.new("RGB", (400, 100)))
    assert picture.box_from((10, 20, 30, 40), picture.image(THUMB)) == (20, 60, 60, 120)
    assert picture.box_from((0, 0, 400, 100), picture.image(THUMB)) == (0, 0, 800, 300)


def test_a_text_layer_is_read_when_asked_for() -> None:
    blocks = [TextBlock("Hello", (1, 2, 3, 4))]
    assert Picture(0, 1, 1, lambda size: Image.new("RGB", (1, 1))).text_layer() == ()
    assert (
        Picture(0, 1, 1, lambda size: Image.new("RGB", (1, 1)), read_text_layer=lambda: blocks).text_layer() == blocks
    )
