"""Blind scoring: a lead scores a call before seeing what the machine made of it, and without knowing whose it is.

Which call is drawn at random, balanced over agents and over bands of the score; every third time one that another
person has scored, so that leads can be compared with each other. A call that the lead has worked on is never drawn.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random, SystemRandom
from typing import Any

from assist.analysis.findings import SKILLS
from assist.analysis.scale import STEPS, WIDTH
from assist.calls import calls
from assist.calls.calls import Call
from assist.errors import Conflict, NotFound, RequestError
from assist.people import access, audit
from assist.people.users import User
from assist.store import Store
from assist.store.clock import moment, now, stamp
from assist.texts import N_

DAYS = 90
"""How old a call may be that is drawn."""
SHARED_EVERY = 3
FOCUSES = (*SKILLS, "compliance", "none")


class NothingToScore(NotFound):
    message = N_("There is no judged call left that you have not worked on or scored. Come back when new ones are in.")


class ScoredAlready(Conflict):
    message = N_("This call has been scored or put aside already. Take the next one.")


class BadScore(RequestError):
    message = N_("Give every skill 0 to 100 points, or say that there was no occasion.")


@dataclass(frozen=True, slots=True)
class Blind:
    """A call given to a person to score. `state` open, scored or passed (put aside unscored)."""

    id: int
    call_id: int
    user_id: int
    state: str
    given_at: datetime
    scored_at: datetime | None
    focus: str
    needed: bool
    note: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Points (0–100) of a skill where `criterion` is empty, else a criterion's value (0–1); None: no occasion."""

    skill: str
    criterion: str
    value: float | None
    machine: float | None


@dataclass(frozen=True, slots=True)
class Given:
    """What a lead fills in. `criteria` by (skill, criterion), 0–1, as many as the lead wishes."""

    skills: Mapping[str, int | None]
    criteria: Mapping[tuple[str, str], float]
    focus: str = "none"
    needed: bool = False
    note: str = ""


def draw(store: Store, user: User, random: Random | None = None) -> Blind:
    """The call that the user is to score: the one still open, else a new one. Raises AccessDenied, NothingToScore."""
    access.require(user, "call.blind-score")
    if (found := open_one(store, user)) is not None:
        return found
    chosen = _shared(store, user) or _balanced(store, user, random or SystemRandom())
    if chosen is None:
        raise NothingToScore
    with store.write() as db:
        if (found := open_one(store, user)) is not None:
            return found
        db.table("blind_scores").insert({"call_id": chosen, "user_id": user.id, "state": "open", "given_at": stamp()})
        audit.record(store, user, "blind.draw", f"call:{chosen}")
    found = open_one(store, user)
    assert found is not None
    return found


def open_one(store: Store, user: User) -> Blind | None:
    row = store.row(f"{_SELECT} WHERE s.user_id = ? AND s.state = 'open'", [user.id])
    return _blind(row) if row else None


def get(store: Store, user: User, blind_id: int) -> Blind:
    """One's own. Raises NotFound, also where the call is not the user's to read any more."""
    scope = access.calls_of(user)
    row = store.row(
        f"{_SELECT} JOIN calls c ON c.id = s.call_id WHERE s.id = :id AND s.user_id = :who AND {scope.where}",
        {"id": blind_id, "who": user.id} | scope.parameters,
    )
    if row is None:
        raise NotFound
    return _blind(row)


def call_of(store: Store, user: User, blind_id: int) -> Call:
    """The call behind it. Raises NotFound."""
    return calls.load(store, get(store, user, blind_id).call_id)


def score(store: Store, user: User, blind_id: int, given: Given) -> Blind:
    """Keeps the points, with those of the machine beside them. Raises NotFound, BadScore, ScoredAlready."""
    found = get(store, user, blind_id)
    _check(given)
    report = calls.machine_analysis(store, calls.load(store, found.call_id))
    machine = marks_of(report or {})
    wanted: dict[tuple[str, str], float | None] = {(skill, ""): value for skill, value in given.skills.items()}
    wanted |= given.criteria
    with store.write() as db:
        done = db.execute(
            """UPDATE blind_scores SET state = 'scored', scored_at = ?, focus = ?, needed = ?, note = ?
               WHERE id = ? AND state = 'open'""",
            [stamp(), given.focus, int(given.needed), given.note.strip()[:1000], found.id],
        ).rowcount
        if not done:
            raise ScoredAlready
        db.conn.executemany(
            "INSERT INTO blind_marks (blind_id, skill, criterion, value, machine) VALUES (?, ?, ?, ?, ?)",
            [(found.id, *name, value, machine.get(name)) for name, value in wanted.items()],
        )
        audit.record(store, user, "blind.score", f"call:{found.call_id}")
    return get(store, user, blind_id)


def put_aside(store: Store, user: User, blind_id: int) -> None:
    """Not to be scored: the lead knows it, or it cannot be heard. It is not drawn again. Raises NotFound,
    ScoredAlready."""
    found = get(store, user, blind_id)
    if not store.change("UPDATE blind_scores SET state = 'passed' WHERE id = ? AND state = 'open'", [found.id]):
        raise ScoredAlready


def marks(store: Store, blind_id: int) -> list[Mark]:
    rows = store.rows(
        "SELECT skill, criterion, value, machine FROM blind_marks WHERE blind_id = ? ORDER BY skill, criterion",
        [blind_id],
    )
    return [Mark(**row) for row in rows]


