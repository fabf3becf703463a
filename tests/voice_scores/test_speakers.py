"""Speakers by the turns that a table of the study has."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from tidymedia.voice_scores.speakers import name_speakers

SEGMENTS = pd.DataFrame({"path": ["a.wav", "a.wav", "b.wav"], "media_id": ["a" * 64, "a" * 64, "b" * 64]}).assign(
    start_ms=[0, 1000, 0], end_ms=[1000, 2000, 1000]
)


def test_turns_of_the_table_speakers_are_of_their_file(tmp_path: Path) -> None:
    turns = pd.DataFrame(
        {
            "media_id": ["a" * 64, "a" * 64, "b" * 64],
            "unit_id": ["a:g0", "a:g1", "b:g0"],
            "speaker": ["speaker_1", "speaker_2", "speaker_1"],
            "start_ms": [0, 1100, 0],
            "end_ms": [1100, 2000, 400],
            "fingerprint": ["f"] * 3,
        }
    )
    media = pd.DataFrame({"path": ["a.wav", "b.wav"], "media_id": ["a" * 64, "b" * 64]})
    pq.write_table(pa.Table.from_pandas(media), tmp_path / "media.parquet")
    (tmp_path / "tables").mkdir()
    pq.write_table(pa.Table.from_pandas(turns), tmp_path / "tables" / "speakers.parquet")
    named = name_speakers(tmp_path, SEGMENTS, "speaker", None, 0.5)
    assert named.source == "speakers" and named.tables == ("speakers",) and named.fingerprints == ("f",)
    assert named.rows["speaker"].fillna("").tolist() == ["a" * 12 + ":speaker_1", "a" * 12 + ":speaker_2", ""]
    assert named.rows["reason"].fillna("").tolist() == ["", "", "no_speaker"]
    assert named.rows["speaker_share"].fillna(0).tolist() == [1, 0.9, 0]
