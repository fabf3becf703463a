"""Failures by reason, each with its remedy and some of its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidymedia.cli.wording import counted, quoted, with_path

if TYPE_CHECKING:
    import pandas as pd

    from tidymedia.study import Study
    from tidymedia.tables.derived import Origin

__all__ = ["derived_lines", "failure_lines"]

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


def derived_lines(study: Study) -> list[str]:
    """Say which derived tables were made from tables that have changed since.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    list of str
        Lines of text; none where all are up to date.
    """
    from tidymedia.tables.derived import origin_of

    names = sorted(path.stem for path in (study.folder / "derived").glob("*.parquet"))
    origins = {name: origin_of(study.folder, name) for name in names}
    old = [(name, origin) for name, origin in origins.items() if origin is not None and not origin.is_current]
    return [
        f"The table {name} is out of date: it was made on {origin.made[:10]}, and what it was made from has changed. "
        f"Make it anew: tidymedia {origin.command} {quoted(study.folder)}{_by(origin)}"
        for name, origin in old
    ]


def _by(origin: Origin) -> str:
    """Return the option that says by what a table was made, where that was chosen."""
    by = origin.parameters.get("by")
    return f" --by {by}" if isinstance(by, str) and by else ""


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
