"""How media become pictures and sound, and how large they may be."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits", "PictureSettings"]


@dataclass(frozen=True, slots=True)
class PictureSettings:
    """Which pictures a medium gives; part of the fingerprint of every extractor that sees pictures.

    Parameters
    ----------
    video : str, default "5s"
        Which frames of a film become pictures: ``"5s"`` one every five seconds, ``"1000f"`` one every
        thousand frames, ``"codec"`` the key frames of its codec; ``"shot:middle"`` one a shot, the frame shown
        halfway, ``"shot:sharpest"`` the frame of a shot with the sharpest edges.
    animation : str, default "5s"
        The same for animated GIF, WebP and PNG files, but for shots, which are found in films alone; ``"first"``
        for the first frame alone.
    pdf_dpi : int, default 200
        Resolution at which pages of documents are measured, in dots an inch. Boxes refer to it.
    vector_side : int, default 1024
        Long side of a drawing (SVG, EPS), in pixels.
    background : str, default "#ffffff"
        Colour behind transparent pixels.

    Examples
    --------
    >>> PictureSettings(video="codec").video
    'codec'
    """

    video: str = "5s"
    animation: str = "5s"
    pdf_dpi: int = 200
    vector_side: int = 1024
    background: str = "#ffffff"


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a medium may be; beyond a limit it is skipped with the reason ``over_limit``.

    Parameters
    ----------
    pixels : int, default 250_000_000
        Pixels of one picture.
    pages : int, default 2_000
        Pages of one document or multi-page image.
    pictures : int, default 20_000
        Pictures that one medium may give.
    duration_s : int, default 43_200
        Seconds of one film or recording.
    file_bytes : int, default 20_000_000_000
        Bytes of one file.
    archive_bytes : int, default 50_000_000_000
        Bytes of all members of one archive, unpacked.
    archive_members : int, default 1_000_000
        Members of one archive.
    member_bytes : int, default 2_000_000_000
        Bytes of one member of an archive or of one download.
    child_memory_mb : int, default 4_096
        Memory of one child process, in megabytes of 1,000,000 bytes.
    seconds_without_progress : int, default 300
        Seconds since the last finished page, frame or segment after which a file is given up.

    Examples
    --------
    >>> Limits().pages
    2000
    """

    pixels: int = 250_000_000
    pages: int = 2_000
    pictures: int = 20_000
    duration_s: int = 43_200
    file_bytes: int = 20_000_000_000
    archive_bytes: int = 50_000_000_000
    archive_members: int = 1_000_000
    member_bytes: int = 2_000_000_000
    child_memory_mb: int = 4_096
    seconds_without_progress: int = 300
