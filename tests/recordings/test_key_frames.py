"""Key frames are the pictures of a study, one at a time, and files that are named by their time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import tidymedia as tm
import video_makers as make
from tidymedia.errors import BrokenFileError, MediumError, OverLimitError, SettingError, UnsupportedError, UsageError
from tidymedia.media.kinds import Kind
from tidymedia.media.locations import LocalFile
from tidymedia.media.opening import open_medium
from tidymedia.media.picture import FULL, Picture

FILMS = Path(__file__).parents[2] / "examples" / "media" / "films"
FILM = FILMS / "montage.mp4"


@pytest.mark.parametrize("every", ["5s", "100f", "codec", "first", "shot:middle", "shot:sharpest"])
def test_they_are_the_pictures_of_a_study(every: str) -> None:
    frames = tm.key_frames(FILM, every)
    settings = tm.PictureSettings(video=every)
    with open_medium(LocalFile(str(FILMS), FILM.name), Kind.VIDEO, settings) as film:
        for frame, picture in zip(frames, film.pictures(), strict=True):
            assert isinstance(picture, Picture)
            assert (frame.number, frame.frame, frame.time_ms) == (picture.index, picture.frame, picture.time_ms)
            assert np.array_equal(frame.image, picture.image(FULL))


def test_each_pass_reads_anew_and_pictures_may_be_small() -> None:
    frames = tm.key_frames(FILM.read_bytes(), "shot:middle", long_side=120)
    assert next(repr(frame) for frame in frames) == "<KeyFrame 0 at 1.480 s, 120 x 68>"
    assert len(list(frames)) == len(list(frames)) == 7
    animation = tm.key_frames(FILMS / "rabbit.gif", "1s")
    assert [frame.time_ms for frame in animation] == [0, 1000, 2000]


def test_files_are_named_by_time(tmp_path: Path) -> None:
    saved = tm.key_frames(FILM, "8s").save(tmp_path / "frames")
    assert saved["time_ms"].tolist() == [0, 8000, 16000]
    names = ["00h00m00.000s.jpg", "00h00m08.000s.jpg", "00h00m16.000s.jpg"]
    assert sorted(path.name for path in (tmp_path / "frames").iterdir()) == names
    assert [Path(file).name for file in saved["file"]] == names
    with Image.open(saved["file"][1]) as picture:
        assert (picture.format, picture.size) == ("JPEG", (480, 270))
    with pytest.raises(UsageError, match=r"is there already.*overwrite=True"):
        tm.key_frames(FILM, "8s").save(tmp_path / "frames")
    tm.key_frames(FILM, "8s").save(tmp_path / "frames", overwrite=True)
    exact = tm.key_frames(FILM, "first").save(tmp_path, form="png")
    with Image.open(exact["file"][0]) as picture:
        assert np.array_equal(picture, next(iter(tm.key_frames(FILM, "first"))).image)
    (tmp_path / "taken").write_bytes(b"")
    with pytest.raises(UsageError, match="cannot be made"):
        tm.key_frames(FILM, "first").save(tmp_path / "taken")
    with pytest.raises(UsageError, match="jpg, png"):
        tm.key_frames(FILM).save(tmp_path, form="bmp")  # type: ignore[arg-type]


def test_what_cannot_be_done(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="shot:sharpest"):
        tm.key_frames(FILM, "shot:best")
    with pytest.raises(UsageError, match="long_side"):
        tm.key_frames(FILM, long_side=0)
    with pytest.raises(SettingError, match="films alone"):
        list(tm.key_frames(FILMS / "rabbit.gif", "shot:middle"))
    with pytest.raises(UnsupportedError, match=r"is no film\..*tm\.open_image"):
        list(tm.key_frames(b"%PDF-1.4\n" + bytes(200)))
    with pytest.raises(OverLimitError, match=r'Pick fewer frames \(such as every="30s" in tm\.key_frames\)'):
        list(tm.key_frames(FILM, "1f", limits=tm.Limits(pictures=10)))
    with pytest.raises(MediumError):
        list(tm.key_frames(tmp_path / "absent.mp4"))


def test_a_broken_frame_is_told_and_the_others_are_kept(tmp_path: Path) -> None:
    make.film(tmp_path / "film.mkv", frames=60, rate=5, options={"g": "10"})
    content = bytearray((tmp_path / "film.mkv").read_bytes())
    third = len(content) // 3
    content[third : 2 * third] = bytes(third)
    (tmp_path / "film.mkv").write_bytes(content)
    seen = []
    frames = tm.key_frames(tmp_path / "film.mkv", "2s")
    try:
        seen.extend(frames)
    except BrokenFileError:
        assert seen
    for frame in seen:
        if frame.error is None:
            assert frame.image.size == (64, 48)
        else:
            with pytest.raises(BrokenFileError):
                _ = frame.image
