import wave
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from PIL import Image

PLUGINS = Path(__file__).parent / "plugins"


@pytest.fixture
def trouble() -> Path:
    return PLUGINS / "trouble.py"


@pytest.fixture
def fragile() -> Path:
    return PLUGINS / "fragile_pictures.py"


@pytest.fixture
def recordings(tmp_path: Path) -> Callable[..., Path]:
    """Make a folder of short recordings whose sample rates tell the extractor what to do."""

    def make(rates: Sequence[int], folder: str = "media") -> Path:
        target = tmp_path / folder
        target.mkdir(exist_ok=True)
        for number, rate in enumerate(rates):
            with wave.open(str(target / f"{number:04d}.wav"), "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(rate)
                file.writeframes(number.to_bytes(4, "little") * 200)
        return target

    return make


@pytest.fixture
def pages(tmp_path: Path) -> Callable[..., Path]:
    """Make a multi-page TIFF whose pages have one colour each."""

    def make(colors: Sequence[tuple[int, int, int]], name: str = "media/pages.tif") -> Path:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        first, *others = [Image.new("RGB", (40, 30), color) for color in colors]
        first.save(path, save_all=True, append_images=others)
        return path

    return make
