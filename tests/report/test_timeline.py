"""What a timeline shows: rows of one medium, laid out so that nothing covers another."""

from __future__ import annotations

import io
import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from PIL import Image

import tidymedia as tm
from scripted_study import scripted_study, segments
from tidymedia.errors import StudyError, UsageError
from tidymedia.report.timeline_lanes import make_lanes
from tidymedia.report.timeline_rows import Span, TimedPicture, Timeline, read_timeline
from tidymedia.report.timeline_shapes import Lane, clock, fitted, legend_of, text_width, ticks_of
from tidymedia.tables.database import open_database
from video_makers import film

SCRIPT: dict[str, Any] = {
    "shots": [
        {"start_ms": 0, "end_ms": 1_500, "transition": "start"},
        {"start_ms": 1_500, "end_ms": 4_000, "transition": "dissolve"},
    ],
    "speech": [
        {"start_ms": 0, "end_ms": 1_000, "kind": "music"},
        {"start_ms": 1_000, "end_ms": 3_000, "kind": "speech"},
        {"start_ms": 3_000, "end_ms": 4_000, "kind": "silence"},
    ],
    "speakers": [{"start_ms": 1_000, "end_ms": 3_000, "speaker": "speaker_1"}],
    "transcripts": [
        *segments((1_000, 2_000, "Good <b>evening</b> & $x$")),
        *segments((2_200, 3_000, "Thanks for watching"), flags="phantom"),
    ],
    "voice": [
        {"start_ms": 1_000, "end_ms": 2_000, "pitch_mean": 120.0},
        {"start_ms": 2_200, "end_ms": 3_000, "pitch_mean": None},
    ],
    "texts": [
        {"picture": 0, "block": 0, "text": "NEWS", "score": 0.9},
        {"picture": 1, "block": 0, "text": "News", "score": 0.9},
        {"picture": 2, "block": 0, "text": "noise", "score": 0.1},
        {"picture": 2, "block": 1, "text": "привет", "score": 0.9},
        {"picture": 2, "block": 2, "text": "- .", "score": 0.9},
    ],
    "tags": [{"picture": 2, "label": "dog", "score": 0.5}],
    "faces": [{"picture": 1, "score": 0.9}, {"picture": 1, "score": 0.8}],
}
COLORS = ((200, 30, 30), (30, 160, 60))


def draw(number: int, size: tuple[int, int]) -> np.ndarray:
    return np.full((size[1], size[0], 3), COLORS[number >= 38], np.uint8)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> tm.Study:
    folder = tmp_path_factory.mktemp("timeline")
    (folder / "media" / "films").mkdir(parents=True)
    film(folder / "media" / "films" / "film.mp4", frames=100, rate=25, draw=draw)
    scripts = {
        "films/film.mp4": SCRIPT,
        "talk.wav": {"transcripts": segments((2_000, 5_000, "only words"))},
        "still.wav": {},
    }
    return scripted_study(
        folder, scripts, {"films/film.mp4": 4_000}, ["metadata", "pictures"], pictures={"video": "1s"}
    )


def lanes_of(study: tm.Study, path: str, width: float = 800, **part: Any) -> dict[str, Lane]:
    from tidymedia.tables.database import open_database
    from tidymedia.tables.study_files import file_schema, study_files

    columns = {name: file_schema(file).names for name, file in study_files(study.folder).items()}
    media_id = study.query(f"SELECT media_id FROM media WHERE path = '{path}'")["media_id"].iloc[0]
    with open_database(study.folder) as connection:
        timeline = read_timeline(connection, columns, path, media_id, **part)
    return {lane.name: lane for lane in make_lanes(timeline, width)}


def test_lanes_are_those_of_the_tables_with_rows(study: tm.Study) -> None:
    lanes = lanes_of(study, "films/film.mp4")
    assert list(lanes) == ["shots", "speech", "speakers", "transcripts", "voice", "faces", "tags", "texts"]
    assert list(lanes_of(study, "talk.wav")) == ["transcripts"]
    assert list(lanes_of(study, "still.wav")) == []


def test_shapes_lie_where_the_rows_say(study: tm.Study) -> None:
    lanes = lanes_of(study, "films/film.mp4")
    assert [(box.start, box.end) for box in lanes["shots"].boxes if box.style != "soft"] == [(0, 1_500), (1_500, 4_000)]
    assert [box.start for box in lanes["shots"].boxes if box.style == "soft"] == [1_300]
    assert [strip.picture for strip in lanes["shots"].strips] == [1, 3]
    sound = [(box.start, box.end, box.style) for box in lanes["speech"].boxes]
    assert sound == [(0, 1_000, "music"), (1_000, 3_000, "speech"), (3_000, 4_000, "silence")]
    assert [(box.start, box.end) for box in lanes["voice"].boxes] == [(1_000, 2_000)]
    assert [(box.start, box.end, box.title) for box in lanes["faces"].boxes] == [(1_000, 2_000, "2 faces at 0:01.0")]
    assert [(box.start, box.end) for box in lanes["tags"].boxes] == [(2_000, 3_000)]
    assert [(box.start, box.end) for box in lanes["texts"].boxes] == [(0, 2_000), (2_000, 3_000)]  # twice is one
    styles = {snippet.text.split()[0]: snippet.style for snippet in lanes["transcripts"].snippets}
    assert styles["Good"] == "said"
    assert styles["Thanks"] == "flagged"
    assert "phantom" in lanes["transcripts"].boxes[-1].title


