"""The numbers and words of each section, against counts made by hand."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from tidymedia.report.contact_sheet import make_contact_sheet
from tidymedia.report.failures_view import failure_groups, skip_lines
from tidymedia.report.methods_text import make_methods_text
from tidymedia.report.outcomes import file_outcomes
from tidymedia.report.overview import make_overview
from tidymedia.report.plots import WIDTH, make_plots
from tidymedia.report.provenance_view import make_provenance
from tidymedia.report.sheet_choice import SHEET_TILES, sheet_files, sheet_rows
from tidymedia.report.texts_view import texts_views
from tidymedia.tables import Column, Table


def test_overview_counts_files_kinds_and_outcomes(content):
    overview = make_overview(content)
    assert overview.files == 60
    assert sum(line.files for line in overview.kinds) == 60
    assert {line.kind: line.files for line in overview.kinds}[""] == 3
    assert overview.outcomes == {"ok": 53, "partial": 4, "failed": 3}
    assert overview.bytes == content.media["bytes"].sum()
    by_name = {line.name: line for line in overview.extractors}
    expected = content.status[content.status["extractor"] == "ocr"]["status"].value_counts()
    assert {word: count for word, count in by_name["ocr"].counts.items() if count} == expected.to_dict()
    assert sum(part.width for part in by_name["ocr"].bar) == pytest.approx(1000, abs=0.1)


def test_copies_are_told_apart_from_files(content):
    twice = dataclasses.replace(
        content, media=pd.concat([content.media, content.media.head(1).assign(path="copy.jpg")])
    )
    overview = make_overview(twice)
    assert (overview.files, overview.media, overview.copies) == (61, 57, 1)
    assert "1 file was a byte-for-byte copy of another" in make_methods_text(twice).paragraphs[0]


def test_a_file_that_failed_in_one_extractor_only_is_partial():
    media = pd.DataFrame({"media_id": ["a", "b", None, "c"], "status": ["ok", "ok", "missing", "ok"]})
    status = pd.DataFrame(
        {"media_id": ["a", "a", "b", "b"], "status": ["ok", "failed", "failed", "skipped"]},
    )
    assert file_outcomes(media, status) == ["partial", "failed", "failed", "skipped"]


def test_failures_are_grouped_with_their_remedy(content):
    groups = {group.error_type: group for group in failure_groups(content)}
    assert groups["BrokenFileError"].count == 3
    assert groups["BrokenFileError"].remedies == ("Get the file again from its source.",)
    assert groups["BrokenFileError"].meaning == "The file is damaged, truncated, or not what its name says."
    lines = groups["NoProgressError"].lines
    assert [line.extractors for line in lines] == [("ocr",)] * 4
    assert {line.place for line in lines} == {"picture 3", "picture 3, at 1:01.500"}


def test_one_broken_file_is_one_failure_however_many_extractors_wanted_it(content):
    path = content.media.loc[5, "path"]
    row = {"path": path, "media_id": None, "picture": None, "time_ms": None, "error_type": "BrokenFileError"}
    rows = [{**row, "extractor": name, "error_message": "x is broken.", "remedy": None} for name in ("pixels", "ocr")]
    failures = pd.DataFrame(rows, columns=content.failures.columns)
    groups = failure_groups(dataclasses.replace(content, failures=failures))
    assert [(group.error_type, group.count) for group in groups] == [("BrokenFileError", 3)]
    assert ("pixels", "ocr") in [line.extractors for line in groups[0].lines]


def test_long_lists_of_failures_are_cut_and_small_groups_kept(content):
    many = pd.concat([content.failures.head(1).assign(path=f"{number}.jpg") for number in range(500)])
    rare = content.failures.head(1).assign(path="rare.jpg", error_type="MemoryLimitError")
    groups = failure_groups(dataclasses.replace(content, failures=pd.concat([many, rare])), limit=200)
    assert sum(len(group.lines) for group in groups) == 200
    assert groups[0].count == 500
    assert {group.error_type: len(group.lines) for group in groups}["MemoryLimitError"] == 1


def test_skipped_is_no_failure(content):
    lines = skip_lines(content)
    audio = int((content.media["kind"] == "audio").sum())
    assert {(line.extractor, line.reason, line.count) for line in lines} == {
        (name, "not_applicable", audio) for name in ("pictures", "pixels", "ocr")
    }


def test_tiles_have_values_texts_and_tags(content):
    sheet = make_contact_sheet(content)
    names = [column.name for column in sheet.columns]
    assert {"file size", "words", "brightness", "newspaper", "colorfulness", "format"} <= set(names)
    assert not [name for name in names if name.startswith("pixels.")]
    tile = next(tile for tile in sheet.tiles if tile.text.startswith("unicorn"))
    values = dict(zip(names, tile.values, strict=True))
    row = content.summary[content.summary["path"] == tile.path].iloc[0]
    assert values["brightness"] == pytest.approx(row["brightness"], rel=1e-5)
    assert values["words"] == len(tile.text.split())
    assert tile.tags == ("dog",)
    assert {column.name for column in sheet.columns if column.sortable} >= {"words", "brightness"}
    assert "format" not in {column.name for column in sheet.columns if column.sortable}


def test_no_text_counts_as_zero_words_but_a_failure_does_not(content):
    sheet = make_contact_sheet(content)
    place = [column.name for column in sheet.columns].index("words")
    words = {tile.path: tile.values[place] for tile in sheet.tiles}
    status = content.status[content.status["extractor"] == "ocr"].set_index("media_id")["status"]
    found = {
        word: {
            words[path]
            for path, media_id in zip(content.media["path"], content.media["media_id"], strict=True)
            if status.get(media_id, "unread") == word
        }
        for word in ("empty", "skipped", "unread")
    }
    assert found == {"empty": {0}, "skipped": {None}, "unread": {None}}


def test_words_are_not_counted_from_a_sample(content):
    sheet = make_contact_sheet(dataclasses.replace(content, rows_total={"texts": 10_000}))
    assert sheet.sampled
    assert "words" not in [column.name for column in sheet.columns]


def test_sample_takes_even_steps():
    media = pd.DataFrame({"path": [f"{number:04d}" for number in range(1000)]}).sample(frac=1, random_state=1)
    chosen = sheet_rows(media, 10)["path"].astype(int)
    assert chosen.tolist() == list(range(0, 1000, 100))


def test_pictures_of_copies_take_the_place_of_files_only_where_the_sheet_has_not_got_them():
    media = pd.DataFrame({"path": [f"{number:04d}" for number in range(1200)]})
    media["media_id"] = media["path"].str.zfill(64)
    chosen = sheet_files(media)
    on_sheet = [f"{media_id}:p0" for media_id in chosen["media_id"][:30]]
    assert len(sheet_files(media, on_sheet)) == SHEET_TILES
    others = [*on_sheet, *(unit.replace(":p0", ":p1") for unit in on_sheet)]
    fewer = sheet_files(media, others)
    assert len(fewer) == SHEET_TILES - 30
    assert set(fewer["path"]) <= set(chosen["path"])
    assert len(sheet_files(media.head(900), others)) == 900


def test_fewer_files_are_shown_rather_than_files_without_their_picture(content_of):
    content = content_of(1_500)
    known = {f"{media_id}:p0" for media_id in sheet_files(content.media)["media_id"].dropna()}
    heavy = {unit: data + b"\0" * (11_000 - len(data)) for unit, data in content.thumbnails.items() if unit in known}
    sheet = make_contact_sheet(dataclasses.replace(content, thumbnails=heavy))
    assert 500 < len(sheet.tiles) < SHEET_TILES
    without = [tile.path for tile in sheet.tiles if tile.picture is None]
    expected = {"audio", "unknown"}
    assert {tile.kind for tile in sheet.tiles if tile.path in without} == expected


def test_plots_take_from_every_table_and_leave_out_names(content):
    plots = make_plots(content)
    columns = {f"{plot.table}.{plot.column}" for plot in plots}
    assert len(plots) <= 12
    assert {"pixels.brightness", "pixels.dominant_color", "texts.lang", "tags.label", "metadata.format"} <= columns
    assert not columns & {"metadata.sha1", "texts.text", "texts.box_x"}
    for plot in plots:
        rows = content.tables[plot.table]
        rows = rows[rows["rank"] == 0] if plot.table == "tags" else rows
        total = len(rows) - int(rows[plot.column].isna().sum())
        assert sum(bar.count for bar in plot.bars) == total
        assert all(bar.x >= 0 and bar.x + bar.width <= WIDTH for bar in plot.bars)
        assert all(0 <= tick.x <= WIDTH for tick in plot.ticks)


def test_plot_says_how_many_values_are_missing(content):
    plot = next(plot for plot in make_plots(content) if plot.column == "duration_ms")
    audio = int((content.media["kind"] == "audio").sum())
    assert plot.caption.startswith(f"n = {audio} files; {57 - audio} missing (")


def test_of_several_labels_of_a_thing_the_best_is_plotted(content):
    plot = next(plot for plot in make_plots(content) if (plot.table, plot.column) == ("tags", "label"))
    pictures = content.tables["tags"][["media_id", "picture"]].drop_duplicates()
    assert plot.caption.startswith(f"n = {len(pictures)} best labels; ")


def _plot_of(content, values, type_="number", range_="", total=None):
    table = Table("numbers", ("picture",), (Column("x", type_, "A value.", range=range_),), "One picture.")
    rows = pd.DataFrame({"path": "a", "x": values})
    only = dataclasses.replace(
        content, tables={"numbers": rows}, definitions=(table,), rows_total={"numbers": total or len(rows)}
    )
    return make_plots(only)


def test_median_stands_where_it_is(content):
    (plot,) = _plot_of(content, np.linspace(0, 1, 101), range_="0 to 1")
    assert plot.median.x == pytest.approx(WIDTH / 2, abs=1)
    assert [tick.label for tick in plot.ticks] == ["0", "0.25", "0.5", "0.75", "1"]


def test_skewed_numbers_get_a_logarithmic_axis(content):
    (plot,) = _plot_of(content, 10.0 ** np.linspace(0, 6, 200))
    assert "logarithmic axis" in plot.caption
    assert [tick.label for tick in plot.ticks] == ["1", "100", "10,000", "1,000,000"]
    assert sum(bar.count for bar in plot.bars) == 200


def test_skewed_scores_are_plotted_where_their_range_begins_at_zero(content):
    (plot,) = _plot_of(content, 10.0 ** np.linspace(-5, -1, 200), range_="0 to 1")
    assert "logarithmic axis" in plot.caption
    assert [tick.label for tick in plot.ticks] == ["1e-05", "0.0001", "0.001", "0.01", "0.1"]
    (plot,) = _plot_of(content, np.linspace(0.01, 0.1, 50), range_="0 to 1")
    assert "logarithmic axis" not in plot.caption, "the largest value decides, not the end of the range"


def test_few_whole_numbers_get_a_bar_each(content):
    (plot,) = _plot_of(content, [0, 0, 1, 3, None, 3, 3], "integer")
    assert [(bar.label, bar.count) for bar in plot.bars] == [("0", 2), ("1", 1), ("2", 0), ("3", 3)]
    assert "1 missing (14.3%)" in plot.caption


@pytest.mark.parametrize("values", [[1.0] * 9, [None, None], [float("inf"), 1.0], []])
def test_columns_without_spread_get_no_plot(content, values):
    assert _plot_of(content, values) == ()


@pytest.mark.parametrize("values", [[1e-9, 2e-9], [-5.0, 1e15], [0.1, 0.1 + 1e-16 * 8], [1.0, 1.0, 1.0, 1e9]])
def test_extreme_numbers_can_be_plotted(content, values):
    (plot,) = _plot_of(content, values)
    assert sum(bar.count for bar in plot.bars) == len(values)


def test_sample_of_rows_is_said(content):
    (plot,) = _plot_of(content, [1.0, 2.0, 3.5], total=90_000)
    assert "from a sample of 3 of 90,000 rows" in plot.caption


def test_texts_are_counted(content):
    (view,) = texts_views(content)
    texts = content.tables["texts"]
    assert view.files == texts["path"].nunique()
    assert view.words == sum(len(text.split()) for text in texts["text"])
    assert view.examples[0].words < view.median_words < view.examples[-1].words


def test_provenance_shows_what_changed_and_how_to_install(content):
    view = make_provenance(content)
    assert view.changed_packages == (("numpy", "2.4.5, 2.4.6"),)
    assert view.install.startswith("python -m pip install tidymedia==0.1.0 numpy==2.4.6")
    assert [run.lasted for run in view.runs] == ["3 min 25 s", "3 min 25 s"]
    assert ("pictures.pdf_dpi", "200") in view.settings
    assert ("pixels", "250,000,000") in view.limits


def test_methods_text_says_what_ran(content):
    text = make_methods_text(content)
    whole = text.plain_text()
    counts = content.status[content.status["extractor"] == "ocr"]["status"].value_counts()
    assert "We analysed 60 media files (" in whole
    assert "3 files (5%) could not be read" in whole
    assert "model tesseract@5.5.0; engine = tesseract; lang = eng, deu; deskew = true" in whole
    assert (
        f"gave results for {counts['ok'] + counts['partial']} of {len(content.tables['pixels'])} different files"
        in whole
    )
    assert f"found nothing in {counts['empty']}" in whole
    assert "Letters smaller than about 20 px are often missed." in whole
    assert "rendered at 200 dots per inch" in whole
    assert "one picture every 5 seconds" in whole
    assert [reference.split(" ")[0] for reference in text.references] == ["The", "Hasler,", "Smith,"]
    assert "[2]" in whole and "[3] Smith" in whole


def test_methods_text_is_silent_about_what_did_not_run(content):
    status = content.status.copy()
    status.loc[status["extractor"] == "ocr", ["status", "reason"]] = ["skipped", "not_installed"]
    whole = make_methods_text(dataclasses.replace(content, status=status)).plain_text()
    assert "ocr" not in whole.replace("NoProgressError", "")
    assert "Smith" not in whole
