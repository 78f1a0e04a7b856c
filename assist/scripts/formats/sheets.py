"""Excel files: those that Assist wrote, by their columns; those that people make, by what their columns are called."""

import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from assist.errors import LibraryError
from assist.scripts.formats import blocks, containers, guessing, own_words, stages, tables
from assist.scripts.formats.blocks import Block, Cell, Rows
from assist.scripts.formats.containers import DamagedOffice
from assist.scripts.formats.preview import Line, Notice, Place, numbered
from assist.scripts.formats.sheet_writing import SHEETS
from assist.scripts.library import SEVERITIES, STAGES, STEPS
from assist.texts import N_

MOST_ROWS, MOST_COLUMNS = 20_000, 60

_FORMULA = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=\"([A-Z]{1,3}\d{1,7})\"[^>]*>\s*<(?:\w+:)?f\b")


class HasFormulas(LibraryError):
    message = N_(
        "%(file)s has formulas (%(cells)s). A talk track is plain text: copy the cells, insert them as values, "
        "and import again."
    )


class MergedAcross(LibraryError):
    message = N_(
        "In %(file)s cells are merged over several columns (%(cells)s), so it is unclear what they belong to. "
        "Unmerge them and import again."
    )


class TooManyCells(LibraryError):
    message = N_("A sheet of %(file)s is larger than %(rows)s rows by %(columns)s columns. Delete what is not needed.")


