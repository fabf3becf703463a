"""Speech, music and silence are found in real recordings, as well as the documentation says."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import heard_sounds as sounds
import tidymedia as tm
from tidymedia.errors import SettingError
from tidymedia.extractors.registry import make_extractor
from tidymedia.extractors.speech import Speech
from tidymedia.models.bundled import BUNDLED

LIBRIVOX = sorted(Path("/usr/share/pocketsphinx/test/data/librivox").glob("*.wav"))
STAMPS = Path("/usr/share/tuxpaint/stamps")
LANGUAGES = ("be", "bg", "ca", "da", "el", "es", "fr", "lt", "nl", "ro", "ru")


def kinds_of(table: Any, seconds: float) -> np.ndarray:
    """Return the kind of each hundredth of a second."""
    made = np.full(round(seconds * 100), "", dtype=object)
    for row in table.itertuples():
        made[row.start_ms // 10 : -(-row.end_ms // 10)] = row.kind
    return made


def heard(path: Path, samples: Any, **parameters: float) -> np.ndarray:
    table = tm.find_speech(sounds.write_wav(path, samples), **parameters)
    return kinds_of(table, len(samples) / sounds.RATE)


def right(found: np.ndarray, truth: np.ndarray, collar: int = 25) -> float:
    """Return the share of hundredths of a second, away from borders, in which speech is told from the rest."""
    near = np.zeros(len(truth), bool)
    for place in np.flatnonzero(np.diff(truth.astype(int))):
        near[max(0, place + 1 - collar) : place + 1 + collar] = True
    return float(((found == "speech") == truth)[~near].mean())


def loud(samples: Any) -> np.ndarray:
    """Say by level alone where someone speaks in a clean recording: gaps of up to 0.3 seconds count too."""
    frames = samples[: len(samples) // 160 * 160].reshape(-1, 160)
    level = 10 * np.log10((frames.astype(np.float64) ** 2).mean(1) + 1e-12)
    found = level > np.percentile(level, 95) - 35
    places = np.flatnonzero(found)
    for one, other in itertools.pairwise(places):
        if other - one <= 30:
            found[one:other] = True
    return found


def test_the_reading_of_the_sample_media() -> None:
    table = tm.find_speech(sounds.READING)
    speech = table[table["kind"] == "speech"]
    assert table["kind"].tolist()[:-1] == ["silence", "speech"] * 5
    assert (speech["score"] > 0.9).all()
    # Half a second of silence stands between the excerpts, beside the pauses at their ends.
    assert speech["pause_ms"].iloc[1:].between(500, 1500).all()
    assert table["pause_ms"].isna().sum() == len(table) - 4
    assert (table["end_ms"] - table["start_ms"]).sum() == 26_730


def test_the_sample_film_with_music_speech_and_silence() -> None:
    table = tm.find_speech(sounds.MONTAGE)
    found = kinds_of(table, 20.2)
    share = {kind: float((found == kind).mean()) for kind in ("music", "speech", "silence")}
    print(share)
    assert (found[:400] == "music").mean() > 0.95
    assert (found[480:1060] == "speech").mean() > 0.95
    assert (found[1500:1740] == "silence").mean() > 0.95
    assert (found[1800:2000] == "music").mean() > 0.95


@pytest.mark.skipif(not LIBRIVOX, reason="the Debian package pocketsphinx-testdata is not installed")
@pytest.mark.parametrize("background", ["none", "noise", "music"])
def test_a_reader_between_silences(background: str, tmp_path: Path) -> None:
    chance = np.random.default_rng(5)
    parts, truths = [sounds.silence(2)], [np.zeros(200, bool)]
    for path in LIBRIVOX:
        samples = sounds.samples_of(path)
        samples = samples[: len(samples) // 160 * 160]
        pause = int(chance.integers(60, 200))
        parts += [samples, sounds.silence(pause / 100)]
        truths += [loud(samples), np.zeros(pause, bool)]
    samples, truth = np.concatenate(parts), np.concatenate(truths)
    if background == "noise":  # 15 dB below the voice
        samples = samples + sounds.noise(len(samples) / sounds.RATE, -39)
    if background == "music":
        music = np.resize(sounds.samples_of(sounds.MONTAGE, 0.2, 3.8), len(samples))
        samples = samples + music * 0.25  # 14 dB below the voice
    share = right(heard(tmp_path / "made.wav", samples), truth)
    print(f"a reader over {background}: {share:.3f}")
    assert share > {"none": 0.98, "noise": 0.97, "music": 0.97}[background]


@pytest.mark.skipif(not STAMPS.is_dir(), reason="the Debian package tuxpaint-stamps-default is not installed")
def test_many_languages_over_silence(tmp_path: Path) -> None:
    shares = {}
    for language in LANGUAGES:
        parts, truths = [sounds.silence(0.8)], [np.zeros(80, bool)]
        for path in sorted(STAMPS.glob(f"**/*_desc_{language}.ogg"))[:6]:
            samples = sounds.samples_of(path)
            samples = samples[: len(samples) // 160 * 160]
            parts += [samples / (np.abs(samples).max() + 1e-9) * 0.3, sounds.silence(0.8)]
            truths += [loud(samples), np.zeros(80, bool)]
        shares[language] = right(heard(tmp_path / f"{language}.wav", np.concatenate(parts)), np.concatenate(truths))
    print({language: round(share, 3) for language, share in shares.items()})
    assert min(shares.values()) > 0.85
    assert float(np.mean(list(shares.values()))) > 0.93


@pytest.mark.parametrize(
    ("samples", "kinds"),
    [
        (sounds.silence(5), {"silence"}),
        (sounds.noise(5, -70), {"silence"}),
        (sounds.noise(5, -30), {"other"}),
    ],
)
def test_what_is_no_speech(samples: Any, kinds: set[str], tmp_path: Path) -> None:
    assert set(heard(tmp_path / "made.wav", samples)) == kinds


def test_softness_and_loudness_do_not_matter_for_speech(tmp_path: Path) -> None:
    for factor in (0.02, 0.2, 8.0):
        found = heard(tmp_path / "made.wav", np.clip(sounds.sentence() * factor, -1, 1))
        assert (found[40:670] == "speech").all(), factor
        assert (found[:10] != "speech").all()


def test_rows_do_not_depend_on_the_length_of_blocks() -> None:
    class Cut(tm.Sound):
        rate, channels, duration_ms = 16_000, 1, None
        samples = sounds.samples_of(sounds.READING)

        def __init__(self, seconds: float) -> None:
            self.seconds = seconds
            self.ticks = 0

        def tick(self) -> None:
            self.ticks += 1

        def blocks(self, seconds: float = 30.0) -> Any:
            from tidymedia.media.sound import SoundBlock

            size = round(self.seconds * self.rate)
            for start in range(0, len(self.samples), size):
                yield SoundBlock(start // 16, self.samples[start : start + size, None])

    rows = {}
    for seconds in (0.01, 0.7, 100.0):
        sound = Cut(seconds)
        rows[seconds] = [dict(row.values) for row in make_extractor("speech").from_sound(sound)]
        assert sound.ticks >= 1
    assert rows[0.01] == rows[0.7] == rows[100.0]
    assert rows[0.01] == [dict(row.values) for row in make_extractor("speech").from_sound(Cut(0.7))]


def test_the_summary_of_a_study(tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    spoken = np.concatenate([sounds.sentence(), sounds.silence(1), sounds.sentence(), sounds.silence(7)])
    sounds.write_wav(tmp_path / "media" / "spoken.wav", np.concatenate([spoken, sounds.sentence()]))
    sounds.write_wav(tmp_path / "media" / "quiet.wav", sounds.silence(3))
    study = tm.Study(tmp_path / "study", tmp_path / "media").analyze(["speech"])
    quiet, spoken = (row for _, row in study.summary().sort_values("path").iterrows())
    assert (quiet["speech_share"], quiet["speech_seconds"], quiet["pauses"]) == (0, 0, 0)
    assert quiet["mean_pause_ms"] != quiet["mean_pause_ms"]
    assert spoken["speech_share"] == pytest.approx(3 * 6.66 / 30.5, abs=0.02)
    assert spoken["speech_seconds"] == pytest.approx(3 * 6.66, abs=0.5)
    assert spoken["pauses"] == 1  # the second one is longer than max_pause_ms
    assert spoken["mean_pause_ms"] == pytest.approx(1000 + 620 + 220, abs=150)
    assert spoken["music_share"] == 0


def test_a_pause_ends_with_music() -> None:
    table = tm.find_speech(sounds.MONTAGE, max_pause_ms=60_000)
    assert table["pause_ms"].notna().sum() == 1
    assert table.loc[table["kind"] != "speech", "pause_ms"].isna().all()


def test_what_it_says_of_itself() -> None:
    extractor = make_extractor("speech")
    assert isinstance(extractor, Speech)
    assert extractor.availability().installed
    assert extractor.model == "firered_aed@0.2.13+silero_vad@6.2.3"
    assert all(BUNDLED[name].sha256 in extractor.model_hash for name in ("firered_aed", "silero_vad"))


@pytest.mark.parametrize(
    ("name", "value"),
    [("min_speech_score", 1.5), ("silence_level", 3), ("min_pause_ms", -1), ("padding_ms", "long"), ("loudness", 1)],
)
def test_parameters_out_of_range(name: str, value: object) -> None:
    with pytest.raises(SettingError):
        make_extractor("speech", {name: value})


def test_a_network_that_is_another_one_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "silero_vad.onnx").write_bytes(b"something else")
    monkeypatch.setenv("TIDYMEDIA_MODELS", str(tmp_path))
    available = make_extractor("speech").availability()
    assert not available.installed
    assert "silero_vad" in available.missing
