"""Every public name is documented in full, in the form of numpydoc."""

import inspect
from collections.abc import Iterator

import pytest

pytest.importorskip("numpydoc", reason="numpydoc is needed to check docstrings; pip install 'tidymedia[test]'")

from numpydoc.validate import validate

import tidymedia
from tidymedia import errors
from tidymedia.extractors.registry import BUILT_IN, extractor_types

CHECKS = {
    "GL03",  # no double blank lines
    "GL06",  # unknown section
    "GL07",  # order of the sections
    "GL08",  # no docstring
    "PR01",  # parameter not documented
    "PR02",  # unknown parameter
    "PR03",  # order of the parameters
    "PR04",  # type missing
    "PR05",  # type ends with a point
    "PR06",  # type that is not one of Python
    "PR07",  # no meaning
    "PR10",  # no space before the colon
    "RT01",  # return value not documented
    "RT03",  # return value without a meaning
    "SS01",  # no summary
    "SS03",  # summary without a point
    "SS04",  # summary with leading spaces
    "SS06",  # summary of more than one line
    "YD01",  # what it yields not documented
}

SHORT = {"PR01", "RT01", "YD01"}
"""What a method that its base class documents, or a property, need not repeat."""


def public() -> Iterator[tuple[str, bool]]:
    """Name every public class and function, and the methods of the classes that users call."""
    for name in tidymedia.__all__:
        value = getattr(tidymedia, name)
        if not (inspect.isclass(value) or inspect.isfunction(value)):
            continue
        place = f"{value.__module__}.{name}"
        yield place, inspect.isclass(value) and "__init__" not in vars(value)  # its base says what makes one
        ours = (
            [one for one in inspect.getmro(value) if one.__module__.startswith("tidymedia.")]
            if inspect.isclass(value)
            else []
        )
        members = {member: inside for one in reversed(ours) for member, inside in vars(one).items()}
        for member, inside in members.items():
            if member.startswith("_") or not (
                inspect.isfunction(inside) or isinstance(inside, (property, classmethod))
            ):
                continue
            takes = inspect.signature(inside).parameters if inspect.isfunction(inside) else {}
            yield f"{place}.{member}", len(takes) <= 1


@pytest.mark.parametrize(("place", "short"), list(public()))
def test_a_public_name_is_documented(place: str, short: bool) -> None:
    checks = CHECKS - (SHORT if short else set())
    told = [(code, text) for code, text in validate(place)["errors"] if "{'_" not in text]  # private fields
    found = [f"{code} {text}" for code, text in told if code in checks]
    assert not found


@pytest.mark.parametrize(
    "name", ["Study", "PictureSettings", "Limits", "Parameters", "Column", "Table", "Summary", "SizeClass"]
)
def test_what_users_make_has_an_example(name: str) -> None:
    assert ">>>" in (getattr(tidymedia, name).__doc__ or "")


def test_errors_and_extractors_say_what_they_are() -> None:
    for name in errors.__all__:
        assert (inspect.getdoc(getattr(errors, name)) or "").endswith(".") or name == "TidymediaError"
    for name, extractor in extractor_types(BUILT_IN).items():
        assert extractor.title.endswith("."), name
        assert extractor.__doc__, name
        for table in extractor.tables:
            assert table.meaning.endswith("."), (name, table.name)
            for column in table.all_columns():
                assert column.meaning.rstrip(")").endswith("."), (name, table.name, column.name)
