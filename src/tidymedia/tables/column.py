"""A column of a table: what the codebook says about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Column", "ColumnType"]

ColumnType = Literal["string", "integer", "number", "boolean", "vector"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column, described so that a reader needs no other source.

    Parameters
    ----------
    name : str
        Name in the table: lower case, words joined by ``_``, with its unit where it has one.
    type : {"string", "integer", "number", "boolean", "vector"}
        Type of the values. A vector is a list of half precision numbers.
    meaning : str
        What the value says, in a sentence or two, with the source of the measure.
    unit : str, default ""
        Unit of the values, such as ``"px"`` or ``"ms"``; empty for none.
    range : str, default ""
        Smallest and largest value (``"0 to 1"``) or the values that occur (``"ok | empty"``).
    missing : str, default "never"
        When the value is missing, and what that says.

    Examples
    --------
    >>> Column("width", "integer", "Width of the picture.", unit="px", range="1 and more").unit
    'px'
    """

    name: str
    type: ColumnType
    meaning: str
    unit: str = ""
    range: str = ""
    missing: str = "never"

    def arrow_field(self) -> pa.Field:
        """Return the column as a field of an Arrow schema."""
        import pyarrow as pa

        types = {
            "string": pa.string(),
            "integer": pa.int64(),
            "number": pa.float64(),
            "boolean": pa.bool_(),
            "vector": pa.list_(pa.float16()),
        }
        return pa.field(self.name, types[self.type])
