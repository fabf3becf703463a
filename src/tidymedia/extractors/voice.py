"""How voices sound: pitch, intensity, voice quality, formants and rate of speech, as Praat measures them."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from tidymedia.errors import ExtractionError, SettingError, UnavailableError
from tidymedia.extractors.base import Availability, Row, SoundExtractor
from tidymedia.extractors.parameters import Parameters, parameter
from tidymedia.extractors.sound_pieces import SoundPiece, pieces_of
from tidymedia.extractors.sound_segments import SEGMENTS, SegmentRule, parse_segments, spans_of
from tidymedia.extractors.voice_channel import channel_format, channel_index, chosen_channel
from tidymedia.extractors.voice_contours import Contours, VoiceSettings, contours_of
from tidymedia.extractors.voice_pitch_range import fitting_range
from tidymedia.extractors.voice_statistics import measures_of
from tidymedia.extractors.voice_stretches import longest_seconds, peaks_of, stretches_of
from tidymedia.extractors.voice_table import MEASURES, VOICE
from tidymedia.media.sound import Sound, SoundFormat
from tidymedia.tables import Table

__all__ = ["Voice", "VoiceParameters"]

_PACKAGE: Final = "praat-parselmouth"


@dataclass(frozen=True)
class VoiceParameters(Parameters):
    """What is measured, and how."""

    segments: str = parameter("speech", f"What a row is about: {SEGMENTS}.")
    channel: str = parameter(
        "mix",
        "Which channel is heard: mix (all of them as one), left, right, or a number from 1. Take the channel of the "
        "speaker where each has one: in a mix, two voices at once have a pitch that is nobody's.",
    )
    pitch_range: str = parameter(
        "fixed",
        "fixed: between pitch_floor and pitch_ceiling. auto: in two passes, for recordings of one speaker; from 0.75 "
        "times the first quartile to 1.5 times the third quartile of the pitch that a first pass between 60 and 750 Hz "
        "finds in all segments of the file (De Looze & Hirst 2008).",
        choices=("fixed", "auto"),
    )
    pitch_floor: float = parameter(
        75.0,
        "Lowest pitch that is looked for, in Hz. 75 suits most voices; 100 is better for children and high voices.",
        minimum=30,
        maximum=500,
    )
    pitch_ceiling: float = parameter(
        500.0,
        "Highest pitch that is looked for, in Hz. 300 is better where all voices are low: fewer octave errors.",
        minimum=60,
        maximum=2000,
    )
    max_formant: float = parameter(
        5500.0,
        "Up to which frequency five formants are looked for, in Hz: 5,500 for short vocal tracts (most women), 5,000 "
        "for long ones (most men), 8,000 for small children.",
        minimum=1000,
        maximum=20000,
    )
    min_ms: int = parameter(
        200,
        "Shortest segment that is measured, in milliseconds. Shorter ones have a row without measures.",
        minimum=130,
    )


class Voice(SoundExtractor):
    """Measures segments of a sound with Praat, at the recording's own sampling rate.

    Parameters
    ----------
    parameters : VoiceParameters
        What is measured, and how.

    Raises
    ------
    SettingError
        Where the segments or the channel are none that there are, or the pitch floor is not below the ceiling.

    Examples
    --------
    >>> Voice(VoiceParameters(segments="transcripts")).needs
    ('transcripts',)
    >>> Voice(VoiceParameters(segments="2s")).needs
    ()
    """

    name = "voice"
    title = (
        "How voices sound, as Praat measures it: pitch, intensity, jitter, shimmer, noise, formants, rate of speech."
    )
    caveat = (
        "The measures describe sound. They are no emotions: pitch rises with excitement of any kind, with noise in the "
        "room and with the question at the end of a sentence. Voices differ between people far more than within one, "
        "so compare within speakers (standardize_voice) before you compare anything else. Jitter, shimmer and the "
        "harmonics-to-noise ratio were made for sustained vowels in quiet rooms; in running speech, with noise, echo, "
        "telephone or strong compression (MP3, video platforms) they measure the recording as much as the voice. "
        "Intensity is not calibrated. Music, laughter and several voices at once have a pitch that is nobody's. "
        "A voice is personal data, and biometric data where it identifies a person."
    )
    citation = (
        "Boersma, P., & Weenink, D. (2021). Praat: Doing phonetics by computer (Version 6.1.38) [Computer program]. "
        "http://www.praat.org/ (what measures).\n"
        "Jadoul, Y., Thompson, B., & de Boer, B. (2018). Introducing Parselmouth: A Python interface to Praat. Journal "
        "of Phonetics, 71, 1-15. https://doi.org/10.1016/j.wocn.2018.07.001 (how it is called).\n"
        "de Jong, N. H., & Wempe, T. (2009). Praat script to detect syllable nuclei and measure speech rate "
        "automatically. Behavior Research Methods, 41(2), 385-390. https://doi.org/10.3758/BRM.41.2.385 (syllables).\n"
        "Dietrich, B. J., Hayes, M., & O'Brien, D. Z. (2019). Pitch perfect: Vocal pitch and the emotional intensity "
        "of congressional speech. American Political Science Review, 113(4), 941-962. "
        "https://doi.org/10.1017/S0003055419000467 (pitch within speakers).\n"
        "Knox, D., & Lucas, C. (2021). A dynamic model of speech for the social sciences. American Political Science "
        "Review, 115(2), 649-666. https://doi.org/10.1017/S000305542000101X (tone as what a classifier learns)."
    )
    relative_cost = 100.0
    tables: ClassVar[tuple[Table, ...]] = (VOICE,)
    needs: tuple[str, ...] = ("speech",)
    parameters_type: ClassVar[type[Parameters]] = VoiceParameters
    parameters: VoiceParameters

    def __init__(self, parameters: Parameters) -> None:
        super().__init__(parameters)
        given = self.parameters
        self._rule: SegmentRule = parse_segments(given.segments, of="voice.")
        self._channel = channel_index(given.channel)
        self.needs = self._rule.needs
        if given.pitch_floor >= given.pitch_ceiling:
            raise SettingError(
                f"voice.pitch_floor={given.pitch_floor:g} is not below voice.pitch_ceiling={given.pitch_ceiling:g}.",
                "Most voices lie between 75 and 500 Hz.",
            )

    @property
    def model(self) -> str | None:
        """Parselmouth and its version, which has one version of Praat in it; None where it is not installed."""
        try:
            return f"{_PACKAGE}@{importlib.metadata.version(_PACKAGE)}"
        except importlib.metadata.PackageNotFoundError:
            return None

    @property
    def sound_format(self) -> SoundFormat:
        """The recording's own rate: Praat's measures need the high frequencies. Mixed, or each channel by itself."""
        return channel_format(self._channel)

    def availability(self) -> Availability:
        """Say whether Praat is installed; it is not imported for that."""
        if importlib.util.find_spec("parselmouth") is None:
            return Availability(False, "Praat (the package praat-parselmouth) is not installed.", _REMEDY)
        return Availability(True)

    def load(self) -> None:
        """Check that Praat is installed.

        Raises
        ------
        UnavailableError
            Where it is not.
        """
        found = self.availability()
        if not found.installed:
            raise UnavailableError(found.missing, found.remedy)

    def from_sound(self, sound: Sound) -> Iterator[Row]:
        """Give a row a segment, in the order in which they end.

        Raises
        ------
        ExtractionError
            Where the sound has no such channel, or so low a rate that it cannot hold a voice.
        ExtractionError
            Where Praat refuses a stretch.
        """
        heard = chosen_channel(sound, self._channel)
        settings = self._settings(heard)
        peaks = peaks_of(self._pieces(heard)) if self._is_divided(heard) else {}
        words = _words(sound.upstream) if self._rule.source == "transcripts" else {}
        held: dict[int, tuple[int, list[Contours]]] = {}
        for stretch in stretches_of(self._pieces(heard), heard.rate):
            sound.tick()
            piece = stretch.piece
            start_ms, contours = held.setdefault(piece.segment, (piece.start_ms, []))
            is_short = stretch.is_whole and piece.end_ms - start_ms < self.parameters.min_ms
            if not is_short:
                peak = None if stretch.is_whole else peaks.get(piece.segment)
                contours.append(
                    contours_of(
                        stretch.samples,
                        heard.rate,
                        settings,
                        before=stretch.before,
                        after=stretch.after,
                        peak=peak,
                    )
                )
            if not piece.last:
                continue
            del held[piece.segment]
            measures = measures_of(contours, heard.rate) if contours else _NO_MEASURES
            count = words.get(piece.source_segment) if piece.source_segment is not None else None
            yield Row(
                "voice",
                {
                    "segment": piece.segment,
                    "start_ms": start_ms,
                    "end_ms": piece.end_ms,
                    "source": piece.source,
                    "source_segment": piece.source_segment,
                    **measures,
                    "words_per_second": None if count is None else round(count * 1000 / (piece.end_ms - start_ms), 6),
                    "pitch_floor": settings.pitch_floor,
                    "pitch_ceiling": settings.pitch_ceiling,
                },
            )

    def _pieces(self, sound: Sound) -> Iterator[SoundPiece]:
        return pieces_of(sound, self._rule, longest_seconds(sound.rate))

    def _is_divided(self, sound: Sound) -> bool:
        """Say whether a segment may be longer than what is given to Praat at once."""
        longest_ms = longest_seconds(sound.rate) * 1000
        if self._rule.source == "medium":
            return True
        if self._rule.window_ms is not None:
            return self._rule.window_ms > longest_ms
        return any(span.end_ms - span.start_ms > longest_ms for span in spans_of(self._rule, sound.upstream))

    def _settings(self, sound: Sound) -> VoiceSettings:
        given = self.parameters
        settings = VoiceSettings(given.pitch_floor, given.pitch_ceiling, given.max_formant)
        if given.pitch_range == "auto":
            settings = fitting_range(self._pieces(sound), sound, settings)
        if sound.rate < 2 * settings.pitch_ceiling:
            raise ExtractionError(
                f"The sound has {sound.rate:,} samples a second, too few for a pitch up to "
                f"{settings.pitch_ceiling:g} Hz.",
                "Lower voice.pitch_ceiling, or get a better recording.",
            )
        return settings


_REMEDY: Final = "Install it with: pip install 'tidymedia[voice]' (Praat is under the GPL, so it is never unasked)."
_NO_MEASURES: Final[Mapping[str, Any]] = dict.fromkeys([*(column.name for column in MEASURES), "clipped_share"])


def _words(upstream: Mapping[str, Any]) -> dict[int, int]:
    """Return how many words each segment of the transcript has."""
    return {
        int(row["segment"]): int(row["words"])
        for row in upstream.get("transcripts", ())
        if row.get("words") is not None and math.isfinite(row["words"])
    }
