"""The section on copies: its words, its pictures, and what it adds to the other sections."""

import base64
import dataclasses

import pytest

from tidymedia.duplicates.table import DUPLICATES, TURNS
from tidymedia.report import copies_view
from tidymedia.report.build import build_report
from tidymedia.report.contact_sheet import SHEET_BYTES, make_contact_sheet
from tidymedia.report.copies import Cluster, ClusterPicture
from tidymedia.report.copies_view import FURTHEST_PICTURE, how_found, make_copies_view, pictures_of
from tidymedia.report.methods_text import make_methods_text
from tidymedia.report.plots import make_plots


def member(name, picture=0, distance=0.0, turn="upright", **others):
    given = {"kind": "image", "time_ms": None, "paths": (f"{name}.jpg",), "files": 1, **others}
    return ClusterPicture(name, picture, distance=distance, turn=turn, **given)


def section(page):
    return page.partition('<section id="duplicates"')[2].partition("</section>")[0]


def test_words_say_how_copies_differ(content, with_copies):
    view = make_copies_view(with_copies(content))
    first, second, third = view.clusters
    assert view.how == "by perceptual hash (threshold 8 bits), rotated and mirrored copies included"
    assert [copy.difference for copy in first.copies] == [
        "near, 3 bits apart, mirrored, then rotated by 90° counter-clockwise",
        "near, 8 bits apart",
    ]
    assert [copy.place for copy in first.copies] == ["", "picture 2, at 0:10.000"]
    assert [copy.difference for copy in second.copies] == ["near, 1 bit apart, rotated by 180°"]
    assert (first.hidden, second.hidden, third.hidden, view.hidden) == (2, 0, 0, 57)
    assert (first.representative.difference, first.representative.more_paths) == ("", 2)


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"by": "bytes", "threshold": 0.0, "turned": False, "within_files": False}, "by their bytes"),
        ({"by": "embedding", "threshold": 0.12}, "by embedding (threshold 0.12, as 1 minus the cosine)"),
        (
            {"by": "pixels", "threshold": 0.05, "within_files": True},
            "by shrunk pixels (threshold 0.05, as 1 minus the cosine), copies within a file included",
        ),
        ({}, ""),
    ],
)
def test_how_copies_were_found(parameters, words):
    assert how_found(parameters) == words


def test_every_turn_has_words_of_its_own():
    words = {copies_view._turn(turn) for turn in TURNS}
    assert len(words) == len(TURNS)
    assert {word.split(",")[0].split(" ")[0] for word in words} == {"", "mirrored", "rotated"}
    assert copies_view._turn("") == ""


def test_those_that_stand_for_a_cluster_get_their_picture_first(content, with_copies):
    clusters = (
        Cluster(3, 3, (member("a"), member("b", 4), member("c", FURTHEST_PICTURE + 1))),
        Cluster(2, 2, (member("d", None), member("b", 4))),
    )
    found = with_copies(content, largest=clusters).copies
    assert pictures_of(found, 10) == ("a:p0", "d:p0", "b:p4")
    assert pictures_of(found, 2) == ("a:p0", "d:p0")
    assert pictures_of(found, 0) == ()


def test_the_section_says_what_was_found(content, with_copies):
    page = build_report(with_copies(content))
    words = section(page)
    assert (
        "60 clusters of copies, with 130 files. 71 files (3.2 MB) could be dropped, where what looks alike is a copy"
        in words
    )
    assert "The 3 largest clusters of 60 are shown." in words
    assert "2 more pictures are in the table" in words
    assert "on <time datetime=" in words and "2024-05-01 09:00 UTC" in words
    assert "out of date" not in words
    order = [page.index(f'href="#{name}"') for name in ("sheet", "duplicates", "plots")]
    assert order == sorted(order)


def test_out_of_date_comes_with_its_command(content, with_copies):
    late = with_copies(
        content, is_current=False, parameters={"by": "embedding", "threshold": 0.2, "within_files": True}
    )
    words = section(build_report(late))
    assert "This is out of date" in words
    command = (
        "tidymedia duplicates &#39;Harbour press &amp; pictures&#39; --by embedding --threshold 0.2 --within-files"
    )
    assert command in words
    by_bytes = with_copies(content, is_current=False, parameters={"by": "bytes", "threshold": 0.0})
    assert make_copies_view(by_bytes).command.endswith("--by bytes")


