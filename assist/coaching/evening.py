"""The evening meeting: what most agents of a team missed in a day or week, beside the time before, with moments to hear
and what the script says. Counted from rows of points, criteria and objections, never from analyses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from assist.calls.found import JUDGED, WEAK
from assist.coaching import clips, measures
from assist.coaching.clips import Clip
from assist.coaching.periods import Period
from assist.errors import NotFound
from assist.people import access
from assist.people.users import User
from assist.privacy import mask
from assist.scripts.insight import Claim, Rate, claim
from assist.store import Store, said
from assist.store.clock import stamp

Kind = Literal["point", "objection", "criterion"]

MOST_SHOWN = 8
MOMENTS = 3
_LONGEST_MOMENT, _LEAST_MOMENT, _LEAD_IN = 45.0, 8.0, 2.0


@dataclass(frozen=True, slots=True)
class Moment:
    """Seconds of a call to hear: where it was said well, or where it went wrong."""

    call_id: int
    agent: str
    start: float
    end: float
    turn: int
    text: str
    good: bool


@dataclass(frozen=True, slots=True)
class Problem:
    """A point or criterion missed, or an objection not answered: by `agents` of `of_agents`, in `calls.hits` of
    `calls.total` calls in which it was due; `before` is the time before, `moved` whether it surely changed.

    `skill` is that of a criterion. `say` are the library's own words for it, with the title of their step.
    """

    kind: Kind
    campaign: str
    id: str
    skill: str
    title: str
    agents: int
    of_agents: int
    calls: Rate
    before: Rate
    moved: Claim
    say: tuple[tuple[str, str], ...] = ()
    moments: tuple[Moment, ...] = ()
    clips: tuple[Clip, ...] = ()


@dataclass(frozen=True, slots=True)
class Evening:
    """`calls` is how many judged calls it is of, by how many agents."""

    calls: int
    agents: int
    problems: tuple[Problem, ...]


_POINTS = """
    SELECT 'point' AS kind, c.campaign, s.point AS id, '' AS skill, c.agent_id, count(*) AS total,
           sum(s.status = 'missed') AS hits
    FROM calls c JOIN spoken_points s ON s.call_id = c.id WHERE {where} GROUP BY 2, 3, 5
"""
_OBJECTIONS = """
    SELECT 'objection' AS kind, c.campaign, o.objection AS id, '' AS skill, c.agent_id, count(DISTINCT c.id) AS total,
           count(DISTINCT CASE WHEN o.answered = 0 THEN c.id END) AS hits
    FROM calls c JOIN raised_objections o ON o.call_id = c.id WHERE {where} GROUP BY 2, 3, 5
"""
_CRITERIA = f"""
    SELECT 'criterion' AS kind, '' AS campaign, k.criterion AS id, k.skill, c.agent_id, count(*) AS total,
           sum(k.value < {WEAK}) AS hits
    FROM calls c JOIN call_criteria k ON k.call_id = c.id WHERE {{where}} GROUP BY 3, 4, 5
