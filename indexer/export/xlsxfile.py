"""Rows as an Excel workbook, written row by row: every text is a text, never a formula or a link."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import xlsxwriter

from indexer.export.rows import HEADINGS, Cell, Exported

MOST_ROWS = 1_048_575
"""Rows below the heading that a sheet has."""
MOST_UNITS = 32_767
"""UTF-16 units of a cell."""
_WIDTHS = {
    "标题": 40,
    "正文": 60,
    "最负面一句": 40,
    "网址": 40,
    "发布时间": 18,
    "首次发现": 18,
    "原文删除": 18,
    "处理时间": 18,
}
_USUAL = 14


def write_xlsx(rows: Iterable[Exported], to: BinaryIO, scratch: Path) -> int:
    """Write the workbook; parts of it lie in the folder `scratch` meanwhile. Returns the number of rows."""
    options = {"constant_memory": True, "tmpdir": str(scratch), "default_date_format": "yyyy-mm-dd hh:mm"}
    book = xlsxwriter.Workbook(to, options)
    sheet = book.add_worksheet("dunwatch")
    bold = book.add_format({"bold": True})
    for column, heading in enumerate(HEADINGS):
        sheet.set_column(column, column, _WIDTHS.get(heading, _USUAL))
        sheet.write_string(0, column, heading, bold)
    sheet.freeze_panes(1, 0)
    number = 0
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row.cells()):
            _write(sheet, number, column, cell)
    sheet.autofilter(0, 0, max(number, 1), len(HEADINGS) - 1)
    book.close()
    return number


def _write(sheet: "xlsxwriter.worksheet.Worksheet", row: int, column: int, cell: Cell) -> None:
    if isinstance(cell, str):
        if cell:
            sheet.write_string(row, column, _fitting(cell))
    elif isinstance(cell, datetime):
        sheet.write_datetime(row, column, cell)
    elif cell is not None:
        sheet.write_number(row, column, cell)


def _fitting(text: str) -> str:
    """As much of a text as a cell holds; that it goes on is marked."""
    if len(text) <= MOST_UNITS // 2:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * MOST_UNITS:
        return text
    return units[: 2 * (MOST_UNITS - 1)].decode("utf-16-le", "ignore") + "…"
