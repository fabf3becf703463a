"""Networks in memory, on onnxruntime: each once a process."""

from __future__ import annotations

import ctypes
import functools
import os
import threading
import weakref
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tidymedia.errors import ExtractionError, UnavailableError, UsageError
from tidymedia.models.devices import DEVICES, chosen_device, onnx_provider
from tidymedia.models.files import verified_file
from tidymedia.models.model import Model

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Network", "Port", "default_threads", "load_network"]

_THREAD_VARIABLES = ("OMP_THREAD_LIMIT", "OMP_NUM_THREADS")
"""What child processes set to 1: they run side by side, one thread each. onnxruntime does not read it by itself."""

_FATAL_ONLY = 4
"""Log level of onnxruntime. What goes wrong comes as an exception; nothing is printed besides."""

_lock = threading.Lock()
_networks: weakref.WeakSet[Network] = weakref.WeakSet()


class Port(NamedTuple):
    """An input or output of a network, as its file declares it.

    Parameters
    ----------
    name : str
        Its name.
    shape : tuple of int or None
        Its size along each axis; None where it is free.
    type : str
        Type of its numbers, as onnxruntime names it, such as ``tensor(float)``.
    """

    name: str
    shape: tuple[int | None, ...]
    type: str


class Network:
    """A network that is loaded.

    Parameters
    ----------
    model : Model
        What it is.
    path : pathlib.Path
        Its file, verified.
    device : str
        What it runs on.
    threads : int
        How many threads one picture may use.

    Raises
    ------
    UnavailableError
        Where the device is not there or the file is no network.
    """

    def __init__(self, model: Model, path: Path, device: str, threads: int) -> None:
        import onnxruntime

        self.model = model
        self.device = device
        self.threads = threads
        provider = onnx_provider(device)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = _FATAL_ONLY
        self._errors = _errors()
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=[provider])
        except self._errors as error:
            raise UnavailableError(
                f"The network {model.identifier} cannot be loaded from {path}: {error}",
                "Check that it is a whole ONNX file, or update onnxruntime with pip install --upgrade onnxruntime.",
            ) from error
        # onnxruntime goes over to the CPU by itself where it cannot have the device.
        if self._session.get_providers()[0] != provider:
            raise UnavailableError(
                f"The network {model.identifier} cannot run on {device}.",
                "Check the driver of the device, or choose the device cpu.",
            )
        self.inputs = tuple(_port(one) for one in self._session.get_inputs())
        self.outputs = tuple(_port(one) for one in self._session.get_outputs())
        _networks.add(self)

    def never_take_down(self) -> None:
        """Keep the session until the process ends, also when nothing refers to it any more."""
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(self._session))

    def run(
        self, values: NDArray[Any], *wanted: str, others: Mapping[str, NDArray[Any]] | None = None
    ) -> dict[str, NDArray[np.float32]]:
        """Run the network.

        Parameters
        ----------
        values : numpy.ndarray
            Its first input, as ``models.inputs`` makes it.
        *wanted : str
            Names of the outputs; all where none is named.
        others : mapping of str to numpy.ndarray or None, default None
            Its other inputs by name, for a network that has several.

        Returns
        -------
        dict of str to numpy.ndarray
            The outputs by name.

        Raises
        ------
        ExtractionError
            Where the network cannot take the input.
        """
        names = list(wanted) or [output.name for output in self.outputs]
        try:
            made: list[Any] = self._session.run(names, {self.inputs[0].name: values, **(others or {})})
        except self._errors as error:
            raise ExtractionError(f"The network {self.model.identifier} failed: {error}") from error
        return dict(zip(names, made, strict=True))


def load_network(
    model: Model, *, path: Path | str | None = None, device: str | None = None, threads: int | None = None
) -> Network:
    """Load a network, or return the one that this process has loaded.

    Parameters
    ----------
    model : Model
        The network.
    path : pathlib.Path, str or None, default None
        Its file; None searches for it (see ``models.files``).
    device : {"cpu", "cuda", "coreml"} or None, default None
        What it runs on; None for what ``TIDYMEDIA_DEVICE`` says, else the CPU. Another device is never taken instead.
    threads : int or None, default None
        How many threads it may use; None for as many as :func:`default_threads` says.

    Returns
    -------
    Network
        The network.

    Raises
    ------
    UnavailableError
        Where the file is not there, is another one than the registry describes, or cannot be loaded; where the device
        is not there.
    UsageError
        Where there is no such device or the number of threads is not positive.
    """
    device = chosen_device() if device is None else device
    if device not in DEVICES:
        raise UsageError(f"There is no device {device!r}.", f"Choose one of: {', '.join(DEVICES)}.")
    if threads is not None and threads < 1:
        raise UsageError(f"A network runs on at least one thread, not on {threads}.")
    found = verified_file(model, path)
    with _lock:
        return _loaded(model, found, device, threads or default_threads())


def default_threads() -> int:
    """Return how many threads a network may use: what the environment says, else the processors of this process.

    Child processes of a run have ``OMP_THREAD_LIMIT`` and ``OMP_NUM_THREADS`` set to 1.
    """
    limits = [int(given) for name in _THREAD_VARIABLES if (given := os.environ.get(name, "")).isdecimal()]
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min([*limits, processors]))


@functools.lru_cache(maxsize=16)
def _loaded(model: Model, path: Path, device: str, threads: int) -> Network:
    return Network(model, path, device, threads)


def _forget() -> None:
    """Start afresh in a forked process: the threads of a session stay with its parent.

    The sessions themselves are kept for good: to take one down, onnxruntime would wait for its threads for ever.
    """
    global _lock
    _lock = threading.Lock()
    for network in _networks:
        network.never_take_down()
    _loaded.cache_clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


def _port(declared: Any) -> Port:
    shape = tuple(side if isinstance(side, int) and side > 0 else None for side in declared.shape)
    return Port(declared.name, shape, declared.type)


def _errors() -> tuple[type[Exception], ...]:
    """Return what onnxruntime raises; its errors have no base class of their own."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    raised = [value for value in vars(state).values() if isinstance(value, type) and issubclass(value, Exception)]
    return (*raised, ValueError)
