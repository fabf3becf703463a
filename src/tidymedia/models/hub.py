"""Models of the Hugging Face hub in memory, run by transformers and PyTorch: each once a process.

Only files that are already on this machine are read: nothing is downloaded here. Weights are read as safetensors, which
hold numbers and no programs, and no program that comes with a model is run.
"""

from __future__ import annotations

import contextlib
import functools
import os
import threading
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from tidymedia.errors import ExtractionError, UnavailableError
from tidymedia.models.devices import chosen_device, torch_device
from tidymedia.models.hub_files import architectures

if TYPE_CHECKING:
    from PIL import Image

    from tidymedia.models.choice import ChosenModel

__all__ = ["HubModel", "load_hub_model"]

Preparation = Literal["images", "images and text", "sound", "sound and text"]
"""What is prepared for a network: pictures or sound alone, or texts too."""

_READERS: Mapping[Preparation, str] = {
    "images": "AutoImageProcessor",
    "images and text": "AutoProcessor",
    "sound": "AutoFeatureExtractor",
    "sound and text": "AutoProcessor",
}
_PARTS: Mapping[Preparation, tuple[str, str]] = {
    "images and text": ("image_processor", "pictures"),
    "sound and text": ("feature_extractor", "sound"),
}
"""What a processor for texts and something else must have."""

_lock = threading.Lock()


class HubModel:
    """A model of the hub that is loaded.

    Parameters
    ----------
    chosen : ChosenModel
        What it is.
    processor : object
        What turns pictures, sound or texts into its input: an image processor or feature extractor of transformers, or
        a processor that takes texts too.
    network : torch.nn.Module
        The network, in evaluation mode, in 32-bit numbers.
    device : str
        What it runs on, as tidymedia names it.
    untrained : frozenset of str
        Names of the weights that its files do not hold and that were drawn at random; never used, see
        :func:`load_hub_model`.
    """

    def __init__(
        self, chosen: ChosenModel, processor: Any, network: Any, device: str, untrained: frozenset[str] = frozenset()
    ) -> None:
        self.chosen = chosen
        self.processor = processor
        self.network = network
        self.device = device
        self.untrained = untrained
        self.labels = chosen.labels

    def prepare(self, images: Sequence[Image.Image] | None = None, **others: Any) -> Any:
        """Turn pictures, sound or texts into the input of the network.

        Parameters
        ----------
        images : sequence of PIL.Image.Image or None, default None
            Pictures, mode RGB, upright.
        **others
            More for the processor, such as ``text=["a photo of a dog"], padding=True`` or
            ``raw_speech=samples, sampling_rate=16_000``.

        Returns
        -------
        transformers.BatchFeature
            Tensors by name, on the device.

        Raises
        ------
        ExtractionError
            Where the processor cannot take them.
        """
        given = {**({} if images is None else {"images": list(images)}), **others}
        with self._told("cannot take its input"):
            return self.processor(return_tensors="pt", **given).to(torch_device(self.device))

    def run(self, images: Sequence[Image.Image] | None = None, *, method: str = "forward", **others: Any) -> Any:
        """Run the network, without keeping what training would need.

        Parameters
        ----------
        images : sequence of PIL.Image.Image or None, default None
            Pictures, mode RGB, upright.
        method : str, default "forward"
            The method of the network that is called, such as ``"get_image_features"``.
        **others
            More for the processor, such as ``text=["a photo of a dog"], padding=True``.

        Returns
        -------
        object
            What the network gives; tensors are on its device.

        Raises
        ------
        ExtractionError
            Where the network fails.
        """
        import torch

        prepared = self.prepare(images, **others)
        called = self.network if method == "forward" else getattr(self.network, method)
        with torch.inference_mode(), self._told("failed"):
            return called(**prepared)

    @contextlib.contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """Turn what transformers and PyTorch raise into an error of this package, and keep them silent."""
        try:
            with _quiet():
                yield
        except (ValueError, TypeError, RuntimeError, KeyError, IndexError, AttributeError, OSError) as error:
            raise ExtractionError(f"The model {self.chosen.identifier} {what}: {_first_line(error)}") from error


