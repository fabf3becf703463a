from __future__ import annotations

import io
import warnings
from pathlib import Path

import matplotlib
import matplotlib.figure
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from tidymedia.errors import MediumError, UsageError
from tidymedia.images.arrays import to_array
from tidymedia.images.channel_matrix import CHANNELS
from tidymedia.images.figure_text import drawable, shortened
from tidymedia.images.figures import plot_channels, show
from tidymedia.images.picture_grid import choose_columns, flat_picture

MODES = sorted(CHANNELS)


def stripes(width: int = 80, height: int = 60) -> Image.Image:
    image = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(image).rectangle((0, 0, width // 2, height), fill=(200, 30, 60))
    return image


def saved(figure: matplotlib.figure.Figure) -> Image.Image:
    stream = io.BytesIO()
    figure.savefig(stream, format="png")
    return Image.open(stream).convert("RGB")


def texts(figure: matplotlib.figure.Figure) -> list[str]:
    return [text.get_text() for text in figure.texts]


def at(figure: matplotlib.figure.Figure, place: int, x: float, y: float) -> tuple[int, int, int]:
    """Read the colour that is drawn at a share of an axes, from its top left."""
    picture, box = saved(figure), figure.axes[place].get_position()
    column, row = box.x0 + x * box.width, 1 - box.y1 + y * box.height
    return picture.getpixel((int(column * picture.width), int(row * picture.height)))  # type: ignore[return-value]


def test_each_picture_has_its_axes_and_its_name(tmp_path: Path) -> None:
    for folder, name in (("a", "x.png"), ("b", "x.png"), ("b", "other.jpg")):
        (tmp_path / folder).mkdir(exist_ok=True)
        stripes().save(tmp_path / folder / name)
    figure = show(sorted(tmp_path.rglob("*.*")))
    assert isinstance(figure, matplotlib.figure.Figure)
    assert len(figure.axes) == 3
    assert all(len(axes.images) == 1 for axes in figure.axes)
    assert texts(figure) == ["a/x.png", "other.jpg", "b/x.png"]
    assert len(saved(figure).getcolors(1_000_000) or ()) > 10


def test_what_is_drawn_is_the_picture() -> None:
    figure = show([stripes(), Image.new("L", (50, 50), 128)])
    assert at(figure, 0, 0.2, 0.5) == (200, 30, 60)
    assert at(figure, 0, 0.9, 0.5) == (255, 255, 255)
    assert at(figure, 1, 0.5, 0.5) == (128, 128, 128)


@pytest.mark.parametrize("size", [(80, 60), (60, 80), (300, 20), (20, 300), (1, 1), (1000, 1), (1, 1000)])
def test_pictures_keep_their_proportions(size: tuple[int, int]) -> None:
    figure = show([stripes(*size), stripes()])
    box = figure.axes[0].get_window_extent()
    if min(size) > 1:
        assert box.width / box.height == pytest.approx(size[0] / size[1], rel=0.01)
    assert box.width >= 1
    assert box.height >= 1
    assert figure.bbox.containsx(box.x0)
    assert figure.bbox.containsx(box.x1)


@settings(max_examples=25, deadline=None)
@given(shapes=st.lists(st.tuples(st.integers(1, 90), st.integers(1, 90)), min_size=1, max_size=14), data=st.data())
def test_nothing_overlaps_and_all_is_inside(shapes: list[tuple[int, int]], data: st.DataObject) -> None:
    columns = data.draw(st.one_of(st.none(), st.integers(1, 6)))
    figure = show([Image.new("L", shape) for shape in shapes], columns=columns)
    boxes = [axes.get_position() for axes in figure.axes]
    for place, box in enumerate(boxes):
        assert 0 <= box.x0 < box.x1 <= 1
        assert 0 <= box.y0 < box.y1 <= 1
        for other in boxes[:place]:
            assert box.x0 >= other.x1 or other.x0 >= box.x1 or box.y0 >= other.y1 or other.y0 >= box.y1
    tops = [round(box.y0, 6) for box in boxes]
    assert len(set(tops)) == -(-len(shapes) // (columns or choose_columns(len(shapes))))


def test_one_image_is_enough(tmp_path: Path) -> None:
    stripes().save(tmp_path / "one.png")
    stream = (tmp_path / "one.png").open("rb")
    with stream:
        for source in (str(tmp_path / "one.png"), tmp_path / "one.png", stream, stripes(), np.asarray(stripes())):
            assert len(show(source).axes) == 1
    assert texts(show(tmp_path / "one.png")) == ["one.png"]


def test_arrays_of_one_and_of_many() -> None:
    digits = np.zeros((7, 28, 28), dtype=np.uint8)
    assert len(show(digits).axes) == 7
    assert len(show(digits[0]).axes) == 1
    assert len(show(np.zeros((2, 30, 40, 3))).axes) == 2
    assert texts(show(digits[:2], titles=[5, None])) == ["5", ""]


def test_what_is_transparent_shows_a_checkerboard() -> None:
    image = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((32, 0, 63, 63), fill=(10, 200, 30, 255))
    figure = show(image)
    colors = {at(figure, 0, 0.05 + step * 0.0625, 0.05) for step in range(6)}
    assert colors == {(255, 255, 255), (217, 217, 217)}
    assert at(figure, 0, 0.9, 0.5) == (10, 200, 30)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "HSV", "LAB", "YCbCr", "F", "I", "I;16"])
def test_any_mode_is_drawn(mode: str) -> None:
    image = (
        Image.new("I;16", (20, 20), 999) if mode == "I;16" else stripes(20, 20).convert("L" if mode in "FI" else "RGB")
    )
    if mode not in ("I;16", "RGB", "HSV", "LAB"):
        image = image.convert(mode)
    assert len(show(image).axes) == 1


def test_a_broken_file_keeps_its_place_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 nothing more")
    figure = show([stripes(), tmp_path / "broken.jpg", stripes()])
    assert [len(axes.images) for axes in figure.axes] == [1, 0, 1]
    assert texts(figure)[2] == "broken.jpg"
    assert "broken.jpg" in texts(figure)[1]
    assert str(tmp_path) not in texts(figure)[1].replace("\n", "")
    saved(figure)
    with pytest.raises(MediumError, match=r"broken\.jpg"):
        show(tmp_path / "broken.jpg")


@pytest.mark.parametrize(
    "name", ["cost $5 and $6.png", "a_{b}^c.png", r"\alpha.png", "héllo wörld.png", "emoji \U0001f600\u200d\ufe0f.png"]
)
def test_any_name_can_be_written(name: str) -> None:
    figure = show([stripes()], titles=[name])
    assert texts(figure) == [drawable(name)]
    saved(figure)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_any_title_is_drawn_without_a_warning(title: str) -> None:
    figure = show(Image.new("L", (3, 2)), titles=[title], width=2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        saved(figure)


def test_unknown_letters_are_seen_to_be_missing() -> None:
    assert drawable("\U00013000.png") in ("\N{REPLACEMENT CHARACTER}.png", "\U00013000.png")
    assert drawable("a\u200db\tc\x00d\ne") == "ab c d\ne"


def test_long_titles_lose_their_middle_and_keep_their_lines() -> None:
    name = "a_photograph_from_the_archive_of_the_newspaper_0001.jpg"
    [title] = texts(show([stripes()], titles=[f"{name}\ncat"], width=2))
    first, second = title.split("\n")
    assert second == "cat"
    assert first.startswith("a_ph")
    assert first.endswith(".jpg")
    assert "…" in first
    assert shortened("short.jpg", 2, 8) == "short.jpg"


@settings(max_examples=80, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=60), st.floats(0.3, 4))
def test_a_shortened_line_is_never_longer(text: str, inches: float) -> None:
    short = shortened(text, inches, 8)
    assert len(short) <= max(len(text), 2)
    assert short == text or "…" in short


def test_titles_fit_below_their_pictures() -> None:
    figure = show([stripes()] * 4, titles=["one\ntwo\nthree", "x", "", "m" * 200], columns=2)
    figure.draw_without_rendering()
    for text, axes in zip(figure.texts, figure.axes, strict=True):
        box = text.get_window_extent()
        assert box.y1 <= axes.get_window_extent().y0
        assert box.y0 >= 0
        # Letters of one width: wide ones may take more than was reckoned, never more than the gap to the next.
        assert box.width <= figure.bbox.width / 2 * 1.7


def test_columns_and_width_are_respected() -> None:
    figure = show([stripes()] * 6, columns=3, width=6)
    assert figure.get_size_inches()[0] == 6
    assert len({round(axes.get_position().x0, 4) for axes in figure.axes}) == 3


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: show([]), "no images"),
        (lambda: show([stripes()] * 201), "200"),
        (lambda: show(np.zeros((2, 2, 2, 2, 2))), "no images"),
        (lambda: show([stripes()], titles=["a", "b"]), "1 images but 2 titles"),
        (lambda: show([stripes()], titles=3), "titles=3"),  # type: ignore[arg-type]
        (lambda: show([stripes()], columns=0), "columns=0"),
        (lambda: show([stripes()], columns=2.0), "columns=2.0"),  # type: ignore[arg-type]
        (lambda: show([stripes()], width=float("nan")), "width=nan"),
        (lambda: show([stripes()], columns=20, width=3), "no room"),
        (lambda: plot_channels(stripes(), mode="XYZ"), "RGB"),  # type: ignore[arg-type]
        (lambda: plot_channels(stripes(), size=25), "size=25"),
        (lambda: plot_channels(stripes(), size=True), "size=True"),
    ],
)
def test_wrong_arguments_are_told(call: object, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        call()  # type: ignore[operator]


@pytest.mark.parametrize("mode", MODES)
def test_a_matrix_for_each_channel_with_the_numbers_of_the_array(mode: str) -> None:
    values = np.random.default_rng(0).integers(0, 256, (4, 6, 3), dtype=np.uint8)
    figure = plot_channels(Image.fromarray(values), mode=mode)  # type: ignore[arg-type]
    expected = to_array(Image.fromarray(values), mode=mode).reshape(4, 6, -1)  # type: ignore[arg-type]
    assert len(figure.axes) == 1 + expected.shape[2]
    for channel, axes in enumerate(figure.axes[1:]):
        written = np.array([int(text.get_text()) for text in axes.texts]).reshape(4, 6)
        assert np.array_equal(written, expected[..., channel])
    assert np.array_equal(np.asarray(figure.axes[0].images[0].get_array()), values)
    assert [label.get_text() for label in figure.axes[1].get_xticklabels()] == list("012345")
    names = [channel.name for channel in CHANNELS[mode]]
    assert texts(figure)[-len(names) :] == names
    assert len(saved(figure).getcolors(1_000_000) or ()) > 50


def test_cells_have_the_colour_of_their_channel() -> None:
    figure = plot_channels(np.array([[[255, 0, 128]]], dtype=np.uint8))
    cells = [np.asarray(axes.images[0].get_array())[0, 0].tolist() for axes in figure.axes]
    assert cells == [[255, 0, 128], [255, 0, 0], [0, 0, 0], [0, 0, 128]]
    ink = plot_channels(np.array([[[0, 255, 255]]], dtype=np.uint8), mode="CMYK")
    assert np.asarray(ink.axes[1].images[0].get_array())[0, 0].tolist() == [0, 255, 255]
    assert np.asarray(ink.axes[2].images[0].get_array())[0, 0].tolist() == [255, 255, 255]


@pytest.mark.parametrize("mode", MODES)
def test_numbers_can_be_read_in_their_cells(mode: str) -> None:
    levels = np.stack([np.arange(0, 256, 12), np.arange(255, -1, -12), np.full(22, 90)], axis=-1).astype(np.uint8)
    figure = plot_channels(levels[None], mode=mode, size=24)  # type: ignore[arg-type]

    def luminance(color: np.ndarray) -> float:
        linear = np.where(color <= 0.04045, color / 12.92, ((color + 0.055) / 1.055) ** 2.4)
        return float(linear @ np.array([0.2126, 0.7152, 0.0722]))

    for axes in figure.axes[1:]:
        cells = np.asarray(axes.images[0].get_array()) / 255
        for column, text in enumerate(axes.texts):
            low, high = sorted([luminance(cells[0, column]), float(text.get_color() == "white")])
            assert (high + 0.05) / (low + 0.05) >= 4.5


def test_numbers_fit_into_their_cells() -> None:
    figure = plot_channels(Image.new("RGB", (24, 24), "white"), size=24)
    figure.draw_without_rendering()
    axes = figure.axes[1]
    cell = axes.get_window_extent().width / 24
    assert max(text.get_window_extent().width for text in axes.texts) < cell * 0.8
    assert {text.get_text() for text in axes.texts} == {"255"}


def test_each_number_is_the_mean_of_its_part() -> None:
    values = np.zeros((8, 8), dtype=np.uint8)
    values[:4, :4] = np.arange(16).reshape(4, 4) * 10
    figure = plot_channels(values, mode="L", size=2)
    assert [text.get_text() for text in figure.axes[1].texts] == ["75", "0", "0", "0"]


def test_the_title_tells_file_and_size(tmp_path: Path) -> None:
    stripes(200, 100).save(tmp_path / "stripes.png")
    title, shape = texts(plot_channels(tmp_path / "stripes.png", size=4))[:2]
    assert title == "stripes.png in RGB, reduced from 200 x 100 pixels"
    assert shape == "array of shape (2, 4, 3): rows, columns, channels; levels 0 to 255"
    assert texts(plot_channels(stripes(3, 2), mode="L"))[0] == "Image in L"


@pytest.mark.parametrize("size", [(1, 1), (3000, 2), (2, 3000)])
def test_strange_shapes_of_matrices(size: tuple[int, int]) -> None:
    figure = plot_channels(stripes(*size))
    assert len(figure.axes[1].texts) <= 10
    saved(figure)


def test_an_image_in_cmyk_shows_its_own_inks() -> None:
    image = Image.new("CMYK", (40, 20), (10, 200, 30, 90))
    figure = plot_channels(image, mode="CMYK", size=2)
    assert [axes.texts[0].get_text() for axes in figure.axes[1:]] == ["10", "200", "30", "90"]
    assert at(figure, 0, 0.5, 0.5) == flat_picture(image).getpixel((0, 0))


def test_opacity_is_a_channel_of_its_own() -> None:
    image = Image.new("RGBA", (2, 1), (9, 8, 7, 60))
    figure = plot_channels(image, mode="RGBA")
    assert [text.get_text() for axes in figure.axes[1:] for text in axes.texts[:1]] == ["9", "8", "7", "60"]


def test_a_missing_file_is_told() -> None:
    with pytest.raises(MediumError, match=r"nowhere\.png"):
        plot_channels("nowhere.png")


def test_notebooks_show_figures_and_nothing_global_changes() -> None:
    import sys

    before = dict(matplotlib.rcParams)
    loaded = "matplotlib.pyplot" in sys.modules
    figure = show([stripes()])
    assert figure._repr_png_().startswith(b"\x89PNG")  # type: ignore[attr-defined]
    plot_channels(stripes())
    assert dict(matplotlib.rcParams) == before
    assert ("matplotlib.pyplot" in sys.modules) == loaded
