"""How the tables came about: runs, versions, settings, and how to make them again."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tidymedia.report.content import ReportContent
from tidymedia.report.wording import duration, value_text

__all__ = ["ProvenanceView", "RunLine", "flatten", "make_provenance", "tidymedia_version"]

_SHOWN_ELSEWHERE = frozenset({"extractors", "packages", "settings", "limits", "counts", "command"})
_RUN_COLUMNS = frozenset({"run", "started", "finished"})


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run."""

    name: str
    started: str
    lasted: str
    command: str
    facts: tuple[tuple[str, str], ...]
    counts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ProvenanceView:
    """What the section on provenance shows.

    Parameters
    ----------
    runs : tuple of RunLine
        The runs, the oldest first.
    packages : tuple of (str, str)
        Packages of the last run with their versions.
    changed_packages : tuple of (str, str)
        Packages whose version differs between runs, with all versions.
    settings, limits : tuple of (str, str)
        Settings and limits of the last run.
    install : str
        The command that installs the same versions; empty where they are not known.
    """

    runs: tuple[RunLine, ...]
    packages: tuple[tuple[str, str], ...]
    changed_packages: tuple[tuple[str, str], ...]
    settings: tuple[tuple[str, str], ...]
    limits: tuple[tuple[str, str], ...]
    install: str


def tidymedia_version(run: Mapping[str, Any]) -> str:
    """Return which version of tidymedia did a run.

    Parameters
    ----------
    run : mapping
        Provenance of the run.

    Returns
    -------
    str
        The version; empty where it is not known.

    Examples
    --------
    >>> tidymedia_version({"packages": {"tidymedia": "0.1.0"}})
    '0.1.0'
    """
    packages = run.get("packages") or {}
    return str(run.get("version") or run.get("tidymedia") or packages.get("tidymedia") or "")


def flatten(values: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """List nested settings as dotted names with their values as text.

    Parameters
    ----------
    values : mapping
        Settings, maybe nested.
    prefix : str, default ""
        What stands before each name.

    Returns
    -------
    list of (str, str)
        Names and values, in order.

    Examples
    --------
    >>> flatten({"pictures": {"video": "5s", "pdf_dpi": 200}, "jobs": 2})
    [('pictures.video', '5s'), ('pictures.pdf_dpi', '200'), ('jobs', '2')]
    """
    found: list[tuple[str, str]] = []
    for name, value in values.items():
        if isinstance(value, Mapping):
            found.extend(flatten(value, f"{prefix}{name}."))
        elif isinstance(value, (list, tuple)) and any(isinstance(part, Mapping) for part in value):
            found.extend(flatten({str(index): part for index, part in enumerate(value)}, f"{prefix}{name}."))
        else:
            found.append((f"{prefix}{name}", value_text(value)))
    return found


def make_provenance(content: ReportContent) -> ProvenanceView:
    """Gather what the section on provenance shows.

    Parameters
    ----------
    content : ReportContent
        The study.

    Returns
    -------
    ProvenanceView
        Its lines.
    """
    last: Mapping[str, Any] = content.runs[-1] if content.runs else {}
    packages = {str(name): str(version) for name, version in (last.get("packages") or {}).items()}
    return ProvenanceView(
        tuple(_run_line(run) for run in content.runs),
        tuple(sorted(packages.items(), key=lambda entry: entry[0].lower())),
        _changed(content.runs),
        tuple(flatten(last.get("settings") or {})),
        tuple(flatten(last.get("limits") or {})),
        _install(packages, tidymedia_version(last)),
    )


def _run_line(run: Mapping[str, Any]) -> RunLine:
    facts = {name: value for name, value in run.items() if name not in _SHOWN_ELSEWHERE | _RUN_COLUMNS}
    return RunLine(
        value_text(run.get("run", "")),
        _moment(str(run.get("started") or "")),
        _lasted(run),
        _command(run.get("command")),
        tuple((name.replace("_", " "), value) for name, value in flatten(facts)),
        tuple((name.replace("_", " "), value) for name, value in flatten(run.get("counts") or {})),
    )


def _moment(text: str) -> str:
    """Write ISO 8601 text of a time in UTC as people read it."""
    if not text.endswith(("Z", "+00:00")):
        return text
    return text.replace("T", " ")[:19] + " UTC"


def _lasted(run: Mapping[str, Any]) -> str:
    try:
        span = datetime.fromisoformat(str(run["finished"])) - datetime.fromisoformat(str(run["started"]))
    except (KeyError, ValueError, TypeError):
        return "not finished" if not run.get("finished") else ""
    return duration(max(span.total_seconds(), 0.0))


def _command(command: object) -> str:
    if isinstance(command, (list, tuple)):
        return shlex.join(str(part) for part in command)
    return str(command or "")


def _changed(runs: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    versions: dict[str, dict[str, None]] = {}
    for run in runs:
        for name, version in (run.get("packages") or {}).items():
            versions.setdefault(str(name), {})[str(version)] = None
    return tuple((name, ", ".join(found)) for name, found in sorted(versions.items()) if len(found) > 1)


def _install(packages: Mapping[str, str], version: str) -> str:
    pins = {"tidymedia": version, **packages} if version else dict(packages)
    if not pins.get("tidymedia"):
        return ""
    rest = sorted((name for name in pins if name != "tidymedia"), key=str.lower)
    return shlex.join(["python", "-m", "pip", "install", *(f"{name}=={pins[name]}" for name in ["tidymedia", *rest])])
