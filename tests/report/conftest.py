"""A study as a report sees it: real thumbnails, real tables, and names and texts that try to break out."""

import dataclasses
import hashlib
import io

import numpy as np
import pandas as pd
import pytest
from PIL import Image, ImageDraw

from tidymedia.duplicates.table import DUPLICATES
from tidymedia.report.content import ExtractorNote, ReportContent
from tidymedia.report.copies import Cluster, ClusterPicture, FoundCopies
from tidymedia.tables import Column, Summary, Table

HOSTILE_NAME = "press/</script><img src=x onerror=alert(1)>.jpg"
HOSTILE_TEXT = "<script>alert('ocr')</script> <!-- --> ]]> \u202e\x00 &amp; \u2028"
HOSTILE_MESSAGE = '"><svg onload=alert(2)> is broken.'

METADATA = Table(
    "metadata",
    (),
    (
        Column("format", "string", "Format of the file.", range="JPEG | PNG | PDF"),
        Column("duration_ms", "integer", "Length of the film or sound.", unit="ms", missing="it has no time"),
        Column("has_alpha", "boolean", "Whether it has transparent pixels."),
        Column("sha1", "string", "Another hash."),
    ),
    "One file.",
)
PIXELS = Table(
    "pixels",
    ("picture",),
    (
        Column("brightness", "number", "Mean brightness of the picture.", range="0 to 1"),
        Column("colorfulness", "number", "Colourfulness after Hasler and Süsstrunk (2003).", range="0 and more"),
        Column("area", "integer", "Pixels of the picture.", unit="px", range="1 and more"),
        Column("dominant_color", "string", "Name of the most frequent colour."),
    ),
    "One picture.",
    (Summary(Column("brightness", "number", "Mean brightness of its pictures.", range="0 to 1"), "avg(brightness)"),),
)
TEXTS = Table(
    "texts",
    ("picture", "block"),
    (
        Column("text", "string", "The text."),
        Column("score", "number", "How sure the engine is.", range="0 to 1"),
        Column("lang", "string", "Language.", missing="not told"),
        Column("box_x", "number", "Left side of the box.", unit="px"),
    ),
    "One block of text.",
)
TAGS = Table("tags", ("picture", "rank"), (Column("label", "string", "What is to be seen."),), "One tag.")
PICTURES = Table("pictures", ("picture",), (Column("width", "integer", "Width.", unit="px"),), "One picture.")

COLORS = {"red": (190, 60, 50), "green": (70, 140, 80), "blue": (60, 90, 170), "gray": (128, 128, 128)}
KINDS = ("image",) * 7 + ("document", "video", "audio")
WORDS = [
    "the",
    "council",
    "voted",
    "on",
    "Tuesday",
    "to",
    "close",
    "the",
    "old",
    "harbour",
    "bridge",
    "until",
    "spring",
    "and",
    "open",
    "a",
    "ferry",
    "line",
]


def _thumbnail(rng, color, number):
    image = Image.new("RGB", (200, int(rng.integers(110, 200))), color)
    draw = ImageDraw.Draw(image)
    for _ in range(9):
        left, top = (int(value) for value in rng.integers(0, 150, 2))
        shade = tuple(int(value) for value in rng.integers(0, 255, 3))
        draw.ellipse((left, top, left + 45, top + 45), fill=shade)
    draw.text((8, 8), str(number), fill="white")
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=80)
    return stream.getvalue()