def scored(store: Store, user: User) -> int:
    """How many calls the user has scored."""
    return int(store.value("SELECT count(*) FROM blind_scores WHERE user_id = ? AND state = 'scored'", [user.id]))


def renew(store: Store, call_id: int, machine: Mapping[str, Any]) -> None:
    """Puts the newest machine scores of a call beside what people gave it."""
    rows = store.rows(
        """SELECT m.blind_id, m.skill, m.criterion FROM blind_marks m JOIN blind_scores s ON s.id = m.blind_id
           WHERE s.call_id = ?""",
        [call_id],
    )
    known = marks_of(machine) if rows else {}
    for row in rows:
        store.change(
            "UPDATE blind_marks SET machine = ? WHERE blind_id = ? AND skill = ? AND criterion = ?",
            [known.get((row["skill"], row["criterion"])), row["blind_id"], row["skill"], row["criterion"]],
        )


def marks_of(report: Mapping[str, Any]) -> dict[tuple[str, str], float | None]:
    """What the machine gave, by (skill, criterion); the skill itself under an empty criterion."""
    scores = report.get("scores", {})
    found: dict[tuple[str, str], float | None] = {}
    for skill in SKILLS:
        score = scores.get(skill, {})
        found[skill, ""] = score.get("value")
        found |= {(skill, line["id"]): line["value"] for line in score.get("criteria", ())}
    return found


def _check(given: Given) -> None:
    points = [value for value in given.skills.values() if value is not None]
    if set(given.skills) != set(SKILLS) or not all(0 <= value <= 100 for value in points):
        raise BadScore
    if given.focus not in FOCUSES or not all(0 <= value <= 1 for value in given.criteria.values()):
        raise BadScore


_UNTOUCHED = """
    c.state = 'ready' AND c.overall IS NOT NULL AND coalesce(c.agent_id, 0) <> :who AND c.called_at >= :since
    AND NOT EXISTS (SELECT 1 FROM blind_scores s WHERE s.call_id = c.id AND s.user_id = :who)
    AND NOT EXISTS (SELECT 1 FROM finding_verdicts v WHERE v.call_id = c.id AND v.made_by = :who)
    AND NOT EXISTS (SELECT 1 FROM queue_items q WHERE q.call_id = c.id AND :who IN (q.claimed_by, q.closed_by))
"""


def _facts(user: User) -> dict[str, Any]:
    return {"who": user.id, "since": stamp(now() - timedelta(days=DAYS))}


def _shared(store: Store, user: User) -> int | None:
    """Every so often a call that one other person has scored, the one waiting longest."""
    if scored(store, user) % SHARED_EVERY != SHARED_EVERY - 1:
        return None
    scope = access.calls_of(user)
    found: int | None = store.value(
        f"""SELECT c.id FROM blind_scores o JOIN calls c ON c.id = o.call_id
            WHERE o.state = 'scored' AND o.user_id <> :who AND {_UNTOUCHED} AND {scope.where}
            GROUP BY c.id HAVING count(*) = 1 ORDER BY min(o.scored_at) LIMIT 1""",
        _facts(user) | scope.parameters,
    )
    return found


def _balanced(store: Store, user: User, random: Random) -> int | None:
    """A call of an agent who was scored least, in the band of scores that was drawn least."""
    drawn = _bands(store)
    for agent_id in _agents(store, user, random):
        rows = store.rows(
            f"SELECT c.id, c.overall FROM calls c WHERE c.agent_id = :agent AND {_UNTOUCHED}",
            _facts(user) | {"agent": agent_id},
        )
        if rows:
            least = min(drawn[_band(row["overall"])] for row in rows)
            return int(random.choice([row["id"] for row in rows if drawn[_band(row["overall"])] == least]))
    return None


def _agents(store: Store, user: User, random: Random) -> list[int]:
    """Those whose calls the user may read, the least scored first, in no order between equals."""
    rows = store.rows(
        """WITH done AS (
               SELECT c.agent_id, count(*) AS n FROM blind_scores s JOIN calls c ON c.id = s.call_id
               WHERE s.state = 'scored' GROUP BY c.agent_id
           )
           SELECT u.id, coalesce(d.n, 0) AS scored FROM users u LEFT JOIN done d ON d.agent_id = u.id
           WHERE u.role = 'agent' AND u.id <> :who AND (:everybody OR u.team_id = :team)""",
        {"who": user.id, "everybody": int(user.role == "admin"), "team": user.team_id},
    )
    ranked = sorted(rows, key=lambda row: (row["scored"], random.random()))
    return [int(row["id"]) for row in ranked]


def _bands(store: Store) -> dict[int, int]:
    """How often a call of each band was given to anybody."""
    rows = store.rows("SELECT c.overall, count(*) AS n FROM blind_scores s JOIN calls c ON c.id = s.call_id GROUP BY 1")
    found = dict.fromkeys(range(STEPS), 0)
    for row in rows:
        if row["overall"] is not None:
            found[_band(row["overall"])] += row["n"]
    return found


def _band(overall: int) -> int:
    return min(STEPS - 1, int(overall // WIDTH))


_SELECT = """
    SELECT s.id, s.call_id, s.user_id, s.state, s.given_at, s.scored_at, s.focus, s.needed, s.note FROM blind_scores s
"""


def _blind(row: dict[str, Any]) -> Blind:
    times = {"given_at": moment(row["given_at"]), "scored_at": moment(row["scored_at"]) if row["scored_at"] else None}
    return Blind(**row | times | {"needed": bool(row["needed"])})
