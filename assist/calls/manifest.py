"""The manifest of a folder of recordings: a CSV that says whose call each file is.

Columns, in any order: file, agent, called_at, campaign, direction, customer; only `file` is required. UTF-8 (with or
without a byte order mark) or GBK, as Excel writes it.
"""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assist.calls.details import Details
from assist.errors import RequestError
from assist.texts import N_

COLUMNS = ("file", "agent", "called_at", "campaign", "direction", "customer")
_ENCODINGS = ("utf-8-sig", "gb18030")
_CHUNK = 1024 * 1024
_TIMES = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y%m%d%H%M%S")


class ManifestError(RequestError):
    """The manifest cannot be used."""


class NotText(ManifestError):
    message = N_("%(name)s is neither UTF-8 nor GBK text. Save it as CSV UTF-8 and try again.")


class MissingColumn(ManifestError):
    message = N_("%(name)s has no column %(column)s. Its first line must name the columns: %(columns)s.")


class UnknownColumn(ManifestError):
    message = N_("%(name)s has a column %(column)s that nobody knows. Use only: %(columns)s.")


class BadLine(ManifestError):
    message = N_("%(name)s, line %(line)s: %(value)s cannot be read as %(column)s. Correct it and try again.")


class NoTable(ManifestError):
    message = N_("%(name)s cannot be read as a table from line %(line)s on (%(reason)s). Save it as CSV again.")


class TwoLines(ManifestError):
    message = N_("%(name)s, line %(line)s: the file %(file)s is listed a second time. Remove one of the two lines.")


@dataclass(frozen=True, slots=True)
class Entry:
    line: int
    file: str
    details: Details


def loads(source: bytes, name: str = "manifest.csv") -> dict[str, Entry]:
    """The entries by file name. Raises a ManifestError that names the line; nothing is taken by halves."""
    entries: dict[str, Entry] = {}
    for entry in rows(io.StringIO(_text(source, name), newline=""), name):
        if isinstance(entry, ManifestError):
            raise entry
        if entry.file in entries:
            raise TwoLines(name=name, line=entry.line, file=entry.file)
        entries[entry.file] = entry
    return entries


def rows(text: Iterable[str], name: str) -> Iterator[Entry | BadLine]:
    """Line by line as it is read; a line that cannot be used comes as its error, with its `file`. Raises MissingColumn
    or UnknownColumn before the first, NoTable where the rest cannot be read."""
    reader = csv.DictReader(text)
    try:
        columns = [column.strip().lower() for column in reader.fieldnames or []]
        _check_columns(columns, name)
        reader.fieldnames = columns
        for row in reader:
            try:
                entry = _entry(row, reader.line_num, name)
            except BadLine as fault:
                fault.facts["file"] = (row.get("file") or "").strip()
                yield fault
                continue
            if entry is not None:
                yield entry
    except csv.Error as error:
        raise NoTable(name=name, line=reader.line_num, reason=error) from error


@contextmanager
def opened(path: Path) -> Iterator[Iterable[str]]:
    """The text of a manifest, line by line. Raises NotText, and OSError."""
    encoding = next((encoding for encoding in _ENCODINGS if _decodes(path, encoding)), None)
    if encoding is None:
        raise NotText(name=path.name)
    with path.open(encoding=encoding, newline="") as text:
        yield text


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            for chunk in iter(lambda: file.read(_CHUNK), b""):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _text(source: bytes, name: str) -> str:
    for encoding in _ENCODINGS:
        try:
            return source.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotText(name=name)


def _check_columns(columns: list[str], name: str) -> None:
    shown = ", ".join(COLUMNS)
    if "file" not in columns:
        raise MissingColumn(name=name, column="file", columns=shown)
    strange = next((column for column in columns if column not in COLUMNS), None)
    if strange is not None:
        raise UnknownColumn(name=name, column=strange, columns=shown)


def _entry(row: dict[str, str | None], line: int, name: str) -> Entry | None:
    values = {key: (value or "").strip() for key, value in row.items() if key and isinstance(value, str | None)}
    if not any(values.values()):
        return None
    if None in row or not values["file"]:  # more cells than columns, or none for the file
        raise BadLine(name=name, line=line, value=row.get("file") or "", column="file")
    direction = values.get("direction") or None
    if direction not in (None, "outbound", "inbound"):
        raise BadLine(name=name, line=line, value=direction, column="direction")
    details = Details(
        agent=values.get("agent") or None,
        called_at=_time(values.get("called_at", ""), line, name),
        campaign=values.get("campaign") or None,
        direction=direction,
        customer=values.get("customer") or None,
    )
    return Entry(line, values["file"], details)


def _time(text: str, line: int, name: str) -> datetime | None:
    if not text:
        return None
    for form in _TIMES:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise BadLine(name=name, line=line, value=text, column="called_at") from None
