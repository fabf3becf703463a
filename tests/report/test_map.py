"""The map in the report: which pictures, where, and that nothing of it needs a script or a network."""

import dataclasses
import html
import io
import re
import shutil
import subprocess
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import tidymedia as tm
from tidymedia.report.build import build_report
from tidymedia.report.contact_sheet import make_contact_sheet
from tidymedia.report.gather import gather
from tidymedia.report.map_choice import MAP_PICTURES, MAP_POINTS, read_map
from tidymedia.report.map_view import MAP_BYTES, ZOOMS, make_map_view
from tidymedia.report.small_pictures import small_pictures
from tidymedia.tables.derived import Origin

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PARAMETERS = {"method": "t-SNE", "perplexity": 30.0, "seed": 0, "pictures": 300, "of_pictures": 300}
ORIGIN = Origin(PARAMETERS, "2024-05-01T09:00:00+00:00", True)


def rows_of(count: int, *, seed: int = 0, height: float = 0.6) -> pd.DataFrame:
    """Make the rows of a map with points by chance."""
    chance = np.random.default_rng(seed)
    ids = [f"{number:064x}" for number in range(count)]
    return pd.DataFrame(
        {
            "path": [f"{number:05d}.jpg" for number in range(count)],
            "media_id": ids,
            "unit_id": [f"{one}:p0" for one in ids],
            "picture": 0,
            "x": chance.uniform(0, 1, count),
            "y": 0.5 + height * chance.uniform(-0.5, 0.5, count),
        }
    )


def add_map(content, **changes):
    """Give the content of a report a map of its pictures."""
    seen = content.media[content.media["media_id"].isin([unit.partition(":")[0] for unit in content.thumbnails])]
    rows = rows_of(len(seen)).assign(path=seen["path"].to_list(), media_id=seen["media_id"].to_list())
    rows["unit_id"] = rows["media_id"] + ":p0"
    found = read_map(rows, None, ORIGIN, 1000)
    return dataclasses.replace(content, map=dataclasses.replace(found, **changes))


def test_the_chosen_pictures_lie_far_from_each_other_and_come_first() -> None:
    rows = rows_of(400)
    found = read_map(rows, None, ORIGIN, 100)
    assert len(found.shown) == 25
    assert [point.unit_id for point in found.points[:25]] == list(found.shown)
    assert found.pictures == len(found.points) == len({point.unit_id for point in found.points}) == 400

    def least(points) -> float:
        places = np.array([(point.x, point.y) for point in points])
        apart = np.linalg.norm(places[:, None] - places[None], axis=2)
        return apart[np.triu_indices(len(places), 1)].min()

    chosen = least(found.points[:25])
    assert chosen > 0.08 > least(sorted(found.points, key=lambda point: point.path)[:25])


def test_limits_of_pictures_and_points() -> None:
    found = read_map(rows_of(MAP_POINTS + 500), None, ORIGIN, 10_000)
    assert (len(found.points), len(found.shown), found.pictures) == (MAP_POINTS, MAP_PICTURES, MAP_POINTS + 500)
    assert read_map(rows_of(50), None, ORIGIN, 0).shown == ()
    assert read_map(rows_of(0), None, ORIGIN, 100) is None
    assert read_map(rows_of(5).drop(columns="x"), None, ORIGIN, 100) is None
    late = rows_of(4).assign(picture=[0, 100, 101, 5000])
    late["unit_id"] = [f"{one}:p{picture}" for one, picture in zip(late["media_id"], late["picture"], strict=True)]
    assert len(read_map(late, None, ORIGIN, 100).shown) == 2  # films are not decoded to their end for a small picture


def test_a_file_in_two_places_is_one_point() -> None:
    rows = rows_of(3)
    found = read_map(pd.concat([rows.assign(path="z" + rows["path"]), rows]), None, ORIGIN, 100)
    assert sorted(point.path for point in found.points) == rows["path"].tolist()


