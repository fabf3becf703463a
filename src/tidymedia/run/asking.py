"""From what a user asks for to a plan, and to what the study keeps of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from tidymedia.errors import SettingError
from tidymedia.extractors.registry import extractor_types
from tidymedia.run.plan import Plan, make_plan
from tidymedia.run.study_file import StudyFile, changed

__all__ = ["by_extractor", "plan_for"]


def plan_for(
    study: StudyFile, asked: Sequence[str] | None, without: Sequence[str], parameters: Mapping[str, object]
) -> tuple[StudyFile, Plan]:
    """Make the plan of a run, and note its extractors and parameters in the study.

    Parameters
    ----------
    study : StudyFile
        The study.
    asked : sequence of str or None
        Names of extractors; None for those that the study has, or the default set for a new one.
    without : sequence of str
        Names to leave out.
    parameters : mapping of str to object
        Parameters of extractors, as :func:`by_extractor` takes them; ``pictures`` and ``limits`` stand for the settings
        of the study.

    Returns
    -------
    tuple of (StudyFile, Plan)
        The study with its new entries, and the plan.

    Raises
    ------
    UsageError
        Where something asked for is unknown, not allowed, or not installed.

    Examples
    --------
    >>> study, plan = plan_for(StudyFile(), ["hashes"], (), {})
    >>> list(study.extractors)
    ['hashes']
    >>> plan_for(StudyFile(), ["hashes"], (), {"pictures.video": "1s"})[0].pictures.video
    '1s'
    """
    given = by_extractor(parameters)
    study = dataclasses.replace(
        study,
        pictures=changed(study.pictures, given.pop("pictures", {}), "pictures"),
        limits=changed(study.limits, given.pop("limits", {}), "limits"),
    )
    wanted = list(study.extractors) or None if asked is None else list(asked)
    extractor_types([*(wanted or ()), *without, *given])
    everything = dict(study.extractors)
    for name, values in given.items():
        everything[name] = {**everything.get(name, {}), **values}
    plan = make_plan(wanted, everything, study.pictures, without)
    for name in given:
        if name not in plan.extractors and name not in study.extractors:
            raise SettingError(f"There is a parameter for {name}, which does not run.", f"Add --with {name}.")
    ran = {name: extractor.parameters.to_dict() for name, extractor in plan.extractors.items() if name != "pictures"}
    return dataclasses.replace(study, extractors={**everything, **ran}), plan


def by_extractor(parameters: Mapping[str, object]) -> dict[str, dict[str, object]]:
    """Group parameters by extractor.

    Parameters
    ----------
    parameters : mapping of str to object
        ``{"ocr.lang": "deu"}`` or ``{"ocr": {"lang": "deu"}}``.

    Returns
    -------
    dict of str to dict
        Parameters by extractor and name.

    Raises
    ------
    SettingError
        Where a name has no extractor before its dot.

    Examples
    --------
    >>> by_extractor({"ocr.lang": "deu", "ocr": {"engine": "rapidocr"}})
    {'ocr': {'lang': 'deu', 'engine': 'rapidocr'}}
    """
    grouped: dict[str, dict[str, object]] = {}
    for name, value in parameters.items():
        extractor, dot, parameter = name.partition(".")
        if dot:
            grouped.setdefault(extractor, {})[parameter] = value
        elif isinstance(value, Mapping):
            grouped.setdefault(extractor, {}).update(value)
        else:
            raise SettingError(f"{name} is no parameter.", "Write extractor.parameter, such as ocr.lang.")
    return grouped
