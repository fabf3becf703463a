"""Extractors that label segments of sound by a network that the user names: what they have in common."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from tidymedia.errors import UnavailableError
from tidymedia.extractors.base import Availability, SoundExtractor
from tidymedia.extractors.network import NamedNetworkExtractor
from tidymedia.extractors.parameters import Parameters, parameter
from tidymedia.extractors.sound_pieces import pieces_of
from tidymedia.media.sound import Sound, SoundFormat

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tidymedia.extractors.sound_segments import SegmentRule, SegmentSource
    from tidymedia.models.choice import ChosenModel
    from tidymedia.models.sound_classifier import SoundClassifier

__all__ = ["LabelParameters", "LabelledSegment", "SoundLabelExtractor", "model_parameter"]

_LONGEST_PIECE: Final = 30.0
"""Longest stretch that a network hears at once, in seconds, where its files set no limit: its memory grows with it."""


def model_parameter(what: str) -> str:
    """Declare which network an extractor takes that has none of its own.

    Parameters
    ----------
    what : str
        What the network is, such as ``"a classifier of sounds"``.

    Returns
    -------
    dataclasses.Field
        A field of a :class:`Parameters` dataclass.
    """
    made: str = parameter(
        "",
        f"The network, which you must name, since there is no default: {what} from the Hugging Face hub (owner/name, "
        "or owner/name@revision), a folder with one, or a file (name.onnx with name.labels.txt beside it) that takes "
        "the samples of one channel.",
    )
    return made


@dataclass(frozen=True)
class LabelParameters(Parameters):
    """What all of these extractors can be told."""

    model: str = model_parameter("a classifier of sounds")
    min_score: float = parameter(0.0, "Labels with a smaller score are left out.", minimum=0, maximum=1)
    rate: int = parameter(
        16_000,
        "Samples a second that the network in an ONNX file wants; a model of the hub says it itself. A wrong one gives "
        "wrong labels without an error.",
        minimum=1_000,
        maximum=192_000,
    )
    scores: str = parameter(
        "auto",
        "How what the network gives becomes scores: softmax (of labels that exclude each other; they share a score of "
        "1), sigmoid (each label stands alone), none (it gives scores already), or auto: what the configuration of a "
        "model of the hub says, sigmoid for the classes of AudioSet, none for an ONNX file that gave numbers between 0 "
        "and 1 for three trial sounds, else softmax.",
        choices=("auto", "softmax", "sigmoid", "none"),
    )


@dataclass(frozen=True, slots=True)
class LabelledSegment:
    """A segment of a sound with the scores of all labels.

    Parameters
    ----------
    number : int
        Its number, from 0.
    source : {"speech", "transcripts", "window", "medium"}
        What it is.
    source_segment : int or None
        Its number in the table that it comes from.
    start_ms, end_ms : int
        Where it begins, and the first millisecond after it.
    scores : numpy.ndarray
        A score for each class of the network.
    """

    number: int
    source: SegmentSource
    source_segment: int | None
    start_ms: int
    end_ms: int
    scores: NDArray[np.float64]


class SoundLabelExtractor(NamedNetworkExtractor, SoundExtractor):
    """An extractor that labels sound, with no network unless the user names one.

    Parameters
    ----------
    parameters : LabelParameters
        What it is told.
    """

    task: ClassVar[str]
    """What its network is for, such as ``"sounds"``."""
    advice: ClassVar[str]
    """What a user does who has named none, as a sentence."""
    parameters: LabelParameters

    def __init__(self, parameters: Parameters) -> None:
        super().__init__(parameters)
        self._classifier: SoundClassifier | None = None

    @property
    def own_labels(self) -> tuple[str, ...]:
        """Labels that the user writes; none for the classes of the network."""
        return ()

    @property
    def template(self) -> str:
        """The text in which labels of the user are put."""
        from tidymedia.models.sound_labels import TEMPLATE

        return TEMPLATE

    def choose(self) -> ChosenModel | None:
        """Return the network that the parameters name, which may not be there; None where they name none."""
        from tidymedia.models.choice import choose_model

        named = self.parameters.model.strip()
        return choose_model(named, self.task, default=None) if named else None

    @property
    def sound_format(self) -> SoundFormat:
        """One channel, at the rate that the network wants."""
        from tidymedia.models.sound_classifier import rate_of

        given = self.parameters.rate
        return SoundFormat(rate=given if self.chosen is None else rate_of(self.chosen, given), channels=1)

    def availability(self) -> Availability:
        """Say whether a network is named, is there, and can do what the parameters ask for."""
        from tidymedia.models.sound_labels import fault_of_sound_labels

        chosen = self.chosen
        if chosen is None or chosen.origin == "bundled":
            told = "No network is named" if chosen is None else f"{chosen.name} does not label {self.task}"
            return Availability(False, f"{told}; none for {self.task} comes with tidymedia.", self.advice)
        found = chosen.availability()
        if not found.installed:
            return Availability(*found)
        fault = fault_of_sound_labels(chosen, self.own_labels, may_write=hasattr(self.parameters, "labels"))
        return Availability(True) if fault is None else Availability(False, *fault)

    def load(self) -> None:
        """Load the network.

        Raises
        ------
        UnavailableError
            Where none is named, or it is not there, is another one, or cannot be loaded.
        """
        from tidymedia.models.audio_classification import load_sound_classifier

        given = self.parameters
        self._classifier = load_sound_classifier(
            self.named(), self.own_labels, self.template, rate=given.rate, scores=given.scores
        )

    @property
    def classifier(self) -> SoundClassifier:
        """The network, loaded.

        Raises
        ------
        UnavailableError
            Where it is not loaded yet.
        """
        if self._classifier is None:
            raise UnavailableError(f"The extractor {self.name} has no network yet.", "Call load() first.")
        return self._classifier

    def labelled(
        self, sound: Sound, rule: SegmentRule, *, min_ms: int, longest_seconds: float = _LONGEST_PIECE
    ) -> Iterator[LabelledSegment]:
        """Give the segments of a sound the scores of all labels, in the order in which they end.

        A segment that is longer than the network hears at once goes through it in pieces of equal length; its scores
        are their mean, each weighted by its length.

        Parameters
        ----------
        sound : Sound
            The sound.
        rule : SegmentRule
            How it is divided.
        min_ms : int
            Shorter segments are left out.
        longest_seconds : float, default 30.0
            Longest piece; shorter where the network hears less.

        Yields
        ------
        LabelledSegment
            The next segment that is long enough.
        """
        classifier = self.classifier
        longest = min(longest_seconds, classifier.longest_seconds or longest_seconds)
        started: dict[int, tuple[int, float, float | NDArray[np.float64]]] = {}
        for piece in pieces_of(sound, rule, longest):
            start_ms, weight, total = started.pop(piece.segment, (piece.start_ms, 0.0, 0.0))
            if piece.last and piece.end_ms - start_ms < min_ms:
                continue
            length = float(len(piece.samples))
            weight, total = weight + length, total + length * classifier.scores(piece.samples[:, 0])
            sound.tick()
            if not piece.last:
                started[piece.segment] = (start_ms, weight, total)
                continue
            yield LabelledSegment(
                piece.segment, piece.source, piece.source_segment, start_ms, piece.end_ms, total / weight
            )
