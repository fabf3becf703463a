"""Export to one Excel workbook."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tidymedia.errors import UsageError
from tidymedia.tables.codebook import CODEBOOK_COLUMNS
from tidymedia.tables.excel_cells import excel_cell, sheet_name
from tidymedia.tables.export_source import Source

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["SHEET_COLUMNS", "SHEET_ROWS", "write_xlsx"]

SHEET_ROWS = 1_048_576
"""Rows that a sheet holds, the header among them."""
SHEET_COLUMNS = 16_384
"""Columns that a sheet holds."""

_MOST_NOTES = 10_000
_WIDEST = 60
_WIDTHS = {"path": 40, "media_id": 18, "unit_id": 18, "meaning": 60, "missing": 40}


def write_xlsx(sources: Sequence[Source], codebook: Sequence[dict[str, str]], file: Path) -> None:
    """Write tables into a workbook: a sheet a table, then ``codebook`` and, where needed, ``notes``.

    Texts are written as texts, never as formulas, links or numbers. Whole numbers with more than 15
    digits are texts. A text that is longer than a cell can hold ends with ``…``, control characters are
    removed, and the sheet ``notes`` lists where. A table with more rows than a sheet holds goes on in
    the next sheet.

    Parameters
    ----------
    sources : sequence of Source
        The tables.
    codebook : sequence of dict
        Rows of the codebook.
    file : pathlib.Path
        Where to write.

    Raises
    ------
    UsageError
        Where a table has more columns than a sheet holds.
    """
    for source in sources:
        if len(source.schema.names) > SHEET_COLUMNS:
            raise UsageError(
                f"The table {source.name} has {len(source.schema.names)} columns; an Excel sheet holds "
                f"{SHEET_COLUMNS}.",
                "Export it to CSV or Parquet.",
            )
    import xlsxwriter

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "tmpdir": str(file.parent),
    }
    with xlsxwriter.Workbook(str(file), options) as workbook:
        writer = _Writer(workbook)
        for source in sources:
            rows = (row for batch in source.batches() for row in zip(*map(_values, batch.columns), strict=True))
            writer.table(source.name, source.schema.names, rows)
        writer.taken.discard("codebook")
        writer.table(
            "codebook", CODEBOOK_COLUMNS, ([row[name] or None for name in CODEBOOK_COLUMNS] for row in codebook)
        )
        writer.notes()


class _Writer:
    """Writes tables into sheets and collects what did not fit."""

    def __init__(self, workbook: Any) -> None:
        self.workbook = workbook
        self.header = workbook.add_format({"bold": True, "bottom": 1})
        self.taken = {"notes", "codebook"}
        self.changes: list[tuple[str, int, str, str]] = []
        self.n_changes = 0

    def table(self, name: str, columns: Sequence[str], rows: Any) -> None:
        """Write a table, into as many sheets as it needs."""
        sheet, number = self._sheet(name, columns), 0
        for row in rows:
            number += 1
            if number == SHEET_ROWS:
                self._finish(sheet, columns, number - 1)
                sheet, number = self._sheet(name, columns), 1
            for position, value in enumerate(row):
                cell, changed = excel_cell(value)
                _write(sheet, number, position, cell)
                if changed:
                    self._note(sheet.get_name(), number + 1, columns[position], changed)
        self._finish(sheet, columns, number)

    def notes(self) -> None:
        """Write the sheet of what was changed, if anything was."""
        if not self.changes:
            return
        columns = ("sheet", "row", "column", "changed")
        rows: list[Sequence[object]] = list(self.changes)
        if self.n_changes > len(rows):
            rows.append((None, None, None, f"And {self.n_changes - len(rows)} more cells."))
        sheet = self.workbook.add_worksheet("notes")
        self._head(sheet, columns)
        for number, row in enumerate(rows, start=1):
            for position, value in enumerate(row):
                _write(sheet, number, position, value)
        self._finish(sheet, columns, len(rows))

    def _sheet(self, name: str, columns: Sequence[str]) -> Any:
        sheet = self.workbook.add_worksheet(sheet_name(name, self.taken))
        self._head(sheet, columns)
        return sheet

    def _head(self, sheet: Any, columns: Sequence[str]) -> None:
        for position, column in enumerate(columns):
            sheet.write_string(0, position, str(excel_cell(column)[0]), self.header)
            sheet.set_column(position, position, _WIDTHS.get(column, min(max(len(column) + 2, 12), _WIDEST)))
        sheet.freeze_panes(1, 0)

    def _finish(self, sheet: Any, columns: Sequence[str], rows: int) -> None:
        if columns:
            sheet.autofilter(0, 0, rows, len(columns) - 1)

    def _note(self, sheet: str, row: int, column: str, changed: str) -> None:
        self.n_changes += 1
        if len(self.changes) < _MOST_NOTES:
            self.changes.append((sheet, row, column, changed))


def _values(column: pa.Array) -> list[Any]:
    """Return the values of a column."""
    values: list[Any] = column.to_pylist()
    return values


def _write(sheet: Any, row: int, position: int, cell: object) -> None:
    """Write a cell as what it is."""
    if isinstance(cell, bool):
        sheet.write_boolean(row, position, cell)
    elif isinstance(cell, (int, float)):
        sheet.write_number(row, position, cell)
    elif isinstance(cell, str):
        sheet.write_string(row, position, cell)
