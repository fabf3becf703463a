"""The network that gives pictures their labels, loaded once a process."""

from __future__ import annotations

import functools
import os

from tidymedia.errors import UnavailableError
from tidymedia.models.choice import ChosenModel
from tidymedia.models.classification import load_classifier
from tidymedia.models.classifier import Classifier
from tidymedia.models.own_labels import TEMPLATE, fault_of_labels
from tidymedia.models.zero_shot import load_zero_shot

__all__ = ["load_tagger"]


@functools.lru_cache(maxsize=2)
def load_tagger(
    chosen: ChosenModel, labels: tuple[str, ...] = (), template: str = TEMPLATE, normalization: str = "imagenet"
) -> Classifier:
    """Load a network that gives pictures labels, or return the one that was loaded last.

    Parameters
    ----------
    chosen : ChosenModel
        The network.
    labels : tuple of str, default ()
        Labels that the user writes; none for the classes of the network.
    template : str, default "a photo of {}"
        The text in which labels of the user are put.
    normalization : {"imagenet", "half", "unit", "none"}, default "imagenet"
        How an ONNX file wants the values of pixels.

    Returns
    -------
    Classifier
        The network, loaded.

    Raises
    ------
    SettingError
        Where labels, template or normalization are not allowed.
    UnavailableError
        Where the network is not there, cannot be loaded, or cannot do what is asked for.
    """
    found = chosen.availability()
    if not found.installed:
        raise UnavailableError(found.missing, found.remedy)
    if fault := fault_of_labels(chosen, labels):
        raise UnavailableError(*fault)
    if labels:
        return load_zero_shot(chosen, labels, template)
    return load_classifier(chosen, normalization=normalization)


if hasattr(os, "register_at_fork"):
    # The threads of a network stay with the parent of a forked process.
    os.register_at_fork(after_in_child=load_tagger.cache_clear)
