"""A study of two people in several pictures."""

import shutil
from pathlib import Path

import pytest
from PIL import Image, ImageEnhance

from tidymedia.study import Study

PHOTOGRAPHS = Path(__file__).resolve().parents[2] / "examples" / "media" / "photographs"


@pytest.fixture(scope="session")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder: the portrait edited in three ways and twice the same, another person, and no one."""
    folder = tmp_path_factory.mktemp("people")
    for name in ("astronaut.jpg", "photographer.png", "dogs.jpg"):
        shutil.copy(PHOTOGRAPHS / name, folder)
    shutil.copy(folder / "astronaut.jpg", folder / "again.jpg")
    with Image.open(folder / "astronaut.jpg") as image:
        portrait = image.convert("RGB")
    with Image.open(folder / "photographer.png") as image:
        other = image.convert("RGB")
    portrait.rotate(15, Image.Resampling.BICUBIC).save(folder / "tilted.png")
    ImageEnhance.Brightness(portrait).enhance(0.6).save(folder / "dark.png")
    both = Image.new("RGB", (1024, 512), "gray")
    both.paste(portrait.transpose(Image.Transpose.FLIP_LEFT_RIGHT), (0, 0))
    both.paste(other.resize((512, 512)), (512, 0))
    both.save(folder / "both.png")
    return folder


@pytest.fixture(scope="session")
def study(people: Path, tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Measure the folder."""
    return Study(tmp_path_factory.mktemp("study") / "study", people).analyze(["face_embeddings"], jobs=1)


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a gallery that knows the astronaut by two pictures."""
    folder = tmp_path_factory.mktemp("gallery")
    (folder / "Eileen Collins").mkdir()
    with Image.open(PHOTOGRAPHS / "astronaut.jpg") as image:
        portrait = image.convert("RGB")
    portrait.crop((100, 0, 360, 260)).save(folder / "Eileen Collins" / "a.png")
    portrait.convert("L").save(folder / "Eileen Collins" / "b.png")
    return folder
