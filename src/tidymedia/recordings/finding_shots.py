"""The shots of one film, as a data frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tidymedia.recordings.extracting import RecordingSource, extracted

if TYPE_CHECKING:
    import pandas as pd

    from tidymedia.media.settings import Limits

__all__ = ["find_shots"]


def find_shots(
    source: RecordingSource,
    *,
    detector: Literal["adaptive", "content"] = "adaptive",
    threshold: float | None = None,
    min_shot_ms: int = 600,
    gradual: bool = True,
    limits: Limits | None = None,
) -> pd.DataFrame:
    """Find the shots of a film: where they begin and end, and how one becomes the next.

    Hard cuts and fades through black or white are found by detectors of PySceneDetect, dissolves by a method of
    ours: pictures that are mixtures of the one before and the one after, and softer than both. For a folder use the
    extractor ``shots`` (``tidymedia analyze --with shots``); it gives the same rows.

    Parameters
    ----------
    source : str, Path, bytes or file object
        The film: a path, an address, bytes, or an open binary file.
    detector : {"adaptive", "content"}, default "adaptive"
        Detector for hard cuts: ``adaptive`` measures a change by those around it, which pans and shaking cameras
        disturb less; ``content`` takes it as it is.
    threshold : float or None, default None
        What counts as a cut; higher finds fewer. None for 3.0 times the change around (``adaptive``) or 27.0 of 255
        (``content``).
    min_shot_ms : int, default 600
        Shortest shot, in milliseconds; of two borders that are nearer, the first counts.
    gradual : bool, default True
        Whether fades and dissolves are found, too.
    limits : Limits or None, default None
        How long and large the film may be.

    Returns
    -------
    pandas.DataFrame
        One row a shot: ``shot``, ``start_ms``, ``end_ms``, ``first_frame``, ``frames``, ``transition`` (``start``,
        ``cut``, ``fade`` or ``dissolve``: how it begins), ``transition_ms`` and ``score`` (how different the pictures
        before and after are). Shots follow one another without gaps. No rows where the file has no pictures.

    Raises
    ------
    UsageError
        Where an argument is out of its range.
    MediumError
        Where the file cannot be opened, is no film, or is broken or cut off.

    Notes
    -----
    Cuts are found reliably. Some dissolves are missed, wipes are not told from cuts, and strong movement close to the
    camera can be taken for a cut.

    Source: Castellano, PySceneDetect; section 14.1 of the textbook names shots and editing among what pictures alone
    do not tell.

    Examples
    --------
    >>> import tidymedia as tm
    >>> shots = tm.find_shots("examples/media/films/montage.mp4")
    >>> shots["transition"].tolist()
    ['start', 'cut', 'cut', 'dissolve', 'cut', 'cut', 'fade']
    >>> shots["start_ms"].tolist()[:3]
    [0, 3000, 5600]
    """
    given = {"detector": detector, "threshold": threshold, "min_shot_ms": min_shot_ms, "gradual": gradual}
    return extracted(source, "shots", given, function="tm.find_shots", limits=limits)["shots"]
