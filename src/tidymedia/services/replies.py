"""What the headers of a reply say."""

from __future__ import annotations

import email.utils
import math
import time
from collections.abc import Mapping

__all__ = ["retry_after"]


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Read how long a service wants us to wait: seconds, or a date.

    Parameters
    ----------
    headers : mapping of str to str
        Headers, whose names do not tell small letters from capitals.

    Returns
    -------
    float or None
        Seconds; None where it does not say.

    Examples
    --------
    >>> retry_after({"retry-after": "2.5"})
    2.5
    """
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        try:
            seconds = email.utils.parsedate_to_datetime(text).timestamp() - time.time()
        except ValueError:
            return None
    return max(0.0, seconds) if math.isfinite(seconds) else None
