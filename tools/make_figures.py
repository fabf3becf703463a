"""Draw the pictures of the documentation anew into docs/images, from the sample media.

Only files are drawn that are in the public domain or under CC0, so that the pictures need no names below them; of the
timeline, whose film shows a frame under another licence, the page names it::

    python tools/make_figures.py
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from matplotlib.figure import Figure
from PIL import Image

import tidymedia as tm
from tidymedia.models.person_mask import person_mask

ROOT = Path(__file__).resolve().parents[1]
MEDIA = ROOT / "examples" / "media"
IMAGES = ROOT / "docs" / "images"
MOST_BYTES = 150_000
COFFEE = MEDIA / "posts" / "ben" / "image.jpg"
SHEET = [
    "photographs/dandelions.jpg",
    "photographs/astronaut.jpg",
    "photographs/photographer.png",
    "posts/ben/image.jpg",
    "drawings/poster.svg",
    "posts/ben/cut_off.jpg",
]


def contact_sheet() -> Figure:
    """Show some of the sample media, one of them broken."""
    return tm.show([MEDIA / name for name in SHEET], columns=3, width=7.2)


def channels() -> Figure:
    """Show a photograph as the matrices of its channels."""
    return tm.plot_channels(COFFEE, size=9)


def augmentation() -> Figure:
    """Show a photograph and five variants of it under each policy for photographs."""
    policies = ("light", "standard", "strong")
    photograph = tm.resize(COFFEE, (300, 200))
    pictures = [picture for policy in policies for picture in tm.augment(photograph, policy=policy, seed=1)]
    titles = [f"{policy} {number}" if number else "original" for policy in policies for number in range(6)]
    return tm.show(pictures, titles=titles, columns=6, width=7.2)


def drawn() -> Figure:
    """Show boxes and a mask that are drawn onto photographs."""
    names = ("photographer.png", "astronaut.jpg")
    photographer, astronaut = (tm.resize(MEDIA / "photographs" / name, (350, 350)) for name in names)
    mask = person_mask(astronaut)
    pictures = [
        tm.draw(photographer, tm.find_objects(photographer)),
        tm.draw(astronaut, [mask, tm.find_objects(astronaut)]),
    ]
    return tm.show(pictures, titles=["", ""], width=6.4)


def timeline() -> Figure:
    """Show what a study says of the sample film, along its time."""
    names = ["shots", "faces", "tags", "objects", "ocr", "speech", "transcripts", "voice"]
    with tempfile.TemporaryDirectory() as folder:
        study = tm.Study(folder, media=MEDIA / "films" / "montage.mp4", pictures={"video": "1s"})
        return study.analyze(names).plot_timeline("montage.mp4", width=10)


def save(figure: Figure, name: str) -> None:
    """Save a figure with as many colours as its size allows."""
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=110)
    picture = Image.open(stream).convert("RGB")
    for colors in (256, 128, 96, 64, 48):
        picture.quantize(colors).save(IMAGES / name, optimize=True)
        if (IMAGES / name).stat().st_size <= MOST_BYTES:
            return
    raise SystemExit(f"{name} is too large: draw fewer pictures.")


if __name__ == "__main__":
    IMAGES.mkdir(exist_ok=True)
    save(contact_sheet(), "contact_sheet.png")
    save(channels(), "channels.png")
    save(augmentation(), "augmentation.png")
    save(drawn(), "drawn.png")
    save(timeline(), "timeline.png")
    for path in sorted(IMAGES.glob("*.png")):
        print(f"{path.stat().st_size:>8,} {path.relative_to(ROOT)}")
