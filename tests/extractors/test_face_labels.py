"""Labels of faces: only when asked for, only by a network that the user names."""

import csv
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tidymedia.errors import UnavailableError
from tidymedia.extractors.face_labels import FaceLabels, FaceLabelsParameters
from tidymedia.extractors.registry import DEFAULT, make_extractor
from tidymedia.media.kinds import Kind
from tidymedia.media.settings import PictureSettings
from tidymedia.models.choice import choose_model
from tidymedia.models.classification import load_classifier
from tidymedia.run.fingerprint import fingerprints
from tidymedia.study import Study

MEDIA = Path(__file__).resolve().parents[2] / "examples" / "media" / "photographs"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "models" / "face_expression.onnx"
LABELS = ("reddish", "greenish", "bluish")


def save_onnx(path: Path, labels: tuple[str, ...] = LABELS) -> str:
    """Save a network whose numbers for its classes are the mean red, green and blue."""
    onnx = pytest.importorskip("onnx", reason="the package onnx makes the file")
    helper = onnx.helper
    shape: Any = helper.make_tensor_value_info
    graph = helper.make_graph(
        [
            helper.make_node("GlobalAveragePool", ["picture"], ["means"]),
            helper.make_node("Flatten", ["means"], ["logits"]),
        ],
        "colors",
        [shape("picture", onnx.TensorProto.FLOAT, [1, 3, 16, 16])],
        [shape("logits", onnx.TensorProto.FLOAT, [1, 3])],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), path)
    path.with_suffix(".labels.txt").write_text("\n".join(labels), encoding="utf-8")
    return str(path)


def given(model: str, **more: Any) -> dict[str, dict[str, Any]]:
    return {"face_labels": {"model": model, "normalization": "half", **more}}


def fingerprint(**parameters: Any) -> str:
    extractors = [make_extractor("faces"), make_extractor("face_labels", parameters)]
    return fingerprints(extractors, PictureSettings(), Kind.IMAGE)["face_labels"]


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("media")
    for name in ("astronaut.jpg", "dogs.jpg"):
        shutil.copy(MEDIA / name, folder)
    with Image.open(folder / "astronaut.jpg") as image:
        portrait = image.convert("RGB")
    portrait.crop((192, 66, 512, 386)).save(folder / "at_the_corner.png")  # through the box of the face, left and above
    pair = Image.new("RGB", (1024, 512))
    pair.paste(portrait, (0, 0))
    pair.paste(portrait.resize((128, 128), Image.Resampling.LANCZOS), (700, 100))
    pair.save(folder / "pair.png")  # the same face, 113 and 28 pixels high
    return folder


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> str:
    return save_onnx(tmp_path_factory.mktemp("network") / "colors.onnx")


