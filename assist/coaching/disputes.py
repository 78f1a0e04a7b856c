"""Agents accept findings of their own calls or dispute them with a reason; a lead of the team keeps or changes the
finding and says why. Both see the whole history.

A dispute is decided with a conditional UPDATE in the transaction of the verdict: of two leads one wins, the other is
told.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from assist.analysis.verdicts import About, Ruling
from assist.calls import calls
from assist.calls.calls import Call
from assist.coaching import named, verdicts
from assist.coaching.judged import Judged, judged_call
from assist.coaching.named import Named
from assist.coaching.verdicts import Ruled, WhyMissing
from assist.errors import AccessDenied, Conflict, NotFound
from assist.people import access, audit
from assist.people.access import Scope
from assist.people.users import User
from assist.store import Store
from assist.store.clock import moment, now, stamp
from assist.store.paging import cut, size_of
from assist.texts import N_

State = Literal["open", "kept", "changed", "withdrawn"]
STATES: tuple[State, ...] = ("open", "kept", "changed", "withdrawn")


class TooLate(Conflict):
    message = N_("A finding can be disputed for %(days)s days after the call was judged. Talk to your lead about it.")


class DisputedBefore(Conflict):
    message = N_("This finding was disputed before; its history shows what became of it.")


class NotOpen(Conflict):
    message = N_("This dispute is no longer open: %(name)s has decided on it. Load the page again to see how.")


class Withdrawn(Conflict):
    message = N_("The agent has taken this dispute back. There is nothing to decide any more.")


@dataclass(frozen=True, slots=True)
class Dispute:
    """`answer` and `decided_…` are empty while it is open."""

    id: int
    call_id: int
    called_at: datetime
    campaign_title: str
    agent_id: int
    agent: str
    about: About
    title: str
    quote: str
    reason: str
    state: State
    raised_at: datetime
    decided_by: str
    decided_at: datetime | None
    answer: str

    @property
    def name(self) -> str:
        return named.name_of(self.about)


@dataclass(frozen=True, slots=True)
class Filters:
    """`state` one of STATES or None for all; `agent_id` one agent; `rule` the kind of finding."""

    state: State | None = None
    agent_id: int | None = None
    kind: str | None = None
    page: int = 1
    per_page: int = 30


@dataclass(frozen=True, slots=True)
class Page:
    """The longest waiting first among open ones, else the latest first."""

    disputes: list[Dispute]
    total: int
    page: int
    pages: int


def accept(store: Store, user: User, call_id: int, finding: str) -> None:
    """The agent agrees with a finding of their own call. Raises NotFound, AccessDenied, NotJudgedYet."""
    call = own_call(store, user, call_id)
    place = _place(_found(store, call, finding).about) | {"call": call.id, "agent": user.id, "at": stamp()}
    store.change(
        """INSERT OR IGNORE INTO accepted_findings (call_id, kind, finding, start, agent_id, accepted_at)
           VALUES (:call, :kind, :finding, :start, :agent, :at)""",
        place,
    )


def accepted(store: Store, call_id: int) -> set[str]:
    """The names of the findings that the agent accepted."""
    rows = store.rows("SELECT kind, finding, start, start AS until FROM accepted_findings WHERE call_id = ?", [call_id])
    return {named.name_of(verdicts.about_of(row)) for row in rows}


def raise_dispute(store: Store, user: User, call_id: int, finding: str, reason: str) -> Dispute:
    """The agent disputes a finding of their own call.

    Raises NotFound, AccessDenied, NotJudgedYet, WhyMissing, TooLate, DisputedBefore.
    """
    if not reason.strip():
        raise WhyMissing
    call = own_call(store, user, call_id)
    if now() >= until(store, call):
        raise TooLate(days=f"{store.settings.dispute_days:g}")
    found = _found(store, call, finding)
    with store.write() as db:
        if any(_same(one.about, found.about) and one.state != "withdrawn" for one in of_call(store, call.id)):
            raise DisputedBefore
        values = _place(found.about) | {
            "call_id": call.id,
            "agent_id": user.id,
            "title": found.title[:200],
            "quote": found.quote[:400],
            "reason": reason.strip()[: verdicts.LONGEST],
            "state": "open",
            "raised_at": stamp(),
        }
        identity = int(str(db.table("disputes").insert(values).last_pk))
        db.execute(
            "DELETE FROM accepted_findings WHERE call_id = ? AND kind = ? AND finding = ? AND start = ?",
            [call.id, values["kind"], values["finding"], values["start"]],
        )
        audit.record(store, user, "dispute.raise", f"call:{call.id}", finding=finding, dispute=identity)
    return get(store, user, identity)


def withdraw(store: Store, user: User, dispute_id: int) -> None:
    """The agent takes an open dispute back. Raises NotFound, AccessDenied, NotOpen."""
    found = get(store, user, dispute_id)
    if found.agent_id != user.id:
        raise AccessDenied
    with store.write():
        _close(store, user, found, "withdrawn", "")
        audit.record(store, user, "dispute.withdraw", f"call:{found.call_id}", dispute=found.id)


def decide(store: Store, user: User, dispute_id: int, ruling: Ruling, answer: str) -> Ruled | None:
    """A lead keeps (an empty ruling) or changes the disputed finding; `answer` is why. None where the call was judged
    again and has no such finding any more: the dispute then ends as changed.

    Raises NotFound, AccessDenied, WhyMissing, NotOpen, Withdrawn, and what `verdicts.rule` raises.
    """
    found = get(store, user, dispute_id)
    if not answer.strip():
        raise WhyMissing
    with store.write() as db:
        call = calls.get(store, user, found.call_id)
        access.require_ruling(user, agent_id=call.agent_id, team_id=call.team_id)
        _refuse_closed(store, found.id)
        there = still_there(store, judged_call(store, call), found)
        if there is None:
            _close(store, user, found, "changed", answer)
            audit.record(store, user, "dispute.decide", f"call:{call.id}", dispute=found.id, state="gone")
            return None
        ruled = verdicts.rule(store, user, found.call_id, there.name, ruling, answer)
        _close(store, user, found, ruled.decision, answer)
        db.execute("UPDATE finding_verdicts SET dispute_id = ? WHERE id = ?", [found.id, ruled.id])
        audit.record(store, user, "dispute.decide", f"call:{found.call_id}", dispute=found.id, state=ruled.decision)
    return replace(ruled, dispute_id=found.id)


def still_there(store: Store, judged: Judged, dispute: Dispute) -> Named | None:
    """The disputed finding as it is now: under its name, else the same overlapping it in time; None where the call was
    judged again and has it no more."""
    try:
        return verdicts.resolve(store, judged, dispute.name)
    except NotFound:
        known = named.listing(judged.shown, judged.library)
    return next((one for one in known if verdicts.same(one.about, dispute.about)), None)


def get(store: Store, user: User, dispute_id: int) -> Dispute:
    """Raises NotFound: no such dispute, or of a call that the user may not read."""
    scope = access.calls_of(user)
    row = store.row(f"{_SELECT} WHERE d.id = :id AND {scope.where}", {"id": dispute_id} | scope.parameters)
    if row is None:
        raise NotFound
    return _dispute(row)


def of_call(store: Store, call_id: int) -> list[Dispute]:
    """All disputes of a call, the latest first. The caller has made sure that the call may be read."""
    return [_dispute(row) for row in store.rows(f"{_SELECT} WHERE d.call_id = ? ORDER BY d.id DESC", [call_id])]


def listing(store: Store, user: User, filters: Filters | None = None) -> Page:
    """The disputes on calls that the user may read."""
    filters = filters or Filters()
    scope = access.calls_of(user)
    where, parameters = _where(filters, scope)
    total = int(store.value(f"SELECT count(*) FROM {_TABLES} WHERE {where}", parameters))
    part = cut(total, filters.page, size_of(filters.per_page, 200))
    order = "d.raised_at, d.id" if filters.state == "open" else "d.id DESC"
    rows = store.rows(
        f"{_SELECT} WHERE {where} ORDER BY {order} LIMIT :size OFFSET :skip",
        parameters | {"size": part.size, "skip": part.skip},
    )
    return Page([_dispute(row) for row in rows], total, part.number, part.pages)


def to_decide(store: Store, user: User) -> int:
    """How many open disputes wait for this lead or admin."""
    scope = access.ruled_by(user)
    waiting = f"SELECT count(*) FROM {_TABLES} WHERE d.state = 'open' AND {scope.where}"
    return int(store.value(waiting, scope.parameters))


def until(store: Store, call: Call) -> datetime:
    """Until when findings of the call may be disputed: so many days after it was judged or, if later, released."""
    row = store.row("SELECT ready_at, released_at FROM calls WHERE id = ?", [call.id])
    known = [text for text in (row or {}).values() if text]
    return moment(max(known, default=stamp())) + timedelta(days=store.settings.dispute_days)


def own_call(store: Store, user: User, call_id: int) -> Call:
    """A released call of the user's own. Raises NotFound, AccessDenied."""
    call = calls.get(store, user, call_id)
    access.require(user, "finding.dispute")
    if call.agent_id != user.id:
        raise AccessDenied
    return call


