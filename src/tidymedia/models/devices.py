"""On what networks run: the processor, or a graphics card that was asked for; never another one in silence."""

from __future__ import annotations

import os
from collections.abc import Mapping

from tidymedia.errors import SettingError, UnavailableError

__all__ = ["DEVICES", "DEVICE_ENVIRONMENT", "check_device", "chosen_device", "onnx_provider", "torch_device"]

DEVICE_ENVIRONMENT = "TIDYMEDIA_DEVICE"
"""Environment variable that names the device for networks."""

DEVICES: Mapping[str, str] = {
    "cpu": "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
}
"""The devices, with the part of onnxruntime that runs on each."""

_ONNX_REMEDY: Mapping[str, str] = {
    "cuda": "Put the build for graphics cards in place of onnxruntime (pip uninstall onnxruntime; pip install "
    "onnxruntime-gpu)",
    "coreml": "It is there on macOS alone",
}
_TORCH_NAMES: Mapping[str, str] = {"cpu": "cpu", "cuda": "cuda", "coreml": "mps"}


def chosen_device() -> str:
    """Return the device that ``TIDYMEDIA_DEVICE`` names; ``"cpu"`` where it names none.

    Returns
    -------
    str
        ``"cpu"``, ``"cuda"`` (graphics cards of NVIDIA) or ``"coreml"`` (Apple).

    Raises
    ------
    SettingError
        Where there is no such device.
    """
    device = os.environ.get(DEVICE_ENVIRONMENT, "").strip().lower() or "cpu"
    if device not in DEVICES:
        raise SettingError(
            f"{DEVICE_ENVIRONMENT} cannot be {device!r}.", f"Set it to one of: {', '.join(DEVICES)}; or leave it out."
        )
    return device


def onnx_provider(device: str) -> str:
    """Return the part of onnxruntime that runs on a device.

    Parameters
    ----------
    device : str
        One of ``DEVICES``.

    Returns
    -------
    str
        Its name in onnxruntime.

    Raises
    ------
    UnavailableError
        Where this installation has none for it. Nothing else is taken instead.
    """
    if device == "cpu":
        return DEVICES[device]
    import onnxruntime

    if DEVICES[device] not in onnxruntime.get_available_providers():
        raise UnavailableError(
            f"Networks cannot run on {device} here: onnxruntime has no {DEVICES[device]}.",
            f"{_ONNX_REMEDY[device]}; or leave out {DEVICE_ENVIRONMENT}={device}, and they run on the CPU.",
        )
    return DEVICES[device]


def torch_device(device: str) -> str:
    """Return the name of a device in PyTorch.

    Parameters
    ----------
    device : str
        One of ``DEVICES``.

    Returns
    -------
    str
        ``"cpu"``, ``"cuda"`` or ``"mps"``.

    Raises
    ------
    UnavailableError
        Where PyTorch cannot run on it. Nothing else is taken instead.
    """
    if device == "cpu":
        return "cpu"
    import torch

    there = torch.cuda.is_available() if device == "cuda" else torch.backends.mps.is_available()
    if not there:
        raise UnavailableError(
            f"Models of the hub cannot run on {device} here: PyTorch {torch.__version__} finds no such device.",
            "Install its driver and a build of PyTorch for it (https://pytorch.org/get-started/locally); or leave out "
            f"{DEVICE_ENVIRONMENT}={device}, and they run on the CPU.",
        )
    return _TORCH_NAMES[device]


def check_device(*, by_torch: bool) -> None:
    """Check that the chosen device is there.

    Parameters
    ----------
    by_torch : bool
        Whether PyTorch runs the network, and not onnxruntime.

    Raises
    ------
    UnavailableError
        Where it is not.
    SettingError
        Where there is no such device.
    """
    device = chosen_device()
    if by_torch:
        torch_device(device)
    else:
        onnx_provider(device)
