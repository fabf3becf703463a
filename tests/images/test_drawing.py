"""Drawing: boxes where they are, labels that can be read, lie in the picture and do not cover one another."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageChops

import image_makers as make
import tidymedia as tm
from tidymedia.errors import UsageError
from tidymedia.images.label_font import label_font, one_line
from tidymedia.images.label_layout import Place, place_labels
from tidymedia.images.mark_colors import PALETTE, colors_of, ink_on
from tidymedia.images.marks import marks_of

MEDIA = Path(__file__).resolve().parents[2] / "examples" / "media"
BOX = {"box_x": 60.0, "box_y": 50.0, "box_width": 80.0, "box_height": 60.0}


def table(**more: object) -> pd.DataFrame:
    return pd.DataFrame([{"label": "dog", "score": 0.81, **BOX, **more}])


def pixels(image: Image.Image) -> NDArray[np.int64]:
    return np.asarray(image).astype(np.int64)


@pytest.mark.parametrize("ground", ["white", "black", "yellow", "gray"])
def test_a_box_is_drawn_where_it_is_on_any_ground(ground: str) -> None:
    image = Image.new("RGB", (240, 180), ground)
    drawn = tm.draw(image, table(), colors="yellow", width=3, labels=False)
    assert drawn.mode == "RGB"
    for point in ((60, 80), (140, 80), (100, 50), (100, 110)):
        assert drawn.getpixel(point) == (255, 255, 0)
    changed = ImageChops.difference(image, drawn).convert("L").point(lambda level: 255 * (level > 60))
    left, top, right, bottom = changed.getbbox() or (0, 0, 0, 0)
    assert (left, top, right, bottom) == pytest.approx((58, 48, 143, 113), abs=2), "the dark margin is seen"
    assert drawn.getpixel((100, 80)) == image.getpixel((100, 80))


@pytest.mark.parametrize("factor", [1, 4, 12])
def test_lines_and_letters_grow_with_the_picture(factor: int) -> None:
    size = (350 * factor, 260 * factor)
    scaled = table(**{name: value * factor for name, value in BOX.items()})
    drawn = pixels(tm.draw(Image.new("RGB", size, "white"), scaled, colors="red"))
    row = drawn[80 * factor, : 100 * factor]
    assert abs(int((row == (255, 0, 0)).all(axis=1).sum()) - factor) <= 1
    plate = (drawn[: 48 * factor] == (255, 0, 0)).all(axis=2)
    high = np.flatnonzero(plate.any(axis=1))
    assert 0.02 * size[0] < high.max() - high.min() < max(20, 0.06 * size[0])


def test_the_picture_in_hand_stays_as_it_is() -> None:
    image = Image.new("RGB", (240, 180), "white")
    before = image.tobytes()
    tm.draw(image, [table(), np.ones((180, 240), np.bool_)])
    assert image.tobytes() == before


def test_the_label_is_written_on_a_plate_of_its_colour() -> None:
    white = Image.new("RGB", (240, 180), "white")
    drawn = pixels(tm.draw(white, table(), colors={"dog": "#ffff00"}))
    plate = (drawn == (255, 255, 0)).all(axis=2)
    assert plate[30:48, 60:110].sum() > 300
    assert (drawn[30:48, 60:110].sum(axis=2) < 100).sum() > 50, "black letters"
    without = pixels(tm.draw(white, table(), colors={"dog": "#ffff00"}, labels=False))
    assert not (without[:44] == (255, 255, 0)).all(axis=2).any()


def test_what_is_written() -> None:
    assert marks_of(table(), True)[0].text == "dog 0.81"
    assert marks_of(table(), False)[0].text == ""
    assert marks_of(table(), "score")[0].text == "0.81"
    assert marks_of(table(name="Ann"), True)[0].text == "Ann 0.81"
    assert marks_of(table(name="Ann"), ["label", "name"])[0].text == "dog Ann"
    assert marks_of(table(label=None), True)[0].text == "0.81"
    words = table(text="STOP\nTHE PRESSES").drop(columns="label")
    assert marks_of(words, True)[0].text == "STOP\nTHE PRESSES", "of a text no score is written"
    with pytest.raises(UsageError, match=r"no column color to write.*label, score"):
        tm.draw(Image.new("RGB", (9, 9)), table(), labels="color")


def test_landmarks_of_a_face() -> None:
    face = table(left_eye_x=80.0, left_eye_y=70.0, right_eye_x=120.0, right_eye_y=70.0, nose_x=np.nan, nose_y=85.0)
    drawn = tm.draw(Image.new("RGB", (240, 180), "white"), face, colors="red", width=3, labels=False)
    assert drawn.getpixel((80, 70)) == drawn.getpixel((120, 70)) == (255, 0, 0)
    assert drawn.getpixel((100, 85)) == (255, 255, 255)


PLACES = st.lists(
    st.tuples(st.integers(-20, 380), st.integers(-20, 280), st.integers(1, 200), st.integers(1, 150)), max_size=25
)


@given(PLACES, st.integers(5, 160), st.integers(5, 40))
def test_labels_lie_in_the_picture_and_never_on_one_another(
    boxes: list[tuple[int, int, int, int]], wide: int, high: int
) -> None:
    anchors = [Place(left, top, left + across, top + down) for left, top, across, down in boxes]
    sizes: list[tuple[int, int] | None] = [None if number % 5 == 4 else (wide, high) for number in range(len(boxes))]
    placed = place_labels(anchors, sizes, (400, 300))
    assert len(placed) == len(boxes)
    assert all(place is None for place, size in zip(placed, sizes, strict=True) if size is None)
    kept = [place for place in placed if place is not None]
    for number, place in enumerate(kept):
        assert (place.right - place.left, place.bottom - place.top) == pytest.approx((wide, high))
        assert place.left >= 0
        assert place.top >= 0
        assert place.right <= 400 + 1e-9
        assert place.bottom <= 300 + 1e-9
        assert all(place.shared(other) == 0 for other in kept[:number])


def test_twenty_labels_at_one_place_all_find_room() -> None:
    placed = place_labels([Place(180, 140, 220, 160)] * 20, [(60, 14)] * 20, (400, 300))
    assert None not in placed


def test_a_label_that_is_too_large_is_cut_or_left_out() -> None:
    font = label_font(12)
    assert font.fitted("a long label", 500) == "a long label"
    cut = font.fitted("a long label", 40)
    assert cut.endswith("…")
    assert font.width(cut) <= 40
    assert font.fitted("a long label", 3) == ""
    tiny = tm.draw(Image.new("RGB", (4, 3), "white"), table(box_x=0, box_y=0, box_width=3, box_height=2))
    assert tiny.size == (4, 3)
    assert place_labels([Place(0, 0, 3, 2)], [(40, 12)], (4, 3)) == [None]


@pytest.mark.parametrize("text", ["Grün", "Проверка", "中文标签", "عربى", "👍", "", "\x00\x07", "a\tb\nc" * 300])
def test_any_text_can_be_written(text: str) -> None:
    drawn = tm.draw(Image.new("RGB", (240, 180), "white"), table(label=text))
    assert drawn.size == (240, 180)
    assert len(one_line(text)) <= 60


def test_boxes_that_leave_the_picture_or_are_missing() -> None:
    rows = pd.concat(
        [
            table(box_x=-50, box_y=-50, box_width=400, box_height=300),
            table(box_x=np.nan),
            table(box_width=0),
            table(box_x=1e7),
        ]
    )
    assert len(marks_of(rows, True)) == 2
    assert tm.draw(Image.new("RGB", (240, 180), "white"), rows).size == (240, 180)
    empty = Image.new("RGB", (24, 18), "teal")
    assert tm.draw(empty, table().iloc[:0]).tobytes() == empty.tobytes()


def test_colours_follow_from_labels() -> None:
    assert colors_of(["car", "dog"])["dog"] == colors_of(["dog"])["dog"]
    ten = colors_of([f"label {number}" for number in range(len(PALETTE))])
    assert len(set(ten.values())) == len(PALETTE), "ten labels have ten colours"
    assert colors_of(["a", "b"], "navy") == {"a": (0, 0, 128), "b": (0, 0, 128)}
    assert colors_of(["a", "b"], {"a": (1, 2, 3)})["a"] == (1, 2, 3)
    for color in PALETTE:
        assert ink_on(color) == (0, 0, 0), "black on light plates"
    with pytest.raises(UsageError, match="is no colour"):
        tm.draw(Image.new("RGB", (9, 9)), table(), colors="no colour")


def test_a_mask_and_a_label_map() -> None:
    image = Image.new("RGB", (120, 80), (100, 100, 100))
    mask = np.zeros((80, 120), np.bool_)
    mask[:, :60] = True
    for form in (mask, mask.astype(float), mask.astype(np.uint8) * 255, Image.fromarray(mask)):
        drawn = pixels(tm.draw(image, form, colors="red"))  # type: ignore[arg-type]  # an image will do as well
        assert drawn[40, 20, 0] > 150 > 100 > drawn[40, 20, 1]
        assert drawn[40, 90].tolist() == [100, 100, 100]
    classes = np.zeros((8, 12), np.uint8)
    classes[:, 6:9], classes[:, 9:] = 4, 7
    drawn = pixels(tm.draw(image, classes, labels={4: "sea", 7: "sky"}, colors={"sea": "blue", "sky": "red"}))
    assert drawn[70, 75, 2] > 150
    assert drawn[70, 110, 0] > 150
    assert drawn[70, 20].tolist() == [100, 100, 100], "0 is background"
    named = pixels(tm.draw(image, classes, labels={0: "ground"}, colors={"ground": "lime"}))
    assert named[70, 20, 1] > 150


def test_rows_with_masks_show_them_instead_of_their_boxes() -> None:
    mask = np.zeros((180, 240), np.float32)
    mask[60:100, 70:130] = 1
    rows = table(score=0.9).assign(mask=[mask])
    drawn = pixels(tm.draw(Image.new("RGB", (240, 180), "gray"), rows, colors="red", labels=False))
    assert drawn[95, 80, 0] > 150 > drawn[95, 80, 1]
    assert drawn[70, 60].tolist() == [128, 128, 128], "no box"
    astronaut = MEDIA / "photographs" / "astronaut.jpg"
    person = tm.draw(astronaut, tm.mask(astronaut), colors="lime", labels=False)
    change = np.abs(pixels(person) - pixels(tm.open_image(astronaut))).sum(axis=2)
    assert change[330, 200] > 60, "her suit"
    assert change[20, 480] == 0, "the wall"


def test_a_colour_profile_is_applied_and_does_not_stay() -> None:
    data = make.written(Image.new("RGB", (240, 180), (255, 0, 0)), "PNG", icc_profile=make.swapped_profile())
    drawn = tm.draw(data, table(), labels=False)
    assert "icc_profile" not in drawn.info
    assert drawn.getpixel((5, 5)) == pytest.approx((0, 0, 255), abs=3)


def test_boxes_and_masks_together() -> None:
    drawn = pixels(tm.draw(Image.new("RGB", (240, 180), "white"), [np.full((18, 24), 0.5), table()], colors="red"))
    assert drawn[90, 60].tolist() == [255, 0, 0]
    assert drawn[170, 10, 1] < 255


def test_rows_of_a_study_and_of_several_pictures(tmp_path: Path) -> None:
    study = tm.Study(tmp_path / "study", MEDIA / "photographs")
    study.analyze(["objects"], include=["photographer.png", "astronaut.jpg"], jobs=1)
    rows = study.table("objects")
    photograph = MEDIA / "photographs" / "astronaut.jpg"
    drawn = tm.draw(photograph, rows[rows["path"] == "astronaut.jpg"])
    assert pixels(drawn).shape == (512, 512, 3)
    assert np.abs(pixels(drawn) - pixels(tm.open_image(photograph))).mean() > 1
    with pytest.raises(UsageError, match="rows of 2 pictures"):
        tm.draw(photograph, rows)


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (pd.DataFrame({"label": ["a"]}), "no box_x and no box_y"),
        ("a path", "type str cannot be drawn"),
        (np.zeros((4, 4, 3)), "is no mask"),
        (np.zeros((0, 4)), "is no mask"),
        (np.full((4, 4), np.nan), "not finite"),
        (np.full((4, 4), 7.5), "between 0 and 1"),
        (np.arange(4900).reshape(70, 70), "limit is 1,000"),
        (table(box_x="left"), "no place in a picture"),
    ],
)
def test_what_cannot_be_drawn(found: object, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        tm.draw(Image.new("RGB", (20, 20)), found)  # type: ignore[arg-type]  # each is wrong on purpose


@pytest.mark.parametrize("width", [0, 201, 2.5, True])
def test_widths_out_of_range(width: object) -> None:
    with pytest.raises(UsageError, match="out of range"):
        tm.draw(Image.new("RGB", (20, 20)), table(), width=width)  # type: ignore[arg-type]  # wrong on purpose


def test_pictures_of_every_mode() -> None:
    for mode in ("L", "RGBA", "P", "CMYK", "I;16", "1"):
        assert tm.draw(Image.new(mode, (200, 160)), table()).mode == "RGB"
