"""The report: one HTML file that needs nothing else and loads nothing."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from tidymedia.report import wording
from tidymedia.report.contact_sheet import PAGE_TILES, make_contact_sheet
from tidymedia.report.content import ReportContent
from tidymedia.report.copies_view import make_copies_view
from tidymedia.report.failures_view import FILES_LISTED, failure_groups, skip_lines
from tidymedia.report.map_view import ZOOMS, make_map_view
from tidymedia.report.methods_text import make_methods_text
from tidymedia.report.overview import BAR_WIDTH, make_overview
from tidymedia.report.page_parts import content_security_policy, json_block, without_controls
from tidymedia.report.plots import WIDTH, make_plots
from tidymedia.report.provenance_view import flatten, make_provenance, tidymedia_version
from tidymedia.report.texts_view import texts_views
from tidymedia.report.timeline_view import make_timelines_view
from tidymedia.tables.standard import STATUSES

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["build_report"]


def build_report(content: ReportContent) -> str:
    """Make the report of a study.

    The page holds its styles, its script and its thumbnails, and forbids the browser to load anything else.
    File names, texts and messages come from strangers: they are escaped, and no script but the page's own runs.

    Parameters
    ----------
    content : ReportContent
        The study.

    Returns
    -------
    str
        An HTML page, to be written as UTF-8.

    Examples
    --------
    >>> import pandas as pd
    >>> empty = pd.DataFrame()
    >>> page = build_report(ReportContent("press", "2024-05-01T08:30:00Z", empty, empty, empty, {}, (), (), ()))
    >>> page.startswith("<!doctype html>"), "http-equiv" in page
    (True, True)
    """
    script = _asset("report.js") + _asset("map.js")
    style = _asset("report.css") + _asset("map.css") + _asset("timeline.css")
    last = content.runs[-1] if content.runs else {}
    copies = make_copies_view(content)
    sheet = make_contact_sheet(content, copies.bytes if copies else 0)
    page = (
        _environment()
        .get_template("report.html.j2")
        .render(
            content=content,
            notes=[*content.extractors, *content.derivations],
            overview=make_overview(content),
            statuses=STATUSES,
            failures=failure_groups(content),
            files_listed=FILES_LISTED,
            skips=skip_lines(content),
            sheet=sheet,
            sheet_data=json_block(sheet.data(copies.thumbnails if copies else ())),
            sheet_numbers=sheet.numbers(),
            sheet_paths={tile.path for tile in sheet.tiles},
            page_tiles=PAGE_TILES,
            copies=copies,
            map=make_map_view(content),
            map_zooms=ZOOMS,
            timelines=make_timelines_view(content),
            plots=make_plots(content),
            plot_width=WIDTH,
            bar_width=BAR_WIDTH,
            texts=texts_views(content),
            provenance=make_provenance(content),
            methods=make_methods_text(content),
            version=tidymedia_version(last),
            policy=content_security_policy(script, style),
            script=script,
            style=style,
        )
    )
    return without_controls(page)


def _asset(name: str) -> str:
    return files("tidymedia.report").joinpath("assets", name).read_text("utf-8").replace("\r\n", "\n")


def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("tidymedia.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        counted=wording.counted,
        duration=wording.duration,
        flatten=flatten,
        number=wording.number,
        percent=wording.percent,
        size=wording.size,
        value_text=wording.value_text,
    )
    return environment
