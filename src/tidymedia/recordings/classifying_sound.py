"""What is heard in one recording or film, as labels with scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tidymedia.errors import UsageError
from tidymedia.models.sound_labels import EXAMPLES, TEMPLATE
from tidymedia.recordings.extracting import RecordingSource, extracted

if TYPE_CHECKING:
    import pandas as pd

    from tidymedia.media.settings import Limits

__all__ = ["classify_sound"]


def classify_sound(
    source: RecordingSource,
    model: str,
    *,
    labels: Sequence[str] = (),
    template: str = TEMPLATE,
    window: float = 10.0,
    top: int | None = None,
    min_score: float = 0.0,
    rate: int = 16_000,
    scores: str = "auto",
    limits: Limits | None = None,
) -> pd.DataFrame:
    """Say what is heard in a recording or film, window by window: the labels of a network that fit best.

    For a folder of files use the extractor ``sounds`` (``tidymedia analyze --with sounds``); it gives the same labels.

    Parameters
    ----------
    source : str, Path, bytes or file object
        The recording or film: a path, an address, the bytes of a file, or an open binary file.
    model : str
        The network; none comes with the package. A model of the Hugging Face hub for audio classification as
        ``owner/name``, such as ``MIT/ast-finetuned-audioset-10-10-0.4593`` with the 527 classes of AudioSet; a folder
        with one; or an ONNX file that takes the samples of one channel (``name.onnx`` with ``name.labels.txt`` beside
        it). Models of the hub are fetched beforehand with ``tidymedia models fetch``.
    labels : sequence of str, default ()
        Labels of your own, such as ``["applause", "rain", "a siren"]``; needs a model that compares sounds with texts:
        CLAP, such as ``laion/clap-htsat-unfused``.
    template : str, default "This is a sound of {}."
        The text in which a label of your own is put, for ``{}``.
    window : float, default 10.0
        Length of a window, in seconds, 0.5 to 600; they follow each other without gap or overlap. The last one is as
        short as what is left; less than 0.25 seconds get no labels.
    top : int or None, default None
        How many labels a window at most; None for 5, or for all where you give labels of your own.
    min_score : float, default 0.0
        Labels with a smaller score are left out, 0 to 1.
    rate : int, default 16000
        Samples a second that the network in an ONNX file wants; a wrong one gives wrong labels without an error. A
        model of the hub says it itself.
    scores : {"auto", "softmax", "sigmoid", "none"}, default "auto"
        How what the network gives becomes scores: labels that share a score of 1 (softmax), labels of which each
        stands alone (sigmoid), or as it is (none). ``"auto"`` is what the configuration of a model of the hub says,
        a sigmoid for the classes of AudioSet, none for an ONNX file whose answers to three trial sounds lie between 0
        and 1, else a softmax.
    limits : Limits or None, default None
        How long and large the file may be.

    Returns
    -------
    pandas.DataFrame
        One row a window and label: ``segment`` and ``rank`` (from 0, the best label first), ``start_ms``, ``end_ms``,
        ``label``, ``score`` (0 to 1) and ``model``.

    Raises
    ------
    UsageError
        Where an argument is out of its range, or the model is not there or cannot do what is asked for.
    MediumError
        Where the file cannot be opened, or has no sound.

    Notes
    -----
    The network names the nearest of the labels that it knows, whether or not one of them is right, and a score is no
    probability of being right. All channels are mixed into one. A window that is longer than what the network hears at
    once (AST about 10 seconds, CLAP 10, Whisper 30; else 30) goes through it in pieces of equal length, and a score is
    the mean over these. How well a network does on your material was not measured here.

    Examples
    --------
    >>> import tidymedia as tm
    >>> found = tm.classify_sound("debate.mp4", "MIT/ast-finetuned-audioset-10-10-0.4593")  # doctest: +SKIP
    """
    if not isinstance(model, str) or not model.strip():
        raise UsageError(
            "No network is named; none for kinds of sound comes with tidymedia.",
            f'Fetch one, such as: tidymedia models fetch {EXAMPLES[0]}; then give model="{EXAMPLES[0]}".',
        )
    if isinstance(labels, str):
        raise UsageError(f"labels={labels!r} is one text.", f'Give a list, such as ["{labels}", "something else"].')
    given = {
        "model": model,
        "labels": list(labels),
        "template": template,
        "window": window,
        "top": top,
        "min_score": min_score,
        "rate": rate,
        "scores": scores,
    }
    return extracted(source, "sounds", given, function="tm.classify_sound", limits=limits)["sounds"]