def make_content(files=60):
    """Make the content of a report about some files; every 20th cannot be read."""
    rng = np.random.default_rng(4)
    media, status, failures, summary, thumbnails = [], [], [], [], {}
    tables = {name: [] for name in ("metadata", "pixels", "texts", "tags", "pictures")}
    for number in range(files):
        path = HOSTILE_NAME if number == 1 else f"press/2024/{'éclair' if number % 3 else 'photo'} {number:04d}.jpg"
        media_id = hashlib.sha256(str(number).encode()).hexdigest()
        kind, color = KINDS[number % len(KINDS)], list(COLORS)[int(rng.integers(0, 4))]
        identity = {"path": path, "media_id": media_id}
        broken = number % 20 == 5
        trouble = ("BrokenFileError", HOSTILE_MESSAGE, "Get the file again from its source.")
        media.append(
            {
                **identity,
                "media_id": None if broken else media_id,
                "kind": None if broken else kind,
                "bytes": int(rng.lognormal(13, 1.5)),
                "modified": "2024-05-01T08:30:00Z",
                "status": "failed" if broken else "ok",
                **dict(zip(("error_type", "error_message", "remedy"), trouble if broken else (None,) * 3, strict=True)),
            }
        )
        if broken:
            continue
        sees = kind != "audio"
        has_text = sees and number % 3 != 0
        words = {
            "metadata": "ok",
            "pictures": "ok" if sees else "skipped",
            "pixels": "ok" if sees else "skipped",
            "ocr": ("ok" if has_text else "empty") if sees else "skipped",
        }
        if number % 17 == 4 and sees:
            words["ocr"] = "partial"
            failures.append(
                {
                    **identity,
                    "extractor": "ocr",
                    "picture": 3,
                    "time_ms": 61_500 if kind == "video" else None,
                    "error_type": "NoProgressError",
                    "error_message": f"{path} stood still for 300 s.",
                    "remedy": "Raise the limit seconds_without_progress.",
                }
            )
        for name, word in words.items():
            status.append(
                {
                    "media_id": media_id,
                    "extractor": name,
                    "fingerprint": hashlib.sha256(name.encode()).hexdigest()[:12],
                    "status": word,
                    "reason": "not_applicable" if word == "skipped" else None,
                    "n_rows": int(word in ("ok", "partial")),
                    "seconds": float(rng.uniform(0.01, 0.9)),
                    "run": "20240501T083000Z",
                }
            )
        tables["metadata"].append(
            {
                **identity,
                "unit_id": media_id,
                "format": "JPEG" if sees else "FLAC",
                "duration_ms": None if sees else int(rng.integers(900, 90_000)),
                "has_alpha": bool(number % 4 == 0),
                "sha1": hashlib.sha256(path.encode()).hexdigest(),
            }
        )
        if not sees:
            continue
        unit = {**identity, "unit_id": f"{media_id}:p0", "picture": 0}
        brightness = float(rng.beta(3, 2))
        tables["pictures"].append({**unit, "width": int(rng.integers(300, 5000))})
        tables["pixels"].append(
            {
                **unit,
                "brightness": brightness,
                "colorfulness": float(rng.gamma(4, 9)),
                "area": int(rng.lognormal(14, 2)),
                "dominant_color": color,
            }
        )
        summary.append({**identity, "kind": kind, "brightness": brightness, "newspaper": ["Times", "Post"][number % 2]})
        thumbnails[f"{media_id}:p0"] = _thumbnail(rng, COLORS[color], number)
        if has_text:
            text = " ".join(rng.choice(WORDS, int(rng.integers(3, 120))))
            text = HOSTILE_TEXT if number == 1 else f"unicorn {text}" if number == 2 else text
            block = {
                "text": text,
                "score": float(rng.beta(8, 2)),
                "lang": ["en", "de"][number % 2],
                "box_x": 1.0,
                "extractor": "ocr",
            }
            tables["texts"].append({**unit, "unit_id": f"{media_id}:p0:b0", "block": 0, **block})
        tables["tags"].append(
            {**unit, "unit_id": f"{media_id}:p0:t0", "rank": 0, "label": ["dog", "crowd"][number % 2]}
        )
    notes = (
        ExtractorNote("pictures", "Every picture of a medium.", 1, {}, fingerprint="aa" * 6),
        ExtractorNote("metadata", "What the file says of itself.", 1, {"gps": False}, fingerprint="bb" * 6),
        ExtractorNote(
            "pixels",
            "Brightness, contrast and colour of each picture.",
            2,
            {"colors": 5},
            fingerprint="cc" * 6,
            citation="Hasler, D., & Süsstrunk, S. (2003). Measuring colourfulness in natural images. SPIE 5007.",
        ),
        ExtractorNote(
            "ocr",
            "Text in pictures.",
            3,
            {"engine": "tesseract", "lang": ["eng", "deu"], "deskew": True},
            model="tesseract@5.5.0",
            fingerprint="dd" * 6,
            caveat="Letters smaller than about 20 px are often missed. Curved and handwritten text is hardly read.",
            citation="Smith, R. (2007). An overview of the Tesseract OCR engine. ICDAR 2007, 629-633.",
        ),
    )
    run = {
        "run": "20240501T083000Z",
        "started": "2024-05-01T08:30:00+00:00",
        "finished": "2024-05-01T08:33:25+00:00",
        "command": "tidymedia analyze press -o study --with metadata,pixels,ocr --set ocr.lang=eng,deu",
        "version": "0.1.0",
        "packages": {"tidymedia": "0.1.0", "pillow": "13.0.0", "numpy": "2.4.6", "tesserocr": "2.13.0"},
        "python": "3.11.9",
        "platform": "Linux-6.1-x86_64",
        "device": "cpu",
        "machine": {"processor": "x86_64", "cores": 2, "memory_mb": 8192},
        "jobs": 2,
        "settings": {"pictures": {"video": "5s", "pdf_dpi": 200, "background": "#ffffff"}},
        "limits": {"pixels": 250_000_000, "pages": 2000},
        "counts": {"files": files},
        "seeds": {"sample": 7},
    }
    earlier = {**run, "run": "20240430T070000Z", "packages": {**run["packages"], "numpy": "2.4.5"}}
    failure_names = ["path", "media_id", "extractor", "picture", "time_ms", "error_type", "error_message", "remedy"]
    return ReportContent(
        study_name="Harbour press & pictures",
        created="2024-05-02T10:00:00Z",
        media=pd.DataFrame(media),
        status=pd.DataFrame(status),
        failures=pd.DataFrame(failures, columns=failure_names),
        tables={name: pd.DataFrame(rows) for name, rows in tables.items()},
        definitions=(PICTURES, METADATA, PIXELS, TEXTS, TAGS),
        extractors=notes,
        runs=(earlier, run),
        summary=pd.DataFrame(summary),
        thumbnails=thumbnails,
    )


