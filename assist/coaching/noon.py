"""The noon hour: three calls of the day that a team hears together. One that went well, one that was lost, and a
typical objection; proposed from what was counted, and the lead may take others."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from assist.calls.found import JUDGED
from assist.coaching.clips import UnknownChoice
from assist.coaching.evening import Moment, moment
from assist.coaching.periods import Period, period
from assist.errors import NotFound
from assist.people import access, audit
from assist.people.users import User
from assist.privacy import mask
from assist.store import Store, said
from assist.store.clock import moment as at
from assist.store.clock import stamp

Slot = Literal["good", "lost", "objection"]
SLOTS: tuple[Slot, ...] = get_args(Slot)

CANDIDATES = 6
_WHOLE_OPENING = 60.0
_LAST_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A call that could be heard. `objection` is the id of one that is raised in it, empty where there is none."""

    call_id: int
    agent: str
    time: Any
    seconds: float | None
    overall: int | None
    outcome: str | None
    objection: str
    quote: str


@dataclass(frozen=True, slots=True)
class Pick:
    """What is proposed or chosen for one of the three, with the seconds to hear, and the others there are.

    `chosen_by` is empty for a proposal. `call` and `moment` are None on a day without such a call.
    """

    slot: Slot
    call: Candidate | None
    moment: Moment | None
    chosen_by: str
    others: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Noon:
    """`objection` is the objection raised in most calls of the day (empty: none), in `raised` of its `calls`."""

    day: date
    calls: int
    objection: str
    campaign: str
    raised: int
    picks: tuple[Pick, ...]


# Good: a next step agreed without a flag, best scores first. Lost: the customer refused or hung up, lowest score first,
# with something to learn (an objection) before others. Scores of one call break ties the same way every time.
_ORDER: dict[Slot, str] = {
    "good": "c.outcome IN ('agreed', 'follow-up') AND c.flag_count = 0 ORDER BY c.overall DESC, c.id DESC",
    "lost": """c.outcome IN ('refused', 'hung-up')
               ORDER BY EXISTS (SELECT 1 FROM raised_objections o WHERE o.call_id = c.id) DESC,
                        c.overall IS NULL, c.overall, c.id DESC""",
    "objection": """EXISTS (SELECT 1 FROM raised_objections o WHERE o.call_id = c.id AND o.objection = :objection)
                    ORDER BY c.outcome IN ('agreed', 'follow-up') DESC, c.overall DESC, c.id DESC""",
}


def noon(store: Store, user: User, day: date, team_id: int | None = None) -> Noon:
    """Raises AccessDenied, NotFound (no team chosen)."""
    team = _team(user, team_id)
    span = period("day", day, store.settings.zone)
    typical = _typical(store, user, span, team)
    count = int(store.value(f"SELECT count(*) FROM calls c WHERE {_where(user)}", _values(user, span, team)) or 0)
    taken: set[int] = set()
    picks = []
    for slot in SLOTS:
        pick = _pick(store, user, span, team, slot, typical["objection"], taken)
        picks.append(pick)
        taken |= {pick.call.call_id} if pick.call else set()
    return Noon(day, count, typical["objection"], typical["campaign"], typical["calls"], tuple(picks))


def choose(store: Store, user: User, day: date, slot: str, call_id: int | None, team_id: int | None = None) -> None:
    """Takes another call of that day for one of the three; None goes back to the proposal.

    Raises AccessDenied, NotFound (also for a call of another day or team), UnknownChoice.
    """
    team = _team(user, team_id)
    if slot not in SLOTS:
        raise UnknownChoice(given=slot[:40], known=", ".join(SLOTS))
    span = period("day", day, store.settings.zone)
    with store.write() as db:
        db.execute("DELETE FROM noon_choices WHERE team_id = ? AND day = ? AND slot = ?", [team, day.isoformat(), slot])
        if call_id is None:
            return
        condition = f"SELECT 1 FROM calls c WHERE c.id = :call AND {_where(user)}"
        found = store.value(condition, _values(user, span, team) | {"call": call_id})
        if not found:
            raise NotFound
        values = {"team_id": team, "day": day.isoformat(), "slot": slot, "call_id": call_id}
        db.table("noon_choices").insert(values | {"chosen_by": user.id, "chosen_at": stamp()})
        audit.record(store, user, "noon.choose", f"call:{call_id}", day=day.isoformat(), slot=slot)


def last_day(store: Store, user: User, team_id: int | None = None) -> date | None:
    """The latest day on which the team has judged calls."""
    found = store.value(
        f"""SELECT c.called_at FROM calls c WHERE c.team_id = :team AND {JUDGED} AND {access.calls_of(user).where}
            ORDER BY c.called_at DESC LIMIT 1""",
        access.calls_of(user).parameters | {"team": _team(user, team_id)},
    )
    return at(found).astimezone(store.settings.zone).date() if found else None


