"""Word and Excel files made for a test."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from docx import Document
from xlsxwriter import Workbook


def word(*parts: Any) -> bytes:
    """Paragraphs as (style, text), style b for bold; tables as lists of rows."""
    document = Document()
    for part in parts:
        if isinstance(part, list):
            table = document.add_table(rows=len(part), cols=len(part[0]))
            for row, texts in zip(table.rows, part, strict=True):
                for cell, text in zip(row.cells, texts, strict=True):
                    cell.text = text
            continue
        style, text = part
        if style == "b":
            document.add_paragraph().add_run(text).bold = True
        else:
            document.add_paragraph(text, style or None)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def sheet(sheets: Mapping[str, Sequence[Sequence[object]]], *, merge: Sequence[str] = ()) -> bytes:
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for r, row in enumerate(rows):
                page.write_row(r, 0, row)
            for cells in merge:
                first = cells.split(":")[0]
                page.merge_range(cells, rows[int(first[1:]) - 1][ord(first[0]) - 65])
    return out.getvalue()


def archive(**parts: bytes) -> bytes:
    """A zip archive; `__` in a name stands for a slash, `_dot_` for a point."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()
