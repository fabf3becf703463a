"""The sample film with several shots: photographs under a moving camera, a piece of animation, a narrator, music.

It shows everything at once that can be measured in a film: hard cuts, a dissolve, a fade through black, words, a
face, speech, music and silence. ``tools/make_examples.py`` writes it after the other sample media.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont, ImageOps

__all__ = ["MONTAGE", "montage"]

WIDTH, HEIGHT, RATE = 480, 270, 25
SOUND_RATE = 48_000
FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"

DISSOLVE, FADE = 20, 15
"""Frames of the dissolve, and of each half of the fade through black."""

MONTAGE = (
    ("title", 75, "start"),
    ("mountains", 65, "cut"),
    ("astronaut", 80, "cut"),
    ("pagoda", 70, "dissolve"),
    ("dogs", 70, "cut"),
    ("rabbit", 70, "cut"),
    ("end", 70, "fade"),
)
"""What is seen, how many frames it has to itself, and how it begins. A dissolve takes half of its frames from each."""

# Where the camera looks first and last: left edge, top edge and width of what it sees, as shares of the width.
MOVES = {
    "mountains": ((0.02, 0.12, 0.80), (0.18, 0.08, 0.80)),
    "astronaut": ((0.00, 0.02, 1.00), (0.18, 0.04, 0.52)),
    "pagoda": ((0.00, 0.06, 1.00), (0.16, 0.02, 0.72)),
    "dogs": ((0.00, 0.40, 1.00), (0.06, 0.52, 0.80)),
}

TITLE = ((("SEVEN SHOTS", 44), ("a film made of sample pictures", 20)), "#1d3557", "#ffffff")
END = (
    (
        ("THE END", 40),
        ("Words: Jane Austen", 15),
        ("Pictures: NASA, Aitzol Berasategi, danielbuechele", 15),
        ("Rabbit: (c) 2008 Blender Foundation", 15),
    ),
    "#e9e2d0",
    "#202020",
)

# Plucked chords, in half tones from A below middle C; the first ones belong to the title, the last to the end.
OPENING = ((3, 7, 10, 15), (-2, 5, 10, 14), (0, 3, 7, 12), (-4, 3, 8, 12))
CLOSING = ((-4, 3, 8, 12), (-2, 5, 10, 14), (3, 7, 10, 15))


def card(content: tuple[tuple[tuple[str, int], ...], str, str]) -> Image.Image:
    """Draw a card with lines of words, the first one bold."""
    lines, ground, ink = content
    picture = Image.new("RGB", (WIDTH, HEIGHT), ground)
    draw = ImageDraw.Draw(picture)
    top = (HEIGHT - sum(size * 1.7 for _, size in lines)) / 2
    for number, (text, size) in enumerate(lines):
        font = ImageFont.truetype(str(FONTS / ("DejaVuSans.ttf" if number else "DejaVuSans-Bold.ttf")), size)
        draw.text((WIDTH / 2, top + size * 0.85), text, ink, font, anchor="mm")
        top += size * 1.7
    return picture


def look(photograph: Image.Image, name: str, share: float) -> Image.Image:
    """Return what the camera sees of a photograph; ``share`` of its way is done."""
    first, last = MOVES[name]
    eased = share * share * (3 - 2 * share)
    left, top, width = (a + (b - a) * eased for a, b in zip(first, last, strict=True))
    side = photograph.width
    box = (left * side, top * side, (left + width) * side, (top + width * HEIGHT / WIDTH) * side)
    return photograph.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS, box=box)


def scene(name: str, frames: int, media: Path) -> list[Image.Image]:
    """Make the frames of one shot."""
    if name in ("title", "end"):
        return [card(TITLE if name == "title" else END)] * frames
    if name == "rabbit":
        with av.open(str(media / "films" / "rabbit.mp4")) as film:
            seen = [frame.to_image() for frame in film.decode(video=0)][:frames]
        return [frame.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS) for frame in seen]
    with Image.open(media / "photographs" / f"{name}.jpg") as stored:
        photograph = ImageOps.exif_transpose(stored).convert("RGB")
    return [look(photograph, name, number / (frames - 1)) for number in range(frames)]


def pictures(media: Path) -> list[Image.Image]:
    """Put the shots together."""
    film: list[Image.Image] = []
    black = Image.new("RGB", (WIDTH, HEIGHT))
    for name, frames, begins in MONTAGE:
        if begins == "dissolve":
            shot = scene(name, frames + DISSOLVE, media)
            for number in range(DISSOLVE):
                share = (number + 1) / (DISSOLVE + 1)
                film[number - DISSOLVE] = Image.blend(film[number - DISSOLVE], shot[number], share)
            film += shot[DISSOLVE:]
            continue
        shot = scene(name, frames, media)
        if begins == "fade":
            for number in range(FADE):
                film[number - FADE] = Image.blend(film[number - FADE], black, (number + 1) / FADE)
            film += [black] * 5
            for number in range(FADE):
                shot[number] = Image.blend(black, shot[number], number / FADE)
        film += shot
    return film


def pluck(half_tones: int, seconds: float, randomness: np.random.Generator) -> NDArray[np.float64]:
    """Sound a string that is plucked: noise that goes round and round and loses its edges (Karplus and Strong)."""
    period = round(SOUND_RATE / (220 * 2 ** (half_tones / 12)))
    string = randomness.uniform(-1, 1, period)
    rounds = []
    for _ in range(int(seconds * SOUND_RATE / period) + 1):
        rounds.append(string)
        string = 0.498 * (string + np.roll(string, 1))
    return np.concatenate(rounds)[: int(seconds * SOUND_RATE)]


def music(chords: tuple[tuple[int, ...], ...], seconds: float, seed: int) -> NDArray[np.float64]:
    """Play broken chords over a length, the last one fading out."""
    randomness = np.random.default_rng(seed)
    length = int(seconds * SOUND_RATE)
    mixed = np.zeros(length)
    step = seconds / sum(map(len, chords))
    for number, tone in enumerate(tone for chord in chords for tone in chord):
        note = pluck(tone, 1.6, randomness)
        start = int(number * step * SOUND_RATE)
        mixed[start : start + len(note)] += note[: length - start]
    tail = SOUND_RATE // 2
    mixed[-tail:] *= np.linspace(1, 0, tail)
    return mixed * (0.35 / np.abs(mixed).max())


def narration(media: Path) -> list[NDArray[np.float64]]:
    """Read the first two excerpts of the recording, three times as many samples a second as there."""
    with av.open(str(media / "recordings" / "sense_and_sensibility.flac")) as recording:
        whole = np.concatenate([block.to_ndarray().ravel() for block in recording.decode(audio=0)])
    excerpts = (whole[: int(7.1 * 16_000)], whole[int(7.6 * 16_000) : int(10.59 * 16_000)])
    return [np.fft.irfft(np.fft.rfft(part / 32_768), 3 * len(part)) * 3 for part in excerpts]


def sound(seconds: float, media: Path) -> NDArray[np.float32]:
    """Put the sound together: music, the narrator twice, silence, music."""
    track = np.zeros(round(seconds * SOUND_RATE))
    first, second = narration(media)
    parts = ((0.0, music(OPENING, 3.7, 1)), (4.0, first), (11.6, second), (17.6, music(CLOSING, seconds - 17.6, 2)))
    for start, samples in parts:
        place = round(start * SOUND_RATE)
        track[place : place + len(samples)] += samples
    return np.clip(track, -1, 1).astype(np.float32)


def montage(media: Path) -> None:
    """Write films/montage.mp4."""
    frames = pictures(media)
    samples = sound(len(frames) / RATE, media)
    with av.open(str(media / "films" / "montage.mp4"), "w", options={"movflags": "+faststart"}) as made:
        made.metadata["title"] = "Seven shots"
        made.metadata["comment"] = "Made of sample pictures; authors and licences are in LICENSES.md"
        options = {"crf": "25", "preset": "slow", "threads": "1"}
        picture = made.add_stream("libx264", rate=RATE, options=options)
        picture.width, picture.height, picture.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        audio = made.add_stream("aac", rate=SOUND_RATE, layout="mono")
        audio.bit_rate = 64_000
        for number, image in enumerate(frames):
            frame = av.VideoFrame.from_image(image)
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            made.mux(picture.encode(frame))
        for start in range(0, len(samples), 1024):
            block = av.AudioFrame.from_ndarray(samples[None, start : start + 1024], format="fltp", layout="mono")
            block.sample_rate, block.pts = SOUND_RATE, start
            made.mux(audio.encode(block))
        for stream in (picture, audio):
            made.mux(stream.encode(None))
