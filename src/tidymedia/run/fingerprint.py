"""The fingerprint of an extractor: the same as long as the same file gives the same rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from tidymedia.extractors.base import Extractor, PictureExtractor, SoundExtractor
from tidymedia.media.kinds import Kind
from tidymedia.media.sampling import parse_sampling
from tidymedia.media.settings import PictureSettings
from tidymedia.media.shot_settings import SHOTS_VERSION

__all__ = ["fingerprints"]

_SETTINGS_BY_KIND: Mapping[Kind, tuple[str, ...]] = {
    Kind.IMAGE: ("animation", "background"),
    Kind.DOCUMENT: ("pdf_dpi", "background"),
    Kind.VECTOR: ("vector_side", "background"),
    Kind.VIDEO: ("video",),
}
"""Which picture settings decide the pictures of a kind: another film sampling leaves photographs alone."""


def fingerprints(extractors: Iterable[Extractor], settings: PictureSettings, kind: Kind) -> dict[str, str]:
    """Compute the fingerprints of extractors for one kind of media.

    Parameters
    ----------
    extractors : iterable of Extractor
        The extractors, each after those that it needs.
    settings : PictureSettings
        How media become pictures.
    kind : Kind
        The kind of media.

    Returns
    -------
    dict of str to str
        By extractor, the first 12 hexadecimal digits of a SHA-256.

    Examples
    --------
    >>> from tidymedia.extractors import make_extractor
    >>> hashes = [make_extractor("hashes")]
    >>> often, rarely = PictureSettings(video="1s"), PictureSettings(video="60s")
    >>> fingerprints(hashes, often, Kind.IMAGE) == fingerprints(hashes, rarely, Kind.IMAGE)
    True
    >>> fingerprints(hashes, often, Kind.VIDEO) == fingerprints(hashes, rarely, Kind.VIDEO)
    False
    """
    made: dict[str, str] = {}
    for extractor in extractors:
        decides: dict[str, object] = {
            "name": extractor.name,
            "version": extractor.version,
            "parameters": extractor.parameters.deciding(),
            "model": extractor.model_hash,
            "needs": [made.get(name, "") for name in extractor.needs],
        }
        if isinstance(extractor, PictureExtractor):
            names = _SETTINGS_BY_KIND.get(kind, ())
            decides["pictures"] = {name: getattr(settings, name) for name in names}
            if kind is Kind.VIDEO and parse_sampling(settings.video).of_shots:
                decides["shots"] = SHOTS_VERSION
        if isinstance(extractor, SoundExtractor):
            wanted = extractor.sound_format
            decides["sound"] = {"rate": wanted.rate, "channels": wanted.channels}
        text = json.dumps(decides, sort_keys=True, default=str)
        made[extractor.name] = hashlib.sha256(text.encode()).hexdigest()[:12]
    return made