def test_places_are_kept_in_one_scale(content) -> None:
    view = make_map_view(add_map(content))
    found = {point.path: point for point in view.found.points}
    assert not view.is_square
    wide = [float(picture.x[:-1]) / 100 for picture in view.pictures]
    high = [float(picture.y[:-1]) / 100 for picture in view.pictures]
    x, y = ([getattr(found[picture.path], axis) for picture in view.pictures] for axis in "xy")
    across, down = np.polyfit(x, wide, 1)[0], np.polyfit(y, high, 1)[0]
    assert across == pytest.approx(down / 1.5, rel=0.01)  # the figure is one and a half times as wide as high
    assert np.corrcoef(x, wide)[0, 1] > 0.9999 and np.corrcoef(y, high)[0, 1] > 0.9999
    assert min(wide + high) > 0.04 and max(wide + high) < 0.96
    square = read_map(rows_of(50, height=1.0), None, ORIGIN, 1000)
    assert make_map_view(dataclasses.replace(content, map=square)).is_square


def test_at_each_size_no_picture_covers_another(content_of) -> None:
    view = make_map_view(add_map(content_of(400)))
    assert {picture.level for picture in view.pictures} >= {1, 2}
    for zoom in ZOOMS[:-1]:
        places = np.array(
            [
                (float(one.x[:-1]) * 10 * zoom, float(one.y[:-1]) * 6.67 * zoom)
                for one in view.pictures
                if one.level <= zoom
            ]
        )
        apart = np.abs(places[:, None] - places[None])
        covers = (apart[..., 0] < 53.5) & (apart[..., 1] < 43.5)
        assert covers.sum() == len(places)  # each covers itself alone


def test_pictures_are_small_and_within_their_budget(content) -> None:
    changed = add_map(content)
    view = make_map_view(changed)
    import base64

    for picture in view.pictures:
        with Image.open(io.BytesIO(base64.b64decode(picture.jpeg))) as image:
            assert max(image.size) == 64
    assert len(view.pictures) == len(changed.thumbnails)
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (200, 200, 3), np.uint8))
    stream = io.BytesIO()
    noise.save(stream, "JPEG", quality=95)
    big = dataclasses.replace(
        changed,
        map=read_map(rows_of(900), None, ORIGIN, 4000),
        thumbnails={f"{number:064x}:p0": stream.getvalue() for number in range(900)},
    )
    shown = make_map_view(big)
    assert len(shown.pictures) <= MAP_PICTURES
    assert sum(len(picture.jpeg) for picture in shown.pictures) * 3 / 4 <= MAP_BYTES
    assert len(shown.pictures) + len(shown.dots) == 900


def test_how_the_map_was_made_is_said(content) -> None:
    view = make_map_view(add_map(content))
    assert view.how == "Made from the embeddings of 300 pictures by t-SNE (perplexity 30, seed 0)"
    assert view.command == "tidymedia map 'Harbour press & pictures'"
    sampled = {**PARAMETERS, "pictures": 50, "of_pictures": 90_000, "seed": 3, "perplexity": 49 / 3}
    view = make_map_view(add_map(content, parameters=sampled))
    assert "50 pictures, a random sample of 90,000, by t-SNE (perplexity 16.3, seed 3)" in view.how
    assert view.command.endswith("--seed 3")
    chosen = {**PARAMETERS, "perplexity": 12.5}
    assert make_map_view(add_map(content, parameters=chosen)).command.endswith("--perplexity 12.5")
    few = {**PARAMETERS, "method": "PCA", "perplexity": None, "pictures": 1, "of_pictures": 1}
    assert "1 picture by their two principal components" in make_map_view(add_map(content, parameters=few)).how


class _Elements(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, name, attributes):
        self.found.append((name, dict(attributes)))
        if name not in ("input", "img"):
            self.open.append(name)

    def handle_startendtag(self, name, attributes):
        self.found.append((name, dict(attributes)))

    def handle_endtag(self, name):
        assert self.open.pop() == name

    def all(self, name):
        return [attributes for found, attributes in self.found if found == name]


def section_of(page: str) -> str:
    return '<section id="map"' + page.partition('<section id="map"')[2].partition("</section>")[0] + "</section>"


