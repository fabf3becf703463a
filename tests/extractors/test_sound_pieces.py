"""Segments of a sound, streamed in pieces: every sample once, at its place."""

import io
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import audio_makers
from tidymedia.extractors import sound_pieces
from tidymedia.extractors.sound_pieces import SoundPiece, pieces_of
from tidymedia.extractors.sound_segments import parse_segments
from tidymedia.images.held import Held
from tidymedia.media.kinds import Kind
from tidymedia.media.opening import open_medium
from tidymedia.media.sound import Sound, SoundFormat

RATE = 8000


def ramp(seconds: float) -> Any:
    """Samples of which each says its place: 16-bit numbers that count on and on."""
    return (np.arange(round(seconds * RATE)) % 60_000 - 30_000).astype(np.float32)[:, None] / 32_767


def heard(
    seconds: float,
    segments: str,
    longest: float = 30.0,
    rows: list[tuple[int, int]] | None = None,
    rate: int = RATE,
    channels: int = 1,
) -> list[SoundPiece]:
    held = Held("ramp.wav", io.BytesIO(audio_makers.wav(np.repeat(ramp(seconds), channels, axis=1), rate)))
    with open_medium(held, Kind.AUDIO) as medium:
        sound = medium.sound(SoundFormat(rate=rate))
        assert sound is not None
        made = [{"segment": 7 + at, "start_ms": one, "end_ms": end} for at, (one, end) in enumerate(rows or [])]
        sound.upstream = {"transcripts": made}
        return list(pieces_of(sound, parse_segments(segments), longest))


def times(pieces: list[SoundPiece]) -> list[tuple[int, int, int, bool]]:
    return [(piece.segment, piece.start_ms, piece.end_ms, piece.last) for piece in pieces]


def check_samples(pieces: list[SoundPiece], seconds: float) -> None:
    whole = ramp(seconds)
    for piece in pieces:
        start, end = round(piece.start_ms * RATE / 1000), round(piece.end_ms * RATE / 1000)
        np.testing.assert_allclose(piece.samples, whole[start:end], atol=1e-4)


def test_windows_cover_the_sound_and_the_last_is_as_short_as_what_is_left() -> None:
    pieces = heard(23.3, "5s")
    wanted = [(at, 5000 * at, 5000 * (at + 1), True) for at in range(4)]
    assert times(pieces) == [*wanted, (4, 20_000, 23_300, True)]
    assert {(piece.source, piece.source_segment) for piece in pieces} == {("window", None)}
    check_samples(pieces, 23.3)


def test_windows_that_fit_leave_nothing_over() -> None:
    assert times(heard(20, "10s"))[-1] == (1, 10_000, 20_000, True)


def test_a_window_longer_than_a_piece_is_divided_evenly() -> None:
    pieces = heard(21, "12s", longest=5)
    assert times(pieces) == [
        (0, 0, 4000, False),
        (0, 4000, 8000, False),
        (0, 8000, 12_000, True),
        (1, 12_000, 16_000, False),
        (1, 16_000, 20_000, False),
        (1, 20_000, 21_000, True),
    ]
    check_samples(pieces, 21)


@pytest.mark.parametrize(("seconds", "lengths"), [(20, [8, 8, 4]), (16, [8, 8]), (0.01, [0.01])])
def test_the_whole_medium_comes_in_pieces_of_one_segment(seconds: float, lengths: list[float]) -> None:
    pieces = heard(seconds, "medium", longest=8)
    assert [(piece.end_ms - piece.start_ms) / 1000 for piece in pieces] == lengths
    assert [piece.last for piece in pieces] == [False] * (len(lengths) - 1) + [True]
    assert {(piece.segment, piece.source) for piece in pieces} == {(0, "medium")}
    np.testing.assert_allclose(np.concatenate([piece.samples for piece in pieces]), ramp(seconds), atol=1e-4)


def test_segments_of_a_transcript() -> None:
    rows = [(100, 2000), (9000, 11_500), (11_500, 40_000), (40_100, 40_101)]
    pieces = heard(42, "transcripts", longest=10, rows=rows)
    assert times(pieces) == [
        (0, 100, 2000, True),
        (1, 9000, 11_500, True),
        (2, 11_500, 21_000, False),
        (2, 21_000, 30_500, False),
        (2, 30_500, 40_000, True),
        (3, 40_100, 40_101, True),
    ]
    assert [piece.source_segment for piece in pieces] == [7, 8, 9, 9, 9, 10]
    check_samples(pieces, 42)


def test_segments_that_overlap_keep_all_their_samples() -> None:
    rows = [(0, 20_000), (1000, 3000), (2000, 19_000), (15_000, 15_500)]
    pieces = heard(21, "transcripts", longest=6, rows=rows)
    check_samples(pieces, 21)
    for number, (start, end) in enumerate(rows):
        own = [piece for piece in pieces if piece.segment == number]
        assert (own[0].start_ms, own[-1].end_ms) == (start, end)
        assert [one.end_ms for one in own[:-1]] == [one.start_ms for one in own[1:]]
        assert [one.last for one in own] == [False] * (len(own) - 1) + [True]


def test_what_lies_beyond_the_end_is_left_out() -> None:
    rows = [(1000, 2001), (1500, 9000), (1800, 30_000), (2000, 3000), (5000, 6000)]
    pieces = heard(2, "transcripts", longest=5, rows=rows)
    # The first ends less than a sample's rounding beyond the end; the fourth begins where the sound is over.
    assert times(pieces) == [(0, 1000, 2001, True), (1, 1500, 2000, True), (2, 1800, 2000, True)]


def test_channels_and_odd_rates() -> None:
    pieces = heard(3, "0.7s", rate=11_025, channels=2)
    joined = np.concatenate([piece.samples for piece in pieces])
    assert joined.shape == (3 * RATE, 2)  # the samples of the ramp, played faster
    np.testing.assert_allclose(joined[:, 1], ramp(3)[:, 0], atol=1e-4)


def test_nothing_is_decoded_where_there_are_no_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Sound, seconds: float = 30.0) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr("tidymedia.media.sound_stream.StreamedSound.blocks", refuse)
    assert heard(2, "transcripts") == []


def test_little_is_held(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sound_pieces, "_BLOCK_SECONDS", 1.0)
    path = tmp_path / "long.wav"
    path.write_bytes(audio_makers.wav(ramp(120), RATE))
    with path.open("rb") as stream, open_medium(Held("long.wav", stream), Kind.AUDIO) as medium:
        sound = medium.sound(SoundFormat())
        assert sound is not None
        sound.upstream = {"transcripts": [{"segment": at, "start_ms": at * 400, "end_ms": 118_000} for at in range(2)]}
        seconds = 0.0
        tracemalloc.start()
        for piece in pieces_of(sound, parse_segments("transcripts"), 3):
            seconds += len(piece.samples) / RATE
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert seconds == pytest.approx(118 + 117.6)
    assert peak < 20 * RATE * 4  # bytes of twenty seconds; the whole has 120
