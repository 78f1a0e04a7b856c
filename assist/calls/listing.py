"""Lists of calls: filters, order and pages, in two queries however many calls there are."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assist.calls import found
from assist.calls.calls import COLUMNS, TABLES, Call, call_for
from assist.calls.found import Found, ObjectionIs, PointIs
from assist.people import access
from assist.people.users import User
from assist.privacy.digits import digits_of
from assist.store import Store
from assist.store.clock import stamp
from assist.store.paging import Cut, cut, size_of
from assist.store.signs import containing

MOST_PER_PAGE = 200
FEW = 2000


@dataclass(frozen=True, slots=True)
class Filters:
    """All optional. What is looked for in the findings (`point` … `judged`) is explained at `found.Found`; `skill` may
    be `overall` too.

    `team_id` 0 is no team. `state` is one state, or `unfinished` for all on their way. `since` ≤ called_at < `until`.
    `text` is looked for in file name and customer. `held`: not released to the agent yet; `unseen`: released, and the
    agent has not opened it.
    """

    agent_id: int | None = None
    team_id: int | None = None
    campaign: str | None = None
    state: str | None = None
    outcome: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    skill: str | None = None
    below: int | None = None
    at_least: int | None = None
    scored: bool = False
    judged: bool = False
    point: str | None = None
    point_is: PointIs = "missed"
    objection: str | None = None
    objection_is: ObjectionIs | None = None
    criterion: str | None = None
    rule: str | None = None
    flagged: bool = False
    text: str | None = None
    held: bool = False
    unseen: bool = False
    page: int = 1
    per_page: int = 50

    @property
    def found(self) -> Found:
        """The part that is about what was found."""
        return Found(**{name: getattr(self, name) for name in Found.__dataclass_fields__})


@dataclass(frozen=True, slots=True)
class Page:
    """One page of calls, the latest call first; `total` counts all that match."""

    calls: list[Call]
    total: int
    page: int
    pages: int


def listing(store: Store, user: User, filters: Filters | None = None) -> Page:
    """The calls the user may see that match; what was found in a call is looked at only where the user may read it."""
    filters = filters or Filters()
    matching, parameters = where(user, filters)
    size = size_of(filters.per_page, MOST_PER_PAGE)
    first = _looked_up(store, matching, parameters, size, filters.page) if filters.found else None
    total = first[1] if first else int(store.value(f"SELECT count(*) FROM calls c WHERE {matching}", parameters))
    part = cut(total, filters.page, size)
    ids = first[0] if first else _ids(store, matching, parameters, total, part)
    rows = store.rows(
        f"""SELECT {COLUMNS} FROM {TABLES} WHERE c.id IN (SELECT value FROM json_each(:ids))
            ORDER BY c.called_at DESC, c.id DESC""",
        {"ids": json.dumps(ids)},
    )
    return Page([call_for(user, row) for row in rows], total, part.number, part.pages)


def _looked_up(
    store: Store, matching: str, parameters: dict[str, Any], size: int, page: int
) -> tuple[list[int], int] | None:  # fmt: skip
    """Ids of a page and the total in one pass: what was found is looked up call by call, which is not done twice. None
    where the page is past the end."""
    rows = store.rows(
        f"""SELECT c.id, count(*) OVER () AS total FROM calls c WHERE {matching}
            ORDER BY +c.called_at DESC, c.id DESC LIMIT :size OFFSET :skip""",
        parameters | {"size": size, "skip": (max(1, page) - 1) * size},
    )
    if not rows and page > 1:
        return None
    return [row["id"] for row in rows], rows[0]["total"] if rows else 0


def _ids(store: Store, matching: str, parameters: dict[str, Any], total: int, part: Cut) -> list[int]:
    """Few matches are found by their filter and sorted; many are walked in order, skipped rows without their names."""
    order = "+c.called_at" if total <= FEW else "c.called_at"
    rows = store.rows(
        f"SELECT c.id FROM calls c WHERE {matching} ORDER BY {order} DESC, c.id DESC LIMIT :size OFFSET :skip",
        parameters | {"size": part.size, "skip": part.skip},
    )
    return [row["id"] for row in rows]


def neighbours(store: Store, user: User, call: Call) -> tuple[int | None, int | None]:
    """The same agent's next later and next earlier call that the user may know of."""
    if call.agent_id is None:
        return None, None
    scope = access.known_to(user)
    values = scope.parameters | {"agent": call.agent_id, "at": stamp(call.called_at), "id": call.id}

    def next_one(sign: str, order: str) -> int | None:
        found: int | None = store.value(
            f"""SELECT c.id FROM calls c WHERE {scope.where} AND c.agent_id = :agent
                AND (c.called_at, c.id) {sign} (:at, :id) ORDER BY c.called_at {order}, c.id {order} LIMIT 1""",
            values,
        )
        return found

    return next_one(">", "ASC"), next_one("<", "DESC")


def where(user: User, filters: Filters) -> tuple[str, dict[str, Any]]:
    """The condition on calls c that says what matches, and its parameters."""
    scope = access.calls_of(user) if _by_findings(filters) else access.known_to(user)
    conditions, parameters = _conditions(filters)
    if digits_of(filters.text or "") and not access.allows(user, "call.unmask"):
        conditions.append("0")  # who may not read a number finds nothing by it
    return " AND ".join([scope.where, *conditions]), parameters | scope.parameters


def _by_findings(filters: Filters) -> bool:
    return bool(filters.outcome or filters.flagged or filters.found)


def _conditions(filters: Filters) -> tuple[list[str], dict[str, Any]]:
    plain = {
        "c.agent_id = :agent": ("agent", filters.agent_id),
        "c.team_id IS nullif(:team, 0)": ("team", filters.team_id),
        "c.campaign = :campaign": ("campaign", filters.campaign),
        "c.outcome = :outcome": ("outcome", filters.outcome),
        "c.called_at >= :since": ("since", filters.since and stamp(filters.since)),
        "c.called_at < :until": ("until", filters.until and stamp(filters.until)),
        "(c.file_name LIKE :text ESCAPE '!' OR c.customer LIKE :text ESCAPE '!')": ("text", containing(filters.text)),
    }
    used = {condition: pair for condition, pair in plain.items() if pair[1] is not None}
    conditions, parameters = list(used), dict(used.values())
    if filters.state == "unfinished":
        conditions.append("c.state NOT IN ('ready', 'failed', 'cancelled')")
    elif filters.state:
        conditions.append("c.state = :state")
        parameters["state"] = filters.state
    findings, values = found.conditions(filters.found)
    conditions += findings
    parameters |= values
    if filters.flagged:
        conditions.append("c.flag_count > 0")
    if filters.held:
        conditions.append("c.held = 1")
    if filters.unseen:
        conditions.append("c.seen_at IS NULL AND c.state = 'ready' AND c.held = 0")
    return conditions, parameters