def test_the_section_is_whole_without_a_script(content) -> None:
    changed = add_map(content)
    page = build_report(changed)
    section = section_of(page)
    elements = _Elements(section)
    assert elements.open == []
    assert '<li><a href="#map">Map</a></li>' in page
    images = elements.all("image")
    assert len(images) == len(changed.thumbnails)
    assert all(image["href"].startswith("data:image/jpeg;base64,") for image in images)
    assert not any("style" in attributes for _, attributes in elements.found)  # the policy of the page forbids them
    assert not any(name == "script" for name, _ in elements.found)
    assert [one["value"] for one in elements.all("input")] == [str(zoom) for zoom in ZOOMS]
    assert sum("checked" in one for one in elements.all("input")) == 1
    assert "Read neighbours alone." in section and "10.23915/distill.00002" in section
    listed = section.partition("<details>")[2]
    for path in {point.path for point in changed.map.points}:
        assert html.escape(path, quote=True).replace("&#x27;", "&#39;") in listed.replace("&#34;", "&quot;")
    assert "<script" not in section and "onerror=alert(1)>" not in section.replace("&gt;", "")


def test_no_map_no_section(content) -> None:
    page = build_report(content)
    assert 'id="map"' not in page and 'href="#map"' not in page


def test_a_map_that_is_out_of_date_says_so(content) -> None:
    section = section_of(build_report(add_map(content, is_current=False)))
    assert "This is out of date" in section and "tidymedia map" in section


def test_every_size_has_its_rules() -> None:
    style = files("tidymedia.report").joinpath("assets", "map.css").read_text("utf-8")
    for zoom in ZOOMS[1:]:
        assert f"#map:has(#map-zoom-{zoom}:checked) .map-plane {{ width: {zoom}00%; height: {zoom}00%; }}" in style
        shown = re.search(rf"#map:has\(#map-zoom-{zoom}:checked\) ([^,{{]*(?:\([^)]*\))? image)", style)
        assert shown is not None and f".level-{zoom}" in shown[1]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> tm.Study:
    folder = tmp_path_factory.mktemp("map")
    media = folder / "media"
    media.mkdir()
    chance = np.random.default_rng(1)
    for number in range(12):
        color = ("red", "green", "blue")[number % 3]
        image = Image.new("RGB", (220, 160), color)
        image.paste("white", (*(int(value) for value in chance.integers(0, 90, 2)), 150, 120))
        image.save(media / f"{color} {number}.png")
    frames = [Image.new("RGB", (120, 90), (0, 60 * number, 90)) for number in range(4)]
    frames[0].save(media / "film.gif", save_all=True, append_images=frames[1:], duration=500)
    study = tm.Study(folder / "study", media=media, pictures={"animation": "1f"}).analyze(["embeddings"], jobs=1)
    study.map()
    return study


def test_a_study_is_shown_with_the_frames_of_its_films(study: tm.Study) -> None:
    page = study.report().read_text(encoding="utf-8")
    section = section_of(page)
    assert section.count("<image ") == 16
    assert "film.gif, picture 3, at 0:01.500" in section
    assert "of 16;" in section and "out of date" not in section
    content = gather(study.folder, study._file, study.extractors, 1000)
    assert set(content.map.shown) <= set(content.thumbnails)
    assert content.is_derived("map")
    assert "map" in {note.name for note in content.derivations}
    assert "Only neighbourhoods mean something" in page.partition('id="caveats"')[2]


def test_no_more_small_pictures_than_the_user_allows(study: tm.Study) -> None:
    media = study.table("media")
    for most in (0, 1, 8, 14):
        content = gather(study.folder, study._file, study.extractors, most)
        assert len(content.map.shown) == most // 4
        assert len(content.thumbnails) <= most
        assert len(make_map_view(content).pictures) == len(set(content.map.shown) & set(content.thumbnails))
    wanted = gather(study.folder, study._file, study.extractors, 1000).map.shown
    assert len(small_pictures(study._file, media, 16, wanted)) == 16
    # Pictures of the map that the sheet has anyway take no room on it.
    first = tuple(unit for unit in wanted if unit.endswith(":p0"))[:5]
    assert len(small_pictures(study._file, media, 13, first)) == 13
    sheet = make_contact_sheet(gather(study.folder, study._file, study.extractors, 1000))
    assert len(sheet.tiles) == len(media)