"""

_Key = tuple[str, str, str, str]


def evening(store: Store, user: User, period: Period, team_id: int | None = None, language: str = "zh-CN") -> Evening:
    """What a team has in common, what most agents missed first. Raises AccessDenied, NotFound (no team chosen)."""
    team = access.meeting_team(user, team_id)
    if team is None:
        raise NotFound
    now, before = (_counts(store, user, one, team) for one in (period, period.week_before))
    told = store.row(
        f"""SELECT count(*) AS calls, count(DISTINCT c.agent_id) AS agents FROM calls c
            WHERE {_WHERE.format(scope=access.calls_of(user).where)}""",
        _values(user, period, team),
    )
    ranked = sorted((row for row in now.values() if row["hits"]), key=_rank)
    texts = _Texts(store, language, ranked)
    shown = [row for row in ranked if texts.wanted(row)][:MOST_SHOWN]
    problems = tuple(_problem(store, user, period, team, row, before.get(_key(row)), texts) for row in shown)
    return Evening(told["calls"] if told else 0, told["agents"] if told else 0, problems)


_WHERE = f"c.team_id = :team AND c.called_at >= :since AND c.called_at < :until AND {JUDGED} AND {{scope}}"


def _values(user: User, period: Period, team: int) -> dict[str, Any]:
    span = {"since": stamp(period.since), "until": stamp(period.until), "team": team}
    return access.calls_of(user).parameters | span


def _counts(store: Store, user: User, period: Period, team: int) -> dict[_Key, dict[str, Any]]:
    where, values = _WHERE.format(scope=access.calls_of(user).where), _values(user, period, team)
    found: dict[_Key, dict[str, Any]] = {}
    for query in (_POINTS, _OBJECTIONS, _CRITERIA):
        for row in store.rows(query.format(where=where), values):  # one agent's
            kept = found.setdefault(_key(row), row | {"total": 0, "hits": 0, "agents": 0, "of_agents": 0})
            kept["total"] += row["total"]
            kept["hits"] += row["hits"]
            kept["of_agents"] += 1
            kept["agents"] += row["hits"] > 0
    return found


def _key(row: Mapping[str, Any]) -> _Key:
    return row["kind"], row["campaign"] or "", row["skill"], row["id"]


def _rank(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """By how many agents it is common to, then by how often it is missed where it was due."""
    return -row["agents"], -row["hits"] / row["total"], -row["hits"], row["kind"], row["id"]


class _Texts:
    """What libraries and rubric call things, in a language where the rubric has several."""

    def __init__(self, store: Store, language: str, rows: Iterable[Mapping[str, Any]]) -> None:
        self.store, self.language = store, language
        campaigns = {row["campaign"] for row in rows if row["campaign"]}
        self.libraries = {name: measures.library_of(store, name) for name in campaigns}

    def wanted(self, row: Mapping[str, Any]) -> bool:
        """Points that are not required, and those the library no longer has, are nobody's problem."""
        if row["kind"] != "point":
            return True
        library = self.libraries.get(row["campaign"])
        points = {point.id: point for _, point in library.points()} if library else {}
        return row["id"] in points and points[row["id"]].required

    def title(self, row: Mapping[str, Any]) -> str:
        if row["kind"] == "criterion":
            return measures.criterion_title(self.store, row["skill"], row["id"], self.language)
        library = self.libraries.get(row["campaign"])
        if library is None:
            return str(row["id"])
        if row["kind"] == "objection":
            entry = library.entry(row["id"])
            return entry.title if entry else ""
        return next((point.title for _, point in library.points() if point.id == row["id"]), row["id"])

    def say(self, row: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
        library = self.libraries.get(row["campaign"])
        if library is None:
            return ()
        if row["kind"] == "point":
            return tuple(("", text) for _, point in library.points() if point.id == row["id"] for text in point.say[:2])
        entry = library.entry(row["id"])
        return tuple((step.title, step.say[0]) for step in entry.respond if step.say) if entry else ()


def _problem(
    store: Store, user: User, period: Period, team: int, row: Mapping[str, Any], before: Mapping[str, Any] | None,
    texts: _Texts,
) -> Problem:  # fmt: skip
    calls = Rate(row["hits"], row["total"])
    past = Rate(before["hits"], before["total"]) if before else Rate(0, 0)
    return Problem(
        kind=row["kind"],
        campaign=row["campaign"] or "",
        id=row["id"],
        skill=row["skill"],
        title=texts.title(row),
        agents=row["agents"],
        of_agents=row["of_agents"],
        calls=calls,
        before=past,
        moved=claim(calls, past),
        say=texts.say(row),
        moments=_moments(store, user, period, team, row),
        clips=_clips(store, user, row),
    )


def _clips(store: Store, user: User, row: Mapping[str, Any]) -> tuple[Clip, ...]:
    """Clips of the team that are about it, the latest first."""
    if row["kind"] == "criterion":
        return ()
    tag = {row["kind"]: row["id"]}
    return tuple(clips.listing(store, user, clips.Filters(campaign=row["campaign"], per_page=MOMENTS, **tag)).clips)


# Where it was said well is heard of a point that was missed (of what is missing there is nothing to hear), best in
# calls that came to a next step; of objections and criteria, where it went wrong.
_AT = {
    "point": """SELECT c.id, s.turn, NULL AS until_turn, 1 AS good FROM calls c JOIN spoken_points s ON s.call_id = c.id
                WHERE {where} AND c.campaign = :campaign AND s.point = :id AND s.status = 'said' AND s.turn IS NOT NULL
                ORDER BY c.outcome IN ('agreed', 'follow-up') DESC, c.overall DESC, c.called_at DESC LIMIT :most""",
    "objection": """SELECT c.id, o.turn, coalesce(o.answer_turn, o.turn + 1) AS until_turn, 0 AS good
                    FROM calls c JOIN raised_objections o ON o.call_id = c.id
                    WHERE {where} AND c.campaign = :campaign AND o.objection = :id AND o.answered = 0
                    GROUP BY c.id ORDER BY c.called_at DESC LIMIT :most""",
    "criterion": """SELECT c.id, k.turn, NULL AS until_turn, 0 AS good FROM calls c JOIN call_criteria k
                    ON k.call_id = c.id WHERE {where} AND k.skill = :skill AND k.criterion = :id AND k.value < :weak
                    AND k.turn IS NOT NULL ORDER BY k.value, c.called_at DESC LIMIT :most""",
}


def _moments(store: Store, user: User, period: Period, team: int, row: Mapping[str, Any]) -> tuple[Moment, ...]:
    where = _WHERE.format(scope=access.calls_of(user).where)
    values = _values(user, period, team) | {"most": MOMENTS, "weak": WEAK}
    values |= {name: row[name] for name in ("campaign", "id", "skill")}
    found = store.rows(_AT[row["kind"]].format(where=where), values)
    return tuple(
        one for at in found if (one := moment(store, at["id"], at["turn"], at["until_turn"], bool(at["good"])))
    )


def moment(store: Store, call_id: int, turn: int, until_turn: int | None, good: bool) -> Moment | None:
    """The seconds from one turn to the end of another (or of the next that follows), a little before it and not too
    long; None where the call's words are not known."""
    lines = {line.turn: line for line in said.lines(store, [call_id]).get(call_id, ())}
    if turn not in lines:
        return None
    first = lines[turn]
    last = lines.get(until_turn if until_turn is not None else turn, first)
    start = max(0.0, first.start - _LEAD_IN)
    end = min(max(last.end, start + _LEAST_MOMENT), start + _LONGEST_MOMENT)
    agent = store.value("SELECT u.name FROM calls c JOIN users u ON u.id = c.agent_id WHERE c.id = ?", [call_id])
    return Moment(call_id, agent or "", round(start, 2), round(end, 2), turn, mask(first.text), good)
