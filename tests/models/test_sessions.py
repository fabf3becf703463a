"""Networks in memory: once a process, on the device asked for, quiet."""

import dataclasses
import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tidymedia.errors import ExtractionError, UnavailableError, UsageError
from tidymedia.models.bundled import BUNDLED
from tidymedia.models.sessions import default_threads, load_network

MASK = BUNDLED["person_mask"]


def test_it_is_loaded_once_for_each_number_of_threads() -> None:
    one = load_network(MASK, threads=1)
    assert load_network(MASK, threads=1) is one
    assert load_network(MASK, threads=2) is not one
    assert (one.device, one.threads, one.model) == ("cpu", 1, MASK)


def test_threads_are_those_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_THREAD_LIMIT", raising=False)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert default_threads() == 1
    monkeypatch.setenv("OMP_NUM_THREADS", "4,2")
    monkeypatch.setenv("OMP_THREAD_LIMIT", "1")
    assert default_threads() == 1
    monkeypatch.setenv("OMP_THREAD_LIMIT", "0")
    assert default_threads() == 1
    monkeypatch.setenv("OMP_THREAD_LIMIT", "100000")
    assert 1 <= default_threads() < 100000


def test_a_device_that_is_not_offered_is_refused() -> None:
    with pytest.raises(UsageError, match="no device 'abacus'") as raised:
        load_network(MASK, device="abacus")
    assert "cpu" in raised.value.remedy
    with pytest.raises(UsageError, match="at least one thread"):
        load_network(MASK, threads=0)


def test_what_is_no_network_is_said(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "text.onnx"
    path.write_bytes(b"no network")
    model = dataclasses.replace(MASK, sha256=hashlib.sha256(b"no network").hexdigest())
    with pytest.raises(UnavailableError, match="cannot be loaded") as raised:
        load_network(model, path=path)
    assert raised.value.remedy
    assert capfd.readouterr() == ("", "")


def test_an_input_that_does_not_fit_is_said_and_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    network = load_network(MASK, threads=1)
    with pytest.raises(ExtractionError, match="person_mask@"):
        network.run(np.zeros((1, 10, 10, 3), np.float32))
    with pytest.raises(ExtractionError, match="person_mask@"):
        network.run(np.zeros((1, 256, 256, 3), np.float32), "no such output")
    assert network.run(np.zeros((1, 256, 256, 3), np.float32))["mask"].shape == (1, 256, 256, 1)
    assert capfd.readouterr() == ("", "")


def test_onnxruntime_is_not_imported_before_a_network_runs() -> None:
    program = (
        "import sys, tidymedia.extractors.embeddings, tidymedia.models.sessions as sessions, tidymedia.models.files;"
        "print([name for name in ('onnxruntime', 'numpy', 'PIL') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
def test_a_forked_process_loads_anew() -> None:
    program = (
        "import os, numpy\n"
        "from tidymedia.models.bundled import BUNDLED\n"
        "from tidymedia.models.sessions import load_network\n"
        "given = numpy.zeros((1, 256, 256, 3), numpy.float32)\n"
        "first = load_network(BUNDLED['person_mask'], threads=2)\n"
        "first.run(given)\n"
        "child = os.fork()\n"
        "if not child:\n"
        "    again = load_network(BUNDLED['person_mask'], threads=2)\n"
        "    os._exit(0 if again is not first and again.run(given) else 1)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], check=True, capture_output=True, text=True, timeout=120
    )
    assert done.stdout.strip() == "0"


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
def test_a_forked_process_does_not_wait_for_threads_that_are_not_its_own() -> None:
    program = (
        "import os, numpy\n"
        "from tidymedia.models.bundled import BUNDLED\n"
        "from tidymedia.models.sessions import load_network\n"
        "load_network(BUNDLED['person_mask'], threads=3).run(numpy.zeros((1, 256, 256, 3), numpy.float32))\n"
        "held = [load_network(BUNDLED['nanodet'], threads=3)]\n"
        "child = os.fork()\n"
        "if not child:\n"
        "    held.clear()\n"
        "    os._exit(7)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], check=True, capture_output=True, text=True, timeout=120
    )
    assert done.stdout.strip() == "7"
