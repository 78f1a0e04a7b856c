"""Which calls changed since somebody last asked, in the order of their changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assist.analysis.findings import SKILLS
from assist.exports.tables import TABLES, Row, What
from assist.people import access
from assist.people.users import User
from assist.privacy import veil
from assist.privacy.kinds import KINDS
from assist.store import Store, results
from assist.store.clock import stamp

_CALL = (
    "id AS call_id, state, campaign, agent_id, team_id, called_at, ready_at, direction, seconds, layout, outcome, "
    f"{', '.join(SKILLS)}, overall, focus, priority, flag_count AS flags, severity"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """`after` is the watermark of the time before, 0 for everything. `since` ≤ called_at < `until`; deleted calls have
    no time any more and come whatever these say. `whole`: with personal data in quotes."""

    what: What
    after: int = 0
    since: datetime | None = None
    until: datetime | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of some calls. `watermark`: all changes up to this number are behind; `more` come after it."""

    rows: tuple[Row, ...]
    watermark: int
    more: bool


def last(store: Store) -> int:
    """The number of the latest change."""
    return int(store.value("SELECT coalesce(max(number), 0) FROM call_changes"))


def batch(store: Store, user: User, asked: Asked, upto: int, most: int) -> Batch:
    """The rows of the next `most` changed calls up to a change number. Raises AccessDenied."""
    access.require(user, "findings.export-whole" if asked.whole else "findings.export")
    found = (
        _removed(store, user, asked, upto, most)
        if asked.what == "removed"
        else _changed(store, user, asked, upto, most)
    )
    full = len(found) == most
    rows = tuple(row for call in found for row in _rows(store, asked, call))
    return Batch(rows, found[-1]["change"] if full else max(asked.after, upto), full)


def _rows(store: Store, asked: Asked, call: dict[str, Any]) -> Iterator[Row]:
    table, key = TABLES[asked.what], call.pop("analysis_key", None)
    if table.rows is None:
        yield {column.name: call[column.name] for column in table.columns}
        return
    report = results.analysis(store, key) if call["state"] == "ready" else None
    if report is None:
        return
    shown = report if asked.whole else veil.report(report, KINDS)
    for row in table.rows(shown):
        made = {"call_id": call["call_id"], "change": call["change"], **row}
        yield {column.name: made[column.name] for column in table.columns}


def _changed(store: Store, user: User, asked: Asked, upto: int, most: int) -> list[dict[str, Any]]:
    scope = access.calls_of(user)
    conditions = ["k.number > :after", "k.number <= :upto", "k.gone = 0", scope.where]
    values: dict[str, Any] = {"after": asked.after, "upto": upto, "most": most, **scope.parameters}
    for condition, name, at in (
        ("c.called_at >= :since", "since", asked.since),
        ("c.called_at < :until", "until", asked.until),
    ):
        if at is not None:
            conditions.append(condition)
            values[name] = stamp(at)
    columns = ", ".join(f"c.{name.strip()}" for name in _CALL.split(","))
    return store.rows(
        f"""SELECT k.number AS change, {columns}, v.number AS library_version, c.analysis_key
            FROM call_changes k CROSS JOIN calls c ON c.id = k.call_id
                 LEFT JOIN library_versions v ON v.id = c.library_version_id
            WHERE {" AND ".join(conditions)} ORDER BY k.number LIMIT :most""",
        values,
    )


def _removed(store: Store, user: User, asked: Asked, upto: int, most: int) -> list[dict[str, Any]]:
    """Only numbers are left of them, so whoever exports anything learns of all."""
    return store.rows(
        """SELECT number AS change, call_id FROM call_changes
           WHERE gone AND number > ? AND number <= ? ORDER BY number LIMIT ?""",
        [asked.after, upto, most],
    )
