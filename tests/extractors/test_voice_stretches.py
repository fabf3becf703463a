"""Pieces of divided segments get margins, and whole ones none."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tidymedia.extractors.sound_pieces import SoundPiece
from tidymedia.extractors.voice_stretches import longest_seconds, peaks_of, stretches_of

RATE = 1000
SAMPLES = np.arange(4000, dtype=np.float32)[:, None] / 4000


def piece(segment: int, start: int, end: int, *, last: bool) -> SoundPiece:
    return SoundPiece(segment, "window", None, start, end, SAMPLES[start:end], last)


def test_a_whole_segment_has_no_margins() -> None:
    (one,) = stretches_of([piece(0, 0, 1000, last=True)], RATE)
    assert one.is_whole and one.before == one.after == 0
    np.testing.assert_array_equal(one.samples, SAMPLES[:1000, 0])


def test_margins_are_what_lies_beside() -> None:
    pieces = [piece(0, 0, 1000, last=False), piece(0, 1000, 2000, last=False), piece(0, 2000, 2100, last=True)]
    first, second, third = stretches_of(pieces, RATE)
    assert [one.before for one in (first, second, third)] == [0, 250, 250]
    assert [one.after for one in (first, second, third)] == [250, 100, 0]
    np.testing.assert_array_equal(first.samples, SAMPLES[:1250, 0])
    np.testing.assert_array_equal(second.samples, SAMPLES[750:2100, 0])
    np.testing.assert_array_equal(third.samples, SAMPLES[1750:2100, 0])
    assert not any(one.is_whole for one in (first, second, third))


def test_segments_that_alternate_are_kept_apart() -> None:
    pieces = [
        piece(0, 0, 1000, last=False),
        piece(1, 500, 1500, last=False),
        piece(0, 1000, 2000, last=True),
        piece(1, 1500, 2500, last=True),
    ]
    found = [(one.piece.segment, one.piece.start_ms, one.before, one.after) for one in stretches_of(pieces, RATE)]
    assert found == [(0, 0, 0, 250), (0, 1000, 250, 0), (1, 500, 0, 250), (1, 1500, 250, 0)]


def test_no_more_than_two_pieces_are_held() -> None:
    given = 0

    def pieces() -> Iterator[Any]:
        nonlocal given
        for at in range(4):
            given += 1
            yield piece(0, at * 1000, (at + 1) * 1000, last=at == 3)

    for count, one in enumerate(stretches_of(pieces(), RATE)):
        assert one.piece.start_ms == count * 1000
        assert given <= count + 2


def test_how_far_a_segment_goes_from_its_mean() -> None:
    peaks = peaks_of([piece(0, 0, 1000, last=False), piece(3, 0, 10, last=True), piece(0, 1000, 2000, last=True)])
    whole = SAMPLES[:2000, 0].astype(float)
    assert peaks[0] == pytest.approx(np.abs(whole - whole.mean()).max())
    assert set(peaks) == {0, 3}


def test_very_high_rates_have_shorter_stretches() -> None:
    assert longest_seconds(8000) == longest_seconds(48_000) == 60
    assert longest_seconds(384_000) * 384_000 <= 4_000_000
