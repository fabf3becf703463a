"""Files that are hard to hear, through the command that users type: the right text, or a row that says why not."""

import subprocess
import sys
from pathlib import Path

import numpy as np

from heard_sounds import noise, sentence, silence, silent_film, write_streams, write_wav
from spoken_words import SENSE_WORDS, word_errors
from tidymedia.study import Study
from whisper_base import MODEL, need_whisper_base


def test_each_file_has_its_text_or_its_reason(tmp_path: Path) -> None:
    need_whisper_base()
    media, spoken, said_in_it = tmp_path / "media", sentence(), SENSE_WORDS.read_text(encoding="utf-8").splitlines()[0]
    media.mkdir()
    write_wav(media / "telephone.wav", spoken.reshape(-1, 2).mean(1), 8_000, law=True)
    cinema = np.zeros((len(spoken), 8), np.float32)
    cinema[:, 2] = spoken
    write_wav(media / "cinema.wav", cinema)
    write_streams(media / "second_is_default.mkv", [(noise(7, -30), "mono"), (spoken, "mono")], default=1)
    write_streams(media / "first_of_two.mkv", [(spoken, "mono"), (silence(7), "mono")])
    write_wav(media / "wrong_length.wav", spoken, stated_bytes=0x7FFFFFFF)
    silent_film(media / "silent.mp4")
    write_wav(media / "silence.wav", silence(5))
    write_wav(media / "noise.wav", noise(5, -10))
    write_wav(media / "ten_ms.wav", spoken[16_000:16_160])
    write_wav(media / "no_samples.wav", spoken[:0])
    whole = write_streams(tmp_path / "whole.mka", [(spoken, "mono")]).read_bytes()
    (media / "cut_off.mka").write_bytes(whole[: len(whole) // 2])
    (media / "no_moov.mp4").write_bytes(b"\0\0\0\x18ftypisom\0\0\0\0isom" + bytes(2_000))

    command = [sys.executable, "-m", "tidymedia", "analyze", str(media), "-o", str(tmp_path / "study"), "--quiet"]
    options = ["--with", "transcripts", "--set", f"transcripts.model={MODEL}", "--set", "transcripts.language=en"]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    study = Study(tmp_path / "study")
    status = study.status()
    of_transcripts = status[status["extractor"] == "transcripts"].set_index("path")["status"].to_dict()
    said = study.table("transcripts").groupby("path")["text"].agg(" ".join)

    heard = ["telephone.wav", "cinema.wav", "second_is_default.mkv", "first_of_two.mkv", "wrong_length.wav"]
    assert {name: word_errors(said_in_it, said.get(name, "")).errors <= 3 for name in heard} == dict.fromkeys(
        heard, True
    )
    nothing = ["silent.mp4", "silence.wav", "noise.wav", "ten_ms.wav", "no_samples.wav"]
    assert of_transcripts == {
        **dict.fromkeys(heard, "ok"),
        **dict.fromkeys(nothing, "empty"),
        "cut_off.mka": "partial",  # what is said before it ends stays
        "no_moov.mp4": "failed",
    }
    assert done.returncode == 3, done.stderr  # some files failed
    told = study.table("failures").set_index("path")["error_message"]
    assert sorted(told.index) == ["cut_off.mka", "no_moov.mp4"]
    assert "cut off" in told["cut_off.mka"]
    assert "damaged" in told["no_moov.mp4"]
