"""One call gives what a study gives."""

import io

import pytest

import tidymedia as tm
from spoken_words import SENSE
from tidymedia.errors import UnavailableError, UnsupportedError, UsageError
from whisper_base import MODEL, need_whisper_base


def test_segments_and_words_are_those_of_a_study() -> None:
    need_whisper_base()
    segments = tm.transcribe(SENSE, model=MODEL, language="en")
    words = tm.transcribe(io.BytesIO(SENSE.read_bytes()), "word", model=MODEL, language="en")
    assert list(segments.columns) == [
        "segment", "start_ms", "end_ms", "text", "lang", "spoken_lang", "lang_score", "score", "no_speech_score",
        "compression_ratio", "words", "flags", "task", "model",
    ]  # fmt: skip
    assert list(words.columns) == ["segment", "word", "start_ms", "end_ms", "text", "score", "model"]
    assert words.groupby("segment")["text"].agg(" ".join).tolist() == segments["text"].tolist()
    assert segments["text"].iloc[-1] == "He might even have been made amiable himself."


def test_what_cannot_be_transcribed(tmp_path: pytest.TempPathFactory) -> None:
    with pytest.raises(UsageError, match="no unit"):
        tm.transcribe(SENSE, "sentence")  # type: ignore[arg-type]  # what users may type
    with pytest.raises(UsageError, match="does not know the language"):
        tm.transcribe(SENSE, language="martian")
    need_whisper_base()
    with pytest.raises(UsageError, match="at least 1"):
        tm.transcribe(SENSE, model=MODEL, beam_size=0)
    with pytest.raises(UnsupportedError):
        tm.transcribe(SENSE.parents[1] / "photographs" / "dogs.jpg", model=MODEL)


def test_a_model_that_is_not_there_has_a_remedy() -> None:
    pytest.importorskip("faster_whisper", reason="faster-whisper comes with the extra speech")
    with pytest.raises(UnavailableError, match="not on this machine") as raised:
        tm.transcribe(SENSE, model="owner/never-fetched")
    assert raised.value.remedy == "Fetch it with: tidymedia models fetch owner/never-fetched"
