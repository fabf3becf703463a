"""Makers of a whole folder for tests: hundreds of small files of every kind, and fifty nasty ones among them."""

from __future__ import annotations

import errno
import io
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

import archive_makers as archives
import audio_makers as recordings
import image_makers as images
import pdf_makers as pdfs
import vector_makers as drawings
import video_makers as films

NOT_LATIN = "香蕉 и банан 🍌 مَوْز.png"
LONG = "long " + "x" * 191 + ".png"
NOT_UTF8 = b"caf\xe9.png"


class Fate(NamedTuple):
    """What must become of a path.

    ``outcome``: ``ok`` (measured like any other), ``unread`` (a failed row in media), ``failed`` (no extractor of
    pictures gives rows), ``partial`` (some pictures fail), ``other`` (no medium: nothing to measure), ``vanished``
    (unread or failed). ``error`` is the type of the error, ``pictures`` the number of pictures that are measured.
    """

    outcome: str
    error: str = ""
    pictures: int = 1


class Made(NamedTuple):
    """A file of the folder: its name, what writes it, and what must become of it (or of its members)."""

    name: str | bytes
    write: Callable[[Path], object]
    fate: Fate | Mapping[str, Fate]


def data(content):
    """Return a writer of bytes."""
    return lambda path: path.write_bytes(content)


def saved(image, image_format, **options):
    """Return a writer of an image."""
    return lambda path: image.save(path, image_format, **options)


def small(seed, image_format="PNG", size=(24, 18)):
    """Return the bytes of a small picture that no other seed gives."""
    return images.written(images.scene(size, seed), image_format)


