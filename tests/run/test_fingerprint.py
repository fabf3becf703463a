"""A fingerprint changes with what decides the rows, and with nothing else."""

import re

import pytest

from tidymedia.extractors import make_extractor
from tidymedia.extractors.base import Extractor
from tidymedia.extractors.metadata import Metadata
from tidymedia.extractors.pixels import Pixels
from tidymedia.media.kinds import Kind
from tidymedia.media.settings import PictureSettings
from tidymedia.run.fingerprint import fingerprints


def mark(extractor: Extractor, kind: Kind = Kind.IMAGE, **settings: object) -> str:
    return fingerprints([extractor], PictureSettings(**settings), kind)[extractor.name]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("setting", "value", "touched"),
    [
        ("video", "1s", {Kind.VIDEO}),
        ("animation", "first", {Kind.IMAGE}),
        ("pdf_dpi", 300, {Kind.DOCUMENT}),
        ("vector_side", 500, {Kind.VECTOR}),
        ("background", "#000000", {Kind.IMAGE, Kind.DOCUMENT, Kind.VECTOR}),
    ],
)
def test_a_picture_setting_touches_the_kinds_that_it_decides(setting: str, value: object, touched: set[Kind]) -> None:
    pixels, metadata = make_extractor("pixels"), make_extractor("metadata")
    changed = {kind for kind in Kind if mark(pixels, kind) != mark(pixels, kind, **{setting: value})}
    assert changed == touched
    assert all(mark(metadata, kind) == mark(metadata, kind, **{setting: value}) for kind in Kind)


def test_a_version_a_parameter_and_a_model_count(monkeypatch: pytest.MonkeyPatch) -> None:
    pixels = make_extractor("pixels")
    before = mark(pixels)
    assert re.fullmatch("[0-9a-f]{12}", before)
    assert mark(make_extractor("pixels")) == before
    assert mark(make_extractor("ocr", {"lang": "eng"})) != mark(make_extractor("ocr", {"lang": "eng+deu"}))
    monkeypatch.setattr(Pixels, "model_hash", property(lambda self: "another"))
    assert mark(pixels) != before
    monkeypatch.undo()
    monkeypatch.setattr(Pixels, "version", Pixels.version + 1)
    assert mark(pixels) != before


def test_what_it_needs_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    metadata, pixels = make_extractor("metadata"), make_extractor("pixels")
    monkeypatch.setattr(Pixels, "needs", ("metadata",))
    before = fingerprints([metadata, pixels], PictureSettings(), Kind.IMAGE)
    monkeypatch.setattr(Metadata, "version", Metadata.version + 1)
    after = fingerprints([metadata, pixels], PictureSettings(), Kind.IMAGE)
    assert all(before[name] != after[name] for name in ("metadata", "pixels"))


def test_companions_do_not_count() -> None:
    pixels, hashes = make_extractor("pixels"), make_extractor("hashes")
    assert fingerprints([hashes, pixels], PictureSettings(), Kind.IMAGE)["pixels"] == mark(pixels)
