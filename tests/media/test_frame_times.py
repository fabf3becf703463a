"""The times of frames are those of the file, read without decoding; the rule picks what is shown then."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tidymedia.media.frame_times import FrameTimes, pick_frames, scan_frames
from tidymedia.media.medium import no_tick
from tidymedia.media.sampling import parse_sampling

FORMATS = ["GIF", "WEBP", "PNG"]


def animation(image_format, durations):
    frames = [Image.new("RGB", (9, 7), (30 * n % 256, 5 * n, 90)) for n in range(len(durations))]
    stream = io.BytesIO()
    frames[0].save(stream, image_format, save_all=True, append_images=frames[1:], duration=durations)
    return stream.getvalue()


def scanned(data, image_format, most=1000):
    return scan_frames(io.BytesIO(data), image_format, most, no_tick)


@pytest.mark.parametrize("image_format", FORMATS)
def test_times_of_each_format(image_format):
    times = scanned(animation(image_format, [100, 250, 40, 3000]), image_format)
    assert times.starts == [0, 100, 350, 390]
    assert times.duration_ms == 3390
    assert times.complete
    assert not times.stopped


@pytest.mark.parametrize("image_format", FORMATS)
def test_a_frame_of_no_time_is_shown_for_a_tenth_of_a_second(image_format):
    times = scanned(animation(image_format, [0, 0, 50]), image_format)
    assert times.starts == [0, 100, 200]


@pytest.mark.parametrize("image_format", FORMATS)
def test_it_stops_where_there_are_more_than_allowed(image_format):
    times = scanned(animation(image_format, [100] * 8), image_format, most=5)
    assert times.stopped
    assert len(times.starts) == 5


@pytest.mark.parametrize("image_format", FORMATS)
def test_cut_off_anywhere_it_keeps_the_frames_before(image_format):
    data = animation(image_format, [100] * 6)
    whole = scanned(data, image_format)
    for length in range(0, len(data) - 1, 7):
        times = scanned(data[:length], image_format)
        assert times.starts == whole.starts[: len(times.starts)]
        assert len(times.starts) < 6 or image_format != "WEBP"


def test_a_still_picture_before_an_animation_takes_no_time():
    frames = [Image.new("L", (9, 7), 60 * n) for n in range(3)]
    stream = io.BytesIO()
    frames[0].save(stream, "PNG", save_all=True, default_image=True, append_images=frames[1:], duration=500)
    times = scanned(stream.getvalue(), "PNG")
    assert times.starts == [0, 0, 500]
    assert times.duration_ms == 1000


def test_other_formats_are_not_scanned():
    assert scanned(b"", "AVIF") is None


@given(
    durations=st.lists(st.integers(1, 4000), min_size=1, max_size=30),
    rule=st.sampled_from(["5s", "1s", "0.5s", "0.1s", "3f", "first"]),
)
def test_the_picked_frames_are_those_on_show(durations, rule):
    times = FrameTimes()
    for duration in durations:
        times.add(duration)
    picked = pick_frames(times, parse_sampling(rule))
    assert picked[0] == 0
    assert picked == sorted(set(picked))
    if rule.endswith("s"):
        step = float(rule[:-1]) * 1000
        moments = [step * n for n in range(int(times.duration_ms / step) + 1) if step * n < times.duration_ms]
        shown = {max(n for n, start in enumerate(times.starts) if start <= moment) for moment in moments}
        assert set(picked) == shown


def test_no_frames_give_none():
    assert pick_frames(FrameTimes(), parse_sampling("5s")) == []
