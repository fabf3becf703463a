"""A study with copies of every sort."""

import shutil
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from tidymedia.study import Study

MEDIA = Path(__file__).resolve().parents[2] / "examples" / "media"


@pytest.fixture(scope="session")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with photographs, and with copies of one of them."""
    folder = tmp_path_factory.mktemp("copies")
    for name in ("mountains.jpg", "sunset.jpg", "dandelions.jpg"):
        shutil.copy(MEDIA / "photographs" / name, folder)
    with Image.open(folder / "mountains.jpg") as image:
        original = image.convert("RGB")
    original.resize((original.width // 3, original.height // 3)).save(folder / "small.jpg", quality=60)
    shutil.copy(folder / "small.jpg", folder / "small_again.jpg")
    ImageOps.mirror(original).resize((400, 300)).save(folder / "mirrored.png")
    original.rotate(90, expand=True).resize((300, 400)).save(folder / "rotated.png")
    (folder / "empty.jpg").touch()
    (folder / "also_empty.jpg").touch()
    Image.new("RGB", (300, 200), "white").save(folder / "blank.png")
    Image.new("RGB", (400, 300), (254, 255, 255)).save(folder / "blank_too.png")
    shutil.copy(MEDIA / "films" / "rabbit.gif", folder)
    return folder


@pytest.fixture(scope="session")
def study(copies: Path, tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Measure the folder."""
    folder = tmp_path_factory.mktemp("study") / "study"
    return Study(folder, copies, pictures={"animation": "1f"}).analyze(["hashes", "miniatures"], jobs=1)
