"""Find pictures by words with a network that turns pictures and texts into vectors of one space, such as CLIP."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tidymedia.errors import UnavailableError, UsageError
from tidymedia.models.bundled import BUNDLED
from tidymedia.models.choice import choose_model
from tidymedia.tables.keys import unit_id
from tidymedia.tables.study_files import study_files

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from tidymedia.extractors.base import Extractor
    from tidymedia.models.hub import HubModel

__all__ = ["TextEncoder", "search_vectors", "text_encoder"]

_COMMAND: Final = (
    "tidymedia analyze -o {folder} --with embeddings --set embeddings.model=MODEL, where MODEL is a network for "
    "pictures and text such as CLIP or SigLIP; tidymedia models lists those that are here."
)
_ROWS_AT_ONCE: Final = 16_384


@dataclass(frozen=True)
class TextEncoder:
    """What turns words into a vector of the space in which the pictures of a study lie.

    Parameters
    ----------
    model : str
        The network, as ``name@revision``.
    encode : callable
        Takes a text and returns its vector.
    """

    model: str
    encode: Callable[[str], NDArray[np.floating]]


def text_encoder(folder: Path, extractors: Sequence[Extractor]) -> TextEncoder:
    """Return what turns words into vectors like those of a study's embeddings.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    extractors : sequence of Extractor
        Its extractors, with their parameters.

    Returns
    -------
    TextEncoder
        Made from the network of the embeddings.

    Raises
    ------
    UnavailableError
        Where the study has no embeddings, their network reads no text, or it is not installed.
    """
    embeddings = next((one for one in extractors if one.name == "embeddings"), None)
    if embeddings is None or "embeddings" not in study_files(folder):
        raise UnavailableError(
            "The study has no embeddings of a network for pictures and text.",
            f"Make them with: {_COMMAND.format(folder=folder)}",
        )
    chosen = choose_model(
        str(embeddings.parameters.to_dict().get("model") or ""), "embeddings", default=BUNDLED["efficientnet_lite2"]
    )
    if chosen.origin != "hub":
        raise UnavailableError(
            f"{chosen.identifier} made the embeddings of the study, and it reads no text.",
            f"Make them anew with: {_COMMAND.format(folder=folder)}",
        )
    from tidymedia.models.hub import load_hub_model

    loaded = load_hub_model(chosen, "AutoModel", prepares="images and text")
    if not hasattr(loaded.network, "get_text_features"):
        raise UnavailableError(
            f"{chosen.identifier} made the embeddings of the study, and it gives no vectors of texts.",
            f"Make them anew with: {_COMMAND.format(folder=folder)}",
        )
    return TextEncoder(chosen.identifier, functools.partial(_vector_of, loaded))


def _vector_of(loaded: HubModel, text: str) -> NDArray[np.floating]:
    """Return the vector of a text; what is longer than the network reads is cut off."""
    configuration = loaded.network.config
    # SigLIP was trained on texts that are filled up to their full length.
    padding = "max_length" if "siglip" in str(configuration.model_type) else True
    longest = int(configuration.text_config.max_position_embeddings)
    made = loaded.run(method="get_text_features", text=[text], padding=padding, truncation=True, max_length=longest)
    vector: NDArray[np.floating] = getattr(made, "pooler_output", made)[0].float().cpu().numpy()
    return vector


def search_vectors(folder: Path, encoder: TextEncoder, words: str, n: int) -> pd.DataFrame:
    """Find the pictures whose vectors are nearest to that of some words.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    encoder : TextEncoder
        What turns the words into a vector.
    words : str
        The words.
    n : int
        How many pictures at most.

    Returns
    -------
    pandas.DataFrame
        Columns ``media_id``, ``picture``, ``unit_id``, ``score`` (the cosine), ``matched`` (nothing) and ``how``.

    Raises
    ------
    UsageError
        Where vectors have another length than that of the words: another network made them.
    """
    import numpy as np
    import pandas as pd
    import pyarrow.parquet as pq

    vector = np.asarray(encoder.encode(words), np.float32).ravel()
    vector /= max(float(np.linalg.norm(vector)), 1e-12)
    best: dict[tuple[str, int], float] = {}
    with pq.ParquetFile(study_files(folder)["embeddings"]) as file:
        for batch in file.iter_batches(_ROWS_AT_ONCE, columns=["media_id", "picture", "vector"]):
            some = batch.filter(batch["vector"].is_valid())
            if not len(some):
                continue
            numbers = some["vector"].flatten().to_numpy(zero_copy_only=False).astype(np.float32)
            if len(numbers) != len(some) * len(vector):
                raise UsageError(
                    f"The embeddings of {folder} have another length than those of {encoder.model}.",
                    f"Measure all pictures in one way: tidymedia analyze -o {folder} --with embeddings.",
                )
            vectors = numbers.reshape(len(some), len(vector))
            cosine = vectors @ vector / np.maximum(np.linalg.norm(vectors, axis=1), 1e-12)
            keys = zip(some["media_id"].to_pylist(), some["picture"].to_pylist(), strict=True)
            best.update(dict(zip(keys, cosine.astype(float).tolist(), strict=True)))
            best = dict(sorted(best.items(), key=lambda entry: (-entry[1], entry[0]))[:n])
    return pd.DataFrame(
        [(one, picture, unit_id(one, {"picture": picture}), score) for (one, picture), score in best.items()],
        columns=["media_id", "picture", "unit_id", "score"],
    ).assign(matched=None, how="embedding")
