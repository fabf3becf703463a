"""The plan: which extractors run, in which order, and on which kinds of media."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tidymedia.errors import SettingError, UnavailableError
from tidymedia.extractors.base import Extractor, MediumExtractor, PictureExtractor, SoundExtractor
from tidymedia.extractors.registry import DEFAULT, make_extractor
from tidymedia.media.kinds import Kind
from tidymedia.media.settings import PictureSettings
from tidymedia.run.fingerprint import fingerprints

__all__ = ["Plan", "make_plan"]


@dataclass(frozen=True)
class Plan:
    """What a run does with every file.

    Parameters
    ----------
    extractors : mapping of str to Extractor
        The extractors that run, each after those that it needs.
    unavailable : mapping of str to Extractor
        Extractors of the default set that cannot run here.
    fingerprints : mapping of Kind to mapping of str to str
        By kind and extractor.
    notices : tuple of str
        What the user should know before the run.
    withheld : mapping of str to str
        Reasons by extractor that could run and may not: it asks a service, and nobody agreed to that.
    """

    extractors: Mapping[str, Extractor]
    unavailable: Mapping[str, Extractor]
    fingerprints: Mapping[Kind, Mapping[str, str]]
    notices: tuple[str, ...] = field(default=())
    withheld: Mapping[str, str] = field(default_factory=dict)


def make_plan(
    asked: Sequence[str] | None,
    parameters: Mapping[str, Mapping[str, object]],
    settings: PictureSettings,
    without: Sequence[str] = (),
) -> Plan:
    """Decide which extractors run.

    Parameters
    ----------
    asked : sequence of str or None
        Names that the user gave; None for the default set.
    parameters : mapping of str to mapping
        Parameters by extractor, for those that differ from their defaults.
    settings : PictureSettings
        How media become pictures.
    without : sequence of str, default ()
        Names to leave out.

    Returns
    -------
    Plan
        The extractors in order; those that others need are added, and ``pictures`` where any sees pictures.

    Raises
    ------
    SettingError
        Where a name or parameter is unknown, or extractors need one another in a circle.
    UnavailableError
        Where an extractor that was asked for by name cannot run here.

    Examples
    --------
    >>> list(make_plan(["hashes"], {}, PictureSettings()).extractors)
    ['pictures', 'hashes']
    """
    names = [name for name in (DEFAULT if asked is None else asked) if name not in without]
    chosen: dict[str, Extractor] = {}
    for name in names:
        _add(name, parameters, chosen, ())
    unavailable: dict[str, Extractor] = {}
    notices: list[str] = []
    for name, extractor in list(chosen.items()):
        available = extractor.availability()
        if available.installed:
            if available.missing:
                notices.append(f"{name}: {available.missing} {available.remedy}".strip())
            continue
        if asked is not None:
            raise UnavailableError(f"{name} cannot run here: {available.missing}", available.remedy)
        notices.append(f"{name} is left out: {available.missing} {available.remedy}")
        unavailable[name] = chosen.pop(name)
    if any(isinstance(extractor, PictureExtractor) for extractor in chosen.values()) and "pictures" not in chosen:
        chosen = {"pictures": make_extractor("pictures"), **chosen}
    for extractor in chosen.values():
        _check_order(extractor, chosen)
    everything = [*chosen.values(), *unavailable.values()]
    marks = {kind: fingerprints(everything, settings, kind) for kind in Kind}
    return Plan(chosen, unavailable, marks, tuple(notices))


def _add(
    name: str, parameters: Mapping[str, Mapping[str, object]], chosen: dict[str, Extractor], asking: tuple[str, ...]
) -> None:
    """Add an extractor after those that it needs."""
    if name in asking:
        raise SettingError(f"The extractors {' -> '.join((*asking, name))} need one another in a circle.")
    if name in chosen:
        return
    extractor = make_extractor(name, parameters.get(name))
    for needed in extractor.needs:
        _add(needed, parameters, chosen, (*asking, name))
    chosen[name] = extractor


def _check_order(extractor: Extractor, chosen: Mapping[str, Extractor]) -> None:
    """Refuse an extractor that needs one of a later stage: the file comes first, then pictures, then sound."""
    stages = (MediumExtractor, PictureExtractor, SoundExtractor)
    stage = next((place for place, kind in enumerate(stages) if isinstance(extractor, kind)), None)
    if stage is None:
        kinds = ", ".join(kind.__name__ for kind in stages)
        raise SettingError(f"The extractor {extractor.name} derives from none of {kinds}.")
    for needed in extractor.needs:
        if needed in chosen and not isinstance(chosen[needed], stages[: stage + 1]):
            raise SettingError(f"{extractor.name} cannot build on {needed}, which comes after it.")
