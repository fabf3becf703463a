"""Names of the classes that a network knows."""

from __future__ import annotations

import functools
import json
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from tidymedia.errors import UnavailableError
from tidymedia.models.model import Model

__all__ = ["Label", "labels_in_configuration", "labels_in_file", "labels_of"]


class Label(NamedTuple):
    """Name of a class, with its identifier where the classes have one.

    Parameters
    ----------
    name : str
        The name, in English.
    wordnet_id : str or None, default None
        Its synset in WordNet 3.0, such as ``n02123045``.
    """

    name: str
    wordnet_id: str | None = None


def labels_of(model: Model) -> tuple[Label, ...]:
    """Return the classes of a network, in the order of its scores.

    Parameters
    ----------
    model : Model
        The network.

    Returns
    -------
    tuple of Label
        Empty for a network without classes.

    Examples
    --------
    >>> from tidymedia.models.bundled import BUNDLED
    >>> labels_of(BUNDLED["efficientnet_lite2"])[281]
    Label(name='tabby', wordnet_id='n02123045')
    """
    return _read(model.labels) if model.labels is not None else ()


def labels_in_file(path: Path) -> tuple[Label, ...]:
    """Read the classes of a network from a text file, one a line, in the order of its scores.

    Parameters
    ----------
    path : pathlib.Path
        The file, in UTF-8. A tab may divide a name from its synset in WordNet.

    Returns
    -------
    tuple of Label
        The classes; empty lines at the end are no classes.

    Raises
    ------
    UnavailableError
        Where the file is not there, is no UTF-8 text, has no names, or has an empty line between names.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise UnavailableError(
            f"There is no file {path} with the names of the classes.", "Write one, a name a line."
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise UnavailableError(
            f"The names of the classes cannot be read from {path}: {error}.", "Save the file as text in UTF-8."
        ) from error
    lines = [line.strip() for line in text.rstrip().splitlines()]
    if not lines or not all(lines):
        place = lines.index("") + 1 if lines else 1
        raise UnavailableError(f"Line {place} of {path} is empty.", "Write the name of a class into every line.")
    return _parse(lines)


def labels_in_configuration(path: Path) -> tuple[Label, ...] | None:
    """Read the classes of a model of the hub from its ``config.json``.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    tuple of Label or None
        The classes in the order of its scores; None where it names none, or not all from 0 on.

    Raises
    ------
    UnavailableError
        Where the file cannot be read or is no JSON object.
    """
    try:
        configuration = json.loads(path.read_text(encoding="utf-8"))
        named = {int(number): str(name) for number, name in (configuration.get("id2label") or {}).items()}
    except (OSError, ValueError, AttributeError) as error:
        raise UnavailableError(f"{path} is no configuration of a model: {error}.", "Fetch the model again.") from error
    if not named or sorted(named) != list(range(len(named))):
        return None
    return tuple(Label(named[number]) for number in range(len(named)))


@functools.lru_cache(maxsize=8)
def _read(name: str) -> tuple[Label, ...]:
    return _parse(files("tidymedia.models").joinpath("networks", name).read_text(encoding="utf-8").splitlines())


def _parse(lines: list[str]) -> tuple[Label, ...]:
    parts = (line.split("\t") for line in lines)
    return tuple(Label(part[0], part[1] if len(part) > 1 else None) for part in parts)
