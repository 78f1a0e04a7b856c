"""Word files: reading those that people write, and those that Assist wrote, which carry a style for each role."""

import io
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from assist.scripts.formats import own_words
from assist.scripts.formats.blocks import Block, BlockKind, Cell, Rows
from assist.scripts.formats.containers import DamagedOffice
from assist.scripts.formats.preview import Line, Notice, Place, numbered
from assist.scripts.library import STAGES, STEPS
from assist.texts import N_

STYLES = {
    "Assist Title": ("title", "Title"),
    "Assist Label": ("", "Heading 1"),
    "Assist Small Label": ("", "Normal"),
    "Assist Company": ("company", "List Bullet"),
    "Assist Term": ("term", "List Bullet"),
    "Assist Stage": ("stage", "Heading 1"),
    "Assist Point": ("point", "Heading 2"),
    "Assist Wording": ("say", "List Bullet"),
    "Assist Objection": ("objection", "Heading 2"),
    "Assist Heard": ("heard", "Normal"),
    "Assist Near": ("near", "Normal"),
    "Assist Step": ("step", "Normal"),
    "Assist Answer": ("answer", "List Bullet"),
    "Assist Forbidden": ("forbidden", "Heading 2"),
    "Assist Phrase": ("phrase", "List Bullet"),
    "Assist Allowed": ("allowed", "List Bullet"),
}
"""Style of a paragraph → (role, the style of Word it looks like)."""

MARK = "Assist Mark"
"""Style of the run that holds ids and the like after a heading: 〔confirm-identity · 必讲 · 2〕."""

_FACTS = {
    "title": ("campaign", "language"),
    "point": ("id", "required", "weight"),
    "objection": ("id",),
    "forbidden": ("id", "severity"),
}
_TEXT = {qn("w:t"): None, qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}


def own_lines(content: bytes, name: str) -> tuple[Line, ...]:
    """The lines of a file that Assist wrote, whatever was changed in it since; none for any other."""
    document = _opened(content, name)
    if not any(_style(paragraph) == "Assist Stage" for paragraph in document.paragraphs):
        return ()
    return numbered(_own(document))


def blocks_of(content: bytes, name: str) -> tuple[list[Block], tuple[Notice, ...]]:
    """What anybody's Word file says. Raises DamagedOffice."""
    document = _opened(content, name)
    found = list(_blocks(document))
    return found, tuple(_notices(document))


def _opened(content: bytes, name: str) -> Any:
    """Damaged parts make python-docx stumble over whatever comes next: no list of its errors is complete."""
    try:
        return Document(io.BytesIO(content))
    except Exception as error:
        raise DamagedOffice(file=name) from error


def _own(document: Any) -> Iterator[Line]:
    step = "answer"
    for place, paragraph in _paragraphs(document):
        role = STYLES.get(_style(paragraph), (None, ""))[0]
        text, mark = _text(paragraph), _mark(paragraph)
        if role == "" or (not text.strip() and not mark):
            continue
        if role is None:
            yield Line(0, place, text, text, "unclear", sure=False)
            continue
        if role == "step":
            step = own_words.meant(mark[0] if mark else text, STEPS)
        full = {"stage": f"stage/{_kind(mark)}", "step": f"step/{step}", "answer": f"answer/{step}"}.get(role, role)
        yield Line(0, place, text, text, full, facts=_facts(role, mark))


def _kind(mark: list[str]) -> str:
    kind = own_words.meant(mark[0], STAGES) if mark else ""
    return kind if kind in STAGES else "discovery"


def _facts(role: str, mark: list[str]) -> dict[str, str]:
    names = ("true", "false", "critical", "major", "minor")
    values = [value if number == 0 else own_words.meant(value, names) for number, value in enumerate(mark)]
    return dict(zip(_FACTS.get(role, ()), values, strict=False))


def _paragraphs(document: Any) -> Iterator[tuple[Place, Paragraph]]:
    """All paragraphs in order, those of tables row by row."""
    paragraphs = tables = 0
    for part in _parts(document):
        if isinstance(part, Paragraph):
            paragraphs += 1
            yield Place("paragraph", (paragraphs,)), part
            continue
        tables += 1
        for r, c, cell in _cells(part):
            for paragraph in cell.paragraphs:
                yield Place("table", (tables, r, c)), paragraph


def _blocks(document: Any) -> Iterator[Block]:
    paragraphs = tables = 0
    for part in _parts(document):
        if isinstance(part, Table):
            tables += 1
            yield Block("table", Place("table", (tables, 1, 1)), rows=_rows(part, tables))
            continue
        paragraphs += 1
        text = _text(part).strip()
        if text and not _style(part).lower().startswith("toc"):
            yield from _block(part, text, Place("paragraph", (paragraphs,)))


