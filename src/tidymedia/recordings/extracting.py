"""What an extractor says of one file, without a study."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias

from tidymedia.errors import UnavailableError, UnsupportedError, UsageError
from tidymedia.extractors.base import Extractor, MediumExtractor, Row, SoundExtractor
from tidymedia.extractors.registry import make_extractor
from tidymedia.extractors.rows import RowCompleter
from tidymedia.images.held import Held, hold, known_kind
from tidymedia.images.opening import in_words_of_python
from tidymedia.media.kinds import Kind
from tidymedia.media.medium import Medium
from tidymedia.media.opening import open_medium
from tidymedia.media.settings import Limits, PictureSettings
from tidymedia.tables.standard import schema

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RecordingSource", "extracted"]

RecordingSource: TypeAlias = str | Path | bytes | BinaryIO
"""What names a film or a recording: a path, an address, the bytes of a file, or an open binary file."""

_Made = dict[str, list[dict[str, Any]]]


def extracted(
    source: RecordingSource,
    name: str,
    given: Mapping[str, object] | None = None,
    *,
    function: str,
    settings: PictureSettings | None = None,
    limits: Limits | None = None,
) -> dict[str, pd.DataFrame]:
    """Run an extractor, and those that it needs, on one film or recording in this process.

    The rows are those of a study. What a study keeps apart for many files is left out: the identity of the file, the
    name of the extractor and its fingerprint.

    Parameters
    ----------
    source : str, Path, bytes or file object
        The film or recording.
    name : str
        Name of the extractor: one that looks at the file as a whole or listens.
    given : mapping of str to object or None, default None
        Its parameters; the others take their defaults.
    function : str
        The public function that asks, for remedies, such as ``tm.transcribe``.
    settings : PictureSettings or None, default None
        How the medium becomes pictures.
    limits : Limits or None, default None
        How long and large it may be.

    Returns
    -------
    dict of str to pandas.DataFrame
        The tables of this extractor by name, with ``model`` where it uses one; tables without rows have their columns.

    Raises
    ------
    UsageError
        Where a parameter is wrong or the source is nothing that has bytes.
    UnavailableError
        Where something that it needs is not installed.
    MediumError
        Where the file cannot be opened, or is of a kind that this extractor can say nothing about.
    """
    chain = _chain(name, {name: dict(given or {})})
    for extractor in chain:
        available = extractor.availability()
        if not available.installed:
            raise UnavailableError(f"{extractor.name} cannot run here: {available.missing}", available.remedy)
        if isinstance(extractor, MediumExtractor | SoundExtractor):
            continue
        raise UsageError(f"{extractor.name} looks at pictures.", "Use tm.Study for it.")
    limits = limits or Limits()
    held = hold(source, limits, "recording")
    made: _Made = {}
    with held.stream, in_words_of_python(function):
        kind = _kind_of(held, chain[-1])
        with open_medium(held, kind, settings, limits) as medium:
            for extractor in chain:
                extractor.load()
                RowCompleter(extractor, "", "").complete(_rows(extractor, medium, made, held), completed=made)
    return {table.name: _frame(chain[-1], table.name, made.get(table.name, [])) for table in chain[-1].tables}


def _chain(name: str, given: Mapping[str, Mapping[str, object]]) -> list[Extractor]:
    """Make an extractor after those that it needs."""
    extractor = make_extractor(name, given.get(name))
    chain: list[Extractor] = []
    for needed in extractor.needs:
        chain.extend(one for one in _chain(needed, given) if one.name not in {other.name for other in chain})
    return [*chain, extractor]


def _rows(extractor: Extractor, medium: Medium, made: _Made, held: Held) -> Iterable[Row]:
    if isinstance(extractor, MediumExtractor):
        medium.upstream = made
        return extractor.from_medium(medium)
    if not isinstance(extractor, SoundExtractor):
        return ()
    sound = medium.sound(extractor.sound_format)
    if sound is None:
        raise UnsupportedError(f"{held.name} has no sound.", "Check in a player whether anything is heard.")
    sound.upstream = made
    return extractor.from_sound(sound)


def _kind_of(held: Held, extractor: Extractor) -> Kind:
    kind = known_kind(held, "film or recording", "Play it in a player, or get it again.")
    if kind not in extractor.kinds:
        fitting = " or ".join(sorted(one.value for one in extractor.kinds))
        raise UnsupportedError(
            f"{held.name} is of the kind {kind.value}; {extractor.name} is for {fitting}.", "Give another file."
        )
    return kind


def _frame(extractor: Extractor, name: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    import pyarrow as pa

    from tidymedia.tables.frames import to_frame
    from tidymedia.tables.keys import KEYS, PROVENANCE

    table = next(one for one in extractor.tables if one.name == name)
    model = [column for column in PROVENANCE if column.name == "model" and extractor.model is not None]
    columns = [*(KEYS[key].column for key in table.keys), *table.columns, *model]
    chosen = schema(columns)
    return to_frame(pa.Table.from_pylist([{name: row.get(name) for name in chosen.names} for row in rows], chosen))
