"""What a run has asked and spent, counted over all of its processes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tidymedia.errors import BudgetError, RefusedError
from tidymedia.tables.durable_files import hold_lock, make_folder

__all__ = ["Spending", "SpendingBook"]


@dataclass(frozen=True, slots=True)
class Spending:
    """What a run has asked of a service.

    Parameters
    ----------
    answered : int
        Requests that the service answered.
    kept : int
        Answers that were read from the raw answers, without a request.
    troubled : int
        Requests without an answer that can be used: errors, refusals, time-outs.
    dollars : float
        What they cost by the price table, in US dollars. A request that was under way when its process was killed
        counts with its highest price.
    """

    answered: int = 0
    kept: int = 0
    troubled: int = 0
    dollars: float = 0.0


class SpendingBook:
    """A file that all processes of a run write: what is set aside before a request, and what it cost in the end.

    Parameters
    ----------
    folder : pathlib.Path
        Folder of the service.
    run : str
        Name of the run.
    budget : float or None
        How much the run may spend, in US dollars; None for no limit.
    """

    def __init__(self, folder: Path, run: str, budget: float | None) -> None:
        self._folder, self._budget = folder, budget
        self.path = folder / f"spending-{run}.jsonl"
        self._read_bytes = 0
        self._counts = {"answered": 0, "kept": 0, "troubled": 0}
        self._dollars = 0.0
        self._refusal: tuple[str, str] | None = None

    def set_aside(self, dollars: float) -> None:
        """Set money aside for a request, where the budget has it.

        Parameters
        ----------
        dollars : float
            The highest price of the request.

        Raises
        ------
        BudgetError
            Where the budget has less.
        RefusedError
            Where another process was told that all requests are refused.
        """
        self.total()
        if self._refusal is not None:
            raise RefusedError(*self._refusal)
        if self._budget is None:
            self._write({"dollars": dollars})
            return
        make_folder(self._folder)
        with hold_lock(self._folder / ".spending.lock"):
            spent = self.total().dollars
            if spent + dollars > self._budget + 1e-9:
                raise BudgetError(
                    f"The budget of {self._budget:.2f} US dollars is spent: {spent:.4f} went out, and the next request "
                    f"may cost {dollars:.4f}.",
                    "Run again with another --budget; what was answered is not asked again.",
                )
            self._write({"dollars": dollars})

    def refuse(self, error: RefusedError) -> None:
        """Note that all further requests would be refused, so that no process sends one.

        Parameters
        ----------
        error : RefusedError
            What the service said.
        """
        self._write({"refused": [error.message, error.remedy], "dollars": 0.0})

    def settle(self, outcome: str, dollars: float) -> None:
        """Note how a request ended.

        Parameters
        ----------
        outcome : {"answered", "kept", "troubled"}
            How.
        dollars : float
            What it cost more, or less, than was set aside.
        """
        self._write({"outcome": outcome, "dollars": dollars})

    def total(self) -> Spending:
        """Add up what was written so far."""
        try:
            with self.path.open("rb") as file:
                file.seek(self._read_bytes)
                whole, newline, _ = file.read().rpartition(b"\n")
        except FileNotFoundError:
            return Spending()
        self._read_bytes += len(whole) + len(newline)
        for line in whole.splitlines():
            entry = json.loads(line)
            self._dollars += entry["dollars"]
            if "refused" in entry:
                self._refusal = (str(entry["refused"][0]), str(entry["refused"][1]))
            if "outcome" in entry:
                self._counts[entry["outcome"]] += 1
        return Spending(**self._counts, dollars=round(max(self._dollars, 0.0), 9))

    def _write(self, entry: dict[str, Any]) -> None:
        make_folder(self._folder)
        # One write of one short line: lines of several processes do not mix.
        with self.path.open("ab", buffering=0) as file:
            file.write(json.dumps(entry).encode() + b"\n")
