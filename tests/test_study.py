"""A study as its users hold it."""

import json
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from PIL import Image, ImageDraw

from tidymedia.errors import SettingError, StudyError, UsageError
from tidymedia.study import Study

PLUGIN = """
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from tidymedia import Column, Parameters, Picture, PictureExtractor, Row, Table, parameter


@dataclass(frozen=True)
class EdgeParameters(Parameters):
    side: str = parameter("left", "Which edge.", choices=("left", "right"))


class Edge(PictureExtractor):
    name = "edge"
    title = "The colour of an edge."
    parameters_type = EdgeParameters
    tables: ClassVar[tuple[Table, ...]] = (
        Table("edges", ("picture",), (Column("red", "integer", "Red."), Column("v", "vector", "V.")), "One picture."),
    )

    def from_picture(self, picture: Picture) -> Iterator[Row]:
        image = picture.image(self.size)
        x = 0 if self.parameters.side == "left" else image.width - 1
        yield Row("edges", {"red": image.getpixel((x, 0))[0], "v": [0.5, 1.5]})
"""


@pytest.fixture
def media(tmp_path: Path) -> Path:
    folder = tmp_path / "media"
    (folder / "sub").mkdir(parents=True)
    for name, color in (("red", "red"), ("sub/blue", "blue")):
        Image.new("RGB", (64, 48), color).save(folder / f"{name}.png")
    shutil.copy(folder / "red.png", folder / "sub" / "red copy.png")
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no more")
    half = Image.new("RGB", (64, 48), "black")
    ImageDraw.Draw(half).rectangle((32, 0, 63, 47), fill="white")
    half.save(folder / "half.png")
    return folder


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    path = tmp_path / "edge_plugin.py"
    path.write_text(PLUGIN, encoding="utf-8")
    return path


@pytest.fixture
def study(tmp_path: Path, media: Path) -> Study:
    return Study(tmp_path / "study", media).analyze(["metadata", "pixels"], jobs=1)


def test_reading_a_study(study: Study, tmp_path: Path) -> None:
    assert {"media", "status", "failures", "pictures", "pixels", "metadata"} == set(study.tables)
    assert study.table("pixels")["path"].tolist() == ["half.png", "red.png", "sub/blue.png", "sub/red copy.png"]
    assert study.table("pixels", copies="first")["path"].tolist() == ["half.png", "red.png", "sub/blue.png"]
    assert "broken.jpg" in set(study.failures()["path"])
    assert study.summary()["path"].nunique() == 5
    assert study.query("select count(*) as n from pixels")["n"].tolist() == [4]
    with pytest.raises(UsageError, match="with ocr"):
        study.documents()
    assert Study(study.folder).table("pixels").equals(study.table("pixels"))
    with pytest.raises(UsageError, match="no table pixel"):
        study.table("pixel")
    with pytest.raises(UsageError):
        study.query("select nothing from nowhere")


def test_documents_are_the_texts(tmp_path: Path, media: Path) -> None:
    image = Image.new("RGB", (500, 120), "white")
    ImageDraw.Draw(image).text((30, 30), "Hello readers", fill="black", font_size=48)
    image.save(media / "words.png")
    study = Study(tmp_path / "study", media).analyze(["ocr"], include=["words.png", "sub/blue.png"], jobs=1)
    documents = study.documents()
    assert documents["path"].tolist() == ["words.png"]
    assert documents["text"].tolist() == ["Hello readers"]
    assert len(study.documents(keep_empty=True)) == 2
    assert study.summary().set_index("path").loc["words.png", "text"] == "Hello readers"


def test_it_is_shown_and_reported(study: Study, tmp_path: Path) -> None:
    shown = study._repr_html_()
    assert "half.png" in shown
    assert "data:image/jpeg;base64," in shown
    assert repr(study) == f"Study({str(study.folder)!r})"
    page = study.report()
    assert page == study.folder / "report.html"
    text = page.read_text(encoding="utf-8")
    assert "broken.jpg" in text
    assert "data:image/jpeg;base64," in text
    assert study.report(tmp_path / "other.html", thumbnails=0) == tmp_path / "other.html"


