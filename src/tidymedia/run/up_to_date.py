"""Bring the tables of a study up to date where nobody else does."""

from __future__ import annotations

from pathlib import Path

from tidymedia.errors import StudyError
from tidymedia.run.compaction import compact
from tidymedia.run.current import current_fingerprints, tables_of
from tidymedia.run.store import Store
from tidymedia.run.study_file import StudyFile

__all__ = ["bring_up_to_date"]


def bring_up_to_date(folder: Path, study: StudyFile) -> bool:
    """Compact what an interrupted run had committed; leave a study alone that is being written.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    study : StudyFile
        Its extractors.

    Returns
    -------
    bool
        Whether there was anything to do.

    Raises
    ------
    StudyError
        Where the folder is no study, or its first run is at work.
    """
    if not (folder / "study.toml").is_file():
        raise StudyError(f"{folder} is no study.", "Make one with: tidymedia analyze MEDIA -o STUDY.")
    store = Store(folder)
    has_tables = (folder / "media.parquet").is_file()
    if has_tables and not store.committed_batches():
        return False
    try:
        store.open_for_writing()
    except StudyError:
        if has_tables:
            return False  # another run is at work; until its end readers see the tables before it
        raise
    try:
        return compact(store, tables_of(study), current_fingerprints(study))
    finally:
        store.close()
