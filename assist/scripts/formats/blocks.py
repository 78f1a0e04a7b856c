"""A document as people see it: headings, paragraphs, list items, quotes and tables in order, each with its place."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from assist.scripts.formats.preview import Place

BlockKind = Literal["heading", "text", "item", "quote", "table"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; `texts` are its paragraphs or lines. `fresh` is False where it repeats a merged one from above.

    `exact` is all of it with its blanks, where the reader knows that.
    """

    place: Place
    texts: tuple[str, ...]
    fresh: bool = True
    exact: str = ""

    @property
    def text(self) -> str:
        return "\n".join(self.texts)


Rows = tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """`level` is that of the heading (1 the highest) or of the list item (0 the outermost); `bold` a paragraph that is
    bold throughout, `ordered` an item of a numbered list."""

    kind: BlockKind
    place: Place
    text: str = ""
    level: int = 0
    bold: bool = False
    ordered: bool = False
    rows: Rows = ()


_MARKDOWN = MarkdownIt("commonmark").enable("table")


def of_markdown(text: str) -> list[Block]:
    """Headings by #, lists, quotes and tables; everything else is text."""
    return list(_blocks(_MARKDOWN.parse(text)))


def of_text(text: str) -> list[Block]:
    """Plain text: one block a line."""
    lines = enumerate(text.splitlines(), start=1)
    return [Block("text", Place("line", (number,)), line.strip()) for number, line in lines if line.strip()]


def looks_like_markdown(text: str) -> bool:
    return bool(re.search(r"^(#{1,6} |\s*[-*+] |> |\|.+\|\s*$)", text, re.MULTILINE))


def with_headings(blocks: Sequence[Block]) -> list[Block]:
    """In a document without headings short lines that stand as headings are: 一、开场白, 1. 确认身份, bold lines.

    Its first line is its title then. Lines numbered by hand are items of a list.
    """
    if any(block.kind == "heading" for block in blocks):
        return [_listed(block) for block in blocks]
    found = [_promoted(block) for block in blocks]
    chapters = any(block.kind == "heading" and block.level == 1 for block in found)
    if chapters and found[0].kind == "text" and len(found[0].text) <= _HEADING_LENGTH:
        found[0] = replace(found[0], kind="heading", level=0)
    return [_listed(block) for block in found]


_CHAPTER = re.compile(r"^(第?[一二三四五六七八九十]+[、.．:：]|第[一二三四五六七八九十\d]+[部分步阶段章节环]+)")
_SECTION = re.compile(r"^(\d{1,2}[、.．)）]|[（(][一二三四五六七八九十\d]+[)）]|[①-⑳])")
_SENTENCE_END = re.compile(r"[。！？!?；;，,]")
_HEADING_LENGTH = 24


def _promoted(block: Block) -> Block:
    text = block.text
    if block.kind != "text" or len(text) > _HEADING_LENGTH or _SENTENCE_END.search(text):
        return block
    level = 1 if _CHAPTER.match(text) else 2 if _SECTION.match(text) or block.bold else 0
    return Block("heading", block.place, text, level) if level else block


def _listed(block: Block) -> Block:
    number = _SECTION.match(block.text)
    if block.kind != "text" or not number:
        return block
    return replace(block, kind="item", text=block.text[number.end() :].strip(), ordered=True)


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    lists: list[bool] = []
    quotes, at = 0, 0
    while at < len(tokens):
        token = tokens[at]
        if token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append(token.type == "ordered_list_open")
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type in ("blockquote_open", "blockquote_close"):
            quotes += 1 if token.type == "blockquote_open" else -1
        elif token.type == "table_open":
            end = next(i for i in range(at, len(tokens)) if tokens[i].type == "table_close")
            yield Block("table", _place(token), rows=_rows(tokens[at:end]))
            at = end
        elif token.type == "heading_open":
            yield Block("heading", _place(token), _plain(tokens[at + 1]), int(token.tag[1]))
        elif token.type == "paragraph_open":
            yield from _paragraph(tokens[at + 1], lists, quotes)
        elif token.type in ("fence", "code_block"):
            yield Block("text", _place(token), token.content.strip())
        at += 1


def _paragraph(inline: Token, lists: Sequence[bool], quotes: int) -> Iterator[Block]:
    """One block a line: people break lines in a paragraph where something new begins."""
    kind: BlockKind = "quote" if quotes else "item" if lists else "text"
    first = inline.map[0] if inline.map else 0
    lines = _plain(inline).split("\n")
    marks = inline.content.split("\n")
    for number, text in enumerate(lines):
        if text.strip():
            place = Place("line", (first + number + 1,))
            bold = len(marks) == len(lines) and bool(re.fullmatch(r"\*\*[^*]+\*\*", marks[number].strip()))
            yield Block(kind, place, text.strip(), max(0, len(lists) - 1), bold, bool(lists and lists[-1]))


def _rows(tokens: Sequence[Token]) -> Rows:
    rows: list[tuple[Cell, ...]] = []
    cells: list[Cell] = []
    number = 0
    for token, inline in zip(tokens, tokens[1:], strict=False):
        if token.type == "tr_open":
            cells, number = [], (token.map or [0])[0] + 1
        elif token.type in ("th_open", "td_open"):
            text = re.sub(r"<br\s*/?>", "\n", _plain(inline))
            cells.append(
                Cell(Place("line", (number,)), tuple(line.strip() for line in text.split("\n") if line.strip()))
            )
        elif token.type == "tr_close":
            rows.append(tuple(cells))
    return (*rows, *([tuple(cells)] if cells and (not rows or rows[-1] != tuple(cells)) else []))


def _plain(inline: Token) -> str:
    """The text without marks; soft and hard breaks are line breaks."""
    parts = []
    for child in inline.children or []:
        breaks = child.type in ("softbreak", "hardbreak")
        parts.append("\n" if breaks else child.content if child.type in ("text", "code_inline", "html_inline") else "")
    return "".join(parts)


def _place(token: Token) -> Place:
    return Place("line", ((token.map or [0])[0] + 1,))
