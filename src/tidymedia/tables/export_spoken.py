"""Export of transcripts: one file a medium, for subtitles, ELAN, Praat and readers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import Literal, TypeGuard

from tidymedia.errors import UsageError
from tidymedia.tables.export_elan import write_elan
from tidymedia.tables.export_place import check_place
from tidymedia.tables.export_source import Copies
from tidymedia.tables.export_subtitles import write_srt, write_txt, write_vtt
from tidymedia.tables.export_textgrid import write_textgrid
from tidymedia.tables.file_names import file_names
from tidymedia.tables.flags import checked_flags
from tidymedia.tables.replacing import replacing
from tidymedia.tables.spoken import Spoken, read_spoken
from tidymedia.tables.study_files import study_files
from tidymedia.tables.table import Table

__all__ = ["SPOKEN_FORMATS", "SpokenFormat", "export_spoken", "is_spoken"]

SpokenFormat = Literal["srt", "vtt", "txt", "eaf", "textgrid"]
"""The formats of a transcript."""

SPOKEN_FORMATS: dict[SpokenFormat, str] = {
    "srt": ".srt",
    "vtt": ".vtt",
    "txt": ".txt",
    "eaf": ".eaf",
    "textgrid": ".TextGrid",
}
"""The suffix of each."""

_OF_TABLES = "Subtitles and annotations are made from the table transcripts alone."


def is_spoken(
    format: str, *, tables: Sequence[str] | None, wide: bool, bom: bool, without_flags: Sequence[str] | str
) -> TypeGuard[SpokenFormat]:
    """Say whether a format is one of transcripts, and check that the other choices go with it.

    Parameters
    ----------
    format : str
        The format.
    tables, wide, bom, without_flags
        What else was chosen for the export.

    Returns
    -------
    bool
        Whether :func:`export_spoken` writes it.

    Raises
    ------
    UsageError
        Where a choice makes no sense for the format.

    Examples
    --------
    >>> is_spoken("srt", tables=None, wide=False, bom=False, without_flags=())
    True
    """
    if format not in SPOKEN_FORMATS:
        if without_flags:
            raise UsageError(
                f"Flags cannot be left out of {format}.", f"They can of transcripts: {', '.join(SPOKEN_FORMATS)}."
            )
        return False
    for name, given in (("tables", tables is not None), ("wide", wide), ("bom", bom)):
        if given:
            raise UsageError(f"An export to {format} takes no {name}.", _OF_TABLES)
    return True


def export_spoken(
    folder: Path,
    destination: Path,
    definitions: Sequence[Table] = (),
    *,
    format: SpokenFormat,
    without_flags: Sequence[str] | str = (),
    copies: Copies = "all",
    overwrite: bool = False,
    find_file: Callable[[str], Path | None] = lambda path: None,
) -> list[Path]:
    """Write the transcripts of a study, one file a medium.

    Files lie in folders as the media do and are named after them: ``interviews/anna.mp3`` becomes
    ``interviews/anna.srt``, or ``interviews/anna.mp3.srt`` where another medium would become the same. Media without
    a segment get no file.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    destination : pathlib.Path
        A folder; or, where one medium alone has a transcript, a file whose name ends with the suffix of the format.
    definitions : sequence of Table, default ()
        The tables that are known; which flags there are is told by that of ``transcripts``.
    format : {"srt", "vtt", "txt", "eaf", "textgrid"}
        What to write.
    without_flags : sequence of str, default ()
        Segments with one of these flags are left out; none is by default.
    copies : {"all", "first"}, default "all"
        Whether a file that lies in several places gets a transcript for each path or for the first one.
    overwrite : bool, default False
        Whether to replace files that are there.
    find_file : callable, default finds nothing
        Takes the path of a medium and returns where it is on this machine, for ELAN.

    Returns
    -------
    list of pathlib.Path
        The files written, by path of the medium.

    Raises
    ------
    UsageError
        Where the study has no transcripts, a flag is unknown, a file is there already, or the destination is no place
        for an export.
    """
    if copies not in ("all", "first"):
        raise UsageError(f"Copies cannot be {copies}.", "Choose all or first.")
    suffix = SPOKEN_FORMATS[format]
    left_out = checked_flags(without_flags, definitions)
    paths = [spoken.path for spoken in read_spoken(folder, copies=copies, without_flags=left_out)]
    if destination.suffix.lower() == suffix.lower() and not destination.is_dir():
        if len(paths) != 1:
            raise UsageError(
                f"{destination.name} is one file, and {len(paths):,} media have a transcript.",
                "Name a folder: it gets a file a medium.",
            )
        targets = {paths[0]: destination}
    else:
        if destination.is_file():
            raise UsageError(f"{destination} is a file.", "Name a folder: it gets a file a medium.")
        names = file_names(paths, suffix, _media(folder))
        targets = {path: destination / name for path, name in names.items()}
        _check_inside(destination, targets.values())
    check_place(folder, destination, list(targets.values()), overwrite=overwrite)
    for spoken in read_spoken(folder, copies=copies, without_flags=left_out):
        target = targets[spoken.path]
        target.parent.mkdir(parents=True, exist_ok=True)
        with replacing(target) as unfinished:
            _write(spoken, unfinished, format, find_file, target)
    return list(targets.values())


def _write(
    spoken: Spoken, file: Path, format: SpokenFormat, find_file: Callable[[str], Path | None], target: Path
) -> None:
    if format == "eaf":
        write_elan(spoken, file, find_file(spoken.path), target)
        return
    writers: dict[str, Callable[[Spoken, Path], None]] = {
        "srt": write_srt,
        "vtt": write_vtt,
        "txt": write_txt,
        "textgrid": write_textgrid,
    }
    writers[format](spoken, file)


def _media(folder: Path) -> list[str]:
    """Return the paths of what can have a transcript, whether or not it has one."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    media = pq.read_table(study_files(folder)["media"], columns=["path", "kind"])
    heard = media.filter(pc.is_in(media["kind"], value_set=_strings(("audio", "video"))))
    return [str(path) for path in heard["path"].to_pylist()]


def _strings(values: Collection[str]) -> object:
    import pyarrow as pa

    return pa.array(list(values), pa.string())


def _check_inside(destination: Path, targets: Iterable[Path]) -> None:
    """Refuse what a link in the folder would lead out of it."""
    place = destination.resolve()
    for target in targets:
        if not target.resolve().is_relative_to(place):
            raise UsageError(f"{target} would lie outside of {destination}.", "Choose a folder without links in it.")
