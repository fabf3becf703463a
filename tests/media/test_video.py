"""Films give the frames that decoding everything gives, upright, at the size that is asked for."""

import random
from fractions import Fraction

import av
import numpy as np
import pytest

import video_makers as make
from tidymedia.errors import (
    BrokenFileError,
    MediumError,
    OverLimitError,
)
from tidymedia.media.frame_image import FramePainter
from tidymedia.media.kinds import Kind
from tidymedia.media.locations import LocalFile
from tidymedia.media.medium import no_tick
from tidymedia.media.picture import FULL, THUMB, BrokenPicture, Picture, SizeClass
from tidymedia.media.settings import Limits, PictureSettings
from tidymedia.media.sound import SoundFormat
from tidymedia.media.video import Film

KINDS = {
    "reordered.mp4": {"options": {"bf": "3", "g": "60"}},
    "long.mkv": {"options": {"bf": "3", "g": "1000"}},
    "open.mkv": {"options": {"x264-params": "open-gop=1:keyint=30:bframes=3"}},
    "open.ts": {"options": {"x264-params": "open-gop=1:keyint=30:bframes=3"}, "container": "mpegts"},
    "refresh.ts": {"options": {"x264-params": "intra-refresh=1:keyint=30:bframes=0"}, "container": "mpegts"},
    "hevc.mp4": {"codec": "libx265", "options": {"x265-params": "keyint=30:bframes=3:log-level=none:pools=1"}},
    "vp9.webm": {"codec": "libvpx-vp9", "options": {"cpu-used": "8", "deadline": "realtime", "g": "30"}},
    "reordered.avi": {"options": {"bf": "3", "g": "30"}},
    "divx.avi": {"codec": "mpeg4", "options": {"bf": "2", "g": "30"}},
    "old.mpg": {"codec": "mpeg2video", "options": {"bf": "2", "g": "12"}},
    "windows.wmv": {"codec": "wmv2"},
    "flash.flv": {"codec": "flv"},
    "sounding.mp4": {"options": {"bf": "3", "g": "40"}, "sound": 3.2},
}
FRAMES = 80


@pytest.fixture(scope="module")
def films(tmp_path_factory):
    folder = tmp_path_factory.mktemp("films")
    for name, how in KINDS.items():
        make.film(folder / name, frames=FRAMES, **how)
    return folder


def opened(path, video="1s", **limits):
    return Film(LocalFile(str(path.parent), path.name), PictureSettings(video=video), Limits(**limits), no_tick)


