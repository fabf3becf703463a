"""Where the numbers of a run come from: versions, models, parameters, machine."""

from __future__ import annotations

import dataclasses
import datetime
import importlib.metadata
import json
import os
import platform
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil

from tidymedia.extractors.base import Extractor
from tidymedia.media.kinds import Kind
from tidymedia.models.devices import chosen_device
from tidymedia.run.plan import Plan
from tidymedia.run.study_file import StudyFile
from tidymedia.services.service import ServiceExtractor

__all__ = ["describe_run", "name_of_run", "package_versions", "write_provenance"]

_PACKAGES = (
    "tidymedia",
    "pillow",
    "pi-heif",
    "pypdfium2",
    "resvg-py",
    "av",
    "tesserocr",
    "rapidocr",
    "onnxruntime",
    "transformers",
    "torch",
    "opencv-python-headless",
    "numpy",
    "pandas",
    "pyarrow",
    "duckdb",
    "scikit-learn",
    "fsspec",
    "openai",
)


def name_of_run(moment: datetime.datetime) -> str:
    """Name a run by its start, such as ``20261124T081509Z``.

    Parameters
    ----------
    moment : datetime.datetime
        Its start.

    Returns
    -------
    str
        The name, in UTC; microseconds keep two runs of one second apart.

    Examples
    --------
    >>> name_of_run(datetime.datetime(2026, 11, 24, 8, 15, 9, tzinfo=datetime.UTC))
    '20261124T081509.000000Z'
    """
    return moment.astimezone(datetime.UTC).strftime("%Y%m%dT%H%M%S.%fZ")


def package_versions() -> dict[str, str]:
    """Return the versions of the packages that decide what the rows are."""
    versions: dict[str, str] = {}
    for name in _PACKAGES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return versions


def describe_run(
    run: str, started: datetime.datetime, plan: Plan, study: StudyFile, jobs: int, seed: int | None
) -> dict[str, Any]:
    """Describe a run before it begins.

    Parameters
    ----------
    run : str
        Its name.
    started : datetime.datetime
        When it began.
    plan : Plan
        Its extractors.
    study : StudyFile
        Its settings.
    jobs : int
        Number of child processes.
    seed : int or None
        Seed of the random sample of files, where one was drawn.

    Returns
    -------
    dict
        Plain values, for ``runs/<run>.json``.
    """
    return {
        "run": run,
        "started": started.isoformat(),
        "command": [Path(sys.argv[0]).name, *map(_without_secrets, sys.argv[1:])],
        "version": importlib.metadata.version("tidymedia"),
        "packages": package_versions(),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "device": chosen_device(),
        "machine": {
            "architecture": platform.machine(),
            "cores": os.cpu_count(),
            "memory_mb": psutil.virtual_memory().total // 1_000_000,
        },
        "jobs": jobs,
        "seeds": {} if seed is None else {"sample": seed},
        "settings": dataclasses.asdict(study.pictures),
        "limits": dataclasses.asdict(study.limits),
        "extractors": [
            {
                "name": name,
                "version": extractor.version,
                "parameters": extractor.parameters.to_dict(),
                "model": extractor.model,
                "model_hash": extractor.model_hash,
                **_service(name, extractor, study),
                "fingerprints": {str(kind): plan.fingerprints[kind][name] for kind in Kind if kind in extractor.kinds},
            }
            for name, extractor in plan.extractors.items()
        ],
    }


def _service(name: str, extractor: Extractor, study: StudyFile) -> dict[str, Any]:
    """Describe what an extractor asks of a service, and who agreed to that."""
    if not isinstance(extractor, ServiceExtractor):
        return {}
    recipient = extractor.recipient
    consents = [one for one in study.consents if (one.service, one.recipient) == (name, recipient.host)]
    return {
        "service": {
            "recipient": recipient.host,
            "sent": recipient.sent,
            "outside": recipient.outside,
            "consent": consents[0].given if consents else None,
            **extractor.origin(),
        }
    }


def _without_secrets(argument: str) -> str:
    """Leave out what an address may give away: a user's name and password, and a signature or token."""
    argument = re.sub(r"(?<=://)[^/@\s]+@", "", argument)
    return re.sub(r"(://[^?#\s]+)[?#]\S*", r"\1", argument)


def write_provenance(folder: Path, description: Mapping[str, Any]) -> None:
    """Write ``runs/<run>.json``.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    description : mapping
        What :func:`describe_run` returned, with what became of it.
    """
    runs = folder / "runs"
    runs.mkdir(exist_ok=True)
    text = json.dumps(description, indent=2, ensure_ascii=False, default=str)
    (runs / f"{description['run']}.json").write_text(text + "\n", encoding="utf-8")
