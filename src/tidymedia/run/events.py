"""What happens during a run, as a stream of typed events; terminal, log and page only consume it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tidymedia.services.spending import Spending

__all__ = [
    "BatchCommitted",
    "Event",
    "Listener",
    "MediumFinished",
    "MediumStarted",
    "Notice",
    "RunFinished",
    "RunStarted",
    "ignore_events",
]


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The plan is made and work begins.

    Parameters
    ----------
    media : int
        Number of files found.
    extractors : tuple of str
        Names of the extractors that run.
    jobs : int
        Number of child processes.
    """

    media: int
    extractors: tuple[str, ...]
    jobs: int


@dataclass(frozen=True, slots=True)
class MediumStarted:
    """A child process begins with a file."""

    path: str


@dataclass(frozen=True, slots=True)
class MediumFinished:
    """A file is done, or was done before.

    Parameters
    ----------
    path : str
        The file.
    outcome : str
        ``ok``, ``empty``, ``partial``, ``failed``, ``skipped``, or ``known`` where an earlier run did it.
    messages : tuple of str
        What went wrong, a sentence each.
    """

    path: str
    outcome: str
    messages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchCommitted:
    """Rows are safe on disk."""

    media: int
    rows: int


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the user should read, in a sentence."""

    message: str


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The run is over and the tables are written.

    Parameters
    ----------
    outcomes : mapping of str to int
        Number of files by outcome.
    rows : mapping of str to int
        Number of rows by table.
    seconds : float
        Wall time.
    seconds_by_extractor : mapping of str to float
        Time of the child processes by extractor.
    interrupted : bool
        Whether it was stopped before its end.
    services : mapping of str to Spending
        What was asked of services, and what it cost by the price table.
    """

    outcomes: Mapping[str, int] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    seconds_by_extractor: Mapping[str, float] = field(default_factory=dict)
    interrupted: bool = False
    services: Mapping[str, Spending] = field(default_factory=dict)


Event = RunStarted | MediumStarted | MediumFinished | BatchCommitted | Notice | RunFinished
"""Any event of a run."""

Listener = Callable[[Event], None]
"""Called with each event, in the thread of the driver."""


def ignore_events(event: Event) -> None:
    """Consume an event without a word.

    Parameters
    ----------
    event : Event
        The event.
    """