def test_no_copies_is_an_answer(content, with_copies):
    words = section(build_report(with_copies(content, clusters=0, files=0, largest=(), shown=())))
    assert "No copies were found." in words
    assert "cluster" not in words.replace("clusters", "")


def test_nothing_is_said_where_nobody_looked(content):
    page = build_report(content)
    assert make_copies_view(content) is None
    assert "#duplicates" not in page
    assert "Copies were found" not in page


def test_hostile_names_stay_text(content, with_copies):
    evil = '"></bdi><script>alert(6)</script><img src=z onerror=alert(7)>'
    cluster = Cluster(3, 2, (member("a", paths=(evil, evil), files=2), member("b", paths=(evil,), kind=evil)))
    late = with_copies(content, largest=(cluster,), shown=("a:p0",), is_current=False, parameters={"by": evil})
    page = build_report(dataclasses.replace(late, study_name=evil))
    assert page.count("<script") == 2
    assert "<img src=z" not in page
    assert section(page).count("&lt;img src=z") == 3 + 1


def test_every_picture_is_carried_once_beyond_the_first_page(content_of, with_copies):
    content = with_copies(content_of(300))
    late = make_contact_sheet(content).tiles[200]
    unit = f"{dict(zip(content.media['path'], content.media['media_id'], strict=True))[late.path]}:p0"
    shown = (Cluster(2, 2, (member(unit.removesuffix(":p0")), member("gone"))),)
    content = dataclasses.replace(
        content, copies=dataclasses.replace(content.copies, largest=shown, shown=(unit, "gone:p0"))
    )
    page = build_report(content)
    assert page.count(base64.b64encode(content.thumbnails[unit]).decode()) == 1
    words = section(page)
    assert f'data-picture="{late.picture}"' in words
    assert words.count("#icon-image") == 1


def test_heavy_pictures_are_left_out_and_the_sheet_gives_way(content_of, with_copies, monkeypatch):
    content = with_copies(content_of(60))
    monkeypatch.setattr(copies_view, "COPIES_BYTES", 12_000)
    view = make_copies_view(content)
    assert 0 < len(view.thumbnails) < len(content.copies.shown)
    assert view.bytes <= 12_000
    weight = sum(map(len, content.thumbnails.values()))
    sheet = make_contact_sheet(content, SHEET_BYTES - weight // 2)
    assert 0 < sum(len(base64.b64decode(picture)) for picture in sheet.pictures) <= weight // 2


def test_plots_and_values_leave_out_what_only_names_a_cluster(content, with_copies):
    columns = {plot.column for plot in make_plots(with_copies(content)) if plot.table == "duplicates"}
    assert "distance" in columns
    assert not columns & {"cluster", "cluster_files", "is_representative", "picture"}
    names = {column.name for column in make_contact_sheet(with_copies(content)).columns}
    assert not [name for name in names if "cluster" in name or "distance" in name]
    sampled = dataclasses.replace(with_copies(content), rows_total={"duplicates": 90_000})
    assert not make_contact_sheet(sampled).sampled


def test_methods_caveats_and_provenance_know_of_it(content, with_copies):
    text = make_methods_text(with_copies(content)).plain_text()
    assert (
        "Copies were found by perceptual hash (threshold 8 bits), rotated and mirrored copies included (version 1): "
        "130 files in 60 clusters." in text
    )
    assert f"Known limits of duplicates: {DUPLICATES.caveat}" in text
    page = build_report(with_copies(content))
    caveats = page.partition('<section id="caveats"')[2]
    assert DUPLICATES.caveat in caveats
    provenance = page.partition('<section id="provenance"')[2].partition("</section>")[0]
    assert "threshold = 8" in provenance and "ee" * 6 in provenance
    assert "duplicates" in page.partition('<section id="overview"')[2].partition("</section>")[0]
