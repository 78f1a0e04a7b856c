"""The queue read: who to talk to first, what waits, since when. One pass over an index, then one page of it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from assist.calls.calls import TRACE_EVERY
from assist.coaching.items import (
    KINDS,
    SEVERITY,
    VIEWS,
    AgentItem,
    CallItem,
    Example,
    Filters,
    FlagItem,
    Load,
    QueuePage,
)
from assist.people import access, audit
from assist.people.users import User
from assist.store import Store
from assist.store.clock import moment, now, stamp
from assist.store.paging import cut, size_of

MOST_AGENTS = 300

_AWAKE = "(q.snoozed_until IS NULL OR q.snoozed_until <= :now)"
_TAKEN = "(q.claimed_by IS NOT NULL AND q.claimed_until > :now)"
_VIEW = {
    "all": _AWAKE,
    "free": f"({_AWAKE} AND NOT {_TAKEN} AND q.assigned_to IS NULL)",
    "mine": f"({_AWAKE} AND (q.assigned_to = :me OR ({_TAKEN} AND q.claimed_by = :me)))",
    "later": f"NOT {_AWAKE}",
}
_ORDER = "q.urgency DESC, q.severity DESC, q.queued_at, q.call_id"


def page(store: Store, user: User, filters: Filters | None = None) -> QueuePage:
    """The open queue of a lead's team (admins: of all), by agent. First whom nobody else has, the most urgent first.

    Raises AccessDenied.
    """
    filters = filters or Filters()
    where, values = _where(user, filters)
    groups = store.rows(_GROUPS.format(where=where, shown=_VIEW[filters.view]), values)
    shown = _shown(groups, filters)
    part = cut(len(shown), filters.page, size_of(filters.per_page, MOST_AGENTS))
    oldest = min((row["oldest"] for row in shown), default=None)
    return QueuePage(
        agents=_agents(store, user, filters, shown[part.skip : part.skip + part.size]),
        people=len(shown),
        items=sum(row["items"] for row in shown),
        oldest=moment(oldest) if oldest else None,
        page=part.number,
        pages=part.pages,
        views={view: sum(row[view] for row in groups if row["kind"] == filters.kind) for view in VIEWS},
        kinds={kind: sum(row["all"] for row in groups if row["kind"] == kind) for kind in KINDS},
    )


def _shown(groups: list[dict[str, Any]], filters: Filters) -> list[dict[str, Any]]:
    """One row an agent, in the order of the list: those whom somebody else has altogether come last."""
    found: dict[int, dict[str, Any]] = {}
    for row in groups:
        if row["kind"] != filters.kind or not row["shown"]:
            continue
        one = found.setdefault(row["agent_id"], row | {"items": 0, "others": filters.view == "all"})
        one["items"] += row["shown"]
        one["urgency"] = max(one["urgency"], row["urgency"])
        one["oldest"] = min(one["oldest"], row["oldest"])
        one["others"] &= not row["free"] + row["mine"]
    return sorted(found.values(), key=lambda row: (row["others"], -row["urgency"], row["oldest"], row["agent_id"]))


def items(store: Store, user: User, filters: Filters | None = None) -> list[AgentItem]:
    """The agents of a page, the first without filters."""
    return page(store, user, filters or Filters(per_page=MOST_AGENTS, per_agent=20)).agents


def of_agent(store: Store, user: User, agent_id: int, most: int = 200) -> tuple[CallItem, ...]:
    """What waits about one agent, snoozed items left out; nothing for whom the user may not coach."""
    found = page(store, user, Filters(agent_id=agent_id, per_agent=most)).agents
    return found[0].calls if found else ()


def item(store: Store, user: User, call_id: int) -> CallItem | None:
    """One open item, None where there is none for this user; who sees those of all teams leaves a trace. Raises
    AccessDenied."""
    access.require(user, "queue.work")
    scope = access.queue_of(user)
    where = f"q.call_id = :call AND q.state = 'open' AND {scope.where}"
    rows = store.rows(_ITEMS.format(where=where), scope.parameters | {"call": call_id, "now": stamp()})
    found = _calls(store, rows)
    if found and access.leaves_trace(user):
        audit.record_once(store, user, "call.open", f"call:{call_id}", within=TRACE_EVERY)
    return found[0] if found else None


def latest(store: Store, user: User, kind: str, most: int = 6) -> list[CallItem]:
    """The newest good calls or samples. Raises AccessDenied."""
    access.require(user, "queue.work")
    scope = access.queue_of(user)
    where = f"q.state = 'open' AND q.folded_into IS NULL AND q.kind = :kind AND {_AWAKE} AND {scope.where}"
    query = f"{_ITEMS.format(where=where)} ORDER BY q.queued_at DESC, q.call_id DESC LIMIT :most"
    return _calls(store, store.rows(query, scope.parameters | {"kind": kind, "most": most, "now": stamp()}))


def flags_of(store: Store, call_id: int) -> tuple[FlagItem, ...]:
    """The flags of one call, the worst first."""
    return _flags(store, [call_id]).get(call_id, ())


def state_of(store: Store, call_id: int) -> str | None:
    """open, done or dismissed; None where the call never was in the queue."""
    found: str | None = store.value("SELECT state FROM queue_items WHERE call_id = ?", [call_id])
    return found


_GROUPS = f"""
    SELECT q.agent_id, q.kind, count(*) FILTER (WHERE {{shown}}) AS shown,
           max(q.urgency) FILTER (WHERE {{shown}}) AS urgency, min(q.queued_at) FILTER (WHERE {{shown}}) AS oldest,
           {", ".join(f'count(*) FILTER (WHERE {condition}) AS "{view}"' for view, condition in _VIEW.items())}
    FROM queue_items q WHERE {{where}} GROUP BY q.team_id, q.kind, q.agent_id
