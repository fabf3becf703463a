"""The plan: order, needs, what cannot run here."""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from tidymedia.errors import SettingError, UnavailableError
from tidymedia.extractors import registry
from tidymedia.extractors.base import Availability, Extractor, MediumExtractor, PictureExtractor, Row
from tidymedia.media.kinds import Kind
from tidymedia.media.medium import Medium
from tidymedia.media.picture import Picture
from tidymedia.media.settings import PictureSettings
from tidymedia.run.plan import Plan, make_plan
from tidymedia.tables import Column, Table


def table(name: str) -> tuple[Table, ...]:
    return (Table(f"of_{name}", (), (Column("x", "integer", "X."),), "One."),)


class OfFile(MediumExtractor):
    title = "Of the file."
    kinds: ClassVar[frozenset[Kind]] = frozenset(Kind)

    def from_medium(self, medium: Medium) -> Iterator[Row]:
        yield Row("x", {})


class OfPicture(PictureExtractor):
    title = "Of a picture."

    def from_picture(self, picture: Picture) -> Iterator[Row]:
        yield Row("x", {})


@pytest.fixture
def add(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.setattr(registry, "_plugins", dict(registry._plugins))

    def make(name: str, *needs: str, base: type[Extractor] = OfFile, missing: str = "") -> None:
        def availability(self: Extractor) -> Availability:
            return Availability(not missing, missing, "Run pip install it." if missing else "")

        inside = {"name": name, "needs": needs, "tables": table(name), "availability": availability}
        registry._plugins[name] = type(name, (base,), inside)

    return make


def plan(*names: str, **more: object) -> Plan:
    return make_plan(list(names) or None, {}, PictureSettings(), **more)  # type: ignore[arg-type]


def test_each_comes_after_those_that_it_needs(add) -> None:  # type: ignore[no-untyped-def]
    add("last", "middle", "first")
    add("middle", "first")
    add("first")
    assert list(plan("last", "first").extractors) == ["first", "middle", "last"]


def test_pictures_come_with_whatever_looks_at_them(add) -> None:  # type: ignore[no-untyped-def]
    assert list(plan("pixels").extractors) == ["pictures", "pixels"]
    assert list(plan("metadata").extractors) == ["metadata"]
    assert list(plan("pixels", "pictures").extractors) == ["pixels", "pictures"]


def test_a_circle_is_refused(add) -> None:  # type: ignore[no-untyped-def]
    add("hen", "egg")
    add("egg", "hen")
    with pytest.raises(SettingError, match="hen -> egg -> hen"):
        plan("hen")


def test_a_later_stage_cannot_be_needed(add) -> None:  # type: ignore[no-untyped-def]
    add("of_pictures", base=OfPicture)
    add("of_file", "of_pictures")
    with pytest.raises(SettingError, match="of_file cannot build on of_pictures"):
        plan("of_file")
    add("of_pictures_too", "of_pictures", base=OfPicture)
    assert list(plan("of_pictures_too").extractors)[-2:] == ["of_pictures", "of_pictures_too"]


def test_what_was_asked_for_and_cannot_run_stops_at_once(add) -> None:  # type: ignore[no-untyped-def]
    add("far", missing="The package far is not installed.")
    with pytest.raises(UnavailableError, match="far cannot run here") as caught:
        plan("far")
    assert caught.value.remedy == "Run pip install it."
    add("near", "far")
    with pytest.raises(UnavailableError, match="far cannot run here"):
        plan("near")


def test_what_is_only_a_default_and_cannot_run_is_a_notice(add, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    add("far", missing="The package far is not installed.")
    monkeypatch.setattr("tidymedia.run.plan.DEFAULT", ("metadata", "far"))
    made = plan()
    assert list(made.extractors) == ["metadata"]
    assert list(made.unavailable) == ["far"]
    assert made.notices == ("far is left out: The package far is not installed. Run pip install it.",)
    assert set(made.fingerprints[Kind.IMAGE]) == {"metadata", "far"}


def test_names_are_left_out_and_unknown_ones_refused() -> None:
    assert "pixels" not in plan(without=("pixels",)).extractors
    with pytest.raises(SettingError, match="There is no extractor pixel"):
        plan("pixel")


def test_a_plug_in_of_no_stage_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_plugins", dict(registry._plugins))
    inside = {"name": "of_nothing", "title": "T.", "tables": table("n"), "kinds": frozenset(Kind)}
    registry._plugins["of_nothing"] = type("OfNothing", (Extractor,), inside)
    with pytest.raises(SettingError, match="of_nothing derives from none of"):
        plan("of_nothing")
