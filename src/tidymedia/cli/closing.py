"""What a run says at its end: what became of the files, where the tables are, what could come next."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from tidymedia.cli.progress import duration

if TYPE_CHECKING:
    from tidymedia.run.events import RunFinished
    from tidymedia.run.preview import DryRun
    from tidymedia.study import Study

__all__ = ["closing_lines", "dry_run_lines"]

_WORDS = {
    "ok": "analysed",
    "empty": "analysed, nothing found",
    "known": "known from before",
    "partial": "failed in part",
    "failed": "failed",
    "skipped": "skipped",
}


def closing_lines(study: Study, finished: RunFinished, jobs: int) -> list[str]:
    """Return what is said at the end of a run.

    Parameters
    ----------
    study : Study
        The study.
    finished : RunFinished
        What became of its files.
    jobs : int
        Number of child processes; 0 for one a core.

    Returns
    -------
    list of str
        Lines of text.
    """
    total = sum(finished.outcomes.values())
    parts = [f"{finished.outcomes[word]:,} {text}" for word, text in _WORDS.items() if finished.outcomes.get(word)]
    lines = [f"{total:,} files in {duration(finished.seconds)}: {', '.join(parts) or 'none'}."]
    rows = ", ".join(f"{name} {number:,}" for name, number in finished.rows.items() if number)
    if rows:
        lines.append(f"Rows: {rows}.")
    folder = _quoted(study.folder)
    lines.append(f"Tables: {study.folder / 'tables'}   One row a file: tidymedia export {folder} --wide")
    if finished.outcomes.get("failed") or finished.outcomes.get("partial"):
        lines.append(f"What failed, why, and what to do: tidymedia status {folder}")
    lines += _suggestions(study, finished, jobs)
    return lines


def dry_run_lines(study: Study, dry: DryRun) -> list[str]:
    """Return what is said after a dry run.

    Parameters
    ----------
    study : Study
        The study.
    dry : DryRun
        What a run would do.

    Returns
    -------
    list of str
        Lines of text.
    """
    lines = [f"Files: {', '.join(f'{number:,} {kind}' for kind, number in sorted(dry.kinds.items())) or 'none'}."]
    for name in sorted(dry.todo.keys() | dry.done.keys()):
        done = f", {dry.done[name]:,} done before" if dry.done[name] else ""
        lines.append(f"{name}: {dry.todo[name]:,} to do{done}.")
    if dry.unreadable:
        lines.append(f"{len(dry.unreadable):,} cannot be read:")
        lines += [f"  {text}" for text in dry.unreadable[:20]]
        if len(dry.unreadable) > 20:
            lines.append(f"  and {len(dry.unreadable) - 20:,} more")
    lines.append(f"Nothing was analysed; the same command without --dry-run writes to {study.folder}.")
    return lines


def _suggestions(study: Study, finished: RunFinished, jobs: int) -> list[str]:
    """Suggest extractors that did not run, with a time from how long ``pixels`` took on this machine."""
    from tidymedia.extractors.registry import BUILT_IN, make_extractor

    pixels = finished.seconds_by_extractor.get("pixels", 0.0)
    there = {extractor.name for extractor in study.extractors}
    lines: list[str] = []
    for name in BUILT_IN:
        if name in there or name == "pictures":
            continue
        extractor = make_extractor(name)
        if not extractor.availability().installed:
            continue
        seconds = pixels * extractor.relative_cost / (jobs or os.cpu_count() or 1)
        estimate = f"about {duration(seconds)}" if seconds >= 1 else ""
        lines.append(f"Next: tidymedia analyze -o {_quoted(study.folder)} --with {name}   {estimate}".rstrip())
    return lines


def _quoted(folder: Path) -> str:
    text = str(folder)
    return f'"{text}"' if " " in text else text
