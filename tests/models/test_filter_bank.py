"""The bands of a sound are those of Kaldi's formula."""

import numpy as np
import pytest

from tidymedia.models.filter_bank import BANDS, FRAME, STEP, filter_bank


def mel(frequency: float) -> float:
    return 1127 * float(np.log(1 + frequency / 700))


def one_frame(samples: np.ndarray) -> list[float]:
    """Write the formula out for one frame, sum by sum."""
    scaled = [float(value) * 32_768 for value in samples]
    mean = sum(scaled) / FRAME
    centred = [value - mean for value in scaled]
    sharper = [centred[n] - 0.97 * centred[max(0, n - 1)] for n in range(FRAME)]
    windowed = [sharper[n] * (0.5 - 0.5 * np.cos(2 * np.pi * n / (FRAME - 1))) ** 0.85 for n in range(FRAME)]
    places = np.arange(FRAME)
    power = [abs(sum(windowed * np.exp(-2j * np.pi * k * places / 512))) ** 2 for k in range(256)]
    width = (mel(8000) - mel(20)) / (BANDS + 1)
    bands = []
    for band in range(BANDS):
        middle = mel(20) + (band + 1) * width
        heights = [max(0.0, 1 - abs(mel(k * 16_000 / 512) - middle) / width) for k in range(256)]
        bands.append(float(np.log(sum(h * p for h, p in zip(heights, power, strict=True)))))
    return bands


def test_a_frame_is_what_the_formula_gives() -> None:
    samples = np.random.default_rng(3).normal(0, 0.1, FRAME + 2 * STEP).astype(np.float32)
    made = filter_bank(samples)
    assert made.shape == (3, BANDS)
    for frame in range(3):
        np.testing.assert_allclose(made[frame], one_frame(samples[frame * STEP : frame * STEP + FRAME]), atol=2e-4)


@pytest.mark.parametrize(("count", "frames"), [(0, 0), (FRAME - 1, 0), (FRAME, 1), (FRAME + STEP - 1, 1), (16_000, 98)])
def test_only_whole_frames_count(count: int, frames: int) -> None:
    assert filter_bank(np.zeros(count, np.float32)).shape == (frames, BANDS)


def test_a_tone_is_loudest_in_its_band() -> None:
    tone = np.sin(2 * np.pi * 1000 * np.arange(16_000) / 16_000).astype(np.float32)
    band = (mel(1000) - mel(20)) / (mel(8000) - mel(20)) * (BANDS + 1) - 1
    assert abs(filter_bank(0.5 * tone)[40].argmax() - band) <= 1
    np.testing.assert_allclose(filter_bank(0.5 * tone) - filter_bank(0.25 * tone), np.log(4), atol=1e-3)


def test_many_frames_are_those_of_their_parts() -> None:
    samples = np.random.default_rng(4).normal(0, 0.1, 2_300 * STEP).astype(np.float32)
    np.testing.assert_allclose(filter_bank(samples)[1500:1600], filter_bank(samples[1500 * STEP :])[:100], atol=1e-4)
