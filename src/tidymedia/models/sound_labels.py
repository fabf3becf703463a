"""Labels of sounds that a user writes, and which networks can compare sounds with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from tidymedia.models.own_labels import family_of

if TYPE_CHECKING:
    from tidymedia.models.choice import ChosenModel

__all__ = ["EXAMPLES", "FAMILY", "TEMPLATE", "fault_of_sound_labels"]

TEMPLATE: Final = "This is a sound of {}."
"""The text in which a label is put where the user gives none."""

EXAMPLES: Final = ("MIT/ast-finetuned-audioset-10-10-0.4593", "laion/clap-htsat-unfused")
"""Networks that can be fetched, by way of example: one with the classes of AudioSet, one for labels of one's own."""

FAMILY: Final = "clap"
"""The family of networks that compare sounds with texts, as their configuration names it."""


def fault_of_sound_labels(
    chosen: ChosenModel, labels: Sequence[str], *, may_write: bool = True
) -> tuple[str, str] | None:
    """Say whether a network can compare sounds with these labels. It is not loaded for that.

    Parameters
    ----------
    chosen : ChosenModel
        The network; it is there.
    labels : sequence of str
        The labels; none where the user gave none.
    may_write : bool, default True
        Whether the user can give labels at all.

    Returns
    -------
    tuple of str or None
        What is wrong and what to do; None where nothing is.
    """
    compares = family_of(chosen) == FAMILY
    if not labels and compares:
        return (
            f"The model {chosen.name} knows no classes: it compares sounds with labels that you write.",
            "Give labels, such as applause,rain,a siren." if may_write else "Choose a model for audio classification.",
        )
    if labels and not compares:
        return (
            f"The network {chosen.name} cannot compare sounds with labels that you write: it has classes of its own.",
            f"Leave out the labels, or fetch CLAP with: tidymedia models fetch {EXAMPLES[1]}, and name it as the "
            "model.",
        )
    if len(labels) == 1:
        return (
            f"The model {chosen.name} chooses between labels, and there is only the label {labels[0]!r}.",
            "Give at least two, such as what you listen for and what else can be heard.",
        )
    return None
