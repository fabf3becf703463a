"""How far a picture may be changed when more examples are made of it."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from tidymedia.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["POLICIES", "AugmentationPolicy", "read_policy"]

FILLS: Final = ("reflect", "edge", "black", "white")


@dataclass(frozen=True, slots=True, kw_only=True)
class AugmentationPolicy:
    """How far :func:`tidymedia.augment` may change a picture.

    Each number is the largest change; how much of it a variant gets is drawn anew for each variant, all
    amounts being equally likely. 0 turns a change off. The defaults are the policy "standard", so
    ``AugmentationPolicy(horizontal_flip=False)`` is the standard policy without mirror images.

    Parameters
    ----------
    rotation : float, default 15.0
        Degrees, 0 to 180: turned by up to so many either way, about the centre.
    shift : float, default 0.08
        Share of width and height, 0 to 1: moved by up to so much, up or down and left or right.
    zoom : float, default 0.15
        Share, 0 to below 1: enlarged or reduced by up to so much, proportions kept (0.15: between
        1 / 1.15 and 1.15 times).
    crop : float, default 0.1
        Share, 0 to below 1: up to so much of the width and of the height is cut away, drawn apart, at a
        place that is drawn too; what remains is stretched to the full size.
    horizontal_flip : bool, default True
        Mirror about half of the variants, left to right. Never for text, digits, maps, faces with sides.
    vertical_flip : bool, default False
        Mirror about half of the variants, top to bottom. For pictures without an up, such as from above.
    brightness : float, default 0.2
        Share, 0 to below 1: every level times 1 minus to 1 plus so much.
    contrast : float, default 0.2
        Share, 0 to 1: distance of every level to the picture's mean gray, times 1 minus to 1 plus so much.
    color : float, default 0.2
        Share, 0 to 1: distance of every colour to the gray of the same light, times 1 minus to 1 plus so
        much. 1 may make a picture gray. Nothing happens to pictures in gray.
    blur : float, default 0.002
        Share of the shorter side, 0 to 0.1: standard deviation of a Gaussian blur, up to so much.
    noise : float, default 0.01
        Share of the whole range of levels, 0 to 1: standard deviation of normal noise on each number, up
        to so much.
    fill : {"reflect", "edge", "black", "white"}, default "reflect"
        What shows where the picture has moved away: its reflection, its border drawn out, or a colour.

    Raises
    ------
    UsageError
        Where a number is out of its range.

    See Also
    --------
    tidymedia.augment : Makes the variants, and knows some policies by name.

    Examples
    --------
    >>> AugmentationPolicy(horizontal_flip=False, rotation=5).rotation
    5
    """

    rotation: float = 15.0
    shift: float = 0.08
    zoom: float = 0.15
    crop: float = 0.1
    horizontal_flip: bool = True
    vertical_flip: bool = False
    brightness: float = 0.2
    contrast: float = 0.2
    color: float = 0.2
    blur: float = 0.002
    noise: float = 0.01
    fill: str = "reflect"

    def __post_init__(self) -> None:
        """Refuse what is out of range."""
        for name, (highest, included) in _HIGHEST.items():
            value = getattr(self, name)
            number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
            if not number or value < 0 or value > highest or (value == highest and not included):
                limit = f"{highest:g}" if included else f"below {highest:g}"
                raise UsageError(f"{name}={value!r} is out of range.", f"Write a number from 0 to {limit}.")
        for name in ("horizontal_flip", "vertical_flip"):
            if not isinstance(getattr(self, name), bool):
                raise UsageError(f"{name}={getattr(self, name)!r} is neither True nor False.", "Write True or False.")
        if self.fill not in FILLS:
            raise UsageError(f"fill={self.fill!r} is unknown.", f"Write one of {', '.join(FILLS)}.")


_HIGHEST: Final[Mapping[str, tuple[float, bool]]] = MappingProxyType(
    {
        "rotation": (180.0, True),
        "shift": (1.0, True),
        "zoom": (1.0, False),
        "crop": (1.0, False),
        "brightness": (1.0, False),
        "contrast": (1.0, True),
        "color": (1.0, True),
        "blur": (0.1, True),
        "noise": (1.0, True),
    }
)

_STANDARD = AugmentationPolicy()

POLICIES: Final[Mapping[str, AugmentationPolicy]] = MappingProxyType(
    {
        "light": AugmentationPolicy(
            rotation=5, shift=0.04, zoom=0.05, crop=0, brightness=0.1, contrast=0.1, color=0.1, blur=0, noise=0
        ),
        "standard": _STANDARD,
        "strong": AugmentationPolicy(
            rotation=30, shift=0.15, zoom=0.3, crop=0.3, brightness=0.4, contrast=0.4, color=0.6, blur=0.006, noise=0.03
        ),
        "text": replace(_STANDARD, rotation=8, crop=0, horizontal_flip=False, fill="edge"),
    }
)
"""Policies by name; "text" is for letters and digits: no mirror images, and the paper goes on at the border."""


def read_policy(policy: str | AugmentationPolicy) -> AugmentationPolicy:
    """Return the policy of a name.

    Parameters
    ----------
    policy : str or AugmentationPolicy
        A name of ``POLICIES``, or a policy, which is returned as it is.

    Returns
    -------
    AugmentationPolicy
        The policy.

    Raises
    ------
    UsageError
        Where there is no such policy.

    Examples
    --------
    >>> read_policy("text").horizontal_flip
    False
    """
    if isinstance(policy, AugmentationPolicy):
        return policy
    if isinstance(policy, str) and policy in POLICIES:
        return POLICIES[policy]
    known = ", ".join(POLICIES)
    names = ", ".join(field.name for field in fields(AugmentationPolicy))
    raise UsageError(f"There is no policy {policy!r}.", f"Write one of {known}, or an AugmentationPolicy of {names}.")
