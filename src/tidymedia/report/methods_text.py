"""A draft of the methods paragraph, written from what really ran."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tidymedia.report.content import ExtractorNote, ReportContent
from tidymedia.report.copies_view import how_found
from tidymedia.report.failures_view import failure_groups
from tidymedia.report.overview import ExtractorLine, Overview, make_overview
from tidymedia.report.provenance_view import flatten, tidymedia_version
from tidymedia.report.wording import counted, joined, percent, size, value_text

__all__ = ["MethodsText", "make_methods_text"]

_PARAMETERS_NAMED = 8
_STEPS = {"s": "second", "f": "frame"}


@dataclass(frozen=True, slots=True)
class MethodsText:
    """A draft to edit, with its references.

    Parameters
    ----------
    paragraphs : tuple of str
        The draft; numbers in square brackets point to the references.
    references : tuple of str
        The sources, in the order of their numbers from 1.
    """

    paragraphs: tuple[str, ...]
    references: tuple[str, ...]

    def plain_text(self) -> str:
        """Return paragraphs and references as one text."""
        numbered = [f"[{number}] {reference}" for number, reference in enumerate(self.references, 1)]
        return "\n\n".join([*self.paragraphs, "References\n" + "\n".join(numbered)])


class _References:
    """Numbers sources in the order in which they are cited."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def cite(self, citation: str) -> str:
        """Return the marks of some sources, one a line."""
        lines = [line.strip() for line in citation.splitlines() if line.strip()]
        marks = [self.numbers.setdefault(line, len(self.numbers) + 1) for line in lines]
        return f" [{', '.join(str(mark) for mark in marks)}]" if marks else ""


def make_methods_text(content: ReportContent) -> MethodsText:
    """Write a draft of the methods paragraph.

    Every number in it is counted from the study; what did not run is not named.

    Parameters
    ----------
    content : ReportContent
        The study.

    Returns
    -------
    MethodsText
        Paragraphs and references.
    """
    overview = make_overview(content)
    references = _References()
    last: Mapping[str, Any] = content.runs[-1] if content.runs else {}
    ran = {line.name: line for line in overview.extractors if line.counts["skipped"] < sum(line.counts.values())}
    notes = [note for note in content.extractors if note.name in ran]
    sample = " ".join(
        [_corpus(overview, last, references), *_unreadable(overview, content), *_pictures(overview, last)]
    )
    measured = [_measure(note, ran[note.name], references) for note in notes if note.name != "pictures"]
    derived = [_derived(content, note, references) for note in content.derivations]
    closing = " ".join([*_failures(content), *_caveats([*notes, *content.derivations]), _where(last)])
    parts = (sample, " ".join([*measured, *derived]), closing)
    return MethodsText(tuple(part for part in parts if part), tuple(references.numbers))


def _corpus(overview: Overview, run: Mapping[str, Any], references: _References) -> str:
    version = tidymedia_version(run)
    mark = references.cite(
        f"The tidymedia developers. tidymedia{f' (version {version})' if version else ''} [Computer software]."
    )
    place = ", ".join([text for text in (_python(run), str(run.get("platform") or "")) if text])
    kinds = joined(overview.kinds_in_words())
    items = f" belonging to {counted(overview.items, 'item')}" if overview.items is not None else ""
    release = f", version {version}" if version else ""
    where = f" ({place})" if place else ""
    return (
        f"We analysed {counted(overview.files, 'media file')}{items} ({kinds or 'none'}; "
        f"{size(overview.bytes)} in total) with the software tidymedia{release}{mark}{where}."
    )


def _python(run: Mapping[str, Any]) -> str:
    version = str(run.get("python") or "").partition(" ")[0]
    return f"Python {version}" if version else ""


def _unreadable(overview: Overview, content: ReportContent) -> list[str]:
    sentences = []
    if overview.copies:
        copies = counted(
            overview.copies,
            "file was a byte-for-byte copy of another and was",
            "files were byte-for-byte copies of others and were",
        )
        sentences.append(f"Of these, {copies} measured once.")
    unread = int((content.media["status"] != "ok").sum()) if len(content.media) else 0
    if unread:
        sentences.append(
            f"In all, {counted(unread, 'file')} ({percent(unread, overview.files)}) could not be read "
            f"and {'has' if unread == 1 else 'have'} no measurements."
        )
    return sentences


def _pictures(overview: Overview, run: Mapping[str, Any]) -> list[str]:
    settings = {name.rpartition(".")[2]: value for name, value in flatten(run.get("settings") or {})}
    kinds = {line.kind for line in overview.kinds}
    sentences = []
    if "document" in kinds and "pdf_dpi" in settings:
        sentences.append(f"Pages of documents were rendered at {settings['pdf_dpi']} dots per inch.")
    if "video" in kinds and (rule := _sampling(settings.get("video", ""))):
        sentences.append(f"From each film we took {rule}.")
    if overview.pictures:
        sentences.append(f"This gave {counted(overview.pictures, 'picture')}.")
    return sentences


