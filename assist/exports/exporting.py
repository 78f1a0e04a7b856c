"""A whole export, batch by batch: memory does not grow with it."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from assist import files
from assist.errors import InputError
from assist.exports import changes
from assist.exports.changes import Asked
from assist.exports.tables import FORMAT, TABLES
from assist.exports.writing import Form, writing
from assist.people import audit
from assist.people.users import User
from assist.store import Store
from assist.texts import N_

CALLS_TOGETHER = 200


class NoState(InputError):
    message = N_(
        "%(file)s holds no watermarks of an export (%(reason)s). Delete it to begin anew, or name another file."
    )


@dataclass(frozen=True, slots=True)
class Exported:
    """`watermark` is what `after` must be the next time."""

    rows: int
    watermark: int


def export(store: Store, user: User, asked: Asked, output: str, form: Form) -> Exported:
    """Writes all rows that changed after the watermark. Raises AccessDenied and what `writing` raises."""
    upto, rows, table = changes.last(store), 0, TABLES[asked.what]
    more = changes.batch(store, user, asked, upto, CALLS_TOGETHER)
    with writing(output, form, table, asked.what) as out:
        while True:
            out.write(more.rows)
            rows += len(more.rows)
            if not more.more:
                break
            more = changes.batch(store, user, replace(asked, after=more.watermark), upto, CALLS_TOGETHER)
    note(store, user, asked, rows)
    return Exported(rows, more.watermark)


def note(store: Store, user: User, asked: Asked, rows: int) -> None:
    """Who took what out."""
    since, until = (_text(at) for at in (asked.since, asked.until))
    facts = {"after": asked.after, "since": since, "until": until, "whole": asked.whole, "rows": rows}
    audit.record(store, user, "findings.export", f"export:{asked.what}", **facts)


def kept(path: Path) -> dict[str, int]:
    """The watermarks of earlier exports by table, from a file; empty where there is none yet. Raises NoState."""
    if not path.exists():
        return {}
    try:
        held: Any = json.loads(path.read_text("utf-8"))
        if held["format"] != FORMAT:
            raise ValueError(held["format"])
        return {str(what): int(number) for what, number in held["after"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoState(file=path.name, reason=error) from error


def keep(path: Path, marks: dict[str, int]) -> None:
    """Raises Unwritable."""
    files.write(json.dumps({"format": FORMAT, "after": marks}, indent=1).encode(), str(path))


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
