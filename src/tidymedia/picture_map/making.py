"""Make the map of a study and write its table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from tidymedia.duplicates.reading import EXTRACTORS, read_measured, unit_ids
from tidymedia.errors import UsageError
from tidymedia.picture_map.table import MAP
from tidymedia.tables.derived import write_found
from tidymedia.tables.study_files import study_files

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["MOST_PICTURES", "make_map"]

MOST_PICTURES: Final = 20_000
"""Of how many pictures a map is made at most; of more, a random sample is taken."""


def make_map(folder: Path, *, perplexity: float | None = None, seed: int = 0, most: int = MOST_PICTURES) -> Path:
    """Make the map of a study and write the table ``map``.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    perplexity : float or None, default None
        How many neighbours count; None for 30, or fewer where there are few pictures.
    seed : int, default 0
        Another seed gives another map, and another sample of a very large study.
    most : int, default 20_000
        Of how many pictures at most.

    Returns
    -------
    pathlib.Path
        ``derived/map.parquet``.

    Raises
    ------
    UsageError
        Where the study has no embeddings, or an argument makes no sense.
    """
    import numpy as np
    import pandas as pd
    import pyarrow.parquet as pq

    from tidymedia.picture_map.placing import place

    if perplexity is not None and not 1 <= perplexity <= 1000:
        raise UsageError(f"A perplexity of {perplexity:g} makes no sense.", "Choose one between 5 and 50, or none.")
    if most < 1:
        raise UsageError(f"A map of {most} pictures cannot be made.", "Ask for 1 or more.")
    _check_embeddings(folder)
    measured = read_measured(folder, "embedding")
    # In an order of their own: what a map shows must not hang on how large files are.
    order = np.lexsort((measured.picture, np.array(measured.media_id, dtype=object).astype(str)))
    chosen = _sample(order, most, seed)
    placing = place(measured.vectors[chosen], perplexity=perplexity, seed=seed)
    media_id = [measured.media_id[one] for one in chosen]
    picture = measured.picture[chosen]
    parameters: dict[str, object] = {
        "method": placing.method,
        "perplexity": placing.perplexity,
        "seed": seed,
        "pictures": len(chosen),
        "of_pictures": len(order),
    }
    rows = pd.DataFrame(
        {
            "media_id": media_id,
            "unit_id": unit_ids(media_id, picture),
            "picture": picture,
            "x": placing.points[:, 0],
            "y": placing.points[:, 1],
        }
    )
    media = pq.read_table(study_files(folder)["media"], columns=["path", "media_id"]).to_pandas()
    rows = rows.merge(media.dropna().drop_duplicates(), on="media_id").sort_values(["path", "picture"], kind="stable")
    sources = ["media", EXTRACTORS["embedding"]]
    return write_found(folder, MAP, rows, parameters, sources, model=measured.model, fingerprints=measured.fingerprints)


def _check_embeddings(folder: Path) -> None:
    """Say what is missing in the words of a map."""
    if "embeddings" not in study_files(folder):
        raise UsageError(
            f"The study {folder} has no table embeddings; a map is made from it.",
            f"Make it with: tidymedia analyze -o {folder} --with embeddings.",
        )


def _sample(order: NDArray[np.int64], most: int, seed: int) -> NDArray[np.int64]:
    import numpy as np

    if len(order) <= most:
        return order
    chosen: NDArray[np.int64] = order[np.sort(np.random.default_rng(seed).choice(len(order), most, replace=False))]
    return chosen
