"""MPEG audio without a container: known by frames that follow one another."""

from __future__ import annotations

__all__ = ["is_mpeg_audio"]

_RATES = (44_100, 48_000, 32_000)
_LAYER_1 = (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448)
_LAYER_2 = (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384)
_LAYER_3 = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_LOW_1 = (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256)
_LOW_23 = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)


def _mpeg_frame(head: bytes, at: int) -> tuple[int, int] | None:
    """Return length and identity of the MPEG audio frame at a position; None where there is none."""
    if at + 4 > len(head) or head[at] != 0xFF or head[at + 1] & 0xE0 != 0xE0:
        return None
    version, layer = head[at + 1] >> 3 & 3, head[at + 1] >> 1 & 3
    rate_index, bit_rate_index = head[at + 2] >> 2 & 3, head[at + 2] >> 4
    if version == 1 or layer == 0 or rate_index == 3 or bit_rate_index in (0, 15):
        return None
    high = version == 3
    table = (_LAYER_3, _LAYER_2, _LAYER_1) if high else (_LOW_23, _LOW_23, _LOW_1)
    bits = table[layer - 1][bit_rate_index - 1] * 1000
    rate = _RATES[rate_index] >> (0 if high else 1 if version == 2 else 2)
    padding = head[at + 2] >> 1 & 1
    if layer == 3:
        length = (12 * bits // rate + padding) * 4
    else:
        length = (144 if high or layer == 2 else 72) * bits // rate + padding
    return length, version << 4 | layer << 2 | rate_index


def _adts_frame(head: bytes, at: int) -> tuple[int, int] | None:
    """Return length and identity of the AAC frame (ADTS) at a position; None where there is none."""
    if at + 7 > len(head) or head[at] != 0xFF or head[at + 1] & 0xF6 != 0xF0:
        return None
    rate_index = head[at + 2] >> 2 & 15
    length = (head[at + 3] & 3) << 11 | head[at + 4] << 3 | head[at + 5] >> 5
    return (length, rate_index) if length >= 7 and rate_index < 13 else None


def _chain(head: bytes, at: int, wanted: int) -> bool:
    """Say whether that many frames of one stream follow one another from a position."""
    for read in (_mpeg_frame, _adts_frame):
        position, identity, count = at, -1, 0
        while (frame := read(head, position)) is not None and (count == 0 or frame[1] == identity):
            identity, count = frame[1], count + 1
            position += frame[0]
            if count == wanted:
                return True
    return False


def is_mpeg_audio(head: bytes, *, anywhere: bool = False) -> bool:
    """Say whether a file is MP3, MP2 or AAC audio without a container.

    Two frames must follow one another at its start (after zero bytes).

    Parameters
    ----------
    head : bytes
        The first bytes of the file.
    anywhere : bool, default False
        Whether four frames in a row anywhere in the head will do, as in recordings cut out of a stream.
        Programs and tables hold such patterns by chance, so ask for it only where the name claims a recording.

    Returns
    -------
    bool
        Whether it is.

    Examples
    --------
    >>> frame = bytes([0xFF, 0xFB, 0x90, 0x00]) + bytes(413)  # 128 kbit/s at 44.1 kHz
    >>> is_mpeg_audio(frame * 2), is_mpeg_audio(frame), is_mpeg_audio(frame[:4] * 100)
    (True, False, False)
    >>> is_mpeg_audio(b"cut" + frame * 4), is_mpeg_audio(b"cut" + frame * 4, anywhere=True)
    (False, True)
    """
    start = len(head) - len(head.lstrip(b"\x00"))
    if _chain(head, start, 2):
        return True
    at = head.find(b"\xff", start + 1) if anywhere else -1
    while at != -1:
        if head[at + 1 : at + 2] >= b"\xe0" and _chain(head, at, 4):
            return True
        at = head.find(b"\xff", at + 1)
    return False
