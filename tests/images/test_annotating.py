"""A film with boxes: same size, rate, times and sound; each picture's boxes until the next picture."""

import hashlib
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pandas as pd
import pytest
from PIL import Image

import tidymedia as tm
from tidymedia.errors import BrokenFileError, OverLimitError, UsageError
from tidymedia.images import film_writer
from tidymedia.images.film_rows import PictureClock
from tidymedia.media.sampling import parse_sampling

MEDIA = Path(__file__).resolve().parents[2] / "examples" / "media"
GRAY = 90
BOX = (20, 16, 40, 24)


def make_film(
    path: Path,
    *,
    size: tuple[int, int] = (96, 64),
    frames: int = 30,
    rate: int = 10,
    sound: str = "aac",
    start: int = 0,
) -> Path:
    """Make a gray film; its time stamps begin at a frame."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=rate, options={"crf": "5"})
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p" if size[0] % 2 == size[1] % 2 == 0 else "yuv444p"
        heard = container.add_stream(sound, rate=16_000) if sound else None
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(np.full((size[1], size[0], 3), GRAY, np.uint8), format="rgb24")
            frame.pts = start + number
            frame.time_base = Fraction(1, rate)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if heard is not None:
            wave = (np.sin(np.arange(16_000 * frames // rate) / 8) * 9000).astype(np.int16)[None]
            for place in range(0, wave.shape[1], 1024):
                block = av.AudioFrame.from_ndarray(np.ascontiguousarray(wave[:, place : place + 1024]), "s16", "mono")
                block.sample_rate, block.pts = 16_000, place + start * 16_000 // rate
                block.time_base = Fraction(1, 16_000)
                container.mux(heard.encode(block))
            container.mux(heard.encode(None))
    return path


def rows(*pictures: int, **more: object) -> pd.DataFrame:
    names = ("box_x", "box_y", "box_width", "box_height")
    return pd.DataFrame(
        [
            {"picture": number, "label": f"p{number}", **dict(zip(names, BOX, strict=True)), **more}
            for number in pictures
        ]
    )


def read(path: Path) -> tuple[list[np.ndarray], list[float]]:
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
        return [frame.to_ndarray(format="rgb24") for frame in frames], [float(frame.time or 0) for frame in frames]


def packets(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(container.streams.audio[0]) if packet.size]


def edge(frame: np.ndarray) -> np.ndarray:
    """Return a point in the middle of the left side of the box."""
    return frame[BOX[1] + BOX[3] // 2, BOX[0]].astype(int)


ONE = tm.PictureSettings(video="1s")
COLORS = {"p0": "red", "p1": "lime", "p2": "blue"}


def test_boxes_stay_until_the_next_picture(tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.mp4")
    made = tm.annotate_video(
        film, rows(0, 2), tmp_path / "made.mp4", settings=ONE, colors=COLORS, width=6, labels=False
    )
    frames, times = read(made)
    assert times == pytest.approx(read(film)[1])
    for number, frame in enumerate(frames):
        red, green, blue = edge(frame)
        if number < 10:
            assert red > 180
            assert max(green, blue) < 110
        elif number < 20:
            assert (abs(np.array([red, green, blue]) - GRAY) < 25).all(), "picture 1 was looked at and has no box"
        else:
            assert blue > 150
            assert max(red, green) < 110
        assert (abs(frame[60, 90].astype(int) - GRAY) < 12).all()


def test_size_rate_times_and_sound_are_kept(tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.mp4", frames=25, rate=12)
    made = tm.annotate_video(film, rows(0), tmp_path / "made.mp4")
    with av.open(str(film)) as before, av.open(str(made)) as after:
        one, other = before.streams.video[0], after.streams.video[0]
        assert (one.width, one.height, one.average_rate) == (other.width, other.height, other.average_rate)
        assert other.codec_context.name == "h264"
        assert after.duration == pytest.approx(before.duration, abs=150_000)
    assert packets(film) == packets(made)
    assert made.stat().st_mode == film.stat().st_mode, "others may read it as they may read any new file"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_film_that_begins_late_begins_at_zero_with_its_sound(tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.mkv", start=50)
    made = tm.annotate_video(film, rows(0, 1, 2), tmp_path / "made.mp4", settings=ONE)
    with av.open(str(made)) as container:
        video, audio = (
            [float(packet.pts * packet.time_base) for packet in part if packet.pts is not None]
            for part in (
                list(container.demux(container.streams.video[0])),
                list(container.demux(container.streams.audio[0])) if container.seek(0) is None else [],
            )
        )
    assert min(video) == pytest.approx(0, abs=0.12)
    assert max(video) == pytest.approx(2.9, abs=0.12)
    assert min(audio) == pytest.approx(0, abs=0.12)


def test_a_container_without_times_is_counted_by_its_rate(tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.avi", sound="mp3")
    made = tm.annotate_video(film, rows(1), tmp_path / "made.mp4", settings=ONE, colors="red", width=6, labels=False)
    frames, times = read(made)
    assert times == pytest.approx([number / 10 for number in range(30)])
    assert [edge(frame)[0] > 180 for frame in frames] == [10 <= number < 20 for number in range(30)]
    assert packets(made) == packets(film)


def test_uneven_sides(tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.mp4", size=(95, 63), frames=5)
    frames, _ = read(tm.annotate_video(film, rows(0), tmp_path / "made.mp4", colors="red", width=6))
    assert frames[0].shape == (63, 95, 3)
    assert edge(frames[0])[0] > 200


def test_without_sound(tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.mp4", frames=5)
    with av.open(str(tm.annotate_video(film, rows(0), tmp_path / "made.mp4", sound=False))) as made:
        assert not made.streams.audio
    silent = make_film(tmp_path / "silent.mp4", frames=5, sound="")
    assert len(read(tm.annotate_video(silent, rows(0), tmp_path / "other.mkv"))[0]) == 5


def test_a_sound_that_the_container_cannot_hold(tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.mkv", frames=5, sound="wavpack")
    with pytest.raises(UsageError, match=r"cannot hold the sound of .*film\.mkv.*\.mkv"):
        tm.annotate_video(film, rows(0), tmp_path / "made.mp4")
    assert not (tmp_path / "made.mp4").exists()
    made = tm.annotate_video(film, rows(0), tmp_path / "made.mkv")
    assert packets(made) == packets(film)


def test_without_h264_it_is_mpeg4(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(film_writer, "_ENCODERS", film_writer._ENCODERS[1:])
    film = make_film(tmp_path / "film.mp4", frames=12)
    made = tm.annotate_video(film, rows(0), tmp_path / "made.mp4", colors="red", width=6)
    with av.open(str(made)) as container:
        assert container.streams.video[0].codec_context.name == "mpeg4"
    frames, times = read(made)
    assert len(frames) == 12
    assert times == pytest.approx([number / 10 for number in range(12)], abs=0.002)
    assert edge(frames[3])[0] > 180


def test_rows_are_chosen_by_the_bytes_of_the_film(tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.mp4", frames=5)
    own = hashlib.sha256(film.read_bytes()).hexdigest()
    table = pd.concat([rows(0, media_id=own, unit_id="a"), rows(0, media_id="0" * 64, unit_id="b", box_x=70)])
    frames, _ = read(tm.annotate_video(film, table, tmp_path / "made.mp4", colors="red", width=4, labels=False))
    assert edge(frames[0])[0] > 180
    assert (abs(frames[0][28, 70].astype(int) - GRAY) < 25).all()
    with pytest.raises(UsageError, match="None of the 1 rows of the table is about"):
        tm.annotate_video(film, rows(0, media_id="0" * 64), tmp_path / "made.mp4")


def test_rows_of_a_study(tmp_path: Path) -> None:
    photograph = np.asarray(Image.open(MEDIA / "photographs" / "photographer.png").convert("RGB").resize((256, 256)))
    film = tmp_path / "media" / "film.mp4"
    film.parent.mkdir()
    with av.open(str(film), "w") as container:
        stream = container.add_stream("libx264", rate=5, width=256, height=256, pix_fmt="yuv420p")
        for number in range(12):
            still = photograph if number < 5 else np.full_like(photograph, 255)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(still), format="rgb24")))
        container.mux(stream.encode(None))
    study = tm.Study(tmp_path / "study", film.parent, pictures={"video": "1s"}).analyze(["objects"], jobs=1)
    table = study.table("objects")
    assert set(table["picture"]) == {0}
    made = tm.annotate_video(film, table, tmp_path / "made.mp4", settings=ONE, colors={"person": "red"})
    before, after = read(film)[0], read(made)[0]
    changed = [float(np.abs(one.astype(int) - other).mean()) for one, other in zip(before, after, strict=True)]
    assert min(changed[:5]) > 2
    assert max(changed[5:]) < 1


def test_rows_beyond_the_last_picture_are_told(tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.mp4")
    with pytest.raises(UsageError, match=r"has 1 pictures at 5s.*of picture 2.*settings of the study"):
        tm.annotate_video(film, rows(0, 2), tmp_path / "made.mp4")
    assert not (tmp_path / "made.mp4").exists()


@pytest.mark.parametrize("sampling", ["1s", "0.3s", "7f", "codec"])
def test_pictures_are_counted_as_in_a_study(tmp_path: Path, sampling: str) -> None:
    from tidymedia.media.kinds import Kind
    from tidymedia.media.locations import LocalFile
    from tidymedia.media.opening import open_medium

    settings = tm.PictureSettings(video=sampling)
    film = MEDIA / "films" / "rabbit.mp4"
    with open_medium(LocalFile(str(film.parent), film.name), Kind.VIDEO, settings) as medium:
        expected = [picture.time_ms for picture in medium.pictures()]
    clock = PictureClock(parse_sampling(sampling))
    seen = []
    with av.open(str(film)) as container:
        for frame in container.decode(video=0):
            clock.picture(Fraction(frame.pts or 0) * (frame.time_base or 1), bool(frame.key_frame))
            if clock.fresh:
                seen.append(round(float(frame.time or 0) * 1000))
    assert seen == expected


def test_boxes_of_one_picture_a_shot_stay_within_their_shot(tmp_path: Path) -> None:
    film = MEDIA / "films" / "montage.mp4"
    settings = tm.PictureSettings(video="shot:middle")
    made = tm.annotate_video(film, rows(0, 3), tmp_path / "made.mp4", settings=settings, colors="#ff00ff", width=9)
    marked = set()
    for number, frame in enumerate(read(made)[0]):
        red, green, blue = frame.astype(int).transpose(2, 0, 1)
        if ((red > 190) & (green < 70) & (blue > 190)).sum() > 60:
            marked.add(number)
    # From the middle frame of a shot to its end: pictures 0 and 3 are frames 37 and 249.
    assert marked == {*range(37, 75), *range(249, 290)}
    with pytest.raises(UsageError, match=r"has 7 pictures at shot:middle"):
        tm.annotate_video(film, rows(8), tmp_path / "more.mp4", settings=settings)


def test_what_cannot_be_done(tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.mp4", frames=5)
    for output, message in (
        ("made.avi", r"\.mp4, \.m4v"),
        ("absent/made.mp4", "no folder"),
        ("film.mp4", "is the film itself"),
    ):
        with pytest.raises(UsageError, match=message):
            tm.annotate_video(film, rows(0), tmp_path / output)
    with pytest.raises(UsageError, match="no column picture"):
        tm.annotate_video(film, rows(0).drop(columns="picture"), tmp_path / "made.mp4")
    with pytest.raises(UsageError, match="no box_x"):
        tm.annotate_video(film, rows(0).drop(columns="box_x"), tmp_path / "made.mp4")
    with pytest.raises(UsageError, match="is no film"):
        tm.annotate_video(MEDIA / "photographs" / "dogs.jpg", rows(0), tmp_path / "made.mp4")
    with pytest.raises(OverLimitError, match="the limit is 1,000 pixels"):
        tm.annotate_video(film, rows(0), tmp_path / "made.mp4", limits=tm.Limits(pixels=1000))
    with pytest.raises(BrokenFileError):
        (tmp_path / "broken.mp4").write_bytes(film.read_bytes()[:900])
        tm.annotate_video(tmp_path / "broken.mp4", rows(0), tmp_path / "made.mp4")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken.mp4", "film.mp4"]