def _block(paragraph: Paragraph, text: str, place: Place) -> Iterator[Block]:
    style = _style(paragraph)
    level = _outline(paragraph)
    if level or style == "Title":
        yield Block("heading", place, " ".join(text.split()), level)
        return
    depth = _depth(paragraph)
    kind: BlockKind = "quote" if "Quote" in style else "item" if depth is not None else "text"
    runs = [run for run in paragraph.runs if run.text.strip()]
    bold = bool(runs) and all(run.bold for run in runs)
    for line in text.split("\n"):
        if line.strip():
            yield Block(kind, place, line.strip(), depth or 0, bold, "Number" in style)


def _outline(paragraph: Paragraph) -> int:
    """The level of a heading, 1 to 9, by its own outline level or that of its styles; 0 where it is none."""
    own = paragraph._p.xpath("./w:pPr/w:outlineLvl/@w:val")
    if own and int(own[0]) < 9:
        return int(own[0]) + 1
    style: Any = paragraph.style
    while style is not None:
        name = (style.name or "").lower()
        if name.startswith("heading ") and name[8:].isdigit():
            return int(name[8:])
        set_here = style.element.xpath("./w:pPr/w:outlineLvl/@w:val")
        if set_here and int(set_here[0]) < 9:
            return int(set_here[0]) + 1
        style = style.base_style
    return 0


def _depth(paragraph: Paragraph) -> int | None:
    """The level of a list item, 0 the outermost; None for what is in no list."""
    levels = paragraph._p.xpath("./w:pPr/w:numPr/w:ilvl/@w:val")
    if paragraph._p.xpath("./w:pPr/w:numPr"):
        return int(levels[0]) if levels else 0
    style = _style(paragraph)
    if not style.startswith("List"):
        return None
    return int(style[-1]) - 1 if style[-1:].isdigit() else 0


def _rows(table: Table, number: int) -> Rows:
    rows: dict[int, list[Cell]] = {}
    seen: set[Any] = set()
    for r, c, cell in _cells(table, merged=True):
        fresh = cell._tc not in seen
        seen.add(cell._tc)
        texts = [line.strip() for paragraph in cell.paragraphs for line in _text(paragraph).split("\n")]
        place = Place("table", (number, r, c))
        rows.setdefault(r, []).append(Cell(place, tuple(text for text in texts if text), fresh))
    return tuple(tuple(row) for row in rows.values())


def _cells(table: Table, *, merged: bool = False) -> Iterator[tuple[int, int, Any]]:
    """(row, column, cell) from 1; merged cells once, or with `merged` in each of their places."""
    seen: set[Any] = set()
    for r, row in enumerate(table.rows, start=1):
        for c, cell in enumerate(row.cells, start=1):
            if merged or cell._tc not in seen:
                yield r, c, cell
            seen.add(cell._tc)


def _parts(document: Any) -> Iterator[Paragraph | Table]:
    """Paragraphs and tables of the body, those in content controls too."""
    body = document.element.body
    for element in body.xpath("./w:p | ./w:tbl | ./w:sdt/w:sdtContent/w:p | ./w:sdt/w:sdtContent/w:tbl"):
        yield Table(element, document) if element.tag == qn("w:tbl") else Paragraph(element, document)


def _style(paragraph: Paragraph) -> str:
    return _names(paragraph.part).get(paragraph._p.style or "", "")


@lru_cache(maxsize=2)
def _names(part: Any) -> dict[str, str]:
    """Id → name of all styles: python-docx looks through them anew for every paragraph."""
    return {style.style_id: style.name or "" for style in part.document.styles}


def _text(paragraph: Paragraph) -> str:
    """All words, those inserted with tracked changes and in links too; without marks and deleted words."""
    found = []
    for element in paragraph._p.iter(*_TEXT):
        if _in_mark(element) or any(
            up.tag.endswith("}Fallback") or up.tag == qn("w:tabs") for up in element.iterancestors()
        ):
            continue
        found.append(element.text or "" if element.tag == qn("w:t") else _TEXT[element.tag] or "")
    return "".join(found)


def _in_mark(element: Any) -> bool:
    run = next(element.iterancestors(qn("w:r")), None)
    return run is not None and bool(run.xpath(f"./w:rPr/w:rStyle[@w:val='{MARK.replace(' ', '')}']"))


def _mark(paragraph: Paragraph) -> list[str]:
    text = "".join(element.text or "" for element in paragraph._p.iter(qn("w:t")) if _in_mark(element))
    return [part.strip() for part in text.strip().strip("〔〕").split(" · ") if part.strip()]


def _notices(document: Any) -> Iterator[Notice]:
    body = document.element.body
    if body.xpath(".//w:ins | .//w:del"):
        yield Notice(N_("The file has tracked changes. They were read as if all were accepted."))
    if body.xpath(".//w:drawing | .//w:pict"):
        yield Notice(N_("The file has pictures. Text in them cannot be read."))
