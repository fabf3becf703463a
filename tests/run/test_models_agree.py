"""The process that does the work has the model with which the run was planned, on the device that was asked for."""

from pathlib import Path

import pytest
from PIL import Image

from tidymedia.errors import SettingError, UnavailableError
from tidymedia.extractors.registry import make_extractor
from tidymedia.media.kinds import Kind
from tidymedia.media.locations import LocalFile
from tidymedia.models.devices import DEVICE_ENVIRONMENT
from tidymedia.run.guard import run_task
from tidymedia.run.task import Setup, Task
from tidymedia.study import Study


@pytest.fixture
def task(tmp_path: Path) -> Task:
    Image.new("RGB", (60, 40), "red").save(tmp_path / "red.png")
    return Task("red.png", LocalFile(str(tmp_path), "red.png"), "ab" * 32, Kind.IMAGE, ("pictures", "embeddings"))


def test_another_model_than_planned_is_refused(task: Task) -> None:
    extractors = (("pictures", {}), ("embeddings", {}))
    planned = {name: make_extractor(name).model_hash for name, _ in extractors}
    setup = Setup(extractors, model_hashes=planned)
    assert Setup.from_dict(setup.to_dict()) == setup
    assert run_task(setup, task).outcomes["embeddings"].status == "ok"
    other = Setup(extractors, model_hashes={"embeddings": "another@1 0000"})
    assert other.key() != setup.key()
    with pytest.raises(UnavailableError, match="another@1 0000 where the run was planned"):
        run_task(other, task)


def test_the_device_of_the_run_reaches_the_process_that_does_the_work(task: Task) -> None:
    setup = Setup((("pictures", {}), ("embeddings", {})), device="abacus")
    with pytest.raises(UnavailableError, match="'abacus'"):
        run_task(setup, task)


def test_a_device_that_is_none_ends_a_run_before_it_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Image.new("RGB", (60, 40), "red").save(tmp_path / "red.png")
    monkeypatch.setenv(DEVICE_ENVIRONMENT, "abacus")
    for names, error in ((["pixels"], SettingError), (["embeddings"], UnavailableError)):
        with pytest.raises(error, match="'abacus'"):
            Study(tmp_path / "study", tmp_path / "red.png").analyze(names, jobs=1)
        assert not list((tmp_path / "study").glob("tables/*"))
