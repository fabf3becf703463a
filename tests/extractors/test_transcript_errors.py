"""How many words are heard wrongly, by clip and language, and how far the beginnings of words are off.

The figures are printed:

    pytest -m slow -rP tests/extractors/test_transcript_errors.py

They hold for Whisper base and for these clips alone: one reader of an audiobook (which may have been among the training
data), names of animals spoken by volunteers without any context, and a synthetic voice. The limits are a little above
what was measured.
"""

import difflib
from pathlib import Path

import numpy as np
import pytest

from spoken_words import (
    Clip,
    WordErrors,
    by_espeak,
    joined,
    librivox_clips,
    plain_words,
    sense_clip,
    stamp_clips,
    without_articles,
    without_silence,
    word_errors,
    write_wav,
)
from whisper_base import need_whisper_base, transcripts_of

pytestmark = pytest.mark.slow

SENTENCES = {
    "en-gb": "The committee met in the town hall this morning. Most members were in favour of the new school.",
    "de": "Die Sitzung des Bundestages beginnt um neun Uhr. Danach sprechen die Abgeordneten über die neuen Gesetze.",
    "es": "El gobierno presentó un nuevo plan para las ciudades. Los vecinos quieren más parques y menos coches.",
    "it": "Il ministro ha visitato la città questa mattina. Molte persone sono venute in piazza.",
    "nl": "De minister sprak gisteren over de nieuwe wet. Veel mensen waren het niet met hem eens.",
    "sv": "Regeringen har lagt fram en ny plan. Många människor vill ha fler parker i staden.",
}

WORDS = (
    "government school river window people morning kitchen doctor garden teacher market winter summer mountain village "
    "children minister question answer newspaper"
)


def heard_in(samples: np.ndarray, language: str, folder: Path) -> str:
    segments, _ = transcripts_of(write_wav(folder / "clip.wav", samples), {"language": language})
    return " ".join(segments["text"])


def told(source: str, clip: Clip, heard: str, errors: WordErrors) -> None:
    print(f"{source}, {clip.name} ({clip.language}): {errors.errors} of {errors.words} words wrong, {errors.rate:.1%}")
    print(f"  {heard}")


def test_an_audiobook(tmp_path: Path) -> None:
    need_whisper_base()
    total = np.zeros(2, int)
    for clip in (sense_clip(), *librivox_clips()):
        heard = heard_in(clip.samples, clip.language, tmp_path)
        errors = word_errors(clip.text, heard)
        told("LibriVox", clip, heard, errors)
        total += errors
    print(f"LibriVox, all (en): {total[0]} of {total[1]} words wrong, {total[0] / total[1]:.1%}")
    assert total[0] / total[1] <= 0.03


@pytest.mark.parametrize(
    ("language", "limit"),
    [("en", 0.5), ("fr", 0.4), ("es", 0.35), ("ca", 0.55), ("ro", 0.55), ("el", 0.75), ("ru", 0.7)],
)
def test_names_of_animals_spoken_by_volunteers(language: str, limit: float, tmp_path: Path) -> None:
    need_whisper_base()
    clips = stamp_clips(language)
    sound, _ = joined([clip.samples for clip in clips], [1.0] * len(clips))
    heard = heard_in(sound, language, tmp_path)
    names = Clip(f"{len(clips)} names of animals", language, " ".join(clip.text for clip in clips), sound)
    errors = word_errors(without_articles(names.text), without_articles(heard))
    told("Tux Paint, articles apart", names, heard, errors)
    assert errors.rate <= limit


@pytest.mark.parametrize(
    ("voice", "limit"), [("en-gb", 0.1), ("de", 0.45), ("es", 0.25), ("it", 0.2), ("nl", 0.45), ("sv", 0.25)]
)
def test_sentences_of_a_synthetic_voice(voice: str, limit: float, tmp_path: Path) -> None:
    need_whisper_base()
    language = voice.split("-")[0]
    clip = Clip("two sentences", language, SENTENCES[voice], by_espeak(SENTENCES[voice], voice, tmp_path))
    heard = heard_in(clip.samples, language, tmp_path)
    errors = word_errors(clip.text, heard)
    told("espeak-ng", clip, heard, errors)
    assert errors.rate <= limit


@pytest.mark.parametrize("pauses", [(0.3,), (0.5, 0.8, 1.1, 1.4), (2.5,)])
def test_beginnings_of_words_with_pauses_between_them(pauses: tuple[float, ...], tmp_path: Path) -> None:
    need_whisper_base()
    said = WORDS.split()
    clips = [without_silence(by_espeak(word, "en-gb", tmp_path)) for word in said]
    sound, starts = joined(clips, [pauses[number % len(pauses)] for number in range(len(clips))])
    _, words = transcripts_of(write_wav(tmp_path / "words.wav", sound), {"language": "en"})
    heard = ["".join(plain_words(text)) for text in words["text"]]
    matched = difflib.SequenceMatcher(None, said, heard, autojunk=False).get_matching_blocks()
    off = [
        abs(words["start_ms"][block.b + place] / 1000 - starts[block.a + place])
        for block in matched
        for place in range(block.size)
    ]
    print(
        f"pauses of {pauses} s: {len(off)} of {len(said)} words found, beginnings off by {np.median(off):.3f} s "
        f"(median), {max(off):.2f} s at most"
    )
    assert len(off) >= 17
    assert np.median(off) <= 0.3


def test_beginnings_of_sentences_of_an_audiobook(tmp_path: Path) -> None:
    need_whisper_base()
    clips = [without_silence(clip.samples) for clip in librivox_clips()] * 2
    sound, starts = joined(clips, [1.7] * len(clips))
    segments, _ = transcripts_of(write_wav(tmp_path / "sentences.wav", sound), {"language": "en"})
    off = [(segments["start_ms"] / 1000 - start).abs().min() for start in starts]
    print(f"{len(starts)} sentences: beginnings off by {np.median(off):.3f} s (median), {max(off):.2f} s at most")
    assert len(segments) == len(starts)
    assert np.median(off) <= 0.3
