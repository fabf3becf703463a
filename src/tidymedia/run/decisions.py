"""What is to be done with one file, from what is known of it; and what became of it, in one word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tidymedia.media.kinds import Kind
from tidymedia.run.plan import Plan

__all__ = ["DONE", "Decision", "decide", "overall_outcome"]

DONE = ("ok", "empty")
"""Statuses that are final: such an extractor is not run again."""


@dataclass(slots=True)
class Decision:
    """What is to be done with one file.

    Parameters
    ----------
    todo : list of str
        Extractors to run, in order.
    skipped : dict of str to str
        Reasons by extractor that does not run.
    known : dict of str to str
        Statuses of earlier runs by extractor.
    """

    todo: list[str] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)


def decide(plan: Plan, kind: Kind, statuses: Iterable[tuple[str, str, str]], *, retry_failed: bool = False) -> Decision:
    """Decide what is to be done with a file.

    Parameters
    ----------
    plan : Plan
        The extractors of the run.
    kind : Kind
        The kind of the file.
    statuses : iterable of (str, str, str)
        Extractor, fingerprint and status of earlier runs.
    retry_failed : bool, default False
        Whether what failed, wholly or in part, is tried again.

    Returns
    -------
    Decision
        What to run, what to skip and why, and what is known.
    """
    marks = plan.fingerprints[kind]
    earlier = {name: status for name, fingerprint, status in statuses if marks.get(name) == fingerprint}
    decision = Decision()
    for name, extractor in (*plan.unavailable.items(), *plan.extractors.items()):
        status = earlier.get(name)
        hindrance = _hindrance(name, plan, decision)
        if kind not in extractor.kinds:
            decision.skipped[name] = "not_applicable"
        elif status in DONE or (status in ("partial", "failed") and (hindrance or not retry_failed)):
            decision.known[name] = str(status)  # a skip would take the place of the rows that are there
        elif hindrance:
            decision.skipped[name] = hindrance
        else:
            decision.todo.append(name)
    return decision


def _hindrance(name: str, plan: Plan, decision: Decision) -> str:
    """Say why an extractor cannot run on a file; empty where it can."""
    if name in plan.unavailable:
        return "not_installed"
    if name in plan.withheld:
        return plan.withheld[name]
    needs = plan.extractors[name].needs
    blocked = any(decision.known.get(needed) == "failed" or needed in decision.skipped for needed in needs)
    return "upstream" if blocked else ""


def overall_outcome(statuses: Mapping[str, tuple[str, str | None]]) -> str:
    """Say in one word what became of a file.

    Parameters
    ----------
    statuses : mapping of str to (str, str or None)
        Status and reason by extractor.

    Returns
    -------
    str
        ``ok``, ``empty``, ``partial``, ``failed`` or ``skipped``.

    Examples
    --------
    >>> overall_outcome({"ocr": ("failed", None), "pixels": ("ok", None)})
    'partial'
    >>> overall_outcome({"ocr": ("skipped", "not_applicable"), "metadata": ("ok", None)})
    'ok'
    >>> overall_outcome({"speech": ("failed", None), "voice": ("skipped", "upstream")})
    'failed'
    """
    words = [
        "failed" if reason == "upstream" else status
        for status, reason in statuses.values()
        if reason not in ("not_applicable", "not_installed")
    ]
    problems = [word for word in words if word in ("failed", "partial", "skipped")]
    troubled = any(reason == "not_installed" for _, reason in statuses.values()) and not words
    if not words:
        return "skipped" if troubled or statuses else "ok"
    if not problems:
        return "empty" if all(word == "empty" for word in words) else "ok"
    if len(problems) == len(words) and len(set(problems)) == 1 and problems[0] != "partial":
        return problems[0]
    return "partial"
