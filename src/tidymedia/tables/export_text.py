"""Values that a text file cannot hold as they are: vectors, nested values, moments."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["as_json", "as_texts", "plain_value"]


def plain_value(value: Any) -> Any:
    """Return a value as JSON knows it: what is no number becomes null, a moment becomes ISO 8601 text.

    Examples
    --------
    >>> plain_value([0.5, float("nan"), {"a": b"x"}])
    [0.5, None, {'a': '78'}]
    """
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (list, tuple)):
        return [plain_value(one) for one in value]
    if isinstance(value, dict):
        return {str(key): plain_value(one) for key, one in value.items()}
    if isinstance(value, bytes):
        return value.hex()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value)


def as_json(value: Any) -> str:
    """Return a value as JSON text.

    Examples
    --------
    >>> as_json({"text": "Grüße", "score": float("inf")})
    '{"text":"Grüße","score":null}'
    """
    return json.dumps(plain_value(value), ensure_ascii=False, separators=(",", ":"))


def as_texts(column: pa.Array) -> pa.Array:
    """Turn an Arrow column into one that CSV can hold: lists as JSON, moments as ISO 8601."""
    import pyarrow as pa
    import pyarrow.types as types

    if types.is_string(column.type) or types.is_integer(column.type) or types.is_boolean(column.type):
        return column
    if types.is_floating(column.type):
        return column.cast(pa.float64()) if types.is_float16(column.type) else column
    if types.is_null(column.type) or types.is_large_string(column.type) or types.is_dictionary(column.type):
        return column.cast(pa.string())
    values = column.to_pylist()
    nested = types.is_nested(column.type)
    texts = [None if one is None else as_json(one) if nested else str(plain_value(one)) for one in values]
    return pa.array(texts, pa.string())
