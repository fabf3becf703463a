"""The timelines of a report: in the page itself, escaped, and with its rules for small pictures."""

from __future__ import annotations

import base64
import html
import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import tidymedia as tm
from scripted_study import scripted_study, segments
from tidymedia.report.timeline_choice import TIMELINES_SHOWN, width_of
from tidymedia.report.timeline_rows import Timeline
from video_makers import film

HOSTILE = "</title><script>alert('said')</script> & \u202e"
SCRIPT: dict[str, Any] = {
    "shots": [
        {"start_ms": 0, "end_ms": 2_000, "transition": "start"},
        {"start_ms": 2_000, "end_ms": 4_000, "transition": "fade"},
    ],
    "speech": [
        {"start_ms": 0, "end_ms": 3_000, "kind": "speech"},
        {"start_ms": 3_000, "end_ms": 4_000, "kind": "music"},
    ],
    "transcripts": [*segments((0, 2_500, HOSTILE)), *segments((2_500, 3_900, "Thanks"), flags="phantom,fast")],
    "tags": [{"picture": 2, "label": HOSTILE, "score": 0.5}],
}


def stripes(number: int, size: tuple[int, int]) -> np.ndarray:
    lines = np.zeros((size[1], size[0], 3), np.uint8)
    lines[:, ::2] = 255
    return lines


def section(page: Path) -> str:
    found = re.search(r'<section id="timeline".*?</section>', page.read_text("utf-8"), re.DOTALL)
    return found.group() if found else ""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> tm.Study:
    folder = tmp_path_factory.mktemp("view")
    (folder / "media").mkdir()
    film(folder / "media" / "film.mp4", frames=100, rate=25, draw=stripes, options={"crf": "1"})
    lengths = {"film.mp4": 4_000, "long <b>.wav": 400_000}
    scripts = {"film.mp4": SCRIPT, "long <b>.wav": {"transcripts": segments((390_000, 395_000, "the end"))}}
    return scripted_study(folder, scripts, lengths, ["metadata", "pictures"], pictures={"video": "1s"})


def test_lanes_are_in_the_page_and_strangers_stay_text(study: tm.Study, tmp_path: Path) -> None:
    page = study.report(tmp_path / "report.html")
    found = section(page)
    assert 'href="#timeline"' in page.read_text("utf-8")
    assert "alert(" in html.unescape(found)
    assert "<script" not in found
    assert "<b>" not in found
    assert " style=" not in found  # the policy of the page allows none
    assert "Shots</text>" in found
    assert "Timeline of 0:04: 2 shots, speech in 75% of the time, 2 segments of what is said and rows for tags" in found
    assert 'class="t-text t-flagged"' in found
    assert "phantom, fast" in found
    assert found.count("<image ") == 2


def test_a_recording_that_ends_late_is_wide_and_its_text_has_room(study: tm.Study, tmp_path: Path) -> None:
    found = section(study.report(tmp_path / "report.html"))
    assert 'width="2400.0"' in found
    assert "the end</text>" in re.sub(r"<title>.*?</title>", "", found)
    assert "long timelines can be scrolled" in found
    assert width_of(Timeline("", "", 0, 10**9)) == 4_000


def pictures_of(page: Path) -> list[np.ndarray]:
    data = re.findall(r'<image [^>]*href="data:image/jpeg;base64,([^"]+)"', section(page))
    return [np.asarray(Image.open(io.BytesIO(base64.b64decode(one))).convert("L")).astype(int) for one in data]


def test_blurred_pictures_are_blurred_here_too(study: tm.Study, tmp_path: Path) -> None:
    sharp = pictures_of(study.report(tmp_path / "sharp.html"))
    blurred = pictures_of(study.report(tmp_path / "blurred.html", blur="all"))
    assert len(sharp) == len(blurred) == 2
    assert min(int(np.abs(np.diff(one, axis=1)).max()) for one in sharp) > 60
    assert max(int(np.abs(np.diff(one, axis=1)).max()) for one in blurred) < 20
    assert pictures_of(study.report(tmp_path / "none.html", thumbnails=0)) == []


def test_what_is_left_out_is_said(tmp_path: Path) -> None:
    many = {f"{number:02}.wav": {"transcripts": segments((0, 900, f"word {number}"))} for number in range(13)}
    study = scripted_study(tmp_path, {**many, "silent.wav": {}})
    found = section(study.report(tmp_path / "report.html"))
    assert found.count("<figure") == TIMELINES_SHOWN == 6
    assert "6 of 13 films and recordings" in found
    assert re.findall(r"<bdi>(\d\d\.wav)</bdi>", found) == ["00.wav", "02.wav", "04.wav", "06.wav", "08.wav", "10.wav"]


def test_a_study_without_time_has_no_such_section(tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    Image.new("RGB", (30, 20), "teal").save(tmp_path / "media" / "a.png")
    study = tm.Study(tmp_path / "study", media=tmp_path / "media").analyze(["pixels"])
    page = study.report()
    assert section(page) == ""
    assert 'href="#timeline"' not in page.read_text("utf-8")