def flat_png(width, height):
    """Return a PNG of one bit a pixel that is all black, so that billions of pixels take few bytes."""
    row = b"\x00" * (1 + (width + 7) // 8)
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(row * 256) for _ in range(height // 256))
    packed += packer.compress(row * (height % 256)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = images.chunk(b"IHDR", header) + images.chunk(b"IDAT", packed) + images.chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def endless_gif(frames=20_000):
    """Return a GIF of very many frames, each shown for a hundredth of a second."""
    made = [Image.new("P", (8, 8), number) for number in (1, 2)]
    for one in made:
        one.putpalette([number % 256 for number in range(768)])
    start = images.written(made[0], "GIF", save_all=True, append_images=made[1:], duration=10, loop=0)
    at = start.rindex(b"\x21\xf9\x04")  # the second frame begins with its control block
    return start[:at] + start[at:-1] * frames + start[-1:]


def zipped(members):
    """Return a zip of files by name."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def locked(path):
    """Write a zip of two pictures of which one is marked as encrypted."""
    content = bytearray(zipped({"open.png": small(906), "secret.png": small(907)}))
    for magic, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.rindex(magic) + flags] |= 1
    path.write_bytes(content)


def cut_tar(path):
    """Write a tar that is cut off in its second picture."""
    archives.tar_of(
        path, [(f"{name}.bmp", small(seed, "BMP", (40, 30))) for name, seed in (("one", 908), ("two", 909))]
    )
    path.write_bytes(path.read_bytes()[:5_500])


def cut_film(path):
    """Write a film that ends before its index comes."""
    films.film(path, frames=30, container="mp4")
    path.write_bytes(path.read_bytes()[:-1_500])


def rotten_film(path):
    """Write a film of twelve seconds whose middle third is overwritten."""
    films.film(path, frames=60, rate=5, container="matroska", options={"g": "10"})
    content = bytearray(path.read_bytes())
    third = len(content) // 3
    content[third : 2 * third] = bytes(third)
    path.write_bytes(content)


def no_right(path):
    """Write a picture that nobody may read."""
    path.write_bytes(small(910))
    path.chmod(0)


def no_entry(path):
    """Make a folder that nobody may look into."""
    path.mkdir()
    path.chmod(0)


def loop(path):
    """Make a folder with a picture and a link to itself."""
    path.mkdir()
    (path / "real.png").write_bytes(small(911))
    (path / "again").symlink_to(path, target_is_directory=True)


def self_link(path):
    """Make a link that leads to itself."""
    path.symlink_to(path.name)


def linked(target):
    """Return a maker of links."""
    return lambda path: path.symlink_to(target)


def pipe(path):
    """Make a pipe, at which a program that opens it waits for ever."""
    os.mkfifo(path)


def nasty_files():
    """Return the nasty files."""
    whole = images.each_format()
    jpeg, png, tiff, gif, webp = (whole[f"a.{suffix}"] for suffix in ("jpg", "png", "tif", "gif", "webp"))
    document = pdfs.document([(pdfs.text("Whole", 40, 90), ""), (pdfs.bar(0, 0, 90, 90), "")])
    tone = recordings.wav(recordings.tone(0.3, 8_000)[:, None])
    same, same_broken = small(901), png[: len(png) // 3]
    ok, broken, large = Fate("ok"), Fate("failed", "BrokenFileError"), Fate("failed", "OverLimitError")
    empty, no_medium = Fate("unread", "EmptyFileError"), Fate("unread", "BrokenFileError")
    unreadable, outside = Fate("unread", "UnreadableError"), Fate("unread", "OutsideRootError")
    unsupported, bomb = Fate("failed", "UnsupportedError"), Fate("unread", "OverLimitError")
    return [
        Made("cut.jpg", data(jpeg[: len(jpeg) * 2 // 3]), broken),
        Made("cut.png", data(png[: len(png) // 2]), broken),
        Made("cut.webp", data(webp[: len(webp) // 2]), broken),
        Made("cut.tif", data(tiff[: len(tiff) // 3]), broken),
        Made("cut.bmp", data(whole["a.bmp"][:2_000]), broken),
        Made("only_magic.jpg", data(jpeg[:4]), broken),
        Made("only_magic.gif", data(gif[:6]), broken),
        Made("cut.pdf", data(document[: len(document) // 4]), broken),
        Made("cut.mp4", cut_film, broken),
        Made("cut.wav", data(tone[:30]), broken),
        Made("empty.jpg", data(b""), empty),
        Made("empty.pdf", data(b""), empty),
        Made("no_suffix_and_empty", data(b""), empty),
        Made("png_named.jpg", data(small(902)), ok),
        Made("jpeg_named.pdf", data(small(903, "JPEG")), ok),
        Made("no_suffix", data(small(904, "GIF")), ok),
        Made("page_named.jpg", data(b"<!DOCTYPE html><html><body>Not found</body></html>"), no_medium),
        Made("pointer.jpg", data(b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n"), no_medium),
        Made("noise.png", data(bytes(range(256)) * 20), no_medium),
        Made("bomb.png", data(flat_png(60_000, 60_000)), large),
        Made("giant.png", data(flat_png(30_000, 30_000)), large),
        Made("liar.png", data(images.png(2**31 - 1, 2**31 - 1)), large),
        Made("laughs.svg", data(drawings.laughs()), large),
        Made("deep.svg", data(drawings.nested()), large),
        Made("cut.svg", data(drawings.svg(drawings.bar(0, 0, 9, 9))[:-20]), broken),
        Made("locked.pdf", data(pdfs.encrypted()), Fate("failed", "EncryptedError")),
        Made("one_broken_page.pdf", data(pdfs.one_broken_page()), Fate("partial", "BrokenFileError", pictures=2)),
        Made("endless.gif", data(endless_gif()), large),
        Made("a/same_name.png", data(small(912)), ok),
        Made("b/same_name.png", data(small(913)), ok),
        Made("a/same_bytes.png", data(same), ok),
        Made("b/same_bytes_again.png", data(same), ok),
        Made("a/same_broken_bytes.png", data(same_broken), broken),
        Made("b/same_broken_bytes.png", data(same_broken), broken),
        Made(NOT_LATIN, data(small(914)), ok),
        Made(LONG, data(small(915)), ok),
        Made("line\nbreak, \"quotes\" 'and' #%?.png", data(small(916)), ok),
        Made("-o --help.png", data(small(917)), ok),
        Made(NOT_UTF8, data(small(918)), {"caf\\xe9.png": ok}),
        Made("no_right.png", no_right, unreadable),
        Made("no_entry", no_entry, unreadable),
        Made("dead_link.png", linked("nowhere.png"), unreadable),
        Made("outside_link.png", linked("/etc/passwd"), outside),
        Made("self_link.png", self_link, unreadable),
        Made("loop", loop, {"loop/real.png": ok}),
        Made("pipe.png", pipe, Fate("unread", "UnsupportedError")),
        Made("broken.zip", data(zipped({"a.png": same})[:-30]), no_medium),
        Made(
            "nested.zip",
            data(zipped({"in.zip": zipped({"a.png": same}), "a.png": small(919)})),
            {"nested.zip!/in.zip": Fate("unread", "UnsupportedError"), "nested.zip!/a.png": ok},
        ),
        Made(
            "slip.zip",
            data(zipped({"../../slipped.png": small(905), "in.png": small(920)})),
            {"slip.zip!/../../slipped.png": outside, "slip.zip!/in.png": ok},
        ),
        Made(
            "locked.zip",
            locked,
            {"locked.zip!/open.png": ok, "locked.zip!/secret.png": Fate("unread", "EncryptedError")},
        ),
        Made("bomb.zip", archives.overlapping_zip, bomb),
        Made(
            "squeezed.zip", archives.squeezed_zip, {"squeezed.zip!/huge.bmp": bomb, "squeezed.zip!/fine.jpg": no_medium}
        ),
        Made(
            "link.tar",
            lambda path: archives.tar_of(path, [("out.png", "../../../etc/passwd"), ("in.png", small(921))]),
            {"link.tar!/out.png": outside, "link.tar!/in.png": ok},
        ),
        Made("cut.tar", cut_tar, {"cut.tar": no_medium, "cut.tar!/one.bmp": ok, "cut.tar!/two.bmp": no_medium}),
        Made("drawing.wmf", data(b"\xd7\xcd\xc6\x9a" + bytes(60)), unsupported),
        Made("drawing.eps", data(drawings.eps()), unsupported),
    ]


def good_file(number):
    """Return a file without fault; its kind goes by turns, its bytes are its own."""
    where, scene, ok, two = f"{number % 7}/{number:04d}", images.scene((24, 18), number), Fate("ok"), Fate("ok", "", 2)
    exif = Image.Exif()
    exif[images.ORIENTATION] = 6
    frames = [images.scene((24, 18), 10_000 + 3 * number + frame).convert("L") for frame in range(3)]
    deep = Image.fromarray(np.asarray(scene.convert("L")) * np.uint16(257))
    document = pdfs.document([(pdfs.text(f"Page {number}", 40, 90), ""), (pdfs.bar(0, 0, 90, 90), "")])
    wave = recordings.wav(recordings.tone(0.2, 8_000, level=0.2 + number / 5_000)[:, None])
    members = {"x/1.png": images.written(scene, "PNG"), "note.txt": f"Note {number}"}
    turns = [
        Made(f"{where}.jpg", saved(scene, "JPEG"), ok),
        Made(f"{where}.jpeg", saved(scene.convert("L"), "JPEG"), ok),
        Made(f"{where}_print.jpg", saved(scene.convert("CMYK"), "JPEG"), ok),
        Made(f"{where}_turned.jpg", saved(scene, "JPEG", exif=exif.tobytes()), ok),
        Made(f"{where}.png", saved(scene, "PNG"), ok),
        Made(f"{where}_alpha.png", saved(scene.convert("RGBA"), "PNG"), ok),
        Made(f"{where}_palette.png", saved(scene.quantize(16), "PNG"), ok),
        Made(f"{where}_deep.png", saved(deep, "PNG"), ok),
        Made(f"{where}.webp", saved(scene, "WEBP"), ok),
        Made(f"{where}.gif", saved(scene.quantize(64), "GIF"), ok),
        Made(
            f"{where}_moves.gif",
            saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=4_000),
            Fate("ok", pictures=3),
        ),
        Made(f"{where}.tif", saved(scene, "TIFF", save_all=True, append_images=[scene.convert("L")]), two),
        Made(f"{where}.bmp", saved(scene, "BMP"), ok),
        Made(f"{where}.avif", saved(scene, "AVIF"), ok),
        Made(f"{where}.pdf", data(document), two),
        Made(f"{where}.svg", data(drawings.svg(drawings.bar(number % 90, 9 + number // 90, 50, 50))), ok),
        # Films take long to write: one in three turns.
        Made(f"{where}.mp4", lambda path: films.film(path, frames=30 + number // 60, rate=5), two)
        if number // 20 % 3 == 0
        else Made(f"{where}.wav", data(wave), Fate("ok", pictures=0)),
        Made(f"{where}.txt", data(f"Note {number}: no medium at all.".encode()), Fate("other")),
        Made(f"{where}.html", data(f"<!DOCTYPE html><p>Page {number}</p>".encode()), Fate("other")),
        Made(
            f"{where}.zip",
            data(zipped(members)),
            {f"{where}.zip!/x/1.png": ok, f"{where}.zip!/note.txt": Fate("other")},
        ),
    ]
    return turns[number % len(turns)]


def fill(folder, files):
    """Write the nasty files and so many good ones into a folder, and return the fate of every path."""
    nasty = nasty_files()
    fates = {}
    for made in [*nasty, *(good_file(number) for number in range(files - len(nasty)))]:
        path = Path(os.fsdecode(os.fsencode(folder) + b"/" + os.fsencode(made.name)))
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            made.write(path)
        except OSError as error:
            if error.errno != errno.EILSEQ:  # macOS has no names that are no UTF-8
                raise
            continue
        fates |= {os.fsdecode(made.name): made.fate} if isinstance(made.fate, Fate) else made.fate
    return fates
