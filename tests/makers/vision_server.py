"""Google Cloud Vision on this machine, for tests: it speaks images:annotate as the REST reference describes it.

What it finds is fixed, in pixels of the image that it is sent: boxes from (10%, 10%) to (50%, 50%).
"""

from __future__ import annotations

import base64
import io
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from PIL import Image

_FEATURES = {1: "faces", 2: "landmarks", 3: "logos", 4: "labels", 5: "text", 6: "safe_search", 10: "web", 19: "objects"}

Trouble = Callable[[dict[str, Any]], tuple[int, dict[str, str], bytes] | None]


@dataclass
class VisionServer:
    """What was asked."""

    address: str = ""
    trouble: list[Trouble] = field(default_factory=list)
    lasting: bool = False
    asked: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    sizes: list[tuple[int, int]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def requests(self) -> int:
        return sum(self.asked.values())

    def take(self, path: str, raw: bytes) -> tuple[int, dict[str, str], bytes]:
        body = json.loads(raw)
        with self._lock:
            self.asked[raw.decode()] += 1
            trouble = self.trouble[0] if self.trouble else None
            if trouble is not None and not (self.lasting and len(self.trouble) == 1):
                self.trouble.pop(0)
            if path.partition("?")[0] != "/v1/images:annotate" or len(body["requests"]) != 1:
                self.problems.append(path)
        instead = trouble(body) if trouble is not None else None
        if instead is not None:
            return instead
        with self._lock:
            self.answered[raw.decode()] += 1
            (request,) = body["requests"]
            image = Image.open(io.BytesIO(base64.b64decode(request["image"]["content"], validate=True)))
            if image.format != "JPEG":
                self.problems.append("no JPEG")
            self.sizes.append(image.size)
            asked = {_FEATURES[one["type"]] for one in request["features"]}
            return answer({"responses": [look(asked, *image.size)]})


def answer(body: dict[str, Any], status: int = 200, **headers: str) -> tuple[int, dict[str, str], bytes]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return status, {"Content-Type": "application/json", **named}, json.dumps(body).encode()


def problem(status: int, message: str, **headers: str) -> Trouble:
    """An error of the whole request."""
    return lambda body: answer({"error": {"code": status, "message": message, "status": "X"}}, status, **headers)


def picture_problem(code: int, message: str) -> Trouble:
    """An error about one picture of a request that went well."""
    return lambda body: answer({"responses": [{"error": {"code": code, "message": message}}]})


def look(asked: set[str], width: int, height: int) -> dict[str, Any]:
    """Find the same in every image."""
    left, top, right, bottom = width // 10, height // 10, width // 2, height // 2
    corners = [{"x": left, "y": top}, {"x": right, "y": top}, {"x": right, "y": bottom}, {"x": left, "y": bottom}]
    poly = {"vertices": corners}
    shares = {"normalizedVertices": [{"x": 0.1, "y": 0.1}, {"x": 0.5, "y": 0.1}, {"x": 0.5, "y": 0.5}, {"y": 0.5}]}
    symbols = [
        {"text": "V", "property": {}},
        {"text": "o", "property": {}},
        {"text": "x", "property": {"detectedBreak": {"type": "SPACE"}}},
        {"text": "é", "property": {"detectedBreak": {"type": "LINE_BREAK"}}},
    ]
    block = {
        "property": {"detectedLanguages": [{"languageCode": "fr", "confidence": 1}]},
        "boundingBox": poly,
        "paragraphs": [{"words": [{"symbols": symbols[:3]}, {"symbols": symbols[3:]}]}],
        "blockType": "TEXT",
        "confidence": 0.75,
    }
    points = {"LEFT_EYE": (0.2, 0.2), "RIGHT_EYE": (0.4, 0.2), "NOSE_TIP": (0.3, 0.3), "CHIN_GNATHION": (0.3, 0.5)}
    face = {
        "boundingPoly": {"vertices": [{}, {"x": width}, {"x": width, "y": height}, {"y": height}]},
        "fdBoundingPoly": poly,
        "landmarks": [
            {"type": name, "position": {"x": x * width, "y": y * height, "z": 0.1}} for name, (x, y) in points.items()
        ],
        "rollAngle": 1.5,
        "detectionConfidence": 0.875,
        **{f"{name}Likelihood": "VERY_UNLIKELY" for name in ("sorrow", "anger", "surprise")},
        "joyLikelihood": "LIKELY",
    }
    found: dict[str, dict[str, Any]] = {
        "labels": {
            "labelAnnotations": [
                {"mid": "/m/0bt9lr", "description": "Dog", "score": 0.875, "topicality": 0.875},
                {"mid": "/m/04rky", "description": "Mammal", "score": 0.5, "topicality": 0.5},
            ]
        },
        "web": {"webDetection": {"webEntities": [{"entityId": "/m/0bt9lr", "score": 1.25, "description": "Dog"}, {}]}},
        "objects": {
            "localizedObjectAnnotations": [
                {"mid": "/m/01yrx", "name": "Cat", "score": 0.25, "boundingPoly": shares},
                {"mid": "/m/0bt9lr", "name": "Dog", "score": 0.75, "boundingPoly": shares},
            ]
        },
        "text": {
            "textAnnotations": [{"locale": "fr", "description": "Vox é", "boundingPoly": poly}],
            "fullTextAnnotation": {"pages": [{"width": width, "height": height, "blocks": [block]}], "text": "Vox é\n"},
        },
        "faces": {"faceAnnotations": [face]},
        "safe_search": {"safeSearchAnnotation": {"adult": "VERY_UNLIKELY", "racy": "POSSIBLE", "violence": "UNLIKELY"}},
        "landmarks": {
            "landmarkAnnotations": [
                {
                    "description": "Eiffel Tower",
                    "score": 0.5,
                    "boundingPoly": poly,
                    "locations": [{"latLng": {"latitude": 48.5, "longitude": 2.25}}],
                }
            ]
        },
        "logos": {"logoAnnotations": [{"description": "Acme", "score": 0.5, "boundingPoly": poly}]},
    }
    return {name: value for feature in asked for name, value in found[feature].items()}


@contextmanager
def vision_server() -> Iterator[VisionServer]:
    """Serve until the end of the block."""
    server = VisionServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            status, headers, body = server.take(self.path, self.rfile.read(int(self.headers["Content-Length"])))
            if not status:
                self.close_connection = True
                return
            try:
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                pass  # who asked is out of patience

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        server.address = f"http://127.0.0.1:{http.server_address[1]}"
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()
