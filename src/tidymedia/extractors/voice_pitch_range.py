"""A pitch range that fits the speaker of a recording, found in a first pass."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from tidymedia.extractors.sound_pieces import SoundPiece
from tidymedia.extractors.voice_contours import VoiceSettings, pitch_of
from tidymedia.media.sound import Sound

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["fitting_range"]

_WIDE: Final = (60.0, 750.0)


def fitting_range(pieces: Iterable[SoundPiece], sound: Sound, settings: VoiceSettings) -> VoiceSettings:
    """Find the range of pitch of the one speaker of a recording.

    From 0.75 times the first quartile to 1.5 times the third quartile of the pitch in all voiced frames, found between
    60 and 750 Hz.

    Parameters
    ----------
    pieces : iterable of SoundPiece
        Where to look; they have one channel.
    sound : Sound
        The sound that they come from.
    settings : VoiceSettings
        What holds besides the range, and the range where no frame is voiced.

    Returns
    -------
    VoiceSettings
        With the range, in whole hertz.

    Notes
    -----
    Source: De Looze, C., & Hirst, D. (2008). Detecting changes in key and range for the automatic modelling and coding
    of intonation. Speech Prosody 2008, 135-138.
    """
    import numpy as np

    wide = dataclasses.replace(settings, pitch_floor=_WIDE[0], pitch_ceiling=min(_WIDE[1], sound.rate / 2))
    found: list[NDArray[np.float32]] = []
    for piece in pieces:
        sound.tick()
        found.append(pitch_of(piece.samples[:, 0].astype(np.float64), sound.rate, wide))
    pitch = np.concatenate(found) if found else np.empty(0, np.float32)
    if not len(pitch):
        return settings
    low, high = np.quantile(pitch.astype(np.float64), [0.25, 0.75], method="hazen")
    return dataclasses.replace(
        settings, pitch_floor=float(math.floor(0.75 * low)), pitch_ceiling=float(math.ceil(1.5 * high))
    )
