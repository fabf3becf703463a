"""Whisper models as folders in the form of CTranslate2: whether all files are there, and their digest."""

from __future__ import annotations

from pathlib import Path

from tidymedia.models.files import digest_of_digests, sha256_of

__all__ = ["WEIGHTS", "holds_whisper", "whisper_fault", "whisper_files", "whisper_sha256"]

WEIGHTS = "model.bin"
"""Name of the file with the weights. It is CTranslate2's own form: numbers and names, no pickle."""

_VOCABULARIES = ("vocabulary.json", "vocabulary.txt")
_NEEDED = (WEIGHTS, "config.json", "tokenizer.json")
_OPTIONAL = ("preprocessor_config.json",)
_SPECIFICATION = b"WhisperSpec"
_HEAD_BYTES = 64


def holds_whisper(folder: Path) -> bool:
    """Say whether a folder holds the weights of a Whisper model in the form of CTranslate2.

    Parameters
    ----------
    folder : pathlib.Path
        The folder.

    Returns
    -------
    bool
        Whether its ``model.bin`` says that it is one.
    """
    try:
        with (folder / WEIGHTS).open("rb") as file:
            return _SPECIFICATION in file.read(_HEAD_BYTES)
    except OSError:
        return False


def whisper_fault(folder: Path) -> str:
    """Say what a folder lacks to be a Whisper model that can be loaded without a network connection.

    Parameters
    ----------
    folder : pathlib.Path
        The folder.

    Returns
    -------
    str
        A sentence; empty where nothing lacks.
    """
    missing = [name for name in _NEEDED if not (folder / name).is_file()]
    if not any((folder / name).is_file() for name in _VOCABULARIES):
        missing.append("vocabulary.json")
    if missing:
        return f"{folder} is no whole Whisper model in the form of CTranslate2: it lacks {', '.join(missing)}."
    if not holds_whisper(folder):
        return f"{folder / WEIGHTS} holds no Whisper model in the form of CTranslate2."
    return ""


def whisper_files(folder: Path) -> list[Path]:
    """Return the files of a Whisper model that decide its answers, by name.

    Parameters
    ----------
    folder : pathlib.Path
        Its folder.

    Returns
    -------
    list of pathlib.Path
        Those that are there.
    """
    return sorted(path for name in (*_NEEDED, *_VOCABULARIES, *_OPTIONAL) if (path := folder / name).is_file())


def whisper_sha256(folder: Path) -> str:
    """Return one SHA-256 over the files of a Whisper model that decide its answers, and over their names.

    Parameters
    ----------
    folder : pathlib.Path
        Its folder.

    Returns
    -------
    str
        64 hexadecimal digits.

    Raises
    ------
    OSError
        Where a file cannot be read.
    """
    return digest_of_digests({path.name: sha256_of(path) for path in whisper_files(folder)})
