"""The rows of a film, and which of them are shown with which frame."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, BinaryIO

from tidymedia.errors import UsageError
from tidymedia.images.marks import Mark, marks_of
from tidymedia.media.sampling import Sampling

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PictureClock", "marks_by_picture", "rows_of_film"]

_BLOCK = 1_048_576


class PictureClock:
    """Tells which picture of a film a frame belongs to, as the sampling of a study counts them.

    Parameters
    ----------
    sampling : Sampling
        Which frames are pictures.
    shots : sequence of tuple of int, default ()
        For one picture a shot: the number of the frame that is it, and of the frame after the shot's last one.

    Examples
    --------
    >>> clock = PictureClock(Sampling("seconds", 1))
    >>> [clock.picture(Fraction(number, 2), False) for number in range(5)]
    [0, 0, 1, 1, 2]
    """

    def __init__(self, sampling: Sampling, shots: Sequence[tuple[int, int]] = ()) -> None:
        self._sampling = sampling
        self._shots = shots
        self._step = Fraction(str(sampling.step))
        self._wanted = Fraction(0)
        self._frame = 0
        self._picture = -1
        self.fresh = False
        """Whether the last frame was a picture itself."""

    def picture(self, seconds: Fraction, is_key: bool) -> int:
        """Take the next frame.

        Parameters
        ----------
        seconds : fractions.Fraction
            When it is shown.
        is_key : bool
            Whether it is a key frame.

        Returns
        -------
        int
            Number of the picture that was analysed last: this frame or one before it. With one picture a shot,
            -1 for the frames of a shot before it: what is known of another shot is not true of them.
        """
        if self._sampling.of_shots:
            return self._of_shot()
        every = self._sampling.every
        if every == "codec":
            self.fresh = is_key or self._picture < 0
        elif every == "first":
            self.fresh = self._picture < 0
        else:
            position = Fraction(self._frame) if every == "frames" else seconds
            self.fresh = self._picture < 0 or position >= self._wanted
            if self.fresh:
                self._wanted = max(position // self._step + 1, 1) * self._step
        self._frame += 1
        self._picture += self.fresh
        return self._picture

    @property
    def pictures(self) -> int:
        """How many pictures there were so far."""
        return self._picture + 1

    def _of_shot(self) -> int:
        self.fresh = self.pictures < len(self._shots) and self._frame == self._shots[self.pictures][0]
        self._picture += self.fresh
        ended = self._picture < 0 or self._frame >= self._shots[self._picture][1]
        self._frame += 1
        return -1 if ended else self._picture


def rows_of_film(table: pd.DataFrame, stream: BinaryIO, name: str) -> pd.DataFrame:
    """Choose the rows that are about a film, by the SHA-256 of its bytes.

    Parameters
    ----------
    table : pandas.DataFrame
        Rows with ``picture``; where there is a column ``media_id``, of any number of media.
    stream : BinaryIO
        The bytes of the film.
    name : str
        Its name, for messages.

    Returns
    -------
    pandas.DataFrame
        Its rows, each once, though copies of the film have the same.

    Raises
    ------
    UsageError
        Where there is no column ``picture``, or all rows are about other media.
    """
    if "picture" not in table.columns:
        raise UsageError(
            "The table has no column picture, so it is not known when its boxes are seen.",
            "Give rows of a study, such as study.table('objects').",
        )
    if "media_id" not in table.columns:
        return table
    stream.seek(0)
    digest = hashlib.sha256()
    while block := stream.read(_BLOCK):
        digest.update(block)
    stream.seek(0)
    mine = table[table["media_id"] == digest.hexdigest()]
    if len(table) and not len(mine):
        raise UsageError(
            f"None of the {len(table):,} rows of the table is about {name}.",
            "Give the film as it was analysed: rows belong to the bytes of a file.",
        )
    return mine.drop_duplicates("unit_id") if "unit_id" in mine.columns else mine


def marks_by_picture(rows: pd.DataFrame, labels: bool | str | Sequence[str]) -> dict[int, list[Mark]]:
    """Turn rows into marks, by the picture that they are about.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of one film, with boxes.
    labels : bool, str or sequence of str
        What is written, see ``marks_of``.

    Returns
    -------
    dict of int to list of Mark
        Marks by number of the picture.

    Raises
    ------
    UsageError
        Where the table has no boxes.
    """
    if rows.empty:
        marks_of(rows, labels)  # columns are checked even so
    pictures = rows["picture"].astype("int64")
    return {number: marks_of(rows[pictures == number], labels) for number in pictures.unique().tolist()}
