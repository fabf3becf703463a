"""A researcher's codebook: variables, what they mean, and which values they take, from a YAML file."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from tidymedia.errors import SettingError
from tidymedia.tables.keys import IDENTITY, KEYS, PATH, PROVENANCE

if TYPE_CHECKING:
    import yaml

__all__ = ["CodebookFile", "Variable", "VariableType", "read_codebook"]

VariableType = Literal["choice", "choices", "yes_no", "integer", "number", "text"]
_TYPES: Final = ("choice", "choices", "yes_no", "integer", "number", "text")
_TOP: Final = {"title", "instruction", "variables"}
_VARIABLE: Final = {"definition", "type", "values", "examples", "minimum", "maximum", "longest", "optional"}
_OWN: Final = {"reason", "answered_by", "draws", *(one.name for one in (PATH, *IDENTITY, *PROVENANCE)), *KEYS}
_MOST_BYTES: Final = 1_000_000
_MOST_VARIABLES: Final = 100
_MOST_VALUES: Final = 500


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of a codebook: one column of the table ``coding``.

    Parameters
    ----------
    name : str
        Name of the column.
    definition : str
        What is coded.
    type : {"choice", "choices", "yes_no", "integer", "number", "text"}
        ``choice`` takes one of the values, ``choices`` any number of them.
    values : mapping of str to str
        Allowed values and what they mean, for choices.
    examples : tuple of str
        Examples, in words.
    minimum, maximum : float or None
        Smallest and largest number.
    longest : int
        Most characters of a text.
    optional : bool
        Whether the coder may leave it open.
    """

    name: str
    definition: str
    type: VariableType
    values: Mapping[str, str] = field(default_factory=dict)
    examples: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    longest: int = 1000
    optional: bool = False


@dataclass(frozen=True, slots=True)
class CodebookFile:
    """A codebook as it was read.

    Parameters
    ----------
    name : str
        Name of its file.
    text : str
        All of it.
    title, instruction : str
        What it is about, and what coders should know for all variables.
    variables : tuple of Variable
        Its variables, in order.
    """

    name: str
    text: str
    title: str
    instruction: str
    variables: tuple[Variable, ...]

    @property
    def sha256(self) -> str:
        """The SHA-256 of its text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def read_codebook(path: Path) -> CodebookFile:
    """Read a codebook and check all of it.

    Parameters
    ----------
    path : pathlib.Path
        A YAML file.

    Returns
    -------
    CodebookFile
        The codebook.

    Raises
    ------
    SettingError
        Where it cannot be read or something in it is not allowed, with the line.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise SettingError(f"The codebook {path} is larger than {_MOST_BYTES:,} bytes.", "Name the right file.")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SettingError(
            f"The codebook {path} cannot be read: {error.strerror}.", "Name it with --set coding.codebook=codes.yaml."
        ) from error
    except UnicodeDecodeError as error:
        raise SettingError(f"The codebook {path} is no text in UTF-8.", "Save it as UTF-8.") from error
    return _parse(path.name, text)


@functools.lru_cache(maxsize=8)
def _parse(name: str, text: str) -> CodebookFile:
    try:
        import yaml
    except ImportError as error:
        raise SettingError(
            f"The codebook {name} cannot be read without PyYAML.", "pip install 'tidymedia[coding]'"
        ) from error
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark is not None else 1
        raise SettingError(f"{name}, line {line}: it is no YAML ({error.problem}).", "Mend the line.") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise SettingError(f"{name} is no YAML ({error}).", "Mend it in a text editor.") from error
    return _Reader(name).codebook(root, text)


