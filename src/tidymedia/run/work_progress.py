"""How far the work on one file has come, so that it can go on after a crash."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["WorkProgress"]


@dataclass(slots=True)
class WorkProgress:
    """What of a file is settled: done, or failed for good.

    Parameters
    ----------
    whole : list of str
        Extractors of the file as a whole that are settled.
    first_picture : int
        First picture that is not settled for all.
    in_first_picture : list of str
        Extractors that are settled for that picture.
    pictures_done : bool
        Whether all pictures are settled.
    sound : list of str
        Extractors of sound that are settled.
    broken : list of (str, int or None)
        Extractors that failed, and at which picture: what builds on them is not tried there.
    """

    whole: list[str] = field(default_factory=list)
    first_picture: int = 0
    in_first_picture: list[str] = field(default_factory=list)
    pictures_done: bool = False
    sound: list[str] = field(default_factory=list)
    broken: list[tuple[str, int | None]] = field(default_factory=list)

    def settle(self, stage: str, picture: int | None, extractors: Iterable[str]) -> None:
        """Note that extractors are settled at a place.

        Parameters
        ----------
        stage : {"whole", "picture", "sound"}
            Where.
        picture : int or None
            Which picture.
        extractors : iterable of str
            Their names.
        """
        if stage == "whole":
            self.whole.extend(extractors)
        elif stage == "sound":
            self.sound.extend(extractors)
        elif picture is not None:
            if picture > self.first_picture:
                self.first_picture, self.in_first_picture = picture, []
            self.in_first_picture.extend(extractors)

    def skip_picture(self, picture: int) -> None:
        """Note that nothing more can be had of a picture."""
        self.first_picture, self.in_first_picture = picture + 1, []

    def to_dict(self) -> dict[str, Any]:
        """Return the progress as plain values."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> WorkProgress:
        """Read what :meth:`to_dict` wrote."""
        broken = [(str(name), picture) for name, picture in plain["broken"]]
        return cls(**{**plain, "broken": broken})