def _found(store: Store, call: Call, finding: str) -> Named:
    return verdicts.resolve(store, judged_call(store, call), finding)


def _close(store: Store, user: User, found: Dispute, state: State, answer: str) -> None:
    closed = store.change(
        """UPDATE disputes SET state = ?, decided_by = ?, decided_at = ?, answer = ?
           WHERE id = ? AND state = 'open'""",
        [state, user.id, stamp(), answer.strip()[: verdicts.LONGEST], found.id],
    )
    if not closed:
        _refuse_closed(store, found.id)


def _refuse_closed(store: Store, dispute_id: int) -> None:
    row = store.row(
        """SELECT d.state, coalesce(u.name, '') AS name FROM disputes d LEFT JOIN users u ON u.id = d.decided_by
           WHERE d.id = ?""",
        [dispute_id],
    )
    if row and row["state"] == "withdrawn":
        raise Withdrawn
    if row and row["state"] != "open":
        raise NotOpen(name=row["name"])


def _place(about: About) -> dict[str, Any]:
    start = -1.0 if about.start is None else about.start
    return {"kind": about.kind, "finding": about.id, "start": start, "until": -1.0 if about.end is None else about.end}


def _same(one: About, other: About) -> bool:
    return named.name_of(one) == named.name_of(other)


