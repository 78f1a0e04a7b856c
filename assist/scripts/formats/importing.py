"""A file people have → a preview of the library in it. Nothing is saved here, and a bad file gives one clear error."""

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath

from assist.errors import LibraryError
from assist.scripts.formats import blocks, containers, guessing, yaml_format
from assist.scripts.formats.assembling import assemble, identifier
from assist.scripts.formats.blocks import Block, Cell
from assist.scripts.formats.preview import ROLES, Line, Notice, Place, Preview, numbered
from assist.scripts.formats.yamldoc import EmptyFile
from assist.scripts.library import Library
from assist.texts import N_

MOST_TEXT = 2 * 1024 * 1024
MOST_LINES = 10_000


class NotDecodable(LibraryError):
    message = N_(
        "%(file)s is no text in UTF-8 or GBK. If it is a Word or Excel file, save it as .docx or .xlsx; "
        "otherwise save it as UTF-8."
    )


class NothingInside(LibraryError):
    message = N_("There is no text in %(file)s. Pictures of text cannot be read.")


class TooManyLines(LibraryError):
    message = N_("%(file)s has more than %(most)s lines. That is no talk track; choose another file or split it.")


class BrokenTable(LibraryError):
    message = N_("%(file)s cannot be read as a table after line %(line)s. Open it in Excel, save it as CSV, try again.")


class NoSuchRole(LibraryError):
    message = N_("A line cannot be “%(role)s”. Choose one of the list.")


def read(content: bytes, name: str, like: Library | None = None, *, language: str | None = None) -> Preview:
    """What `content` says, whatever its name says: docx, xlsx, csv, Markdown, plain text or YAML.

    `like` is the library that it renews: the campaign stays, and what has the same title keeps its id. Raises
    LibraryError by name for what cannot be read.
    """
    name = PurePath(name.replace("\\", "/")).name or "file"
    containers.check_size(content, name)
    if not content.strip():
        raise EmptyFile(file=name)
    if containers.is_zip(content) or content.startswith(containers.OLE):
        return _office(content, name, like, language)
    text, found = decoded(content, name)
    suffix = PurePath(name).suffix.lower()
    if suffix in (".yaml", ".yml"):
        return Preview(name, "yaml", (), yaml_format.loads(text, name, complete=False), True, found)
    if suffix in (".csv", ".tsv"):
        return _preview(name, "csv", _csv(text, name), found, like, language)
    markdown = suffix in (".md", ".markdown") or blocks.looks_like_markdown(text)
    read_blocks = blocks.of_markdown(text) if markdown else blocks.of_text(text)
    return _document(name, "md" if markdown else "txt", read_blocks, found, like, language)


def mend(
    preview: Preview,
    roles: Mapping[int, str],
    texts: Mapping[int, str] | None = None,
    like: Library | None = None,
    *,
    campaign: str | None = None,
    title: str | None = None,
    language: str | None = None,
) -> Preview:
    """The same lines with some roles (and texts) set right by their numbers. Raises NoSuchRole."""
    for role in roles.values():
        if role not in ROLES:
            raise NoSuchRole(role=role)
    texts = texts or {}
    lines = tuple(
        replace(
            line, role=roles.get(line.number, line.role), text=texts.get(line.number, line.text),
            sure=line.sure or line.number in roles or line.number in texts,
        )
        for line in preview.lines
    )  # fmt: skip
    base = _base(preview.name, lines, like, language or preview.library.language)
    base = replace(base, campaign=campaign or (like or preview.library).campaign)
    library, lines, notices = assemble(lines, base, exact=preview.exact)
    library = replace(library, title=title) if title else library
    return replace(preview, lines=lines, library=library, notices=notices)


def decoded(content: bytes, name: str) -> tuple[str, tuple[Notice, ...]]:
    """The text of a plain file: UTF-8, UTF-16 with its mark, or GBK (which is said). Raises LibraryError."""
    if len(content) > MOST_TEXT:
        raise containers.FileTooLarge(file=name, megabytes=round(len(content) / 1024**2, 1), most=MOST_TEXT // 1024**2)
    marks = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
    encodings = [encoding for mark, encoding in marks.items() if content.startswith(mark)] or ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _is_text(text):
            break
        note = Notice(N_("The file was read as GBK. Check that the Chinese looks right."))
        return text, (note,) if encoding == "gb18030" else ()
    raise NotDecodable(file=name)


def _is_text(text: str) -> bool:
    """Whether it holds no more control characters than a slip of the hand."""
    odd = sum(char < " " and char not in "\r\n\t\f" for char in text[:20_000])
    return odd <= len(text[:20_000]) // 500


def _office(content: bytes, name: str, like: Library | None, language: str | None) -> Preview:
    kind = containers.office(content, name)
    if kind == "xlsx":
        from assist.scripts.formats import sheets

        lines, found, exact = sheets.read(content, name)
        return _preview(name, kind, lines, found, like, language, exact=exact)
    from assist.scripts.formats import word

    if lines := word.own_lines(content, name):
        return _preview(name, kind, lines, (), like, language, exact=True)
    found_blocks, found = word.blocks_of(content, name)
    return _document(name, kind, found_blocks, found, like, language)


def _csv(text: str, name: str) -> tuple[Line, ...]:
    try:
        dialect: type[csv.Dialect] | csv.Dialect = csv.Sniffer().sniff(text[:4096], ",;\t|")
    except csv.Error:
        dialect = csv.excel
    reader = csv.reader(io.StringIO(text, newline=""), dialect)
    try:
        rows = tuple(
            tuple(Cell(Place("line", (number,)), _texts(value)) for value in row)
            for number, row in enumerate(reader, start=1)
        )
    except csv.Error as error:
        raise BrokenTable(file=name, line=reader.line_num) from error
    from assist.scripts.formats import tables

    return numbered(tables.lines_of(rows))


def _texts(value: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in value.splitlines() if line.strip())


def _document(
    name: str,
    kind: str,
    found_blocks: list[Block],
    found: tuple[Notice, ...],
    like: Library | None,
    language: str | None,
) -> Preview:
    return _preview(name, kind, guessing.guess(blocks.with_headings(found_blocks)), found, like, language)


def _preview(
    name: str,
    kind: str,
    lines: tuple[Line, ...],
    found: tuple[Notice, ...],
    like: Library | None,
    language: str | None,
    *,
    exact: bool = False,
) -> Preview:
    if not lines:
        raise NothingInside(file=name)
    if len(lines) > MOST_LINES:
        raise TooManyLines(file=name, most=MOST_LINES)
    library, lines, notices = assemble(lines, _base(name, lines, like, language), exact=exact)
    return Preview(name, kind, lines, library, exact, found, notices)


def _base(name: str, lines: tuple[Line, ...], like: Library | None, language: str | None) -> Library:
    """Campaign, title and language: those of the library renewed, else what the file says, else what it looks like."""
    if like is not None:
        return like
    told = {key: line.facts[key] for line in lines for key in ("campaign", "language") if key in line.facts}
    title = next((line.text for line in lines if line.role == "title"), PurePath(name).stem)
    return Library(
        campaign=told.get("campaign") or identifier(title) or "campaign",
        title=title,
        script=(),
        language=language or told.get("language") or _language(lines),
    )


def _language(lines: tuple[Line, ...]) -> str:
    text = "".join(line.text for line in lines[:500])
    chinese = sum("一" <= char <= "鿿" for char in text)
    return "zh" if chinese * 10 >= len(text) else "en"
