"""A picture as a vector, by the network that comes with the package, by one of the hub, or by an ONNX file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tidymedia.errors import ExtractionError, UnavailableError
from tidymedia.models.image_features import MODEL, image_features
from tidymedia.models.sessions import load_network

if TYPE_CHECKING:
    from tidymedia.models.choice import ChosenModel
    from tidymedia.models.hub import HubModel

__all__ = ["Embedder", "load_embedder"]

_TRIAL = (96, 64)
"""Size of the gray picture with which a network of a user is tried."""


@dataclass(frozen=True)
class Embedder:
    """A network that turns pictures into vectors, loaded.

    Parameters
    ----------
    identifier : str
        Name and revision of the network.
    dimensions : int
        Length of a vector.
    features : callable
        Turns a picture (mode RGB, upright) into a vector of any length in space.
    """

    identifier: str
    dimensions: int
    features: Callable[[Image.Image], NDArray[np.float32]]

    def vector(self, image: Image.Image) -> NDArray[np.float32]:
        """Turn a picture into a vector of length 1. It goes through the network alone.

        Parameters
        ----------
        image : PIL.Image.Image
            The picture, mode RGB, upright.

        Returns
        -------
        numpy.ndarray
            float32, shape (dimensions,).

        Raises
        ------
        ExtractionError
            Where the network fails, or gives something else than ``dimensions`` numbers.
        """
        made = self.features(image)
        if made.shape != (self.dimensions,) or not np.isfinite(made).all():
            raise ExtractionError(f"The network {self.identifier} gives no vector for this picture.")
        length = float(np.linalg.norm(made))
        return made / np.float32(length) if length > 0 else made


def load_embedder(chosen: ChosenModel, *, normalization: str = "imagenet") -> Embedder:
    """Load a network that turns pictures into vectors.

    What the vector is depends on the network. Those for pictures and texts (CLIP, SigLIP) give the vector of the
    picture in the space that both share. Others give the pooled features of their last layer (DINOv2, ResNet, Swin); a
    transformer whose pooling was never trained gives those of its class token (ViT). An ONNX file gives its only
    output, or the one that is named ``features``, ``embeddings``, ``image_embeds`` or ``pooler_output``.

    Parameters
    ----------
    chosen : ChosenModel
        The network.
    normalization : {"imagenet", "half", "unit", "none"}, default "imagenet"
        How an ONNX file wants the values of pixels, see ``models.onnx_file``; the others say it themselves.

    Returns
    -------
    Embedder
        The network.

    Raises
    ------
    UnavailableError
        Where it is not there, cannot be loaded, or gives no vector for a picture.

    Examples
    --------
    >>> from tidymedia.models.choice import choose_model
    >>> loaded = load_embedder(choose_model("", "embeddings", default=MODEL))
    >>> vector = loaded.vector(Image.new("RGB", (40, 30), "red"))
    >>> vector.shape, round(float((vector * vector).sum()), 5)
    ((1280,), 1.0)
    """
    found = chosen.availability()
    if not found.installed:
        raise UnavailableError(found.missing, found.remedy)
    if chosen.model is not None:
        network = load_network(MODEL)
        features = _bundled(network)
    else:
        features = _of_hub(chosen) if chosen.origin == "hub" else _of_file(chosen, normalization)
    try:
        trial = features(Image.new("RGB", _TRIAL, (128, 128, 128)))
    except ExtractionError as error:
        raise UnavailableError(
            f"The network {chosen.identifier} cannot turn pictures into vectors: {error.message}",
            "Choose one for pictures, such as CLIP, SigLIP, DINOv2 or ViT.",
        ) from error
    return Embedder(chosen.identifier, trial.size, features)


def _bundled(network: Any) -> Callable[[Image.Image], NDArray[np.float32]]:
    def features(image: Image.Image) -> NDArray[np.float32]:
        return np.asarray(image_features([image], normalize=False, network=network)[0], np.float32)

    return features


def _of_hub(chosen: ChosenModel) -> Callable[[Image.Image], NDArray[np.float32]]:
    from tidymedia.models.hub import load_hub_model

    loaded = load_hub_model(chosen, "AutoModel", may_lack=("pooler.",))
    shared = hasattr(loaded.network, "get_image_features")

    def features(image: Image.Image) -> NDArray[np.float32]:
        made = loaded.run([image], method="get_image_features") if shared else loaded.run([image])
        return _one_vector(loaded, made)

    return features


def _one_vector(loaded: HubModel, made: Any) -> NDArray[np.float32]:
    """Take the vector out of what a model of the hub gives."""
    values = made if hasattr(made, "detach") else getattr(made, "pooler_output", None)
    if values is None or loaded.untrained:
        values = getattr(made, "last_hidden_state", None)
        if values is None or values.ndim not in (3, 4):
            raise ExtractionError(f"The model {loaded.chosen.identifier} gives no features of a picture.")
        # The class token of a transformer; the mean over the places of a network that keeps height and width.
        values = values[:, 0] if values.ndim == 3 else values.mean(dim=(2, 3))
    return np.asarray(values.detach().float().cpu().numpy().reshape(-1), np.float32)


_OUTPUTS = ("features", "embeddings", "embedding", "image_embeds", "pooler_output")


def _of_file(chosen: ChosenModel, normalization: str) -> Callable[[Image.Image], NDArray[np.float32]]:
    from tidymedia.models.onnx_file import load_onnx_file

    loaded = load_onnx_file(chosen, normalization=normalization)
    names = [port.name for port in loaded.network.outputs]
    named = next((name for name in _OUTPUTS if name in names), names[0] if len(names) == 1 else None)
    if named is None:
        raise UnavailableError(
            f"The network {chosen.identifier} gives {', '.join(names)}, and it is not clear which is the vector.",
            f"Export it with one output, or name one of them {_OUTPUTS[0]}.",
        )

    def features(image: Image.Image) -> NDArray[np.float32]:
        made = loaded.run(image, named)[named]
        if made.ndim == 4 and made.shape[2:] == (1, 1):  # what pooling leaves of height and width
            made = made[:, :, 0, 0]
        if made.ndim != 2 or made.shape[0] != 1:
            raise ExtractionError(f"The output {named} of {chosen.identifier} is no vector, but {made.shape}.")
        return np.asarray(made[0], np.float32)

    return features