@pytest.fixture(scope="session")
def content():
    return make_content()


@pytest.fixture(scope="session")
def content_of():
    return make_content


def add_copies(content, **changes):
    """Add clusters of copies to the content of a report: one of many files, and pairs of others."""
    seen = content.media[content.media["kind"].isin(["image", "document", "video"])].reset_index(drop=True)

    def member(place, distance=0.0, turn="upright", **others):
        row = seen.loc[place]
        given = {"picture": 0, "time_ms": None, "paths": (row["path"],), "files": 1, **others}
        return ClusterPicture(row["media_id"], kind=row["kind"], distance=distance, turn=turn, **given)

    film = int(seen.index[seen["kind"] == "video"][0])
    clusters = (
        Cluster(
            9,
            5,
            (
                member(0, paths=(seen.loc[0, "path"], "a/again.jpg"), files=4),
                member(1, 3.0, "mirrored_rotated_90"),
                member(film, 8.0, picture=2, time_ms=10_000),
            ),
        ),
        Cluster(2, 2, (member(2), member(len(seen) - 1, 1.0, "rotated_180"))),
        Cluster(2, 1, (member(4, paths=(seen.loc[4, "path"], "b/again.jpg"), files=2),)),
    )
    found = {
        "parameters": {"by": "hash", "threshold": 8.0, "turned": True, "within_files": False},
        "made": "2024-05-01T09:00:00+00:00",
        "is_current": True,
        "clusters": 60,
        "files": 130,
        "droppable": 71,
        "droppable_bytes": 3_200_000,
        "largest": clusters,
        "shown": tuple(one.unit_id for cluster in clusters for one in cluster.members),
        **changes,
    }
    rows = [
        {
            "path": path,
            "media_id": one.media_id,
            "unit_id": one.unit_id,
            "picture": one.picture,
            "cluster": cluster.members[0].unit_id,
            "cluster_files": cluster.files,
            "is_representative": place == 0,
            "distance": one.distance,
            "kind": "near" if place else "exact",
            "turn": one.turn,
        }
        for cluster in clusters
        for place, one in enumerate(cluster.members)
        for path in one.paths
    ]
    late = f"{seen.loc[film, 'media_id']}:p2"
    note = ExtractorNote(
        DUPLICATES.name, DUPLICATES.title, 1, found["parameters"], fingerprint="ee" * 6, caveat=DUPLICATES.caveat
    )
    return dataclasses.replace(
        content,
        copies=FoundCopies(**found),
        derivations=(note,),
        definitions=(*content.definitions, DUPLICATES.table),
        tables={**content.tables, "duplicates": pd.DataFrame(rows)},
        thumbnails={**content.thumbnails, late: _thumbnail(np.random.default_rng(9), (90, 90, 90), 2)},
    )


@pytest.fixture(scope="session")
def with_copies():
    return add_copies
