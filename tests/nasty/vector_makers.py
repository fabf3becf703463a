"""Makers of drawings for tests: small, each nasty in one way."""

from __future__ import annotations

import base64
import io

from PIL import Image

START = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def svg(body, attributes='width="200" height="100"', before=""):
    """Return a drawing."""
    return f"{before}{START} {attributes}>{body}</svg>".encode()


def bar(left, top, width, height, color="red"):
    """Return a rectangle."""
    return f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="{color}"/>'


def embedded(color, size=(20, 20)):
    """Return a picture as a ``data:`` address."""
    stream = io.BytesIO()
    Image.new("RGB", size, color).save(stream, "PNG")
    return "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode()


def laughs(deep=9):
    """Return a drawing whose entities multiply by ten at each level."""
    lines = ['<!ENTITY a0 "ha">']
    lines += [f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, deep + 1)]
    return svg(f"<text>&a{deep};</text>", before=f"<!DOCTYPE svg [{''.join(lines)}]>")


def uses(deep=12, wide=10):
    """Return a drawing whose repetitions multiply at each level."""
    levels = ['<g id="g0"><rect width="1" height="1"/></g>']
    for level in range(1, deep + 1):
        levels.append(f'<g id="g{level}">' + f'<use xlink:href="#g{level - 1}"/>' * wide + "</g>")
    return svg("".join(levels))


def nested(deep=5000):
    """Return a drawing of groups in groups."""
    return svg("<g>" * deep + "</g>" * deep)


def eps(box="0 0 200 100"):
    """Return a PostScript drawing, red in its left half."""
    return (
        f"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: {box}\n%%EndComments\n"
        "1 0 0 setrgbcolor 0 0 100 100 rectfill\nshowpage\n%%EOF\n"
    ).encode()
