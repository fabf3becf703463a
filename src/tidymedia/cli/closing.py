"""What a run says at its end: what became of the files, where the tables are, what could come next."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tidymedia.cli.asking import service_lines
from tidymedia.cli.wording import counted, duration, quoted

if TYPE_CHECKING:
    from tidymedia.run.events import RunFinished
    from tidymedia.run.preview import DryRun
    from tidymedia.study import Study

__all__ = ["closing_lines", "dry_run_lines"]

_WORDS = {
    "ok": "analysed",
    "empty": "analysed with nothing found",
    "known": "known from before",
    "partial": "failed in part",
    "failed": "failed",
    "skipped": "skipped",
}
_MOST_UNREADABLE = 20
_MOST_SUGGESTED = 3
_WORTH_SUGGESTING = ("metadata", "ocr", "transcripts", "shots", "tags", "speech", "faces")
"""What most studies ask for, the first first; the rest is found with ``tidymedia extractors``."""


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
    if not total and not finished.interrupted:
        return ["No files were found.", "Check the folder, and --include and --exclude where you gave them."]
    parts = [f"{finished.outcomes[word]:,} {text}" for word, text in _WORDS.items() if finished.outcomes.get(word)]
    lines = [f"{counted(total, 'file')} in {duration(finished.seconds)}{': ' if parts else ''}{', '.join(parts)}."]
    for name, spent in finished.services.items():
        if not (spent.answered or spent.kept or spent.troubled):
            continue
        kept = f", {spent.kept:,} answered before" if spent.kept else ""
        troubled = f", {spent.troubled:,} without an answer" if spent.troubled else ""
        cost = f"; about {spent.dollars:,.4f} US dollars" if spent.dollars else ""
        lines.append(f"{name}: {counted(spent.answered, 'answer')}{kept}{troubled}{cost}.")
    if finished.services:
        lines += _left_for_later(study)
    rows = ", ".join(f"{name} {number:,}" for name, number in finished.rows.items() if number)
    if not rows:
        return lines
    folder = quoted(study.folder)
    lines += [
        f"Rows: {rows}.",
        f"They are in {study.folder / 'tables'}; {study.folder / 'codebook.md'} says what they mean.",
    ]
    steps = [(f"tidymedia export {folder} files.csv --wide", "one row a file")]
    if finished.outcomes.get("failed") or finished.outcomes.get("partial"):
        steps.append((f"tidymedia status {folder}", "what failed, and why"))
    steps.append((f"tidymedia report {folder}", "a page to look at"))
    if not finished.interrupted:
        steps += _other_extractors(study, jobs)
    widest = max(len(command) for command, _ in steps)
    return [*lines, "Next:", *(f"  {command:<{widest}}   {comment}".rstrip() for command, comment in steps)]


def _left_for_later(study: Study) -> list[str]:
    """Say how many files wait for another budget."""
    left = study.query(
        "SELECT extractor, count(DISTINCT media_id) AS files FROM status WHERE reason = 'budget' GROUP BY extractor"
    )
    return [
        f"{name}: the budget is spent; {counted(int(files), 'file')} left for a later run."
        for name, files in left.itertuples(index=False)
    ]


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
    kinds = ", ".join(f"{number:,} {kind}" for kind, number in sorted(dry.kinds.items()))
    lines = [f"Files: {kinds or 'none that can be read'}."]
    for name in sorted(dry.todo.keys() | dry.done.keys()):
        done = f", {dry.done[name]:,} done before" if dry.done[name] else ""
        lines.append(f"  {name}: {dry.todo[name]:,} to do{done}")
    for one in dry.services.values():
        lines += service_lines(one)
    if dry.unreadable:
        lines.append(f"{counted(len(dry.unreadable), 'file')} cannot be read:")
        lines += [f"  {text}" for text in dry.unreadable[:_MOST_UNREADABLE]]
        if len(dry.unreadable) > _MOST_UNREADABLE:
            lines.append(f"  and {len(dry.unreadable) - _MOST_UNREADABLE:,} more")
    lines.append(f"Nothing was analysed or written; without --dry-run, results go to {study.folder}.")
    return lines


def _other_extractors(study: Study, jobs: int) -> list[tuple[str, str]]:
    """Suggest a few extractors that did not run, with a time from how long ``pixels`` took on this machine."""
    from tidymedia.extractors.registry import make_extractor

    spent = study.query("SELECT sum(seconds) AS seconds FROM status WHERE extractor = 'pixels'")["seconds"].iloc[0]
    pixels = float(spent) if spent == spent and spent is not None else 0.0
    kinds = set(study.query("SELECT DISTINCT kind FROM media WHERE kind IS NOT NULL")["kind"])
    there = {extractor.name for extractor in study.extractors}
    steps: list[tuple[str, str]] = []
    for name in _WORTH_SUGGESTING:
        if name in there or len(steps) == _MOST_SUGGESTED:
            continue
        extractor = make_extractor(name)
        if not kinds & {kind.value for kind in extractor.kinds} or not extractor.availability().installed:
            continue
        seconds = pixels * extractor.relative_cost / (jobs or os.cpu_count() or 1)
        estimate = f"about {duration(seconds)}" if seconds >= 1 else "a moment" if pixels else ""
        steps.append((f"tidymedia analyze -o {quoted(study.folder)} --with {name}", estimate))
    return [*steps, ("tidymedia extractors", "what else can be measured")]