"""
"""In the order of the index, so that nothing is sorted; who has calls of two teams has two rows."""

_ITEMS = f"""
    SELECT q.call_id, q.kind, q.agent_id, u.name AS agent, c.called_at, coalesce(p.title, '') AS campaign_title,
           c.file_name, c.seconds, c.overall, c.focus, q.urgency, q.queued_at, q.reason, q.start, q.quote,
           CASE WHEN {_TAKEN} THEN q.claimed_by END AS claimed_by_id,
           CASE WHEN {_TAKEN} THEN coalesce(w.name, '') ELSE '' END AS claimed_by,
           q.assigned_to AS assigned_to_id, coalesce(a.name, '') AS assigned_to, q.snoozed_until, q.snooze_reason,
           (SELECT count(*) FROM queue_items f WHERE f.folded_into = q.call_id AND f.state = 'open') AS folded
    FROM queue_items q JOIN calls c ON c.id = q.call_id JOIN users u ON u.id = q.agent_id
         LEFT JOIN campaigns p ON p.id = c.campaign LEFT JOIN users w ON w.id = q.claimed_by
         LEFT JOIN users a ON a.id = q.assigned_to
    WHERE {{where}}
"""


def _where(user: User, filters: Filters) -> tuple[str, dict[str, Any]]:
    access.require(user, "queue.work")
    scope = access.queue_of(user)
    since = stamp(now() - timedelta(days=filters.days)) if filters.days else None
    optional = {
        "q.agent_id = :agent": ("agent", filters.agent_id),
        "q.severity = :severity": ("severity", SEVERITY.get(filters.severity or "")),
        "q.queued_at <= :since": ("since", since),
        f"coalesce(CASE WHEN {_TAKEN} THEN q.claimed_by END, q.assigned_to) = :holder": ("holder", filters.holder_id),
        "EXISTS (SELECT 1 FROM flags f WHERE f.call_id = q.call_id AND f.rule = :rule)": ("rule", filters.rule),
    }
    used = {condition: pair for condition, pair in optional.items() if pair[1] is not None}
    where = " AND ".join(["q.state = 'open' AND q.folded_into IS NULL", scope.where, *used])
    return where, scope.parameters | dict(used.values()) | {"now": stamp(), "me": user.id}


def _agents(store: Store, user: User, filters: Filters, groups: list[dict[str, Any]]) -> list[AgentItem]:
    if not groups:
        return []
    where, values = _where(user, filters)
    marks = ",".join(str(int(row["agent_id"])) for row in groups)
    first = f"""SELECT call_id FROM (
        SELECT q.call_id, row_number() OVER (PARTITION BY q.agent_id ORDER BY {_ORDER}) AS place
        FROM queue_items q WHERE {where} AND q.agent_id IN ({marks}) AND q.kind = :kind AND {_VIEW[filters.view]}
    ) WHERE place <= :most"""
    values |= {"kind": filters.kind, "most": filters.per_agent}
    rows = store.rows(_ITEMS.format(where=f"q.call_id IN ({first})") + f"ORDER BY {_ORDER}", values)
    calls: dict[int, list[CallItem]] = {}
    for call in _calls(store, rows):
        calls.setdefault(call.agent_id, []).append(call)
    teams = _teams(store, calls)
    return [
        AgentItem(
            agent_id=row["agent_id"],
            agent=calls[row["agent_id"]][0].agent,
            team=teams[row["agent_id"]],
            calls=tuple(calls[row["agent_id"]]),
            total=row["items"],
            oldest=moment(row["oldest"]),
        )
        for row in groups
        if row["agent_id"] in calls
    ]


def _teams(store: Store, agents: Iterable[int]) -> dict[int, str]:
    marks = ",".join(str(int(agent)) for agent in agents)
    query = f"""SELECT u.id, coalesce(t.name, '') AS team FROM users u LEFT JOIN teams t ON t.id = u.team_id
                WHERE u.id IN ({marks})"""
    return {row["id"]: row["team"] for row in store.rows(query)}


def _calls(store: Store, rows: list[dict[str, Any]]) -> list[CallItem]:
    flags = _flags(store, [row["call_id"] for row in rows])
    return [_call_item(row, flags.get(row["call_id"], ())) for row in rows]


def _call_item(row: dict[str, Any], flags: tuple[FlagItem, ...]) -> CallItem:
    reason, start, quote = row.pop("reason"), row.pop("start"), row.pop("quote")
    if not flags and reason:
        flags = (FlagItem("", "minor", reason, None, start, quote),)
    priority = row.pop("urgency")
    times = {key: moment(row[key]) for key in ("called_at", "queued_at", "snoozed_until") if row[key]}
    return CallItem(**row | times | {"focus": row["focus"] or "none", "flags": flags, "priority": priority})


def _flags(store: Store, calls: list[int]) -> dict[int, tuple[FlagItem, ...]]:
    marks = ",".join(str(int(call)) for call in calls)
    rows = store.rows(
        f"""SELECT call_id, rule, severity, reason, turn, start, quote, about, rubric FROM flags
            WHERE call_id IN ({marks})
            ORDER BY call_id, rule <> 'repeated-weakness',
                     CASE severity WHEN 'critical' THEN 0 WHEN 'major' THEN 1 ELSE 2 END, id"""
    )
    rows.sort(key=lambda row: (row["call_id"], -SEVERITY[row["severity"]]))
    examples = _examples(store, marks) if any(row["rule"] == "repeated-weakness" for row in rows) else {}
    found: dict[int, list[FlagItem]] = {}
    for row in rows:
        call = row.pop("call_id")
        flag = FlagItem(**row)
        found.setdefault(call, []).append(replace(flag, examples=examples.get((call, flag.about), ())))
    return {call: tuple(flags) for call, flags in found.items()}


def _examples(store: Store, marks: str) -> dict[tuple[int, str], tuple[Example, ...]]:
    found: dict[tuple[int, str], tuple[Example, ...]] = {}
    for row in store.rows(
        f"""SELECT e.call_id, e.about, e.example_id, c.called_at, e.turn, e.start, e.quote, e.why
            FROM flag_examples e JOIN calls c ON c.id = e.example_id WHERE e.call_id IN ({marks})
            ORDER BY e.call_id, e.about, e.place"""
    ):
        key = (row.pop("call_id"), row.pop("about"))
        one = Example(row.pop("example_id"), moment(row.pop("called_at")), **row)
        found[key] = (*found.get(key, ()), one)
    return found


def people(store: Store, user: User) -> list[tuple[int, str]]:
    """Ids and names of the agents about whom something waits."""
    scope = access.queue_of(user)
    rows = store.rows(
        f"""SELECT u.id, u.name FROM users u WHERE u.id IN (
                SELECT q.agent_id FROM queue_items q WHERE q.state = 'open' AND q.folded_into IS NULL AND {scope.where}
            ) ORDER BY u.name, u.id""",
        scope.parameters,
    )
    return [(row["id"], row["name"]) for row in rows]


def totals(store: Store, user: User, since: datetime) -> dict[str, int]:
    """`heard`: calls judged since then; `working`: on their way; `any_call`: whether there is any at all (0 or 1)."""
    team = "c.team_id = :team" if user.role == "lead" else "1"
    values = {"team": user.team_id, "since": stamp(since)}
    count = {
        "heard": f"SELECT count(*) FROM calls c WHERE c.state = 'ready' AND c.called_at >= :since AND {team}",
        "working": f"""SELECT count(*) FROM calls c
                       WHERE c.state NOT IN ('ready', 'failed', 'cancelled') AND {team}""",
        "any_call": f"SELECT EXISTS (SELECT 1 FROM calls c WHERE {team})",
    }
    return {name: int(store.value(query, values)) for name, query in count.items()}


def loads(store: Store, user: User, since: datetime) -> list[Load]:
    """Per lead what they hold, since when, and what they closed since that moment; first what nobody holds.

    Raises AccessDenied.
    """
    access.require(user, "queue.work")
    scope = access.queue_of(user)
    values = scope.parameters | {"now": stamp(), "since": stamp(since)}
    held = {row["id"]: row for row in store.rows(_HELD.format(where=scope.where), values)}
    closed = {row["id"]: row for row in store.rows(_CLOSED.format(where=scope.where), values)}
    names = store.rows(
        f"""SELECT u.id, u.name, coalesce(t.name, '') AS team FROM users u LEFT JOIN teams t ON t.id = u.team_id
            WHERE u.role = 'lead' AND u.active AND ({"u.team_id = :my_team" if user.role == "lead" else "1"})
               OR u.id IN ({",".join(str(int(number)) for number in {*held, *closed} if number)})
            ORDER BY t.name, u.name, u.id""",
        scope.parameters,
    )
    nobody = {"id": None, "name": "", "team": ""}
    return [_load(who, held.get(who["id"], {}), closed.get(who["id"], {})) for who in (nobody, *names)]


_HELD = f"""
    SELECT coalesce(CASE WHEN {_TAKEN} THEN q.claimed_by END, q.assigned_to) AS id,
           count(*) FILTER (WHERE {_AWAKE}) AS items, count(*) FILTER (WHERE NOT {_AWAKE}) AS later,
           min(q.queued_at) FILTER (WHERE {_AWAKE}) AS oldest
    FROM queue_items q WHERE q.state = 'open' AND q.folded_into IS NULL AND q.kind = 'coach' AND {{where}} GROUP BY 1
"""
_CLOSED = """
    SELECT q.closed_by AS id, sum(q.state = 'done') AS done, sum(q.state = 'dismissed') AS dismissed
    FROM queue_items q
    WHERE q.state <> 'open' AND q.closed_at >= :since AND q.folded_into IS NULL AND {where} GROUP BY 1
"""


def _load(who: dict[str, Any], held: dict[str, Any], closed: dict[str, Any]) -> Load:
    oldest = held.get("oldest")
    return Load(
        lead_id=who["id"],
        name=who["name"],
        team=who["team"],
        items=held.get("items", 0),
        later=held.get("later", 0),
        oldest=moment(oldest) if oldest else None,
        done=closed.get("done", 0),
        dismissed=closed.get("dismissed", 0),
    )
