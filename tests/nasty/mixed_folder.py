"""A folder of mixed media with nasty ones among them, and what must become of each."""

import io
import os
import random
import struct
import tarfile
import wave
import zipfile
import zlib
from pathlib import Path

import av
import numpy as np
import pypdfium2 as pdfium
from PIL import Image

GOOD = "good"


def make_folder(folder: Path, files: int, seed: int = 1) -> dict[str, str]:
    """Fill a folder; return for each path ``good``, or the type of the error that must be told."""
    folder.mkdir(parents=True)
    expected = _nasty(folder)
    chance = random.Random(seed)
    makers = [_png, _jpeg, _gif, _tiff, _bmp, _webp, _svg, _pdf, _wav]
    number = 0
    while len(expected) < files:
        maker = makers[number % len(makers)]
        name = maker(folder / f"part_{number % 7}", f"file_{number:04d}", chance)
        expected[name] = GOOD
        number += 1
    return expected


def _picture(chance: random.Random, mode: str = "RGB") -> Image.Image:
    small = np.frombuffer(chance.randbytes(6 * 5 * 3), np.uint8).reshape(5, 6, 3)
    return Image.fromarray(small).resize((48, 40)).convert(mode)


def _path(folder: Path, name: str) -> Path:
    folder.mkdir(exist_ok=True)
    return folder / name


def _told(path: Path) -> str:
    return path.relative_to(path.parents[1]).as_posix()


def _png(folder: Path, name: str, chance: random.Random) -> str:
    path = _path(folder, f"{name}.png")
    _picture(chance).save(path)
    return _told(path)


def _jpeg(folder: Path, name: str, chance: random.Random) -> str:
    path = _path(folder, f"{name}.JPG")
    _picture(chance, "CMYK" if chance.random() < 0.2 else "RGB").save(path, "JPEG")
    return _told(path)


def _gif(folder: Path, name: str, chance: random.Random) -> str:
    path = _path(folder, f"{name}.gif")
    _picture(chance).save(path, save_all=True, append_images=[_picture(chance)], duration=4_000)
    return _told(path)


def _tiff(folder: Path, name: str, chance: random.Random) -> str:
    path = _path(folder, f"{name}.tif")
    _picture(chance, "L").save(path, save_all=True, append_images=[_picture(chance, "L")])
    return _told(path)


def _bmp(folder: Path, name: str, chance: random.Random) -> str:
    path = _path(folder, f"{name}.jpg")  # a wrong suffix that does no harm
    _picture(chance).save(path, "BMP")
    return _told(path)


def _webp(folder: Path, name: str, chance: random.Random) -> str:
    path = _path(folder, f"{name}.webp")
    _picture(chance).save(path)
    return _told(path)


def _svg(folder: Path, name: str, chance: random.Random) -> str:
    path = _path(folder, f"{name}.svg")
    color = f"#{chance.randrange(1 << 24):06x}"
    box = f'<rect width="30" height="30" fill="{color}"/>'
    path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30">{box}</svg>', encoding="utf-8")
    return _told(path)


def pdf_bytes(pages: int, width: float = 100) -> bytes:
    document = pdfium.PdfDocument.new()
    for _ in range(pages):
        document.new_page(width, 80).close()
    stream = io.BytesIO()
    document.save(stream)
    document.close()
    return stream.getvalue()


def _pdf(folder: Path, name: str, chance: random.Random) -> str:
    path = _path(folder, f"{name}.pdf")
    path.write_bytes(pdf_bytes(1, 60 + chance.random() * 100))
    return _told(path)


def _wav(folder: Path, name: str, chance: random.Random) -> str:
    path = _path(folder, f"{name}.wav")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8_000)
        file.writeframes(chance.randbytes(1_600))
    return _told(path)


