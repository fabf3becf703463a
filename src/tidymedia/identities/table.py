"""The table ``identities``: which faces of a study seem to be of one person."""

from __future__ import annotations

from typing import Final

from tidymedia.tables import Column, Summary, Table
from tidymedia.tables.derived import Derivation

__all__ = ["IDENTITIES"]

_NAME = Column(
    "name",
    "string",
    "Name of the nearest face of the gallery, as its file or folder is called, where it lies within the threshold. A "
    "guess by likeness, not a finding.",
    missing="there was no gallery, or no face of it is near enough",
)

_TABLE = Table(
    "identities",
    ("picture", "face"),
    (
        Column(
            "identity",
            "string",
            "unit_id of the face that stands for the person: of faces that are near each other, the one with the "
            "tallest box. A face that is near no other stands for itself.",
        ),
        Column("identity_faces", "integer", "Number of faces with this identity in the study.", range="1 and more"),
        Column("is_representative", "boolean", "Whether this face stands for the person."),
        Column(
            "distance",
            "number",
            "Distance to the face that stands for the person: 1 minus the cosine of the two vectors.",
            range="0 to the threshold",
        ),
        _NAME,
        Column(
            "name_distance",
            "number",
            "Distance to the nearest face of the gallery, of whomever it is: 1 minus the cosine of the two vectors.",
            range="0 to 1",
            missing="there was no gallery",
        ),
    ),
    "One face, and which others seem to be of the same person.",
    summary=(
        Summary(
            Column("identities", "integer", "Number of different identities among its faces.", range="1 and more"),
            "count(DISTINCT identity)",
        ),
        Summary(
            Column(
                "names",
                "string",
                f"Names that its faces were given, by the alphabet, joined by '; '. {_NAME.meaning}",
                missing="no face was given a name",
            ),
            "string_agg(DISTINCT name, '; ' ORDER BY name)",
        ),
    ),
)

IDENTITIES: Final = Derivation(
    "identities",
    "Faces that seem to be of one person, and names for them from a gallery of named pictures.",
    _TABLE,
    caveat=(
        "Likeness is no proof of identity. Faces of one person are torn apart by pose, light, age and small size; "
        "people who look alike are joined; how often can differ between groups of people and was not measured. Look "
        "at every identity before you count, and name nobody by it alone. This recognises people: it is processing of "
        "biometric data, which Art. 9 of the GDPR and laws elsewhere forbid without consent or another exception. Ask "
        "your ethics board and your data protection officer first; publish neither names nor faces."
    ),
    citation=(
        "Savchenko, A. V. (2019). Efficient facial representations for age, gender and identity recognition in "
        "organizing photo albums using multi-output ConvNet. PeerJ Computer Science, 5, e197."
    ),
)