def read(content: bytes, name: str) -> tuple[tuple[Line, ...], tuple[Notice, ...], bool]:
    """(lines, what to look at, whether Assist wrote the file). Raises LibraryError."""
    try:
        with CalamineWorkbook.from_object(io.BytesIO(content)) as book:
            visible = [sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
            found = [book.get_sheet_by_name(sheet) for sheet in visible]
            hidden = len(book.sheet_names) - len(visible)
            _check_formulas(content, name)
            tables_of = {sheet.name: _rows(sheet, name) for sheet in found}
    except (CalamineError, ElementTree.ParseError, OSError) as error:
        raise DamagedOffice(file=name) from error
    own = {sheet: kind for sheet, rows in tables_of.items() if (kind := _own_kind(rows))}
    if "script" in own.values():
        return numbered(line for sheet, kind in own.items() for line in _OWN_LINES[kind](tables_of[sheet])), (), True
    notices = [*(_notice(sheet) for sheet in found if _down(sheet)), *([_HIDDEN] if hidden else [])]
    lines = numbered(line for sheet in found for line in _lines(sheet.name, tables_of[sheet.name]))
    return lines, tuple(notices), False


_HIDDEN = Notice(N_("Hidden sheets were left out. Show them in Excel if they belong to the talk track."))


def _notice(sheet: CalamineSheet) -> Notice:
    message = N_("In the sheet “%(sheet)s” merged cells were read as if their text stood in each row.")
    return Notice(message, facts={"sheet": sheet.name})


def _rows(sheet: CalamineSheet, name: str) -> Rows:
    """The cells with merged ones repeated downwards, their numbers as people see them."""
    if sheet.total_height > MOST_ROWS or sheet.total_width > MOST_COLUMNS:
        raise TooManyCells(file=name, rows=MOST_ROWS, columns=MOST_COLUMNS)
    values = [[_text(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    fresh = [[True] * len(row) for row in values]
    _check_across(sheet, values, name)
    for (top, left), (bottom, right) in _down(sheet):
        for r in range(top, min(bottom + 1, len(values))):
            for c in range(left, min(right + 1, len(values[r]))):
                if (r, c) != (top, left):
                    values[r][c], fresh[r][c] = values[top][left] if c == left else "", False
    return tuple(
        tuple(
            Cell(Place("cell", (sheet.name, _cell(r, c))), _lines_of(text), fresh[r][c], text)
            for c, text in enumerate(row)
        )
        for r, row in enumerate(values)
    )


_Range = tuple[tuple[int, int], tuple[int, int]]


def _down(sheet: CalamineSheet) -> list[_Range]:
    return [(first, last) for first, last in sheet.merged_cell_ranges or [] if last[0] > first[0]]


def _check_across(sheet: CalamineSheet, values: Sequence[Sequence[str]], name: str) -> None:
    """Merged over columns is fine for a headline alone in its row, else it is unclear."""
    bad = []
    for (top, left), (_, right) in sheet.merged_cell_ranges or []:
        row = values[top] if top < len(values) else []
        if right > left and sum(bool(text) for text in row) > 1:
            bad.append(f"{sheet.name}!{_cell(top, left)}")
    if bad:
        raise MergedAcross(file=name, cells=", ".join(bad[:5]))


def _check_formulas(content: bytes, name: str) -> None:
    cells = []
    for title, path in _paths(content).items():
        cells += [f"{title}!{cell.decode()}" for cell in _FORMULA.findall(containers.part(content, path))]
    if cells:
        more = " …" if len(cells) > 5 else ""
        raise HasFormulas(file=name, cells=", ".join(cells[:5]) + more)


def _paths(content: bytes) -> dict[str, str]:
    """Sheet name → its part of the archive."""
    links = ElementTree.fromstring(containers.part(content, "xl/_rels/workbook.xml.rels") or b"<none/>")  # noqa: S314
    targets = {link.get("Id"): (link.get("Target") or "").lstrip("/").removeprefix("xl/") for link in links}
    book = ElementTree.fromstring(containers.part(content, "xl/workbook.xml"))  # noqa: S314 (no DOCTYPE: checked)
    found = {}
    for sheet in book.iter():
        if sheet.tag.rpartition("}")[2] == "sheet":
            link = next((value for key, value in sheet.items() if key.rpartition("}")[2] == "id"), "")
            found[sheet.get("name") or ""] = f"xl/{targets.get(link, '')}"
    return found


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _lines_of(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _cell(row: int, column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def _lines(sheet: str, rows: Rows) -> Iterator[Line]:
    """The lines of somebody's sheet; one without columns that can be told is read as running text."""
    found = list(tables.lines_of(rows))
    if found and all(line.role in ("unclear", "note") for line in found):
        running = [Block("text", cell.place, text) for row in rows for cell in row if cell.fresh for text in cell.texts]
        yield from guessing.guess(blocks.with_headings(running))
        return
    kind = stages.kind_of(sheet)
    if kind and found and not any(line.role.startswith("stage/") for line in found):
        yield Line(0, Place("cell", (sheet, "A1")), sheet, sheet, f"stage/{kind}", sure=False)
    yield from found


def _own_kind(rows: Rows) -> str | None:
    """Which of Assist's own sheets it is, by its first row in either language."""
    head = [cell.text for cell in rows[0]] if rows else []
    while head and not head[-1]:
        head.pop()
    for kind, columns in SHEETS.items():
        titles = ([own_words.say(column, language) for column in columns] for language in own_words.LANGUAGES)
        if any(head == names for names in titles):
            return kind
    return None


class _Own:
    """One row of Assist's own sheet, its texts by column."""

    def __init__(self, columns: Sequence[str], row: Sequence[Cell], exact: Sequence[str]) -> None:
        self.place = row[-1].place
        self.values = dict(zip(columns, exact, strict=False))

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")

    def line(self, text: str, role: str, facts: Mapping[str, str] | None = None) -> Line:
        return Line(0, self.place, text, text, role, facts=facts or {})


def _own_rows(kind: str, rows: Rows) -> Iterator[_Own]:
    for row in rows[1:]:
        exact = [cell.exact for cell in row]
        if any(exact):
            yield _Own(SHEETS[kind], row, exact)


def _own_library(rows: Rows) -> Iterator[Line]:
    facts: dict[str, str] = {}
    title: _Own | None = None
    for row in _own_rows("library", rows):
        name = own_words.meant(row["fact"], ("campaign", "title", "language", "company", "terms"))
        if name == "title":
            title = row
        elif name in ("campaign", "language"):
            facts[name] = row["wording"]
        elif name in ("company", "terms"):
            yield row.line(row["wording"], "company" if name == "company" else "term")
    if title:
        yield title.line(title["wording"], "title", facts)


def _own_script(rows: Rows) -> Iterator[Line]:
    stage: tuple[str, ...] = ()
    point: tuple[str, ...] = ()
    for row in _own_rows("script", rows):
        here = (row["number"], row["stage"], row["stage_title"])
        if here != stage and any(here):
            stage, point = here, ()
            kind = own_words.meant(row["stage"], STAGES)
            yield row.line(row["stage_title"], f"stage/{kind if kind in STAGES else 'discovery'}")
        there = (row["id"], row["point"])
        if there != point and any(there):
            point = there
            required = own_words.meant(row["required"], ("true", "false"))
            yield row.line(row["point"], "point", {"id": row["id"], "required": required, "weight": row["weight"]})
        if row["wording"]:
            yield row.line(row["wording"], "say")


def _own_playbook(rows: Rows) -> Iterator[Line]:
    entry: tuple[str, ...] = ()
    step: tuple[str, ...] = ()
    for row in _own_rows("playbook", rows):
        here = (row["id"], row["objection"])
        if here != entry and any(here):
            entry, step = here, ()
            yield row.line(row["objection"], "objection", {"id": row["id"]})
        kind = own_words.meant(row["kind"], ("customer", "near", *STEPS))
        if kind in STEPS:
            this = (row["number"], kind, row["step_title"])
            if this != step:
                step = this
                yield row.line(row["step_title"], f"step/{kind}")
            kind = f"answer/{kind}"
        if row["wording"]:
            yield row.line(row["wording"], {"customer": "heard"}.get(kind, kind) or "heard")


def _own_forbidden(rows: Rows) -> Iterator[Line]:
    item: tuple[str, ...] = ()
    for row in _own_rows("forbidden", rows):
        here = (row["id"], row["item"])
        if here != item and any(here):
            item = here
            severity = own_words.meant(row["severity"], SEVERITIES)
            yield row.line(row["item"], "forbidden", {"id": row["id"], "severity": severity})
        if row["wording"]:
            yield row.line(row["wording"], own_words.meant(row["kind"], ("phrase", "allowed")) or "phrase")


_OWN_LINES: dict[str, Callable[[Rows], Iterator[Line]]] = {
    "library": _own_library,
    "script": _own_script,
    "playbook": _own_playbook,
    "forbidden": _own_forbidden,
}