@pytest.fixture(scope="module")
def study(media: Path, network: str, tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("study") / "study"
    return Study(folder, media).analyze(["face_labels"], parameters=given(network), jobs=1)


def test_one_label_for_each_face(study: Study) -> None:
    rows = study.table("face_labels")
    assert rows["path"].tolist() == ["astronaut.jpg", "at_the_corner.png", "pair.png", "pair.png"]
    assert rows["face"].tolist() == [0, 0, 0, 1]
    assert rows["rank"].tolist() == [0, 0, 0, 0]
    faces = study.table("faces")
    assert rows["unit_id"].tolist() == [f"{unit}:t0" for unit in faces["unit_id"]]
    assert set(rows["label"]) == {"reddish"}
    assert rows["score"].between(1 / 3, 1).all()
    assert rows["likelihood"].isna().all()
    assert set(rows["lang"]) == {"en"}
    assert rows["model"].str.fullmatch(r"colors@[0-9a-f]{12}").all()


def test_a_picture_without_faces_is_empty(study: Study) -> None:
    status = study.status().query("extractor == 'face_labels'").set_index("path")["status"]
    assert status[["dogs.jpg", "astronaut.jpg"]].tolist() == ["empty", "ok"]


def test_a_face_is_cut_out_with_a_margin_that_ends_with_the_picture(study: Study, media: Path, network: str) -> None:
    classifier = load_classifier(choose_model(network, "face labels", default=None), normalization="half")
    faces = study.table("faces").set_index("path")
    scores = study.table("face_labels").set_index("path")["score"]
    for name in ("astronaut.jpg", "at_the_corner.png"):
        face = faces.loc[name]
        with Image.open(media / name) as image:
            left, top = (
                face[f"box_{axis}"] - 0.15 * face[f"box_{side}"] for axis, side in (("x", "width"), ("y", "height"))
            )
            right, bottom = left + 1.3 * face["box_width"], top + 1.3 * face["box_height"]
            assert (left < 0 and top < 0) == (name == "at_the_corner.png")
            box = (max(0, int(np.floor(left))), max(0, int(np.floor(top))), int(np.ceil(right)), int(np.ceil(bottom)))
            cut_out = image.convert("RGB").crop(box)
        assert scores[name] == pytest.approx(float(classifier.scores(cut_out)[0]), rel=1e-6)
        assert scores[name] != pytest.approx(float(classifier.scores(cut_out.crop((9, 9, 90, 90)))[0]), rel=1e-3)


def test_size_margin_number_and_language_can_be_set(study: Study, media: Path, network: str, tmp_path: Path) -> None:
    parameters = given(network, min_size=60, margin=0, top=2, lang="de")
    files = [media / "pair.png"]
    rows = Study(tmp_path / "study", files).analyze(["face_labels"], parameters=parameters, jobs=1).table("face_labels")
    assert rows[["face", "rank"]].to_numpy().tolist() == [[0, 0], [0, 1]]
    assert rows["score"].is_monotonic_decreasing
    assert set(rows["lang"]) == {"de"}
    before = study.table("face_labels").query("path == 'pair.png' and face == 0")["score"].iloc[0]
    assert rows["score"].iloc[0] != before


def test_a_model_of_the_hub(tiny_classifier: Path, tmp_path: Path) -> None:
    parameters = {"face_labels": {"model": str(tiny_classifier), "top": 5}}
    study = Study(tmp_path / "study", [MEDIA / "astronaut.jpg"])
    rows = study.analyze(["face_labels"], parameters=parameters, jobs=1).table("face_labels")
    assert set(rows["label"]) == {"cat", "dog", "bird"}
    assert rows["rank"].tolist() == [0, 1, 2]
    assert rows["score"].sum() == pytest.approx(1)
    assert rows["model"].str.fullmatch(r"tiny@[0-9a-f]{12}").all()


def test_without_a_network_it_does_not_run_and_says_what_names_one(tmp_path: Path) -> None:
    extractor = make_extractor("face_labels")
    assert "face_labels" not in DEFAULT
    assert extractor.needs == ("faces",)
    assert (extractor.model, extractor.model_hash) == (None, "")
    for parameters in ({}, {"model": "efficientnet_lite2"}):
        found = make_extractor("face_labels", parameters).availability()
        assert not found.installed
        assert "--set face_labels.model=" in found.remedy
    with pytest.raises(UnavailableError, match="No network is named"):
        extractor.load()
    study = Study(tmp_path / "study", [MEDIA / "astronaut.jpg"])
    with pytest.raises(UnavailableError, match="No network is named"):
        study.analyze(["face_labels"], jobs=1)


def test_a_file_without_the_names_of_its_classes_is_not_ready(tmp_path: Path) -> None:
    path = save_onnx(tmp_path / "colors.onnx")
    assert FaceLabels(FaceLabelsParameters(model=path)).availability().installed
    Path(path).with_suffix(".labels.txt").unlink()
    found = FaceLabels(FaceLabelsParameters(model=path)).availability()
    assert not found.installed
    assert "colors.labels.txt" in found.remedy


def test_network_and_parameters_decide_the_fingerprint(network: str, tmp_path: Path) -> None:
    other = save_onnx(tmp_path / "colors.onnx", ("happy", "sad", "neutral"))
    prints = [
        fingerprint(),
        fingerprint(model=network),
        fingerprint(model=other),
        fingerprint(model=network, margin=0.3),
        fingerprint(model=network, normalization="unit"),
    ]
    assert len(set(prints)) == len(prints)


def test_the_caveat_stands_in_codebook_and_report(study: Study) -> None:
    report = study.report().read_text(encoding="utf-8")
    codebook = (study.folder / "codebook.md").read_text(encoding="utf-8")
    with (study.folder / "codebook.csv").open(encoding="utf-8", newline="") as file:
        label = next(row for row in csv.DictReader(file) if (row["table"], row["column"]) == ("face_labels", "label"))
    assert "not what the person feels" in label["meaning"]
    for text in (report, codebook):
        for words in (
            "not what people feel",
            "often disagree",
            "wrong more often for some groups",
            "not binary",
            "GDPR",
        ):
            assert words in text


@pytest.mark.skipif(not SHARED.is_file(), reason="the network for expressions does not come with tidymedia")
def test_a_real_network_for_gray_faces(tmp_path: Path) -> None:
    path = Path(shutil.copy(SHARED, tmp_path / "expression.onnx"))
    labels = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
    path.with_suffix(".labels.txt").write_text("\n".join(labels), encoding="utf-8")
    study = Study(tmp_path / "study", [MEDIA / "astronaut.jpg"])
    rows = study.analyze(["face_labels"], parameters=given(str(path), top=7), jobs=1).table("face_labels")
    assert set(rows["label"]) == set(labels)
    assert rows["score"].sum() == pytest.approx(1, abs=1e-4)
    assert rows["label"].iloc[0] == "happy"