def test_exports(study: Study, tmp_path: Path) -> None:
    for format in ("csv", "parquet", "jsonl"):
        assert study.export(tmp_path / format, format, tables=["pixels"])  # type: ignore[arg-type]
    assert len(pd.read_csv(tmp_path / "csv" / "pixels.csv")) == 4
    study.export(tmp_path / "all.xlsx", "xlsx", copies="first")
    assert len(pd.read_excel(tmp_path / "all.xlsx", sheet_name="pixels")) == 3
    (wide, *_) = study.export(tmp_path / "wide", wide=True)
    assert len(pd.read_csv(wide)) == 5
    with pytest.raises(UsageError):
        study.export(tmp_path / "csv", tables=["pixels"])


def test_the_codebook_describes_exactly_the_columns_that_exist(study: Study) -> None:
    codebook = study.codebook()
    described = {name: rows["column"].tolist() for name, rows in codebook.groupby("table")}
    files = {path.stem: path for path in (*study.folder.glob("*.parquet"), *study.folder.glob("tables/*.parquet"))}
    for name, path in files.items():
        assert described.pop(name) == pq.read_schema(path).names
    assert described.pop("summary") == study.summary().columns.tolist()
    assert not described
    assert codebook["meaning"].str.len().gt(5).all()
    assert not codebook["meaning"].str.startswith("Not described").any()
    assert len(pd.read_csv(study.folder / "codebook.csv")) == len(codebook)


