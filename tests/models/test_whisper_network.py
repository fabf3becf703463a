"""Whisper base in memory: languages, words, and the same answer whatever else is heard beside it."""

from pathlib import Path

import pytest

from spoken_words import RATE, sense_clip
from tidymedia.errors import UnavailableError
from tidymedia.models.whisper import choose_whisper
from tidymedia.models.whisper_names import WHISPER_LANGUAGES
from tidymedia.models.whisper_network import Decoding, Whisper, load_whisper
from whisper_base import MODEL, need_whisper_base


@pytest.fixture
def whisper() -> Whisper:
    need_whisper_base()
    return load_whisper(choose_whisper(MODEL))


def test_it_knows_the_languages_of_whisper(whisper: Whisper) -> None:
    assert set(whisper.languages) == set(WHISPER_LANGUAGES) - {"yue"}
    scores = whisper.language_scores(sense_clip().samples)
    assert max(scores, key=lambda code: scores[code]) == "en"
    assert sum(scores.values()) == pytest.approx(1, abs=0.01)


def test_a_stretch_does_not_depend_on_its_neighbours(whisper: Whisper) -> None:
    clip = sense_clip().samples[: 7 * RATE]
    (alone,) = whisper.write_down([clip], Decoding("en"))
    beside = whisper.write_down([sense_clip().samples[7 * RATE :], clip], Decoding("en"))
    assert beside[1] == alone
    assert "".join(word.text for word in alone.words) == alone.text
    assert all(0 <= word.start <= word.end <= 8 for word in alone.words)
    assert 0 <= alone.no_speech_score < 0.3
    assert -0.5 < alone.mean_log_score < 0
    assert 1 < alone.compression_ratio < 2


def test_threads_change_nothing(whisper: Whisper) -> None:
    clip = sense_clip().samples[: 7 * RATE]
    loaded = [load_whisper(choose_whisper(MODEL), threads=threads) for threads in (1, 2)]
    one, two = (each.write_down([clip], Decoding("en")) for each in loaded)
    assert one == two


def test_nothing_gives_nothing(whisper: Whisper) -> None:
    assert whisper.write_down([], Decoding("en")) == []


def test_it_is_loaded_once(whisper: Whisper) -> None:
    assert load_whisper(choose_whisper(MODEL)) is whisper


def test_a_damaged_model_is_unavailable(tmp_path: Path) -> None:
    need_whisper_base()
    for name, content in {"config.json": "{}", "tokenizer.json": "{}", "vocabulary.txt": "a"}.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    (tmp_path / "model.bin").write_bytes(b"\x06\0\0\0\x0c\0WhisperSpec\0")
    chosen = choose_whisper(str(tmp_path))
    assert chosen.availability().installed
    with pytest.raises(UnavailableError, match="cannot be loaded"):
        load_whisper(chosen)
