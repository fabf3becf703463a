"""Which rows count, and which tables there are."""

import dataclasses

import pytest

from tidymedia.extractors import registry
from tidymedia.extractors.hashes import Hashes
from tidymedia.extractors.pixels import Pixels
from tidymedia.media.kinds import Kind
from tidymedia.media.settings import PictureSettings
from tidymedia.run.current import current_fingerprints, extractors_of, tables_of
from tidymedia.run.plan import make_plan
from tidymedia.run.study_file import StudyFile
from tidymedia.tables import Column, Table


def test_the_extractors_of_a_study_and_of_a_run() -> None:
    study = StudyFile(extractors={"pixels": {}})
    assert list(extractors_of(study)) == ["pictures", "pixels"]
    plan = make_plan(["hashes"], {}, study.pictures)
    assert set(extractors_of(study, plan)) == {"pictures", "pixels", "hashes"}
    assert extractors_of(StudyFile()) == {}


def test_an_extractor_that_is_gone_takes_those_that_build_on_it_along(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        registry, "_plugins", {"dependent": type("D", (Hashes,), {"name": "dependent", "needs": ("gone",)})}
    )
    study = StudyFile(extractors={"gone": {}, "dependent": {}, "pixels": {}, "hashes": {"no_such_parameter": 1}})
    assert list(extractors_of(study)) == ["pictures", "pixels"]
    assert set(current_fingerprints(study)) == {"pictures", "pixels"}


def test_a_table_of_two_extractors_has_the_columns_of_both(monkeypatch: pytest.MonkeyPatch) -> None:
    def table(*names: str) -> tuple[Table, ...]:
        return (Table("tags", ("picture",), tuple(Column(name, "string", f"{name}.") for name in names), "One tag."),)

    monkeypatch.setattr(Pixels, "tables", table("a", "b"))
    monkeypatch.setattr(Hashes, "tables", table("b", "c"))
    tables = tables_of(StudyFile(extractors={"pixels": {}, "hashes": {}}))
    assert [column.name for column in tables["tags"].columns] == ["a", "b", "c"]


def test_the_fingerprints_that_count_are_those_of_the_plan() -> None:
    study = StudyFile(extractors={"pixels": {}})
    plan = make_plan(["pixels"], {}, study.pictures)
    current = current_fingerprints(study)
    assert all(plan.fingerprints[kind]["pixels"] in current["pixels"] for kind in Kind)
    other = current_fingerprints(dataclasses.replace(study, pictures=PictureSettings(video="1s")))
    assert len(other["pixels"] & current["pixels"]) == len(current["pixels"]) - 1  # all but films