class _Reader:
    """Reads the nodes of a YAML file, which know their lines. Aliases and tags are refused: none is needed."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._met: set[int] = set()

    def codebook(self, root: yaml.Node | None, text: str) -> CodebookFile:
        top = self._mapping(root, "the codebook", _TOP)
        if "variables" not in top:
            raise self._error(root, "it has no variables", "Write variables: and below it a name for each variable.")
        named = self._mapping(top["variables"], "variables", None)
        if not 0 < len(named) <= _MOST_VARIABLES:
            raise self._error(top["variables"], f"it has {len(named)} variables", f"1 to {_MOST_VARIABLES} are taken.")
        return CodebookFile(
            self._name,
            text,
            self._text(top.get("title"), "title"),
            self._text(top.get("instruction"), "instruction"),
            tuple(self._variable(name, node) for name, node in named.items()),
        )

    def _variable(self, name: str, node: yaml.Node) -> Variable:
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", name):
            raise self._error(
                node, f"{name!r} is no name of a variable", "Write small letters, digits and _, a letter first."
            )
        if name in _OWN or name.endswith("_agreement"):
            raise self._error(node, f"{name} is the name of a column of tidymedia", "Choose another name.")
        given = self._mapping(node, name, _VARIABLE)
        definition = self._text(given.get("definition"), f"{name}.definition")
        if not definition:
            raise self._error(node, f"{name} has no definition", "Write definition: and what is coded.")
        values = self._values(given["values"], name) if "values" in given else {}
        kind = self._text(given.get("type"), f"{name}.type") or ("choice" if values else "")
        if kind not in _TYPES:
            raise self._error(
                given.get("type", node), f"{name} has the type {kind or 'none'}", f"Choose one of: {', '.join(_TYPES)}."
            )
        if kind.startswith("choice") != bool(values):
            told = "needs values" if kind.startswith("choice") else "takes no values"
            raise self._error(node, f"{name} is of the type {kind}, which {told}", "Mend type or values.")
        least, most = (self._number(given.get(one), f"{name}.{one}") for one in ("minimum", "maximum"))
        if (least is not None or most is not None) and kind not in ("integer", "number"):
            raise self._error(node, f"{name} is of the type {kind}, which takes no minimum or maximum", "Leave it out.")
        if least is not None and most is not None and least > most:
            raise self._error(given["minimum"], f"the minimum of {name} is above its maximum", "Swap them.")
        longest = self._number(given.get("longest"), f"{name}.longest")
        if longest is not None and (kind != "text" or not 1 <= longest <= 10_000):
            raise self._error(given["longest"], "longest is for texts, 1 to 10,000", "Mend or leave it out.")
        optional = self._text(given.get("optional"), f"{name}.optional") or "no"
        if optional.lower() not in ("yes", "no", "true", "false"):
            raise self._error(given["optional"], f"optional is yes or no, not {optional}", "Mend it.")
        return Variable(
            name,
            definition,
            kind,  # type: ignore[arg-type]  # one of the types, as was just checked
            values,
            self._examples(given.get("examples"), name),
            least,
            most,
            int(longest or 1000),
            optional.lower() in ("yes", "true"),
        )

    def _values(self, node: yaml.Node, name: str) -> dict[str, str]:
        """Read the values: a list of them, or a mapping of them to what they mean."""
        from yaml import SequenceNode

        if isinstance(node, SequenceNode):
            values: dict[str, str] = {}
            for one in node.value:
                value = self._text(one, f"a value of {name}")
                if value in values:
                    raise self._error(one, f"{name} has the value {value} twice", "Leave one out.")
                values[value] = ""
        else:
            found = self._mapping(node, f"{name}.values", None)
            values = {value: self._text(one, f"{name}.values.{value}") for value, one in found.items()}
        if not 0 < len(values) <= _MOST_VALUES:
            raise self._error(node, f"{name} has {len(values)} values", f"1 to {_MOST_VALUES} are taken.")
        for value in values:
            if not value or value != value.strip() or ";" in value or "\n" in value:
                raise self._error(
                    node, f"{value!r} cannot be a value of {name}", "A value is a word or some, without semicolons."
                )
        return values

    def _examples(self, node: yaml.Node | None, name: str) -> tuple[str, ...]:
        from yaml import SequenceNode

        if node is None:
            return ()
        parts = node.value if isinstance(node, SequenceNode) else [node]
        return tuple(self._text(one, f"an example of {name}") for one in parts)

    def _mapping(self, node: yaml.Node | None, what: str, allowed: set[str] | None) -> dict[str, yaml.Node]:
        from yaml import MappingNode

        if not isinstance(node, MappingNode):
            raise self._error(node, f"{what} is no list of names with something below them", "See the documentation.")
        self._once(node)
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = self._text(key, f"a name in {what}")
            if allowed is not None and name not in allowed:
                raise self._error(key, f"{what} has no {name}", f"It takes: {', '.join(sorted(allowed))}.")
            if name in found:
                raise self._error(key, f"{what} has {name} twice", "Leave one out.")
            found[name] = value
        return found

    def _text(self, node: yaml.Node | None, what: str) -> str:
        """Read a text as it is written: no and 1 stay no and 1."""
        from yaml import ScalarNode

        if node is None:
            return ""
        if not isinstance(node, ScalarNode):
            raise self._error(node, f"{what} is no text", "Write one text, in quotes where it has a colon.")
        return str(node.value).strip()

    def _number(self, node: yaml.Node | None, what: str) -> float | None:
        text = self._text(node, what)
        if not text:
            return None
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if not abs(number) <= 1e15:
            raise self._error(node, f"{what} is no number: {text}", "Write a number.")
        return number

    def _once(self, node: yaml.Node) -> None:
        if id(node) in self._met:
            raise self._error(node, "it refers to another part of the file", "Write it out.")
        self._met.add(id(node))

    def _error(self, node: Any, message: str, remedy: str) -> SettingError:
        line = node.start_mark.line + 1 if node is not None else 1
        return SettingError(f"{self._name}, line {line}: {message}.", remedy)
