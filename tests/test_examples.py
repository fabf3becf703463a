"""The sample media are what their lists say: licensed, small, and full of the traps that they are there for."""

from __future__ import annotations

import csv
import hashlib
import re
from pathlib import Path

import av
import pytest
from PIL import Image

import tidymedia as tm

EXAMPLES = Path(__file__).parents[1] / "examples"
MEDIA = EXAMPLES / "media"
FREE = {"Public domain", "CC0-1.0", "CC-BY-2.0", "CC-BY-3.0", "CC-BY-4.0"}

pytestmark = pytest.mark.skipif(not MEDIA.is_dir(), reason="the sample media are not beside the tests")


def rows(name: str) -> list[dict[str, str]]:
    with (EXAMPLES / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def files() -> list[str]:
    return sorted(path.relative_to(MEDIA).as_posix() for path in MEDIA.rglob("*") if path.is_file())


def test_every_file_has_a_free_licence_an_author_and_a_source() -> None:
    listed = rows("licenses.csv")
    assert sorted(row["path"] for row in listed) == files()
    for row in listed:
        assert row["license"] in FREE
        assert row["author"]
        assert row["source"]
        if row["license"].startswith("CC-BY"):
            assert row["changes"], f"{row['path']}: CC BY asks to say what was changed"
            assert row["license_url"].startswith("https://creativecommons.org/licenses/by/")


def test_the_page_of_licences_says_the_same_as_the_table() -> None:
    page = (EXAMPLES / "LICENSES.md").read_text(encoding="utf-8")
    told = {
        cells[0].strip(" `"): cells
        for cells in (line.strip("|").split("|") for line in page.splitlines())
        if len(cells) == 6
    }
    for row in rows("licenses.csv"):
        cells = [cell.strip() for cell in told[row["path"]]]
        assert cells[1:3] == [row["title"], row["author"]]
        assert re.sub(r"\[(.*)\]\(.*\)", r"\1", cells[3]) == row["license"]


def test_the_samples_are_small() -> None:
    assert sum((MEDIA / name).stat().st_size for name in files()) < 12_000_000


def test_same_bytes_twice_and_same_name_twice() -> None:
    digests = {name: hashlib.sha256((MEDIA / name).read_bytes()).hexdigest() for name in files()}
    assert digests["posts/anna/meme.jpg"] == digests["posts/ben/shared.jpg"]
    assert digests["posts/anna/image.jpg"] != digests["posts/ben/image.jpg"]
    assert len(set(digests.values())) == len(digests) - 1


def test_exactly_the_broken_file_is_broken() -> None:
    broken = []
    for name in files():
        if name.endswith((".jpg", ".png", ".gif", ".avif")):
            with Image.open(MEDIA / name) as image:
                try:
                    image.load()
                except OSError:
                    broken.append(name)
    assert broken == ["posts/ben/cut_off.jpg"]


def test_photographs_vary_as_promised() -> None:
    modes = {}
    for path in (MEDIA / "photographs").iterdir():
        with Image.open(path) as image:
            modes[path.stem] = (image.format, image.mode, image.getexif().get(274), "icc_profile" in image.info)
    assert modes["dogs"][2] == 6
    assert modes["brushes"][1] == "CMYK"
    assert modes["photographer"][:2] == ("PNG", "L")
    assert modes["fig"][0] == "AVIF"
    assert modes["sunset"][3]
    with Image.open(MEDIA / "films" / "rabbit.gif") as animation:
        assert getattr(animation, "n_frames", 1) > 5


def test_film_and_recording_have_their_streams() -> None:
    with av.open(str(MEDIA / "films" / "rabbit.mp4")) as film:
        assert {stream.type for stream in film.streams} == {"video", "audio"}
        assert 5 < (film.duration or 0) / 1e6 < 12
    with av.open(str(MEDIA / "recordings" / "sense_and_sensibility.flac")) as recording:
        assert 20 < (recording.duration or 0) / 1e6 < 60
        assert (
            sum(frame.samples for frame in recording.decode(audio=0)) == (recording.duration or 0) * 16_000 // 1_000_000
        )


def test_the_film_of_seven_shots_has_a_key_frame_at_every_hard_cut_and_both_streams() -> None:
    with av.open(str(MEDIA / "films" / "montage.mp4")) as film:
        assert {stream.type for stream in film.streams} == {"video", "audio"}
        times = [float(frame.time) for frame in film.decode(video=0) if frame.key_frame and frame.time is not None]
    assert {0.0, 3.0, 5.6, 11.6, 14.4} <= set(times)


def test_the_table_of_posts_names_files_that_are_there_but_for_one() -> None:
    posts = rows("posts.csv")
    named = [name for post in posts for name in post["image"].split("|") if name]
    assert [name for name in named if not (EXAMPLES / name).is_file()] == ["media/posts/chiara/deleted.jpg"]
    assert any("|" in post["image"] for post in posts)
    assert len({post["post_id"] for post in posts}) == len(posts)


def edits(found: list[str], wanted: list[str]) -> int:
    """Smallest number of words to insert, delete or replace."""
    row = list(range(len(wanted) + 1))
    for number, word in enumerate(found, start=1):
        before, row = row, [number]
        for place, other in enumerate(wanted, start=1):
            row.append(min(before[place] + 1, row[-1] + 1, before[place - 1] + (word != other)))
    return row[-1]


def test_the_transcript_of_the_scan_is_what_is_read_on_it(tmp_path: Path) -> None:
    pytest.importorskip("tesserocr", reason="tesserocr has no wheel here")
    study = tm.Study(tmp_path / "study", media=MEDIA / "documents" / "scanned_page.jpg").analyze(["ocr"], jobs=1)
    found = " ".join(study.table("texts")["text"]).split()
    wanted = (EXAMPLES / "transcripts" / "scanned_page.txt").read_text(encoding="utf-8").split()
    rate = edits(found, wanted) / len(wanted)
    print(f"word error rate on the scanned page: {rate:.3f} of {len(wanted)} words")
    assert rate < 0.1


def test_the_transcript_of_the_recording_has_a_line_an_excerpt() -> None:
    speech = (EXAMPLES / "transcripts" / "sense_and_sensibility.txt").read_text(encoding="utf-8")
    assert re.fullmatch(r"([a-z]+( [a-z]+)*\n){5}", speech)
