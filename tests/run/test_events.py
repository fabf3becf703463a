"""Events are plain, frozen, and all named in the union."""

import dataclasses
import typing

import pytest

from tidymedia.run import events


def test_every_event_is_in_the_union() -> None:
    classes = {value for name in events.__all__ if isinstance(value := getattr(events, name), type)}
    assert set(typing.get_args(events.Event)) == classes


def test_events_do_not_change() -> None:
    event = events.MediumFinished("a.jpg", "ok")
    with pytest.raises(dataclasses.FrozenInstanceError):
        event.path = "b.jpg"  # type: ignore[misc]
    events.ignore_events(event)
    assert event == events.MediumFinished("a.jpg", "ok", ())
