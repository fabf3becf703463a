"""Bring a model of the hub onto this machine, once, so that work goes on without a network connection."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tidymedia.errors import SettingError, UnavailableError
from tidymedia.models.hub_files import INSTALL, Fetched, damaged_files, find_snapshot, folder_fault, hub_folders
from tidymedia.models.whisper_files import WEIGHTS, holds_whisper

__all__ = ["fetch_model"]

_WANTED = (".safetensors", ".json", ".txt", ".model", "README.md", "LICENSE")
"""Endings of weights, configuration, preparation, words, card and licence; no pickles and no programs."""


def fetch_model(name: str, revision: str | None = None, *, tell: Callable[[int, Path], None] | None = None) -> Fetched:
    """Fetch a model of the hub: into the folder of ``TIDYMEDIA_MODELS``, else into the hub's cache.

    It is a model that transformers runs, with weights as safetensors, or a Whisper model in the form of CTranslate2.

    ``HF_ENDPOINT`` names another hub than https://huggingface.co, ``HF_TOKEN`` opens models behind a licence. What is
    there already is not fetched again. Every file is compared with the digest that the hub gives.

    Parameters
    ----------
    name : str
        Its name, ``owner/name``.
    revision : str or None, default None
        A commit, branch or tag; None for ``main``.
    tell : callable or None, default None
        Called before the download, with its size in bytes and the folder into which it goes.

    Returns
    -------
    Fetched
        The model, with its commit.

    Raises
    ------
    SettingError
        Where the name cannot be one.
    UnavailableError
        Where the hub cannot be reached or has no such model, it has no weights as safetensors, its files are damaged,
        or the extra ``hub`` is not installed.
    """
    if name.count("/") != 1 or not all(name.split("/")):
        raise SettingError(
            f"{name} is no model of the hub.", "Name it as owner/name, such as google/vit-base-patch16-224."
        )
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    try:
        import huggingface_hub
    except ImportError as error:
        raise UnavailableError("What fetches models of the hub is not installed.", INSTALL) from error
    folder = hub_folders()[0]
    there = find_snapshot(name, revision)
    if (
        there is not None
        and there.revision == revision
        and not folder_fault(there.folder)
        and not damaged_files(there.folder)
    ):
        return there
    endpoint = os.environ.get("HF_ENDPOINT") or None
    with _explained(name, revision, folder):
        told = huggingface_hub.HfApi(endpoint=endpoint, library_name="tidymedia").model_info(
            name, revision=revision, files_metadata=True
        )
        listed = {file.rfilename: file.size or 0 for file in told.siblings or ()}
        sizes = {file: size for file, size in listed.items() if _is_wanted(file)}
        safe = any(file.endswith(".safetensors") for file in sizes)
        if not safe and WEIGHTS in listed and any(file.startswith("vocabulary.") for file in sizes):
            sizes[WEIGHTS] = listed[WEIGHTS]
        elif not safe:
            raise UnavailableError(
                f"The model {name} has no weights as safetensors; other forms can carry programs and are not fetched.",
                "Look on its page for a revision with model.safetensors (--revision refs/pr/N), or choose another one.",
            )
        if tell is not None:
            tell(sum(sizes.values()), folder)
        with _bars(huggingface_hub):
            snapshot = Path(
                huggingface_hub.snapshot_download(
                    name,
                    revision=revision,
                    cache_dir=folder,
                    endpoint=endpoint,
                    allow_patterns=sorted(sizes),
                    library_name="tidymedia",
                )
            )
        damaged = damaged_files(snapshot)
        for file in damaged:
            (snapshot / file).resolve().unlink(missing_ok=True)
            (snapshot / file).unlink(missing_ok=True)
        if WEIGHTS in sizes and not holds_whisper(snapshot):  # another form, which could carry programs
            (snapshot / WEIGHTS).resolve().unlink(missing_ok=True)
            (snapshot / WEIGHTS).unlink(missing_ok=True)
    if damaged:
        raise UnavailableError(
            f"What came as {', '.join(damaged)} of {name} is not what the hub promised: its digest is another one. It "
            "was deleted.",
            "Fetch the model again; a proxy may change what it passes on.",
        )
    if fault := folder_fault(snapshot):
        raise UnavailableError(fault, "Choose another model.")
    return Fetched(name, snapshot.name, snapshot)


def _is_wanted(file: str) -> bool:
    """Leave out what lies in folders too: it is the same in forms of other programs."""
    return "/" not in file and file.endswith(_WANTED)


@contextlib.contextmanager
def _bars(hub: Any) -> Iterator[None]:
    """Show bars on a terminal alone."""
    hidden = hub.utils.are_progress_bars_disabled() or sys.stderr.isatty()
    if not hidden:
        hub.utils.disable_progress_bars()
    try:
        yield
    finally:
        if not hidden:
            hub.utils.enable_progress_bars()


@contextlib.contextmanager
def _explained(name: str, revision: str | None, folder: Path) -> Iterator[None]:
    """Turn what huggingface_hub raises into an error that says what to do."""
    import httpx2  # what huggingface_hub speaks HTTP with
    from huggingface_hub import errors

    try:
        yield
    except errors.HFValidationError as error:
        raise SettingError(f"{name} is no model of the hub: {error}", "Name it as owner/name.") from error
    except errors.GatedRepoError as error:
        raise UnavailableError(
            f"The model {name} is behind a licence.",
            "Accept the licence on its page, and set HF_TOKEN to a token of your account.",
        ) from error
    except errors.RevisionNotFoundError as error:
        raise UnavailableError(f"The model {name} has no revision {revision}.", "Look it up on its page.") from error
    except errors.RepositoryNotFoundError as error:
        raise UnavailableError(
            f"The hub has no model {name}, or it is private.", "Check its name; for a private one set HF_TOKEN."
        ) from error
    except (errors.LocalEntryNotFoundError, errors.OfflineModeIsEnabled, httpx2.TransportError) as error:
        raise UnavailableError(
            f"The hub was not reached, so {name} cannot be fetched: {_reason(error)}.", _elsewhere(name, folder)
        ) from error
    except errors.HfHubHTTPError as error:
        raise UnavailableError(f"The hub did not give {name}: {_reason(error)}.", _elsewhere(name, folder)) from error
    except OSError as error:
        raise UnavailableError(
            f"The model {name} cannot be fetched: {error}.", f"Check the connection, and the free space of {folder}."
        ) from error


def _reason(error: BaseException) -> str:
    """Return the first line of what is at the bottom of an error."""
    while error.__cause__ is not None:
        error = error.__cause__
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__


def _elsewhere(name: str, folder: Path) -> str:
    return (
        "Check the connection. Or fetch it on a machine with one, and copy the folder "
        f"models--{name.replace('/', '--')} of the hub's cache into {folder}, or into the folder of TIDYMEDIA_MODELS."
    )
