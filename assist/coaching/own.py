"""What agents see of their own work: which released calls are new to them, what went well, what to try next, and their
skills week by week against their own past."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from assist.analysis.findings import SKILLS
from assist.calls import calls, listing
from assist.calls.calls import Call
from assist.calls.listing import Filters
from assist.people import access
from assist.people.users import User
from assist.store import Store
from assist.store.clock import now, stamp

WEEKS = 12
LOOKED_AT = 3
"""So many of the latest calls are read for what went well."""
PRAISED = 0.9
"""A criterion of this value and more went well."""
_PAST_CALLS = 60
_QUOTE = 120

Report = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean score of the calls that had one; None without any."""

    value: int | None
    calls: int


@dataclass(frozen=True, slots=True)
class Week:
    """Monday to Sunday in the site's zone; `skills` by name, `calls` all ready ones."""

    monday: date
    sunday: date
    calls: int
    skills: Mapping[str, Mean]


@dataclass(frozen=True, slots=True)
class Moment:
    """Seconds of a call that went well: the criterion, why, and what the agent said there."""

    call_id: int
    called_at: datetime
    title: str
    why: str
    start: float
    end: float
    quote: str


@dataclass(frozen=True, slots=True)
class ToTry:
    """What to say instead, from the library; `start` None where it was not said at all."""

    call_id: int
    called_at: datetime
    title: str
    say: str
    start: float | None
    end: float | None
    quote: str


def saw(store: Store, user: User, call: Call) -> None:
    """Notes that the agent opened a call of theirs; nothing where that is known, or there is nothing to read yet."""
    if user.id != call.agent_id or call.seen or call.state != "ready" or not access.may_read(user, held=call.held):
        return
    store.change("UPDATE calls SET seen_at = ? WHERE id = ? AND seen_at IS NULL", [stamp(), call.id])


def latest(store: Store, user: User, most: int = 8) -> list[Call]:
    """The agent's latest calls, those that are not released yet without what was found in them. Raises AccessDenied."""
    access.require(user, "own.page")
    return listing.listing(store, user, Filters(agent_id=user.id, per_page=most)).calls


def unseen(store: Store, user: User) -> int:
    """How many calls were released that the agent has not opened. Raises AccessDenied."""
    access.require(user, "own.page")
    return listing.listing(store, user, Filters(agent_id=user.id, unseen=True, per_page=1)).total


def weeks(
    store: Store, user: User, count: int = WEEKS, at: datetime | None = None, of: User | None = None
) -> tuple[Week, ...]:
    """The last weeks, the oldest first, from the first one that has calls: the user's own, or those of an agent of
    theirs, over the calls the user may read. Raises AccessDenied, NotFound."""
    if of is None:
        access.require(user, "own.page")
    else:
        access.see_coaching(user, of)
    mondays = _mondays(store, count, at or now())
    starts = {f"w{number}": stamp(_midnight(store, monday)) for number, monday in enumerate(mondays)}
    which = " ".join(f"WHEN c.called_at >= :w{number} THEN {number}" for number in reversed(range(count)))
    means = ", ".join(f"avg(c.{skill}) AS {skill}, count(c.{skill}) AS {skill}_calls" for skill in SKILLS)
    scope = access.calls_of(user)
    rows = store.rows(
        f"""SELECT CASE {which} END AS week, count(*) AS calls, {means} FROM calls c
            WHERE c.agent_id = :agent AND c.state = 'ready' AND c.called_at >= :w0 AND {scope.where} GROUP BY week""",
        starts | {"agent": (of or user).id} | scope.parameters,
    )
    found = {row["week"]: row for row in rows}
    first = min(found, default=count)
    return tuple(_week(mondays[number], found.get(number, {})) for number in range(first, count))


def monday_of(store: Store, at: datetime | None = None) -> date:
    """The Monday of the week a moment lies in, in the site's zone."""
    day = (at or now()).astimezone(store.settings.zone).date()
    return day - timedelta(days=day.weekday())


