"""What rows look like: columns, tables, their codebook and their exports."""

from tidymedia.tables.column import Column
from tidymedia.tables.table import Summary, Table

__all__ = ["Column", "Summary", "Table"]
