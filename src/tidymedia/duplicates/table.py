"""The table ``duplicates``: which pictures of a study are copies of which."""

from __future__ import annotations

from typing import Final, Literal

from tidymedia.tables import Column, Summary, Table
from tidymedia.tables.derived import Derivation

__all__ = ["DUPLICATES", "MEASURES", "TURNS", "Measure"]

Measure = Literal["bytes", "hash", "embedding", "pixels"]
"""By what copies are found."""

MEASURES: Final[tuple[Measure, ...]] = ("bytes", "hash", "embedding", "pixels")

TURNS: Final = (
    "upright",
    "mirrored",
    "rotated_90",
    "rotated_180",
    "rotated_270",
    "mirrored_rotated_90",
    "mirrored_rotated_180",
    "mirrored_rotated_270",
)
"""The ways to lay a picture on the table: as it is, mirrored left to right, rotated counter-clockwise, or both."""

_CLUSTER = Column(
    "cluster",
    "string",
    "unit_id of the picture that stands for the cluster: of pictures that are near each other, the one with most "
    "pixels, by hash without borders and plain surroundings (of equal ones, that of the largest file). Every member "
    "lies within the threshold of it.",
)

_TABLE = Table(
    "duplicates",
    (),
    (
        Column(
            "picture",
            "integer",
            "Number of the picture in its medium: image, page, frame; from 0.",
            range="0 and more",
            missing="copies were found by bytes, and the row is about the whole file",
        ),
        _CLUSTER,
        Column("cluster_files", "integer", "Number of files (paths) in the cluster.", range="1 and more"),
        Column(
            "is_representative",
            "boolean",
            "Whether the row stands for the cluster; of several files with the same bytes, the first path does.",
        ),
        Column(
            "is_droppable",
            "boolean",
            "Whether the file can be dropped: a file that stays has the same bytes, or each of its pictures is in a "
            "cluster with one that stays. Of near copies this is as true as that they are copies: look at them first. "
            "Films and animations have to have the same bytes: their sound and the frames between are not compared.",
        ),
        Column(
            "distance",
            "number",
            "Distance to the picture that stands for the cluster: for hashes, the number of bits that differ in the "
            "perceptual and the two difference hashes together (of 192), of whole pictures or of their inner parts, "
            "each counted up to four times where both are mostly paper (plain_share above 0.75); for embeddings "
            "and pixels, 1 minus the cosine of the two vectors; for bytes, 0.",
            range="0 to the threshold",
        ),
        Column(
            "kind",
            "string",
            "exact: the file has the same bytes as that of the representative; near: its picture looks alike.",
            range="exact | near",
        ),
        Column(
            "turn",
            "string",
            "What was done to the representative to get this picture: rotations are counter-clockwise, in degrees; "
            "mirrored is left to right, before any rotation.",
            range=" | ".join(TURNS),
            missing="copies were found by bytes",
        ),
    ),
    "One picture of a cluster of copies. Pictures without a copy have no row.",
    summary=(
        Summary(
            Column(
                "duplicate_cluster", "string", f"Cluster of copies of its first picture that is one. {_CLUSTER.meaning}"
            ),
            "arg_min(cluster, coalesce(picture, 0))",
        ),
    ),
)

DUPLICATES: Final = Derivation(
    "duplicates",
    "Copies and near copies among the pictures of the study.",
    _TABLE,
    caveat=(
        "Near copies are found by a measure that can err both ways: pictures of the same layout can be taken for "
        "copies, above all pages of text with the same letterhead, and strong edits are missed. Look at the clusters "
        "before you drop files. By hash, plain pictures (is_flat) are left out; files that went missing always are."
    ),
)
