"""The audit as a file, line by line as it is read, however long it is."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Literal, get_args

from assist.coaching.sheets import harmless
from assist.people.audit import Entry
from assist.store.clock import stamp

Kind = Literal["csv", "jsonl"]
KINDS: tuple[Kind, ...] = get_args(Kind)
MEDIA_TYPES: dict[Kind, str] = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}

_HEADS = ("id", "at", "user_id", "login", "action", "object", "detail", "hash")
_BUFFERED = 64 * 1024


def written(entries: Iterable[Entry], kind: Kind) -> Iterator[bytes]:
    """Pieces of some 64 kB. CSV begins with the mark by which Excel knows UTF-8; `hash` is in hexadecimal."""
    lines = _csv(entries) if kind == "csv" else _jsonl(entries)
    waiting = io.StringIO(newline="")
    for line in lines:
        waiting.write(line)
        if waiting.tell() >= _BUFFERED:
            yield waiting.getvalue().encode()
            waiting = io.StringIO(newline="")
    yield waiting.getvalue().encode()


def _csv(entries: Iterable[Entry]) -> Iterator[str]:
    yield "\ufeff" + _row(_HEADS)
    for entry in entries:
        detail = json.dumps(entry.detail, ensure_ascii=False)
        values = (entry.id, stamp(entry.at), entry.user_id, entry.login, entry.action, entry.object, detail)
        yield _row([harmless(value) for value in (*values, _hex(entry))])


def _row(values: Iterable[object]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerow(values)
    return out.getvalue()


def _jsonl(entries: Iterable[Entry]) -> Iterator[str]:
    for entry in entries:
        yield json.dumps(as_dict(entry), ensure_ascii=False) + "\n"


def as_dict(entry: Entry) -> dict[str, object]:
    """What the JSON API and the lines of a file say of an entry."""
    return {
        "id": entry.id,
        "at": stamp(entry.at),
        "user_id": entry.user_id,
        "login": entry.login,
        "action": entry.action,
        "object": entry.object,
        "detail": entry.detail,
    } | ({"hash": _hex(entry)} if entry.hash else {})


def _hex(entry: Entry) -> str:
    return entry.hash.hex() if entry.hash else ""
