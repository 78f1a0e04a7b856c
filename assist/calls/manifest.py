"""The manifest of a folder of recordings: a CSV that says whose call each file is.

Columns, in any order: file, agent, called_at, campaign, direction, customer; only `file` is required. UTF-8 (with or
without a byte order mark) or GBK, as Excel writes it.
"""

import csv
import io
from dataclasses import dataclass
from datetime import datetime

from assist.calls.details import Details
from assist.errors import RequestError
from assist.texts import N_

COLUMNS = ("file", "agent", "called_at", "campaign", "direction", "customer")
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


class TwoLines(ManifestError):
    message = N_("%(name)s, line %(line)s: the file %(file)s is listed a second time. Remove one of the two lines.")


@dataclass(frozen=True, slots=True)
class Entry:
    line: int
    file: str
    details: Details


def loads(source: bytes, name: str = "manifest.csv") -> dict[str, Entry]:
    """The entries by file name. Raises a ManifestError that names the line; nothing is taken by halves."""
    reader = csv.DictReader(io.StringIO(_text(source, name)))
    columns = [column.strip().lower() for column in reader.fieldnames or []]
    _check_columns(columns, name)
    reader.fieldnames = columns
    entries: dict[str, Entry] = {}
    for row in reader:
        entry = _entry(row, reader.line_num, name)
        if entry is None:
            continue
        if entry.file in entries:
            raise TwoLines(name=name, line=entry.line, file=entry.file)
        entries[entry.file] = entry
    return entries


def _text(source: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
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
