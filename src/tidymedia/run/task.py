"""What a child process is told and what comes back: plain data that any executor can carry."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tidymedia.errors import UnavailableError
from tidymedia.extractors.base import Extractor
from tidymedia.extractors.registry import make_extractor, register_plugins
from tidymedia.media.kinds import Kind
from tidymedia.media.location import Location
from tidymedia.media.locations import location_from_dict
from tidymedia.media.settings import Limits, PictureSettings
from tidymedia.services.service import ServiceExtractor
from tidymedia.services.workplace import Workplace

__all__ = ["Failure", "Outcome", "Setup", "Task", "TaskResult"]


@dataclass(frozen=True)
class Setup:
    """What all files of a run have in common; a child process loads it once.

    Parameters
    ----------
    extractors : tuple of (str, mapping)
        Names and parameters, in the order in which they run.
    settings : PictureSettings
        Which pictures media give.
    limits : Limits
        How large media may be.
    plugins : tuple of str
        Plug-in files to load extractors from.
    raise_bugs : bool
        Whether an unexpected error of an extractor ends the run instead of becoming a row.
    model_hashes : mapping of str to str
        The ``model_hash`` of each extractor where the run was planned. A process that finds another model refuses to
        work, and one that loaded another model before is not used again.
    device : str or None
        What networks run on; None for what the environment of the process says.
    workplace : Workplace or None
        Where extractors that ask a service keep its answers; None where none does.
    """

    extractors: tuple[tuple[str, Mapping[str, object]], ...]
    settings: PictureSettings = field(default_factory=PictureSettings)
    limits: Limits = field(default_factory=Limits)
    plugins: tuple[str, ...] = ()
    raise_bugs: bool = False
    model_hashes: Mapping[str, str] = field(default_factory=dict)
    device: str | None = None
    workplace: Workplace | None = None

    def make_extractors(self) -> dict[str, Extractor]:
        """Make the extractors, not loaded yet, by name.

        Raises
        ------
        UnavailableError
            Where the model of one is another than where the run was planned.
        """
        register_plugins(self.plugins)
        made = {name: make_extractor(name, given) for name, given in self.extractors}
        for name, expected in self.model_hashes.items():
            if made[name].model_hash != expected:
                raise UnavailableError(
                    f"The model of {name} is {made[name].model_hash or 'not there'} in the process that does the work, "
                    f"and {expected} where the run was planned.",
                    "Give all processes and machines the same files, and do not change them during a run.",
                )
        for extractor in made.values():
            if isinstance(extractor, ServiceExtractor):
                extractor.workplace = self.workplace
        return made

    def to_dict(self) -> dict[str, Any]:
        """Return the set-up as plain values."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Setup:
        """Read what :meth:`to_dict` wrote."""
        return cls(
            tuple((name, dict(given)) for name, given in plain["extractors"]),
            PictureSettings(**plain["settings"]),
            Limits(**plain["limits"]),
            tuple(plain["plugins"]),
            bool(plain["raise_bugs"]),
            dict(plain["model_hashes"]),
            plain["device"],
            None if plain["workplace"] is None else Workplace.from_dict(plain["workplace"]),
        )

    def key(self) -> str:
        """Return a text that is the same for the same set-up."""
        return json.dumps(self.to_dict(), sort_keys=True)


@dataclass(frozen=True, slots=True)
class Task:
    """One file and the extractors that it needs.

    Parameters
    ----------
    path : str
        Its path, for messages.
    location : Location
        Where its bytes are.
    media_id : str
        Its id.
    kind : Kind
        What it is.
    extractors : tuple of str
        Names of the extractors to run, in order.
    upstream : mapping of str to sequence of mapping
        Rows that earlier runs stored and that these extractors need, by table.
    """

    path: str
    location: Location
    media_id: str
    kind: Kind
    extractors: tuple[str, ...]
    upstream: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the task as plain values."""
        return {
            "path": self.path,
            "location": self.location.to_dict(),
            "media_id": self.media_id,
            "kind": str(self.kind),
            "extractors": list(self.extractors),
            "upstream": {table: [dict(row) for row in rows] for table, rows in self.upstream.items()},
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Task:
        """Read what :meth:`to_dict` wrote."""
        return cls(
            plain["path"],
            location_from_dict(plain["location"]),
            plain["media_id"],
            Kind(plain["kind"]),
            tuple(plain["extractors"]),
            plain["upstream"],
        )


@dataclass(slots=True)
class Failure:
    """What broke for one extractor: a row of ``failures``.

    Parameters
    ----------
    extractor : str
        Name of the extractor.
    error_type, error_message, remedy : str
        What is wrong, and what to do.
    picture, time_ms : int or None
        Which picture, where one can be named.
    """

    extractor: str
    error_type: str
    error_message: str
    remedy: str = ""
    picture: int | None = None
    time_ms: int | None = None


@dataclass(slots=True)
class Outcome:
    """How one extractor fared with one file: a row of ``status``.

    Parameters
    ----------
    status : str
        ``ok``, ``empty``, ``partial``, ``failed`` or ``skipped``.
    reason : str or None
        Why it was skipped.
    n_rows : int
        Number of rows.
    seconds : float
        Time of the child process.
    """

    status: str
    reason: str | None = None
    n_rows: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class TaskResult:
    """What came out of one file.

    Parameters
    ----------
    media_id, path : str
        The file.
    rows : dict of str to list of dict
        Rows by table, complete but for the path.
    outcomes : dict of str to Outcome
        By extractor.
    failures : list of Failure
        What broke.
    unfinished : bool
        Whether the run was stopped before the file was done; such a result is not stored.
    """

    media_id: str
    path: str
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    unfinished: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> TaskResult:
        """Read what :meth:`to_dict` wrote."""
        return cls(
            plain["media_id"],
            plain["path"],
            plain["rows"],
            {name: Outcome(**outcome) for name, outcome in plain["outcomes"].items()},
            [Failure(**failure) for failure in plain["failures"]],
            plain["unfinished"],
        )
