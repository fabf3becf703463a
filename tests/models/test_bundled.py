"""The networks of the package are complete, described, and the ones that are meant."""

from importlib.resources import files

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tidymedia.models.bundled import BUNDLED
from tidymedia.models.files import BUNDLED_FOLDER, verified_file
from tidymedia.models.inputs import as_input
from tidymedia.models.labels import labels_of
from tidymedia.models.model import Model, ModelInput
from tidymedia.models.sessions import load_network


@pytest.mark.parametrize("name", BUNDLED)
def test_its_file_is_there_and_is_the_one_described(name: str) -> None:
    assert verified_file(BUNDLED[name]) == BUNDLED_FOLDER / f"{name}.onnx"


def an_input(model: Model) -> dict[str, NDArray[np.float32]]:
    """Make something that a network takes: a picture, or a second of silence in the form that it hears."""
    if isinstance(model.input, ModelInput):
        return {"": as_input(Image.new("RGB", (64, 96), "teal"), model.input)}
    state = np.zeros((1, 1, 128), np.float32)
    heard: dict[str, dict[str, NDArray[np.float32]]] = {
        "firered_aed": {"": np.zeros((1, 98, 80), np.float32)},
        "campplus": {"": np.zeros((2, 148, 80), np.float32)},
        "silero_vad": {"": np.zeros((31, 576), np.float32), "hidden": state, "cell": state},
    }
    return heard[model.name]


@pytest.mark.parametrize("name", BUNDLED)
def test_it_takes_and_gives_what_its_entry_says(name: str) -> None:
    model = BUNDLED[name]
    given = an_input(model)
    made = load_network(model, threads=1).run(given.pop(""), others=given)
    described = dict(line.split(": ", 1) for line in model.outputs)
    assert set(made) == set(described)
    for output, values in made.items():
        shape = described[output].removeprefix("(").split(")")[0].split(", ")
        assert values.ndim == len(shape), output
        assert all(
            int(wanted) == length for wanted, length in zip(shape, values.shape, strict=True) if wanted.isdigit()
        )


def test_every_file_has_a_licence_and_an_entry() -> None:
    notices = (BUNDLED_FOLDER / "LICENSES.md").read_text(encoding="utf-8")
    networks = sorted(path.name for path in BUNDLED_FOLDER.glob("*.onnx"))
    assert networks == sorted(model.file for model in BUNDLED.values())
    for path in BUNDLED_FOLDER.iterdir():
        assert path.name == "LICENSES.md" or f"`{path.name}`" in notices
    for model in BUNDLED.values():
        assert model.source.package in notices
        assert model.source.version in notices
        assert model.caveat.endswith(".")
        assert model.citation


def test_they_are_small_enough_for_a_wheel() -> None:
    assert sum(path.stat().st_size for path in BUNDLED_FOLDER.iterdir()) < 39_000_000


def test_labels_are_as_many_as_scores() -> None:
    imagenet, coco = labels_of(BUNDLED["efficientnet_lite2"]), labels_of(BUNDLED["nanodet"])
    assert (len(imagenet), len(coco)) == (1000, 80)
    assert len({label.wordnet_id for label in imagenet}) == 1000
    assert (imagenet[0], imagenet[999].name) == (("tench", "n01440764"), "toilet tissue")
    assert (coco[0], coco[79]) == (("person", None), ("toothbrush", None))
    assert labels_of(BUNDLED["person_mask"]) == ()


def test_labels_are_plain_text() -> None:
    for model in BUNDLED.values():
        if model.labels:
            text = files("tidymedia.models").joinpath("networks", model.labels).read_text(encoding="ascii")
            assert text.endswith("\n")
            assert all(line.split("\t")[0].strip() == line.split("\t")[0] != "" for line in text.splitlines())
