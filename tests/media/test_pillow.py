"""What Pillow raises becomes an error of ours; its limits are as before after each call."""

import errno
import io
import struct
import warnings
import zlib

import pytest
from PIL import Image

from tidymedia.errors import BrokenFileError, OverLimitError, UnreadableError
from tidymedia.media.pillow import check_pixels, open_image, pillow_errors
from tidymedia.media.settings import Limits


@pytest.mark.parametrize(
    ("raised", "ours"),
    [
        (ValueError("x"), BrokenFileError),
        (struct.error("x"), BrokenFileError),
        (zlib.error("x"), BrokenFileError),
        (EOFError(), BrokenFileError),
        (ZeroDivisionError(), BrokenFileError),
        (OSError("broken data stream"), BrokenFileError),
        (OSError(errno.EIO, "input/output error"), UnreadableError),
        (MemoryError(), OverLimitError),
        (Image.DecompressionBombError("x"), OverLimitError),
        (Image.DecompressionBombWarning("x"), OverLimitError),
    ],
)
def test_errors_are_ours(raised, ours):
    with pytest.raises(ours, match=r"a\.png") as caught, pillow_errors("a.png", Limits()):
        raise raised
    assert caught.value.remedy
    assert caught.value.__cause__ is raised


def test_bugs_and_interrupts_pass():
    with pytest.raises(KeyboardInterrupt), pillow_errors("a.png", Limits()):
        raise KeyboardInterrupt


def test_limits_and_warnings_are_as_before():
    before = Image.MAX_IMAGE_PIXELS
    with pillow_errors("a.png", Limits(pixels=7)):
        assert Image.MAX_IMAGE_PIXELS == 7
        warnings.warn("of no interest", UserWarning, stacklevel=1)
    assert before == Image.MAX_IMAGE_PIXELS
    with pytest.warns(UserWarning, match="of interest"):
        warnings.warn("of interest", UserWarning, stacklevel=1)


def test_sizes():
    check_pixels(10, 10, "a.png", Limits(pixels=100))
    with pytest.raises(OverLimitError, match="101 x 1 = 101") as caught:
        check_pixels(101, 1, "a.png", Limits(pixels=100))
    assert "--set limits.pixels=101" in caught.value.remedy
    with pytest.raises(BrokenFileError):
        check_pixels(0, 10, "a.png", Limits())


def test_postscript_never_reaches_ghostscript():
    with pytest.raises(BrokenFileError):
        open_image(io.BytesIO(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"), "a.eps", Limits())


def test_two_runs_say_the_same_of_a_file_that_is_no_image():
    said = set()
    for _ in range(2):
        with pytest.raises(BrokenFileError) as caught:
            open_image(io.BytesIO(b"no image"), "a.png", Limits())
        said.add(str(caught.value))
    assert len(said) == 1
