"""Pages of TIFF files are counted along their chain, however it is bent."""

import io
import struct

import pytest
from PIL import Image

from tidymedia.media.medium import no_tick
from tidymedia.media.tiff_pages import count_pages


def chain(*following, order="<", big=False):
    """Return directories of no entries; each number says which directory follows, None that none does."""
    mark = b"II" if order == "<" else b"MM"
    if big:
        head, wide, count, width = mark + struct.pack(order + "HHHQ", 43, 8, 0, 16), "Q", "Q", 16
    else:
        head, wide, count, width = mark + struct.pack(order + "HI", 42, 8), "I", "H", 6
    start = len(head)
    parts = [head]
    for after in following:
        parts.append(struct.pack(order + count + wide, 0, 0 if after is None else start + width * after))
    return b"".join(parts)


def counted(data, most=100, tick=no_tick):
    return count_pages(io.BytesIO(data), most, tick)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize(
    ("following", "expected"),
    [
        ((None,), (1, True)),
        ((1, 2, None), (3, True)),
        ((1, 0), (2, True)),
        ((0,), (1, True)),
        ((1, 99), (2, False)),
    ],
)
def test_chains(order, big, following, expected):
    assert counted(chain(*following, order=order, big=big)) == expected


def test_more_than_allowed():
    assert counted(chain(*range(1, 50), None), most=10) == (10, True)


def test_long_chains_tick():
    ticks = []
    assert counted(chain(*range(1, 1000), None), 5000, lambda: ticks.append(1)) == (1000, True)
    assert len(ticks) == 3


@pytest.mark.parametrize("length", range(20))
def test_cut_off_anywhere(length):
    pages, whole = counted(chain(1, None)[:length])
    assert pages <= 1
    assert isinstance(whole, bool)


@pytest.mark.parametrize("options", [{}, {"big_tiff": True}, {"compression": "tiff_lzw"}])
def test_it_counts_as_pillow_does(tmp_path, options):
    frames = [Image.new("L", (5, 5), n) for n in range(7)]
    frames[0].save(tmp_path / "a.tif", save_all=True, append_images=frames[1:], **options)
    with (tmp_path / "a.tif").open("rb") as stream:
        assert count_pages(stream, 100, no_tick) == (7, True)
