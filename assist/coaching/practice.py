"""The practice plan: each week at most three themes made of what is weakest, and what the agent practised of them.

It is the agent's own. A lead learns only that and when somebody practised, and only where the agent shares it.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from assist.analysis.rehearsal import Asked, Broken, Reading
from assist.coaching import measures, own, sessions, themes
from assist.coaching.themes import Behind, Kind, Weakness
from assist.errors import NotFound, RequestError
from assist.people import access
from assist.people.users import User
from assist.store import Store
from assist.store.clock import moment, now, stamp
from assist.texts import N_

LONGEST = 1000
_KEPT_TRIES = 10


class NothingSaid(RequestError):
    message = N_("Write or dictate your answer first, then have it read.")


class TooLong(RequestError):
    message = N_("An answer to practise has at most %(most)s characters. Shorten it.")


@dataclass(frozen=True, slots=True)
class Theme:
    """One thing to practise this week. `about` is the id of a point or an objection, or skill/criterion; `missed` of
    `occasions` were counted when the plan was made, over the calls from `since` to `until`."""

    id: int
    kind: Kind
    about: str
    skill: str
    campaign: str
    missed: int
    occasions: int
    since: datetime
    until: datetime
    done_at: datetime | None
    tries: int
    last_tried: datetime | None


@dataclass(frozen=True, slots=True)
class Plan:
    """`week` is the Monday of the plan."""

    week: date
    made_at: datetime
    themes: tuple[Theme, ...]

    @property
    def done(self) -> int:
        return sum(theme.done_at is not None for theme in self.themes)


@dataclass(frozen=True, slots=True)
class Try:
    """One answer, and how it was read."""

    id: int
    sentence: str
    answer: str
    reading: Reading
    made_at: datetime


def plan(store: Store, user: User, at: datetime | None = None) -> Plan:
    """This week's plan; it is made when it is first asked for, and anew while nothing was found weak.

    Raises AccessDenied.
    """
    access.require(user, "own.page")
    at = at or now()
    week = own.monday_of(store, at).isoformat()
    if not _has_themes(store, user, week):
        if not store.value("SELECT 1 FROM practice_plans WHERE agent_id = ? AND week = ?", [user.id, week]):
            measures.catch_up(store, user.id)
        _make(store, user, week, themes.weakest(store, user, at), at)
    made_at = store.value("SELECT made_at FROM practice_plans WHERE agent_id = ? AND week = ?", [user.id, week])
    rows = store.rows(
        _THEMES + "WHERE t.agent_id = ? AND t.week = ? GROUP BY t.id ORDER BY t.position", [user.id, week]
    )
    return Plan(date.fromisoformat(week), moment(made_at), tuple(_theme(row) for row in rows))


def theme(store: Store, user: User, theme_id: int) -> Theme:
    """Raises NotFound: no such theme, or not the user's own."""
    row = store.row(_THEMES + "WHERE t.id = ? AND t.agent_id = ? GROUP BY t.id", [theme_id, user.id])
    if row is None:
        raise NotFound
    return _theme(row)


def title(store: Store, one: Theme, language: str) -> str:
    """What is practised, in the library's or the rubric's own words."""
    if one.kind == "criterion":
        skill, _, criterion = one.about.partition("/")
        return measures.criterion_title(store, skill, criterion, language)
    library = themes.in_force(store, one.campaign)
    if library and one.kind == "objection":
        entry = library.entry(one.about)
        return entry.title if entry else one.about
    points = library.points() if library else ()
    return next((point.title for _, point in points if point.id == one.about), one.about)


def behind(store: Store, user: User, one: Theme) -> tuple[Behind, ...]:
    """The agent's calls that the theme was made of, the latest first."""
    return themes.behind(store, user, one.kind, one.about, one.campaign, one.since, one.until)


def set_done(store: Store, user: User, theme_id: int, done: bool) -> Theme:
    """Raises NotFound."""
    one = theme(store, user, theme_id)
    if done != (one.done_at is not None):
        store.change("UPDATE practice_themes SET done_at = ? WHERE id = ?", [stamp() if done else None, theme_id])
    return theme(store, user, theme_id)


def checked(answer: str) -> str:
    """The answer as it is read and kept. Raises NothingSaid, TooLong."""
    plain = " ".join(answer.split())
    if not plain:
        raise NothingSaid
    if len(plain) > LONGEST:
        raise TooLong(most=LONGEST)
    return plain


