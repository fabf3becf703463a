"""Coding through an endpoint on this machine: rows, statuses, and what each kind of trouble leaves behind."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from chat_server import ChatServer, picture_of, problem, says
from tidymedia.errors import RefusedError, SettingError, UnavailableError
from tidymedia.services.coding import Coding, CodingParameters
from tidymedia.study import Study

pytest.importorskip("openai", reason="the extra coding is needed; pip install 'tidymedia[coding]'")

Coded = Callable[..., Study]


def statuses(study: Study) -> dict[str, tuple[str, str | None]]:
    rows = study.query("SELECT path, status, reason FROM status WHERE extractor = 'coding'")
    return {
        path: (status, reason if isinstance(reason, str) else None)
        for path, status, reason in rows.itertuples(index=False)
    }


def raw_files(study: Study) -> list[Path]:
    return sorted((study.folder / "raw" / "coding").glob("??/*.json"))


def test_one_row_a_picture_and_one_column_a_variable(coded: Coded, server: ChatServer) -> None:
    study = coded(3, reason=True)
    rows = study.table("coding").sort_values("path")
    assert rows["color"].tolist() == ["red", "green", "blue"]
    assert rows["marks"].tolist() == ["logo"] * 3
    assert rows["people"].tolist() == [0] * 3
    assert rows["crowded"].tolist() == [True] * 3
    assert rows["scene"].tolist()[0] == "Most of it is red."
    assert rows["reason"].tolist()[2] == "Most of it is blue."
    assert set(rows["answered_by"]) == {"toy-2026-11-01"}
    assert set(rows["model"]) == {f"toy@{server.address.split('/')[2]}"}
    assert statuses(study) == {f"00{index}.png": ("ok", None) for index in range(3)}
    meanings = study.codebook().set_index("column")["meaning"]
    assert "Reds and pinks" in meanings["color"]
    assert study.summary()["coding_color"].tolist() == ["red", "green", "blue"]
    assert study.last_run is not None
    assert study.last_run.services["coding"].answered == 3


def test_what_is_sent_is_what_was_said(coded: Coded, server: ChatServer, tmp_path: Path, codebook: Path) -> None:
    coded(1, long_side=64, seed=7)
    (body,) = server.bodies
    assert (body["model"], body["temperature"], body["seed"], body["max_tokens"]) == ("toy", 0.0, 7, 1000)
    assert "Reds and pinks" in body["messages"][0]["content"]
    assert picture_of(body).size == (60, 40)
    large = tmp_path / "media" / "large.png"
    Image.new("RGB", (1000, 500), "red").save(large)
    Study(tmp_path / "study").analyze()
    assert picture_of(server.bodies[-1]).size == (64, 32)


def test_a_second_run_asks_nothing(coded: Coded, server: ChatServer) -> None:
    coded(3)
    assert server.requests == 3
    coded(3)
    again = coded(3, folder="another")  # raw answers belong to a study
    assert server.requests == 6
    assert len(again.table("coding")) == 3


def test_what_was_paid_for_survives_all_tables(coded: Coded, server: ChatServer) -> None:
    study = coded(3)
    before = study.table("coding")
    for place in (".parts", "tables"):
        shutil.rmtree(study.folder / place)
    for name in ("status", "media", "failures"):
        (study.folder / f"{name}.parquet").unlink(missing_ok=True)
    again = coded(3)
    assert server.requests == 3
    assert again.table("coding").equals(before)
    assert again.last_run is not None
    assert again.last_run.services["coding"].kept == 3


def test_equal_pictures_of_several_files_are_asked_once(coded: Coded, server: ChatServer, tmp_path: Path) -> None:
    server.delay = 0.05
    media = tmp_path / "media"
    media.mkdir()
    for number in range(6):
        Image.new("RGB", (60, 40), "red").save(media / f"equal{number}.png", dpi=(72 + number, 72))
    assert len(coded(0, analyze={"jobs": 2}).table("coding")) == 6
    assert server.requests == 1


def test_what_does_not_decide_the_rows_does_not_make_them_anew(coded: Coded, server: ChatServer) -> None:
    coded(2)
    coded(2, timeout_s=33, at_once=1, a_minute=6000)
    assert server.requests == 2


def test_one_picture_of_several_fails_and_the_others_stay(coded: Coded, server: ChatServer) -> None:
    server.trouble = [lambda body: None, says("{}")]
    study = coded(3)
    assert sorted(status for status, _ in statuses(study).values()) == ["failed", "ok", "ok"]
    assert len(study.table("coding")) == 2


@pytest.mark.parametrize(
    "trouble",
    [
        problem(401, "Wrong key"),
        problem(429, "Quota used up", code="insufficient_quota"),
    ],
    ids=["401", "quota"],
)
def test_what_refuses_all_requests_ends_the_run(coded: Coded, server: ChatServer, trouble: object) -> None:
    server.trouble = [lambda body: None, trouble]  # type: ignore[list-item]  # any trouble
    server.lasting = True
    with pytest.raises(RefusedError, match="refuses all requests") as caught:
        coded(30)
    assert caught.value.remedy
    assert server.requests == 2
    server.trouble = []
    study = coded(30)
    assert len(study.table("coding")) == 30
    assert server.requests == 31
    assert set(server.answered.values()) == {1}


def test_another_codebook_takes_the_place_of_the_rows(coded: Coded, server: ChatServer, codebook: Path) -> None:
    coded(2)
    codebook.write_text("variables: {tone: {definition: Tone., values: [calm, loud]}}", encoding="utf-8")
    study = coded(2)
    assert server.requests == 4
    assert set(study.table("coding")["tone"]) == {"calm"}
    assert "color" not in study.table("coding")


def test_a_study_can_be_read_without_its_codebook(coded: Coded, codebook: Path, tmp_path: Path) -> None:
    coded(2)
    codebook.unlink()
    assert Study(tmp_path / "study").table("coding")["color"].tolist() == ["red", "green"]


def test_pages_are_coded_too(tmp_path: Path, server: ChatServer, codebook: Path) -> None:
    first, *others = [Image.new("RGB", (60, 40), color) for color in ("red", "blue")]
    first.save(tmp_path / "pages.tif", save_all=True, append_images=others)
    parameters = {"endpoint": server.address, "model": "toy", "codebook": str(codebook)}
    study = Study(tmp_path / "study", tmp_path / "pages.tif").analyze(["coding"], parameters={"coding": parameters})
    assert study.table("coding")[["picture", "color"]].values.tolist() == [[0, "red"], [1, "blue"]]


def test_provenance_says_what_was_asked(coded: Coded, codebook: Path) -> None:
    study = coded(2)
    (run,) = (study.folder / "runs").glob("*.json")
    told = json.loads(run.read_text(encoding="utf-8"))
    (entry,) = [one for one in told["extractors"] if one["name"] == "coding"]
    assert entry["service"]["codebook"].strip() == codebook.read_text(encoding="utf-8").strip()
    assert len(entry["service"]["prompt_sha256"]) == len(entry["service"]["codebook_sha256"]) == 64
    assert entry["service"]["prompt_sha256"] in entry["model_hash"]
    assert told["services"]["coding"] == {"answered": 2, "kept": 0, "troubled": 0, "dollars": 0.0}


def test_all_must_be_named(codebook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)

    def missing(**given: object) -> str:
        return Coding(CodingParameters.parse(given, "coding")).availability().missing

    assert missing() == "No endpoint is named."
    named: dict[str, object] = {"endpoint": "https://api.openai.com/v1"}
    assert missing(**named) == "No model is named."
    named["model"] = "gpt-4o-mini"
    assert missing(**named) == "No codebook is named."
    named["codebook"] = str(codebook)
    assert "OPENAI_API_KEY" in missing(**named)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-1")
    assert missing(**named) == ""
    assert "OTHER_KEY" in missing(**named, key_variable="OTHER_KEY")


@pytest.mark.parametrize(
    "endpoint",
    ["127.0.0.1:1/v1", "ftp://a/v1", "http://me:secret@a/v1", "https://a/v1?key=secret", "https://a:port/v1"],
)
def test_an_endpoint_is_an_address_without_secrets(endpoint: str) -> None:
    with pytest.raises(SettingError) as caught:
        Coding(CodingParameters(endpoint=endpoint))
    assert "secret" not in str(caught.value)


def test_a_key_in_place_of_the_name_of_its_variable_is_not_repeated() -> None:
    with pytest.raises(SettingError) as caught:
        CodingParameters.parse({"key_variable": "sk-live-1234"}, "coding")
    assert "1234" not in str(caught.value)


def test_a_codebook_that_is_gone_is_told(tmp_path: Path, pictures: Callable[..., Path]) -> None:
    study = Study(tmp_path / "study", pictures(1))
    with pytest.raises(SettingError, match=r"gone\.yaml cannot be read"):
        study.analyze(["coding"], parameters={"coding.codebook": str(tmp_path / "gone.yaml")})
    with pytest.raises(UnavailableError, match="No endpoint"):
        study.analyze(["coding"])


def test_waiting_for_a_slow_model_is_no_standing_still(
    coded: Coded, server: ChatServer, tmp_path: Path, pictures: Callable[..., Path]
) -> None:
    Study(tmp_path / "study", pictures(1), limits={"seconds_without_progress": 2}).analyze(["hashes"], jobs=1)
    server.delay = 3.5
    study = coded(1)
    assert study.failures().empty
    assert len(study.table("coding")) == 1
