"""Which rows count: those with the fingerprints of the study as it is now."""

from __future__ import annotations

from tidymedia.errors import SettingError
from tidymedia.extractors.base import Extractor
from tidymedia.extractors.registry import make_extractor
from tidymedia.media.kinds import Kind
from tidymedia.run.fingerprint import fingerprints
from tidymedia.run.plan import Plan
from tidymedia.run.study_file import StudyFile
from tidymedia.tables.table import Table

__all__ = ["current_fingerprints", "extractors_of", "tables_of"]


def extractors_of(study: StudyFile, plan: Plan | None = None) -> dict[str, Extractor]:
    """Return the extractors of a study and of a run, each after those that it needs.

    Parameters
    ----------
    study : StudyFile
        The study.
    plan : Plan or None, default None
        The run.

    Returns
    -------
    dict of str to Extractor
        By name; an extractor whose plug-in or package is gone is left out, with those that build on it, and
        its rows stay as they are.
    """
    found: dict[str, Extractor] = {}

    def add(name: str) -> bool:
        if name not in found:
            try:
                extractor = make_extractor(name, study.extractors.get(name))
            except SettingError:
                return False
            if not all(add(needed) for needed in extractor.needs):
                return False  # its fingerprint cannot be known
            found[name] = extractor
        return True

    for name in (*(("pictures",) if study.extractors else ()), *study.extractors):
        add(name)
    if plan is not None:
        found |= plan.extractors
    return found


def tables_of(study: StudyFile, plan: Plan | None = None) -> dict[str, Table]:
    """Return the tables of a study by name; where extractors share one, its columns are those of all.

    Parameters
    ----------
    study : StudyFile
        The study.
    plan : Plan or None, default None
        The run.

    Returns
    -------
    dict of str to Table
        By name.
    """
    tables: dict[str, Table] = {}
    for extractor in extractors_of(study, plan).values():
        for table in extractor.tables:
            shared = tables.get(table.name)
            if shared is None:
                tables[table.name] = table
            else:
                names = {column.name for column in shared.columns}
                more = tuple(column for column in table.columns if column.name not in names)
                tables[table.name] = Table(
                    shared.name, shared.keys, (*shared.columns, *more), shared.meaning, shared.summary
                )
    return tables


def current_fingerprints(study: StudyFile, plan: Plan | None = None) -> dict[str, frozenset[str]]:
    """Return the fingerprints that count, by extractor.

    Parameters
    ----------
    study : StudyFile
        The study.
    plan : Plan or None, default None
        The run.

    Returns
    -------
    dict of str to frozenset of str
        One for each kind of media that differs.
    """
    extractors = extractors_of(study, plan)
    by_kind = [fingerprints(extractors.values(), study.pictures, kind) for kind in Kind]
    return {name: frozenset(marks[name] for marks in by_kind) for name in extractors}
