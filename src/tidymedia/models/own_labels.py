"""Labels that a user writes: the texts that are made of them, and which networks can compare pictures with them."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tidymedia.errors import SettingError

if TYPE_CHECKING:
    from tidymedia.models.choice import ChosenModel

__all__ = ["EXAMPLES", "EXCLUSIVE", "TEMPLATE", "check_labels", "family_of", "fault_of_labels", "texts_of"]

TEMPLATE = "a photo of {}"
"""The text in which a label is put where the user gives none."""

EXAMPLES = ("openai/clip-vit-large-patch14", "google/siglip-base-patch16-224")
"""Networks that can be fetched for it, by way of example."""

EXCLUSIVE: Mapping[str, bool] = {"clip": True, "siglip": False, "siglip2": False}
"""Families of networks, and whether the labels of a picture exclude each other, as each was trained: CLIP to find the
one text of many that belongs to a picture, SigLIP to say of each text alone whether it belongs to it."""


def check_labels(labels: Sequence[str], template: str, *, of: str = "", such_as: str = TEMPLATE) -> tuple[str, ...]:
    """Check labels and the text in which they are put.

    Parameters
    ----------
    labels : sequence of str
        The labels.
    template : str
        A text with one ``{}``, for which each label is put.
    of : str, default ""
        What stands before the names of parameters in messages, such as ``"tags."``.
    such_as : str, default "a photo of {}"
        A template that the message shows.

    Returns
    -------
    tuple of str
        The labels, without space around them.

    Raises
    ------
    SettingError
        Where a label is empty or comes twice, or the template has not one ``{}``.

    Examples
    --------
    >>> check_labels(["protest ", "police"], "a photo of {}")
    ('protest', 'police')
    """
    if template.count("{}") != 1:
        raise SettingError(
            f"{of}template is a text with {{}} once, for which a label is put, not {template!r}.",
            f"Write one such as {such_as!r}.",
        )
    cleaned = tuple(str(label).strip() for label in labels)
    if not all(cleaned):
        raise SettingError(f"One of {of}labels is empty.", "Leave it out.")
    seen: set[str] = set()
    for label in cleaned:
        if label.casefold() in seen:
            raise SettingError(f"{of}labels has {label!r} twice.", "Give each label once.")
        seen.add(label.casefold())
    return cleaned


def texts_of(labels: Sequence[str], template: str = TEMPLATE) -> list[str]:
    """Put labels into the template.

    Parameters
    ----------
    labels : sequence of str
        The labels.
    template : str, default "a photo of {}"
        A text with one ``{}``.

    Returns
    -------
    list of str
        The texts with which the network compares pictures.

    Examples
    --------
    >>> texts_of(["a protest", "police officers"])
    ['a photo of a protest', 'a photo of police officers']
    """
    return [template.replace("{}", label) for label in labels]


def fault_of_labels(chosen: ChosenModel, labels: Sequence[str]) -> tuple[str, str] | None:
    """Say whether a network can compare pictures with these labels. It is not loaded for that.

    Parameters
    ----------
    chosen : ChosenModel
        The network; it is there.
    labels : sequence of str
        The labels; none where the user gave none.

    Returns
    -------
    tuple of str or None
        What is wrong and what to do; None where nothing is.
    """
    family = family_of(chosen)
    if not labels:
        if family in EXCLUSIVE:
            return (
                f"The model {chosen.name} knows no classes: it compares pictures with labels that you write.",
                "Give labels, such as protest,police,flag.",
            )
        return None
    if family not in EXCLUSIVE:
        return (
            f"The network {chosen.name} cannot compare pictures with labels that you write: it has classes of its own.",
            f"Leave out the labels, or fetch a network such as CLIP with: tidymedia models fetch {EXAMPLES[0]}, and "
            "name it as the model.",
        )
    if len(labels) < 2 and EXCLUSIVE[family]:
        return (
            f"The model {chosen.name} chooses between labels, and there is only the label {labels[0]!r}.",
            "Give at least two, such as what you look for and what else can be there; or take a SigLIP model.",
        )
    if _is_sentencepiece(chosen) and importlib.util.find_spec("sentencepiece") is None:
        return (
            f"The model {chosen.name} reads texts with the package sentencepiece, which is not installed.",
            "Get it with: pip install sentencepiece",
        )
    return None


def family_of(chosen: ChosenModel) -> str:
    """Return which family of networks a model of the hub belongs to, as its configuration says.

    Parameters
    ----------
    chosen : ChosenModel
        The network.

    Returns
    -------
    str
        Such as ``"clip"``; empty for a network that is none of the hub or is not there.
    """
    return _said_in(chosen, "config.json", "model_type")


def _is_sentencepiece(chosen: ChosenModel) -> bool:
    """Tell whether transformers reads the texts of a model with a package that does not come with it."""
    return _said_in(chosen, "tokenizer_config.json", "tokenizer_class").removesuffix("Fast") == "SiglipTokenizer"


def _said_in(chosen: ChosenModel, file: str, key: str) -> str:
    if chosen.origin != "hub" or chosen.path is None:
        return ""
    try:
        return str(json.loads((chosen.path / file).read_text(encoding="utf-8")).get(key, ""))
    except (OSError, ValueError, AttributeError):
        return ""