def test_a_part_of_the_time_can_be_shown(study: tm.Study) -> None:
    lanes = lanes_of(study, "films/film.mp4", start=3_100, end=3_600)
    assert set(lanes) == {"shots", "speech"}
    assert [box.style for box in lanes["speech"].boxes] == ["silence"]


def pixels(figure: Any) -> np.ndarray:
    stream = io.BytesIO()
    figure.savefig(stream, format="png")
    return np.asarray(Image.open(stream).convert("RGB")).astype(int)


def has_color(shown: np.ndarray, color: tuple[int, int, int], apart: int = 30) -> bool:
    return bool((np.abs(shown - np.array(color)).sum(axis=2) < apart).sum() > 50)


def test_the_figure_shows_pictures_and_sound(study: tm.Study) -> None:
    figure = tm.plot_timeline(study, "film.mp4")
    shown = pixels(figure)
    assert has_color(shown, COLORS[0])
    assert has_color(shown, COLORS[1])
    assert has_color(shown, (0, 114, 178))
    texts = [text.get_text() for text in (*figure.texts, *figure.axes[0].texts)]
    assert "films/film.mp4" in texts
    assert {"Shots", "Sound", "Speakers", "Said", "Pitch", "Faces", "Tags", "Written"} <= set(texts)
    assert any(text.startswith("Good <b>evening</b> & $x$") for text in texts)
    without = pixels(study.plot_timeline("films/film.mp4", thumbnails=False))
    assert not has_color(without, COLORS[0])
    assert shown.shape[1] == without.shape[1] == 1_200
    assert pixels(tm.plot_timeline(study.folder, "talk.wav", width=6)).shape[1] == 600


@pytest.mark.parametrize("gone", ["film.mp4", ""])
def test_a_film_that_is_gone_has_its_timeline_without_pictures(tmp_path: Path, gone: str) -> None:
    (tmp_path / "media").mkdir()
    film(tmp_path / "media" / "film.mp4", frames=100, rate=25, draw=draw)
    study = scripted_study(tmp_path, {"film.mp4": SCRIPT}, {"film.mp4": 4_000}, ["pictures"], pictures={"video": "1s"})
    (tmp_path / "media" / gone).rename(tmp_path / "elsewhere")
    shown = pixels(study.plot_timeline("film.mp4"))
    assert not has_color(shown, COLORS[0])
    assert has_color(shown, (0, 114, 178))


@pytest.mark.parametrize(
    ("path", "given", "said"),
    [
        ("film.mpg", {}, "no medium film.mpg"),
        ("still.wav", {}, "nothing of still.wav"),
        ("talk.wav", {"width": 100}, "width=100"),
        ("talk.wav", {"start": -1}, "start=-1"),
        ("talk.wav", {"start": 4, "end": 2}, "not before"),
        ("talk.wav", {"start": 600}, "behind the end"),
    ],
)
def test_what_cannot_be_shown(study: tm.Study, path: str, given: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said) as refused:
        tm.plot_timeline(study, path, **given)
    if path == "film.mpg":
        assert "films/film.mp4" in refused.value.remedy


def test_no_study(tmp_path: Path) -> None:
    with pytest.raises(StudyError):
        tm.plot_timeline(tmp_path, "film.mp4")


