"""EPS and PostScript through Ghostscript, where it is installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

from tidymedia.errors import BrokenFileError, OverLimitError, UnsupportedError
from tidymedia.media.medium import Tick
from tidymedia.media.pillow import open_image, pillow_errors
from tidymedia.media.settings import Limits

__all__ = ["bounding_box", "find_ghostscript", "postscript_of", "render_eps"]

_SECONDS = 60
_BOX = re.compile(rb"^%%(HiRes)?BoundingBox:\s*([-+.\d]+)\s+([-+.\d]+)\s+([-+.\d]+)\s+([-+.\d]+)", re.MULTILINE)
_DOS_MARK = b"\xc5\xd0\xd3\xc6"


def find_ghostscript(name: str) -> str:
    """Return where Ghostscript is.

    Parameters
    ----------
    name : str
        Name of the file that needs it, for the message.

    Returns
    -------
    str
        Path of the program.

    Raises
    ------
    UnsupportedError
        Where it is not installed.
    """
    for program in ("gswin64c", "gswin32c", "gs") if sys.platform == "win32" else ("gs",):
        found = shutil.which(program)
        if found:
            return found
    raise UnsupportedError(
        f"{name} is PostScript, which needs Ghostscript, and that is not installed.",
        "Install it (Linux: apt install ghostscript; macOS: brew install ghostscript; Windows: "
        "winget install ArtifexSoftware.GhostScript) and run again with --retry-failed, or convert the file to PDF.",
    )


def postscript_of(data: bytes) -> bytes:
    """Return the PostScript part of a file; EPS for DOS holds a preview beside it.

    Parameters
    ----------
    data : bytes
        The file.

    Returns
    -------
    bytes
        The program.

    Examples
    --------
    >>> postscript_of(b"%!PS-Adobe-3.0 EPSF-3.0")
    b'%!PS-Adobe-3.0 EPSF-3.0'
    """
    if data[:4] != _DOS_MARK:
        return data
    start, length = int.from_bytes(data[4:8], "little"), int.from_bytes(data[8:12], "little")
    return data[start : start + length]


def bounding_box(program: bytes, name: str) -> tuple[float, float, float, float]:
    r"""Read where a PostScript program says that it draws.

    Parameters
    ----------
    program : bytes
        The program.
    name : str
        Name of the file, for messages.

    Returns
    -------
    tuple of float
        Left, bottom, width and height in points; a page of A4 where the program does not say.

    Raises
    ------
    BrokenFileError
        Where the box has no area.

    Examples
    --------
    >>> bounding_box(b"%!PS\n%%BoundingBox: 10 20 110 70\n", "a.eps")
    (10.0, 20.0, 100.0, 50.0)
    """
    found = _BOX.findall(program)
    if not found:
        return (0.0, 0.0, 595.0, 842.0)
    chosen = next((box for box in found if box[0]), found[0])
    try:
        left, bottom, right, top = (float(value) for value in chosen[1:])
    except ValueError as error:
        raise BrokenFileError(f"{name} has a bounding box that is no box.", "Export it again.") from error
    if not (0 < right - left < 1e7 and 0 < top - bottom < 1e7):
        raise BrokenFileError(f"{name} has a bounding box without area.", "Export it again.")
    return left, bottom, right - left, top - bottom


def render_eps(
    program: bytes, box: tuple[float, float, float, float], size: tuple[int, int], name: str, limits: Limits, tick: Tick
) -> Image.Image:
    """Draw PostScript with Ghostscript, which may read no file but this one.

    Parameters
    ----------
    program : bytes
        The PostScript program.
    box : tuple of float
        Left, bottom, width and height of what is shown, in points.
    size : tuple of int
        Width and height of the picture, in pixels.
    name : str
        Name of the file, for messages.
    limits : Limits
        Limits of the study.
    tick : callable
        Called when Ghostscript has finished; it is given 60 seconds, or the limit on time without
        progress where that is shorter.

    Returns
    -------
    PIL.Image.Image
        The picture, mode RGBA.

    Raises
    ------
    UnsupportedError
        Where Ghostscript is not installed.
    BrokenFileError
        Where it cannot draw the file.
    OverLimitError
        Where it takes too long.
    """
    ghostscript = find_ghostscript(name)
    seconds = max(1, min(_SECONDS, limits.seconds_without_progress - 1))
    with tempfile.TemporaryDirectory(prefix="tidymedia-") as folder:
        source, target = Path(folder, "in.ps"), Path(folder, "out.png")
        # The box is moved to the corner by a program of ours: the file's own comment may be anything.
        source.write_bytes(f"{-box[0]:.4f} {-box[1]:.4f} translate\n".encode() + program)
        command = [
            ghostscript,
            "-q",
            "-dSAFER",
            "-dBATCH",
            "-dNOPAUSE",
            "-dNOPROMPT",
            "-dLastPage=1",
            "-dTextAlphaBits=4",
            "-dGraphicsAlphaBits=4",
            "-sDEVICE=pngalpha",
            f"-g{size[0]}x{size[1]}",
            f"-r{size[0] * 72 / box[2]:.6f}x{size[1] * 72 / box[3]:.6f}",
            f"-sOutputFile={target}",
            "-f",
            str(source),
        ]
        _run(command, folder, seconds, name, tick)
        if not target.is_file() or target.stat().st_size == 0:
            raise BrokenFileError(f"{name} draws nothing that Ghostscript could show.", "Convert it to PDF.")
        with target.open("rb") as stream, pillow_errors(name, limits):
            image = open_image(stream, name, limits)
            image.load()
        return image.copy()


def _run(command: list[str], folder: str, seconds: float, name: str, tick: Tick) -> None:
    started = time.monotonic()
    # Ghostscript lets a program write to the folder for temporary files, even where it is told to be safe.
    surroundings = {**os.environ, "TMPDIR": folder, "TEMP": folder, "TMP": folder}
    try:
        finished = subprocess.run(
            command,
            cwd=folder,
            env=surroundings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise OverLimitError(
            f"{name} kept Ghostscript busy for {time.monotonic() - started:.0f} seconds.", "Convert it to PDF or PNG."
        ) from error
    except OSError as error:
        raise UnsupportedError(f"Ghostscript could not be started for {name} ({error}).", "Reinstall it.") from error
    tick()
    if finished.returncode != 0:
        said = " ".join(finished.stdout[-2000:].decode("utf-8", "replace").split())
        raise BrokenFileError(f"{name} cannot be drawn by Ghostscript ({said[:160]}).", "Convert it to PDF or PNG.")
