"""Slow work gives signs of life; work that never ends gives none after a while."""

import threading
import time

import pytest

from spoken_words import sense_clip
from tidymedia.extractors.transcript_ticking import ticking
from whisper_base import MODEL, need_whisper_base


def test_calls_end_with_the_work() -> None:
    calls: list[float] = []
    with ticking(lambda: calls.append(time.monotonic()), every_s=0.01):
        time.sleep(0.3)
    count = len(calls)
    assert count >= 3
    time.sleep(0.1)
    assert len(calls) == count


def test_an_error_of_the_work_passes_and_ends_the_calls() -> None:
    before = threading.active_count()
    with pytest.raises(KeyError), ticking(lambda: None, every_s=0.01):
        raise KeyError
    assert threading.active_count() == before


def test_there_are_calls_while_whisper_computes() -> None:
    need_whisper_base()
    from tidymedia.models.whisper import choose_whisper
    from tidymedia.models.whisper_network import Decoding, load_whisper

    whisper = load_whisper(choose_whisper(MODEL))
    calls: list[int] = []
    with ticking(lambda: calls.append(1), every_s=0.1):
        (heard,) = whisper.write_down([sense_clip().samples], Decoding("en"))
    assert heard.text.strip().endswith("amiable himself.")
    assert len(calls) >= 2
