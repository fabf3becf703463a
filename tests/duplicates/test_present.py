"""Which files of a study are there."""

from pathlib import Path

from PIL import Image

from tidymedia.duplicates.present import read_present
from tidymedia.study import Study


def test_files_that_are_gone_empty_or_unreadable_are_left_out(tmp_path: Path) -> None:
    media = tmp_path / "media"
    media.mkdir()
    for name in ("stays.png", "same.png", "goes.png"):
        Image.new("RGB", (6, 4), "teal").save(media / name)
    (media / "empty.png").touch()
    study = Study(tmp_path / "study", media).analyze(["metadata"], jobs=1)
    (media / "goes.png").unlink()
    study.analyze(jobs=1)
    present = read_present(study.folder)
    assert sorted(present["path"].to_pylist()) == ["same.png", "stays.png"]
    assert len(set(present["media_id"].to_pylist())) == 1
    assert present["bytes"].to_pylist() == [(media / "stays.png").stat().st_size] * 2
