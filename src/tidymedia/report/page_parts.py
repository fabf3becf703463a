"""Text that goes into a page in a form that cannot end or change it."""

from __future__ import annotations

import base64
import hashlib
import json
import re

from markupsafe import Markup

__all__ = ["content_security_policy", "json_block", "without_controls"]

_ENDS_A_SCRIPT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}
_NOT_IN_A_PAGE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def json_block(value: object) -> Markup:
    r"""Write a value as JSON for a script element: no character in it can close the element.

    Parameters
    ----------
    value : object
        Plain values, lists and dictionaries; no endless numbers.

    Returns
    -------
    markupsafe.Markup
        JSON in ASCII without ``<``, ``>`` and ``&``.

    Examples
    --------
    >>> print(json_block(["</script>"]))
    ["\u003c/script\u003e"]
    """
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    for character, code in _ENDS_A_SCRIPT.items():
        text = text.replace(character, code)
    return Markup(text)  # noqa: S704 - every character that means something to HTML is replaced above


def content_security_policy(script: str, style: str) -> str:
    """Return a policy that lets a page load nothing and run only its own script.

    Parameters
    ----------
    script, style : str
        Text of the one script and the one style sheet, as they stand in the page.

    Returns
    -------
    str
        The policy; other scripts, event attributes and addresses are refused by the browser.

    Examples
    --------
    >>> content_security_policy("", "").split("; ")[0]
    "default-src 'none'"
    """
    return "; ".join(
        (
            "default-src 'none'",
            "img-src data:",
            f"script-src '{_hash(script)}'",
            f"style-src '{_hash(style)}'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def without_controls(page: str) -> str:
    r"""Replace characters that may not stand in a page, such as halves of surrogate pairs from file names.

    Parameters
    ----------
    page : str
        The page.

    Returns
    -------
    str
        The page, with U+FFFD in their place; it can be written as UTF-8.

    Examples
    --------
    >>> without_controls("caf\udce9") == "caf\ufffd"
    True
    """
    return _NOT_IN_A_PAGE.sub("\ufffd", page)


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