def test_the_command_line_gives_the_same_rows(study: Study, media: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tidymedia", "analyze", str(media), "-o", str(tmp_path / "other")]
    done = subprocess.run([*command, "--with", "metadata,pixels"], capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr  # one file is broken
    other = Study(tmp_path / "other")
    for name in ("media", "pixels", "metadata", "pictures", "failures"):
        pd.testing.assert_frame_equal(other.table(name), study.table(name))


def test_media_and_study_move_together(tmp_path: Path, media: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    shutil.move(media, project / "media")
    before = Study(project / "study", project / "media").analyze(["pixels"], jobs=1).table("pixels")
    assert 'location = "../media"' in (project / "study" / "study.toml").read_text(encoding="utf-8")
    shutil.move(project, tmp_path / "elsewhere")
    moved = Study(tmp_path / "elsewhere" / "study")
    pd.testing.assert_frame_equal(moved.table("pixels"), before)
    Image.new("RGB", (20, 20), "lime").save(tmp_path / "elsewhere" / "media" / "new.png")
    assert "new.png" in set(moved.analyze(jobs=1).table("pixels")["path"])
    assert (moved.table("media")["status"] != "missing").all()


def test_other_parameters_replace_the_rows(tmp_path: Path, media: Path, plugin: Path) -> None:
    study = Study(tmp_path / "study", media, plugins=[plugin]).analyze(["edge"], jobs=1)
    left = study.table("edges").set_index("path")
    assert left.loc["half.png", "red"] == 0
    study = Study(tmp_path / "study").analyze(parameters={"edge.side": "right"}, jobs=1)
    right = study.table("edges").set_index("path")
    assert right.loc["half.png", "red"] == 255
    assert len(right) == len(left)
    assert not set(left["fingerprint"]) & set(right["fingerprint"])
    assert study.status().groupby(["path", "extractor"]).size().max() == 1
    assert Study(tmp_path / "study").analyze(jobs=1).table("edges").set_index("path").equals(right)  # it is kept
    with pytest.raises(SettingError, match=r"edge\.side cannot be 'top'"):
        study.analyze(parameters={"edge.side": "top"})
    with pytest.raises(SettingError, match="ocr"):
        study.analyze(parameters={"ocr.lang": "eng"})


def test_picture_settings_of_films_leave_photographs_alone(study: Study) -> None:
    before = study.table("pixels")
    again = Study(study.folder, pictures={"video": "1s"}).analyze(jobs=1)
    assert again.last_run is not None
    assert again.last_run.outcomes["known"] == 4
    pd.testing.assert_frame_equal(again.table("pixels"), before)
    other = Study(study.folder, pictures={"background": "#000000"}).analyze(jobs=1).table("pixels")
    assert not set(other["fingerprint"]) & set(before["fingerprint"])


def test_a_study_whose_plug_in_is_gone_can_be_read(tmp_path: Path, media: Path, plugin: Path) -> None:
    Study(tmp_path / "study", media, plugins=[plugin]).analyze(["edge", "pixels"], jobs=1)
    plugin.unlink()
    script = f"""
from tidymedia import Study
study = Study({str(tmp_path / "study")!r})
print(len(study.table("edges")), len(study.summary()), "red" in set(study.codebook()["column"]))
study.report()
try:
    study.analyze()
except Exception as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout.startswith("4 5 True\nThere is no plug-in file"), done.stdout + done.stderr


def test_a_dry_run_changes_nothing(study: Study, media: Path) -> None:
    text = (study.folder / "study.toml").read_text(encoding="utf-8")
    Image.new("RGB", (9, 9), "lime").save(media / "new.png")
    plan = study.dry_run(["hashes"])
    assert dict(plan.todo) == {"pictures": 1, "hashes": 5}  # the same bytes count once
    assert dict(plan.done) == {"pictures": 4}
    assert [extractor.name for extractor in study.extractors] == ["pictures", "metadata", "pixels"]
    assert (study.folder / "study.toml").read_text(encoding="utf-8") == text
    assert "new.png" not in set(study.table("media")["path"])


def test_provenance_names_what_made_the_rows(study: Study) -> None:
    (path,) = (study.folder / "runs").glob("*.json")
    run = json.loads(path.read_text(encoding="utf-8"))
    assert set(study.status()["run"]) == {run["run"]}
    assert {entry["name"] for entry in run["extractors"]} == {"pictures", "metadata", "pixels"}
    marks = {mark for entry in run["extractors"] for mark in entry["fingerprints"].values()}
    assert set(study.table("pixels")["fingerprint"]) <= marks


@pytest.fixture
def posts(tmp_path: Path, media: Path) -> Callable[..., Study]:
    def make(text: str, **more: object) -> Study:
        (tmp_path / "posts.csv").write_text(text, encoding="utf-8")
        study = Study(tmp_path / "study", tmp_path / "posts.csv", **more)  # type: ignore[arg-type]
        return study.analyze(["pixels"], jobs=1)

    return make


def test_items_with_several_media_and_dead_links(posts: Callable[..., Study]) -> None:
    study = posts(
        "post,file,Path,likes\n007,media/red.png;media/sub/blue.png,x,3\n008,media/dead.png,y,\n009,,z,5\n",
        path_column="file",
    )
    items = study.table("items")
    assert items["position"].tolist()[:3] == [0, 1, 0]
    assert items["media_id"].notna().tolist() == [True, True, False, False]
    assert items["post"].tolist() == ["007", "007", "008", "009"]
    dead = study.table("media").set_index("path").loc["media/dead.png"]
    assert dead["status"] in ("missing", "failed")
    assert dead["error_message"]
    summary = study.summary("item")
    assert summary["post"].tolist() == ["007", "008", "009"]
    assert summary["likes"].tolist()[0] == 3
    assert len(study.summary("medium")) == 3
    assert study.codebook().query("table == 'item_summary'")["column"].tolist() == summary.columns.tolist()


def test_what_is_no_study_or_no_input_is_said(tmp_path: Path, media: Path) -> None:
    with pytest.raises(StudyError, match="is no study"):
        Study(tmp_path / "nothing").table("media")
    with pytest.raises(StudyError, match="is a file"):
        Study(media / "red.png")
    with pytest.raises(UsageError, match="holds the media"):
        Study(media, media).analyze()
    with pytest.raises(SettingError, match=r"no setting pictures\.dpi"):
        Study(tmp_path / "study", media, pictures={"dpi": 3})
    with pytest.raises(UsageError, match="no plug-in file"):
        Study(tmp_path / "study", media, plugins=[tmp_path / "none.py"])
    assert not (tmp_path / "study").exists()


def test_picture_settings_and_limits_stand_among_the_parameters_as_on_the_command_line(tmp_path):
    Image.new("RGB", (40, 30)).save(tmp_path / "a.png")
    study = Study(tmp_path / "study", tmp_path / "a.png")
    study.analyze(["pixels"], parameters={"pictures.video": "shot:middle", "limits.pages": 7})
    kept = tomllib.loads((tmp_path / "study" / "study.toml").read_text(encoding="utf-8"))
    assert kept["pictures"]["video"] == "shot:middle"
    assert kept["limits"]["pages"] == 7
    with pytest.raises(SettingError, match="vidio"):
        study.analyze(["pixels"], parameters={"pictures.vidio": "1s"})
