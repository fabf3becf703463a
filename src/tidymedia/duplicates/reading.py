"""What of a study copies are found by: one value a picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tidymedia.duplicates.present import read_present
from tidymedia.duplicates.table import Measure
from tidymedia.errors import UsageError
from tidymedia.tables.keys import unit_id
from tidymedia.tables.study_files import study_files

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

__all__ = ["COLUMNS", "EXTRACTORS", "Measured", "hash_rows", "prepared", "read_measured", "unit_ids"]

EXTRACTORS: Final[dict[Measure, str]] = {"hash": "hashes", "embedding": "embeddings", "pixels": "miniatures"}
"""Which extractor, and which table of the same name, holds the values of a measure."""

_WHOLE: Final = ("perceptual_hash", "difference_hash", "vertical_difference_hash")
_INNER: Final = tuple(f"inner_{column}" for column in _WHOLE)

COLUMNS: Final[dict[Measure, tuple[str, ...]]] = {
    "hash": (*_WHOLE, *_INNER, "plain_share", "inner_plain_share"),
    "embedding": ("vector",),
    "pixels": ("vector",),
}
"""Which columns of it: for hashes those of the whole picture, which count as one long hash, those of its inner part,
which are null where that is the whole picture, and how much of both is one light tone."""

_SHARE: Final = "inner_share"


@dataclass(frozen=True, slots=True)
class Measured:
    """Pictures and their values, those with most pixels first, and of equal ones those of the largest files.

    Parameters
    ----------
    media_id : list of str
        Their media.
    picture : numpy.ndarray of int64, shape (n,)
        Their numbers in their media.
    hashes : numpy.ndarray of uint64, shape (m, 3)
        Their hashes as numbers, one column each; empty where vectors are compared. A picture within a border has
        two rows: the whole and its inner part.
    owners : numpy.ndarray of int64, shape (m,)
        Position of the picture that each row of ``hashes`` is of, ascending.
    plain : numpy.ndarray of float64, shape (m,)
        How much of what each row of ``hashes`` is of is one light tone.
    vectors : numpy.ndarray of float16 or float32, shape (n, d)
        Their vectors, those of pixels less their mean; empty where hashes are compared.
    model : str or None
        The model that made the values.
    fingerprints : tuple of str
        Fingerprints of the rows that they come from.
    """

    media_id: list[str]
    picture: NDArray[np.int64]
    hashes: NDArray[np.uint64]
    owners: NDArray[np.int64]
    plain: NDArray[np.float64]
    vectors: NDArray[np.floating]
    model: str | None
    fingerprints: tuple[str, ...]


def read_measured(folder: Path, by: Measure) -> Measured:
    """Read the values of all pictures of a study.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    by : {"hash", "embedding", "pixels"}
        The measure.

    Returns
    -------
    Measured
        One entry a picture, however many paths its file has; those that have no value are left out, by hash those
        that are flat, and those whose files went missing.
        Those with most pixels come first; of equal ones, those whose files have most bytes.

    Raises
    ------
    UsageError
        Where the study has not measured it, or in two ways that cannot be compared.
    """
    import numpy as np
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    table, columns = EXTRACTORS[by], (*COLUMNS[by], *([_SHARE] if by == "hash" else []))
    files = study_files(folder)
    missing = [name for name in (table, "pictures") if name not in files]
    if missing:
        raise UsageError(
            f"The study {folder} has no table {missing[0]}; copies by {by} are found with it.",
            f"Make it with: tidymedia analyze -o {folder} --with {table}.",
        )
    lacking = [column for column in columns if column not in pq.read_schema(files[table]).names]
    if lacking:
        raise UsageError(
            f"The table {table} of {folder} has no column {lacking[0]}: an earlier version made it.",
            f"Make it anew with: tidymedia analyze -o {folder} --with {table}.",
        )
    wanted = ["media_id", "picture", *columns, "model", "fingerprint"]
    rows = pq.read_table(files[table], columns=[*wanted, "is_flat"] if by == "hash" else wanted)
    if by == "hash":
        rows = rows.filter(pc.invert(pc.fill_null(rows["is_flat"], False)))
    for column in _WHOLE if by == "hash" else columns:
        rows = rows.filter(pc.is_valid(rows[column]))
    present = read_present(folder)
    rows = _one_row_each(rows.filter(pc.is_in(rows["media_id"], pc.unique(present["media_id"]))))
    sizes = pq.read_table(files["pictures"], columns=["media_id", "picture", "width", "height"])
    order = _largest_first(
        rows.select(["media_id", "picture", *([_SHARE] if by == "hash" else [])]),
        _one_row_each(sizes),
        present.group_by("media_id").aggregate([("bytes", "max")]),
    )
    rows = rows.take(order)
    hashes, owners, plain = hash_rows([rows[column].to_pylist() for column in COLUMNS[by]] if by == "hash" else [])
    return Measured(
        rows["media_id"].to_pylist(),
        rows["picture"].to_numpy(),
        hashes,
        owners,
        plain,
        np.empty((0, 1), np.float16) if by == "hash" else prepared(_vectors(rows[columns[0]], table), by),
        next(iter(rows["model"].drop_null().unique().to_pylist()), None),
        tuple(sorted(rows["fingerprint"].unique().to_pylist())),
    )


def _one_row_each(rows: pa.Table) -> pa.Table:
    """Keep one row a picture: files with several paths have a set of rows for each."""
    import numpy as np
    import pyarrow as pa

    numbered = rows.append_column("place", pa.array(np.arange(len(rows))))
    first = numbered.group_by(["media_id", "picture"]).aggregate([("place", "min")])["place_min"]
    return rows.take(first)


def _largest_first(rows: pa.Table, sizes: pa.Table, weights: pa.Table) -> pa.ChunkedArray:
    """Return the order of pictures: those with most pixels first, then those whose files have most bytes.

    Where it is known, only the inner part counts: a screenshot has more pixels than the photograph in it.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    placed = rows.append_column("place", pa.array(np.arange(len(rows))))
    placed = placed.join(sizes, ["media_id", "picture"], join_type="left outer")
    placed = placed.join(weights, ["media_id"], join_type="left outer")
    pixels = (
        pc.multiply(pc.multiply(placed["width"], placed["height"]).cast("double"), placed[_SHARE])
        if (_SHARE in placed.column_names)
        else pc.multiply(placed["width"], placed["height"])
    )
    placed = placed.append_column("pixels", pixels)
    order = [("pixels", "descending"), ("bytes_max", "descending"), ("media_id", "ascending"), ("picture", "ascending")]
    return placed.sort_by(order)["place"]


