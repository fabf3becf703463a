"""The copies that a study knows of, as the report needs them: counts, and the largest clusters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tidymedia.duplicates.table import DUPLICATES
from tidymedia.tables.derived import Origin

if TYPE_CHECKING:
    import duckdb

__all__ = ["CLUSTERS_SHOWN", "Cluster", "ClusterPicture", "FoundCopies", "read_copies"]

CLUSTERS_SHOWN = 50
"""How many clusters the report shows, those with most files first."""

_PICTURES_SHOWN: Final = 12
_PATHS_SHOWN: Final = 4
_NEEDED: Final = frozenset(column.name for column in DUPLICATES.table.all_columns())


@dataclass(frozen=True, slots=True)
class ClusterPicture:
    """One picture of a cluster; files with the same bytes share it.

    Parameters
    ----------
    media_id : str
        Its medium.
    picture : int or None
        Its number in the medium; None where the whole file was compared, by its bytes.
    kind : str
        Kind of the file; empty where it is not known any more.
    distance : float
        Distance to the picture that stands for the cluster.
    turn : str
        How it is turned; ``upright`` or empty where it is not.
    time_ms : int or None
        When it is seen, in a film.
    paths : tuple of str
        The first of its files, by path.
    files : int
        How many files have it.
    """

    media_id: str
    picture: int | None
    kind: str
    distance: float
    turn: str
    time_ms: int | None
    paths: tuple[str, ...]
    files: int

    @property
    def unit_id(self) -> str:
        """The picture that is shown for it: of a whole file, its first one."""
        return f"{self.media_id}:p{self.picture or 0}"


@dataclass(frozen=True, slots=True)
class Cluster:
    """Pictures that are copies of one picture.

    Parameters
    ----------
    files, pictures : int
        How many files and different pictures it has in all.
    members : tuple of ClusterPicture
        Its first pictures: the representative, then its copies, the nearest first.
    """

    files: int
    pictures: int
    members: tuple[ClusterPicture, ...]


@dataclass(frozen=True, slots=True)
class FoundCopies:
    """What the table ``duplicates`` says.

    Parameters
    ----------
    parameters : mapping of str to object
        How copies were looked for: ``by``, ``threshold``, ``turned``, ``within_files``.
    made : str
        When, as ISO 8601 text.
    is_current : bool
        Whether the study is still as it was then.
    clusters : int
        How many clusters there are.
    files : int
        How many files have a picture in one.
    droppable : int
        How many of these files could be dropped, if what looks alike is a copy: files whose bytes another one has, and
        files of which every picture is a copy.
    droppable_bytes : int
        How large those are together.
    largest : tuple of Cluster
        The clusters that are shown, the largest first.
    shown : tuple of str, default ()
        Pictures of them, as ``unit_id``, that have a thumbnail made for them.
    """

    parameters: Mapping[str, Any]
    made: str
    is_current: bool
    clusters: int
    files: int
    droppable: int
    droppable_bytes: int
    largest: tuple[Cluster, ...]
    shown: tuple[str, ...] = field(default=())


def read_copies(connection: duckdb.DuckDBPyConnection, origin: Origin) -> FoundCopies | None:
    """Read what the table ``duplicates`` says; only the largest clusters are ever in memory.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        The study as a database.
    origin : Origin
        How the table came about.

    Returns
    -------
    FoundCopies or None
        None where the table has not the columns that tidymedia gives it.
    """
    described = {
        name: {row[0] for row in connection.execute(f"DESCRIBE {name}").fetchall()} for name in _views(connection)
    }
    if not described.get("duplicates", set()) >= _NEEDED:
        return None
    has_pictures = described.get("pictures", set()) >= {"media_id", "picture", "time_ms"}
    connection.execute(_PICTURES if has_pictures else _NO_PICTURES)
    clusters, files = connection.execute(
        "SELECT count(DISTINCT cluster), count(DISTINCT path) FROM duplicates"
    ).fetchall()[0]
    droppable, weight = connection.execute(_DROPPABLE).fetchall()[0]
    return FoundCopies(
        origin.parameters,
        origin.made,
        origin.is_current,
        int(clusters),
        int(files),
        int(droppable),
        int(weight),
        tuple(_clusters(connection)),
    )


def _views(connection: duckdb.DuckDBPyConnection) -> set[str]:
    names = {row[0] for row in connection.execute("SELECT view_name FROM duckdb_views()").fetchall()}
    return names & {"duplicates", "pictures"}


def _clusters(connection: duckdb.DuckDBPyConnection) -> Iterator[Cluster]:
    rows = connection.execute(_LARGEST, [CLUSTERS_SHOWN, _PATHS_SHOWN, _PICTURES_SHOWN]).fetchall()
    sizes: dict[str, tuple[int, int]] = {}
    members: dict[str, list[ClusterPicture]] = {}
    for cluster, files, pictures, media_id, picture, kind, distance, turn, time_ms, paths, count in rows:
        sizes[cluster] = (int(files), int(pictures))
        members.setdefault(cluster, []).append(
            ClusterPicture(
                media_id, picture, kind or "", float(distance), turn or "", time_ms, tuple(paths), int(count)
            )
        )
    for cluster, pictures_of in members.items():
        yield Cluster(*sizes[cluster], tuple(pictures_of))


_PICTURES: Final = """
CREATE TEMP VIEW seen AS
SELECT media_id, picture, any_value(time_ms) AS time_ms FROM pictures GROUP BY media_id, picture
"""

_NO_PICTURES: Final = """
CREATE TEMP VIEW seen AS
SELECT NULL::VARCHAR AS media_id, NULL::BIGINT AS picture, NULL::BIGINT AS time_ms WHERE false
"""

_DROPPABLE: Final = """
WITH files AS (SELECT DISTINCT path FROM duplicates WHERE is_droppable),
sizes AS (SELECT path, any_value(bytes) AS bytes FROM media GROUP BY path)
SELECT count(*), coalesce(sum(bytes), 0) FROM files LEFT JOIN sizes USING (path)
"""

_LARGEST: Final = """
WITH chosen AS (
    SELECT cluster, max(cluster_files) AS files, count(*) AS places, min(path) FILTER (is_representative) AS first
    FROM duplicates GROUP BY cluster ORDER BY files DESC, places DESC, first, cluster LIMIT $1
), units AS (
    SELECT cluster, unit_id, any_value(media_id) AS media_id, any_value(picture) AS picture,
        min(distance) AS distance, any_value(turn) AS turn, bool_or(is_representative) AS stands,
        list_sort(list(path)) AS paths, count(*) AS count
    FROM duplicates WHERE cluster IN (SELECT cluster FROM chosen) GROUP BY cluster, unit_id
), ranked AS (
    SELECT *, count(*) OVER (PARTITION BY cluster) AS pictures,
        row_number() OVER (PARTITION BY cluster ORDER BY stands DESC, distance, paths[1], picture) AS place
    FROM units
), kinds AS (
    SELECT media_id, any_value(kind) AS kind FROM media GROUP BY media_id
)
SELECT cluster, files, pictures, media_id, picture, kind, distance, turn, time_ms, paths[1:$2], count
FROM ranked JOIN chosen USING (cluster) LEFT JOIN kinds USING (media_id) LEFT JOIN seen USING (media_id, picture)
WHERE place <= $3
ORDER BY files DESC, places DESC, first, cluster, place
"""
