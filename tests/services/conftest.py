"""Pictures, a codebook, a server on this machine, and a study that asks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from chat_server import ChatServer, chat_server
from tidymedia.extractors.base import Row
from tidymedia.media.picture import Picture
from tidymedia.services.coding import Coding, CodingParameters
from tidymedia.services.raw_answers import RawAnswers
from tidymedia.services.spending import Spending, SpendingBook
from tidymedia.services.workplace import Workplace
from tidymedia.study import Study

CODEBOOK = """
title: Colours in posters
instruction: Look at the whole picture.
variables:
  color:
    definition: Which colour the picture has most of.
    values:
      red: Reds and pinks
      green: Greens
      blue: Blues
  marks:
    definition: Which marks can be seen.
    type: choices
    values: [logo, slogan]
  people:
    definition: How many people can be seen.
    type: integer
    minimum: 0
    maximum: 50
  crowded:
    definition: Whether the picture is crowded.
    type: yes_no
    optional: yes
  scene:
    definition: What can be seen, in a sentence.
    type: text
"""

QUICK = {"coding.first_wait_s": 0.02, "coding.longest_wait_s": 0.05, "coding.tries": 4, "coding.timeout_s": 10}


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with chat_server() as made:
        yield made
        assert made.problems == []


@pytest.fixture
def codebook(tmp_path: Path) -> Path:
    path = tmp_path / "codes.yaml"
    path.write_text(CODEBOOK, encoding="utf-8")
    return path


@pytest.fixture
def pictures(tmp_path: Path) -> Callable[..., Path]:
    """Make pictures of one colour each, all different."""

    def make(number: int = 3) -> Path:
        folder = tmp_path / "media"
        folder.mkdir(exist_ok=True)
        for index in range(number):
            color = [20 + 6 * (index // 3)] * 3
            color[index % 3] = 200
            Image.new("RGB", (60, 40), tuple(color)).save(folder / f"{index:03d}.png")
        return folder

    return make


class Asker:
    """The extractor in this process, as a child process holds it."""

    def __init__(self, place: Workplace, given: dict[str, Any]) -> None:
        self.folder = place.folder("coding")
        self._place, self._given = place, given

    def __call__(self, color: str = "red", **changed: Any) -> list[Row]:
        extractor = Coding(CodingParameters.parse({**self._given, **changed}, "coding"))
        extractor.workplace = self._place
        extractor.load()
        image = Image.new("RGB", (60, 40), color)
        try:
            return list(extractor.from_picture(Picture(0, 60, 40, lambda size: image)))
        finally:
            extractor.close()

    def kept(self) -> list[Path]:
        return sorted(RawAnswers(self.folder).folder.glob("??/*.json"))

    def spent(self) -> Spending:
        return SpendingBook(self.folder, self._place.run, None).total()


@pytest.fixture
def ask(tmp_path: Path, server: ChatServer, codebook: Path) -> Asker:
    given = {name.removeprefix("coding."): value for name, value in QUICK.items()}
    given |= {"endpoint": server.address, "model": server.model, "codebook": str(codebook)}
    return Asker(Workplace(str(tmp_path / "raw"), "run"), given)


@pytest.fixture
def coded(tmp_path: Path, server: ChatServer, codebook: Path, pictures: Callable[..., Path]) -> Callable[..., Study]:
    """Analyse pictures with the server; keyword arguments are parameters of ``coding``."""

    def run(number: int = 3, *, folder: str = "study", analyze: dict[str, Any] | None = None, **given: Any) -> Study:
        study = Study(tmp_path / folder, media=pictures(number))
        parameters = {
            "coding.endpoint": server.address,
            "coding.model": server.model,
            "coding.codebook": str(codebook),
            **QUICK,
            **{f"coding.{name}": value for name, value in given.items()},
        }
        return study.analyze(["coding"], parameters=parameters, **{"jobs": 1, **(analyze or {})})

    return run