def _where(filters: Filters, scope: Scope) -> tuple[str, dict[str, Any]]:
    plain = {
        "d.state = :state": ("state", filters.state),
        "d.agent_id = :of": ("of", filters.agent_id),
        "d.kind = :kind": ("kind", filters.kind),
    }
    used = {condition: pair for condition, pair in plain.items() if pair[1] is not None}
    return " AND ".join([scope.where, *used]), dict(used.values()) | scope.parameters


_TABLES = "disputes d CROSS JOIN calls c ON c.id = d.call_id"  # in this order: disputes are few, calls are many
_SELECT = f"""
    SELECT d.id, d.call_id, c.called_at, coalesce(p.title, '') AS campaign_title, d.agent_id, a.name AS agent, d.kind,
           d.finding, d.start, d.until, d.title, d.quote, d.reason, d.state, d.raised_at,
           coalesce(u.name, '') AS decided_by, d.decided_at, d.answer
    FROM {_TABLES} JOIN users a ON a.id = d.agent_id
    LEFT JOIN campaigns p ON p.id = c.campaign LEFT JOIN users u ON u.id = d.decided_by
"""


def _dispute(row: dict[str, Any]) -> Dispute:
    about = verdicts.about_of(row)
    times = {"called_at": moment(row["called_at"]), "raised_at": moment(row["raised_at"])}
    decided = moment(row["decided_at"]) if row["decided_at"] else None
    return Dispute(**row | times | {"about": about, "decided_at": decided})