def _probe(folder: Path, page: str, steps: str) -> list[str]:
    """Show a page in a frame of a browser, take some steps in it, and return what they noted in ``out``."""
    (folder / "page.html").write_text(page, encoding="utf-8")
    probe = (
        "<!doctype html><meta charset=utf-8><body><iframe width=1200 height=900 src=page.html></iframe><script>"
        "onload = () => setTimeout(async () => { const win = document.querySelector('iframe').contentWindow;"
        " const of = win.document; const frame = of.getElementById('map-frame'); const out = [];"
        " const wait = () => new Promise((done) => setTimeout(done, 300));"
        f" {steps} document.body.dataset.found = out.join('|'); }}, 800);</script>"
    )
    (folder / "probe.html").write_text(probe, encoding="utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--allow-file-access-from-files"]
    flags += ["--virtual-time-budget=9000", "--enable-logging=stderr", f"--user-data-dir={folder / 'profile'}"]
    address = (folder / "probe.html").as_uri()
    done = subprocess.run([CHROMIUM, *flags, "--dump-dom", address], capture_output=True, timeout=120, check=True)
    assert not [line for line in done.stderr.decode("utf-8", "replace").splitlines() if "CONSOLE" in line]
    return re.search(r'data-found="([^"]*)"', done.stdout.decode("utf-8"))[1].split("|")


in_a_browser = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")


@pytest.mark.browser
@in_a_browser
@pytest.mark.parametrize("scripted", [True, False])
def test_the_map_can_be_enlarged_in_a_browser(content_of, tmp_path: Path, scripted: bool) -> None:
    page = build_report(add_map(content_of(300)))
    page = page.replace('value="1" checked', 'value="1"').replace('value="4"', 'value="4" checked')
    if not scripted:
        page = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    steps = """
        const shown = (one) => win.getComputedStyle(one).display !== 'none';
        out.push(frame.scrollWidth / frame.clientWidth, frame.scrollHeight / frame.clientHeight);
        for (const level of [1, 4, 8]) {
          const images = [...of.querySelectorAll(`.level-${level} image`)];
          out.push(images.filter(shown).length / images.length);
        }
    """
    wide, high, *shares = map(float, _probe(tmp_path, page, steps))
    assert wide == pytest.approx(4, abs=0.05) and high == pytest.approx(4, abs=0.05)
    assert shares == [1, 1, 0]


@pytest.mark.browser
@in_a_browser
def test_the_middle_stays_and_the_map_can_be_dragged(content_of, tmp_path: Path) -> None:
    steps = """
        const say = () => out.push(frame.scrollLeft / frame.clientWidth, frame.scrollTop / frame.clientHeight);
        of.getElementById('map-zoom-4').click(); await wait(); say();
        frame.dispatchEvent(new win.KeyboardEvent('keydown', { key: '-', bubbles: true })); await wait(); say();
        const before = frame.scrollLeft;
        const at = (x) => ({ pointerType: 'mouse', button: 0, clientX: x, clientY: 300, bubbles: true });
        frame.dispatchEvent(new win.PointerEvent('pointerdown', at(400)));
        win.dispatchEvent(new win.PointerEvent('pointermove', at(300)));
        win.dispatchEvent(new win.PointerEvent('pointerup', at(300)));
        out.push(frame.scrollLeft - before);
        const dialog = of.getElementById('detail');
        const click = async () => {
          const link = of.querySelector('a.map-picture');
          link.dispatchEvent(new win.MouseEvent('click', { bubbles: true, cancelable: true }));
          await wait();
          out.push(Number(dialog.open));
        };
        await click(); await click();
    """
    found = [float(one) for one in _probe(tmp_path, build_report(add_map(content_of(300))), steps)]
    # The end of a drag opens no file; a click does.
    assert found == pytest.approx([1.5, 1.5, 0.5, 0.5, 100, 0, 1], abs=0.02)
