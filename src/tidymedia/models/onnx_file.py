"""A network of a user in an ONNX file: what it takes is read from the file, the rest is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tidymedia.errors import SettingError, UnavailableError
from tidymedia.models.inputs import as_input
from tidymedia.models.model import Model, ModelInput, Source
from tidymedia.models.sessions import Network, load_network

if TYPE_CHECKING:
    from tidymedia.models.choice import ChosenModel

__all__ = ["NORMALIZATIONS", "OnnxFile", "described", "load_onnx_file"]

_Three = tuple[float, float, float]

NORMALIZATIONS: Mapping[str, tuple[_Three, _Three]] = {
    "imagenet": ((123.675, 116.28, 103.53), (58.395, 57.12, 57.375)),
    "half": ((127.5,) * 3, (127.5,) * 3),
    "unit": ((0.0,) * 3, (255.0,) * 3),
    "none": ((0.0,) * 3, (1.0,) * 3),
}
"""How the values 0 to 255 of red, green and blue become numbers, as (mean, scale): (value - mean) / scale.

``imagenet`` is what torchvision and most networks trained on ImageNet use, ``half`` gives -1 to 1, ``unit`` gives
0 to 1, ``none`` leaves them as they are.
"""

_SIDE = 224
"""Width and height for a network that takes any."""

_TYPES: Mapping[str, str] = {"tensor(float)": "float32", "tensor(float16)": "float16", "tensor(uint8)": "uint8"}


@dataclass(frozen=True)
class OnnxFile:
    """A network of a user, loaded.

    Parameters
    ----------
    network : Network
        The network.
    input : ModelInput
        What it takes.
    labels : tuple of str or None
        The names of its classes; None where they are not known.
    """

    network: Network
    input: ModelInput
    labels: tuple[str, ...] | None

    def run(self, image: Image.Image, *wanted: str) -> dict[str, NDArray[Any]]:
        """Run the network on a picture, which is stretched to the size that it takes.

        Parameters
        ----------
        image : PIL.Image.Image
            The picture, mode RGB, upright.
        *wanted : str
            Names of the outputs; all where none is named.

        Returns
        -------
        dict of str to numpy.ndarray
            The outputs by name.

        Raises
        ------
        ExtractionError
            Where the network fails.
        """
        return self.network.run(self.prepare(image), *wanted)

    def prepare(self, image: Image.Image) -> NDArray[Any]:
        """Turn a picture into the input of the network.

        Parameters
        ----------
        image : PIL.Image.Image
            The picture, mode RGB, upright.

        Returns
        -------
        numpy.ndarray
            One picture, in the type that the network takes.
        """
        values = as_input(image, self.input)
        wanted = _TYPES[self.network.inputs[0].type]
        return np.rint(values).astype(wanted) if wanted == "uint8" else values.astype(wanted, copy=False)


def load_onnx_file(
    chosen: ChosenModel,
    *,
    normalization: str = "imagenet",
    channels: str = "RGB",
    size: tuple[int, int] | None = None,
    classes_in: int | None = None,
) -> OnnxFile:
    """Load a network of a user.

    Its input is read from the file: the channels come first (NCHW) or last (NHWC), they are three or a single gray one,
    and width and height are those that it declares. A file does not say how values are scaled; take what the network
    was trained with, since another normalization gives worse answers without an error.

    Parameters
    ----------
    chosen : ChosenModel
        The file.
    normalization : {"imagenet", "half", "unit", "none"}, default "imagenet"
        How the values 0 to 255 become numbers, see ``NORMALIZATIONS``; a network that takes whole numbers of 8 bits
        gets them as they are.
    channels : {"RGB", "BGR"}, default "RGB"
        Order of the channels. The normalization follows them. A network that takes a single one gets the luma (ITU-R
        601), by the means over the channels of ``NORMALIZATIONS``.
    size : tuple of int or None, default None
        Width and height where the file leaves them free; None for 224 x 224.
    classes_in : int or None, default None
        Axis along which the classes lie: an output must be as long there as there are labels. None compares nothing.

    Returns
    -------
    OnnxFile
        The network.

    Raises
    ------
    UnavailableError
        Where the file is not there, is no network for pictures of three channels or a gray one, or has another number
        of scores than of labels.
    SettingError
        Where there is no such normalization or order, or the file declares another size.
    """
    found = chosen.availability()
    if not found.installed:
        raise UnavailableError(found.missing, found.remedy)
    network = load_network(described(chosen), path=chosen.path)
    taken = _input_of(network, normalization, channels, size)
    labels = chosen.labels
    if classes_in is not None and labels is not None:
        counts = [port.shape[classes_in] for port in network.outputs if _has_axis(port.shape, classes_in)]
        if not {None, len(labels)} & set(counts):
            told = " or ".join(map(str, counts)) or "no"
            raise UnavailableError(
                f"The network {chosen.identifier} gives {told} scores, and {len(labels)} labels are known.",
                f"Write as many names into {chosen.labels_path}, one a line, in the order of its scores.",
            )
    return OnnxFile(network, taken, labels)


def described(chosen: ChosenModel) -> Model:
    """Describe a file as the registry describes its networks: the SHA-256 is compared again when it is loaded.

    Parameters
    ----------
    chosen : ChosenModel
        The file; it is there.

    Returns
    -------
    Model
        What is known of it; what it takes and where it is weak is not.

    Raises
    ------
    UnavailableError
        Where it is no file, or was changed since it was chosen.
    """
    path = chosen.path
    if chosen.origin != "file" or path is None:
        raise UnavailableError(f"{chosen.name} is no ONNX file.", "Name a file that ends in .onnx.")
    digest = chosen.sha256
    if not digest.startswith(chosen.revision):
        raise UnavailableError(f"{path} was changed meanwhile.", "Start again.")
    return Model(
        name=chosen.name,
        task=chosen.task,
        revision=chosen.revision,
        file=path.name,
        sha256=digest,
        licence="",
        source=Source("file", str(path.parent), chosen.revision, path.name),
        citation="",
        input=ModelInput("NCHW", "RGB", *NORMALIZATIONS["none"], None),
        outputs=(),
        caveat="",
    )


def _has_axis(shape: tuple[int | None, ...], axis: int) -> bool:
    return -len(shape) <= axis < len(shape)


def _input_of(network: Network, normalization: str, channels: str, size: tuple[int, int] | None) -> ModelInput:
    name = network.model.identifier
    if normalization not in NORMALIZATIONS:
        raise SettingError(
            f"There is no normalization {normalization!r}.", f"Choose one of: {', '.join(NORMALIZATIONS)}."
        )
    if channels not in ("RGB", "BGR"):
        raise SettingError(f"The order of channels cannot be {channels!r}.", "Choose RGB or BGR.")
    if len(network.inputs) != 1:
        names = ", ".join(port.name for port in network.inputs)
        raise UnavailableError(
            f"The network {name} takes {len(network.inputs)} inputs ({names}), not one picture.",
            "Export it with the picture as its only input.",
        )
    port = network.inputs[0]
    if port.type not in _TYPES:
        raise UnavailableError(
            f"The network {name} takes {port.type}, not numbers of a picture.", "Export it for 32-bit numbers."
        )
    layout, gray = _layout(name, port.shape)
    height, width = port.shape[2:] if layout == "NCHW" else port.shape[1:3]
    if size is not None and not all(side in (None, given) for side, given in zip((width, height), size, strict=True)):
        raise SettingError(
            f"The network {name} takes {width or 'any'} x {height or 'any'} pixels, not {size[0]} x {size[1]}.",
            "Leave the size out.",
        )
    free = size or (width or height or _SIDE, height or width or _SIDE)
    mean, scale = NORMALIZATIONS["none" if port.type == "tensor(uint8)" else normalization]
    if channels == "BGR":
        mean, scale = (mean[2], mean[1], mean[0]), (scale[2], scale[1], scale[0])
    if gray:
        channels, mean, scale = "L", (sum(mean) / 3,) * 3, (sum(scale) / 3,) * 3
    return ModelInput(layout, channels, mean, scale, (width or free[0], height or free[1]))


def _layout(name: str, shape: tuple[int | None, ...]) -> tuple[str, bool]:
    """Find out where the channels are, and whether it is a single gray one.

    They are the axis of length 3, else that of length 1; where none is declared so, three on the second one.
    """
    if len(shape) == 4 and shape[0] in (None, 1):
        for length in (3, 1):
            if length in (shape[1], shape[3]):
                return "NCHW" if shape[1] == length else "NHWC", length == 1
        if shape[1] is None and shape[3] is None:
            return "NCHW", False
    declared = " x ".join("any" if side is None else str(side) for side in shape)
    raise UnavailableError(
        f"The network {name} takes {declared or 'one number'}, not one picture of three channels or of a gray one.",
        "Export it for one picture a time: 1 x 3 x height x width or 1 x height x width x 3; for gray ones, 1 for 3.",
    )
