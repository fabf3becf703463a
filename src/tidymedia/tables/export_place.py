"""Where an export may be written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tidymedia.errors import UsageError

__all__ = ["check_place"]


def check_place(folder: Path, destination: Path, targets: Sequence[Path], *, overwrite: bool) -> None:
    """Refuse to write into the study or over what is there.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    destination : pathlib.Path
        What the user named.
    targets : sequence of pathlib.Path
        The files that would be written.
    overwrite : bool
        Whether files that are there may be replaced.

    Raises
    ------
    UsageError
        Where the destination is the study itself, or files are there that may not be replaced.
    """
    study, allowed = folder.resolve(), folder.resolve() / "export"
    places = [file.resolve() for file in (destination, *targets)]
    if any(place.is_relative_to(study) and not place.is_relative_to(allowed) for place in places):
        raise UsageError(
            f"{destination} lies in the study {folder}, and an export could hide or replace its own files.",
            f"Choose a place beside the study, or {folder / 'export'}.",
        )
    there = [file.name for file in targets if file.exists()]
    if there and not overwrite:
        raise UsageError(
            f"There is already {', '.join(there[:5])}{' and more' if len(there) > 5 else ''} in {targets[0].parent}.",
            "Choose another place, or allow to overwrite.",
        )
