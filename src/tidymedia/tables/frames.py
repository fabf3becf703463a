"""From Arrow to pandas without losing what a value is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = ["to_frame"]


def to_frame(table: pa.Table) -> pd.DataFrame:
    """Turn an Arrow table into a data frame.

    Whole numbers stay whole where some are missing (``Int64``), and truth values stay truth values
    (``boolean``). Sums that DuckDB makes wider than 64 bits come back as whole numbers where they fit,
    else as floating point numbers.

    Parameters
    ----------
    table : pyarrow.Table
        The table.

    Returns
    -------
    pandas.DataFrame
        One row a row.
    """
    import pandas as pd
    import pyarrow as pa

    for position, field in enumerate(table.schema):
        if pa.types.is_decimal(field.type):
            column = table.column(position)
            whole = field.type.scale == 0
            try:
                column = column.cast(pa.int64() if whole else pa.float64())
            except pa.ArrowInvalid:
                column = column.cast(pa.float64())
            table = table.set_column(position, field.name, column)
    integers = {
        pa.int8(): pd.Int64Dtype(),
        pa.int16(): pd.Int64Dtype(),
        pa.int32(): pd.Int64Dtype(),
        pa.int64(): pd.Int64Dtype(),
        pa.uint8(): pd.Int64Dtype(),
        pa.uint16(): pd.Int64Dtype(),
        pa.uint32(): pd.Int64Dtype(),
        pa.uint64(): pd.UInt64Dtype(),
        pa.bool_(): pd.BooleanDtype(),
    }
    frame: pd.DataFrame = table.to_pandas(types_mapper=integers.get)
    return frame
