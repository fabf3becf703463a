"""Transcripts as subtitles and annotations, read back by other programs' libraries."""

from __future__ import annotations

import itertools
import os
import re
import urllib.parse
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest

from scripted_study import scripted_study, segments, words
from tidymedia.errors import UsageError
from tidymedia.study import Study

LONG = (
    "It is a truth universally acknowledged, that a single man in possession of a good fortune, must be in want of a "
    "wife. However little known the feelings or views of such a man may be on his first entering a neighbourhood, this "
    "truth is so well fixed in the minds of the surrounding families."
)
HEBREW = "שלום, מה שלומך? \u200fabc"
HARD = 'AT&T <b>said</b> "no" {x} --> why'


def timed(text: str, start: int, step: int) -> list[tuple[int, int, str]]:
    return [(start + step * n, start + step * n + step - 20, word) for n, word in enumerate(text.split())]


SCRIPT: dict[str, Any] = {
    "transcripts": [
        *segments((500, 16_000, LONG)),
        *segments((16_500, 18_000, HARD), flags="phantom,unsure"),
        *segments((17_000, 19_500, "over  the\nother"), flags="fast"),
        *segments((20_000, 20_000, HEBREW), lang="he"),
        *segments((21_000, 22_000, " ")),
    ],
    "words": [*words(0, *timed(LONG, 500, 300)), *words(2, *timed("over the other", 17_000, 900))],
    "speakers": [
        {"start_ms": 400, "end_ms": 16_800, "speaker": "speaker_2"},
        {"start_ms": 16_700, "end_ms": 20_000, "speaker": "speaker_1"},
        {"start_ms": 16_750, "end_ms": 17_500, "speaker": "speaker_2"},
    ],
}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return scripted_study(tmp_path_factory.mktemp("spoken"), {"a/talk.wav": SCRIPT, "b/nothing.wav": {}})


def exported(study: Study, tmp_path: Path, form: Any, **options: Any) -> Path:
    (written,) = study.export(tmp_path / "out", form, **options)
    return written


@pytest.mark.parametrize("form", ["srt", "vtt"])
def test_subtitles_are_read_back(study: Study, tmp_path: Path, form: str) -> None:
    pysubs2 = pytest.importorskip("pysubs2", reason="pysubs2 reads the subtitles back; pip install 'tidymedia[test]'")
    written = exported(study, tmp_path, form)
    assert written.relative_to(tmp_path).as_posix() == f"out/a/talk.{form}"
    cues = list(pysubs2.load(str(written)))
    times = [(cue.start, cue.end) for cue in cues]
    assert times == sorted(times)
    assert all(start < end for start, end in times)
    assert all(left[1] <= right[0] for left, right in itertools.pairwise(times))
    said = [" ".join(cue.plaintext.split()) for cue in cues]
    assert " ".join(said[: said.index("over the other") - 1]) == LONG
    assert times[said.index("over the other")] == (17_000, 19_500)
    assert times[-1] == (20_000, 20_800)  # of no length: shown for a moment
    raw = written.read_text("utf-8")
    assert HEBREW in raw
    assert re.search(r"^00:00:20[.,]000 --> 00:00:20[.,]800$", raw, re.MULTILINE)


def test_lines_are_short_and_cues_begin_with_their_words(study: Study, tmp_path: Path) -> None:
    raw = exported(study, tmp_path, "srt").read_text("utf-8")
    blocks = [block.splitlines() for block in raw.strip().split("\n\n")]
    assert [int(block[0]) for block in blocks] == list(range(1, len(blocks) + 1))
    assert all(1 <= len(block[2:]) <= 2 for block in blocks)
    assert max(len(line) for block in blocks for line in block[2:]) <= 42
    starts = {word: start for start, _, word in timed(LONG, 500, 300)}
    for block in blocks[:-3]:
        begun = block[1].split(" ")[0]
        hours, minutes, seconds, rest = (int(part) for part in re.split("[:,]", begun))
        first = block[2].split()[0]
        times = [start for start, _, word in timed(LONG, 500, 300) if word == first]
        assert ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest in times, (first, starts)


def test_markup_stays_text(study: Study, tmp_path: Path) -> None:
    vtt = exported(study, tmp_path, "vtt").read_text("utf-8")
    assert vtt.startswith("WEBVTT\n\n")
    assert 'AT&amp;T &lt;b&gt;said&lt;/b&gt; "no" {x} --&gt; why' in vtt
    srt = (study.export(tmp_path / "srt", "srt")[0]).read_text("utf-8")
    assert all(re.match(r"\d\d:", line) for line in srt.splitlines() if "-->" in line)


def test_plain_text_has_a_line_a_segment(study: Study, tmp_path: Path) -> None:
    assert exported(study, tmp_path, "txt").read_text("utf-8") == f"{LONG}\n{HARD}\nover the other\n{HEBREW}\n"


