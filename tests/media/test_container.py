"""Containers are opened without touching any other file."""

import io
from pathlib import Path

import av
import pytest

from tidymedia.errors import BrokenFileError, EmptyFileError, MediumError, UnsupportedError
from tidymedia.media.container import FORMATS, OpenFile
from tidymedia.media.container_properties import parse_place
from tidymedia.media.locations import LocalFile


def write_wav(path: Path) -> None:
    with av.open(str(path), "w") as out:
        stream = out.add_stream("pcm_s16le", rate=8000)
        stream.layout = "mono"
        frame = av.AudioFrame(format="s16", layout="mono", samples=8000)
        frame.sample_rate = 8000
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        out.mux(stream.encode(frame))


SCRIPTS = {
    "playlist": "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{target}\n#EXT-X-ENDLIST\n",
    "concat": "ffconcat version 1.0\nfile '{target}'\n",
    "concat address": "ffconcat version 1.0\nfile 'concat:{target}'\n",
    "dash": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period><AdaptationSet>'
    "<Representation><BaseURL>{target}</BaseURL></Representation></AdaptationSet></Period></MPD>",
    "session": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n",
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_named_as_a_film_cannot_read_another_file(tmp_path, script):
    write_wav(tmp_path / "secret.wav")
    path = tmp_path / "film.mp4"
    path.write_text(SCRIPTS[script].format(target=tmp_path / "secret.wav"))
    file = OpenFile(LocalFile(str(tmp_path), "film.mp4"))
    with pytest.raises((UnsupportedError, BrokenFileError)):
        file.container()
    file.close()


def test_the_scripts_of_this_test_would_read_it_without_protection(tmp_path):
    write_wav(tmp_path / "secret.wav")
    path = tmp_path / "film.mp4"
    path.write_text(SCRIPTS["concat"].format(target="secret.wav"))
    with av.open(str(path)) as container:
        assert len(container.streams.audio) == 1


def test_formats_that_name_other_files_are_not_opened():
    names = {
        "hls",
        "concat",
        "dash",
        "image2",
        "image2pipe",
        "tedcaptions",
        "sdp",
        "rtsp",
        "lavfi",
        "imf",
        "webm_dash_manifest",
    }
    assert not names & set(FORMATS)


def test_every_opened_format_is_one_of_this_ffmpeg():
    known = {part for name in av.formats_available for part in name.split(",")}
    assert set(FORMATS) - known == set()


def test_an_empty_file_says_so(tmp_path):
    (tmp_path / "a.mp4").touch()
    with pytest.raises(EmptyFileError, match=r"a\.mp4 is empty"):
        OpenFile(LocalFile(str(tmp_path), "a.mp4"))


@pytest.mark.parametrize("content", [b"\x00" * 4096, b"hello " * 500, b"\x00\x00\x00\x18ftypmp42" + bytes(12)])
def test_what_is_no_film_is_an_error_of_ours_and_quiet(tmp_path, content, capfd):
    (tmp_path / "a.mp4").write_bytes(content)
    file = OpenFile(LocalFile(str(tmp_path), "a.mp4"))
    with pytest.raises(MediumError, match=r"a\.mp4") as caught:
        file.container()
    file.close()
    assert caught.value.remedy
    assert capfd.readouterr().err == ""


def test_two_containers_of_one_file_do_not_disturb_each_other(tmp_path):
    write_wav(tmp_path / "a.wav")
    file = OpenFile(LocalFile(str(tmp_path), "a.wav"))
    with file.container() as one, file.container() as other:
        first, second = one.demux(audio=0), other.demux(audio=0)
        sizes = [(next(first).size, next(second).size) for _ in range(3)]
    file.close()
    assert all(one == other for one, other in sizes)


def test_a_failing_disk_is_an_error_of_ours(tmp_path):
    class Failing(io.BytesIO):
        def read(self, size=-1):
            raise OSError(5, "Input/output error")

    class Place(LocalFile):
        __slots__ = ()

        def open(self):
            return Failing(b"RIFF" * 100)

    file = OpenFile(Place(str(tmp_path), "a.wav"))
    with pytest.raises(MediumError, match=r"a\.wav"):
        file.container()
    file.close()


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("+48.2082+016.3738/", (48.2082, 16.3738)),
        ("-33.8688+151.2093+058.000/", (-33.8688, 151.2093)),
        ("+481230+0162245/", (48.208333, 16.379167)),
        ("+99.0+016.0/", None),
        ("Vienna", None),
        ("", None),
    ],
)
def test_places(text, place):
    assert parse_place(text) == place
