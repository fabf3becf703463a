"""Searching a study of the sample photographs, with the networks that come with the package."""

from pathlib import Path

import pytest
from PIL import Image

from tidymedia.cli.application import run_application
from tidymedia.study import Study

PHOTOGRAPHS = Path(__file__).resolve().parents[2] / "examples" / "media" / "photographs"
NAMES = ("mountains.jpg", "dogs.jpg", "photographer.png", "brushes.jpg", "dandelions.jpg")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("search")
    media = folder / "media"
    media.mkdir()
    for name in NAMES:
        with Image.open(PHOTOGRAPHS / name) as image:
            image.convert("RGB").resize((320, 240)).save(media / f"{Path(name).stem}.jpg", quality=92)
    return Study(folder / "study", media).analyze(["tags", "embeddings"], jobs=1)


@pytest.mark.parametrize(
    ("words", "first"),
    [("a dog", "dogs.jpg"), ("animals", "dogs.jpg"), ("mountain", "mountains.jpg"), ("paintbrushes", "brushes.jpg")],
)
def test_words_find_what_the_tags_name(study: Study, words: str, first: str) -> None:
    found = study.search(words)
    assert found["path"].iloc[0] == first
    assert found["score"].is_monotonic_decreasing
    assert found["score"].between(0, 1).all()
    assert "reads no text" in found.attrs["notice"]


def test_a_picture_finds_itself_and_its_like(study: Study) -> None:
    with Image.open(PHOTOGRAPHS / "mountains.jpg") as image:
        crop = image.convert("RGB").crop((60, 20, image.width - 20, image.height - 20))
    found = study.search(image=crop, n=2)
    assert found["path"].iloc[0] == "mountains.jpg"
    assert 0.8 < found["score"].iloc[0] <= 1
    assert set(found["how"]) == {"embedding"}
    assert len(found) == 2


def test_the_command(study: Study, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_application(["search", str(study.folder), "dogs", "--format", "csv"]) == 0
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert lines[0] == "path,picture,score,matched,how"
    assert lines[1].startswith("dogs.jpg,0,0.") and lines[1].endswith(",tags")
    assert "reads no text" in said.err
    picture = str(study.folder.parent / "media" / "brushes.jpg")
    assert run_application(["search", str(study.folder), "--image", picture, "-n", "1", "--format", "csv"]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines() == ["path,picture,score,how", "brushes.jpg,0,1.0,embedding"]
    assert said.err == ""
    assert run_application(["search", str(study.folder), "zeppelin", "--format", "table"]) == 0
    assert capsys.readouterr().out == "No picture was found.\n"
    assert run_application(["search", str(study.folder), "zeppelin", "--by", "embedding"]) == 1
    assert "reads no text" in capsys.readouterr().err
