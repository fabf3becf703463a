"""An OpenAI-compatible chat endpoint on this machine, for tests: it checks the protocol and counts.

Its model is a toy that can see one thing: which of red, green and blue a picture has most of. It fills every variable
of the JSON schema that it is given with a value that the schema allows.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from PIL import Image

Answer = tuple[int, dict[str, str], bytes]
Trouble = Callable[[dict[str, Any]], Answer | None]
"""Says what goes wrong with a request: an answer in place of the right one, or None where it goes well."""


@dataclass
class ChatServer:
    """What the endpoint was asked, and how it answers."""

    key: str = ""
    model: str = "toy"
    trouble: list[Trouble] = field(default_factory=list)
    """Troubles of the next requests, in order; the last one stays where ``lasting`` is set."""
    lasting: bool = False
    delay: float = 0.0
    address: str = ""
    asked: Counter[str] = field(default_factory=Counter)
    """How often each request came, by its digest."""
    answered: Counter[str] = field(default_factory=Counter)
    """How often each request was answered well."""
    bodies: list[dict[str, Any]] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """What was wrong with requests, by the protocol."""
    most_at_once: int = 0
    _at_once: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def requests(self) -> int:
        """How many requests came."""
        return sum(self.asked.values())

    def take(self, path: str, authorization: str, raw: bytes) -> Answer:
        digest = hashlib.sha256(raw).hexdigest()
        with self._lock:
            self.asked[digest] += 1
            self.moments.append(time.monotonic())
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            trouble = self.trouble[0] if self.trouble else None
            if trouble is not None and not (self.lasting and len(self.trouble) == 1):
                self.trouble.pop(0)
        try:
            body = json.loads(raw)
            with self._lock:
                self.bodies.append(body)
                self.problems += protocol_problems(path, body)
            time.sleep(self.delay)
            if self.key and authorization != f"Bearer {self.key}":
                return problem(401, f"Incorrect API key provided: {authorization.removeprefix('Bearer ')}")(body)
            instead = trouble(body) if trouble is not None else None
            if instead is not None:
                return instead
            with self._lock:
                self.answered[digest] += 1
            return completion(json.dumps(look(body)), body["model"])
        finally:
            with self._lock:
                self._at_once -= 1


def protocol_problems(path: str, body: dict[str, Any]) -> list[str]:
    """Say what is wrong with a request: the reference of chat completions, and strict JSON schemas."""
    found = [] if path == "/v1/chat/completions" else [f"path {path}"]
    found += [f"no {name}" for name in ("model", "messages", "response_format") if name not in body]
    chosen = body["response_format"]
    if chosen.get("type") != "json_schema" or not chosen["json_schema"].get("strict"):
        found.append("response_format")
    schema = chosen["json_schema"]["schema"]
    if schema.get("additionalProperties") is not False or schema["required"] != list(schema["properties"]):
        found.append("the schema is not strict")
    if [message["role"] for message in body["messages"]] != ["system", "user"]:
        found.append("roles")
    if [part["type"] for part in body["messages"][1]["content"]] != ["text", "image_url"]:
        found.append("parts")
    if picture_of(body).format != "JPEG":
        found.append("no JPEG")
    return found


def picture_of(body: dict[str, Any]) -> Image.Image:
    """Open the picture of a request."""
    url = body["messages"][1]["content"][1]["image_url"]["url"]
    head, _, data = url.partition(",")
    assert head == "data:image/jpeg;base64"
    return Image.open(io.BytesIO(base64.b64decode(data, validate=True)))


def look(body: dict[str, Any]) -> dict[str, Any]:
    """Answer as the toy model does."""
    means = picture_of(body).convert("RGB").resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    assert isinstance(means, tuple)
    color = ("red", "green", "blue")[max(range(3), key=lambda channel: means[channel])]
    properties = body["response_format"]["json_schema"]["schema"]["properties"]
    return {name: _fill(schema, color) for name, schema in properties.items()}


def _fill(schema: dict[str, Any], color: str) -> Any:
    if "anyOf" in schema:
        schema = schema["anyOf"][0]
    if "enum" in schema:
        return color if color in schema["enum"] else schema["enum"][0]
    if schema["type"] == "array":
        return [_fill(schema["items"], color)]
    if schema["type"] in ("integer", "number"):
        return schema.get("minimum", 0)
    return True if schema["type"] == "boolean" else f"Most of it is {color}."


def completion(
    content: str | None, model: str, *, refusal: str | None = None, finish: str = "stop", usage: bool = True
) -> Answer:
    """Write a completion around what a model said."""
    message = {"role": "assistant", "content": content, "refusal": refusal}
    plain: dict[str, Any] = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_795_000_000,
        "model": f"{model}-2026-11-01",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
    }
    if usage:
        plain["usage"] = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    return 200, {"Content-Type": "application/json"}, json.dumps(plain).encode()


def problem(status: int, message: str, code: str = "", **headers: str) -> Trouble:
    """Make a trouble: an error as the reference describes it."""
    error = {"error": {"message": message, "type": "error", "param": None, "code": code or None}}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda body: (status, {"Content-Type": "application/json", **named}, json.dumps(error).encode())


def says(content: str | None, **more: Any) -> Trouble:
    """Make a trouble: a completion with another content."""
    return lambda body: completion(content, body["model"], **more)


def garbled(body: dict[str, Any]) -> Answer:
    """Answer with what is no JSON."""
    return 200, {"Content-Type": "application/json"}, b'{"choices": [{"mess'


def slow(seconds: float) -> Trouble:
    """Make a trouble: an answer that comes late."""

    def wait(body: dict[str, Any]) -> None:
        time.sleep(seconds)

    return wait


def hang_up(body: dict[str, Any]) -> Answer:
    """Close the connection without a word."""
    return 0, {}, b""


@contextmanager
def chat_server(**given: Any) -> Iterator[ChatServer]:
    """Serve until the end of the block."""
    server = ChatServer(**given)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            self._answer(server.take(self.path, self.headers.get("Authorization", ""), raw))

        def do_GET(self) -> None:
            good = not server.key or self.headers.get("Authorization") == f"Bearer {server.key}"
            body = {"object": "list", "data": []} if good else {"error": {"message": "no"}}
            self._answer((200 if good else 401, {"Content-Type": "application/json"}, json.dumps(body).encode()))

        def _answer(self, answer: Answer) -> None:
            status, headers, body = answer
            if not status:
                self.close_connection = True
                return
            try:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                pass  # who asked is gone: killed, or out of patience

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            pass  # a client that was killed

    with Quiet(("127.0.0.1", 0), Handler) as http:
        server.address = f"http://127.0.0.1:{http.server_address[1]}/v1"
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()
