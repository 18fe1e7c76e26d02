"""A search written out as a file for spreadsheets, in flat memory."""

from indexer.export.csvfile import csv_chunks
from indexer.export.rows import HEADINGS, Exported, exported
from indexer.export.xlsxfile import MOST_ROWS, write_xlsx

__all__ = ["HEADINGS", "MOST_ROWS", "Exported", "csv_chunks", "exported", "write_xlsx"]