def _team(user: User, team_id: int | None) -> int:
    team = access.meeting_team(user, team_id)
    if team is None:
        raise NotFound
    return team


def _where(user: User) -> str:
    scope = access.calls_of(user).where
    return f"c.team_id = :team AND c.called_at >= :since AND c.called_at < :until AND {JUDGED} AND {scope}"


def _values(user: User, span: Period, team: int) -> dict[str, Any]:
    dates = {"since": stamp(span.since), "until": stamp(span.until), "team": team}
    return access.calls_of(user).parameters | dates


def _typical(store: Store, user: User, span: Period, team: int) -> dict[str, Any]:
    """The objection of the playbooks that came up in most calls."""
    row = store.row(
        f"""SELECT o.objection, coalesce(c.campaign, '') AS campaign, count(DISTINCT c.id) AS calls
            FROM calls c JOIN raised_objections o ON o.call_id = c.id
            WHERE {_where(user)} AND o.objection <> 'other' GROUP BY 1, 2 ORDER BY 3 DESC, 1 LIMIT 1""",
        _values(user, span, team),
    )
    return row or {"objection": "", "campaign": "", "calls": 0}


def _pick(
    store: Store, user: User, span: Period, team: int, slot: Slot, objection: str, taken: set[int]
) -> Pick:  # fmt: skip
    objection = objection if slot == "objection" else ""
    found = [one for one in _candidates(store, user, span, team, slot, objection) if one.call_id not in taken]
    chosen = store.row(
        """SELECT n.call_id, u.name FROM noon_choices n JOIN users u ON u.id = n.chosen_by
           WHERE n.team_id = ? AND n.day = ? AND n.slot = ?""",
        [team, span.first.isoformat(), slot],
    )
    picked = _chosen(store, user, span, team, objection, chosen["call_id"]) if chosen else None
    call = picked or next(iter(found), None)
    others = tuple(one for one in found if call is None or one.call_id != call.call_id)[: CANDIDATES - 1]
    name = chosen["name"] if chosen and picked else ""
    return Pick(slot, call, _moment(store, call, slot) if call else None, name, others)


def _chosen(store: Store, user: User, span: Period, team: int, objection: str, call_id: int) -> Candidate | None:
    rows = _rows(store, user, span, team, "c.id = :call", {"call": call_id, "objection": objection})
    return next(iter(rows), None)


def _candidates(
    store: Store, user: User, span: Period, team: int, slot: Slot, objection: str
) -> list[Candidate]:  # fmt: skip
    if slot == "objection" and not objection:
        return []
    wanted = f"{_ORDER[slot]} LIMIT {CANDIDATES + len(SLOTS)}"
    return _rows(store, user, span, team, wanted, {"objection": objection})


def _rows(
    store: Store, user: User, span: Period, team: int, wanted: str, values: dict[str, Any]
) -> list[Candidate]:  # fmt: skip
    """Each call with the objection asked for, else its last one."""
    rows = store.rows(
        f"""SELECT c.id AS call_id, coalesce(u.name, '') AS agent, c.called_at AS time, c.seconds, c.overall, c.outcome,
                   coalesce(x.objection, '') AS objection, coalesce(x.quote, '') AS quote
            FROM calls c LEFT JOIN users u ON u.id = c.agent_id
            LEFT JOIN raised_objections x ON x.call_id = c.id AND x.number = (
                SELECT max(o.number) FROM raised_objections o
                WHERE o.call_id = c.id AND (:objection = '' OR o.objection = :objection))
            WHERE {_where(user)} AND {wanted}""",
        _values(user, span, team) | values,
    )
    return [Candidate(**row | {"time": at(row["time"]), "quote": mask(row["quote"])}) for row in rows]


def _moment(store: Store, call: Candidate, slot: Slot) -> Moment | None:
    """What to hear of a call: the objection and its answer, where there is one; else how a good call begins and a lost
    one ends."""
    row = store.row(
        """SELECT turn, answer_turn FROM raised_objections WHERE call_id = ? AND objection = ?
           ORDER BY number DESC LIMIT 1""",
        [call.call_id, call.objection],
    )
    if row and slot != "good":
        until = row["answer_turn"] if row["answer_turn"] is not None else row["turn"] + 1
        return moment(store, call.call_id, row["turn"], until, good=False)
    lines = said.lines(store, [call.call_id]).get(call.call_id, ())
    if not lines:
        return None
    if slot == "good":
        return Moment(call.call_id, call.agent, 0.0, min(lines[-1].end, _WHOLE_OPENING), lines[0].turn,
                      mask(lines[0].text), good=True)  # fmt: skip
    start = max(0.0, lines[-1].end - _LAST_SECONDS)
    first = next(line for line in lines if line.end > start)
    return Moment(call.call_id, call.agent, round(start, 2), lines[-1].end, first.turn, mask(first.text), good=False)