def _sampling(text: str) -> str:
    if text.startswith("shot:"):
        return f"the {'sharpest' if text == 'shot:sharpest' else 'middle'} frame of each shot"
    if text == "codec":
        return "the key frames of its codec"
    if text == "first":
        return "the first frame"
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([sf])", text.strip().lower())
    if not match:
        return ""
    amount, unit = match[1], _STEPS[match[2]]
    return f"one picture every {unit}" if amount == "1" else f"one picture every {amount} {unit}s"


def _measure(note: ExtractorNote, line: ExtractorLine, references: _References) -> str:
    """Write one extractor: what, with which version and parameters, and what came of it."""
    title = note.title.strip().rstrip(".")
    details = [title if title[1:2].isupper() else title[:1].lower() + title[1:], f"version {note.version}"]
    if note.model:
        details.append(f"model {note.model}")
    named = list(note.parameters.items())[:_PARAMETERS_NAMED]
    details.extend(f"{name} = {value_text(value)}" for name, value in named)
    if len(note.parameters) > _PARAMETERS_NAMED:
        details.append("further parameters in the provenance of the study")
    counts = line.counts
    attempted = sum(counts.values()) - counts["skipped"]
    results = [f"gave results for {counts['ok'] + counts['partial']:,} of {counted(attempted, 'different file')}"]
    if counts["empty"]:
        results.append(f"found nothing in {counts['empty']:,}")
    if counts["partial"]:
        results.append(f"failed for a part of {counts['partial']:,}")
    if counts["failed"]:
        results.append(f"failed for {counts['failed']:,}")
    return (
        f"The extractor {note.name} ({'; '.join(details)}){references.cite(note.citation)} "
        f"{joined(results)}{_skipped(counts['skipped'])}."
    )


def _derived(content: ReportContent, note: ExtractorNote, references: _References) -> str:
    """Write how copies were found, faces brought together, or voices standardized, and what came of it."""
    if note.name == "identities":
        return _identities(content, note, references)
    if note.name == "voice_standardized":
        return _standardized(content, note, references)
    copies = content.copies
    if copies is None or note.name != "duplicates":
        return ""
    found = " ".join(part for part in ("Copies were found", how_found(copies.parameters)) if part)
    details = "; ".join([f"version {note.version}", *([f"model {note.model}"] if note.model else [])])
    counts = f"{counted(copies.files, 'file')} in {counted(copies.clusters, 'cluster')}" if copies.clusters else "none"
    late = "" if copies.is_current else " The study has changed since then."
    return f"{found} ({details}){references.cite(note.citation)}: {counts}.{late}"


def _identities(content: ReportContent, note: ExtractorNote, references: _References) -> str:
    """Write how faces were brought together, and what came of it."""
    rows = content.tables["identities"]
    gallery = note.parameters.get("gallery")
    named = f"; names from a gallery of {counted(len(gallery), 'picture')}" if isinstance(gallery, list) else ""
    model = f"; model {note.model}" if note.model else ""
    found = (
        f"{counted(rows['unit_id'].nunique(), 'face')}, {counted(rows['identity'].nunique(), 'identity', 'identities')}"
    )
    return (
        f"Faces were brought together by likeness, up to a distance of {note.parameters.get('threshold')} "
        f"(version {note.version}{model}{named}){references.cite(note.citation)}: {found}."
    )


def _standardized(content: ReportContent, note: ExtractorNote, references: _References) -> str:
    """Write how voices were compared with themselves, and what came of it."""
    rows = content.tables["voice_standardized"].drop_duplicates(["unit_id", "speaker"])
    scored = rows[rows["reason"].isna()]
    found = f"{counted(len(scored), 'segment')} of {counted(scored['speaker'].nunique(), 'speaker')}"
    by = note.parameters.get("by")
    return (
        f"Measures of voices were standardized within speakers, by {by} (version {note.version}; at least "
        f"{note.parameters.get('min_segments')} segments a speaker){references.cite(note.citation)}: {found}."
    )


def _skipped(count: int) -> str:
    return f"; {counted(count, 'file was', 'files were')} skipped" if count else ""


def _failures(content: ReportContent) -> list[str]:
    groups = failure_groups(content)
    total = sum(group.count for group in groups)
    if not total:
        return ["No file failed."]
    reasons = joined([f"{group.error_type} ({group.count:,})" for group in groups[:3]])
    rest = " the most frequent reasons being" if len(groups) > 3 else " the reasons being" if len(groups) > 1 else ""
    return [
        f"We recorded {counted(total, 'failure')},"
        f"{rest or ' the reason being'} {reasons}; what failed is missing in the tables and was not imputed."
    ]


def _caveats(notes: list[ExtractorNote]) -> list[str]:
    return [f"Known limits of {note.name}: {_sentence(note.caveat)}" for note in notes if note.caveat.strip()]


def _sentence(text: str) -> str:
    tidy = " ".join(text.split())
    return tidy if tidy.endswith((".", "!", "?")) else f"{tidy}."


def _where(run: Mapping[str, Any]) -> str:
    seeds = flatten(run.get("seeds") or {}) if isinstance(run.get("seeds"), Mapping) else []
    seed_words = f"Random seeds: {', '.join(f'{name} = {value}' for name, value in seeds)}. " if seeds else ""
    return (
        f"{seed_words}Parameters, model hashes and the versions of all packages are recorded in the provenance "
        "of the study."
    )
