"""What a run has to do with services: consent before it, the place for answers, what was spent after it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tidymedia.errors import SettingError, StudyError
from tidymedia.run.child_process import shut_down
from tidymedia.run.plan import Plan
from tidymedia.run.study_file import StudyFile
from tidymedia.services.consent import consents_given, has_consent, notice_without_consent
from tidymedia.services.estimates import Estimate
from tidymedia.services.raw_answers import RawAnswers, purge
from tidymedia.services.service import ServiceExtractor
from tidymedia.services.spending import Spending, SpendingBook
from tidymedia.services.workplace import RAW, Workplace
from tidymedia.tables.durable_files import lock_file

__all__ = ["ServicesOfRun", "check_budget", "purge_raw", "services_of", "with_consents", "without_consent"]


def services_of(plan: Plan) -> dict[str, ServiceExtractor]:
    """Return the extractors of a plan that ask a service, by name."""
    return {name: one for name, one in plan.extractors.items() if isinstance(one, ServiceExtractor)}


def without_consent(study: StudyFile, plan: Plan) -> list[str]:
    """Return the names of the extractors of a plan that may not send anything yet."""
    return [name for name, one in services_of(plan).items() if not has_consent(one, study.consents)]


def with_consents(
    study: StudyFile,
    plan: Plan,
    agreed: Sequence[str],
    ask: Callable[[Estimate], bool] | None,
    estimates: Callable[[], Mapping[str, Estimate]],
) -> tuple[StudyFile, Plan]:
    """Note what a user agrees to, and withhold what nobody agreed to.

    Parameters
    ----------
    study : StudyFile
        The study.
    plan : Plan
        The extractors of the run.
    agreed : sequence of str
        Names that were given with the command.
    ask : callable or None
        Asks the user about one service; None where nobody can be asked.
    estimates : callable
        Returns what the run would ask of each service; called only where the user is asked.

    Returns
    -------
    tuple of (StudyFile, Plan)
        The study with new consents, and the plan with what is withheld.

    Raises
    ------
    SettingError
        Where a consent is for no service of the run.
    """
    study = dataclasses.replace(study, consents=consents_given(plan.extractors, agreed, study.consents))
    open_questions = without_consent(study, plan)
    if open_questions and ask is not None:
        told = estimates()
        said_yes = [name for name in open_questions if ask(told[name])]
        study = dataclasses.replace(study, consents=consents_given(plan.extractors, said_yes, study.consents))
    withheld = without_consent(study, plan)
    services = services_of(plan)
    notices = (*plan.notices, *(notice_without_consent(services[name]) for name in withheld))
    return study, dataclasses.replace(plan, withheld=dict.fromkeys(withheld, "no_consent"), notices=notices)


def check_budget(plan: Plan, budget: float | None) -> None:
    """Refuse a budget that cannot be kept.

    Parameters
    ----------
    plan : Plan
        The extractors of the run.
    budget : float or None
        How many US dollars the run may spend on each service.

    Raises
    ------
    SettingError
        Where it is below 0, or the price of a service is not known.
    """
    if budget is None:
        return
    if not 0 <= budget < float("inf"):
        raise SettingError(f"A budget of {budget} US dollars cannot be kept.", "Give a number such as 5.00.")
    for name, extractor in services_of(plan).items():
        if name not in plan.withheld and extractor.highest_price is None:
            raise SettingError(
                f"A budget for {name} cannot be kept: the price of {extractor.model} is not known.",
                "Write it into a file of prices, and name that in TIDYMEDIA_PRICES; see the page on services.",
            )


def purge_raw(folder: Path) -> tuple[int, int]:
    """Delete the raw answers of a study, while no run is at work.

    Parameters
    ----------
    folder : pathlib.Path
        The study.

    Returns
    -------
    tuple of (int, int)
        How many answers were deleted, and how many bytes.

    Raises
    ------
    StudyError
        Where the folder is no study, or another run uses it.
    """
    if not (folder / "study.toml").is_file():
        raise StudyError(f"{folder} is no study.", "Make one with: tidymedia analyze MEDIA -o STUDY.")
    lock = lock_file(folder / ".lock")
    try:
        return purge(folder / RAW)
    finally:
        lock.close()


class ServicesOfRun:
    """The services of a run: where their answers are kept, and what was spent.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    run : str
        Name of the run.
    plan : Plan
        The extractors of the run.
    budget : float or None
        How many US dollars the run may spend on each service.
    """

    def __init__(self, folder: Path, run: str, plan: Plan, budget: float | None) -> None:
        self._names = [name for name in services_of(plan) if name not in plan.withheld]
        self.workplace = Workplace(str((folder / RAW).resolve()), run, budget) if self._names else None
        """What the child processes are told; None where the run asks no service."""
        for name in self._names:
            RawAnswers(folder / RAW / name).remove_unfinished()

    def spending(self) -> dict[str, Spending]:
        """Return what was asked of each service, and what it cost."""
        if self.workplace is None:
            return {}
        place = self.workplace
        return {name: SpendingBook(place.folder(name), place.run, None).total() for name in self._names}

    def close(self) -> None:
        """End the idle child processes, which write into the book of this run alone."""
        if self.workplace is not None:
            shut_down()
