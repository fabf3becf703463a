"""Codebooks: what is read, and what is refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidymedia.errors import SettingError
from tidymedia.services.codebook_file import CodebookFile, read_codebook
from tidymedia.services.coding_request import instructions, schema_of
from tidymedia.services.coding_table import coding_table

pytest.importorskip("yaml", reason="the extra coding is needed; pip install 'tidymedia[coding]'")


def read(tmp_path: Path, text: str) -> CodebookFile:
    path = tmp_path / "codes.yaml"
    path.write_text(text, encoding="utf-8")
    return read_codebook(path)


WHOLE = """
title: Election posters
instruction: Code the poster, not the wall around it.
variables:
  tone:
    definition: Overall tone of the poster.
    values:
      attack: Speaks against an opponent
      praise: Speaks for the own side
      no: Neither
    examples:
      - A crossed-out face is attack.
  topics:
    definition: Topics that the poster names
    type: choices
    values: [economy, climate]
  people:
    definition: Number of people.
    type: integer
    minimum: 0
  warmth:
    definition: How warm it is.
    type: number
    minimum: 1
    maximum: 7
    optional: yes
  slogan:
    definition: The slogan, word for word.
    type: text
    longest: 200
  logo:
    definition: Is a logo to be seen?
    type: yes_no
"""


def test_a_whole_codebook(tmp_path: Path) -> None:
    book = read(tmp_path, WHOLE)
    assert [variable.name for variable in book.variables] == ["tone", "topics", "people", "warmth", "slogan", "logo"]
    tone, _, people, warmth, slogan, _ = book.variables
    assert dict(tone.values)["no"] == "Neither", "no is a value, not false"
    assert tone.examples == ("A crossed-out face is attack.",)
    assert (people.minimum, people.maximum, warmth.optional, slogan.longest) == (0, None, True, 200)
    assert len(book.sha256) == 64


def test_the_schema_is_strict(tmp_path: Path) -> None:
    schema = schema_of(read(tmp_path, WHOLE), reason=True)
    assert schema["additionalProperties"] is False
    assert schema["required"] == ["tone", "topics", "people", "warmth", "slogan", "logo", "reason"]
    properties = schema["properties"]
    assert properties["tone"] == {"type": "string", "enum": ["attack", "praise", "no"]}
    assert properties["topics"] == {"type": "array", "items": {"type": "string", "enum": ["economy", "climate"]}}
    assert properties["people"] == {"type": "integer", "minimum": 0}
    assert properties["warmth"] == {"anyOf": [{"type": "number", "minimum": 1, "maximum": 7}, {"type": "null"}]}


def test_the_model_is_told_all_of_it(tmp_path: Path) -> None:
    told = instructions(read(tmp_path, WHOLE), reason=False)
    for text in (
        "Code the poster, not the wall around it.",
        "- attack: Speaks against an opponent",
        "Example: A crossed-out face is attack.",
        "at least 1, at most 7, or null where it cannot be said",
        "at most 200 characters",
    ):
        assert text in told
    assert "reason" not in told


def test_columns_are_described(tmp_path: Path) -> None:
    table = coding_table(read(tmp_path, WHOLE), reason=True, repeat=2)
    columns = {column.name: column for column in table.columns}
    assert list(columns)[:4] == ["tone", "tone_agreement", "topics", "topics_agreement"]
    assert list(columns)[-3:] == ["reason", "draws", "answered_by"]
    assert columns["tone"].range == "attack | praise | no"
    assert columns["warmth"].range == "1 to 7"
    assert columns["people"].range == "0 and more"
    assert columns["people"].type == "integer"
    assert all(column.meaning.endswith((".", "?")) for column in table.columns)
    assert {summary.column.name for summary in table.summary} >= {"coding_tone", "coding_people"}


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("variables: [", 1, "it is no YAML"),
        ("a: b\n  c: d: e", 2, "it is no YAML"),
        ("", 1, "the codebook is no list of names"),
        ("title: A\n", 1, "it has no variables"),
        ("variables: {}", 1, "it has 0 variables"),
        ("titel: A\nvariables: {}", 1, "the codebook has no titel"),
        ("variables:\n  Tone: {definition: Tone.}", 2, "'Tone' is no name"),
        ("variables:\n  picture: {definition: P., type: text}", 2, "picture is the name of a column"),
        ("variables:\n  reason: {definition: P., type: text}", 2, "reason is the name of a column"),
        ("variables:\n  a_agreement: {definition: P., type: text}", 2, "is the name of a column"),
        ("variables:\n  tone: {type: text}", 2, "tone has no definition"),
        ("variables:\n  tone:\n    definition: T.", 3, "tone has the type none"),
        ("variables:\n  tone:\n    definition: T.\n    type: words", 4, "tone has the type words"),
        ("variables:\n  tone: {definition: T., type: choice}", 2, "which needs values"),
        ("variables:\n  tone: {definition: T., type: text, values: [a]}", 2, "which takes no values"),
        ("variables:\n  tone:\n    definition: T.\n    values: [a, a]", 4, "has the value a twice"),
        ("variables:\n  tone:\n    definition: T.\n    values: ['a; b']", 4, "cannot be a value"),
        ("variables:\n  tone:\n    definition: T.\n    definition: U.", 4, "tone has definition twice"),
        ("variables:\n  n:\n    definition: N.\n    type: integer\n    minimum: few", 5, "n.minimum is no number"),
        ("variables:\n  n:\n    definition: N.\n    type: integer\n    minimum: 2\n    maximum: 1", 5, "above its"),
        ("variables:\n  n:\n    definition: N.\n    type: text\n    minimum: 2", 3, "takes no minimum"),
        ("variables:\n  n:\n    definition: N.\n    type: integer\n    longest: 2", 5, "longest is for texts"),
        ("variables:\n  n:\n    definition: N.\n    type: text\n    optional: perhaps", 5, "optional is yes or no"),
        ("variables:\n  a: &x {definition: N., type: text}\n  b: *x", 2, "refers to another part"),
        ("variables:\n  a:\n    definition: [N]\n    type: text", 3, "a.definition is no text"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    with pytest.raises(SettingError) as caught:
        read(tmp_path, text)
    assert message in caught.value.message
    assert f"codes.yaml, line {line}: " in caught.value.message
    assert caught.value.remedy


def test_nothing_in_a_codebook_is_executed(tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    text = f"variables: !!python/object/apply:pathlib.Path.touch [!!python/object:pathlib.Path {{}}, '{marker}']"
    with pytest.raises(SettingError):
        read(tmp_path, text)
    assert not marker.exists()


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "codes.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingError, match="no text in UTF-8"):
        read_codebook(tmp_path / "codes.yaml")
    with pytest.raises(SettingError, match="cannot be read"):
        read_codebook(tmp_path)
