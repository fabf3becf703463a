"""Failures by reason, each with its remedy and some of its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tidymedia.study import Study

__all__ = ["failure_lines"]

_MOST_FILES = 5


def failure_lines(study: Study) -> list[str]:
    """Return the failures of a study, grouped by reason.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    list of str
        Lines of text; empty where nothing failed.
    """
    failures = study.failures()
    if failures.empty:
        return ["", "Nothing failed."]
    lines = ["", f"Failures: {failures['path'].nunique():,} files"]
    groups = sorted(failures.groupby("error_type", sort=False), key=lambda group: -group[1]["path"].nunique())
    for error_type, group in groups:
        paths = list(dict.fromkeys(group["path"]))
        lines += ["", f"{error_type}: {len(paths):,} files"]
        for path in paths[:_MOST_FILES]:
            first = group[group["path"] == path].iloc[0]
            extractors = ", ".join(dict.fromkeys(group[group["path"] == path]["extractor"].dropna()))
            lines.append(f"  {path}" + (f" [{extractors}]" if extractors else ""))
            lines.append(f"    {first['error_message']}")
            if isinstance(first["remedy"], str) and first["remedy"]:
                lines.append(f"    {first['remedy']}")
        if len(paths) > _MOST_FILES:
            lines.append(f"  and {len(paths) - _MOST_FILES:,} more; all are in the table failures")
    lines += ["", f"Try them again: tidymedia analyze -o {study.folder} --retry-failed"]
    return lines
