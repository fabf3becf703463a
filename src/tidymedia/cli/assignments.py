"""``--set name=value``: parameters of extractors, picture settings and limits in one option."""

from __future__ import annotations

from collections.abc import Sequence

from tidymedia.errors import SettingError

__all__ = ["split_assignments", "split_names"]


def split_assignments(texts: Sequence[str]) -> tuple[dict[str, object], dict[str, object], dict[str, object]]:
    """Sort assignments by what they change.

    Parameters
    ----------
    texts : sequence of str
        Such as ``"ocr.lang=eng"``, ``"pictures.video=1s"`` or ``"limits.pages=50"``.

    Returns
    -------
    tuple of (dict, dict, dict)
        Parameters of extractors, picture settings, limits.

    Raises
    ------
    SettingError
        Where a text is no assignment.

    Examples
    --------
    >>> split_assignments(["ocr.lang=eng", "limits.pages=50"])
    ({'ocr.lang': 'eng'}, {}, {'pages': '50'})
    """
    parameters: dict[str, object] = {}
    pictures: dict[str, object] = {}
    limits: dict[str, object] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        owner, dot, rest = name.strip().partition(".")
        if not equals or not dot or not rest:
            raise SettingError(
                f"--set {text} sets nothing.",
                "Write --set ocr.lang=eng, --set pictures.video=1s or --set limits.pages=50.",
            )
        target = {"pictures": pictures, "limits": limits}.get(owner, parameters)
        target[rest if target is not parameters else f"{owner}.{rest}"] = value.strip()
    return parameters, pictures, limits


def split_names(texts: Sequence[str] | None) -> list[str]:
    """Split names that are joined by commas.

    Parameters
    ----------
    texts : sequence of str or None
        Such as ``["ocr,pixels", "hashes"]``.

    Returns
    -------
    list of str
        Each name once.

    Examples
    --------
    >>> split_names(["ocr, pixels", "ocr"])
    ['ocr', 'pixels']
    """
    names = [name.strip() for text in texts or () for name in text.split(",")]
    return list(dict.fromkeys(name for name in names if name))
