"""What is heard before a recording is damaged stays, and the damage is said."""

from pathlib import Path

import pytest

import tidymedia as tm
from tidymedia.errors import BrokenFileError, OverLimitError
from tidymedia.extractors.sound_damage import UntilDamage
from tidymedia.media.sound import Sound, SoundBlock

RECORDING = Path(__file__).parents[2] / "examples" / "media" / "recordings" / "sense_and_sensibility.flac"


class Damaged(Sound):
    rate, channels, duration_ms = 16_000, 1, None

    def __init__(self, error):
        self._error = error

    def blocks(self, seconds=30.0):
        yield SoundBlock(0, None)
        raise self._error


def test_damage_waits_until_the_rows_are_given():
    heard = UntilDamage(Damaged(BrokenFileError("It is cut off.", "Get it again.")))
    assert len(list(heard.blocks())) == 1
    with pytest.raises(BrokenFileError, match="cut off"):
        heard.raise_damage()


def test_a_limit_does_not_wait():
    heard = UntilDamage(Damaged(OverLimitError("It is too long.", "Allow it.")))
    with pytest.raises(OverLimitError):
        list(heard.blocks())
    heard.raise_damage()


def test_a_recording_that_is_cut_off_has_its_speech_up_to_there_and_others_build_on_it(tmp_path):
    pytest.importorskip("parselmouth", reason="Praat (praat-parselmouth) is not installed")
    data = RECORDING.read_bytes()
    (tmp_path / "half.flac").write_bytes(data[: len(data) // 2])
    study = tm.Study(tmp_path / "study", tmp_path / "half.flac").analyze(["speech", "voice"], jobs=1)
    statuses = study.status().set_index("extractor")["status"]
    assert statuses["speech"] == "partial"
    assert statuses["voice"] in ("ok", "partial")  # it need not go on to where the file is damaged
    speech = study.table("speech")
    assert 12_000 < speech["end_ms"].max() < 15_000
    assert set(study.table("voice")["source_segment"]) <= set(speech.query("kind == 'speech'")["segment"])
    assert study.table("voice")["pitch_mean"].notna().any()
    assert study.failures()["error_message"].str.contains("cut off").all()
