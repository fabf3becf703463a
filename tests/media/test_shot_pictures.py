"""One picture a shot: the frame that is chosen is the frame that decoding everything gives, in any container."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import film_composing as compose
import video_makers as make
from tidymedia.errors import BrokenFileError, OverLimitError, SettingError
from tidymedia.media.image_file import ImageFile
from tidymedia.media.kinds import Kind
from tidymedia.media.locations import LocalFile
from tidymedia.media.medium import no_tick
from tidymedia.media.picture import FULL, Picture
from tidymedia.media.settings import Limits, PictureSettings
from tidymedia.media.video import Film
from tidymedia.run.fingerprint import fingerprints

FRAMES = 90
KINDS = {
    "reordered.mp4": {"options": {"bf": "3", "g": "60"}},
    "late.mkv": {"options": {"bf": "3", "g": "1000"}, "sound": 2.0, "sound_start": 0.5},
    "open.ts": {"options": {"x264-params": "open-gop=1:keyint=30:bframes=3"}, "container": "mpegts"},
    "divx.avi": {"codec": "mpeg4", "options": {"bf": "2", "g": "30"}},
}


def blurred(picture: np.ndarray) -> np.ndarray:
    """Soften a picture."""
    import cv2

    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 2.5))


@pytest.fixture(scope="module")
def pictures() -> list[np.ndarray]:
    """Three shots of 30 frames, each sharp in its eleventh frame alone."""
    chance = compose.random.Random(3)
    made = []
    for name in ("mountains", "astronaut", "pagoda"):
        still = compose.photograph(name, 1, (160, 90), chance)[0]
        made += [still if number == 10 else blurred(still) for number in range(30)]
    return made


def opened(path: Path, video: str, **limits: int) -> Film:
    return Film(LocalFile(str(path.parent), path.name), PictureSettings(video=video), Limits(**limits), no_tick)


def given(path: Path, video: str, start: int = 0) -> list[tuple[int, int | None, int | None, np.ndarray]]:
    with opened(path, video) as film:
        return [
            (one.index, one.frame, one.time_ms, np.asarray(one.image(FULL)))
            for one in film.pictures(start)
            if isinstance(one, Picture)
        ]


@pytest.mark.parametrize("name", KINDS)
def test_one_picture_a_shot(tmp_path: Path, pictures: list[np.ndarray], name: str) -> None:
    path = tmp_path / name
    make.film(path, frames=FRAMES, size=(160, 90), draw=lambda number, size: pictures[number], **KINDS[name])
    all_frames = given(path, "1f")
    for video, wanted in (("shot:middle", [14, 44, 74]), ("shot:sharpest", [10, 40, 70])):
        chosen = given(path, video)
        assert [index for index, *_ in chosen] == [0, 1, 2]
        for (_, frame, time_ms, image), place in zip(chosen, wanted, strict=True):
            assert frame is not None
            assert abs(frame - place) <= (1 if video == "shot:middle" else 0)
            assert time_ms == all_frames[frame][2]
            assert np.array_equal(image, all_frames[frame][3])
        assert [frame for _, frame, *_ in given(path, video, start=2)] == [chosen[2][1]]


def test_too_many_shots_and_too_much_damage(tmp_path: Path, pictures: list[np.ndarray]) -> None:
    path = compose.write(tmp_path / "film.mkv", pictures)
    with opened(path, "shot:middle", pictures=2) as film, pytest.raises(OverLimitError, match=r"limits\.pictures=3"):
        next(iter(film.pictures()))
    (tmp_path / "cut.mkv").write_bytes(path.read_bytes()[: path.stat().st_size * 3 // 4])
    seen = []
    with opened(tmp_path / "cut.mkv", "shot:middle") as film, pytest.raises(BrokenFileError):
        seen.extend(one.index for one in film.pictures())
    assert seen[:2] == [0, 1]


def test_animations_have_no_shots() -> None:
    path = compose.EXAMPLES / "films" / "rabbit.gif"
    settings = PictureSettings(animation="shot:middle")
    with pytest.raises(SettingError, match="found in films alone"):
        ImageFile(LocalFile(str(path.parent), path.name), settings, Limits(), no_tick)


def test_the_methods_paragraph_names_the_rule() -> None:
    from tidymedia.report.methods_text import _sampling

    assert _sampling("shot:middle") == "the middle frame of each shot"
    assert _sampling("shot:sharpest") == "the sharpest frame of each shot"


def test_the_version_of_the_method_decides_the_fingerprints_of_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    from tidymedia.extractors import make_extractor
    from tidymedia.run import fingerprint

    hashes = [make_extractor("hashes")]

    def marks(video: str, kind: Kind) -> str:
        return fingerprints(hashes, PictureSettings(video=video), kind)["hashes"]

    before = {video: marks(video, Kind.VIDEO) for video in ("5s", "shot:middle", "shot:sharpest")}
    photograph = marks("shot:middle", Kind.IMAGE)
    assert len(set(before.values())) == 3
    monkeypatch.setattr(fingerprint, "SHOTS_VERSION", fingerprint.SHOTS_VERSION + 1)
    assert marks("5s", Kind.VIDEO) == before["5s"]
    assert marks("shot:middle", Kind.VIDEO) != before["shot:middle"]
    assert marks("shot:middle", Kind.IMAGE) == photograph
