"""Makers of nasty archives. Each writes one file and says in its docstring what is wrong with it."""

import io
import struct
import tarfile
import zipfile
import zlib


def overlapping_zip(path, members=100, size=1_000_000):
    """Write a zip bomb whose members all share the bytes of one kernel (so that a small file is huge)."""
    squeezed = zlib.compressobj(9, zlib.DEFLATED, -15)
    kernel = squeezed.compress(bytes(size)) + squeezed.flush()
    crc = zlib.crc32(bytes(size))
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 33, crc, len(kernel), size, 5, 0) + b"a.bmp"
    directory = b""
    for number in range(members):
        name = f"{number}.bmp".encode()
        fields = (20, 20, 0, 8, 0, 33, crc, len(kernel), size, len(name), 0, 0, 0, 0, 0, 0)
        directory += struct.pack("<4s6H3I5H2I", b"PK\x01\x02", *fields) + name
    start = len(local) + len(kernel)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, members, members, len(directory), start, 0)
    path.write_bytes(local + kernel + directory + end)


def squeezed_zip(path, size=60_000_000):
    """Write a zip with one member of zero bytes that unpacks to a thousand times its size."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("huge.bmp", bytes(size))
        archive.writestr("fine.jpg", b"fine")


def encrypted_zip(path):
    """Write a zip of which one member is marked as encrypted."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("open.jpg", b"open")
        archive.writestr("secret.jpg", b"secret")
    content = bytearray(path.read_bytes())
    for magic, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.rindex(magic)
        content[at + flags] |= 1
    path.write_bytes(content)


def escaping_zip(path):
    """Write a zip whose members try to leave it."""
    with zipfile.ZipFile(path, "w") as archive:
        for name in (
            "../up.jpg",
            "a/../../up2.jpg",
            "/absolute.jpg",
            "C:\\drive\\1.jpg",
            "a/../inside.jpg",
            "fine.jpg",
        ):
            info = zipfile.ZipInfo(name)
            info.filename = name
            archive.writestr(info, name.encode())


def doubled_zip(path):
    """Write a zip with three members of the same name and different bytes."""
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(3):
            info = zipfile.ZipInfo("same.jpg")
            archive.NameToInfo.clear()
            archive.writestr(info, f"version {number}".encode())


def lying_zip(path):
    """Write a zip whose member has other bytes than its checksum says."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("1.jpg", b"right bytes")
    path.write_bytes(path.read_bytes().replace(b"right bytes", b"wrong bytes"))


def tar_of(path, members, mode="w"):
    """Write a tar of (name, bytes) in that order; bytes None makes a folder, text a link to it."""
    with tarfile.open(path, mode) as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            if content is None:
                info.type = tarfile.DIRTYPE
                archive.addfile(info)
            elif isinstance(content, str):
                info.type, info.linkname = tarfile.SYMTYPE, content
                archive.addfile(info)
            else:
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
