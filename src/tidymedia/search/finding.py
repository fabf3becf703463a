"""Find pictures of a study by words, or by a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tidymedia.duplicates.nearest import nearest
from tidymedia.errors import SettingError, UnavailableError, UsageError
from tidymedia.search.by_tags import search_tags
from tidymedia.search.by_text import TextEncoder, search_vectors, text_encoder
from tidymedia.search.ways import Way
from tidymedia.tables.study_files import study_files

if TYPE_CHECKING:
    import pandas as pd

    from tidymedia.extractors.base import Extractor
    from tidymedia.images.opening import ImageSource
    from tidymedia.media.settings import Limits, PictureSettings

__all__ = ["SEARCH_COLUMNS", "search"]

SEARCH_COLUMNS: Final = ("path", "media_id", "unit_id", "picture", "score", "matched", "how")
"""The columns of an answer."""

_NO_TEXT_MODEL: Final = (
    "Found by the labels of the study, not by what its pictures show as a whole: {why} A word that is no label, nor a "
    "wider term of one, finds nothing."
)


def search(
    folder: Path,
    words: str | None = None,
    n: int = 20,
    *,
    image: ImageSource | None = None,
    by: Way | None = None,
    picture: int = 0,
    extractors: Sequence[Extractor] = (),
    settings: PictureSettings | None = None,
    limits: Limits | None = None,
) -> pd.DataFrame:
    """Find pictures of a study by words, or by a picture.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    words : str or None, default None
        What the pictures should show.
    n : int, default 20
        How many pictures at most.
    image : path, URL, bytes, file object, PIL image, array or None, default None
        A picture instead of words.
    by : {"embedding", "tags"} or None, default None
        How to find pictures by words; None for embeddings where their network reads text, else tags.
    picture : int, default 0
        Which picture of the file ``image``.
    extractors : sequence of Extractor, default ()
        The extractors of the study.
    settings : PictureSettings or None, default None
        How media become pictures.
    limits : Limits or None, default None
        How large they may be.

    Returns
    -------
    pandas.DataFrame
        Columns :data:`SEARCH_COLUMNS`, the best first; ``attrs["notice"]`` says what to know about them.

    Raises
    ------
    UsageError
        Where the study has nothing to find pictures by, or an argument makes no sense.
    """
    if (words is None) == (image is None):
        raise UsageError("A search needs words or a picture, and not both.", "Give one of them.")
    if n < 1:
        raise UsageError(f"{n} pictures cannot be found.", "Ask for 1 or more.")
    if by not in (None, "embedding", "tags"):
        raise UsageError(f"Pictures cannot be found by {by!r}.", "Choose embedding or tags.")
    if words is None:
        if by == "tags":
            raise UsageError("A picture is found by its embedding, not by tags.", "Leave the choice out.")
        assert image is not None  # noqa: S101  # checked above; for the type checker
        return _like(folder, image, n, picture, extractors, settings, limits)
    if not words.strip():
        raise UsageError("There is nothing to look for.", "Name things that pictures show.")
    return _arranged(folder, *_by_words(folder, words, n, by, extractors))


def _like(
    folder: Path,
    image: ImageSource,
    n: int,
    picture: int,
    extractors: Sequence[Extractor],
    settings: PictureSettings | None,
    limits: Limits | None,
) -> pd.DataFrame:
    found = nearest(
        folder, image, n, "embedding", picture=picture, extractors=extractors, settings=settings, limits=limits
    )
    found = found.assign(score=1.0 - found["distance"], matched=None, how="embedding")[list(SEARCH_COLUMNS)]
    found.attrs["notice"] = ""
    return found


def _by_words(
    folder: Path, words: str, n: int, by: Way | None, extractors: Sequence[Extractor]
) -> tuple[pd.DataFrame, str]:
    """Choose how to find pictures, and find them."""
    if by == "tags":
        return search_tags(folder, words, n)
    encoder = _encoder(folder, extractors)
    if isinstance(encoder, TextEncoder):
        return search_vectors(folder, encoder, words, n), ""
    if by == "embedding" or "tags" not in study_files(folder):
        raise UsageError(
            f"Pictures of {folder} cannot be found by words: {_after_colon(encoder.message)}",
            f"{encoder.remedy} Or find them by labels, after: tidymedia analyze -o {folder} --with tags.",
        )
    found, notice = search_tags(folder, words, n)
    return found, f"{_NO_TEXT_MODEL.format(why=_after_colon(encoder.message))} {notice}".strip()


def _after_colon(sentence: str) -> str:
    """Return a sentence as it stands behind a colon; names of networks keep their first letter."""
    return f"t{sentence[1:]}" if sentence.startswith("The") else sentence


def _encoder(folder: Path, extractors: Sequence[Extractor]) -> TextEncoder | UsageError:
    """Return what turns words into vectors like those of the study, or why there is nothing."""
    try:
        return text_encoder(folder, extractors)
    except (SettingError, UnavailableError) as error:  # a folder that is gone is no name of a network
        return error


def _arranged(folder: Path, found: pd.DataFrame, notice: str) -> pd.DataFrame:
    """Join the paths: a file that lies in several places has a row for each."""
    import pyarrow.parquet as pq

    media = pq.read_table(study_files(folder)["media"], columns=["path", "media_id"]).to_pandas().dropna()
    joined = found.merge(media.sort_values("path"), on="media_id", how="inner")
    joined = joined.sort_values(["score", "path", "picture"], ascending=[False, True, True], kind="stable")
    arranged: pd.DataFrame = joined[list(SEARCH_COLUMNS)].reset_index(drop=True)
    arranged.attrs["notice"] = notice
    return arranged