def busy(length: int, rows: int) -> Timeline:
    """Return a timeline whose rows are as many as can be in a long film."""
    edges = [length * place // rows for place in range(rows + 1)]
    spans = [
        Span(start, end, f"word {place} and some others", 100.0 + place % 90)
        for place, (start, end) in enumerate(pairwise(edges))
    ]
    seen = [span._replace(label=f"label {place % 9}") for place, span in enumerate(spans)]
    pictures = tuple(TimedPicture(place, span.start, span.end, 160, 90) for place, span in enumerate(spans))
    tables = {
        "shots": tuple(span._replace(label="cut", note=str(place)) for place, span in enumerate(spans)),
        "speech": tuple(span._replace(label="speech" if place % 2 else "music") for place, span in enumerate(spans)),
        "speakers": tuple(seen),
        "transcripts": tuple(spans),
        "voice": tuple(spans),
        "tags": tuple(seen),
        "texts": tuple(spans),
    }
    return Timeline("busy.mp4", "", 0, length, tables, pictures)


@pytest.mark.parametrize(("length", "rows"), [(900, 2), (4_000, 3), (90_000, 25), (7_200_000, 2_000)])
@pytest.mark.parametrize("width", [300.0, 1_000.0, 5_000.0])
def test_nothing_covers_another(length: int, rows: int, width: float) -> None:
    timeline = busy(length, rows)
    scale = width / length
    for lane in make_lanes(timeline, width):
        lines: dict[float, list[tuple[float, float]]] = {}
        for snippet in lane.snippets:
            left = snippet.start * scale
            lines.setdefault(snippet.top, []).append((left, left + text_width(snippet.text)))
        for texts in lines.values():
            assert all(one[1] <= other[0] for one, other in pairwise(sorted(texts)))
            assert all(right <= width + 10 for _, right in texts)
        strips = sorted((strip.start * scale, strip.start * scale + strip.width) for strip in lane.strips)
        assert all(one[1] <= other[0] + 0.01 for one, other in pairwise(strips))
        assert lane.height < 150
        assert all(box.top >= 0 and box.top + box.height <= lane.height + 0.01 for box in lane.boxes)
    ticks = ticks_of(timeline, width)
    assert 1 <= len(ticks) <= width / 60 + 1


def test_a_film_of_many_hours_is_thinned_over_its_whole_length() -> None:
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE pictures AS SELECT 'a' AS path, n AS picture, 1000 * n AS time_ms, 16 AS width, 9 AS height "
            "FROM range(50000) AS numbers(n)"
        )
        connection.execute("CREATE TABLE faces AS SELECT path, picture, picture % 7 AS face FROM pictures")
        columns = {
            "pictures": ["path", "picture", "time_ms", "width", "height"],
            "faces": ["path", "picture", "face"],
        }
        timeline = read_timeline(connection, columns, "a", "x")
    assert 10_000 < len(timeline.pictures) <= 20_000
    assert timeline.end > 49_990_000
    (shown,) = (lane for lane in make_lanes(timeline, 900) if lane.name == "faces")
    assert 800 < len(shown.boxes) <= 901


def test_a_wider_figure_shows_more() -> None:
    timeline = busy(7_200_000, 2_000)
    shown = [
        len(next(lane for lane in make_lanes(timeline, width) if lane.name == "transcripts").snippets)
        for width in (1_000, 5_000)
    ]
    assert shown[1] > 3 * shown[0] > 0
    hidden = [lane.hidden for lane in make_lanes(timeline, 1_000) if lane.name == "transcripts"]
    assert hidden == [f"{shown[0]} of 2,000 segments"]


def test_texts_are_cut_to_their_room() -> None:
    assert fitted("short", 500) == "short"
    cut = fitted("a text that is much too long for its room", 80)
    assert cut.endswith("…")
    assert text_width(cut) <= 80
    assert fitted("long", 5) == ""
    assert clock(59_990, exact=True) == "0:59.9"


def test_the_legend_names_only_what_is_there(study: tm.Study) -> None:
    lanes = lanes_of(study, "films/film.mp4").values()
    assert [words for _, words in legend_of(lanes)] == [
        "speech",
        "music",
        "silence",
        "fade or dissolve",
        "may be made up (flags)",
    ]
    assert legend_of(lanes_of(study, "talk.wav").values()) == []


def test_the_one_picture_of_a_shot_stands_for_all_of_it(tmp_path):
    sample = Path(__file__).resolve().parents[2] / "examples" / "media" / "films" / "montage.mp4"
    study = tm.Study(tmp_path, sample).analyze(["shots", "faces"], parameters={"pictures.video": "shot:middle"})
    shots = study.table("shots")
    columns = {name: list(study.table(name).columns) for name in ("shots", "pictures", "faces")}
    with open_database(study.folder) as connection:
        timeline = read_timeline(connection, columns, "montage.mp4", str(shots["media_id"].iloc[0]))
    faces = timeline.spans["faces"]
    assert faces
    assert {(span.start, span.end) for span in faces} <= set(zip(shots["start_ms"], shots["end_ms"], strict=True))
    assert [picture.start for picture in timeline.pictures] != shots["start_ms"].tolist()


def test_a_report_of_media_that_are_gone(tmp_path):
    (tmp_path / "films").mkdir()
    film(tmp_path / "films" / "a.mp4", frames=50, rate=25, draw=draw)
    study = tm.Study(tmp_path / "study", tmp_path / "films").analyze(["metadata", "shots"])
    shutil.rmtree(tmp_path / "films")
    assert "a.mp4" in study.report().read_text(encoding="utf-8")
