"""A library as a Word file that people print, change and send back; each paragraph carries the style of its role."""

import io
from collections.abc import Iterable
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from assist.scripts.formats import own_words
from assist.scripts.formats.cleaning import clean
from assist.scripts.formats.word import MARK, STYLES
from assist.scripts.library import Entry, Forbidden, Library, Point

_FONT = "Microsoft YaHei"


def write(library: Library, language: str) -> bytes:
    """docx; `word.own_lines` reads it back."""
    document = Document()
    _prepare(document)
    _Writing(document, language).library(library)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


class _Writing:
    def __init__(self, document: Any, language: str) -> None:
        self.document, self.language = document, language

    def library(self, library: Library) -> None:
        self.paragraph("Title", library.title, [library.campaign, library.language])
        self.listed("company", "Company", library.company)
        self.listed("terms", "Term", library.terms)
        for stage in library.script:
            self.paragraph("Stage", stage.title, [self.word(stage.stage)])
            for point in stage.points:
                self.point(point)
        if library.playbook:
            self.paragraph("Label", self.word("playbook"))
        for entry in library.playbook:
            self.entry(entry)
        if library.forbidden:
            self.paragraph("Label", self.word("forbidden"))
        for item in library.forbidden:
            self.forbidden(item)

    def listed(self, label: str, style: str, texts: Iterable[str]) -> None:
        texts = list(texts)
        if texts:
            self.paragraph("Label", self.word(label))
        for text in texts:
            self.paragraph(style, text)

    def point(self, point: Point) -> None:
        required = self.word("true" if point.required else "false")
        self.paragraph("Point", point.title, [point.id, required, str(point.weight)])
        for text in point.say:
            self.paragraph("Wording", text)

    def entry(self, entry: Entry) -> None:
        self.paragraph("Objection", entry.title, [entry.objection])
        table = self.document.add_table(rows=2, cols=2, style="Table Grid")
        for cell, name in zip(table.rows[0].cells, ("customer", "we"), strict=True):
            self.fill(cell, [("Small Label", self.word(name), [])])
        heard = [("Heard", text, list[str]()) for text in entry.heard_as]
        near = [("Near", text, list[str]()) for text in entry.not_this]
        if near:
            heard.append(("Small Label", self.word("near"), []))
        said = []
        for step in entry.respond:
            said.append(("Step", step.title, [self.word(step.step)]))
            said += [("Answer", text, []) for text in step.say]
        left, right = table.rows[1].cells
        self.fill(left, heard + near)
        self.fill(right, said)

    def forbidden(self, item: Forbidden) -> None:
        self.paragraph("Forbidden", item.title, [item.id, self.word(item.severity)])
        for text in item.phrases:
            self.paragraph("Phrase", text)
        if item.allowed:
            self.paragraph("Small Label", self.word("allowed"))
        for text in item.allowed:
            self.paragraph("Allowed", text)

    def word(self, name: str) -> str:
        return own_words.say(name, self.language)

    def fill(self, cell: Any, paragraphs: Iterable[tuple[str, str, list[str]]]) -> None:
        for number, (style, text, mark) in enumerate(paragraphs):
            paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            self._write(paragraph, style, text, mark)

    def paragraph(self, style: str, text: str, mark: list[str] | None = None) -> None:
        self._write(self.document.add_paragraph(), style, text, mark or [])

    def _write(self, paragraph: Any, style: str, text: str, mark: list[str]) -> None:
        paragraph._p.style = f"Assist{style.replace(' ', '')}"  # by id: a look-up by name goes through all styles
        paragraph.add_run(clean(text))
        if mark:
            paragraph.add_run(f"  〔{' · '.join(mark)}〕")._r.style = MARK.replace(" ", "")


def _prepare(document: Any) -> None:
    """Fonts that have Chinese, and a style for each role that looks like one of Word's own."""
    styles = document.styles
    for style in styles:
        if style.type == WD_STYLE_TYPE.PARAGRAPH:
            style.font.name = _FONT
            style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FONT)
    for name, (_, like) in STYLES.items():
        made = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        made.base_style = styles[like]
        made.quick_style = True
    for name in ("Assist Small Label", "Assist Step"):
        styles[name].font.bold = True
    styles["Assist Near"].font.italic = True
    mark = styles.add_style(MARK, WD_STYLE_TYPE.CHARACTER)
    mark.font.size, mark.font.bold = Pt(8), False
    mark.font.color.rgb = RGBColor(0x80, 0x80, 0x80)
