"""Ask on a terminal before anything leaves this machine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from tidymedia.cli.output import note

if TYPE_CHECKING:
    from tidymedia.cli.progress import ProgressView
    from tidymedia.services.estimates import Estimate

__all__ = ["asking", "service_lines"]


def asking(view: ProgressView) -> Callable[[Estimate], bool] | None:
    """Return what asks the user about a service; None where there is no terminal to ask on.

    Parameters
    ----------
    view : ProgressView
        The view of the run, which makes room for the question.

    Returns
    -------
    callable or None
        Takes the estimate for a service, and returns whether the user agrees.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None

    def ask(one: Estimate) -> bool:
        view.make_room()
        for line in service_lines(one):
            note(line)
        note("Check first that you may send these files there: privacy, copyright, the terms of the service.")
        note(f"Type yes to send them to {one.recipient}; anything else leaves {one.service} out.")
        return sys.stdin.readline().strip().lower() == "yes"

    return ask


def service_lines(one: Estimate) -> list[str]:
    """Say what a run would ask of a service.

    Parameters
    ----------
    one : Estimate
        The estimate.

    Returns
    -------
    list of str
        Lines of text.
    """
    lines = [f"{one.service} asks {one.recipient}: {one.sentence()}.", f"  It sends {one.sent}."]
    if one.outside:
        lines.append("  You agreed to that before." if one.agreed else "  You have not agreed to that yet.")
    return lines
