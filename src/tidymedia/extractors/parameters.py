"""Parameters of an extractor: a frozen dataclass whose fields carry their meaning."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tidymedia.errors import SettingError

__all__ = ["Parameters", "parameter"]


def parameter(
    default: Any,
    meaning: str,
    *,
    choices: tuple[str, ...] = (),
    minimum: float | None = None,
    maximum: float | None = None,
    decides: bool = True,
) -> Any:
    """Declare a parameter of an extractor.

    Parameters
    ----------
    default : object
        Value where the user gives none.
    meaning : str
        What it does, for ``--help``, the codebook and the documentation.
    choices : tuple of str, default ()
        The values that are allowed; empty for any.
    minimum, maximum : float or None, default None
        Smallest and largest value of a number.
    decides : bool, default True
        Whether other values can give other rows; a pause between requests cannot, and rows stay when it is changed.

    Returns
    -------
    dataclasses.Field
        A field of a :class:`Parameters` dataclass.
    """
    metadata = {
        "meaning": meaning,
        "choices": choices,
        "minimum": minimum,
        "maximum": maximum,
        "decides": decides,
    }
    return dataclasses.field(default=default, metadata=metadata)


@dataclass(frozen=True)
class Parameters:
    """Base of the parameters of an extractor; every field is made by :func:`parameter`.

    Examples
    --------
    >>> @dataclass(frozen=True)
    ... class Threshold(Parameters):
    ...     level: float = parameter(0.5, "Smallest score that is kept.", minimum=0, maximum=1)
    >>> Threshold.parse({"level": "0.25"}, "tags")
    Threshold(level=0.25)
    """

    @classmethod
    def parse(cls, given: Mapping[str, object], extractor: str) -> typing.Self:
        """Make parameters from what a user gave, as text or as values.

        Parameters
        ----------
        given : mapping of str to object
            Values by name; text is read as the type that the field declares.
        extractor : str
            Name of the extractor, for messages.

        Returns
        -------
        Self
            The checked parameters.

        Raises
        ------
        SettingError
            Where a name is unknown or a value is not allowed.
        """
        fields = {field.name: field for field in dataclasses.fields(cls)}
        hints = typing.get_type_hints(cls)
        values: dict[str, object] = {}
        for name, value in given.items():
            if name not in fields:
                known = ", ".join(sorted(fields)) or "none"
                raise SettingError(f"The extractor {extractor} has no parameter {name}.", f"It has: {known}.")
            values[name] = _read(value, hints[name], f"{extractor}.{name}")
            _check(values[name], fields[name].metadata, f"{extractor}.{name}")
        return cls(**values)

    def to_dict(self) -> dict[str, object]:
        """Return the parameters as a dictionary of plain values."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in ((field.name, getattr(self, field.name)) for field in dataclasses.fields(self))
        }

    def deciding(self) -> dict[str, object]:
        """Return those of the parameters that decide what the rows are, as a dictionary of plain values."""
        decides = {field.name for field in dataclasses.fields(self) if field.metadata.get("decides", True)}
        return {name: value for name, value in self.to_dict().items() if name in decides}


def _read(value: object, hint: Any, name: str) -> object:
    """Read ``value`` as the type that the field declares."""
    if isinstance(hint, types.UnionType):
        options = [option for option in typing.get_args(hint) if option is not type(None)]
        if value is None or (isinstance(value, str) and value.lower() in {"", "none"}):
            return None
        return _read(value, options[0], name)
    if typing.get_origin(hint) is tuple:
        parts = value.split(",") if isinstance(value, str) else value
        if not isinstance(parts, (list, tuple)):
            raise SettingError(f"{name} takes a list, not {value!r}.")
        inner = typing.get_args(hint)[0]
        return tuple(_read(part.strip() if isinstance(part, str) else part, inner, name) for part in parts)
    if hint is bool:
        if isinstance(value, bool):
            return value
        words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
        if str(value).lower() not in words:
            raise SettingError(f"{name} takes true or false, not {value!r}.")
        return words[str(value).lower()]
    if isinstance(value, bool) and hint in (int, float):
        raise SettingError(f"{name} takes a number, not {value!r}.")
    try:
        return hint(value)
    except (TypeError, ValueError) as error:
        wanted = {int: "a whole number", float: "a number"}.get(hint, "text")
        raise SettingError(f"{name} takes {wanted}, not {value!r}.") from error


def _check(value: object, metadata: Mapping[str, Any], name: str) -> None:
    """Check a value against what its field allows."""
    choices = metadata.get("choices", ())
    if choices and value is not None and value not in choices:
        raise SettingError(f"{name} cannot be {value!r}.", f"Choose one of: {', '.join(choices)}.")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        minimum, maximum = metadata.get("minimum"), metadata.get("maximum")
        if minimum is not None and value < minimum:
            raise SettingError(f"{name} is at least {minimum}, not {value}.")
        if maximum is not None and value > maximum:
            raise SettingError(f"{name} is at most {maximum}, not {value}.")
