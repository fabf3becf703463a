"""Errors: a message, a remedy, one tree."""

import inspect
import pickle

import pytest

from tidymedia import errors
from tidymedia.errors import TidymediaError, UsageError

TYPES = [getattr(errors, name) for name in errors.__all__]


@pytest.mark.parametrize("error_type", TYPES, ids=lambda one: one.__name__)
def test_each_keeps_message_and_remedy(error_type: type[TidymediaError]) -> None:
    error = error_type("a.jpg is broken.", "Save it again.")
    assert (error.message, error.remedy) == ("a.jpg is broken.", "Save it again.")
    assert str(error) == "a.jpg is broken. Save it again."
    assert str(error_type("a.jpg is broken.")) == "a.jpg is broken."


@pytest.mark.parametrize("error_type", TYPES, ids=lambda one: one.__name__)
def test_each_survives_the_way_back_from_a_cluster(error_type: type[TidymediaError]) -> None:
    error = pickle.loads(pickle.dumps(error_type("Message.", "Remedy.")))
    assert type(error) is error_type
    assert (error.message, error.remedy) == ("Message.", "Remedy.")


def test_the_tree_in_the_documentation_is_the_tree() -> None:
    shown = errors.__doc__ or ""
    for error_type in TYPES:
        line = next(line for line in shown.splitlines() if f" {error_type.__name__}" in f" {line.strip('│├─└ ')}")
        depth = (line.index(error_type.__name__) - 4) // 4
        assert depth == len(inspect.getmro(error_type)) - len(inspect.getmro(TidymediaError))


def test_what_ends_a_run_before_it_begins_is_a_usage_error() -> None:
    usage = {one.__name__ for one in TYPES if issubclass(one, UsageError)}
    assert usage == {"UsageError", "SettingError", "StudyError", "UnavailableError", "RefusedError"}
