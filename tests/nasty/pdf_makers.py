"""Makers of PDF documents for tests, written byte by byte: small, each nasty in one way."""

from __future__ import annotations

import hashlib

PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")


def pdf(objects, root=1, trailer=""):
    """Join numbered objects to a document with a correct table of offsets."""
    out = bytearray(b"%PDF-1.6\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    for offset in offsets:
        out += f"{offset:010d} 00000 n \n".encode()
    out += f"trailer\n<< /Size {len(objects) + 1} /Root {root} 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def stream(data, entries=""):
    """Return a stream object."""
    return f"<< /Length {len(data)} {entries} >>\nstream\n".encode() + data + b"\nendstream"


def document(pages, info="", form="", extra=()):
    """Return a document; a page is its drawing commands and its further entries.

    Objects: 1 catalogue, 2 list of pages, 3 font, 4 information, then a page and its drawing by turns, then
    ``extra``.
    """
    kids = " ".join(f"{5 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {form} >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} /MediaBox [0 0 300 200] >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        f"<< {info} >>".encode("latin-1"),
    ]
    for number, (drawing, entries) in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /Resources << /Font << /F1 3 0 R >> >> "
            f"/Contents {6 + 2 * number} 0 R {entries} >>".encode()
        )
        objects.append(stream(drawing.encode("latin-1")))
    return pdf([*objects, *extra], trailer="/Info 4 0 R")


def text(words, left, bottom, size=20):
    """Return the commands that write words."""
    return f"BT /F1 {size} Tf {left} {bottom} Td ({words}) Tj ET\n"


def bar(left, bottom, width, height, color="1 0 0"):
    """Return the commands that fill a rectangle."""
    return f"{color} rg {left} {bottom} {width} {height} re f 0 0 0 rg\n"


def rc4(key, data):
    """Encrypt as the oldest PDF encryption does."""
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def encrypted(password="secret"):
    """Return a document of one page that opens with a password; "" for one that every viewer opens."""
    user = (password.encode() + PADDING)[:32]
    owner = rc4(hashlib.md5((b"owner" + PADDING)[:32]).digest()[:5], user)
    identity = bytes(range(16))
    key = hashlib.md5(user + owner + (-44 & 0xFFFFFFFF).to_bytes(4, "little") + identity).digest()[:5]
    check = rc4(key, PADDING)

    def locked(number, data):
        return rc4(hashlib.md5(key + number.to_bytes(3, "little") + b"\x00\x00").digest()[:10], data)

    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 300 200] >>",
        b"<< /Type /Page /Parent 2 0 R /Resources << >> /Contents 4 0 R >>",
        stream(locked(4, bar(0, 0, 300, 200).encode())),
        b"<< /Filter /Standard /V 1 /R 2 /P -44 /O <"
        + owner.hex().encode()
        + b"> /U <"
        + check.hex().encode()
        + b"> >>",
    ]
    return pdf(objects, trailer=f"/Encrypt 5 0 R /ID [<{identity.hex()}> <{identity.hex()}>]")


def form():
    """Return a document with a filled field whose look is stored, and a tick of a comment."""
    field = (
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Ada) /Rect [50 100 150 130] /F 4 "
        b"/DA (/F1 12 Tf 0 g) /AP << /N 8 0 R >> /P 5 0 R >>"
    )
    look = stream(b"0 0 1 rg 0 0 100 30 re f", "/Type /XObject /Subtype /Form /BBox [0 0 100 30] /Resources << >>")
    return document(
        [("", "/Annots [7 0 R]")],
        form="/AcroForm << /Fields [7 0 R] /DA (/F1 12 Tf 0 g) /DR << /Font << /F1 3 0 R >> >> >>",
        extra=[field, look],
    )


def one_broken_page():
    """Return a document of three pages whose second is no page at all."""
    good = document([(bar(0, 0, 300, 200), ""), ("", ""), (bar(0, 0, 300, 200, "0 0 1"), "")])
    # A font stands where the page should; the length stays, so that the table of offsets stays right.
    return good.replace(b"/Kids [5 0 R 7 0 R 9 0 R]", b"/Kids [5 0 R 3 0 R 9 0 R]")
