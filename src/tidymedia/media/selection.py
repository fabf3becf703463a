"""Which of the files found are analysed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from tidymedia.errors import SettingError
from tidymedia.media.found import Found

__all__ = ["Selection"]


@dataclass(frozen=True, slots=True)
class Selection:
    """A choice among the files found, by name, by chance and by number.

    Patterns are matched against the whole path, with ``/`` and regard for capitals: ``*`` is any text within
    a name, ``?`` one character, ``[abc]`` one of these, ``**`` any number of folders. A pattern without ``/``
    is matched against the name alone, in whatever folder.

    Parameters
    ----------
    include : tuple of str, default ()
        Only files that match one of these; empty for all.
    exclude : tuple of str, default ()
        No file that matches one of these.
    limit : int or None, default None
        At most this many, the first ones, after all else.
    sample : int or None, default None
        This many at random. Which ones depends on the seed and the paths alone: the same on every machine,
        and most of a sample stays when files are added.
    seed : int, default 0
        Another seed draws another sample.

    Raises
    ------
    SettingError
        Where limit or sample is negative.

    Examples
    --------
    >>> from tidymedia.media.locations import LocalFile
    >>> files = [Found(path, LocalFile("/data", path)) for path in ("a/1.jpg", "a/2.png", "b/c/3.jpg")]
    >>> [found.path for found in Selection(include=("*.jpg",)).apply(files)]
    ['a/1.jpg', 'b/c/3.jpg']
    >>> [found.path for found in Selection(include=("a/**",), limit=1).apply(files)]
    ['a/1.jpg']
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    limit: int | None = None
    sample: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        for name, value in (("limit", self.limit), ("sample", self.sample)):
            if value is not None and value < 0:
                raise SettingError(f"{name} cannot be {value}.", "Give a number from 0.")

    def apply(self, found: Sequence[Found]) -> list[Found]:
        """Choose among files.

        Parameters
        ----------
        found : sequence of Found
            The files.

        Returns
        -------
        list of Found
            Those chosen, in the same order.
        """
        include, exclude = _any_of(self.include), _any_of(self.exclude)
        chosen = [
            one
            for one in found
            if (include is None or include.fullmatch(one.path)) and not (exclude and exclude.fullmatch(one.path))
        ]
        if self.sample is not None and self.sample < len(chosen):
            by_chance = sorted(range(len(chosen)), key=lambda index: _rank(self.seed, chosen[index].path))
            chosen = [chosen[index] for index in sorted(by_chance[: self.sample])]
        return chosen if self.limit is None else chosen[: self.limit]


def _rank(seed: int, path: str) -> bytes:
    """Place a path at random on a line: uniform, and reproducible for a seed."""
    return hashlib.blake2b(f"{seed}\n{path}".encode(), digest_size=16).digest()


def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str] | None:
    return re.compile("|".join(_expression(pattern) for pattern in patterns)) if patterns else None


@cache
def _expression(pattern: str) -> str:
    """Turn a glob into a regular expression."""
    pattern = pattern.removeprefix("./")
    if "/" not in pattern:
        pattern = f"**/{pattern}"
    pattern = pattern.lstrip("/")
    if pattern.endswith("/"):
        pattern += "**"
    parts: list[str] = []
    at = 0
    while at < len(pattern):
        if pattern.startswith("**/", at):
            parts.append("(?:.*/)?")
            at += 3
        elif pattern.startswith("**", at):
            parts.append(".*")
            at += 2
        elif (one := re.compile(r"\[(!?)(\]?[^\]/]*)\]").match(pattern, at)) is not None and one[2]:
            inside = re.sub(r"([\\\[\]^&~|])", r"\\\1", one[2])
            parts.append(f"[{'^/' if one[1] else ''}{inside}]")
            at = one.end()
        else:
            parts.append({"*": "[^/]*", "?": "[^/]"}.get(pattern[at], re.escape(pattern[at])))
            at += 1
    return "(?s:" + "".join(parts) + ")"
