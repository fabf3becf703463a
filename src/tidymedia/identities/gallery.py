"""A folder of pictures of people whose names are known."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tidymedia.errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Gallery", "read_gallery"]

_LONG_SIDE: Final = 2048
_SUFFIXES: Final = frozenset({".avif", ".bmp", ".gif", ".heic", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})


@dataclass(frozen=True, slots=True)
class Gallery:
    """Named faces.

    Parameters
    ----------
    names : tuple of str
        A name a face; a person with several pictures occurs several times.
    vectors : numpy.ndarray of float32, shape (n, 1024)
        Their vectors.
    sha256 : tuple of str
        SHA-256 of their files.
    """

    names: tuple[str, ...]
    vectors: NDArray[np.float32]
    sha256: tuple[str, ...]


def read_gallery(folder: Path) -> Gallery:
    """Find the faces in a folder of named pictures.

    Parameters
    ----------
    folder : pathlib.Path
        Pictures that are called as the person (``Marie Curie.jpg``), or folders that are, with pictures in them.
        Each picture shows one face.

    Returns
    -------
    Gallery
        The faces, sorted by name and file.

    Raises
    ------
    UsageError
        Where there is no such folder, it has no picture, or a picture shows no face or several.
    MediumError
        Where a picture cannot be opened.
    """
    import numpy as np

    from tidymedia.images.opening import open_image
    from tidymedia.media.color_conversion import to_rgb
    from tidymedia.models.face_detection import detect_faces
    from tidymedia.models.face_embedding import DIMENSIONS, face_features

    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder} with named pictures.", "Name a folder for the gallery.")
    inside = [*folder.glob("*"), *folder.glob("*/*")]
    pictures = sorted(path for path in inside if path.is_file() and path.suffix.lower() in _SUFFIXES)
    if not pictures:
        raise UsageError(
            f"The gallery {folder} has no pictures.", "Put pictures into it: Name.jpg, or Name/anything.jpg."
        )
    names, vectors, digests = [], [np.empty((0, DIMENSIONS), np.float32)], []
    for path in pictures:
        opened = open_image(path, long_side=_LONG_SIDE)
        image = to_rgb(opened, profile=opened.info.get("icc_profile"))
        faces = detect_faces(image)
        if len(faces) != 1:
            raise UsageError(
                f"The picture {path} of the gallery shows {len(faces) or 'no'} face{'s' * (len(faces) != 1)}.",
                "Put a picture there that shows one face, from the front; tidymedia.crop_box cuts one out.",
            )
        names.append(path.stem if path.parent == folder else path.parent.name)
        vectors.append(face_features(image, faces.landmarks))
        digests.append(hashlib.sha256(path.read_bytes()).hexdigest())
    return Gallery(tuple(names), np.concatenate(vectors), tuple(digests))
