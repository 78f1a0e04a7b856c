"""Figures as a file for a spreadsheet. Text stays text there: nothing in it is run as a formula or opened as a link."""

import csv
import io
from collections.abc import Sequence

from xlsxwriter import Workbook

Cell = str | int | float | None
Table = Sequence[Sequence[Cell]]

_STARTS_FORMULA = tuple("=+-@\t\r\n")


def as_csv(table: Table) -> bytes:
    """UTF-8 with the mark by which Excel knows it. Text that a spreadsheet would take for a formula gets an apostrophe
    before it (the way OWASP advises: a CSV cell has no type)."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([[harmless(cell) for cell in row] for row in table])
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(table: Table, title: str) -> bytes:
    """One sheet, its first row as head. Numbers are numbers, everything else is written as text."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(out, options) as book:
        sheet = book.add_worksheet(_sheet_name(title))
        head, quoted = book.add_format({"bold": True, "bg_color": "#E8EEF4"}), book.add_format({"quote_prefix": True})
        for r, row in enumerate(table):
            for c, cell in enumerate(row):
                if isinstance(cell, str):
                    style = head if r == 0 else quoted if cell.startswith(_STARTS_FORMULA) else None
                    sheet.write_string(r, c, cell, style)
                elif cell is not None:
                    sheet.write_number(r, c, cell)
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, 0, 18)
        sheet.set_column(1, max(1, len(table[0]) - 1), 14)
    return out.getvalue()


def harmless(cell: Cell) -> str | int | float:
    """A cell of a CSV file: text that a spreadsheet would take for a formula gets an apostrophe before it."""
    if cell is None:
        return ""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(_STARTS_FORMULA) else cell


def _sheet_name(title: str) -> str:
    return "".join(sign for sign in title if sign not in "[]:*?/\\'")[:31] or "Sheet1"
