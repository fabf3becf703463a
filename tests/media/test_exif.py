"""EXIF is read where it makes sense, passed over where it does not, and tells a place only when asked."""

import io
from fractions import Fraction

import pytest
from PIL import ExifTags, Image, TiffImagePlugin

from tidymedia.media.exif import exif_properties, orientation_of, turn_upright
from tidymedia.media.pillow import pillow_errors
from tidymedia.media.settings import Limits

DETAILS, GPS = ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo


def with_exif(base=None, details=None, gps=None, image_format="JPEG"):
    exif = Image.Exif()
    exif.update(base or {})
    exif.get_ifd(DETAILS).update(details or {})
    exif.get_ifd(GPS).update(gps or {})
    stream = io.BytesIO()
    Image.new("RGB", (8, 8)).save(stream, image_format, exif=exif.tobytes())
    return Image.open(stream)


def rational(*values):
    return tuple(TiffImagePlugin.IFDRational(Fraction(value).limit_denominator(10_000)) for value in values)


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
def test_a_photograph_tells_camera_and_time(image_format):
    image = with_exif(
        {0x010F: "Maker\x00", 0x0110: "Model  X", 0x0131: "Darkroom 3", 0x013B: "A. Photographer"},
        {0x9003: "2021:05:06 07:08:09", 0x9011: "+02:00"},
        image_format=image_format,
    )
    assert exif_properties(image) == {
        "taken_at": "2021-05-06T07:08:09+02:00",
        "camera_make": "Maker",
        "camera_model": "Model X",
        "software": "Darkroom 3",
        "author": "A. Photographer",
    }


@pytest.mark.parametrize(
    ("base", "details", "expected"),
    [
        ({}, {0x9003: "2021:05:06 07:08:09"}, "2021-05-06T07:08:09"),
        ({}, {0x9003: "2021-05-06T07:08:09"}, "2021-05-06T07:08:09"),
        ({}, {0x9003: "0000:00:00 00:00:00", 0x9004: "2020:01:02 03:04:05"}, "2020-01-02T03:04:05"),
        ({0x0132: "2019:01:02 03:04:05"}, {}, "2019-01-02T03:04:05"),
        ({}, {0x9003: "2021:13:06 07:08:09"}, None),
        ({}, {0x9003: "    :  :     :  :  "}, None),
        ({}, {0x9003: "2021:05:06 07:08:09", 0x9011: "north"}, "2021-05-06T07:08:09"),
        ({}, {}, None),
    ],
)
def test_the_first_moment_that_makes_sense(base, details, expected):
    assert exif_properties(with_exif(base, details)).get("taken_at") == expected


@pytest.mark.parametrize(
    ("sides", "expected"),
    [("NE", (52.5, 13.25)), ("SE", (-52.5, 13.25)), ("NW", (52.5, -13.25)), ("SW", (-52.5, -13.25))],
)
def test_the_place_is_told_only_when_asked(sides, expected):
    gps = {1: sides[0], 2: rational(52, 30, 0), 3: sides[1], 4: rational(13, 15, 0)}
    image = with_exif(gps=gps)
    assert "latitude" not in exif_properties(image)
    found = exif_properties(image, gps=True)
    assert (found["latitude"], found["longitude"]) == pytest.approx(expected)


@pytest.mark.parametrize("degrees", [(91, 0, 0), (52, 30)])
def test_no_such_place(degrees):
    image = with_exif(gps={1: "N", 2: rational(*degrees), 3: "E", 4: rational(13, 15, 0)})
    assert "latitude" not in exif_properties(image, gps=True)


@pytest.mark.parametrize(
    "garbage",
    [
        b"Exif\x00\x00",
        b"Exif\x00\x00II*\x00\x08\x00\x00\x00\xff\xff" + b"\xff" * 60,
        b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\xff\xff\xff\xff\x00\x06\x00\x00",
        b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x69\x87\x04\x00\x01\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00\x00",
    ],
)
def test_senseless_blocks_are_upright_and_silent(garbage):
    stream = io.BytesIO()
    Image.new("RGB", (8, 8)).save(stream, "JPEG", exif=garbage)
    with pillow_errors("a.jpg", Limits()):
        image = Image.open(stream)
        assert orientation_of(image) == 1
        assert not exif_properties(image, gps=True)


def test_long_and_unprintable_texts_are_made_tidy():
    image = with_exif({0x010F: "A\tB\r\nC", 0x0131: "x" * 5000})
    found = exif_properties(image)
    assert found["camera_make"] == "A B C"
    assert len(found["software"]) == 500


@pytest.mark.parametrize("orientation", range(1, 9))
def test_turning_is_what_pillow_does_too(orientation):
    from PIL import ImageOps

    stream = io.BytesIO()
    picture = Image.effect_noise((9, 6), 80)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    picture.save(stream, "PNG", exif=exif.tobytes())
    image = Image.open(stream)
    assert orientation_of(image) == orientation
    turned = ImageOps.exif_transpose(image)
    assert turn_upright(picture, orientation).tobytes() == turned.tobytes()
