"""A dry run counts; thumbnails are small JPEG files."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tidymedia.media.roots import make_roots
from tidymedia.media.selection import Selection
from tidymedia.media.settings import PictureSettings
from tidymedia.run.plan import make_plan
from tidymedia.run.preview import dry_run, make_thumbnails
from tidymedia.run.study_file import StudyFile


@pytest.fixture
def study(pages: Callable[..., Path]) -> StudyFile:
    path = pages([(255, 0, 0), (0, 255, 0), (0, 0, 255)])
    Image.new("RGB", (900, 300), "lime").save(path.parent / "lime.png")
    (path.parent / "copy.png").write_bytes((path.parent / "lime.png").read_bytes())
    (path.parent / "empty.jpg").touch()
    return StudyFile(tuple(make_roots([path.parent], None, None, ())))


def test_what_a_run_would_do_is_counted(study: StudyFile, tmp_path: Path) -> None:
    result = dry_run(tmp_path / "study", study, make_plan(["pixels"], {}, PictureSettings()), Selection())
    assert dict(result.kinds) == {"image": 3}
    assert dict(result.todo) == {"pictures": 2, "pixels": 2}
    assert not result.done
    assert [text.partition(":")[0] for text in result.unreadable] == ["empty.jpg"]
    assert not (tmp_path / "study").exists()
    some = dry_run(tmp_path, study, make_plan(["pixels"], {}, PictureSettings()), Selection(include=("*.tif",)))
    assert dict(some.kinds) == {"image": 1}


def test_thumbnails_are_named_by_their_picture(study: StudyFile) -> None:
    wanted = [("pages.tif", "ab", "image"), ("lime.png", "cd", "image"), ("gone.png", "ef", "image")]
    made = make_thumbnails(study, wanted, side=64)
    assert set(made) == {"ab:p0", "cd:p0"}
    with Image.open(io.BytesIO(made["cd:p0"])) as image:
        assert (image.format, image.size) == ("JPEG", (64, 21))


def test_thumbnails_of_later_pictures(study: StudyFile) -> None:
    wanted = [("lime.png", "cd", "image"), ("pages.tif", "ab", "image"), ("copy.png", "cd", "image")]
    made = make_thumbnails(study, wanted, side=64, numbers={"ab": [2, 1, 7], "ef": [0]})
    assert set(made) == {"ab:p1", "ab:p2", "cd:p0"}
    seen = {}
    for unit in ("ab:p1", "ab:p2"):
        with Image.open(io.BytesIO(made[unit])) as image:
            seen[unit] = max(zip(image.convert("RGB").resize((1, 1)).tobytes(), "RGB", strict=True))[1]
    assert seen == {"ab:p1": "G", "ab:p2": "B"}
    assert make_thumbnails(study, wanted[1:2], numbers={"ab": []}) == {}
