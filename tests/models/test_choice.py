"""What a user may name as a network, what is found, and what is said where it is not there."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tidymedia.errors import SettingError, UnavailableError
from tidymedia.models.bundled import BUNDLED
from tidymedia.models.choice import choose_model
from tidymedia.models.files import BUNDLED_FOLDER, ENVIRONMENT
from tidymedia.models.hub_files import find_snapshot
from tidymedia.models.labels import Label, labels_of

TAGS = BUNDLED["efficientnet_lite2"]


@pytest.fixture(autouse=True)
def _no_models_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def onnx_file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.onnx"
    shutil.copy(BUNDLED_FOLDER / TAGS.file, path)
    return path


def _snapshot(cache: Path, name: str, commit: str, *, ref: str | None = None) -> Path:
    held = cache / f"models--{name.replace('/', '--')}"
    folder = held / "snapshots" / commit
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({"id2label": {"1": "no", "0": "yes"}}), encoding="utf-8")
    (folder / "model.safetensors").write_bytes(b"numbers")
    if ref is not None:
        (held / "refs" / ref).parent.mkdir(parents=True, exist_ok=True)
        (held / "refs" / ref).write_text(commit, encoding="utf-8")
    return folder


@pytest.mark.parametrize("text", ["", " ", "efficientnet_lite2"])
def test_nothing_and_its_name_are_the_default(text: str) -> None:
    chosen = choose_model(text, "embeddings", default=TAGS)
    assert (chosen.origin, chosen.model, chosen.identifier) == ("bundled", TAGS, "efficientnet_lite2@0.1.0")
    assert chosen.model_hash == f"{TAGS.identifier} {TAGS.sha256}"
    assert chosen.availability() == (True, "", "")
    assert chosen.classes == labels_of(TAGS)
    assert chosen.labels is not None
    assert chosen.labels[281] == "tabby"
    assert choose_model("", "masks", default=BUNDLED["person_mask"]).labels is None


def test_a_network_for_another_task_is_refused() -> None:
    with pytest.raises(SettingError, match="nanodet is for objects, not for tags") as raised:
        choose_model("nanodet", "tags", default=TAGS)
    assert "efficientnet_lite2" in raised.value.remedy
    with pytest.raises(SettingError, match=r"0\.1\.0 alone"):
        choose_model("", "tags", default=TAGS, revision="2")
    with pytest.raises(SettingError, match="No network for poses"):
        choose_model("", "poses", default=None)


@pytest.mark.parametrize(
    "text", ["efficientnet_lite3", "resnet50", "a b/c", "owner/name/more", "../x", "https://x.org/y"]
)
def test_what_names_nothing_is_told_what_can_be_named(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingError, match="There is no network") as raised:
        choose_model(text, "tags", default=TAGS)
    assert "owner/name" in raised.value.remedy
    assert ("Did you mean efficientnet_lite2?" in raised.value.remedy) == (text == "efficientnet_lite3")


def test_an_onnx_file_with_its_labels(onnx_file: Path) -> None:
    chosen = choose_model(str(onnx_file), "tags", default=TAGS)
    assert (chosen.origin, chosen.name, chosen.sha256) == ("file", "mine", TAGS.sha256)
    assert chosen.identifier == f"mine@{TAGS.sha256[:12]}"
    answer = chosen.availability()
    assert not answer.installed
    assert "mine.labels.txt" in answer.remedy
    assert choose_model(str(onnx_file), "embeddings", default=TAGS).availability().installed

    labels = onnx_file.with_suffix(".labels.txt")
    labels.write_text("cat\tn02121620\ndog\nbird\n\n", encoding="utf-8")
    chosen = choose_model(str(onnx_file), "tags", default=TAGS)
    assert chosen.availability().installed
    assert chosen.labels == ("cat", "dog", "bird")
    assert chosen.classes == (Label("cat", "n02121620"), Label("dog"), Label("bird"))
    first = chosen.model_hash
    assert TAGS.sha256 in first
    labels.write_text("cat\ndog\nfish\n", encoding="utf-8")
    assert chosen.model_hash != first

    other = onnx_file.with_name("names.txt")
    other.write_text("eins\nzwei", encoding="utf-8")
    assert choose_model(str(onnx_file), "tags", default=TAGS, labels=str(other)).labels == ("eins", "zwei")
    absent = choose_model(str(onnx_file), "tags", default=TAGS, labels="absent.txt").availability()
    assert not absent.installed
    assert "absent.txt" in absent.missing


@pytest.mark.parametrize(("content", "told"), [(b"", "Line 1"), (b"cat\n\ndog", "Line 2"), (b"\xff\xfe\x00", "UTF-8")])
def test_labels_that_cannot_be_read(onnx_file: Path, content: bytes, told: str) -> None:
    onnx_file.with_suffix(".labels.txt").write_bytes(content)
    chosen = choose_model(str(onnx_file), "tags", default=TAGS)
    answer = chosen.availability()
    assert not answer.installed
    assert told in answer.missing + answer.remedy
    with pytest.raises(UnavailableError):
        _ = chosen.labels


def test_files_that_are_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, onnx_file: Path) -> None:
    answer = choose_model("absent.onnx", "tags", default=TAGS).availability()
    assert not answer.installed
    assert "absent.onnx" in answer.missing
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path))
    found = choose_model("mine.onnx", "tags", default=TAGS)
    assert found.path == onnx_file.resolve()
    with pytest.raises(SettingError, match="no revisions"):
        choose_model("mine.onnx", "tags", default=TAGS, revision="2")


def test_a_model_of_the_hub_by_branch_commit_and_beginning_of_it(tmp_path: Path) -> None:
    pytest.importorskip("transformers", reason="transformers comes with pip install 'tidymedia[hub]'")
    first, second = "1" * 40, "2" * 40
    _snapshot(tmp_path / "cache", "owner/name", first, ref="refs/pr/3")
    assert choose_model("owner/name", "tags", default=TAGS).revision == first  # the only one there
    folder = _snapshot(tmp_path / "cache", "owner/name", second, ref="main")
    chosen = choose_model("owner/name", "tags", default=TAGS)
    assert (chosen.origin, chosen.identifier, chosen.path) == ("hub", f"owner/name@{second}", folder)
    assert chosen.labels == ("yes", "no")
    assert chosen.availability().installed
    for wanted in (first, first[:8], "refs/pr/3"):
        assert choose_model(f"owner/name@{wanted}", "tags", default=TAGS).revision == first
        assert choose_model("owner/name", "tags", default=TAGS, revision=wanted).revision == first
    with pytest.raises(SettingError, match="another revision"):
        choose_model("owner/name@1111111", "tags", default=TAGS, revision="2222222")
    absent = choose_model("owner/name", "tags", default=TAGS, revision="v9")
    assert absent.availability().remedy == "Fetch it with: tidymedia models fetch owner/name --revision v9"
    assert absent.sha256 == ""
    assert choose_model("owner/name@../../x", "tags", default=TAGS).path is None


def test_the_folder_of_the_user_comes_before_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _snapshot(tmp_path / "cache", "owner/name", "1" * 40, ref="main")
    mine = _snapshot(tmp_path / "mine", "owner/name", "2" * 40, ref="main")
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "mine"))
    found = find_snapshot("owner/name")
    assert found is not None
    assert found.folder == mine
    monkeypatch.delenv(ENVIRONMENT)
    monkeypatch.delenv("HF_HUB_CACHE")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    _snapshot(tmp_path / "home" / "hub", "owner/name", "3" * 40, ref="main")
    found = find_snapshot("owner/name")
    assert found is not None
    assert found.revision == "3" * 40


def test_the_hash_of_a_folder_is_that_of_all_that_decides(tmp_path: Path) -> None:
    folder = _snapshot(tmp_path / "cache", "owner/name", "1" * 40, ref="main")
    hashes = {choose_model(str(folder), "tags", default=TAGS).sha256}
    (folder / "README.md").write_text("Words.", encoding="utf-8")
    hashes.add(choose_model(str(folder), "tags", default=TAGS).sha256)
    assert len(hashes) == 1
    (folder / "preprocessor_config.json").write_text("{}", encoding="utf-8")
    hashes.add(choose_model(str(folder), "tags", default=TAGS).sha256)
    (folder / "model.safetensors").write_bytes(b"other numbers")
    hashes.add(choose_model(str(folder), "tags", default=TAGS).sha256)
    assert len(hashes) == 3


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda folder: (folder / "model.safetensors").rename(folder / "pytorch_model.bin"), "model.safetensors"),
        (lambda folder: (folder / "config.json").unlink(), "config.json"),
        (lambda folder: (folder / "model.safetensors.index.json").write_text("{"), "damaged"),
    ],
)
def test_a_folder_that_is_no_model(tmp_path: Path, change: object, told: str) -> None:
    pytest.importorskip("transformers", reason="transformers comes with pip install 'tidymedia[hub]'")
    folder = _snapshot(tmp_path / "cache", "owner/name", "1" * 40)
    assert callable(change)
    change(folder)
    answer = choose_model(str(folder), "tags", default=TAGS).availability()
    assert not answer.installed
    assert told in answer.missing


def test_classes_that_have_gaps_are_none(tmp_path: Path) -> None:
    folder = _snapshot(tmp_path / "cache", "owner/name", "1" * 40)
    (folder / "config.json").write_text(json.dumps({"id2label": {"0": "a", "2": "b"}}), encoding="utf-8")
    assert choose_model(str(folder), "tags", default=TAGS).labels is None
    (folder / "config.json").write_text("[]", encoding="utf-8")
    with pytest.raises(UnavailableError, match="no configuration"):
        _ = choose_model(str(folder), "tags", default=TAGS).labels


def test_without_the_extra_it_is_said_how_to_get_it(tmp_path: Path) -> None:
    _snapshot(tmp_path / "cache", "owner/name", "1" * 40, ref="main")
    program = (
        "import importlib.util as util, sys\n"
        "real = util.find_spec\n"
        "util.find_spec = lambda name, *more: None if name in ('torch', 'transformers') else real(name, *more)\n"
        "from tidymedia.models.choice import choose_model\n"
        "print(*choose_model('owner/name', 'tags', default=None).availability(), sep='|')\n"
        "print([name for name in ('torch', 'transformers', 'huggingface_hub', 'numpy') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.splitlines() == [
        "False|The model owner/name needs transformers and torch.|Get them with: pip install 'tidymedia[hub]'",
        "[]",
    ]
