"""Parameters are checked before any work is done."""

import pytest

from tidymedia.errors import SettingError
from tidymedia.extractors.transcript_parameters import TranscriptsParameters


def test_a_language_is_named_in_one_way() -> None:
    assert TranscriptsParameters.parse({"language": "pt_BR"}, "transcripts") == TranscriptsParameters(language="pt")
    assert TranscriptsParameters(language="jv").language == "jv"


@pytest.mark.parametrize(
    "given",
    [
        {"language": "klingon"},
        {"beam_size": "0"},
        {"batch_size": 65},
        {"window": 31},
        {"window": 0.5},
        {"detect": "never"},
        {"vad": "maybe"},
        {"temperature": 1},
    ],
)
def test_what_is_not_allowed(given: dict[str, object]) -> None:
    with pytest.raises(SettingError):
        TranscriptsParameters.parse(given, "transcripts")
