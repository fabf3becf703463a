"""The Whisper models that have a short name, and the languages that Whisper knows."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from tidymedia.errors import SettingError

__all__ = [
    "DEFAULT_WHISPER",
    "WHISPER_LANGUAGES",
    "WHISPER_MODELS",
    "WORDS_WITHOUT_SPACES",
    "language_tag",
    "whisper_language",
]

DEFAULT_WHISPER = "base"
"""The model where the user names none: small enough for a plain laptop."""

WHISPER_MODELS: Mapping[str, str] = {
    **{
        name: f"Systran/faster-whisper-{name}"
        for name in (
            "tiny",
            "tiny.en",
            "base",
            "base.en",
            "small",
            "small.en",
            "medium",
            "medium.en",
            "large-v1",
            "large-v2",
            "large-v3",
        )
    },
    "large": "Systran/faster-whisper-large-v3",
    "large-v3-turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
    "turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
    "distil-small.en": "Systran/faster-distil-whisper-small.en",
    "distil-medium.en": "Systran/faster-distil-whisper-medium.en",
    "distil-large-v2": "Systran/faster-distil-whisper-large-v2",
    "distil-large-v3": "Systran/faster-distil-whisper-large-v3",
    "distil-large-v3.5": "distil-whisper/distil-large-v3.5-ct2",
}
"""Short names of Whisper models, as faster-whisper knows them, and their names on the hub."""

_CODES = (
    "af am ar as az ba be bg bn bo br bs ca cs cy da de el en es et eu fa fi fo fr gl gu ha haw he hi hr ht "
    "hu hy id is it ja jw ka kk km kn ko la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne nl nn no oc pa pl "
    "ps pt ro ru sa sd si sk sl sn so sq sr su sv sw ta te tg th tk tl tr tt uk ur uz vi yi yo zh yue"
)

WHISPER_LANGUAGES: tuple[str, ...] = tuple(_CODES.split())
"""The codes of the languages that Whisper knows; Cantonese (yue) came with large-v3."""

WORDS_WITHOUT_SPACES = frozenset({"ja", "lo", "my", "th", "yue", "zh"})
"""Codes of the languages whose text faster-whisper takes apart into signs, since there are no spaces between words."""

_TAGS: Mapping[str, str] = {"jw": "jv"}
"""Codes of Whisper that are none of BCP 47."""

_SAME: Mapping[str, str] = {"jv": "jw", "nb": "no", "fil": "tl", "cmn": "zh", "iw": "he", "in": "id", "ji": "yi"}
"""Tags of BCP 47 for what Whisper calls otherwise."""


def language_tag(code: str) -> str:
    """Return the BCP 47 tag of a language that Whisper knows.

    Parameters
    ----------
    code : str
        The code as Whisper writes it.

    Returns
    -------
    str
        The tag.

    Examples
    --------
    >>> language_tag("jw")
    'jv'
    """
    return _TAGS.get(code, code)


def whisper_language(given: str) -> str:
    """Return Whisper's code of a language.

    Parameters
    ----------
    given : str
        A BCP 47 tag; Whisper knows languages, not their regions, so that of a region is left out.

    Returns
    -------
    str
        The code; empty where nothing was given.

    Raises
    ------
    SettingError
        Where Whisper does not know the language.

    Examples
    --------
    >>> whisper_language("pt-BR"), whisper_language("nb")
    ('pt', 'no')
    """
    tag = given.strip().lower().replace("_", "-")
    language = tag.split("-")[0]
    code = _SAME.get(language, language)
    if tag and code not in WHISPER_LANGUAGES:
        near = difflib.get_close_matches(code, WHISPER_LANGUAGES, 3, 0.5)
        meant = f"Did you mean {' or '.join(near)}? " if near else ""
        raise SettingError(
            f"Whisper does not know the language {given!r}.",
            f"{meant}Name it by its code in BCP 47, such as en, de or pt-BR; leave it out to have it detected.",
        )
    return code
