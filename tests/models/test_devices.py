"""Devices: the one that was asked for runs, or it is an error; never another one in silence."""

import subprocess
import sys

import onnxruntime
import pytest

from tidymedia.errors import SettingError, UnavailableError
from tidymedia.models.bundled import BUNDLED
from tidymedia.models.choice import choose_model
from tidymedia.models.devices import DEVICE_ENVIRONMENT, DEVICES, chosen_device, onnx_provider, torch_device
from tidymedia.models.sessions import load_network

MASK = BUNDLED["person_mask"]
ABSENT = [name for name, provider in DEVICES.items() if provider not in onnxruntime.get_available_providers()]


def test_the_environment_names_the_device(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(DEVICE_ENVIRONMENT, raising=False)
    assert chosen_device() == "cpu"
    monkeypatch.setenv(DEVICE_ENVIRONMENT, " CUDA ")
    assert chosen_device() == "cuda"
    monkeypatch.setenv(DEVICE_ENVIRONMENT, "gpu")
    with pytest.raises(SettingError, match="cannot be 'gpu'") as raised:
        chosen_device()
    assert "cuda" in raised.value.remedy


@pytest.mark.skipif(not ABSENT, reason="onnxruntime runs on all devices here")
@pytest.mark.parametrize("device", ABSENT)
def test_a_device_that_is_not_there_is_an_error_and_not_the_cpu(device: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnavailableError, match=f"cannot run on {device}"):
        load_network(MASK, device=device)
    monkeypatch.setenv(DEVICE_ENVIRONMENT, device)
    with pytest.raises(UnavailableError, match=DEVICES[device]) as raised:
        load_network(MASK)
    assert DEVICE_ENVIRONMENT in raised.value.remedy
    found = choose_model("", "masks", default=MASK).availability()
    assert not found.installed
    assert device in found.missing


def test_the_cpu_is_always_there_and_named() -> None:
    assert onnx_provider("cpu") == "CPUExecutionProvider"
    assert torch_device("cpu") == "cpu"
    assert load_network(MASK, device="cpu").device == "cpu"


def test_pytorch_takes_no_other_device_either() -> None:
    torch = pytest.importorskip("torch", reason="PyTorch comes with pip install 'tidymedia[hub]'")
    for device, there in (("cuda", torch.cuda.is_available()), ("coreml", torch.backends.mps.is_available())):
        if there:
            assert torch_device(device) == {"cuda": "cuda", "coreml": "mps"}[device]
        else:
            with pytest.raises(UnavailableError, match=f"cannot run on {device}"):
                torch_device(device)


def test_the_cpu_needs_no_import_of_pytorch() -> None:
    program = (
        "import sys; from tidymedia.models.devices import check_device; check_device(by_torch=True);"
        "print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "False"
