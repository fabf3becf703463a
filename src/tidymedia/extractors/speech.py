"""Where there is speech, music or silence in a recording or film."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from tidymedia.extractors.base import Row, SoundExtractor
from tidymedia.extractors.network import BundledNetworkExtractor
from tidymedia.extractors.parameters import Parameters, parameter
from tidymedia.extractors.sound_damage import UntilDamage
from tidymedia.extractors.speech_segments import KINDS, SegmentRules, segments_of
from tidymedia.models.bundled import BUNDLED
from tidymedia.tables import Column, Summary, Table

if TYPE_CHECKING:
    from tidymedia.extractors.speech_segments import SoundSegment
    from tidymedia.media.sound import Sound

__all__ = ["SPEECH", "Speech", "SpeechParameters"]

_MODELS = (BUNDLED["firered_aed"], BUNDLED["silero_vad"])
_BLOCK_SECONDS = 30.0
_SPOKEN = "end_ms - start_ms"


def _share(kind: str) -> str:
    return f"1.0 * coalesce(sum({_SPOKEN}) FILTER (kind = '{kind}'), 0) / nullif(sum({_SPOKEN}), 0)"


SPEECH = Table(
    "speech",
    ("segment",),
    (
        Column(
            "start_ms",
            "integer",
            "Where it begins, counted from the start of the medium.",
            unit="ms",
            range="0 and more",
        ),
        Column(
            "end_ms",
            "integer",
            "The first millisecond after it. Segments cover the sound of a medium without gaps and without overlaps.",
            unit="ms",
            range="1 and more",
        ),
        Column(
            "kind",
            "string",
            "What it is. Speech goes before all else: speech over music is speech, and music_score says whether there "
            "is music as well. What is not speech is music (singing too) where the network hears it, else silence "
            "below the level of the parameter silence_level, else other: noise, applause, laughter, animals.",
            range=" | ".join(KINDS),
        ),
        Column(
            "score",
            "number",
            "Score of its kind: speech_score, or for music the larger one of music_score and singing_score.",
            range="0 to 1",
            missing="silence, which its level decides, and other sound, which is what remains",
        ),
        Column("speech_score", "number", "Mean probability that someone speaks, by two networks.", range="0 to 1"),
        Column("singing_score", "number", "Mean probability that someone sings, by a network.", range="0 to 1"),
        Column(
            "music_score",
            "number",
            "Mean probability that there is music, by a network; also for speech, over which music can lie. Half of "
            "the music under speech goes unnoticed.",
            range="0 to 1",
        ),
        Column(
            "level",
            "number",
            "Level: root mean square of all channels mixed into one, in decibels below full scale. It depends on how "
            "the recording was made; compare it within a recording.",
            unit="dBFS",
            range="-120 to 0",
        ),
        Column(
            "pause_ms",
            "integer",
            "The pause before this speech: time since the speech before it ended.",
            unit="ms",
            range="10 and more",
            missing="it is no speech, or the first speech, or there was music since the last speech, or it is longer "
            "than the parameter max_pause_ms",
        ),
    ),
    "One stretch of speech, of music, of silence or of other sound.",
    (
        Summary(
            Column(
                "speech_share",
                "number",
                "Share of the sound in which someone speaks. The sound of a film can be shorter than the film.",
                range="0 to 1",
                missing="there is no sound",
            ),
            _share("speech"),
        ),
        Summary(
            Column(
                "music_share",
                "number",
                "Share of the sound with music or singing and without speech.",
                range="0 to 1",
                missing="there is no sound",
            ),
            _share("music"),
        ),
        Summary(
            Column("speech_seconds", "number", "How long someone speaks, in all.", unit="s", range="0 and more"),
            f"coalesce(sum({_SPOKEN}) FILTER (kind = 'speech'), 0) / 1000.0",
        ),
        Summary(
            Column("pauses", "integer", "Number of pauses between speech: see speech.pause_ms.", range="0 and more"),
            "count(pause_ms)",
        ),
        Summary(
            Column(
                "mean_pause_ms",
                "number",
                "Mean length of these pauses.",
                unit="ms",
                range="10 and more",
                missing="there are no pauses",
            ),
            "avg(pause_ms)",
        ),
    ),
)


@dataclass(frozen=True)
class SpeechParameters(Parameters):
    """Parameters of ``speech``.

    Parameters
    ----------
    min_speech_score : float, default 0.3
        From which score on it is speech.
    min_music_score : float, default 0.5
        From which score on it is music.
    silence_level : float, default -45
        Below which level it is silence, in decibels below full scale.
    min_speech_ms : int, default 250
        Shorter stretches are no speech.
    min_pause_ms : int, default 250
        Shorter pauses are part of the speech.
    max_pause_ms : int, default 5000
        Longer stretches between speech are no pauses.
    padding_ms : int, default 0
        By how much speech is made longer at both ends.
    min_other_ms : int, default 500
        Shorter stretches of music, silence or other sound go into their neighbour.
    """

    min_speech_score: float = parameter(
        0.3, "From which score on it is speech, averaged over 0.11 s.", minimum=0, maximum=1
    )
    min_music_score: float = parameter(
        0.5, "From which score on it is music, averaged over a second.", minimum=0, maximum=1
    )
    silence_level: float = parameter(
        -45.0,
        "What is neither speech nor music and below this level is silence, in decibels below full scale (dBFS); so is "
        "music that is fainter by another 20 decibels.",
        minimum=-120,
        maximum=0,
    )
    min_speech_ms: int = parameter(250, "Shorter stretches are no speech, in milliseconds.", minimum=0)
    min_pause_ms: int = parameter(250, "Shorter pauses are part of the speech around them, in milliseconds.", minimum=0)
    max_pause_ms: int = parameter(
        5000, "Longer stretches between speech are no pauses (pause_ms), in milliseconds.", minimum=0
    )
    padding_ms: int = parameter(
        0, "By how much speech is made longer at both ends, in milliseconds.", minimum=0, maximum=2000
    )
    min_other_ms: int = parameter(
        500,
        "Shorter stretches of music, silence or other sound go into their neighbour, if that is no speech, in "
        "milliseconds.",
        minimum=0,
    )

    @property
    def rules(self) -> SegmentRules:
        """What they say about segments."""
        return SegmentRules(
            self.min_speech_score,
            self.min_music_score,
            self.silence_level,
            self.min_speech_ms,
            self.min_pause_ms,
            self.padding_ms,
            self.min_other_ms,
        )


class Speech(BundledNetworkExtractor, SoundExtractor):
    """Divides recordings and films into speech, music, silence and other sound, without a network connection.

    Parameters
    ----------
    parameters : SpeechParameters
        From where on a stretch counts as what.
    """

    name = "speech"
    title = "Where there is speech, music or silence, with pauses between speech."
    caveat = (
        "It hears that someone speaks, not who and not what. Speech under loud music, shouting crowds, laughter, "
        "several people at once and voices far from the microphone are missed more often; songs can count as speech. "
        "Bells, whistles and humming machines can count as music. Silence is a matter of level: in a noisy recording "
        "pauses are other sound. How errors differ between languages and groups of speakers was not measured, beyond "
        "the few languages in the documentation."
    )
    citation = "\n".join(model.citation for model in _MODELS)
    relative_cost = 20.0
    tables: ClassVar[tuple[Table, ...]] = (SPEECH,)
    networks = _MODELS
    parameters_type: ClassVar[type[Parameters]] = SpeechParameters
    parameters: SpeechParameters

    def load(self) -> None:
        """Load the networks.

        Raises
        ------
        UnavailableError
            Where a file is missing or another one.
        """
        from tidymedia.models.sessions import load_network

        for model in _MODELS:
            load_network(model)

    def from_sound(self, sound: Sound) -> Iterator[Row]:
        """Give a row for every segment, up to where the file is damaged; none where there is not one sample."""
        from tidymedia.models.speech_detection import SpeechDetector

        detector = SpeechDetector()
        heard = UntilDamage(sound)
        for block in heard.blocks(_BLOCK_SECONDS):
            detector.hear(block.samples[:, 0])
            sound.tick()
        spoken_until: int | None = None
        for segment in segments_of(detector.finish(), self.parameters.rules):
            pause = None
            if segment.kind == "speech":
                if spoken_until is not None and segment.start_ms - spoken_until <= self.parameters.max_pause_ms:
                    pause = segment.start_ms - spoken_until
                spoken_until = segment.end_ms
            elif segment.kind == "music":
                spoken_until = None
            yield Row("speech", _values(segment, pause))
        heard.raise_damage()


def _values(segment: SoundSegment, pause: int | None) -> dict[str, object]:
    scores = {"speech": segment.speech_score, "music": max(segment.music_score, segment.singing_score)}
    score = scores.get(segment.kind)
    return {
        "start_ms": segment.start_ms,
        "end_ms": segment.end_ms,
        "kind": segment.kind,
        "score": None if score is None else round(score, 6),
        "speech_score": round(segment.speech_score, 6),
        "singing_score": round(segment.singing_score, 6),
        "music_score": round(segment.music_score, 6),
        "level": round(segment.level, 2),
        "pause_ms": pause,
    }
