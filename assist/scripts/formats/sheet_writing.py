"""A library as an Excel file: one row a wording, so that it can be sorted, filtered and added to."""

import io
from collections.abc import Iterator, Sequence

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from assist.errors import LibraryError
from assist.scripts.formats import own_words
from assist.scripts.formats.cleaning import clean
from assist.scripts.library import Library
from assist.texts import N_

MOST_IN_CELL = 32_767

LIBRARY = ("fact", "wording")
SCRIPT = ("number", "stage", "stage_title", "id", "point", "required", "weight", "wording")
PLAYBOOK = ("id", "objection", "number", "kind", "step_title", "wording")
FORBIDDEN = ("id", "item", "severity", "kind", "wording")
SHEETS: dict[str, tuple[str, ...]] = {
    "library": LIBRARY,
    "script": SCRIPT,
    "playbook": PLAYBOOK,
    "forbidden": FORBIDDEN,
}
"""Sheet → its columns; a wording of the playbook is of a kind: what the customer says, what it is not, or a step."""

_WIDTHS = {"wording": 80, "point": 24, "stage_title": 20, "objection": 20, "item": 24, "id": 22}
_Row = Sequence[str]


class TooLongForExcel(LibraryError):
    message = N_("A text of %(count)s characters does not fit into one cell of Excel. Export to Word or YAML instead.")


def write(library: Library, language: str) -> bytes:
    """xlsx; `sheets.read` reads it back. Every cell is text: nothing in it is ever a formula or a link."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(out, options) as book:
        head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        quoted = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
        rows = {"library": _library, "script": _script, "playbook": _playbook, "forbidden": _forbidden}
        for name, columns in SHEETS.items():
            sheet = book.add_worksheet(own_words.say(name, language))
            titles = [own_words.say(column, language) for column in columns]
            _fill(sheet, [titles, *rows[name](library, language)], head, plain, quoted)
            for number, column in enumerate(columns):
                sheet.set_column(number, number, _WIDTHS.get(column, 12))
            sheet.freeze_panes(1, 0)
    return out.getvalue()


def _fill(sheet: Worksheet, rows: Sequence[_Row], head: Format, plain: Format, quoted: Format) -> None:
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            text = clean(text)
            if len(text) > MOST_IN_CELL:
                raise TooLongForExcel(count=len(text))
            sheet.write_string(r, c, text, head if r == 0 else quoted if text[:1] in "=+-@" and text else plain)


def _library(library: Library, language: str) -> Iterator[_Row]:
    for name in ("campaign", "title", "language"):
        yield own_words.say(name, language), getattr(library, name)
    for name in ("company", "terms"):
        for text in getattr(library, name):
            yield own_words.say(name, language), text


def _script(library: Library, language: str) -> Iterator[_Row]:
    for number, stage in enumerate(library.script, start=1):
        start = (str(number), own_words.say(stage.stage, language), stage.title)
        for point in stage.points:
            required = own_words.say("true" if point.required else "false", language)
            facts = (*start, point.id, point.title, required, str(point.weight))
            for text in point.say or ("",):
                yield (*facts, text)
        if not stage.points:
            yield (*start, "", "", "", "", "")


def _playbook(library: Library, language: str) -> Iterator[_Row]:
    customer, near = own_words.say("customer", language), own_words.say("near", language)
    for entry in library.playbook:
        start = (entry.objection, entry.title)
        for text in entry.heard_as or ("",):
            yield (*start, "", customer, "", text)
        for text in entry.not_this:
            yield (*start, "", near, "", text)
        for number, step in enumerate(entry.respond, start=1):
            for text in step.say or ("",):
                yield (*start, str(number), own_words.say(step.step, language), step.title, text)


def _forbidden(library: Library, language: str) -> Iterator[_Row]:
    phrase, allowed = own_words.say("phrase", language), own_words.say("allowed", language)
    for item in library.forbidden:
        start = (item.id, item.title, own_words.say(item.severity, language))
        for text in item.phrases or ("",):
            yield (*start, phrase, text)
        for text in item.allowed:
            yield (*start, allowed, text)