def film_bytes(frames: int = 30) -> bytes:
    stream = io.BytesIO()
    with av.open(stream, "w", format="mp4") as container:
        video = container.add_stream("mpeg4", rate=10)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        for number in range(frames):
            picture = np.full((48, 64, 3), number * 8 % 256, np.uint8)
            for packet in video.encode(av.VideoFrame.from_ndarray(picture, "rgb24")):
                container.mux(packet)
        for packet in video.encode():
            container.mux(packet)
    return stream.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    """A small PNG whose header announces a huge picture, and whose data unpack to as much."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    data = zlib.compress(b"\0" * ((width // 8 + 1) * 2_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


# One page with the standard security handler (40-bit RC4); the user's password is not empty.
ENCRYPTED_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>endobj\n"
    b"4 0 obj<</Filter/Standard/V 1/R 2/P -4/O<"
    + b"28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A"
    + b">/U<"
    + b"11" * 32
    + b">>>endobj\n"
    b"trailer<</Root 1 0 R/Encrypt 4 0 R/ID[<00><00>]/Size 5>>\n%%EOF\n"
)


def _nasty(folder: Path) -> dict[str, str]:
    chance = random.Random(7)
    expected: dict[str, str] = {}

    def put(name: str, data: bytes, outcome: str) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        expected[name] = outcome
        return path

    def encoded(form: str, size: tuple[int, int] = (300, 200), **more: object) -> bytes:
        stream = io.BytesIO()
        noise = np.frombuffer(chance.randbytes(size[0] * size[1] * 3), np.uint8).reshape(size[1], size[0], 3)
        Image.fromarray(noise).save(stream, form, **more)
        return stream.getvalue()

    for form, suffix in (
        ("JPEG", "jpg"),
        ("PNG", "png"),
        ("WEBP", "webp"),
        ("TIFF", "tif"),
        ("BMP", "bmp"),
        ("AVIF", "avif"),
    ):
        data = encoded(form)
        put(f"nasty/cut.{suffix}", data[: len(data) // 2], "BrokenFileError")
    put("nasty/cut.pdf", pdf_bytes(2)[:90], "BrokenFileError")
    put("nasty/cut.mp4", film_bytes()[:600], "BrokenFileError")
    for suffix in ("jpg", "pdf", "mp4", "txt"):
        put(f"nasty/zero.{suffix}", b"", "EmptyFileError")
    put("nasty/page.jpg", b"<!doctype html><html><body>Not found</body></html>", "BrokenFileError")
    put("nasty/answer.png", b'{"error": "rate limit"}', "BrokenFileError")
    put("nasty/noise.gif", chance.randbytes(5_000), "BrokenFileError")
    put("nasty/picture.png.jpg", encoded("PNG", (20, 20)), GOOD)
    put("nasty/bomb.png", png_claiming(200_000, 200_000), "OverLimitError")
    put("nasty/huge.png", png_claiming(30_000, 30_000), "OverLimitError")
    put("nasty/locked.pdf", ENCRYPTED_PDF, "EncryptedError")
    put("nasty/many_frames.gif", _endless_gif(), GOOD)
    put("nasty/one_broken_page.pdf", _one_broken_page(), "BrokenFileError")
    put("a/1.jpg", encoded("JPEG", (30, 30)), GOOD)
    put("b/1.jpg", encoded("JPEG", (30, 30)), GOOD)
    put("b/1.png", encoded("PNG", (30, 30)), GOOD)
    twice = encoded("PNG", (25, 25))
    put("twice/one.png", twice, GOOD)
    put("twice/two.png", twice, GOOD)
    put("nasty/фото-日本語-صورة.png", encoded("PNG", (12, 12)), GOOD)
    put(f"nasty/{'n' * 196}.png", encoded("PNG", (12, 13)), GOOD)
    put('nasty/quote\' "double" ;$(x) [1]*.png', encoded("PNG", (12, 14)), GOOD)
    put("nasty/bomb.svg", _laughs(), "OverLimitError")
    put("nasty/drawing.wmf", b"\xd7\xcd\xc6\x9a" + b"\0" * 60, "UnsupportedError")
    put("nasty/one_pixel.png", encoded("PNG", (1, 1)), GOOD)
    put("nasty/line.png", encoded("PNG", (3_000, 2)), GOOD)
    put("nasty/notes.txt", b"no medium", GOOD)
    put("nasty/vanishing.jpg", encoded("JPEG", (31, 31)), "UnreadableError")
    put("nasty/forbidden.jpg", encoded("JPEG", (32, 32)), "UnreadableError").chmod(0)
    put("nasty/no_sound.wav", b"RIFF\x24\0\0\0WAVEfmt ", "BrokenFileError")
    put("nasty/garbage.zip", b"PK\x03\x04" + chance.randbytes(300), "BrokenFileError")
    (folder / "nasty/dangling.jpg").symlink_to("nowhere.jpg")
    expected["nasty/dangling.jpg"] = "UnreadableError"
    (folder / "nasty/loop").symlink_to(folder, target_is_directory=True)
    (folder / "nasty/passwords").symlink_to("/etc/passwd")
    expected["nasty/passwords"] = "OutsideRootError"
    _archives(folder, expected, encoded("PNG", (22, 22)))
    return expected


def _endless_gif() -> bytes:
    frames = [Image.new("P", (8, 8), number % 256) for number in range(3_000)]
    stream = io.BytesIO()
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:], duration=20, loop=0)
    return stream.getvalue()


def _one_broken_page() -> bytes:
    """Three pages, the second of which is no page."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R 4 0 R 5 0 R]/Count 3>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 90 90]>>",
        b"<</Type/Nothing/Broken(",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 90 90]>>",
    ]
    data = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj" % number + body + b"endobj\n"
    start = len(data)
    data += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return data + b"trailer<</Root 1 0 R/Size 6>>\nstartxref\n%d\n%%%%EOF\n" % start


def _laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE svg [<!ENTITY l0 "ha">{entities}]><svg xmlns="http://www.w3.org/2000/svg"><text>&l9;</text></svg>'.encode()


def _archives(folder: Path, expected: dict[str, str], picture: bytes) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("x.png", picture)
    with zipfile.ZipFile(folder / "nasty/pack.zip", "w") as archive:
        archive.writestr("good/a.png", picture)
        archive.writestr("../../escape.png", picture)
        archive.writestr("inner.zip", inner.getvalue())
        archive.writestr("zero.jpg", b"")
    expected["nasty/pack.zip!/good/a.png"] = GOOD
    expected["nasty/pack.zip!/zero.jpg"] = "EmptyFileError"
    expected["nasty/pack.zip!/inner.zip"] = "UnsupportedError"
    expected["escape"] = "OutsideRootError"
    with tarfile.open(folder / "nasty/pack.tar.gz", "w:gz") as archive:
        for number in range(3):
            entry = tarfile.TarInfo(f"t/{number}.png")
            entry.size = len(picture)
            archive.addfile(entry, io.BytesIO(picture))
        link = tarfile.TarInfo("t/link.png")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    expected["nasty/pack.tar.gz!/t/link.png"] = "OutsideRootError"
    for number in range(3):
        expected[f"nasty/pack.tar.gz!/t/{number}.png"] = GOOD


def walked(folder: Path) -> set[str]:
    """Paths of all plain files, links not followed."""
    return {(Path(root) / name).relative_to(folder).as_posix() for root, _, names in os.walk(folder) for name in names}
