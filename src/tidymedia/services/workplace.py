"""Where an extractor that asks a service keeps its answers, and how much it may spend."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["RAW", "Workplace"]

RAW = "raw"
"""Folder of a study with the untouched answers of services."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """What a child process is told of the study and the run, as plain values.

    Parameters
    ----------
    raw : str
        Folder of the raw answers; all processes of a run see the same one.
    run : str
        Name of the run.
    budget : float or None, default None
        How many US dollars the run may spend on each service; None for no limit.

    Examples
    --------
    >>> Workplace("study/raw", "20261124T081509Z").folder("coding").as_posix()
    'study/raw/coding'
    """

    raw: str
    run: str
    budget: float | None = None

    def folder(self, service: str) -> Path:
        """Return the folder of one service.

        Parameters
        ----------
        service : str
            Its name.

        Returns
        -------
        pathlib.Path
            The folder, which may not exist yet.
        """
        return Path(self.raw) / service

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Workplace:
        """Read what :meth:`to_dict` wrote."""
        return cls(**plain)