def feedback(
    store: Store, user: User, praises: int = 2, advices: int = 2
) -> tuple[tuple[Moment, ...], tuple[ToTry, ...]]:
    """What went well in the latest calls, and what to say instead in the latest one that has such advice.

    Of what went well, that comes first which is weak otherwise with this agent: it is worth most. Raises AccessDenied.
    """
    access.require(user, "own.page")
    read = list(_read(store, user))
    usual = _usual(store, user)
    found = [
        (line["weight"] * (line["value"] - usual.get((skill, line["id"]), 0.5)), -number, moment)
        for number, (call, report) in enumerate(read)
        for skill, line, moment in _moments(call, report)
    ]
    found.sort(key=lambda one: one[:2], reverse=True)
    advice = next((tried for call, report in read if (tried := _tries(call, report))), ())[:advices]
    return _different([moment for _, _, moment in found], advice)[:praises], advice


def _different(found: Sequence[Moment], advice: Sequence[ToTry]) -> tuple[Moment, ...]:
    """Each criterion and each place once; words that shall be said otherwise only where nothing else went well."""
    kept: list[Moment] = []
    for one in found:
        if not any(one.title == other.title or _place_of(one) == _place_of(other) for other in kept):
            kept.append(one)
    advised = {_place_of(one) for one in advice}
    return tuple(one for one in kept if _place_of(one) not in advised) or tuple(kept[:1])


def _place_of(one: Moment | ToTry) -> tuple[int, float | None]:
    return one.call_id, one.start


def _tries(call: Call, report: Report) -> tuple[ToTry, ...]:
    turns = {turn["id"]: turn for turn in report["turns"]}
    return tuple(_to_try(call, item, turns) for item in report["coaching"].get("say_instead", ()))


def _read(store: Store, user: User) -> Iterator[tuple[Call, Report]]:
    """The latest judged calls with their analyses."""
    scope_filters = Filters(agent_id=user.id, state="ready", per_page=4 * LOOKED_AT)
    readable = (call for call in listing.listing(store, user, scope_filters).calls if call.analysis_key)
    for _, call in zip(range(LOOKED_AT), readable, strict=False):
        report = calls.analysis(store, call)
        if report is not None:
            yield call, report


def _moments(call: Call, report: Report) -> Iterator[tuple[str, dict[str, Any], Moment]]:
    turns = {turn["id"]: turn for turn in report["turns"]}
    for skill in SKILLS:
        for line in (report["scores"].get(skill) or {}).get("criteria", ()):
            own = [turns[turn] for turn in line.get("evidence", ()) if turns.get(turn, {}).get("speaker") == "agent"]
            if line["value"] is not None and line["value"] >= PRAISED and own:
                title, why = line.get("title") or line["id"], line.get("why", "")
                yield skill, line, Moment(call.id, call.called_at, title, why, *_place(own[0]))


def _place(turn: Mapping[str, Any]) -> tuple[float, float, str]:
    return turn["start"], turn["end"], turn["text"][:_QUOTE]


def _to_try(call: Call, item: Mapping[str, Any], turns: Mapping[int, Mapping[str, Any]]) -> ToTry:
    turn = turns.get(item["turn"]) if item.get("turn") is not None else None
    start, end, quote = _place(turn) if turn else (None, None, "")
    return ToTry(call.id, call.called_at, item.get("title", ""), item["say"], start, end, quote)


def _usual(store: Store, user: User) -> dict[tuple[str, str], float]:
    """The mean of each criterion over the agent's latest calls."""
    scope = access.calls_of(user)
    rows = store.rows(
        f"""WITH last AS (SELECT c.id FROM calls c WHERE c.agent_id = :agent AND c.state = 'ready' AND {scope.where}
                          ORDER BY c.called_at DESC LIMIT {_PAST_CALLS})
            SELECT k.skill, k.criterion, avg(k.value) AS value FROM last JOIN call_criteria k ON k.call_id = last.id
            GROUP BY k.skill, k.criterion""",
        {"agent": user.id} | scope.parameters,
    )
    return {(row["skill"], row["criterion"]): row["value"] for row in rows}


def _mondays(store: Store, count: int, at: datetime) -> list[date]:
    last = monday_of(store, at)
    return [last - timedelta(weeks=back) for back in reversed(range(count))]


def _midnight(store: Store, day: date) -> datetime:
    return datetime.combine(day, time(), store.settings.zone)


def _week(monday: date, row: Mapping[str, Any]) -> Week:
    means: dict[str, Mean] = {skill: Mean(_rounded(row.get(skill)), row.get(f"{skill}_calls", 0)) for skill in SKILLS}
    return Week(monday, monday + timedelta(days=6), row.get("calls", 0), means)


def _rounded(value: float | None) -> int | None:
    return None if value is None else round(value)
