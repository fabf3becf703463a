"""The section on copies: what was found, how, and the largest clusters with their pictures."""

from __future__ import annotations

import base64
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tidymedia.report.content import ReportContent
from tidymedia.report.copies import Cluster, ClusterPicture, FoundCopies
from tidymedia.report.failures_view import place_in_file
from tidymedia.report.wording import number

__all__ = ["COPIES_BYTES", "ClusterLine", "CopiesView", "CopyLine", "how_found", "make_copies_view", "pictures_of"]

COPIES_BYTES = 3_000_000
"""How many bytes of JPEG the section carries at most; beyond it, copies are shown by the icon of their kind."""

FURTHEST_PICTURE: Final = 100
"""Pictures with a higher number get no thumbnail: films are decoded up to the picture that is wanted."""

_NAMES: Final = {"bytes": "their bytes", "hash": "perceptual hash", "embedding": "embedding", "pixels": "shrunk pixels"}


@dataclass(frozen=True, slots=True)
class CopyLine:
    """One picture of a cluster, in words.

    Parameters
    ----------
    paths : tuple of str
        Its files; of the representative, the one that stands for the cluster comes first.
    more_paths : int
        How many files with the same bytes are not named.
    place : str
        Which picture of the file it is; empty for the first one.
    difference : str
        How it differs from the representative; empty for the representative itself.
    kind : str
        Kind of the file, for its icon.
    unit_id : str
        The picture that is shown for it.
    picture : str
        Its thumbnail in base64; empty where it has none.
    """

    paths: tuple[str, ...]
    more_paths: int
    place: str
    difference: str
    kind: str
    unit_id: str
    picture: str


@dataclass(frozen=True, slots=True)
class ClusterLine:
    """One cluster: the picture that stands for it, and its copies, the nearest first."""

    files: int
    pictures: int
    representative: CopyLine
    copies: tuple[CopyLine, ...]

    @property
    def hidden(self) -> int:
        """How many of its pictures are not shown."""
        return self.pictures - 1 - len(self.copies)


@dataclass(frozen=True, slots=True)
class CopiesView:
    """What the section shows.

    Parameters
    ----------
    found : FoundCopies
        The counts.
    how : str
        By what copies were found.
    command : str
        The command that looks for them in the same way.
    clusters : tuple of ClusterLine
        The clusters that are shown, the largest first.
    thumbnails : tuple of str
        ``unit_id`` of every picture that the section carries.
    bytes : int
        How large they are together, as JPEG files.
    """

    found: FoundCopies
    how: str
    command: str
    clusters: tuple[ClusterLine, ...]
    thumbnails: tuple[str, ...]
    bytes: int

    @property
    def hidden(self) -> int:
        """How many clusters are not shown."""
        return self.found.clusters - len(self.clusters)


def how_found(parameters: Mapping[str, Any]) -> str:
    """Say by what copies were found.

    Parameters
    ----------
    parameters : mapping of str to object
        Those of the table ``duplicates``.

    Returns
    -------
    str
        A part of a sentence; empty where the table does not say.

    Examples
    --------
    >>> how_found({"by": "hash", "threshold": 8.0, "turned": True})
    'by perceptual hash (threshold 8 bits), rotated and mirrored copies included'
    >>> how_found({"by": "bytes", "threshold": 0.0})
    'by their bytes'
    """
    by = parameters.get("by")
    if by not in _NAMES:
        return ""
    parts = [f"by {_NAMES[by]}"]
    if by != "bytes":
        unit = " bits" if by == "hash" else ", as 1 minus the cosine"
        parts[0] += f" (threshold {number(float(parameters.get('threshold', 0)))}{unit})"
    if parameters.get("turned"):
        parts.append("rotated and mirrored copies included")
    if parameters.get("within_files"):
        parts.append("copies within a file included")
    return ", ".join(parts)


def pictures_of(copies: FoundCopies, most: int) -> tuple[str, ...]:
    """Choose the pictures of clusters that get a thumbnail: first those that stand for a cluster, then copies.

    Parameters
    ----------
    copies : FoundCopies
        The clusters.
    most : int
        How many at most.

    Returns
    -------
    tuple of str
        Their ``unit_id``.
    """
    ranked = [members for cluster in copies.largest for members in enumerate(cluster.members)]
    near_start = [(place > 0, member) for place, member in ranked if (member.picture or 0) <= FURTHEST_PICTURE]
    ordered = sorted(near_start, key=lambda entry: entry[0])
    return tuple(dict.fromkeys(member.unit_id for _, member in ordered))[:most]


def make_copies_view(content: ReportContent) -> CopiesView | None:
    """Describe the copies of a study.

    Parameters
    ----------
    content : ReportContent
        The study.

    Returns
    -------
    CopiesView or None
        None where nobody has looked for copies.
    """
    found = content.copies
    if found is None:
        return None
    carried: dict[str, str] = {}
    weight = 0
    for unit_id in found.shown:
        data = content.thumbnails.get(unit_id)
        if data and weight + len(data) <= COPIES_BYTES:
            carried[unit_id] = base64.b64encode(data).decode("ascii")
            weight += len(data)
    by = found.parameters.get("by")
    clusters = tuple(_cluster(cluster, by, carried) for cluster in found.largest if cluster.members)
    command = _command(content.study_name, found.parameters)
    return CopiesView(found, how_found(found.parameters), command, clusters, tuple(carried), weight)


def _cluster(cluster: Cluster, by: object, carried: Mapping[str, str]) -> ClusterLine:
    first, *others = cluster.members
    return ClusterLine(
        cluster.files,
        cluster.pictures,
        _line(first, "", carried),
        tuple(_line(member, _difference(member, by), carried) for member in others),
    )


def _line(member: ClusterPicture, difference: str, carried: Mapping[str, str]) -> CopyLine:
    says_where = bool(member.picture) or member.time_ms is not None
    return CopyLine(
        member.paths,
        member.files - len(member.paths),
        place_in_file(member.picture, member.time_ms) if says_where else "",
        difference,
        member.kind,
        member.unit_id,
        carried.get(member.unit_id, ""),
    )


def _difference(member: ClusterPicture, by: object) -> str:
    """Say how a near copy differs from the representative; only files with its bytes are exact ones."""
    distance = number(float(f"{member.distance:.3g}"))
    bits = (" bit" if member.distance == 1 else " bits") if by == "hash" else ""
    turn = _turn(member.turn)
    return f"near, {distance}{bits} apart" + (f", {turn}" if turn else "")


def _turn(turn: str) -> str:
    """Write a turn as people say it; rotations are counter-clockwise."""
    mirrored = turn.startswith("mirrored")
    degrees = turn.rpartition("rotated_")[2] if "rotated_" in turn else ""
    rotated = f"rotated by {degrees}°{'' if degrees == '180' else ' counter-clockwise'}" if degrees else ""
    return ", then ".join(part for part in ("mirrored" if mirrored else "", rotated) if part)


def _command(study: str, parameters: Mapping[str, Any]) -> str:
    """Return the command that looks for copies in the same way."""
    words = ["tidymedia", "duplicates", study]
    by = parameters.get("by")
    if by in _NAMES:
        words += ["--by", str(by)]
        if by != "bytes":
            words += ["--threshold", f"{float(parameters.get('threshold', 0)):g}"]
    words += [f"--{name.replace('_', '-')}" for name in ("turned", "within_files") if parameters.get(name)]
    return shlex.join(words)
