"""A tiny model as the hub would hold it, and a hub on this machine that speaks the few words that fetching needs."""

from __future__ import annotations

import functools
import hashlib
import http.server
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name bytes by their argument: written out they can differ between processes, as an ICC profile holds the time."""
    return argname if isinstance(val, bytes | bytearray) else None


COMMIT = "0123456789abcdef0123456789abcdef01234567"


class LoopbackHub(http.server.ThreadingHTTPServer):
    """A hub with one model, ``owner/tiny``, whose files lie in a folder."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.commit = COMMIT
        self.asked: list[str] = []
        self.changed: dict[str, bytes] = {}  # what is sent in place of a file, as a bad proxy would
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @functools.cached_property
    def described(self) -> dict[str, dict[str, Any]]:
        described = {}
        for path in sorted(self.folder.iterdir()):
            content = path.read_bytes()
            name = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
            entry: dict[str, Any] = {"type": "file", "path": path.name, "rfilename": path.name, "size": len(content)}
            entry |= {"oid": name, "blobId": name}
            if path.suffix == ".safetensors":
                digest = hashlib.sha256(content).hexdigest()
                entry["lfs"] = {"oid": digest, "sha256": digest, "size": len(content), "pointerSize": 130}
            described[path.name] = entry
        return described


class _Handler(http.server.BaseHTTPRequestHandler):
    server: LoopbackHub

    def log_message(self, *_: object) -> None:
        """Stay silent."""

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        hub = self.server
        path = self.path.partition("?")[0]
        hub.asked.append(path)
        model, files = "/api/models/owner/tiny", list(hub.described.values())
        if path == f"{model}/tree/{hub.commit}":
            self._give(json.dumps(files).encode())
        elif path in (model, f"{model}/revision/main", f"{model}/revision/{hub.commit}"):
            self._give(json.dumps({"id": "owner/tiny", "sha": hub.commit, "siblings": files}).encode())
        elif path.startswith(f"{model}/revision/"):
            self._give(b"{}", 404, {"X-Error-Code": "RevisionNotFound"})
        elif path.startswith(f"/owner/tiny/resolve/{hub.commit}/") and (name := Path(path).name) in hub.described:
            entry = hub.described[name]
            etag = entry.get("lfs", entry)["oid"]
            content = hub.changed.get(name, (hub.folder / name).read_bytes())
            self._give(content, headers={"ETag": f'"{etag}"', "X-Repo-Commit": hub.commit})
        else:
            self._give(b"{}", 404, {"X-Error-Code": "RepoNotFound"})

    def _give(self, content: bytes, code: int = 200, headers: dict[str, str] | None = None) -> None:
        self.send_response(code)
        for name, value in {"Content-Length": str(len(content)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)


@pytest.fixture(scope="session")
def tiny_classifier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vision transformer with random weights that knows cats, dogs and birds, with its card."""
    transformers = pytest.importorskip("transformers", reason="transformers comes with pip install 'tidymedia[hub]'")
    folder = tmp_path_factory.mktemp("models") / "tiny"
    configuration = transformers.ViTConfig(
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        image_size=32,
        patch_size=8,
        id2label={0: "cat", 1: "dog", 2: "bird"},
        label2id={"cat": 0, "dog": 1, "bird": 2},
    )
    transformers.set_seed(7)
    transformers.ViTForImageClassification(configuration).save_pretrained(folder)
    transformers.ViTImageProcessorPil(size={"height": 32, "width": 32}).save_pretrained(folder)
    (folder / "README.md").write_text("---\nlicense: cc-by-4.0\n---\n# A tiny one\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def tiny_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny CLIP with a tokenizer that knows letters."""
    transformers = pytest.importorskip("transformers", reason="transformers comes with pip install 'tidymedia[hub]'")
    folder = tmp_path_factory.mktemp("models") / "clip"
    tower = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
    configuration = transformers.CLIPConfig(
        text_config={
            **tower,
            "vocab_size": 60,
            "max_position_embeddings": 32,
            "bos_token_id": 1,
            "eos_token_id": 2,
            "pad_token_id": 0,
        },
        vision_config={**tower, "image_size": 32, "patch_size": 8},
        projection_dim=8,
    )
    transformers.set_seed(7)
    transformers.CLIPModel(configuration).save_pretrained(folder)
    words = ["<pad>", "<|startoftext|>", "<|endoftext|>"]
    words += [letter + end for letter in "abcdefghijklmnopqrstuvwxyz" for end in ("", "</w>")]
    tokenizer = transformers.CLIPTokenizer(
        vocab={word: place for place, word in enumerate(words)}, merges=[], pad_token="<pad>"
    )
    prepares = transformers.CLIPImageProcessorPil(size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32})
    transformers.CLIPProcessor(image_processor=prepares, tokenizer=tokenizer).save_pretrained(folder)
    return folder


@pytest.fixture
def loopback_hub(
    tiny_classifier: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., LoopbackHub]]:
    """Start a hub, as what HF_ENDPOINT names; models are looked for and fetched in the folder ``hub`` of the test."""
    started: list[LoopbackHub] = []

    def start(folder: Path = tiny_classifier) -> LoopbackHub:
        hub = LoopbackHub(folder)
        started.append(hub)
        threading.Thread(target=hub.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        return hub

    monkeypatch.setenv("TIDYMEDIA_MODELS", str(tmp_path / "hub"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "other cache"))
    yield start
    for hub in started:
        hub.shutdown()
        hub.server_close()
