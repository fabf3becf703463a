"""Key frames: the pictures that stand for a film."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from tidymedia.errors import MediumError, TidymediaError, UnsupportedError, UsageError
from tidymedia.images.held import hold
from tidymedia.images.opening import in_words_of_python, kind_of
from tidymedia.media.kinds import Kind
from tidymedia.media.opening import open_medium
from tidymedia.media.picture import FULL, Picture, SizeClass
from tidymedia.media.sampling import parse_sampling
from tidymedia.media.settings import Limits, PictureSettings
from tidymedia.recordings.extracting import RecordingSource

if TYPE_CHECKING:
    import pandas as pd
    from PIL import Image

__all__ = ["KeyFrame", "KeyFrames", "key_frames"]

_FORMS = {"jpg": {"quality": 90}, "png": {}}


class KeyFrame:
    """One picture of a film, with its time.

    Parameters
    ----------
    number : int
        Number of the picture, from 0: ``picture`` in the tables of a study with the same setting.
    frame : int or None
        Number of the frame in the film, from 0; None where damage leaves it unknown.
    time_ms : int or None
        When it is shown, in milliseconds from the start of the film.
    image : PIL.Image.Image or TidymediaError
        The picture, or why it cannot be shown.
    """

    def __init__(
        self, number: int, frame: int | None, time_ms: int | None, image: Image.Image | TidymediaError
    ) -> None:
        self.number = number
        self.frame = frame
        self.time_ms = time_ms
        self._image = image

    @property
    def image(self) -> Image.Image:
        """The picture: upright, RGB, with square pixels. Raises where the frame is broken."""
        if isinstance(self._image, TidymediaError):
            raise self._image
        return self._image

    @property
    def error(self) -> TidymediaError | None:
        """Why it cannot be shown; None where it can."""
        return self._image if isinstance(self._image, TidymediaError) else None

    def __repr__(self) -> str:
        at = "at an unknown time" if self.time_ms is None else f"at {self.time_ms / 1000:.3f} s"
        size = "broken" if isinstance(self._image, TidymediaError) else f"{self._image.width} x {self._image.height}"
        return f"<KeyFrame {self.number} {at}, {size}>"


class KeyFrames:
    """The key frames of a film, one after the other; made by :func:`key_frames`.

    Each pass over them reads the film anew, and no more than one picture is held at a time. ``list(...)`` keeps all
    of them, which for a long film takes much memory.

    Parameters
    ----------
    source : str, Path, bytes or file object
        The film.
    settings : PictureSettings
        Which frames they are.
    size : SizeClass
        How large they may be.
    limits : Limits
        How long and large the film may be.
    """

    def __init__(self, source: RecordingSource, settings: PictureSettings, size: SizeClass, limits: Limits) -> None:
        self._source, self._settings, self._size, self._limits = source, settings, size, limits

    def __iter__(self) -> Iterator[KeyFrame]:
        held = hold(self._source, self._limits, "film")
        with held.stream, _in_our_words():
            kind = kind_of(held)
            if kind not in (Kind.VIDEO, Kind.IMAGE):
                raise UnsupportedError(f"{held.name} is no film.", "For pages and drawings there is tm.open_image.")
            with open_medium(held, kind, self._settings, self._limits) as film:
                for found in film.pictures():
                    image: Image.Image | TidymediaError
                    try:
                        image = found.image(self._size) if isinstance(found, Picture) else found.error
                    except MediumError as error:
                        image = error
                    yield KeyFrame(found.index, found.frame, found.time_ms, image)

    def save(self, folder: str | Path, *, form: Literal["jpg", "png"] = "jpg", overwrite: bool = False) -> pd.DataFrame:
        """Write them into a folder, as files that are named by their time.

        Parameters
        ----------
        folder : str or Path
            The folder; made where it is not there.
        form : {"jpg", "png"}, default "jpg"
            ``jpg`` is smaller; ``png`` keeps every pixel.
        overwrite : bool, default False
            Whether files of the same name are replaced.

        Returns
        -------
        pandas.DataFrame
            One row a key frame: ``picture``, ``frame``, ``time_ms``, ``width``, ``height``, ``file`` and ``error``,
            which says why there is no file.

        Raises
        ------
        UsageError
            Where the form is unknown, a file is there already, or the folder cannot be written to.
        MediumError
            Where the film cannot be read on.

        Examples
        --------
        >>> import tempfile
        >>> import tidymedia as tm
        >>> frames = tm.key_frames("examples/media/films/montage.mp4", every="shot:middle")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     saved = frames.save(folder)
        >>> saved["file"].str.split("/").str[-1].tolist()[:2]
        ['00h00m01.480s.jpg', '00h00m04.280s.jpg']
        """
        import pandas as pd

        if form not in _FORMS:
            raise UsageError(f"Key frames are not written as {form!r}.", f"Choose one of: {', '.join(_FORMS)}.")
        target = _made(folder)
        rows: list[dict[str, Any]] = []
        for one in self:
            row: dict[str, Any] = {"picture": one.number, "frame": one.frame, "time_ms": one.time_ms}
            if one.error is None:
                path = target / f"{_name(one)}.{form}"
                _write(one.image, path, form, overwrite=overwrite)
                row |= {"width": one.image.width, "height": one.image.height, "file": path.as_posix()}
            else:
                row["error"] = one.error.message
            rows.append(row)
        columns = ("picture", "frame", "time_ms", "width", "height")
        frame = pd.DataFrame(rows, columns=[*columns, "file", "error"])
        return frame.astype(dict.fromkeys(columns, "Int64") | {"file": "string", "error": "string"})


def key_frames(
    source: RecordingSource,
    every: str = "5s",
    *,
    long_side: int | None = None,
    limits: Limits | None = None,
) -> KeyFrames:
    """Take key frames from a film: the pictures that stand for it.

    They are the pictures that a study with the setting ``pictures.video`` measures. Key frames of the codec are by
    far the fastest, since nothing else is decoded, but where they lie is the choice of the program that wrote the
    film.

    Parameters
    ----------
    source : str, Path, bytes or file object
        The film, or an animated image: a path, an address, bytes, or an open binary file.
    every : str, default "5s"
        ``"5s"`` one every five seconds, ``"1000f"`` one every thousand frames, ``"codec"`` the key frames of the
        codec, ``"shot:middle"`` one a shot, the frame shown halfway, ``"shot:sharpest"`` the sharpest of each shot.
    long_side : int or None, default None
        Longest side of the pictures in pixels; None for their own size.
    limits : Limits or None, default None
        How long and large the film may be.

    Returns
    -------
    KeyFrames
        To be gone through (``for frame in ...``), each with ``image``, ``time_ms``, ``frame`` and ``number``; or to be
        saved, by ``save(folder)``.

    Raises
    ------
    UsageError
        Where ``every`` or ``long_side`` is no such value.

    Notes
    -----
    What cannot be opened, or is broken, is told when the frames are gone through.

    Source: section 14.1 of the textbook, where video is analysed by a still every 1,000 frames.

    Examples
    --------
    >>> import tidymedia as tm
    >>> for frame in tm.key_frames("examples/media/films/montage.mp4", every="5s"):
    ...     print(frame.time_ms, frame.frame, frame.image.size)
    0 0 (480, 270)
    5000 125 (480, 270)
    10000 250 (480, 270)
    15000 375 (480, 270)
    20000 500 (480, 270)
    """
    parse_sampling(every)
    if long_side is not None and (isinstance(long_side, bool) or not isinstance(long_side, int) or long_side < 1):
        raise UsageError(f"long_side={long_side!r} is no whole number from 1.", "Give it in pixels.")
    size = FULL if long_side is None else SizeClass("asked", long_side)
    return KeyFrames(source, PictureSettings(video=every, animation=every), size, limits or Limits())


def _name(one: KeyFrame) -> str:
    """Name a picture so that names sort as times do."""
    if one.time_ms is None:
        return f"picture_{one.number:05d}"
    seconds, milliseconds = divmod(one.time_ms, 1000)
    return f"{seconds // 3600:02d}h{seconds // 60 % 60:02d}m{seconds % 60:02d}.{milliseconds:03d}s"


def _made(folder: str | Path) -> Path:
    target = Path(folder).expanduser()
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"The folder {target} cannot be made: {error.strerror or error}.", "Choose another place."
        ) from error
    return target


def _write(image: Image.Image, path: Path, form: str, *, overwrite: bool) -> None:
    try:
        with path.open("wb" if overwrite else "xb") as stream:
            image.save(stream, "jpeg" if form == "jpg" else form, **_FORMS[form])
    except FileExistsError as error:
        raise UsageError(f"{path} is there already.", "Choose another folder, or give overwrite=True.") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}.", "Choose another place.") from error


@contextmanager
def _in_our_words() -> Iterator[None]:
    """Let remedies name the argument of this function where they name settings."""
    try:
        with in_words_of_python("tm.key_frames"):
            yield
    except MediumError as error:
        remedy = re.sub(r'settings=tm\.PictureSettings\(\w+=("\w+")\)', r"every=\1", error.remedy)
        if remedy == error.remedy:
            raise
        raise type(error)(error.message, remedy) from error
