"""What a network that the user names says about voices: emotion, age, gender, accent. Never by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from tidymedia.extractors.base import Row
from tidymedia.extractors.parameters import Parameters, parameter
from tidymedia.extractors.sound_labelling import LabelParameters, SoundLabelExtractor, model_parameter
from tidymedia.extractors.sound_segments import SEGMENTS, parse_segments
from tidymedia.media.sound import Sound
from tidymedia.tables import Column, Table

__all__ = ["VOICE_LABELS", "VoiceLabels", "VoiceLabelsParameters"]

VOICE_LABELS = Table(
    "voice_labels",
    ("segment", "rank"),
    (
        Column("start_ms", "integer", "Where the segment begins.", unit="ms", range="0 and more"),
        Column("end_ms", "integer", "The first millisecond after the segment.", unit="ms", range="1 and more"),
        Column(
            "source",
            "string",
            "What the segment is: a stretch of speech, a segment of a transcript, a window of a fixed length, or all "
            "of it.",
            range="speech | transcripts | window | medium",
        ),
        Column(
            "source_segment",
            "integer",
            "Number of the segment in the table speech or transcripts.",
            range="0 and more",
            missing="the segment is a window, or all of it",
        ),
        Column(
            "label",
            "string",
            "The word of the network for how the voice sounds, as the network or the user writes it. It is a guess "
            "from sound at what the people who labelled or acted its training recordings meant: not what the person "
            "feels, how old the person is, or what gender the person has. The network always names one of its words, "
            "and another network often names another one for the same voice.",
        ),
        Column(
            "score",
            "number",
            "How strongly the network stands for the label. It is no probability of being right, and scores of two "
            "networks cannot be compared.",
            range="0 to 1",
        ),
        Column(
            "lang",
            "string",
            "Language of the label, as BCP 47: what the parameter lang says, not checked.",
        ),
    ),
    "One label of one segment of a voice.",
)


@dataclass(frozen=True)
class VoiceLabelsParameters(LabelParameters):
    """Which network labels which segments."""

    model: str = model_parameter("a classifier of voices")
    segments: str = parameter(
        "speech",
        f"What is labelled: {SEGMENTS}. Windows and medium are labelled whether or not somebody speaks there.",
    )
    min_ms: int = parameter(
        500, "Shortest segment that is labelled, in milliseconds; shorter ones get no row.", minimum=25, maximum=60_000
    )
    piece: float = parameter(
        15.0,
        "Longest piece that the network hears at once, in seconds; shorter where the network itself hears less. Longer "
        "segments are divided into pieces of equal length, and their score is the mean over these. Such networks are "
        "mostly trained on single utterances of a few seconds.",
        minimum=1,
        maximum=60,
    )
    top: int = parameter(1, "Most labels a segment, the best first.", minimum=1)
    lang: str = parameter("en", "Language of the labels of the network, as BCP 47; it is noted in every row.")


class VoiceLabels(SoundLabelExtractor):
    """Labels voices with a network that the user names. It never runs unless it is asked for by name, with a network.

    Each segment goes through the network alone. All channels are mixed into one: where two people speak at once, the
    label is nobody's.

    Parameters
    ----------
    parameters : VoiceLabelsParameters
        Which network labels which segments.

    Raises
    ------
    SettingError
        Where the segments are none that there are.

    Examples
    --------
    >>> VoiceLabels(VoiceLabelsParameters()).availability().installed
    False
    >>> VoiceLabels(VoiceLabelsParameters(segments="transcripts")).needs
    ('transcripts',)
    """

    name = "voice_labels"
    title = "What a network that you name says about voices: emotion, age or gender as guessed from sound."
    caveat = (
        "These labels say how voices sound to a network, not what people feel, how old they are or what gender they "
        "have. Expressions do not tell feelings reliably, in one culture or between cultures (Barrett et al. 2019, "
        "about faces); a raised voice can be anger, joy, noise in the room or the style of a speaker. Many networks "
        "for emotion learned from actors who played a few emotions in a studio. Tested with recordings of other "
        "people, languages, rooms and microphones than they learned from, such networks are wrong far more often "
        "(Schuller et al. 2010), and speech that nobody acts is harder than acted speech. Two such networks often "
        "disagree on the same voice. They hear the language, the microphone and the music behind it as well. Age and "
        "gender guessed from a voice are guesses about how strangers sound; gender is not binary, and a label of two "
        "words treats trans and nonbinary people as if they did not exist (Keyes 2018, about faces). Never report such "
        "labels as facts about single persons; compare groups only after coding a sample by hand in each of them, and "
        "report how often people and network disagree. Guesses about people who can be identified are personal data "
        "under the GDPR, and can fall under its Art. 9. Ask your ethics board and your data protection officer first. "
        "The network is the user's choice; none was measured here."
    )
    citation = (
        "Barrett, L. F., Adolphs, R., Marsella, S., Martinez, A. M., & Pollak, S. D. (2019). Emotional expressions "
        "reconsidered: Challenges to inferring emotion from human facial movements. Psychological Science in the "
        "Public Interest, 20(1), 1-68. https://doi.org/10.1177/1529100619832930 (why an expression is no feeling).\n"
        "Keyes, O. (2018). The misgendering machines: Trans/HCI implications of automatic gender recognition. "
        "Proceedings of the ACM on Human-Computer Interaction, 2(CSCW), 88. https://doi.org/10.1145/3274357 (whom "
        "such labels leave out).\n"
        "Schuller, B., Vlasenko, B., Eyben, F., Wöllmer, M., Stuhlsatz, A., Wendemuth, A., & Rigoll, G. (2010). "
        "Cross-corpus acoustic emotion recognition: Variances and strategies. IEEE Transactions on Affective "
        "Computing, 1(2), 119-131. https://doi.org/10.1109/T-AFFC.2010.8 (how badly it carries over to other "
        "recordings)."
    )
    relative_cost = 100.0
    tables: ClassVar[tuple[Table, ...]] = (VOICE_LABELS,)
    task = "voice labels"
    advice = (
        "Name one by --set voice_labels.model=... (a model of the hub as owner/name, or a file name.onnx with "
        "name.labels.txt beside it), and read first what it was trained on."
    )
    needs: tuple[str, ...] = ("speech",)
    parameters_type: ClassVar[type[Parameters]] = VoiceLabelsParameters
    parameters: VoiceLabelsParameters

    def __init__(self, parameters: VoiceLabelsParameters) -> None:
        super().__init__(parameters)
        self._rule = parse_segments(parameters.segments, of="voice_labels.")
        self.needs = self._rule.needs

    def from_sound(self, sound: Sound) -> Iterator[Row]:
        """Give a row a label, for every segment that is long enough."""
        given = self.parameters
        for segment in self.labelled(sound, self._rule, min_ms=given.min_ms, longest_seconds=given.piece):
            for rank, found in enumerate(self.classifier.best(segment.scores, given.top, given.min_score)):
                yield Row(
                    "voice_labels",
                    {
                        "segment": segment.number,
                        "rank": rank,
                        "start_ms": segment.start_ms,
                        "end_ms": segment.end_ms,
                        "source": segment.source,
                        "source_segment": segment.source_segment,
                        "label": found.label.name,
                        "score": found.score,
                        "lang": given.lang,
                    },
                )
