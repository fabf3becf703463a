"""The page in headless Chromium: its script runs, filters, sorts and opens files; nothing scrolls sideways."""

import html
import re
import shutil
import subprocess
from urllib.parse import quote

import pytest

from tidymedia.report.build import build_report

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine"),
]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
    "--no-first-run",
    "--disable-component-update",
    "--enable-logging=stderr",
    "--virtual-time-budget=5000",
]
HOSTILE_NAME = "press/</script><img src=x onerror=alert(1)>.jpg"


@pytest.fixture(scope="module")
def show(content_of, with_copies, tmp_path_factory):
    folder = tmp_path_factory.mktemp("browser")
    (folder / "report.html").write_text(build_report(with_copies(content_of(300))), encoding="utf-8")

    def run(fragment="", file="report.html", text=None):
        if text is not None:
            (folder / file).write_text(text, encoding="utf-8")
        address = (folder / file).as_uri() + (f"#{fragment}" if fragment else "")
        command = [CHROMIUM, *FLAGS, f"--user-data-dir={folder / 'profile'}", "--dump-dom", address]
        done = subprocess.run(command, capture_output=True, timeout=120, check=True)
        said = [line for line in done.stderr.decode("utf-8", "replace").splitlines() if "CONSOLE" in line]
        return done.stdout.decode("utf-8"), said

    run.folder = folder
    return run


def _tiles(dom):
    return [html.unescape(name) for name in re.findall(r'<span class="caption" title="([^"]*)"', dom)]


def _status(dom):
    return re.search(r'id="sheet-status"[^>]*>([^<]*)<', dom)[1]


def test_script_runs_without_errors_and_pages(show):
    dom, said = show()
    assert said == []
    assert 'data-ready="true"' in dom
    assert len(_tiles(dom)) == 120
    assert _status(dom) == "300 files, 1 to 120 shown"


def test_address_restores_filter_and_page(show):
    dom, said = show("q=unicorn")
    assert said == []
    assert _tiles(dom) == ["press/2024/éclair 0002.jpg"]
    assert _status(dom) == "1 of 300 files match"
    dom, _ = show("kind=audio&outcome=ok")
    assert 0 < len(_tiles(dom)) < 40
    dom, _ = show("page=3")
    assert len(_tiles(dom)) == 60


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_sorting_by_a_number_puts_missing_values_last(show, content_of, order):
    dom, said = show(f"sort=brightness&order={order}")
    summary = content_of(300).summary.sort_values("brightness", ascending=order == "asc")
    assert said == []
    assert _tiles(dom) == summary["path"].head(120).tolist()
    dom, _ = show(f"sort=brightness&order={order}&page=3")
    assert not set(_tiles(dom)[-45:]) & set(summary["path"])


def test_address_opens_a_hostile_file_as_text(show):
    dom, said = show(f"file={quote(HOSTILE_NAME, safe='')}")
    assert said == []
    detail = dom.partition('<dialog id="detail"')[2].partition("</dialog>")[0]
    assert 'open=""' in detail[:80]
    assert html.escape(HOSTILE_NAME, quote=False) in detail
    assert "&lt;script&gt;alert('ocr')&lt;/script&gt;" in detail
    assert "<script" not in detail
    assert 'src="x"' not in detail


def test_policy_stops_a_script_that_got_in(show):
    page = (show.folder / "report.html").read_text(encoding="utf-8")
    planted = '<main><script>document.title = "broken in"</script><img src="data:," onerror="document.title = \'in\'">'
    dom, said = show(file="planted.html", text=page.replace("<main>", planted, 1))
    assert "tidymedia report</title>" in dom
    assert any("Content Security Policy" in line for line in said)


def test_nothing_scrolls_sideways(show):
    page = html.escape((show.folder / "report.html").read_text(encoding="utf-8"))
    frames = "".join(f'<iframe width="{width}" height="800" srcdoc="{page}"></iframe>' for width in (360, 700, 1600))
    script = (
        "onload = () => setTimeout(() => { document.body.dataset.widths = [...document.querySelectorAll('iframe')].map("
        "(frame) => { const root = frame.contentDocument.documentElement;"
        " for (const part of root.querySelectorAll('details')) part.open = true;"
        " return root.scrollWidth + '/' + root.clientWidth; }).join(' '); }, 500);"
    )
    dom, _ = show(
        file="frames.html", text=f"<!doctype html><meta charset=utf-8><body>{frames}<script>{script}</script>"
    )
    widths = re.search(r'<body data-widths="([^"]*)"', dom)[1].split()
    assert len(widths) == 3
    for width in widths:
        whole, seen = map(int, width.split("/"))
        assert whole <= seen, widths


def test_pictures_of_copies_serve_the_sheet(show, content_of, with_copies):
    (name,) = with_copies(content_of(300)).copies.largest[1].members[1].paths
    written = (show.folder / "report.html").read_text(encoding="utf-8")
    assert f'title="{name}"' not in written  # its tile is on a later page, and its thumbnail is among the copies alone
    dom, said = show(f"file={quote(name, safe='')}")
    assert said == []
    copy = dom.partition('<section id="duplicates"')[2].partition(f"<bdi>{name}</bdi>")[0]
    source = re.findall(r'<img src="([^"]+)" data-picture="\d+"', copy)[-1]
    detail = dom.partition('<dialog id="detail"')[2].partition("</dialog>")[0]
    assert f'src="{source}"' in detail
