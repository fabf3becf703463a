"""Kinds are told by content: files made by real encoders, and traps made by hand."""

import gzip
import io
import struct
import wave
import zipfile
from fractions import Fraction

import av
import numpy as np
import pypdfium2
import pytest
from PIL import Image

from tidymedia.media.kinds import Kind, is_archive, sniff_kind
from tidymedia.media.signatures import SIGNATURES


def image_bytes(suffix, mode="RGB", **options):
    buffer = io.BytesIO()
    Image.new(mode, (16, 16), 40).save(buffer, suffix, **options)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "suffix",
    ["JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "AVIF", "ICO", "JPEG2000", "PPM", "PCX", "SGI", "ICNS", "DDS", "QOI"],
)
def test_images(suffix):
    assert sniff_kind(image_bytes(suffix), "no-suffix") is Kind.IMAGE


def test_more_images():
    import pi_heif

    assert pi_heif  # HEIC cannot be written here; its header is made by hand
    assert sniff_kind(struct.pack(">I", 24) + b"ftypheic" + bytes(4) + b"mif1heic") is Kind.IMAGE
    assert sniff_kind(image_bytes("XBM", "1")) is Kind.IMAGE
    assert sniff_kind(b"8BPS\x00\x01" + bytes(20)) is Kind.IMAGE
    assert sniff_kind(image_bytes("SPIDER", "F"), "a.spi") is Kind.IMAGE


def test_targa_needs_name_and_content():
    content = image_bytes("TGA")
    assert sniff_kind(content, "a.tga") is Kind.IMAGE
    assert sniff_kind(content, "a.bin") is Kind.OTHER
    assert sniff_kind(b"<html></html>          ", "a.tga") is Kind.OTHER


def container(name, video=None, audio=None, **options):
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=name, **options) as output:
        streams = []
        if video:
            stream = output.add_stream(video, rate=10)
            stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
            streams.append((stream, av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")))
        if audio:
            stream = output.add_stream(audio, rate=48_000, layout="stereo")
            planar = stream.format.name if stream.format else "fltp"
            stream.bit_rate = 128_000
            silence = av.AudioFrame(format=planar, layout="stereo", samples=stream.frame_size or 1024)
            for plane in silence.planes:
                plane.update(bytes(plane.buffer_size))
            silence.sample_rate = 48_000
            streams.append((stream, silence))
        for stream, frame in streams:
            for number in range(4):
                frame.pts = number * (getattr(frame, "samples", 1) or 1)
                frame.time_base = Fraction(1, stream.rate if hasattr(stream, "rate") else 10)
                output.mux(stream.encode(frame))
            output.mux(stream.encode(None))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "video", "audio"),
    [
        ("mp4", "mpeg4", None),
        ("mov", "mpeg4", "aac"),
        ("avi", "mpeg4", None),
        ("matroska", "mpeg4", None),
        ("webm", "libvpx", None),
        ("flv", "flv", None),
        ("asf", "wmv2", "wmav2"),
        ("mpegts", "mpeg2video", None),
        ("vob", "mpeg2video", None),
        ("3gp", "mpeg4", None),
    ],
)
def test_films(name, video, audio):
    content = container(name, video, audio)
    assert sniff_kind(content[:65_536], "x", io.BytesIO(content)) is Kind.VIDEO


@pytest.mark.parametrize(
    ("name", "audio"),
    [
        ("mp4", "aac"),
        ("ipod", "aac"),
        ("matroska", "aac"),
        ("asf", "wmav2"),
        ("ogg", "libopus"),
        ("ogg", "flac"),
        ("flac", "flac"),
        ("mp3", "libmp3lame"),
        ("adts", "aac"),
        ("aiff", "pcm_s16be"),
        ("flv", "libmp3lame"),
    ],
)
def test_recordings(name, audio):
    content = container(name, audio=audio)
    assert sniff_kind(content[:65_536], "x", io.BytesIO(content)) is Kind.AUDIO


def test_an_index_at_the_end_is_found_in_the_stream():
    content = container("mp4", audio="aac")
    moov = content.index(b"moov") - 4
    padded = content[:moov] + struct.pack(">I", 100_008) + b"free" + bytes(100_000) + content[moov:]
    assert sniff_kind(padded[:65_536], "", io.BytesIO(padded)) is Kind.AUDIO


def test_wave():
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as output:
        output.setnchannels(1)
        output.setsampwidth(2)
        output.setframerate(8_000)
        output.writeframes(bytes(100))
    assert sniff_kind(buffer.getvalue()) is Kind.AUDIO


def ogg_page(packet):
    return b"OggS\x00\x02" + bytes(20) + bytes([1, len(packet)]) + packet


def test_ogg_with_pictures_is_a_film_in_whatever_order():
    vorbis, theora = ogg_page(b"\x01vorbis" + bytes(23)), ogg_page(b"\x80theora" + bytes(35))
    assert sniff_kind(vorbis + theora) is Kind.VIDEO
    assert sniff_kind(vorbis) is Kind.AUDIO


