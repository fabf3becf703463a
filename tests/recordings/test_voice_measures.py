"""``tm.voice``: the rows of a study, of one recording."""

from pathlib import Path

import pytest

import tidymedia as tm
from tidymedia.errors import SettingError

MEDIA = Path(__file__).resolve().parents[2] / "examples" / "media"
SPEECH = MEDIA / "recordings" / "sense_and_sensibility.flac"

pytest.importorskip("parselmouth", reason="Praat (praat-parselmouth) is not installed")


def test_the_rows_are_those_of_a_study(tmp_path: Path) -> None:
    table = tm.voice(SPEECH, "5s", channel=1, pitch_ceiling=300, min_ms=500)
    parameters: dict[str, object] = {
        "voice.segments": "5s",
        "voice.channel": "1",
        "voice.pitch_ceiling": 300,
        "voice.min_ms": 500,
    }
    study = tm.Study(tmp_path / "study", [SPEECH]).analyze(["voice"], parameters=parameters).table("voice")
    assert len(table) == 6
    for name in table.columns:
        assert table[name].astype(str).tolist() == study[name].astype(str).tolist(), name
    assert not {"media_id", "unit_id", "extractor", "fingerprint", "path"} & set(table.columns)


def test_other_arguments_reach_praat() -> None:
    usual = tm.voice(SPEECH, "medium").iloc[0]
    fitted = tm.voice(SPEECH, "medium", pitch_range="auto", max_formant=5000).iloc[0]
    assert fitted["pitch_ceiling"] < usual["pitch_ceiling"] == 500
    assert fitted["formant_3"] < usual["formant_3"]


def test_arguments_that_make_no_sense() -> None:
    with pytest.raises(SettingError, match="no channel"):
        tm.voice(SPEECH, "2s", channel=0)
    with pytest.raises(SettingError, match="segments cannot be"):
        tm.voice(SPEECH, "2 minutes")


def test_the_sound_of_a_film() -> None:
    table = tm.voice(MEDIA / "films" / "montage.mp4", "2s")
    assert table["start_ms"].tolist() == list(range(0, 2000 * len(table), 2000))
    assert table["voiced_share"].max() > 0.2
