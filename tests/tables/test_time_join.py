"""Tables side by side by time."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from scripted_study import scripted_study, segments
from tidymedia.errors import UsageError
from tidymedia.study import Study
from video_makers import film

SCRIPT: dict[str, Any] = {
    "transcripts": segments((0, 1_000, "one"), (1_000, 2_500, "two"), (2_700, 3_000, "three")),
    "shots": [
        {"start_ms": 0, "end_ms": 1_200, "transition": "start"},
        {"start_ms": 1_200, "end_ms": 4_000, "transition": "cut"},
    ],
    "texts": [{"picture": picture, "block": 0, "text": f"frame {picture}", "score": 0.9} for picture in range(4)],
    "tags": [{"picture": picture, "label": f"label {picture}", "score": 0.5} for picture in range(4)],
}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("timed")
    (folder / "media").mkdir()
    film(folder / "media" / "film.mp4", frames=100, rate=25)
    other = {"transcripts": segments((500, 60_000, "elsewhere"))}
    scripts = {"film.mp4": SCRIPT, "talk.wav": other}
    return scripted_study(folder, scripts, {"film.mp4": 4_000}, ["metadata", "pictures"], pictures={"video": "1s"})


def test_a_moment_falls_into_what_has_begun_and_not_ended(study: Study) -> None:
    joined = study.join_by_time("texts", "transcripts")
    assert joined["time_ms"].tolist() == [0, 1_000, 2_000, 3_000]
    assert joined["text"].tolist() == ["frame 0", "frame 1", "frame 2", "frame 3"]
    assert joined["transcripts_text"].fillna("").tolist() == ["one", "two", "two", ""]
    assert joined["overlap_ms"].isna().all()
    assert joined["segment"].dtype == "Int64"
    assert not {"extractor", "fingerprint", "transcripts_fingerprint"} & set(joined)


def test_inner_leaves_out_what_falls_together_with_nothing(study: Study) -> None:
    assert study.join_by_time("texts", "transcripts", how="inner")["text"].tolist() == ["frame 0", "frame 1", "frame 2"]


def test_stretches_are_joined_by_their_overlap(study: Study) -> None:
    joined = study.join_by_time("transcripts", "shots")
    of_film = joined[joined["path"] == "film.mp4"]
    assert of_film[["text", "shot", "overlap_ms"]].values.tolist() == [
        ["one", 0, 1_000],
        ["two", 0, 200],
        ["two", 1, 1_300],
        ["three", 1, 300],
    ]
    assert of_film["shots_start_ms"].tolist() == [0, 0, 1_200, 1_200]
    alone = joined[joined["path"] == "talk.wav"]
    assert alone["shot"].isna().tolist() == [True]
    assert alone["overlap_ms"].isna().tolist() == [True]


def test_moments_are_joined_where_they_are_the_same(study: Study) -> None:
    joined = study.join_by_time("texts", "pictures")
    assert joined["pictures_picture"].tolist() == [0, 1, 2, 3]
    assert study.join_by_time("shots", "texts")["text"].tolist() == ["frame 0", "frame 1", "frame 2", "frame 3"]


def test_photographs_and_missing_times_are_left_out(tmp_path: Path) -> None:
    script = {
        "transcripts": [*segments((0, 900, "timed")), {**segments((0, 0, "none"))[0], "start_ms": None}],
        "words": [{"segment": 0, "start_ms": 400, "end_ms": 400, "text": "brief"}],
        "tags": [{"picture": 0, "label": "dog", "score": 0.5}],
    }
    study = scripted_study(tmp_path, {"a.wav": script})
    joined = study.join_by_time("words", "transcripts")
    assert joined[["text", "transcripts_text", "overlap_ms"]].values.tolist() == [["brief", "timed", 0]]
    with pytest.raises(UsageError, match="tags do not lie in time") as refused:
        study.join_by_time("tags", "transcripts")  # there is no table pictures
    assert "transcripts" in refused.value.remedy
    with pytest.raises(UsageError, match="no table unicorns"):
        study.join_by_time("words", "unicorns")
    with pytest.raises(UsageError, match="how='outer'"):
        study.join_by_time("words", "transcripts", how="outer")  # type: ignore[arg-type]


def test_the_answer_is_that_of_comparing_all_with_all(tmp_path: Path) -> None:
    chance = random.Random(5)

    def rows(number: int) -> list[dict[str, Any]]:
        starts = [chance.randrange(0, 200_000) for _ in range(number)]
        return [
            segments((start, start + chance.choice([0, 1, 900, 30_000, 150_000]), str(place)))[0]
            for place, start in enumerate(starts)
        ]

    turns = [{key: row[key] for key in ("start_ms", "end_ms")} | {"speaker": "x"} for row in rows(120)]
    script = {"transcripts": rows(150), "speakers": turns}
    study = scripted_study(tmp_path, {"a.wav": script}, {"a.wav": 200_000})
    joined = study.join_by_time("transcripts", "speakers", how="inner")
    left, right = study.table("transcripts"), study.table("speakers")
    every = left.merge(right, on="path", suffixes=("", "_r"))
    until, until_r = (
        pd.concat([every[f"end_ms{mark}"], every[f"start_ms{mark}"] + 1], axis=1).max(axis=1) for mark in ("", "_r")
    )
    expected = every[(every["start_ms"] < until_r) & (every["start_ms_r"] < until)]
    found = set(zip(joined["segment"], joined["speakers_segment"], strict=True))
    assert found == set(zip(expected["segment"], expected["segment_r"], strict=True))
    assert len(joined) == len(expected)


def test_copies_can_be_counted_once(tmp_path: Path) -> None:
    study = scripted_study(tmp_path, {"a.wav": {"transcripts": segments((0, 900, "one"))}})
    (tmp_path / "media" / "b.wav").write_bytes((tmp_path / "media" / "a.wav").read_bytes())
    study.analyze()
    assert study.join_by_time("transcripts", "transcripts")["path"].tolist() == ["a.wav", "b.wav"]
    assert study.join_by_time("transcripts", "transcripts", copies="first")["path"].tolist() == ["a.wav"]


def test_the_query_of_the_documentation(study: Study) -> None:
    page = Path(__file__).parents[2] / "docs" / "films.md"
    if not page.is_file():
        pytest.skip("The documentation is not beside the tests.")
    queries = re.findall(r'tidymedia query study "(.*?)"', page.read_text("utf-8"), re.DOTALL)
    (sql,) = (query for query in queries if "time_ms >= start_ms" in query)
    answer = study.query(sql)
    assert answer["said"].tolist() == ["one", "two", "two"]
    assert answer["label"].tolist() == ["label 0", "label 1", "label 2"]