def load_hub_model(
    chosen: ChosenModel,
    auto_class: str,
    *,
    prepares: Preparation = "images",
    may_lack: tuple[str, ...] = (),
    device: str | None = None,
) -> HubModel:
    """Load a model of the hub from this machine, or return the one that this process has loaded.

    Weights that the files do not hold would be drawn at random by transformers, with no more than a warning: a network
    that was never trained for classes would name some. That is refused.

    Pictures are prepared with Pillow also where torchvision is installed, so that the answers do not depend on it.

    Parameters
    ----------
    chosen : ChosenModel
        The model: a folder, or files of the hub that were fetched.
    auto_class : str
        The class of transformers that loads it, such as ``"AutoModelForImageClassification"``.
    prepares : {"images", "images and text", "sound", "sound and text"}, default "images"
        What is prepared for it: pictures or sound alone, or texts too.
    may_lack : tuple of str, default ()
        Beginnings of the names of weights that it may lack, since they are not used, such as ``("pooler.",)``; those
        that it lacks are in ``untrained``.
    device : {"cpu", "cuda", "coreml"} or None, default None
        What it runs on; None for what ``TIDYMEDIA_DEVICE`` says, else the CPU. Another device is never taken instead.

    Returns
    -------
    HubModel
        The model.

    Raises
    ------
    UnavailableError
        Where transformers and PyTorch are not installed; where the model is not on this machine, its files do not have
        the SHA-256 that the hub gives, it was made for another task, or it needs a program of its own; where the device
        is not there.
    """
    found = chosen.availability()
    if not found.installed:
        raise UnavailableError(found.missing, found.remedy)
    if chosen.origin != "hub" or chosen.path is None:
        raise UnavailableError(f"{chosen.name} is no model of the hub.", "Name one as owner/name, or a folder.")
    with _lock:
        return _loaded(chosen, auto_class, prepares, may_lack, device or chosen_device())


@functools.lru_cache(maxsize=4)
def _loaded(
    chosen: ChosenModel, auto_class: str, prepares: Preparation, may_lack: tuple[str, ...], device: str
) -> HubModel:
    import torch
    import transformers

    if chosen.path is None:
        raise UnavailableError(f"The model {chosen.identifier} is not on this machine.")
    # Whatever a repository asks for: no download, no program of its own, no pickles.
    safely = {"local_files_only": True, "trust_remote_code": False}
    place = torch_device(device)
    loader = getattr(transformers, auto_class)
    reader = getattr(transformers, _READERS[prepares])
    by_pillow = {} if prepares.startswith("sound") else {"backend": "pil"}
    with _quiet(), _explained(chosen, auto_class):
        processor = reader.from_pretrained(chosen.path, **by_pillow, **safely)
        network, report = loader.from_pretrained(
            chosen.path, use_safetensors=True, dtype=torch.float32, output_loading_info=True, **safely
        )
    part, things = _PARTS.get(prepares, ("", ""))
    if part and getattr(processor, part, None) is None:
        raise UnavailableError(f"The model {chosen.identifier} does not take {things} together with texts.", _ANOTHER)
    lacking = frozenset(report["missing_keys"]) | {str(key[0]) for key in report["mismatched_keys"]}
    unwanted = sorted(name for name in lacking if not name.startswith(may_lack)) if may_lack else sorted(lacking)
    if unwanted:
        raise UnavailableError(
            f"The files of the model {chosen.identifier} lack {len(unwanted)} weights that its task needs, such as "
            f"{unwanted[0]}; they would be drawn at random.",
            _made_for(chosen.path),
        )
    return HubModel(chosen, processor, network.eval().to(place), device, lacking)


def _forget() -> None:
    """Start afresh in a forked process: another thread of its parent may have held the lock."""
    global _lock
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


_ANOTHER = "Choose a model that was made for this task."


@contextlib.contextmanager
def _explained(chosen: ChosenModel, auto_class: str) -> Iterator[None]:
    """Turn what transformers raises while it loads a model into an error that says what to do."""
    from safetensors import SafetensorError

    about = f"The model {chosen.identifier} cannot be loaded"
    try:
        yield
    except ImportError as error:
        raise UnavailableError(
            f"{about}: {_first_line(error)}", "Install the package that is named, or choose another model."
        ) from error
    except SafetensorError as error:
        raise UnavailableError(f"{about}: its weights are damaged ({error}).", "Fetch the model again.") from error
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RuntimeError) as error:
        text = str(error)
        if "trust_remote_code" in text or "custom code" in text:
            raise UnavailableError(
                f"The model {chosen.identifier} needs a program of its own, which is not run.",
                "Choose a model whose form transformers knows.",
            ) from error
        if "Unrecognized configuration class" in text and chosen.path is not None:
            raise UnavailableError(
                f"The model {chosen.identifier} is not made for this task ({auto_class}).", _made_for(chosen.path)
            ) from error
        raise UnavailableError(
            f"{about}: {_first_line(error)}",
            "Check that its folder is whole, with config.json and preprocessor_config.json; fetch it again, or choose "
            "another model.",
        ) from error


def _made_for(folder: Path) -> str:
    made = ", ".join(architectures(folder))
    return f"It was saved as {made}. {_ANOTHER}" if made else _ANOTHER


def _first_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0][:300] if lines else type(error).__name__


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep transformers silent: its bars and notices do not belong on standard error. What is wrong is raised."""
    from transformers.utils import logging

    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity(logging.CRITICAL)
    if bars:
        logging.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()