def record(store: Store, user: User, theme_id: int, sentence: str, answer: str, reading: Reading) -> Try:
    """Keeps an answer that was practised, for the agent alone. Raises NotFound, NothingSaid, TooLong."""
    theme(store, user, theme_id)
    values = {
        "agent_id": user.id,
        "theme_id": theme_id,
        "sentence": sentence[:LONGEST],
        "answer": checked(answer),
        "reading": json.dumps(asdict(reading), ensure_ascii=False),
        "made_at": stamp(),
    }
    with store.write() as db:
        identity = int(str(db.table("practice_tries").insert(values).last_pk))
    return _try(values | {"id": identity})


def tries(store: Store, user: User, theme_id: int) -> tuple[Try, ...]:
    """The agent's own last answers to a theme, the latest first."""
    rows = store.rows(
        """SELECT id, sentence, answer, reading, made_at FROM practice_tries
           WHERE theme_id = ? AND agent_id = ? ORDER BY id DESC LIMIT ?""",
        [theme_id, user.id, _KEPT_TRIES],
    )
    return tuple(_try(row) for row in rows)


def shares(store: Store, user: User) -> bool:
    """Whether the agent lets the lead know that they practised."""
    return bool(store.value("SELECT shares_practice FROM users WHERE id = ?", [user.id]))


def set_sharing(store: Store, user: User, on: bool) -> None:
    """Raises AccessDenied."""
    access.require(user, "own.page")
    store.change("UPDATE users SET shares_practice = ? WHERE id = ?", [int(on), user.id])


def practised(store: Store, user: User, agent_id: int, since: datetime) -> tuple[datetime, ...] | None:
    """When an agent practised, the latest first; None where the agent does not share it. What was practised, and how
    well, nobody else learns. Raises NotFound where the agent is not the user's."""
    agent = sessions.agent_of(store, user, agent_id)
    if user.id != agent_id and not shares(store, agent):
        return None
    rows = store.rows(
        "SELECT made_at FROM practice_tries WHERE agent_id = ? AND made_at >= ? ORDER BY made_at DESC",
        [agent_id, stamp(since)],
    )
    return tuple(moment(row["made_at"]) for row in rows)


_THEMES = """
    SELECT t.id, t.kind, t.about, t.skill, t.campaign, t.missed, t.occasions, t.since, t.until, t.done_at,
           count(p.id) AS tries, max(p.made_at) AS last_tried
    FROM practice_themes t LEFT JOIN practice_tries p ON p.theme_id = t.id
"""


def _has_themes(store: Store, user: User, week: str) -> bool:
    return bool(store.value("SELECT 1 FROM practice_themes WHERE agent_id = ? AND week = ?", [user.id, week]))


def _make(store: Store, user: User, week: str, found: tuple[Weakness, ...], at: datetime) -> None:
    """Two pages asking at once make one plan."""
    with store.write() as db:
        if _has_themes(store, user, week):
            return
        values = {"agent_id": user.id, "week": week, "made_at": stamp(at)}
        db.table("practice_plans").upsert(values, pk=("agent_id", "week"))
        for number, one in enumerate(found, 1):
            db.table("practice_themes").insert(_row(one, user, week, number))


def _row(one: Weakness, user: User, week: str, position: int) -> dict[str, Any]:
    return {
        "agent_id": user.id,
        "week": week,
        "position": position,
        "kind": one.kind,
        "about": one.about,
        "skill": one.skill,
        "campaign": one.campaign,
        "missed": one.missed,
        "occasions": one.occasions,
        "since": stamp(one.since),
        "until": stamp(one.until),
    }


def _theme(row: dict[str, Any]) -> Theme:
    times = {name: moment(row[name]) if row[name] else None for name in ("since", "until", "done_at", "last_tried")}
    return Theme(**row | times)


def _try(row: dict[str, Any]) -> Try:
    told = json.loads(row["reading"])
    lists = {name: tuple(told[name]) for name in ("steps", "missing", "points", "left_out")}
    asked = tuple(Asked(**one) for one in told["questions"])
    broken = tuple(Broken(**one) for one in told["broken"])
    reading = Reading(**lists, questions=asked, broken=broken)
    return Try(row["id"], row["sentence"], row["answer"], reading, moment(row["made_at"]))
