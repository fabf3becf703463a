"""One variant of a picture: moved as a whole, then lighter, darker, softer or noisier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tidymedia.images.augmentation_policy import AugmentationPolicy

__all__ = ["make_variant"]

_LUMA: Final = (0.299, 0.587, 0.114)
_DRAWS: Final = 16
"""Numbers drawn for a variant; more than there are changes, so that a new change leaves the others alone."""


@dataclass(frozen=True, slots=True)
class _Draws:
    """What was drawn for one variant. Each change has its own number, whether it is turned on or not."""

    values: NDArray[np.float64]

    def either_way(self, place: int, most: float) -> float:
        return float((2 * self.values[place] - 1) * most)

    def up_to(self, place: int, most: float) -> float:
        return float(self.values[place] * most)


def make_variant(
    picture: NDArray[np.float32], policy: AugmentationPolicy, generator: np.random.Generator
) -> NDArray[np.float32]:
    """Change a picture by chance, within a policy.

    Parameters
    ----------
    picture : ndarray of float32, shape (height, width, channels)
        Levels from 0 to 1. One channel is gray, two are gray and opacity, three are red, green and blue,
        four the same and opacity.
    policy : AugmentationPolicy
        How far it may be changed.
    generator : numpy.random.Generator
        Where chance comes from.

    Returns
    -------
    ndarray of float32, shape (height, width, channels)
        The variant: same size, levels from 0 to 1.

    Examples
    --------
    >>> from tidymedia.images.augmentation_policy import AugmentationPolicy
    >>> gray = np.full((4, 6, 1), 0.5, dtype=np.float32)
    >>> make_variant(gray, AugmentationPolicy(), np.random.default_rng(0)).shape
    (4, 6, 1)
    """
    draws = _Draws(generator.random(_DRAWS))
    height, width, channels = picture.shape
    moved = _move(picture, _source_of_pixels(width, height, policy, draws), policy.fill)
    colors = moved[..., : channels - 1] if channels in (2, 4) else moved
    changed = _change_light(colors, policy, draws)
    changed = _soften(changed, draws.up_to(11, policy.blur) * min(width, height))
    spread = draws.up_to(12, policy.noise)
    if spread > 0:
        changed = changed + spread * generator.standard_normal(changed.shape, dtype=np.float32)
    changed = np.clip(changed, 0, 1)
    return changed if colors is moved else np.concatenate([changed, moved[..., channels - 1 :]], axis=2)


def _source_of_pixels(width: int, height: int, policy: AugmentationPolicy, draws: _Draws) -> NDArray[np.float64]:
    """Say where in the picture each pixel of the variant comes from, as a 2 x 3 matrix on pixel centres."""
    turned = np.deg2rad(draws.either_way(0, policy.rotation))
    larger = (1 + policy.zoom) ** draws.either_way(1, 1.0)
    kept_x, kept_y = 1 - draws.up_to(2, policy.crop), 1 - draws.up_to(3, policy.crop)
    # The window that is kept lies somewhere inside the picture, then all is moved.
    move_x = draws.either_way(4, 1.0) * (1 - kept_x) / 2 - draws.either_way(5, policy.shift)
    move_y = draws.either_way(6, 1.0) * (1 - kept_y) / 2 - draws.either_way(7, policy.shift)
    mirror_x = -1.0 if policy.horizontal_flip and draws.values[8] < 0.5 else 1.0
    mirror_y = -1.0 if policy.vertical_flip and draws.values[9] < 0.5 else 1.0
    turn = np.array([[np.cos(turned), -np.sin(turned)], [np.sin(turned), np.cos(turned)]]) / larger
    linear = turn @ np.diag([mirror_x * kept_x, mirror_y * kept_y])
    center = np.array([(width - 1) / 2, (height - 1) / 2])
    offset = center + np.array([move_x * width, move_y * height]) - linear @ center
    return np.column_stack([linear, offset])


def _move(picture: NDArray[np.float32], source: NDArray[np.float64], fill: str) -> NDArray[np.float32]:
    import cv2

    if np.array_equal(source, np.eye(2, 3)):
        return picture
    height, width, channels = picture.shape
    borders = {"reflect": cv2.BORDER_REFLECT_101, "edge": cv2.BORDER_REPLICATE}
    # An opaque picture stays opaque where a colour fills in.
    level = 1.0 if fill == "white" else 0.0
    color = [level, 1.0] if channels == 2 else [level, level, level, 1.0]
    has_alpha = channels in (2, 4)
    # Colours weighted by opacity, so that what hides in transparent pixels does not bleed out of them.
    weighted = picture if not has_alpha else _weighted(picture)
    moved = cv2.warpAffine(
        np.ascontiguousarray(weighted),
        source,
        (width, height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=borders.get(fill, cv2.BORDER_CONSTANT),
        borderValue=color[:channels] if channels != 1 else level,
    )
    moved = np.asarray(moved, dtype=np.float32).reshape(height, width, channels)
    return _unweighted(moved) if has_alpha else moved


def _weighted(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    weighted = picture.copy()
    weighted[..., :-1] *= picture[..., -1:]
    return weighted


def _unweighted(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    alpha = picture[..., -1:]
    colors = np.divide(picture[..., :-1], alpha, out=np.zeros_like(picture[..., :-1]), where=alpha > 0)
    return np.concatenate([np.clip(colors, 0, 1), np.clip(alpha, 0, 1)], axis=2)


def _change_light(colors: NDArray[np.float32], policy: AugmentationPolicy, draws: _Draws) -> NDArray[np.float32]:
    brightness = 1 + draws.either_way(13, policy.brightness)
    contrast = 1 + draws.either_way(14, policy.contrast)
    saturation = 1 + draws.either_way(10, policy.color)
    changed = colors
    if brightness != 1:
        changed = changed * np.float32(brightness)
    if contrast != 1:
        mean = np.float32(_gray(changed).mean())
        changed = mean + (changed - mean) * np.float32(contrast)
    if saturation != 1 and colors.shape[2] == 3:
        gray = _gray(changed)
        changed = gray + (changed - gray) * np.float32(saturation)
    return changed


def _gray(colors: NDArray[np.float32]) -> NDArray[np.float32]:
    if colors.shape[2] != 3:
        return colors
    return np.asarray(colors @ np.array(_LUMA, dtype=np.float32), dtype=np.float32)[..., None]


def _soften(colors: NDArray[np.float32], deviation: float) -> NDArray[np.float32]:
    import cv2

    # Below a tenth of a pixel the neighbours have no weight.
    if deviation < 0.1:
        return colors
    blurred = cv2.GaussianBlur(np.ascontiguousarray(colors), (0, 0), deviation, borderType=cv2.BORDER_REFLECT_101)
    return np.asarray(blurred, dtype=np.float32).reshape(colors.shape)
