"""What is done with a file follows from what is known of it."""

import pytest

from tidymedia.media.kinds import Kind
from tidymedia.media.settings import PictureSettings
from tidymedia.run.decisions import decide, overall_outcome
from tidymedia.run.plan import Plan, make_plan


@pytest.fixture
def plan() -> Plan:
    return make_plan(["metadata", "pixels"], {}, PictureSettings())


def known(plan: Plan, kind: Kind, **statuses: str) -> list[tuple[str, str, str]]:
    return [(name, plan.fingerprints[kind][name], status) for name, status in statuses.items()]


def test_a_new_file_gets_all_that_applies(plan: Plan) -> None:
    assert set(decide(plan, Kind.IMAGE, ()).todo) == {"pictures", "metadata", "pixels"}
    sound = decide(plan, Kind.AUDIO, ())
    assert sound.todo == ["metadata"]
    assert sound.skipped == {"pictures": "not_applicable", "pixels": "not_applicable"}


@pytest.mark.parametrize(
    ("status", "retry_failed", "again"),
    [
        ("ok", False, False),
        ("ok", True, False),
        ("empty", True, False),
        ("partial", False, False),
        ("partial", True, True),
        ("failed", False, False),
        ("failed", True, True),
        ("skipped", False, True),
    ],
)
def test_what_is_tried_again(plan: Plan, status: str, retry_failed: bool, again: bool) -> None:
    decision = decide(plan, Kind.IMAGE, known(plan, Kind.IMAGE, pixels=status), retry_failed=retry_failed)
    assert ("pixels" in decision.todo) == again
    assert decision.known == ({} if again else {"pixels": status})


def test_another_fingerprint_is_done_anew(plan: Plan) -> None:
    assert "pixels" in decide(plan, Kind.IMAGE, [("pixels", "0" * 12, "ok")]).todo


@pytest.mark.parametrize("status", ["ok", "empty", "partial", "failed"])
def test_what_is_not_installed_any_more_keeps_what_it_gave(plan: Plan, status: str) -> None:
    extractors = dict(plan.extractors)
    without = Plan(extractors, {"pixels": extractors.pop("pixels")}, plan.fingerprints)
    earlier = known(plan, Kind.IMAGE, pixels=status)
    decision = decide(without, Kind.IMAGE, earlier, retry_failed=True)
    assert decision.known == {"pixels": status}
    assert decide(without, Kind.IMAGE, ()).skipped == {"pixels": "not_installed"}
    assert decide(without, Kind.AUDIO, ()).skipped["pixels"] == "not_applicable"


@pytest.mark.parametrize(
    ("statuses", "word"),
    [
        ({}, "ok"),
        ({"a": ("ok", None), "b": ("empty", None)}, "ok"),
        ({"a": ("empty", None), "b": ("empty", None)}, "empty"),
        ({"a": ("ok", None), "b": ("failed", None)}, "partial"),
        ({"a": ("failed", None), "b": ("failed", None)}, "failed"),
        ({"a": ("failed", None), "b": ("skipped", "upstream")}, "failed"),
        ({"a": ("partial", None)}, "partial"),
        ({"a": ("skipped", "not_applicable")}, "skipped"),
        ({"a": ("skipped", "not_installed"), "b": ("ok", None)}, "ok"),
        ({"a": ("skipped", "over_limit")}, "skipped"),
    ],
)
def test_one_word_for_a_file(statuses: dict[str, tuple[str, str | None]], word: str) -> None:
    assert overall_outcome(statuses) == word
