"""How driver and child process talk: one JSON object a line, so that neither ever loads a pickle."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any, cast

__all__ = ["read_message", "write_message"]


def write_message(stream: IO[bytes], message: Mapping[str, Any], *, at_once: bool = True) -> None:
    """Send a message.

    Parameters
    ----------
    stream : binary file
        Where to.
    message : mapping
        Plain values.
    at_once : bool, default True
        Whether it may not wait for the next message: each write wakes the other side.
    """
    text = json.dumps(message, allow_nan=False, separators=(",", ":"))
    stream.write(text.encode("utf-8", "replace") + b"\n")
    if at_once:
        stream.flush()


def read_message(stream: IO[bytes]) -> dict[str, Any] | None:
    """Receive the next message.

    Parameters
    ----------
    stream : binary file
        Where from.

    Returns
    -------
    dict or None
        The message; None where the other side is gone, also in the middle of a message.
    """
    line = stream.readline()
    if not line.endswith(b"\n"):
        return None
    return cast("dict[str, Any]", json.loads(line))
