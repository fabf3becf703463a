"""Who speaks when: the same number for the same voice within a recording."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from tidymedia.extractors.base import Row, SoundExtractor
from tidymedia.extractors.network import BundledNetworkExtractor
from tidymedia.extractors.parameters import Parameters, parameter
from tidymedia.extractors.sound_pieces import pieces_of
from tidymedia.extractors.sound_segments import parse_segments
from tidymedia.extractors.speaker_clusters import SpeakerRules, speakers_of
from tidymedia.models.bundled import BUNDLED
from tidymedia.tables import Column, Summary, Table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tidymedia.media.sound import Sound
    from tidymedia.models.sessions import Network

__all__ = ["SPEAKERS", "SpeakerParameters", "Speakers"]

_MODEL = BUNDLED["campplus"]
_WINDOW_MS: Final = 1500
_STEP_MS: Final = 750
_LONGEST_PIECE: Final = 60.0

SPEAKERS = Table(
    "speakers",
    ("segment",),
    (
        Column("start_ms", "integer", "Where it begins, from the start of the medium.", unit="ms", range="0 and more"),
        Column("end_ms", "integer", "The first millisecond after it.", unit="ms", range="1 and more"),
        Column(
            "speaker",
            "string",
            "Who speaks: speaker_1, speaker_2 and so on, in the order in which they are first heard. The names hold "
            "within one medium: speaker_1 of another one is somebody else.",
            range="speaker_1 and on",
        ),
        Column(
            "score",
            "number",
            "How near the voice lies to the mean voice of this speaker: cosine of the two vectors, mean over the "
            "stretch. No probability.",
            range="0 to 1",
        ),
    ),
    "One stretch in which one person speaks; it lies within one speech segment.",
    (
        Summary(
            Column("speakers", "integer", "Number of speakers that were told apart.", range="0 and more"),
            "count(DISTINCT speaker)",
        ),
    ),
)


@dataclass(frozen=True)
class SpeakerParameters(Parameters):
    """Parameters of ``speakers``.

    Parameters
    ----------
    speakers : int, default 0
        How many speakers there are; 0 finds it.
    max_speakers : int, default 10
        How many are found at most.
    min_distance : float, default 0.52
        How far two voices lie apart at least.
    min_speaker_ms : int, default 3000
        How long someone speaks at least to be told apart.
    """

    speakers: int = parameter(
        0, "How many speakers there are in each medium; 0 finds it, with more errors.", minimum=0, maximum=20
    )
    max_speakers: int = parameter(10, "How many speakers are found at most.", minimum=1, maximum=20)
    min_distance: float = parameter(
        0.52, "How far two voices lie apart at least: 1 minus the cosine of their mean vectors.", minimum=0, maximum=2
    )
    min_speaker_ms: int = parameter(
        3000, "How long someone speaks at least to be told apart, in milliseconds.", minimum=0
    )

    @property
    def rules(self) -> SpeakerRules:
        """What they say about clusters."""
        return SpeakerRules(self.speakers, self.max_speakers, self.min_distance, self.min_speaker_ms / 1000)


@dataclass(frozen=True, slots=True)
class _Window:
    """A stretch of which a vector was made; the part of its piece that lies nearest to it is its own."""

    own_start: int
    own_end: int
    follows: bool  # whether it goes on where the window before it ended


class Speakers(BundledNetworkExtractor, SoundExtractor):
    """Tells the voices of a recording apart, within the speech that ``speech`` found.

    Parameters
    ----------
    parameters : SpeakerParameters
        How many speakers there are, or when two voices are two speakers.
    """

    name = "speakers"
    title = "Who speaks when: stretches of speech with a number for each voice of the recording."
    caveat = (
        "Give the number of speakers where you know it: without it, alike voices became one speaker, and one voice in "
        "two moods became two. Two people who speak at once get one name. Turns of less than a second go to a "
        "neighbour. It was tried on conversations put together from recordings of single people, in which telling "
        "apart is easier than in a real one, and on half a minute of a telephone call. Music, noise and far "
        "microphones make it worse. "
        "The network was trained on Chinese and English; how its errors differ between groups of people is not known. "
        "The vectors of voices, which would be biometric data, are not stored; names hold within one medium."
    )
    citation = _MODEL.citation
    relative_cost = 60.0
    tables: ClassVar[tuple[Table, ...]] = (SPEAKERS,)
    needs: tuple[str, ...] = ("speech",)
    networks = (_MODEL,)
    parameters_type: ClassVar[type[Parameters]] = SpeakerParameters
    parameters: SpeakerParameters

    def __init__(self, parameters: Parameters) -> None:
        super().__init__(parameters)
        self._network: Network | None = None

    def load(self) -> None:
        """Load the network.

        Raises
        ------
        UnavailableError
            Where its file is missing or another one.
        """
        from tidymedia.models.sessions import load_network

        self._network = load_network(_MODEL)

    def from_sound(self, sound: Sound) -> Iterator[Row]:
        """Give a row for every stretch of one voice; none where nobody speaks."""
        import numpy as np

        windows, vectors = self._heard(sound)
        if not windows:
            return
        seconds = np.array([(window.own_end - window.own_start) / 1000 for window in windows])
        speakers = speakers_of(vectors, seconds, self.parameters.rules)
        means = np.stack([vectors[speakers == one].mean(0) for one in range(speakers.max() + 1)])
        means /= np.linalg.norm(means, axis=1, keepdims=True)
        nearness = np.clip((vectors * means[speakers]).sum(1), 0, 1)
        turns = itertools.accumulate(
            range(1, len(windows)),
            lambda turn, place: turn + (not windows[place].follows or bool(speakers[place] != speakers[place - 1])),
            initial=0,
        )
        for _, group in itertools.groupby(zip(turns, range(len(windows)), strict=True), key=lambda pair: pair[0]):
            places = [place for _, place in group]
            weight = seconds[places]
            yield Row(
                "speakers",
                {
                    "start_ms": windows[places[0]].own_start,
                    "end_ms": windows[places[-1]].own_end,
                    "speaker": f"speaker_{speakers[places[0]] + 1}",
                    "score": round(float((nearness[places] * weight).sum() / weight.sum()), 6),
                },
            )

    def _heard(self, sound: Sound) -> tuple[list[_Window], NDArray[np.float32]]:
        """Turn all speech into windows with their vectors."""
        import numpy as np

        from tidymedia.models.speaker_vectors import DIMENSIONS, speaker_vector

        windows: list[_Window] = []
        vectors: list[NDArray[np.float32]] = []
        for piece in pieces_of(sound, parse_segments("speech"), _LONGEST_PIECE):
            length = piece.end_ms - piece.start_ms
            starts = [
                *range(0, max(1, length - _WINDOW_MS), _STEP_MS),
                *([length - _WINDOW_MS] if length > _WINDOW_MS else []),
            ]
            middles = [start + min(length, _WINDOW_MS) / 2 for start in starts]
            borders = [0, *(round((one + other) / 2) for one, other in itertools.pairwise(middles)), length]
            goes_on = bool(windows) and windows[-1].own_end == piece.start_ms
            for place, start in enumerate(starts):
                first = start * sound.rate // 1000
                samples = piece.samples[first : first + _WINDOW_MS * sound.rate // 1000, 0]
                vectors.append(speaker_vector(samples, network=self._network))
                own = (piece.start_ms + borders[place], piece.start_ms + borders[place + 1])
                windows.append(_Window(*own, follows=place > 0 or goes_on))
                sound.tick()
        return windows, np.stack(vectors) if vectors else np.empty((0, DIMENSIONS), np.float32)
