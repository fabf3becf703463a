"""What ``import tidymedia`` offers, and what it costs."""

import importlib
import inspect
import json
import subprocess
import sys

import pytest

import tidymedia
from tidymedia import errors

NAMES = [
    "ANALYSIS",
    "FULL",
    "THUMB",
    "AugmentationPolicy",
    "Availability",
    "Column",
    "Extractor",
    "Limits",
    "MediumExtractor",
    "Parameters",
    "Picture",
    "PictureExtractor",
    "PictureSettings",
    "Row",
    "SizeClass",
    "Sound",
    "SoundExtractor",
    "SoundFormat",
    "Study",
    "Summary",
    "Table",
    "__version__",
    "annotate_video",
    "augment",
    "classify_sound",
    "crop_box",
    "crop_square",
    "denoise",
    "deskew",
    "draw",
    "embed",
    "find_faces",
    "find_objects",
    "find_shots",
    "find_speakers",
    "find_speech",
    "flip",
    "from_array",
    "image_info",
    "key_frames",
    "mask",
    "open_image",
    "pad_square",
    "parameter",
    "plot_channels",
    "plot_timeline",
    "replace_background",
    "resize",
    "rotate",
    "show",
    "similarity",
    "stack",
    "tag",
    "to_array",
    "transcribe",
    "voice",
]

STUDY = {
    "analyze",
    "codebook",
    "compact",
    "compare_tags",
    "definitions",
    "documents",
    "dry_run",
    "duplicates",
    "export",
    "extractors",
    "failures",
    "identities",
    "join_by_time",
    "map",
    "nearest",
    "plot_timeline",
    "purge",
    "query",
    "report",
    "search",
    "shot_scales",
    "standardize_voice",
    "status",
    "summary",
    "table",
    "tables",
    "write_codebook",
    "write_label_maps",
}


def test_the_public_names_are_these() -> None:
    assert tidymedia.__all__ == NAMES
    assert dir(tidymedia) == sorted(NAMES)
    assert {name for name in dir(tidymedia.Study) if not name.startswith("_")} == STUDY


@pytest.mark.parametrize("name", NAMES)
def test_each_can_be_imported(name: str) -> None:
    assert getattr(tidymedia, name) is not None
    if name != "__version__":
        place = importlib.import_module(tidymedia._PUBLIC[name])
        assert getattr(place, name) is getattr(tidymedia, name)
        assert name in place.__all__


def test_every_public_name_has_its_place_and_its_type() -> None:
    assert set(tidymedia._PUBLIC) | {"__version__"} == set(NAMES)
    source = inspect.getsource(tidymedia)
    checked = source[source.index("if TYPE_CHECKING") : source.index("_PUBLIC =")]
    assert all(name in checked for name in tidymedia._PUBLIC)


def test_what_is_not_public_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'study_of'"):
        _ = tidymedia.study_of


def loaded(statement: str) -> set[str]:
    script = f"import json, sys; {statement}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in json.loads(done.stdout)}


HEAVY = {
    "PIL",
    "av",
    "cv2",
    "duckdb",
    "matplotlib",
    "numpy",
    "onnxruntime",
    "pandas",
    "pyarrow",
    "rich",
    "sklearn",
    "typer",
}


def test_importing_is_cheap() -> None:
    assert not loaded("import tidymedia") & {*HEAVY, "psutil", "fsspec", "jinja2"}


def test_a_study_is_named_without_the_heavy_packages() -> None:
    assert not loaded("from tidymedia import Study, Picture, Table, SoundExtractor, parameter") & (HEAVY - {"PIL"})


def test_all_errors_are_public_and_in_one_tree() -> None:
    found = {name for name, value in vars(errors).items() if inspect.isclass(value)}
    assert found == set(errors.__all__)
    assert all(issubclass(getattr(errors, name), errors.TidymediaError) for name in found)