def everything(path):
    """Decode all frames, in the order of showing."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        painter = FramePainter("x", stream.sample_aspect_ratio, "#ffffff")
        return [np.asarray(painter.image(frame, FULL)) for frame in container.decode(stream)]


def key_numbers(path):
    with av.open(str(path)) as container:
        return [
            number for number, frame in enumerate(container.decode(video=0)) if frame.key_frame and frame.pict_type == 1
        ]


def given(path, video, start=0):
    with opened(path, video) as film:
        return [
            (picture.index, picture.frame, picture.time_ms, np.asarray(picture.image(FULL)))
            for picture in film.pictures(start)
        ]


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("video", ["1s", "0.3s", "2s", "7f", "50f", "first"])
def test_the_frames_are_those_of_decoding_everything(films, name, video):
    truth = everything(films / name)
    assert len(truth) == FRAMES
    if video == "first":
        wanted = [0]
    elif video.endswith("f"):
        wanted = list(range(0, FRAMES, int(video[:-1])))
    else:
        step = Fraction(video[:-1])
        times = [Fraction(number, 25) for number in range(FRAMES)]
        slots = range(int(times[-1] / step) + 1)
        wanted = [next(number for number, time in enumerate(times) if time >= slot * step) for slot in slots]
    pictures = given(films / name, video)
    assert [frame for _, frame, _, _ in pictures] == wanted
    assert [index for index, *_ in pictures] == list(range(len(wanted)))
    for _, frame, time_ms, image in pictures:
        assert abs(time_ms - frame * 40) <= 1
        assert np.array_equal(image, truth[frame])


@pytest.mark.parametrize("name", KINDS)
def test_codec_gives_the_key_frames(films, name):
    truth, keys = everything(films / name), key_numbers(films / name)
    pictures = given(films / name, "codec")
    assert len(pictures) == len(keys)
    for number, (_, frame, _, image) in zip(keys, pictures, strict=True):
        assert frame in (number, None)
        assert np.array_equal(image, truth[number])


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("video", ["0.3s", "7f", "codec"])
def test_start_gives_the_same_pictures_without_the_first(films, name, video):
    whole = given(films / name, video)
    last = whole[-1][0]
    for start in (1, last // 2, last, last + 1):
        rest, wanted = given(films / name, video, start), [picture for picture in whole if picture[0] >= start]
        assert [picture[:3] for picture in rest] == [picture[:3] for picture in wanted]
        assert all(np.array_equal(one[3], other[3]) for one, other in zip(rest, wanted, strict=True))


def test_sparse_pictures_decode_little(films, monkeypatch):
    from tidymedia.media import film_frames

    decoded = []
    frames = film_frames.DecodedFilm.frames
    monkeypatch.setattr(film_frames.DecodedFilm, "frames", lambda film: decoded.append(1) or frames(film))
    with opened(films / "reordered.mp4", "60f") as film:
        assert len(list(film.pictures())) == 2
    assert len(decoded) < 20


def test_a_variable_frame_rate_is_followed(tmp_path):
    times = [0, 40, 80, 900, 1010, 1020, 5000, 5500, 9000]
    make.film(tmp_path / "a.mkv", frames=len(times), times=times, rate=1000)
    pictures = given(tmp_path / "a.mkv", "1s")
    assert [time for _, _, time, _ in pictures] == [0, 1010, 5000, 9000]
    assert [frame for _, frame, _, _ in pictures] == [0, 4, 6, 8]


@pytest.mark.parametrize("rotation", [0, 90, 180, -90])
def test_phone_films_stand_upright(tmp_path, rotation):
    make.film(tmp_path / "a.mp4", frames=2, size=(96, 64), rotation=rotation, draw=make.corners)
    with av.open(str(tmp_path / "a.mp4")) as container:
        assert next(container.decode(video=0)).rotation % 360 == rotation % 360
    with opened(tmp_path / "a.mp4") as film:
        picture = next(film.pictures())
        image = np.asarray(picture.image(FULL)).astype(int)
    turned = np.rot90(make.corners(0, (96, 64)), rotation // 90)  # counter-clockwise, as the file says it
    assert (picture.height, picture.width) == turned.shape[:2] == image.shape[:2]
    for down in (8, -8):
        for across in (8, -8):
            assert np.abs(image[down, across] - turned[down, across]).max() < 30


def test_pixels_become_square(tmp_path):
    make.film(tmp_path / "a.mp4", frames=2, size=(72, 58), pixel_aspect=Fraction(16, 11))
    with opened(tmp_path / "a.mp4") as film:
        picture = next(film.pictures())
        assert (picture.width, picture.height) == (105, 58)
        assert picture.image(FULL).size == (105, 58)
        assert film.properties()["width"] == 72


@pytest.mark.parametrize("size", [(2, 2), (130, 98), (1919, 1079), (16, 1000)])
def test_odd_sizes_and_size_classes(tmp_path, size):
    options = {"pixel_format": "yuv444p"} if size[0] % 2 else {}
    make.film(tmp_path / "a.mkv", frames=1, size=size, options={"preset": "ultrafast"}, **options)
    with opened(tmp_path / "a.mkv") as film:
        picture = next(film.pictures())
        assert (picture.width, picture.height) == size
        assert picture.image(FULL).size == size
        thumb = picture.image(THUMB)
        assert max(thumb.size) == min(512, max(size))
        assert thumb.mode == "RGB"


def test_one_pixel(tmp_path):
    make.film(tmp_path / "a.mkv", frames=1, size=(1, 1), codec="ffv1", pixel_format="bgr0")
    with opened(tmp_path / "a.mkv") as film:
        assert next(film.pictures()).image(FULL).size == (1, 1)


@pytest.mark.parametrize(
    ("size", "matrix", "full"),
    [
        ((64, 48), 5, False),
        ((64, 48), 1, False),
        ((64, 48), 5, True),
        ((64, 48), None, False),
        ((1280, 720), None, False),
    ],
)
def test_colours_follow_matrix_and_range(tmp_path, size, matrix, full):
    red, green, blue = 0.2126 if matrix == 1 or (matrix is None and size[1] >= 720) else 0.299, None, 0.0
    blue = 0.0722 if red == 0.2126 else 0.114
    green = 1 - red - blue
    colour = np.array([200, 60, 30]) / 255
    luma = float(colour @ [red, green, blue])
    chroma_blue, chroma_red = (colour[2] - luma) / (2 - 2 * blue), (colour[0] - luma) / (2 - 2 * red)
    scale, offset, span = (255, 0, 255) if full else (219, 16, 224)
    values = (offset + scale * luma, 128 + span * chroma_blue, 128 + span * chroma_red)
    with av.open(str(tmp_path / "a.mkv"), "w") as out:
        stream = out.add_stream("libx264", rate=25, options={"qp": "0", "preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        if matrix is not None:
            stream.codec_context.colorspace = matrix
        stream.codec_context.color_range = 2 if full else 1
        frame = av.VideoFrame(*size, "yuv420p")
        for plane, value in zip(frame.planes, values, strict=True):
            plane.update(bytes([round(value)]) * plane.buffer_size)
        frame.pts = 0
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    with opened(tmp_path / "a.mkv") as film:
        image = np.asarray(next(film.pictures()).image(FULL)).reshape(-1, 3)
    assert np.abs(image.mean(axis=0) - [200, 60, 30]).max() < 2


def test_ten_bits_are_read(tmp_path):
    make.film(
        tmp_path / "a.mkv",
        frames=2,
        codec="libx265",
        pixel_format="yuv420p10le",
        options={"x265-params": "log-level=none:pools=1"},
        draw=make.corners,
    )
    with opened(tmp_path / "a.mkv") as film:
        image = np.asarray(next(film.pictures()).image(FULL)).astype(int)
    assert np.abs(image[8, 8] - [255, 0, 0]).max() < 40


def test_thumbs_look_like_shrunk_frames(tmp_path):
    make.film(tmp_path / "a.mp4", frames=1, size=(640, 480), options={"crf": "10"}, draw=smooth)
    with opened(tmp_path / "a.mp4") as film:
        picture = next(film.pictures())
        small = np.asarray(picture.image(SizeClass("small", 160))).astype(float)
        shrunk = np.asarray(picture.image(FULL).resize((160, 120), 3)).astype(float)
    assert np.abs(small - shrunk).mean() < 1


def smooth(number, size):
    down, across = np.mgrid[0 : size[1], 0 : size[0]]
    wave = 127 + 100 * np.sin(across / 25) * np.cos(down / 40)
    return np.stack([wave, wave[::-1], 255 - wave], axis=-1).astype(np.uint8)


@pytest.mark.parametrize("fraction", [0.2, 0.6, 0.95])
def test_a_film_without_its_index_is_broken(films, tmp_path, fraction):
    whole = (films / "reordered.mp4").read_bytes()
    (tmp_path / "a.mp4").write_bytes(whole[: int(len(whole) * fraction)])
    with pytest.raises(BrokenFileError, match=r"a\.mp4"), opened(tmp_path / "a.mp4") as film:
        list(film.pictures())


def test_a_film_that_is_cut_off_gives_what_it_has_and_says_so(tmp_path):
    make.film(tmp_path / "whole.mp4", frames=200, options={"g": "25"}, container="mp4")
    with (
        av.open(str(tmp_path / "whole.mp4")) as source,
        av.open(str(tmp_path / "fast.mp4"), "w", options={"movflags": "faststart"}) as out,
    ):
        copy = out.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = copy
                out.mux(packet)
    whole = (tmp_path / "fast.mp4").read_bytes()
    (tmp_path / "cut.mp4").write_bytes(whole[: len(whole) // 2])
    with opened(tmp_path / "cut.mp4") as film:
        pictures = film.pictures()
        seen = [next(pictures) for _ in range(3)]
        assert all(isinstance(picture, Picture) for picture in seen)
        with pytest.raises(BrokenFileError, match=r"cut\.mp4"):
            list(pictures)


def test_a_cut_webm_gives_the_pictures_before_the_cut(films, tmp_path):
    whole = (films / "vp9.webm").read_bytes()
    (tmp_path / "a.webm").write_bytes(whole[: len(whole) // 2])
    seen = []
    with opened(tmp_path / "a.webm", "0.3s") as film, pytest.raises(BrokenFileError, match="cut off"):
        seen.extend(iter(film.pictures()))
        for picture in film.pictures():
            seen.append(picture)
    with opened(tmp_path / "a.webm", "0.3s") as film:
        pictures = film.pictures()
        assert isinstance(next(pictures), Picture)


def test_a_damaged_stretch_costs_no_other_picture(films, tmp_path):
    with av.open(str(films / "vp9.webm")) as container:
        packets = [(packet.pos, packet.size, packet.pts) for packet in container.demux(video=0) if packet.size]
    content = bytearray((films / "vp9.webm").read_bytes())
    for at, size, _ in packets[20:28]:
        content[at + 10 : at + size] = b"\xff" * (size - 10)
    (tmp_path / "a.webm").write_bytes(content)
    with opened(tmp_path / "a.webm", "2f") as film:
        pictures = list(film.pictures())
    assert [picture.index for picture in pictures] == list(range(FRAMES // 2))
    broken = [picture.index for picture in pictures if isinstance(picture, BrokenPicture)]
    assert broken
    assert min(broken) >= 10
    assert max(broken) < 20  # frame 30 is the next key frame


def test_the_last_frame_alone_and_no_frame(tmp_path):
    make.film(tmp_path / "one.mp4", frames=1)
    assert len(given(tmp_path / "one.mp4", "5s")) == len(given(tmp_path / "one.mp4", "codec")) == 1
    make.film(tmp_path / "none.mkv", frames=0)
    try:
        assert given(tmp_path / "none.mkv", "5s") == []
    except MediumError as error:
        assert "none.mkv" in str(error)


def test_a_film_of_sound_alone(tmp_path):
    with av.open(str(tmp_path / "a.mp4"), "w") as out:
        stream = out.add_stream("aac", rate=16_000)
        stream.layout = "mono"
        for frame in make.tone_frames(1, 16_000):
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    with opened(tmp_path / "a.mp4") as film:
        assert list(film.pictures()) == []
        assert film.sound(SoundFormat()).rate == 16_000
        assert "video_codec" not in film.properties()


def test_a_silent_film_has_no_sound(films):
    with opened(films / "long.mkv") as film:
        assert film.sound(SoundFormat(16_000, 1)) is None


def test_pictures_and_sound_in_turns(films):
    with opened(films / "sounding.mp4", "1s") as film:
        pictures, blocks = film.pictures(), film.sound(SoundFormat(16_000, 1)).blocks(1.0)
        turns = [(next(pictures).time_ms, next(blocks).start_ms) for _ in range(3)]
    assert turns == [(0, 0), (1000, 1000), (2000, 2000)]


def test_the_header_is_told(tmp_path):
    tags = {
        "title": "Rally",
        "artist": "A. Reporter",
        "location": "+48.2082+016.3738/",
        "creation_time": "2024-05-01T10:00:00Z",
    }
    make.film(tmp_path / "a.mp4", frames=50, sound=2.0, tags=tags)
    with opened(tmp_path / "a.mp4") as film:
        assert film.kind is Kind.VIDEO
        told = film.properties()
        placed = film.properties(gps=True)
    expected = {"format": "MP4", "width": 64, "height": 48, "frames": 50, "frame_rate": 25.0, "video_codec": "h264"}
    expected |= {"audio_codec": "aac", "sample_rate": 16_000, "channels": 1, "title": "Rally", "author": "A. Reporter"}
    assert expected.items() <= told.items()
    assert 2000 <= told["duration_ms"] <= 2150
    assert told["created_at"].startswith("2024-05-01T10:00:00")
    assert "latitude" not in told
    assert (placed["latitude"], placed["longitude"]) == (48.2082, 16.3738)


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("long.mkv", "Matroska"),
        ("vp9.webm", "WebM"),
        ("divx.avi", "AVI"),
        ("windows.wmv", "WMV"),
        ("flash.flv", "FLV"),
        ("old.mpg", "MPEG"),
        ("open.ts", "MPEG transport stream"),
    ],
)
def test_formats_have_their_usual_names(films, name, called):
    with opened(films / name) as film:
        assert film.properties()["format"] == called


@pytest.mark.parametrize(
    ("limit", "remedy"),
    [
        ({"duration_s": 2}, "duration_s=4"),
        ({"pictures": 3}, "limits.pictures="),
        ({"pixels": 1000}, "pixels=3072"),
    ],
)
@pytest.mark.parametrize("name", ["reordered.mp4", "divx.avi"])
def test_limits(films, name, limit, remedy):
    with opened(films / name, "0.2s", **limit) as film:
        with pytest.raises(OverLimitError) as caught:
            list(film.pictures())
        assert remedy in caught.value.remedy
        assert film.properties()["width"] == 64 or "pixels" in limit


def test_the_tick_is_called_while_decoding(films):
    ticks = []
    film = Film(LocalFile(str(films), "long.mkv"), PictureSettings(video="2s"), Limits(), lambda: ticks.append(1))
    with film:
        list(film.pictures())
    assert len(ticks) > FRAMES


@pytest.mark.parametrize("name", ["reordered.mp4", "open.ts", "vp9.webm", "divx.avi", "sounding.mp4"])
def test_damage_gives_errors_of_ours_and_ends(films, tmp_path, name):
    random_numbers = random.Random(name)
    whole = (films / name).read_bytes()
    for _ in range(15):
        content = bytearray(
            whole[: random_numbers.randrange(1, len(whole))] if random_numbers.random() < 0.3 else whole
        )
        for _ in range(random_numbers.choice([1, 10, 60])):
            content[random_numbers.randrange(min(len(content), random_numbers.choice([300, 10**9])))] = (
                random_numbers.randrange(256)
            )
        (tmp_path / "a.mp4").write_bytes(content)
        try:
            with opened(tmp_path / "a.mp4", random_numbers.choice(["0.5s", "9f", "codec"])) as film:
                film.properties(gps=True)
                for picture in film.pictures():
                    if isinstance(picture, Picture):
                        assert picture.image(THUMB).mode == "RGB"
                sound = film.sound(SoundFormat(16_000, 1))
                assert sound is None or sum(len(block.samples) for block in sound.blocks()) >= 0
        except MediumError as error:
            assert error.remedy
