"""The pictures of a study that are nearest to one picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from tidymedia.duplicates.finding import check_measure
from tidymedia.duplicates.hash_neighbours import weight_of_bits
from tidymedia.duplicates.measuring import measure_picture
from tidymedia.duplicates.present import read_present
from tidymedia.duplicates.reading import (
    COLUMNS,
    EXTRACTORS,
    Measured,
    hash_rows,
    prepared,
    read_measured,
    unit_ids,
)
from tidymedia.duplicates.table import TURNS, Measure
from tidymedia.duplicates.turns import turned_hashes
from tidymedia.errors import UsageError
from tidymedia.extractors.registry import make_extractor

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from tidymedia.extractors.base import Extractor, PictureExtractor
    from tidymedia.images.opening import ImageSource
    from tidymedia.media.settings import Limits, PictureSettings

__all__ = ["nearest"]


def nearest(
    folder: Path,
    source: ImageSource,
    n: int,
    by: Measure,
    *,
    turned: bool = False,
    picture: int = 0,
    extractors: Sequence[Extractor] = (),
    settings: PictureSettings | None = None,
    limits: Limits | None = None,
) -> pd.DataFrame:
    """Find the pictures of a study that are nearest to one picture.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    source : path, URL, bytes, file object, PIL image or array
        The picture; it need not be in the study.
    n : int
        How many pictures at most.
    by : {"hash", "embedding", "pixels"}
        What is compared.
    turned : bool, default False
        Whether rotated and mirrored pictures count as near, by their hashes.
    picture : int, default 0
        Which picture of the file.
    extractors : sequence of Extractor, default ()
        The extractors of the study, with their parameters: the picture is measured as the study was.
    settings : PictureSettings or None, default None
        How media become pictures.
    limits : Limits or None, default None
        How large they may be.

    Returns
    -------
    pandas.DataFrame
        Columns ``path``, ``media_id``, ``unit_id``, ``picture``, ``distance`` and, by hash, ``turn``; the nearest
        first. A file that lies in several places has a row for each.

    Raises
    ------
    UsageError
        Where the study has not been measured in this way, or an argument makes no sense.
    """
    import numpy as np
    import pandas as pd

    check_measure(by, turned=turned, among=tuple(EXTRACTORS))
    if isinstance(n, bool) or not isinstance(n, int | np.integer) or n < 1:
        raise UsageError(f"{n!r} pictures cannot be found.", "Ask for 1 or more.")
    measured = read_measured(folder, by)
    name = EXTRACTORS[by]
    extractor = next((one for one in extractors if one.name == name), None) or make_extractor(name)
    values = measure_picture(
        cast("PictureExtractor", extractor), source, COLUMNS[by], picture=picture, settings=settings, limits=limits
    )
    distance, turn = _distances(measured, values, by, turned)
    order = np.argsort(distance, kind="stable")[:n]
    found = pd.DataFrame(
        {
            "media_id": [measured.media_id[place] for place in order],
            "picture": measured.picture[order],
            "distance": distance[order],
            "turn": [TURNS[turn[place]] for place in order],
        }
    )
    found["unit_id"] = unit_ids(found["media_id"], found["picture"])
    media = read_present(folder).select(["path", "media_id"]).to_pandas()
    joined = found.merge(media.sort_values("path"), on="media_id", how="left")
    names = ["path", "media_id", "unit_id", "picture", "distance", *(["turn"] if by == "hash" else [])]
    return joined[names]


def _distances(
    measured: Measured, values: Sequence[Any], by: Measure, turned: bool
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the distance of each picture, and how it is turned."""
    import numpy as np

    if by == "hash":
        asked, _, plain = hash_rows([[value] for value in values])
        ways = turned_hashes(asked) if turned else asked[:, None, :]
        every = ways.reshape(-1, asked.shape[1])
        shares = np.repeat(plain, ways.shape[1])
        bits = np.bitwise_count(measured.hashes[:, None, :] ^ every[None, :, :]).sum(axis=2, dtype=np.int64)
        apart = bits * weight_of_bits(np.minimum(measured.plain[:, None], shares[None, :]))
        # Of the hashes of one picture, the nearest counts; of equally near turns, the first.
        best, turn = apart.min(axis=1), apart.argmin(axis=1) % ways.shape[1]
        order = np.lexsort((turn, best, measured.owners))
        first = order[np.searchsorted(measured.owners[order], np.arange(len(measured.media_id)))]
        return best[first].astype(np.float64), turn[first]
    from tidymedia.duplicates.vector_neighbours import unit_vectors

    asked_vector = unit_vectors(prepared(np.asarray(values, np.float16), by))[0]
    cosine = unit_vectors(measured.vectors) @ asked_vector
    return np.maximum(0.0, 1.0 - cosine.astype(np.float64)), np.zeros(len(cosine), np.int64)
