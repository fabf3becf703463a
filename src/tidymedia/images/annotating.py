"""A film with the boxes of what was found in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tidymedia.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from tidymedia.images.fill_color import Color
    from tidymedia.media.settings import Limits, PictureSettings

__all__ = ["annotate_video"]


def annotate_video(
    path: str | Path,
    table: pd.DataFrame,
    output: str | Path,
    *,
    labels: bool | str | Sequence[str] = True,
    colors: Color | Mapping[str, Color] | None = None,
    width: int | None = None,
    sound: bool = True,
    settings: PictureSettings | None = None,
    limits: Limits | None = None,
) -> Path:
    """Write a film with the boxes of what was found in it.

    A study looks at some frames of a film, with default settings at one every five seconds. The boxes of such a
    picture stay until the next one, so they do not follow what moves in between: analyse more frames for that. Size,
    frame rate and time stamps are those of the film; pixels that are not square become so. The film is read and
    written frame by frame and never held in memory.

    Parameters
    ----------
    path : str or pathlib.Path
        The film.
    table : pandas.DataFrame
        Rows with ``picture`` and boxes, such as ``study.table("objects")`` or ``study.table("faces")``. Those about
        other media are left out by their ``media_id``.
    output : str or pathlib.Path
        The new film: a path that ends in ``.mp4``, ``.m4v``, ``.mov`` or ``.mkv``. A file that is there is replaced.
    labels : bool, str or sequence of str, default True
        What is written: True for name and score, False for nothing, or columns of the table.
    colors : Color, mapping of str to Color or None, default None
        One colour for all, or colours by label; the others come from a palette.
    width : int or None, default None
        Width of lines in pixels, 1 to 200; None for one 350th of the longer side.
    sound : bool, default True
        Whether the sound is copied, as it is.
    settings : PictureSettings or None, default None
        The settings with which the film was analysed; None for the defaults.
    limits : Limits or None, default None
        How long and large the film may be.

    Returns
    -------
    pathlib.Path
        The new film: H.264, or MPEG-4 where PyAV was built without it.

    Raises
    ------
    UsageError
        Where the rows do not belong to the film or were made with other settings, the output has another ending, or
        its container cannot hold the sound.
    MediumError
        Where the film cannot be read, or is over a limit.

    See Also
    --------
    tidymedia.draw : The same for a picture.

    Examples
    --------
    >>> import tidymedia as tm
    >>> study = tm.Study("study", "films").analyze(["objects"])  # doctest: +SKIP
    >>> tm.annotate_video("films/rabbit.mp4", study.table("objects"), "rabbit_boxes.mp4")  # doctest: +SKIP
    PosixPath('rabbit_boxes.mp4')
    """
    import tempfile

    from tidymedia.images.drawing import check_width
    from tidymedia.images.film_rows import marks_by_picture, rows_of_film
    from tidymedia.images.film_writer import SUFFIXES
    from tidymedia.images.held import hold
    from tidymedia.images.opening import kind_of
    from tidymedia.images.redrawing import redraw
    from tidymedia.media.kinds import Kind
    from tidymedia.media.settings import Limits, PictureSettings

    check_width(width)
    target = Path(output).expanduser()
    if target.suffix.lower() not in SUFFIXES:
        raise UsageError(f"A film cannot be written to {target.name}.", f"End its name in {', '.join(SUFFIXES)}.")
    if not target.parent.is_dir():
        raise UsageError(f"There is no folder {target.parent}.", "Make it first.")
    if target.exists() and Path(path).exists() and target.samefile(path):
        raise UsageError(f"{target} is the film itself.", "Name another output.")
    limits = limits or Limits()
    held = hold(path, limits)
    with held.stream:
        if kind_of(held) is not Kind.VIDEO:
            raise UsageError(f"{held.name} is no film.", "For a picture there is tm.draw.")
        marks = marks_by_picture(rows_of_film(table, held.stream, held.name), labels)
        try:
            beside = tempfile.TemporaryDirectory(prefix=f".{target.stem[:40]}-", dir=target.parent)
        except OSError as error:
            raise UsageError(
                f"{target.parent} cannot be written to: {error.strerror}.", "Choose another place."
            ) from error
        with beside as folder:
            written = Path(folder, target.name)
            redraw(
                held,
                marks,
                written,
                suffix=target.suffix.lower(),
                colors=colors,
                width=width,
                sound=sound,
                settings=settings or PictureSettings(),
                limits=limits,
            )
            written.replace(target)
    return target
