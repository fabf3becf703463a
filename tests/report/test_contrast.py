"""Colours of the style sheet: readable by WCAG 2.2 AA in light and dark."""

import re
from importlib.resources import files

import pytest

TEXT_PAIRS = [(ink, ground) for ink in ("ink", "quiet", "link") for ground in ("page", "panel")] + [("ink", "note")]
GRAPHIC_PAIRS = [(mark, "page") for mark in ("accent", "median", "ok", "failed")]


def _schemes():
    style = files("tidymedia.report").joinpath("assets", "report.css").read_text("utf-8")
    light, dark = (
        dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block)) for block in re.findall(r":root \{(.*?)\}", style, re.S)[:2]
    )
    return {"light": light, "dark": {**light, **dark}}


def _luminance(color):
    channels = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _contrast(one, other):
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_text_is_readable(scheme, ink, ground):
    colors = _schemes()[scheme]
    assert _contrast(colors[ink], colors[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("mark", "ground"), GRAPHIC_PAIRS)
def test_graphics_stand_out(scheme, mark, ground):
    colors = _schemes()[scheme]
    assert _contrast(colors[mark], colors[ground]) >= 3
