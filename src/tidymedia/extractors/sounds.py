"""What is heard in a recording or film, as labels with scores, window by window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

from tidymedia.errors import SettingError
from tidymedia.extractors.base import Row
from tidymedia.extractors.parameters import Parameters, parameter
from tidymedia.extractors.sound_labelling import LabelParameters, SoundLabelExtractor, model_parameter
from tidymedia.extractors.sound_segments import SegmentRule
from tidymedia.media.sound import Sound
from tidymedia.tables import Column, Summary, Table

__all__ = ["SOUNDS", "Sounds", "SoundsParameters"]

_TOP: Final = 5
"""How many labels of a network a window gets where the user says nothing."""

_BEST_FIRST = "ORDER BY score DESC NULLS LAST, segment, rank"
_LABELS = f"list(label {_BEST_FIRST})"

SOUNDS = Table(
    "sounds",
    ("segment", "rank"),
    (
        Column("start_ms", "integer", "Where the window begins.", unit="ms", range="0 and more"),
        Column("end_ms", "integer", "The first millisecond after the window.", unit="ms", range="1 and more"),
        Column(
            "label",
            "string",
            "What the network says is heard, as the network or the user writes it. It is the nearest of the labels "
            "that it knows, whether or not one of them is right.",
        ),
        Column(
            "score",
            "number",
            "How strongly the network stands for the label. Scores of labels that exclude each other sum to 1 over all "
            "labels, also those that have no row; with the classes of AudioSet each stands alone. It is no probability "
            "of being right, and scores of two networks cannot be compared.",
            range="0 to 1",
        ),
    ),
    "One label of one window of a sound.",
    (
        Summary(
            Column("sound", "string", "The kind of sound with the highest score in any window.", missing="no label"),
            f"first(label {_BEST_FIRST})",
        ),
        Summary(
            Column("sound_score", "number", "The score of sound.", range="0 to 1", missing="no label"), "max(score)"
        ),
        Summary(
            Column(
                "sounds",
                "string",
                "The five kinds of sound with the highest scores in any window, the best first, divided by semicolons.",
                missing="no label",
            ),
            f"array_to_string(list_filter({_LABELS}, lambda one, place: list_position({_LABELS}, one) = place)[1:5], "
            "'; ')",
        ),
    ),
)


@dataclass(frozen=True)
class SoundsParameters(LabelParameters):
    """Which labels a window of sound gets."""

    model: str = model_parameter("a classifier of sounds, or CLAP for labels of your own,")
    labels: tuple[str, ...] = parameter(
        (),
        "Labels of your own, such as applause,rain,a siren. The model then has to be one that compares sounds with "
        "texts: CLAP.",
    )
    template: str = parameter("This is a sound of {}.", "The text in which each label of your own is put, for {}.")
    window: float = parameter(
        10.0,
        "Length of a window in seconds. Windows follow each other without gap or overlap; the last one is as short as "
        "what is left. Where a network hears less at once, it hears a window in pieces, and the score is their mean.",
        minimum=0.5,
        maximum=600,
    )
    min_ms: int = parameter(
        250, "Shortest window that gets labels, in milliseconds: of a shorter rest nothing is said.", minimum=1
    )
    top: int | None = parameter(
        None,
        f"Most labels a window, the best first. Left out, it is {_TOP} for the classes of a network, and all for "
        "labels of your own.",
        minimum=1,
    )

    def __post_init__(self) -> None:
        """Check the labels, which no single field can."""
        from tidymedia.models.own_labels import check_labels
        from tidymedia.models.sound_labels import EXAMPLES, TEMPLATE

        object.__setattr__(self, "labels", check_labels(self.labels, self.template, of="sounds.", such_as=TEMPLATE))
        if self.labels and not self.model:
            raise SettingError(
                "sounds.labels needs a network that compares sounds with texts, such as CLAP; none comes with "
                "tidymedia.",
                f"Fetch one with: tidymedia models fetch {EXAMPLES[1]}; then set sounds.model={EXAMPLES[1]}.",
            )


class Sounds(SoundLabelExtractor):
    """Names what is heard, with a network that the user names: its classes, or labels of the user.

    Each window goes through the network alone. All channels are mixed into one.

    Parameters
    ----------
    parameters : SoundsParameters
        Which labels a window gets.

    Examples
    --------
    >>> Sounds(SoundsParameters()).availability().installed
    False
    """

    name = "sounds"
    title = "What is heard, window by window, as labels with scores by a network that you name: AudioSet or your own."
    caveat = (
        "A network knows its own labels alone and always names some of them, right or wrong. The sounds of AudioSet "
        "are those of videos on YouTube before 2017, labelled by people; most of its labels are music and speech, and "
        "rare kinds of sound are learned from few examples. A label says that a sound of its kind occurs somewhere in "
        "the window, not when, how long or how loud. Labels of your own are compared as texts: other words for the "
        "same thing give other scores, and one label always wins. The network is the user's choice; none was measured "
        "here. Listen to a sample of windows before you count labels."
    )
    citation = (
        "Gemmeke, J. F., et al. (2017). Audio Set: An ontology and human-labeled dataset for audio events. ICASSP "
        "2017, 776-780. https://doi.org/10.1109/ICASSP.2017.7952261 (its classes).\n"
        "Gong, Y., Chung, Y.-A., & Glass, J. (2021). AST: Audio Spectrogram Transformer. Interspeech 2021, 571-575. "
        "https://doi.org/10.21437/Interspeech.2021-698 (AST).\n"
        "Wu, Y., Chen, K., Zhang, T., Hui, Y., Berg-Kirkpatrick, T., & Dubnov, S. (2023). Large-scale contrastive "
        "language-audio pretraining with feature fusion and keyword-to-caption augmentation. ICASSP 2023. "
        "https://doi.org/10.1109/ICASSP49357.2023.10095969 (labels of your own, CLAP)."
    )
    relative_cost = 100.0
    tables: ClassVar[tuple[Table, ...]] = (SOUNDS,)
    task = "sounds"
    advice = (
        "Fetch one with: tidymedia models fetch MIT/ast-finetuned-audioset-10-10-0.4593; then add --set "
        "sounds.model=MIT/ast-finetuned-audioset-10-10-0.4593. For labels of your own take laion/clap-htsat-unfused "
        "and --set sounds.labels=rain,wind."
    )
    parameters_type: ClassVar[type[Parameters]] = SoundsParameters
    parameters: SoundsParameters

    @property
    def own_labels(self) -> tuple[str, ...]:
        """Labels that the user writes; none for the classes of the network."""
        return self.parameters.labels

    @property
    def template(self) -> str:
        """The text in which labels of the user are put."""
        return self.parameters.template

    def from_sound(self, sound: Sound) -> Iterator[Row]:
        """Give a row a label, for every window."""
        given = self.parameters
        rule = SegmentRule("window", round(given.window * 1000))
        top = given.top or (len(given.labels) or _TOP)
        for segment in self.labelled(sound, rule, min_ms=given.min_ms):
            for rank, found in enumerate(self.classifier.best(segment.scores, top, given.min_score)):
                yield Row(
                    "sounds",
                    {
                        "segment": segment.number,
                        "rank": rank,
                        "start_ms": segment.start_ms,
                        "end_ms": segment.end_ms,
                        "label": found.label.name,
                        "score": found.score,
                    },
                )
