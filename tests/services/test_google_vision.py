"""Google Cloud Vision through Google's own library, against a server of this machine."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tidymedia.errors import RefusedError, ServiceError, SettingError
from tidymedia.media.picture import Picture
from tidymedia.services.google_client import FEATURES
from tidymedia.services.google_vision import GoogleVision, GoogleVisionParameters
from tidymedia.services.raw_answers import RawAnswers
from tidymedia.services.workplace import Workplace
from tidymedia.study import Study
from vision_server import Trouble, VisionServer, answer, picture_problem, problem, vision_server

pytest.importorskip("google.cloud.vision", reason="the extra google is needed; pip install 'tidymedia[google]'")

QUICK = {"first_wait_s": 0.02, "longest_wait_s": 0.05, "tries": 3, "timeout_s": 10}
Ask = Callable[..., dict[str, list[dict[str, Any]]]]


@pytest.fixture
def vision() -> Iterator[VisionServer]:
    with vision_server() as made:
        yield made
        assert made.problems == []


@pytest.fixture
def ask(tmp_path: Path, vision: VisionServer) -> Ask:
    """Ask about one picture of 400 x 200 pixels, in this process; return rows by table."""

    def run(color: str = "red", **given: Any) -> dict[str, list[dict[str, Any]]]:
        parameters = GoogleVisionParameters.parse({"endpoint": vision.address, **QUICK, **given}, "google_vision")
        extractor = GoogleVision(parameters)
        extractor.workplace = Workplace(str(tmp_path / "raw"), "run")
        extractor.load()
        image = Image.new("RGB", (400, 200), color)
        side = parameters.long_side
        sent = image if side >= 400 else image.resize((side, side // 2))
        rows = defaultdict(list)
        try:
            for table, values in extractor.from_picture(Picture(0, 400, 200, lambda size: sent)):
                rows[table].append(dict(values))
        finally:
            extractor.close()
        return rows

    return run


def kept(tmp_path: Path) -> list[Path]:
    return sorted(RawAnswers(tmp_path / "raw" / "google_vision").folder.glob("??/*.json"))


def test_all_that_can_be_asked_becomes_rows(ask: Ask, vision: VisionServer) -> None:
    rows = ask(features=",".join(FEATURES), expressions=True, long_side=100)
    assert vision.sizes == [(100, 50)]
    assert vision.requests == 1
    assert [(row["label"], row["score"]) for row in rows["tags"]] == [("Dog", 0.875), ("Mammal", 0.5)]
    assert [(row["label"], row["entity_id"], row["score"]) for row in rows["web_entities"]] == [
        ("Dog", "/m/0bt9lr", 1.25)
    ]
    assert [row["label"] for row in rows["objects"]] == ["Dog", "Cat"], "the highest score first"
    # 10% to 50% of the picture, whatever was sent; a corner without x lies at 0.
    assert [rows["objects"][0][f"box_{name}"] for name in ("x", "y", "width", "height")] == pytest.approx(
        [0, 20, 200, 80], rel=1e-5
    )
    (text,) = rows["texts"]
    assert (text["text"], text["lang"], text["score"], text["words"]) == ("Vox é", "fr", 0.75, 2)
    for row in (text, rows["faces"][0], rows["landmarks"][0], rows["logos"][0]):
        assert [row[f"box_{name}"] for name in ("x", "y", "width", "height")] == [40, 20, 160, 80]
    (face,) = rows["faces"]
    assert (face["left_eye_x"], face["left_eye_y"], face["right_eye_x"]) == pytest.approx((80, 40, 160), rel=1e-5)
    assert (face["score"], face["roll"]) == (0.875, pytest.approx(0))
    assert {row["label"]: row["likelihood"] for row in rows["face_expressions"]} == {
        "joy": "LIKELY",
        "sorrow": "VERY_UNLIKELY",
        "anger": "VERY_UNLIKELY",
        "surprise": "VERY_UNLIKELY",
    }
    assert {row["label"]: row["likelihood"] for row in rows["moderation"]} == {
        "adult": "VERY_UNLIKELY",
        "spoof": "UNKNOWN",
        "medical": "UNKNOWN",
        "violence": "UNLIKELY",
        "racy": "POSSIBLE",
    }
    (place,) = rows["landmarks"]
    assert (place["label"], place["latitude"], place["longitude"]) == ("Eiffel Tower", 48.5, 2.25)
    assert rows["logos"][0]["label"] == "Acme"


def test_rows_have_the_columns_that_their_tables_declare(ask: Ask, vision: VisionServer) -> None:
    extractor = GoogleVision(
        GoogleVisionParameters.parse(
            {"features": ",".join(FEATURES), "expressions": True, "endpoint": vision.address}, "google_vision"
        )
    )
    declared = {table.name: {column.name for column in table.columns} | set(table.keys) for table in extractor.tables}
    rows = ask(features=",".join(FEATURES), expressions=True)
    assert rows.keys() == declared.keys()
    for name, made in rows.items():
        for row in made:
            assert row.keys() <= declared[name]


def test_only_what_is_asked_for_is_sent_and_charged(ask: Ask, vision: VisionServer) -> None:
    assert ask(features="text").keys() == {"texts"}
    assert ask(features="faces").keys() == {"faces"}
    assert vision.requests == 2
    prices = {
        features: GoogleVision(GoogleVisionParameters(features=tuple(features.split(",")))).highest_price
        for features in ("labels", "labels,safe_search", "safe_search", "labels,objects,web")
    }
    assert prices == pytest.approx(
        {"labels": 0.0015, "labels,safe_search": 0.0015, "safe_search": 0.0015, "labels,objects,web": 0.00725}
    )


def test_the_same_picture_is_answered_from_the_disk(ask: Ask, vision: VisionServer, tmp_path: Path) -> None:
    first = ask()
    assert ask() == first
    ask("blue")
    assert vision.requests == 2
    assert len(kept(tmp_path)) == 2


def hang_up(body: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    return 0, {}, b""


@pytest.mark.parametrize(
    "trouble",
    [
        problem(429, "Slow", Retry_After="0.05"),
        problem(500, "Oops"),
        problem(503, "Busy"),
        picture_problem(14, "Busy"),
        hang_up,
    ],
    ids=["429", "500", "503", "one picture", "hang-up"],
)
def test_what_passes_is_tried_again(ask: Ask, vision: VisionServer, tmp_path: Path, trouble: Trouble) -> None:
    vision.trouble = [trouble]
    assert len(ask()["tags"]) == 2
    assert vision.requests == 2
    assert len(kept(tmp_path)) == 1


def test_a_time_out_is_tried_again(ask: Ask, vision: VisionServer) -> None:
    vision.trouble = [lambda body: time.sleep(0.8)]
    assert len(ask(timeout_s=0.3)["tags"]) == 2
    assert vision.requests == 2


@pytest.mark.parametrize(
    ("trouble", "requests", "message"),
    [
        (problem(500, "Oops"), 3, "no answer in 3 tries; the last time: .*Oops"),
        (problem(400, "Bad"), 1, r"refuses this request \(400\): .*Bad"),
        (picture_problem(3, "Bad image data."), 1, r"refuses this request \(400\): Bad image data"),
        (lambda body: answer({"responses": []}), 1, "malformed"),
        (lambda body: (200, {"Content-Type": "application/json"}, b'{"resp'), 1, "malformed"),
        (lambda body: answer({"something": 1}), 1, "malformed"),
        (lambda body: (307, {"Location": "http://127.0.0.1:1/"}, b""), 1, r"refuses this request \(30"),
    ],
    ids=["500", "400", "one picture", "no picture", "garbled", "other", "redirect"],
)
def test_what_stays_is_an_error_and_never_an_answer(
    ask: Ask, vision: VisionServer, tmp_path: Path, trouble: Trouble, requests: int, message: str
) -> None:
    vision.trouble, vision.lasting = [trouble], True
    with pytest.raises(ServiceError) as caught:
        ask()
    assert re.search(message, caught.value.message), caught.value.message
    assert vision.requests == requests
    assert kept(tmp_path) == []
    vision.trouble = []
    ask()
    assert vision.requests == requests + 1


@pytest.mark.parametrize("status", [401, 403])
def test_refused_credentials_end_the_run(ask: Ask, vision: VisionServer, status: int) -> None:
    vision.trouble, vision.lasting = [problem(status, "No")], True
    with pytest.raises(RefusedError, match="refuses all requests"):
        ask()
    assert vision.requests == 1


def test_an_empty_answer_is_an_answer(ask: Ask, vision: VisionServer, tmp_path: Path) -> None:
    vision.trouble = [lambda body: answer({"responses": [{}]})]
    assert ask() == {}
    assert ask() == {}
    assert vision.requests == 1


@pytest.mark.parametrize(
    "given", [{"features": "smells"}, {"features": ""}, {"expressions": True}, {"endpoint": "http://example.org"}]
)
def test_what_cannot_be_asked_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(SettingError):
        GoogleVision(GoogleVisionParameters.parse(given, "google_vision"))


def test_google_is_another_one_and_needs_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    extractor = GoogleVision(GoogleVisionParameters())
    assert extractor.recipient.outside
    assert extractor.recipient.host == "vision.googleapis.com"
    assert "No credentials" in extractor.availability().missing
    (tmp_path / "application_default_credentials.json").write_text("{}", encoding="utf-8")
    assert extractor.availability().installed


def test_a_study_compares_it_with_the_local_tagger(tmp_path: Path, vision: VisionServer) -> None:
    media = tmp_path / "media"
    media.mkdir()
    for number, color in enumerate(("red", "green", "blue")):
        Image.new("RGB", (60, 40), color).save(media / f"{number}.png")
    given = {"endpoint": vision.address, "features": "labels,safe_search", **QUICK}
    study = Study(tmp_path / "study", media)
    study.analyze(["tags", "google_vision"], parameters={"google_vision": given}, jobs=1)
    rows = study.table("tags")
    theirs = rows[rows["extractor"] == "google_vision"]
    assert set(theirs["model"]) == {"google_vision@v1 builtin/stable"}
    assert theirs[["rank", "label"]].values.tolist() == [[0, "Dog"], [1, "Mammal"]] * 3
    assert set(study.table("moderation")["likelihood"]) == {"VERY_UNLIKELY", "UNKNOWN", "UNLIKELY", "POSSIBLE"}
    comparison = study.compare_tags()
    assert "google_vision@v1 builtin/stable" in str(comparison.taggers)
    study.analyze(jobs=1)
    assert vision.requests == 3
