"""Failures by reason, each with its remedy and some of its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidymedia.cli.wording import counted, quoted, with_path

if TYPE_CHECKING:
    import pandas as pd

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
        Lines of text.
    """
    failures = study.failures()
    if failures.empty:
        return ["Nothing failed."]
    lines = [f"{counted(failures['path'].nunique(), 'file')} failed, wholly or in part:"]
    groups = failures.groupby(["error_type", failures["remedy"].fillna("")], sort=True)
    for (error_type, remedy), group in sorted(groups, key=lambda pair: -pair[1]["path"].nunique()):
        lines += ["", f"{error_type}: {counted(group['path'].nunique(), 'file')}", *_reasons(group)]
        if remedy:
            lines.append(f"  → {remedy}")
    return [*lines, "", f"Try them again: tidymedia analyze -o {quoted(study.folder)} --retry-failed"]


def _reasons(group: pd.DataFrame) -> list[str]:
    """Say why each file failed; a message that all files share once, above them."""
    shared = group["error_message"].nunique() == 1 and group["path"].nunique() > 1
    lines = [f"  {group['error_message'].iloc[0]}"] if shared else []
    paths = list(dict.fromkeys(group["path"]))
    for path in paths[:_MOST_FILES]:
        rows = group[group["path"] == path]
        extractors = ", ".join(dict.fromkeys(rows["extractor"].dropna()))
        text = f"- {path}" if shared else with_path(rows["error_message"].iloc[0], path)
        lines.append(f"  {text}" + (f"   [{extractors}]" if extractors else ""))
    if len(paths) > _MOST_FILES:
        lines.append(f"  and {len(paths) - _MOST_FILES:,} more; the table failures has all")
    return lines
