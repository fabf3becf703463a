"""Every kind of medium opens by its kind."""

from pathlib import Path

import pytest
from PIL import Image

from tidymedia.errors import MediumError, UnsupportedError
from tidymedia.media.kinds import Kind
from tidymedia.media.locations import LocalFile
from tidymedia.media.opening import open_medium


def test_an_image_opens(tmp_path: Path) -> None:
    Image.new("RGB", (30, 20), "red").save(tmp_path / "a.png")
    with open_medium(LocalFile(str(tmp_path), "a.png"), Kind.IMAGE) as medium:
        (picture,) = medium.pictures(0)
        assert (picture.index, picture.width, picture.height) == (0, 30, 20)


def test_what_is_no_medium_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedError, match=r"notes\.txt is no image"):
        open_medium(LocalFile(str(tmp_path), "notes.txt"), Kind.OTHER)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.OTHER])
def test_a_broken_file_of_any_kind_is_an_error_of_ours(tmp_path: Path, kind: Kind) -> None:
    (tmp_path / "x").write_bytes(b"nothing of the kind" * 50)
    with pytest.raises(MediumError), open_medium(LocalFile(str(tmp_path), "x"), kind) as medium:
        list(medium.pictures(0))
        medium.properties()