@pytest.mark.parametrize(("flags", "left"), [("phantom", 3), (("phantom", "fast"), 2), ((), 4), (["slow"], 4)])
def test_flagged_segments_can_be_left_out(study: Study, tmp_path: Path, flags: Any, left: int) -> None:
    assert len(exported(study, tmp_path, "txt", without_flags=flags).read_text("utf-8").splitlines()) == left


def test_an_unknown_flag_is_refused(study: Study, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no flag 'phantoms'") as refused:
        study.export(tmp_path / "out", "srt", without_flags=["phantoms"])
    assert "phantom, fast" in refused.value.remedy


def test_elan_is_read_back(study: Study, tmp_path: Path) -> None:
    elan = pytest.importorskip("pympi.Elan", reason="pympi reads ELAN files back; pip install 'tidymedia[test]'")
    written = exported(study, tmp_path, "eaf")
    document = elan.Eaf(str(written))
    assert set(document.get_tier_names()) == {"transcript", "words", "speaker_1", "speaker_2"}
    rows = sorted(document.get_annotation_data_for_tier("transcript"))
    assert [row[:2] for row in rows] == [(500, 16_000), (16_500, 17_000), (17_000, 19_500), (20_000, 20_001)]
    assert [row[2] for row in rows] == [LONG, HARD, "over the other", HEBREW]
    said = sorted(document.get_annotation_data_for_tier("words"))
    assert [row[2] for row in said] == [*LONG.split(), "over", "the", "other"]
    assert said[-1][:2] == (18_800, 19_680)  # as it was found, though its segment ends before
    assert [row[:2] for row in sorted(document.get_annotation_data_for_tier("speaker_2"))] == [
        (400, 16_750),
        (16_750, 17_500),
    ]
    assert set(document.get_languages()) == {"en", "he"}
    (linked,) = document.get_linked_files()
    named = urllib.parse.unquote(linked["RELATIVE_MEDIA_URL"])
    assert (written.parent / named).resolve() == (tmp_path_of(study) / "media" / "a" / "talk.wav").resolve()
    assert urllib.parse.urlsplit(linked["MEDIA_URL"]).scheme == "file"
    assert linked["MIME_TYPE"] == "audio/x-wav"


def tmp_path_of(study: Study) -> Path:
    return study.folder.parent


ORDER = ("HEADER", "TIME_ORDER", "TIER", "LINGUISTIC_TYPE", "LANGUAGE", "CONSTRAINT")
"""Elements of an EAF 3.0 document, in the order of its schema."""


def test_elan_keeps_the_rules_of_its_schema(study: Study, tmp_path: Path) -> None:
    root = ElementTree.parse(exported(study, tmp_path, "eaf")).getroot()
    assert {"AUTHOR", "DATE", "VERSION", "FORMAT"} <= set(root.keys())
    assert root.get("FORMAT") == "3.0"
    places = [ORDER.index(child.tag) for child in root]
    assert places == sorted(places)
    slots = {slot.get("TIME_SLOT_ID"): int(slot.get("TIME_VALUE", "-1")) for slot in root.iter("TIME_SLOT")}
    assert list(slots.values()) == sorted(slots.values())
    kinds = {kind.get("LINGUISTIC_TYPE_ID") for kind in root.iter("LINGUISTIC_TYPE")}
    languages = {language.get("LANG_ID") for language in root.iter("LANGUAGE")}
    stereotypes = {constraint.get("STEREOTYPE") for constraint in root.iter("CONSTRAINT")}
    assert {kind.get("CONSTRAINTS") for kind in root.iter("LINGUISTIC_TYPE")} - {None} <= stereotypes
    tiers = {tier.get("TIER_ID"): tier for tier in root.iter("TIER")}
    assert len(tiers) == len(list(root.iter("TIER")))
    numbers = [one.get("ANNOTATION_ID") for one in root.iter("ALIGNABLE_ANNOTATION")]
    assert len(set(numbers)) == len(numbers)
    for tier in tiers.values():
        assert tier.get("LINGUISTIC_TYPE_REF") in kinds
        assert tier.get("PARENT_REF") in {None, *tiers}
        spans = []
        for one in tier.iter("ALIGNABLE_ANNOTATION"):
            assert one.get("LANG_REF") in {None, *languages}
            spans.append((slots[one.get("TIME_SLOT_REF1")], slots[one.get("TIME_SLOT_REF2")]))
        assert all(start < end for start, end in spans)
        assert all(left[1] <= right[0] for left, right in itertools.pairwise(spans))


def test_praat_reads_textgrids(study: Study, tmp_path: Path) -> None:
    parselmouth = pytest.importorskip("parselmouth", reason="Praat itself reads them; pip install 'tidymedia[voice]'")
    call = parselmouth.praat.call
    grid = parselmouth.read(str(exported(study, tmp_path, "textgrid")))
    assert grid.xmax == pytest.approx(60.0)
    names = [call(grid, "Get tier name...", tier + 1) for tier in range(int(call(grid, "Get number of tiers")))]
    assert names == ["transcript", "words", "speaker_1", "speaker_2"]
    labels = [
        call(grid, "Get label of interval...", 1, number + 1)
        for number in range(int(call(grid, "Get number of intervals...", 1)))
    ]
    assert [label for label in labels if label] == [LONG, HARD, "over the other", HEBREW]


def test_textgrids_cover_the_whole_time(study: Study, tmp_path: Path) -> None:
    textgrid = pytest.importorskip("praatio.textgrid", reason="praatio reads it back; pip install 'tidymedia[test]'")
    grid = textgrid.openTextgrid(str(exported(study, tmp_path, "textgrid")), includeEmptyIntervals=True)
    for name in grid.tierNames:
        intervals = grid.getTier(name).entries
        edges = [(round(one.start * 1000), round(one.end * 1000)) for one in intervals]
        assert edges[0][0] == 0
        assert edges[-1][1] == 60_000
        assert all(left[1] == right[0] for left, right in itertools.pairwise(edges))
        assert all(start < end for start, end in edges)
    assert grid.getTier("transcript").entries[3].label == HARD  # its quotation marks were doubled and are single again


HOSTILE = {
    "one/a.mp3": "one/a.srt",
    "two/a.mp3": "two/a.mp3.srt",
    "two/A.WAV": "two/A.WAV.srt",
    "two/a.wav": "two/a.wav.",
    "Aux.mp3": "_Aux.srt",
    "what?*.mp3": "what__.srt",
    "c:\\x.mp3": "c__x.srt",
    "dots...": "dots.srt",
    "\x07\n.mp3": "__.srt",
    f"{'ä' * 120}.mp3": "ä",
    "…/٣.mp3": "…/٣.srt",
}


@pytest.mark.skipif(os.name == "nt", reason="these names cannot be on Windows")
def test_names_do_not_collide_and_none_leads_out(tmp_path: Path) -> None:
    script = {"transcripts": segments((0, 900, "word"))}
    study = scripted_study(tmp_path, dict.fromkeys(HOSTILE, script))
    written = study.export(tmp_path / "out", "srt")
    assert len({str(path).casefold() for path in written}) == len(HOSTILE) == len(written)
    names = dict(zip(sorted(HOSTILE), (path.relative_to(tmp_path / "out").as_posix() for path in written), strict=True))
    for path, name in HOSTILE.items():
        assert names[path].startswith(name), path
    assert all(path.resolve().is_relative_to((tmp_path / "out").resolve()) for path in written)
    assert {path for path in (tmp_path / "out").rglob("*") if path.is_file()} == set(written)


def test_no_link_leads_out_of_the_folder(study: Study, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="would lie outside"):
        study.export(tmp_path / "out", "srt")
    assert not list((tmp_path / "elsewhere").iterdir())


def test_one_medium_can_be_one_file_and_nothing_is_replaced_unasked(study: Study, tmp_path: Path) -> None:
    (written,) = study.export(tmp_path / "talk.srt", "srt")
    assert written == tmp_path / "talk.srt"
    with pytest.raises(UsageError, match="already"):
        study.export(tmp_path / "talk.srt", "srt")
    study.export(tmp_path / "talk.srt", "srt", overwrite=True)
    with pytest.raises(UsageError, match="lies in the study"):
        study.export(study.folder / "tables", "srt")


@pytest.mark.parametrize("given", [{"wide": True}, {"bom": True}, {"tables": ["words"]}])
def test_choices_of_tables_are_refused(study: Study, tmp_path: Path, given: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="takes no"):
        study.export(tmp_path / "out", "vtt", **given)
    with pytest.raises(UsageError, match="Flags cannot"):
        study.export(tmp_path / "out", "csv", without_flags=["fast"])


def test_copies_and_studies_without_transcripts(study: Study, tmp_path: Path) -> None:
    media = tmp_path / "media"
    script = {"transcripts": segments((0, 900, "word"))}
    twice = scripted_study(tmp_path, {"a.wav": script}, extractors=["metadata"])
    (media / "b.wav").write_bytes((media / "a.wav").read_bytes())
    twice.analyze()
    assert [path.name for path in twice.export(tmp_path / "all", "txt")] == ["a.txt", "b.txt"]
    assert [path.name for path in twice.export(tmp_path / "one", "txt", copies="first")] == ["a.txt"]
    without = Study(tmp_path / "without", media=media).analyze(["metadata"])
    with pytest.raises(UsageError, match="no transcripts"):
        without.export(tmp_path / "none", "srt")
