"""Memory does not grow with the length of a recording."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SPEECH = Path(__file__).resolve().parents[2] / "examples" / "media" / "recordings" / "sense_and_sensibility.flac"

SCRIPT = """
import io, json, sys
import numpy as np, psutil
from tidymedia.extractors import make_extractor
from tidymedia.images.held import Held
from tidymedia.media.kinds import Kind
from tidymedia.media.opening import open_medium
from tidymedia.media.sound import Sound, SoundBlock

path, segments = sys.argv[1], sys.argv[2]
extractor = make_extractor("voice", {"segments": segments})
with open_medium(Held("speech.flac", io.BytesIO(open(path, "rb").read())), Kind.AUDIO) as medium:
    speech = np.concatenate([block.samples for block in medium.sound(extractor.sound_format).blocks()])

class Repeated(Sound):
    rate, channels, duration_ms, most = 16_000, 1, None, 0

    def __init__(self, minutes):
        self.minutes = minutes

    def tick(self):
        self.most = max(self.most, psutil.Process().memory_info().rss)

    def blocks(self, seconds=30.0):
        size, position = round(seconds * self.rate), 0
        while position < self.minutes * 60 * self.rate:
            where = (position + np.arange(size)) % len(speech)
            yield SoundBlock(round(position / 16), speech[where])
            position += size

peaks = []
for minutes in (3, 3, 12):
    sound = Repeated(minutes)
    rows = list(extractor.from_sound(sound))
    assert rows[-1].values["end_ms"] == minutes * 60_000
    peaks.append(sound.most / 1e6)
print(json.dumps(peaks))
"""


@pytest.mark.slow
@pytest.mark.parametrize(("segments", "megabytes"), [("2s", 10), ("medium", 33)])
def test_a_longer_recording_takes_no_more(segments: str, megabytes: float) -> None:
    """Nine more minutes; their samples alone would take 35 MB. As one segment, what the frames say is kept."""
    pytest.importorskip("parselmouth", reason="Praat (praat-parselmouth) is not installed")
    command = [sys.executable, "-c", SCRIPT, str(SPEECH), segments]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    _, short, long = json.loads(told.stdout)
    assert long - short < megabytes
    assert long < 500
