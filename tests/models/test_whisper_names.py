"""Names of Whisper models and languages."""

import pytest

from tidymedia.errors import SettingError
from tidymedia.models.whisper_names import (
    WHISPER_LANGUAGES,
    WHISPER_MODELS,
    WORDS_WITHOUT_SPACES,
    language_tag,
    whisper_language,
)


def test_the_names_are_those_of_faster_whisper() -> None:
    utils = pytest.importorskip("faster_whisper.utils", reason="faster-whisper comes with the extra speech")
    assert utils._MODELS == WHISPER_MODELS


def test_the_languages_are_those_of_faster_whisper() -> None:
    tokenizer = pytest.importorskip("faster_whisper.tokenizer", reason="faster-whisper comes with the extra speech")
    assert tuple(tokenizer._LANGUAGE_CODES) == WHISPER_LANGUAGES
    assert set(WHISPER_LANGUAGES) > WORDS_WITHOUT_SPACES


@pytest.mark.parametrize(
    ("given", "code"),
    [("", ""), ("en", "en"), (" EN ", "en"), ("en-GB", "en"), ("pt_BR", "pt"), ("jv", "jw"), ("nb-NO", "no")],
)
def test_a_language_is_named_by_its_tag(given: str, code: str) -> None:
    assert whisper_language(given) == code


def test_every_code_has_a_tag_that_leads_back() -> None:
    assert [whisper_language(language_tag(code)) for code in WHISPER_LANGUAGES] == list(WHISPER_LANGUAGES)


@pytest.mark.parametrize("given", ["english", "xx", "e", "-"])
def test_an_unknown_language_is_refused(given: str) -> None:
    with pytest.raises(SettingError, match="does not know the language") as raised:
        whisper_language(given)
    assert "BCP 47" in raised.value.remedy
