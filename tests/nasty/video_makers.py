"""Makers of films for tests: small, made here, each nasty in one way."""

from __future__ import annotations

import av
import numpy as np


def film(
    path,
    frames=50,
    size=(64, 48),
    rate=25,
    codec="libx264",
    options=None,
    sound=None,
    times=None,
    rotation=None,
    pixel_aspect=None,
    pixel_format="yuv420p",
    container=None,
    draw=None,
    tags=None,
    sound_start=0.0,
):
    """Write a film; ``times`` are the milliseconds at which the frames are shown, ``sound`` its seconds."""
    with av.open(str(path), "w", format=container) as out:
        for key, value in (tags or {}).items():
            out.metadata[key] = value
        stream = out.add_stream(codec, rate=rate, options={"threads": "1", **(options or {})})
        stream.width, stream.height, stream.pix_fmt = *size, pixel_format
        if pixel_aspect is not None:
            stream.codec_context.sample_aspect_ratio = pixel_aspect
        if times is not None:
            from fractions import Fraction

            stream.codec_context.time_base = Fraction(1, 1000)
        if rotation is not None:
            stream.set_display_rotation(rotation)
        hear = out.add_stream("aac", rate=16_000) if sound is not None else None
        if hear is not None:
            hear.layout = "mono"
        for number in range(frames):
            picture = av.VideoFrame.from_ndarray((draw or numbered)(number, size), format="rgb24")
            picture.pts = times[number] if times is not None else number
            out.mux(stream.encode(picture))
        out.mux(stream.encode(None))
        if hear is not None:
            for block in tone_frames(sound, 16_000, start=sound_start):
                out.mux(hear.encode(block))
            out.mux(hear.encode(None))


def numbered(number, size):
    """Draw a frame that moves with its number."""
    down, across = np.mgrid[0 : size[1], 0 : size[0]]
    planes = [(across * 3 + 5 * number) % 256, (down * 4 + 3 * number) % 256, np.full_like(across, number * 7 % 256)]
    return np.stack(planes, axis=-1).astype(np.uint8)


def corners(number, size):
    """Draw red at the top left, green at the top right, blue at the bottom left, white at the bottom right."""
    image = np.zeros((size[1], size[0], 3), np.uint8)
    middle_down, middle_across = size[1] // 2, size[0] // 2
    image[:middle_down, :middle_across] = (255, 0, 0)
    image[:middle_down, middle_across:] = (0, 255, 0)
    image[middle_down:, :middle_across] = (0, 0, 255)
    image[middle_down:, middle_across:] = 255
    return image


def tone_frames(seconds, rate, layout="mono", start=0.0, sample_format="flt", level=0.5):
    """Make a tone of 200 Hz, in frames of 1,024 samples."""
    channels = {"mono": 1, "stereo": 2, "5.1": 6}[layout]
    total = round(seconds * rate)
    for at in range(0, total, 1024):
        moments = np.arange(at, min(at + 1024, total)) / rate
        wave = (level * np.sin(2 * np.pi * 200 * moments)).astype(np.float32)
        frame = av.AudioFrame.from_ndarray(np.repeat(wave, channels)[None, :], format=sample_format, layout=layout)
        frame.sample_rate = rate
        frame.pts = at + round(start * rate)
        yield frame
