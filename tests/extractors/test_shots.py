"""The extractor of shots: rows of the sample film, parameters and their checks, the summary."""

from __future__ import annotations

from pathlib import Path

import av
import pytest

import tidymedia as tm
from tidymedia.errors import SettingError
from tidymedia.extractors import make_extractor
from tidymedia.extractors.base import MediumExtractor
from tidymedia.extractors.shots import SHOTS
from tidymedia.media.kinds import Kind
from tidymedia.media.locations import LocalFile
from tidymedia.media.opening import open_medium
from tidymedia.media.shot_settings import SHOTS_VERSION

FILMS = Path(__file__).parents[2] / "examples" / "media" / "films"


def test_the_rows_of_the_sample_film() -> None:
    """Where these change, SHOTS_VERSION must be raised, so that old rows and pictures are made anew."""
    extractor = make_extractor("shots")
    assert isinstance(extractor, MediumExtractor)
    with open_medium(LocalFile(str(FILMS), "montage.mp4"), Kind.VIDEO) as film:
        rows = [dict(row.values) for row in extractor.from_medium(film)]
    assert SHOTS_VERSION == 1
    assert [(row["start_ms"], row["first_frame"], row["transition"], row["transition_ms"]) for row in rows] == [
        (0, 0, "start", 0),
        (3000, 75, "cut", 0),
        (5600, 140, "cut", 0),
        (8360, 209, "dissolve", 840),
        (11600, 290, "cut", 0),
        (14400, 360, "cut", 0),
        (17280, 432, "fade", 1480),
    ]
    assert rows[-1]["end_ms"] == 20_200
    assert [row["frames"] for row in rows] == [75, 65, 69, 81, 70, 72, 73]
    assert [round(row["score"], 2) if row["score"] is not None else None for row in rows] == [
        None, 0.25, 0.26, 0.31, 0.3, 0.22, None,
    ]  # fmt: skip
    assert all(set(row) == {column.name for column in SHOTS.columns} for row in rows)


def test_parameters_are_checked() -> None:
    assert make_extractor("shots", {"threshold": "5", "min_shot_ms": "200"}).parameters.to_dict() == {
        "detector": "adaptive", "threshold": 5.0, "min_shot_ms": 200, "gradual": True,
    }  # fmt: skip
    for wrong in ({"detector": "transnet"}, {"threshold": 0}, {"threshold": 300}, {"min_shot_ms": -1}, {"min": 3}):
        with pytest.raises(SettingError):
            make_extractor("shots", wrong)


def test_a_study_of_films_has_shots_beside_the_pictures_that_stand_for_them(tmp_path: Path) -> None:
    study = tm.Study(tmp_path / "study", FILMS, pictures={"video": "shot:sharpest"})
    study.analyze(["shots", "hashes"], jobs=1)
    shots, pictures = study.table("shots"), study.table("pictures")
    assert set(shots["path"]) == {"montage.mp4", "rabbit.mp4"}
    montage, seen = shots.query("path == 'montage.mp4'"), pictures.query("path == 'montage.mp4'")
    assert len(seen) == 7
    assert (seen["time_ms"].to_numpy() >= montage["start_ms"].to_numpy()).all()
    assert (seen["time_ms"].to_numpy() < montage["end_ms"].to_numpy()).all()
    assert shots["unit_id"].str.contains(r":s\d+$").all()
    summary = study.summary().set_index("path")
    assert summary["shots"].fillna(0).astype(int).to_dict() == {"montage.mp4": 7, "rabbit.gif": 0, "rabbit.mp4": 1}
    assert summary.loc["montage.mp4", "cuts_per_minute"] == pytest.approx(6 * 60 / 20.2)
    assert summary.loc["montage.mp4", "average_shot_ms"] == pytest.approx(20_200 / 7)
    assert summary.loc["montage.mp4", "median_shot_ms"] == 2880
    assert summary.loc["rabbit.mp4", "cuts_per_minute"] == 0
    status = study.status().query("extractor == 'shots'").set_index("path")
    assert status.loc["rabbit.gif", "reason"] == "not_applicable"


def test_a_film_that_is_cut_off_keeps_its_shots_up_to_there(tmp_path: Path) -> None:
    whole = tmp_path / "whole.mkv"
    with av.open(str(FILMS / "montage.mp4")) as read, av.open(str(whole), "w") as written:
        streams = {stream.index: written.add_stream_from_template(stream) for stream in read.streams}
        for packet in read.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream.index]
                written.mux(packet)
    (tmp_path / "cut.mkv").write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    study = tm.Study(tmp_path / "study", tmp_path / "cut.mkv").analyze(["shots", "metadata"], jobs=1)
    assert study.status().set_index("extractor")["status"]["shots"] == "partial"
    assert study.table("shots")["shot"].tolist() == [0, 1, 2, 3]
    (failure,) = study.failures()["error_message"]
    assert "cut off" in failure