def prepared(vectors: NDArray[np.floating], by: Measure) -> NDArray[np.floating]:
    """Return vectors as they are compared.

    Those of pixels less the mean of each: all pixels are positive, so that any two pictures have a high cosine;
    what is left without the mean is where a picture is brighter and darker. Of the numbers of embeddings the
    square root is taken, with their sign, so that the few strongest do not decide alone (Perronnin et al. 2010).

    Parameters
    ----------
    vectors : numpy.ndarray, shape (n, d)
        The vectors as they are stored.
    by : {"embedding", "pixels"}
        The measure.

    Returns
    -------
    numpy.ndarray, shape (n, d)
        The vectors to compare.

    Examples
    --------
    >>> import numpy as np
    >>> prepared(np.array([[1.0, 3.0]]), "pixels").tolist()
    [[-1.0, 1.0]]
    >>> prepared(np.array([[4.0, -9.0]], np.float16), "embedding").tolist()
    [[2.0, -3.0]]

    References
    ----------
    Perronnin, F., Sanchez, J., & Mensink, T. (2010). Improving the Fisher kernel for large-scale image
    classification. ECCV 2010, 143-156.
    """
    import numpy as np

    if by != "pixels":
        rooted: NDArray[np.floating] = np.sign(vectors) * np.sqrt(np.abs(vectors))
        return rooted
    wide = vectors.astype(np.float32)
    less: NDArray[np.float32] = wide - wide.mean(axis=1, keepdims=True)
    return less


def hash_rows(columns: Sequence[Sequence[Any]]) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.float64]]:
    """Return the hashes of whole pictures and of their inner parts as numbers.

    Parameters
    ----------
    columns : sequence of sequence
        The values of ``COLUMNS["hash"]`` for some pictures, column by column; none for no pictures.

    Returns
    -------
    hashes : numpy.ndarray of uint64, shape (m, 3)
        A row for each whole picture and for each inner part.
    owners : numpy.ndarray of int64, shape (m,)
        Position of the picture that each row is of.
    plain : numpy.ndarray of float64, shape (m,)
        How much of it is one light tone.

    Examples
    --------
    >>> whole, inner = ["00000000000000ff", "0" * 16, "0" * 15 + "1"], [None, None, None]
    >>> hashes, owners, plain = hash_rows([[value] for value in (*whole, *inner, 0.25, None)])
    >>> hashes.tolist(), owners.tolist(), plain.tolist()
    ([[255, 0, 1]], [0], [0.25])
    """
    import numpy as np

    texts: list[str] = []
    owners: list[int] = []
    plain: list[float] = []
    for place, row in enumerate(zip(*columns, strict=True)):
        for hashes, share in ((row[:3], row[6]), (row[3:6], row[7])):
            if None not in hashes:
                texts += hashes
                owners.append(place)
                plain.append(share)
    numbers = np.frombuffer(bytes.fromhex("".join(texts)), ">u8").astype(np.uint64).reshape(-1, 3)
    return numbers, np.array(owners, np.int64), np.array(plain, np.float64)


def unit_ids(media_id: Iterable[str], picture: Iterable[int]) -> list[str]:
    """Name pictures by one string each.

    Parameters
    ----------
    media_id : iterable of str
        Their media.
    picture : iterable of int
        Their numbers in their media.

    Returns
    -------
    list of str
        Such as ``<media_id>:p3``.

    Examples
    --------
    >>> unit_ids(["ab12"], [3])
    ['ab12:p3']
    """
    return [unit_id(one, {"picture": int(number)}) for one, number in zip(media_id, picture, strict=True)]


def _vectors(column: pa.ChunkedArray, table: str) -> NDArray[np.floating]:
    import numpy as np
    import pyarrow.compute as pc

    if not len(column):
        return np.empty((0, 1), np.float16)
    lengths = pc.unique(pc.list_value_length(column)).to_pylist()
    if len(lengths) > 1:
        raise UsageError(
            f"The vectors of the table {table} have different lengths: {', '.join(map(str, sorted(lengths)))}.",
            f"Measure all pictures in one way: tidymedia analyze --with {table}.",
        )
    numbers: NDArray[np.float16] = column.combine_chunks().flatten().to_numpy(zero_copy_only=False).astype(np.float16)
    return numbers.reshape(len(column), int(lengths[0]))
