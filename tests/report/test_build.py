"""The page as a whole: well formed, complete, self-contained, and safe with hostile input."""

import base64
import dataclasses
import hashlib
import json
from html.parser import HTMLParser

import pandas as pd
import pytest

from tidymedia.report.build import build_report
from tidymedia.report.contact_sheet import SHEET_BYTES, make_contact_sheet
from tidymedia.report.sheet_choice import SHEET_TILES

VOID = {"meta", "input", "img", "br", "link", "hr"}
SECTIONS = ["overview", "failures", "sheet", "plots", "texts", "provenance", "methods", "caveats"]
HOSTILE_NAME = "press/</script><img src=x onerror=alert(1)>.jpg"


class Page(HTMLParser):
    """Reads a page strictly: every element is closed, in order."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.elements, self.ids, self.texts, self.mistakes = [], [], [], {}, []
        self.feed(text)
        self.close()
        self.mistakes.extend(f"<{name}> is not closed" for name in self.open)

    def handle_starttag(self, name, attributes):
        self.elements.append((name, dict(attributes)))
        if "id" in dict(attributes):
            self.ids.append(dict(attributes)["id"])
        if name not in VOID:
            self.open.append(name)

    def handle_startendtag(self, name, attributes):
        self.elements.append((name, dict(attributes)))

    def handle_endtag(self, name):
        if not self.open or self.open[-1] != name:
            self.mistakes.append(f"</{name}> closes {self.open[-3:]} at {self.getpos()}")
        else:
            self.open.pop()

    def handle_data(self, text):
        self.texts.setdefault(self.open[-1] if self.open else "", []).append(text)

    def all(self, name):
        return [attributes for found, attributes in self.elements if found == name]


@pytest.fixture(scope="module")
def text(content):
    return build_report(content)


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


def sheet_data(page):
    return json.loads(next(text for text in page.texts["script"] if text.startswith("{")))


def test_page_is_well_formed_and_has_every_section(page):
    assert page.mistakes == []
    assert len(page.ids) == len(set(page.ids))
    assert [attributes["id"] for attributes in page.all("section")] == SECTIONS
    targets = {attributes["href"][1:] for attributes in page.all("a") if "=" not in attributes["href"]}
    assert targets == set(SECTIONS)
    labelled = [a["aria-labelledby"].split() for _, a in page.elements if "aria-labelledby" in a]
    assert {name for names in labelled for name in names} <= set(page.ids)


def test_page_loads_nothing(text, page):
    for name, attributes in page.elements:
        for attribute in ("src", "href", "action", "srcset", "data", "poster", "formaction"):
            value = attributes.get(attribute)
            assert value is None or value.startswith(("data:image/jpeg;base64,", "#")), (name, attribute, value)
        assert "style" not in attributes
        assert not [attribute for attribute in attributes if attribute.startswith("on")]
    assert page.all("link") == page.all("iframe") == page.all("object") == []
    style = "".join(page.texts["style"])
    assert "url(" not in style
    assert "@import" not in style


def test_policy_allows_exactly_the_own_script_and_style(page):
    policy = next(a["content"] for a in page.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    scripts = [text for text in page.texts["script"] if not text.startswith("{")]
    assert len(scripts) == 1
    for rule, content in (("script-src", scripts[0]), ("style-src", "".join(page.texts["style"]))):
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["img-src"] == "data:"


def test_hostile_names_texts_and_messages_stay_text(text, page):
    assert len(page.all("script")) == 2
    assert not [a for a in page.all("img") if a.get("src") == "x"]
    assert not [a for a in page.all("svg") if "onload" in a]
    assert "<img src=x" not in text
    assert "<svg onload" not in text
    assert "<script>alert" not in text
    assert HOSTILE_NAME.rpartition("/")[2] in page.texts["bdi"]
    assert '"><svg onload=alert(2)> is broken.' in page.texts["bdi"]
    tile = next(tile for tile in sheet_data(page)["tiles"] if tile[0] == HOSTILE_NAME)
    assert tile[5].startswith("<script>alert('ocr')</script> <!-- -->")


@pytest.mark.parametrize("field", ["study_name", "created"])
def test_hostile_study_fields_are_escaped(content, field):
    hostile = Page(build_report(dataclasses.replace(content, **{field: '"><script>alert(3)</script>'})))
    assert hostile.mistakes == []
    assert len(hostile.all("script")) == 2


def test_hostile_provenance_parameters_and_user_columns_are_escaped(content):
    evil = '</pre></script><script>alert(4)</script>"><img src=y onerror=alert(5)>'
    notes = [
        dataclasses.replace(note, model=evil, caveat=evil, citation=evil, parameters={evil: evil}, title=evil)
        for note in content.extractors
    ]
    run = {**content.runs[-1], "command": evil, "settings": {evil: evil}, "packages": {evil: evil}, "platform": evil}
    summary = content.summary.rename(columns={"newspaper": evil}).assign(another=evil)
    tags = content.tables["tags"].assign(label=evil[:30])
    hostile = dataclasses.replace(
        content, extractors=notes, runs=[run], summary=summary, tables={**content.tables, "tags": tags}
    )
    page = Page(build_report(hostile))
    assert page.mistakes == []
    assert len(page.all("script")) == 2
    assert not [a for a in page.all("img") if a.get("src") == "y"]


def test_names_that_are_no_unicode_can_be_written(content):
    media = content.media.copy()
    media["path"] = media["path"].astype(object)
    media.loc[3, "path"] = "caf\udce9\x00.jpg"
    page = build_report(dataclasses.replace(content, media=media))
    page.encode("utf-8")
    assert "caf\ufffd\ufffd.jpg" in page


def test_files_without_thumbnail_get_an_icon(page, content):
    tiles = sheet_data(page)["tiles"]
    without = [tile for tile in tiles if tile[4] is None]
    assert {tile[1] for tile in without} == {"audio", "unknown"}
    icons = [a["href"] for a in page.all("use")]
    assert icons.count("#icon-audio") == sum(tile[1] == "audio" for tile in tiles)
    assert set(icons) <= {f"#{name}" for name in page.ids}
    assert len(tiles) == len(content.media)


def test_without_javascript_the_first_tiles_are_there(page):
    assert len([a for a in page.all("button") if "data-tile" in a]) == 60
    images = page.all("img")
    assert len(images) == len([tile for tile in sheet_data(page)["tiles"] if tile[4] is not None])
    assert {image["loading"] for image in images} == {"lazy"}
    assert page.all("noscript")
    controls = next(a for a in page.all("form") if a["id"] == "sheet-controls")
    assert "hidden" in controls


def test_thumbnails_are_carried_once(content_of):
    content = content_of(300)
    text = build_report(content)
    for data in list(content.thumbnails.values())[::40]:
        assert text.count(base64.b64encode(data).decode()) == 1


def test_many_files_are_sampled_and_it_is_said(content_of):
    content = content_of(2_000)
    heavy = {name: data + b"\0" * (11_000 - len(data)) for name, data in content.thumbnails.items()}
    text = build_report(dataclasses.replace(content, thumbnails=heavy))
    tiles = sheet_data(Page(text))["tiles"]
    assert len(text.encode()) < 12_000_000
    assert 600 < len(tiles) <= SHEET_TILES
    assert f"The sheet shows {len(tiles):,} of 2,000 files" in text
    pictures = make_contact_sheet(dataclasses.replace(content, thumbnails=heavy)).pictures
    assert sum(len(base64.b64decode(picture)) for picture in pictures) <= SHEET_BYTES


def test_a_study_without_anything_has_a_report():
    from tidymedia.report.content import ReportContent

    empty = pd.DataFrame()
    page = Page(build_report(ReportContent("none yet", "2024-05-02T10:00:00Z", empty, empty, empty, {}, (), (), ())))
    assert page.mistakes == []
    assert [a["id"] for a in page.all("section")] == [name for name in SECTIONS if name != "texts"]


def test_tables_with_their_columns_but_without_rows(content):
    hollow = dataclasses.replace(
        content,
        media=content.media.iloc[:0],
        status=content.status.iloc[:0],
        failures=content.failures.iloc[:0],
        tables={name: rows.iloc[:0] for name, rows in content.tables.items()},
        summary=content.summary.iloc[:0],
        thumbnails={},
        runs=(),
    )
    assert Page(build_report(hollow)).mistakes == []


def test_every_file_can_have_failed(content):
    media = content.media.assign(media_id=None, kind=None, bytes=None, status="failed", error_type="EmptyFileError")
    hollow = dataclasses.replace(
        content,
        media=media,
        status=content.status.iloc[:0],
        failures=content.failures.iloc[:0],
        tables={},
        summary=None,
    )
    text = build_report(hollow)
    assert Page(text).mistakes == []
    assert "The file has zero bytes." in text