def test_documents_and_drawings():
    buffer = io.BytesIO()
    document = pypdfium2.PdfDocument.new()
    document.new_page(100, 100)
    document.save(buffer)
    document.close()
    pdf = buffer.getvalue()
    svg = (
        b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- a <html> comment -->\n<!DOCTYPE svg PUBLIC "x" [<!ENTITY a "b">]>'
        b'<svg xmlns="http://www.w3.org/2000/svg"/>'
    )
    assert sniff_kind(pdf) is Kind.DOCUMENT
    assert sniff_kind(b"\r\n" * 300 + pdf) is Kind.DOCUMENT
    assert sniff_kind(svg) is Kind.VECTOR
    assert sniff_kind(gzip.compress(svg)) is Kind.VECTOR
    assert sniff_kind('<svg xmlns="http://www.w3.org/2000/svg"/>'.encode("utf-16")) is Kind.VECTOR
    assert sniff_kind(b"%!PS-Adobe-3.0 EPSF-3.0\n") is Kind.VECTOR
    assert sniff_kind(b"\xc5\xd0\xd3\xc6" + bytes(30)) is Kind.VECTOR
    assert sniff_kind(b"\xd7\xcd\xc6\x9a\x00\x00" + bytes(30)) is Kind.VECTOR
    assert sniff_kind(b"\x01\x00\x00\x00" + bytes(36) + b" EMF") is Kind.VECTOR


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 5000,
        b"<!DOCTYPE html><html><body><svg></svg></body></html>",
        b'{"error": "not found"}',
        b"BM is how this sentence begins, and it is long enough to be taken for a header.",
        b"P1 is a priority, not a pixmap",
        b"\xff\xfb\x90\x00" + b"\x11" * 4000,
        b"GET it? 4 free! Nothing here",
        b"%PDF" + bytes(100),
        b"#define SOMETHING 1\n",
        b"%!PS-AdobeFont-1.0: Symbol\n",
    ],
)
def test_none_of_ours(content):
    assert sniff_kind(content, "photo.jpg") is Kind.OTHER


def test_noise_is_no_recording():
    noise = np.random.default_rng(1)
    for _ in range(40):
        head = b"\x03" + noise.integers(0, 256, 65_535, dtype=np.uint8).tobytes()
        assert sniff_kind(head, "x") is Kind.OTHER


def zipped(*names):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return buffer.getvalue()


def test_archives_and_documents_that_are_zips():
    assert is_archive(zipped("1.jpg"), "a.zip")
    assert is_archive(zipped(), "empty.zip")
    assert not is_archive(zipped("[Content_Types].xml", "word/document.xml"), "thesis")
    assert not is_archive(zipped("mimetype", "content.xml"), "text")
    assert not is_archive(zipped("1.jpg"), "book.epub")
    assert sniff_kind(zipped("[Content_Types].xml"), "thesis.docx") is Kind.OTHER
    assert not is_archive(gzip.compress(b"just text" * 200), "notes.gz")


def test_no_head_is_too_short_or_too_odd():
    noise = np.random.default_rng(2)
    for signature in SIGNATURES:
        start = bytes(signature.offset) + signature.magic
        for length in range(len(start), len(start) + 140, 3):
            for filler in (
                bytes(140),
                b"\xff" * 140,
                b"\x01\x00" * 70,
                noise.integers(0, 256, 140, dtype=np.uint8).tobytes(),
            ):
                assert sniff_kind((start + filler)[:length], "x.tga") in Kind
                assert is_archive((start + filler)[:length], "x") in (True, False)


def test_containers_that_nest_without_end_are_given_up():
    box = struct.pack(">I", 8) + b"moov"
    endless = struct.pack(">I", 16) + b"ftypisom" + bytes(4) + box * 8_000
    assert sniff_kind(endless[:65_536], "", io.BytesIO(endless)) is Kind.VIDEO
    itself = struct.pack(">I", 16) + b"ftypisom" + bytes(4) + struct.pack(">I", 0) + b"moov" * 3
    assert sniff_kind(itself, "", io.BytesIO(itself)) is Kind.VIDEO


def test_a_program_that_holds_frames_by_chance_is_no_recording():
    program = b"\x7fELF" + bytes(60) + (bytes([0xFF, 0xFB, 0x90, 0x00]) + bytes(413)) * 5
    assert sniff_kind(program, "library.so") is Kind.OTHER
    assert sniff_kind(b"rest of a frame" + program[64:], "stream.mp3") is Kind.AUDIO


def test_wave_of_either_byte_order():
    for mark in (b"RIFF", b"RIFX", b"RF64"):
        assert sniff_kind(mark + bytes(4) + b"WAVEfmt ") is Kind.AUDIO
