"""The table ``coding``: its columns are the variables of a codebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tidymedia.tables import Column, Summary, Table
from tidymedia.tables.sql_names import quoted_name

if TYPE_CHECKING:
    from tidymedia.services.codebook_file import CodebookFile, Variable
    from tidymedia.tables.column import ColumnType

__all__ = ["coding_table"]

_TYPES: Final[dict[str, ColumnType]] = {
    "choice": "string",
    "choices": "string",
    "yes_no": "boolean",
    "integer": "integer",
    "number": "number",
    "text": "string",
}
_ANSWERED_BY = Column(
    "answered_by",
    "string",
    "The model that answered, as the service itself names it; it may be a dated revision of the one that was asked.",
    missing="the service does not say",
)


def coding_table(book: CodebookFile | None, *, reason: bool, repeat: int) -> Table:
    """Describe the table for a codebook.

    Parameters
    ----------
    book : CodebookFile or None
        The codebook; None where none is named yet.
    reason : bool
        Whether a reason is asked for.
    repeat : int
        How often each picture is coded.

    Returns
    -------
    Table
        One row a picture, one column a variable; with several draws also one agreement a variable.
    """
    variables = book.variables if book is not None else ()
    columns: list[Column] = []
    for variable in variables:
        columns.append(_column(variable, variable.name))
        if repeat > 1:
            columns.append(
                Column(
                    f"{variable.name}_agreement",
                    "number",
                    f"Share of the draws that gave the value of {variable.name}. It says how stable the model is, not "
                    "whether it is right.",
                    range="1 / draws to 1",
                )
            )
    if reason:
        columns.append(
            Column("reason", "string", "Why, in the words of the model; written after the values, so not their cause.")
        )
    if repeat > 1:
        columns.append(Column("draws", "integer", "How often the picture was coded.", range="2 and more"))
    return Table(
        "coding",
        ("picture",),
        (*columns, _ANSWERED_BY),
        "One picture, coded by a language model with the variables of a codebook.",
        tuple(_summary(variable) for variable in variables),
    )


def _column(variable: Variable, name: str) -> Column:
    meaning = variable.definition.rstrip()
    meaning += "" if meaning.endswith((".", "?", "!")) else "."
    told = "; ".join(f"{value}: {text.rstrip('.')}" for value, text in variable.values.items() if text)
    if told:
        meaning += f" Values: {told}."
    if variable.type == "choices":
        meaning += " All that apply, in the order of the codebook, joined by semicolons; empty text for none."
    limits = [f"{limit:g}" if limit is not None else "" for limit in (variable.minimum, variable.maximum)]
    spread = " | ".join(variable.values) or (" to ".join(limits) if all(limits) else "")
    if variable.type in ("integer", "number") and not spread:
        spread = f"{limits[0]} and more" if limits[0] else f"at most {limits[1]}" if limits[1] else ""
    missing = "the model left it open, as the codebook allows" if variable.optional else "never"
    return Column(name, _TYPES[variable.type], meaning, range=spread, missing=missing)


def _summary(variable: Variable) -> Summary:
    """Sum up the pictures of a file: the mean of a number, the most frequent of other values."""
    column = _column(variable, f"coding_{variable.name}")
    counted = variable.type in ("integer", "number")
    how = "Mean over the pictures of the file." if counted else "Most frequent value among the pictures of the file."
    return Summary(
        Column(
            column.name,
            "number" if counted else column.type,
            f"{column.meaning} {how}",
            range=column.range,
            missing="no picture of the file was coded, or all were left open",
        ),
        f"{'avg' if counted else 'mode'}({quoted_name(variable.name)})",
    )
