"""Clips: the seconds of a call worth hearing again, with a title and for whom. A clip that is shared is heard and read
without the rest of its call."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from assist.analysis.findings import SKILLS
from assist.calls import calls
from assist.calls.calls import Call
from assist.coaching.clip_words import said, told
from assist.coaching.excerpts import Line
from assist.errors import NotFound, RequestError
from assist.people import access, audit
from assist.people.users import User
from assist.store import Store
from assist.store.clock import moment, stamp
from assist.store.paging import cut, size_of
from assist.store.signs import containing
from assist.texts import N_

Outcome = Literal["won", "lost", "neutral"]
Audience = Literal["newcomer", "experienced", "model"]
Shared = Literal["nobody", "team", "all"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
AUDIENCES: tuple[Audience, ...] = get_args(Audience)
SHARED: tuple[Shared, ...] = get_args(Shared)

MOST_SECONDS = 600.0
MOST_PER_PAGE = 100
_LONGEST_TITLE, _LONGEST_NOTE = 120, 2000
_WON, _LOST = ("agreed", "follow-up"), ("refused", "hung-up")


class NoTitle(RequestError):
    message = N_("Give the clip a title, so that others find it.")


class BadStretch(RequestError):
    message = N_("A clip begins before it ends, lies inside the call and lasts at most %(most)s minutes.")


class UnknownChoice(RequestError):
    message = N_("“%(given)s” is not one of %(known)s.")


@dataclass(frozen=True, slots=True)
class Clip:
    """`start` and `end` are seconds of the call. Where `hide_names` is set, agent and customer are empty and their
    names are taken out of `title`, `note` and `lines`.

    `skill`, `point` and `objection` are tags, empty where there is none. `may_open` says whether this user may open the
    call, `may_change` whether they may change, share or remove the clip.
    """

    id: int
    call_id: int
    called_at: datetime
    campaign: str
    campaign_title: str
    agent: str
    team: str
    team_id: int | None
    customer: str
    start: float
    end: float
    title: str
    note: str
    outcome: Outcome
    audience: Audience
    skill: str
    point: str
    objection: str
    hide_names: bool
    shared: Shared
    made_by: str
    made_at: datetime
    lines: tuple[Line, ...]
    may_open: bool
    may_change: bool

    @property
    def seconds(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """All optional. `text` is looked for in title, note and what is said; `maker` is the id of who made it,
    `agent_id` of who speaks."""

    text: str | None = None
    outcome: str | None = None
    audience: str | None = None
    skill: str | None = None
    point: str | None = None
    objection: str | None = None
    campaign: str | None = None
    call_id: int | None = None
    maker: int | None = None
    agent_id: int | None = None
    shared: str | None = None
    page: int = 1
    per_page: int = 24


@dataclass(frozen=True, slots=True)
class Page:
    """One page of clips, the latest first; `total` counts all that match."""

    clips: list[Clip]
    total: int
    page: int
    pages: int


def add(
    store: Store,
    user: User,
    call_id: int,
    start: float,
    end: float,
    title: str,
    audience: str = "experienced",
    outcome: str | None = None,
    hide_names: bool = False,
    *,
    note: str = "",
    skill: str = "",
    point: str = "",
    objection: str = "",
    shared: str = "nobody",
) -> Clip:
    """Cuts a clip out of a call the user may read. Without `outcome` it is told by how the call ended.

    Raises NotFound, AccessDenied (sharing is for leads), NothingHeard, NoTitle, BadStretch, UnknownChoice.
    """
    access.require(user, "clip.make")
    if shared != "nobody":
        access.require(user, "clip.share")
    call = calls.get(store, user, call_id)
    values = _facts(
        call, start, end, title=title, note=note, audience=audience, outcome=outcome or ended(call), skill=skill,
        point=point, objection=objection,
    )  # fmt: skip
    at = stamp()
    values |= {"call_id": call.id, "hide_names": int(hide_names), "made_by": user.id, "made_at": at}
    values |= {"shared": _one_of(shared, SHARED), "team_id": call.team_id}
    values |= {"shared_by": user.id, "shared_at": at} if shared != "nobody" else {}
    with store.write() as db:
        clip_id = int(str(db.table("clips").insert(values | said(store, call, values)).last_pk))
        audit.record(store, user, "clip.make", f"clip:{clip_id}", call=call.id, shared=shared)
    return get(store, user, clip_id)


def get(store: Store, user: User, clip_id: int) -> Clip:
    """Raises NotFound: no such clip, or not for this user."""
    found = some(store, user, [clip_id])
    if not found:
        raise NotFound
    return found[0]


def opened(store: Store, user: User, clip_id: int) -> Clip:
    """As `get`, for somebody who reads what is said in it: who sees clips of all teams leaves a trace."""
    clip = get(store, user, clip_id)
    if access.leaves_trace(user):
        audit.record_once(store, user, "clip.open", f"clip:{clip_id}", within=calls.TRACE_EVERY)
    return clip


def some(store: Store, user: User, clip_ids: Iterable[int]) -> list[Clip]:
    """Those of the clips that the user may hear, in the order asked for."""
    wanted = list(clip_ids)
    rows = _rows(store, user, "k.id IN (SELECT value FROM json_each(:ids))", {"ids": json.dumps(wanted)})
    found = {row["id"]: _clip(row, user) for row in rows}
    return [found[clip_id] for clip_id in wanted if clip_id in found]


def listing(store: Store, user: User, filters: Filters | None = None) -> Page:
    """The clips the user may hear that match."""
    filters = filters or Filters()
    where, values = _conditions(filters)
    scope = access.clips_of(user)
    total = int(
        store.value(f"SELECT count(*) FROM {_TABLES} WHERE {scope.where} AND {where}", values | scope.parameters)
    )
    part = cut(total, filters.page, size_of(filters.per_page, MOST_PER_PAGE))
    order = " ORDER BY k.made_at DESC, k.id DESC LIMIT :size OFFSET :skip"
    rows = _rows(store, user, where + order, values | {"size": part.size, "skip": part.skip})
    return Page([_clip(row, user) for row in rows], total, part.number, part.pages)


def change(
    store: Store,
    user: User,
    clip_id: int,
    *,
    title: str,
    audience: str,
    outcome: str,
    hide_names: bool,
    start: float | None = None,
    end: float | None = None,
    note: str = "",
    skill: str = "",
    point: str = "",
    objection: str = "",
) -> Clip:
    """A title or note that comes back as it was shown stays as it was written, names and all.

    Raises NotFound (also where the clip is somebody else's), NoTitle, BadStretch, UnknownChoice.
    """
    clip = _changeable(store, user, clip_id)
    call = calls.load(store, clip.call_id)
    written = store.rows("SELECT title, note FROM clips WHERE id = ?", [clip_id])[0]
    title = written["title"] if title == clip.title else title
    note = written["note"] if note == clip.note else note
    values = _facts(
        call, clip.start if start is None else start, clip.end if end is None else end, title=title, note=note,
        audience=audience, outcome=outcome, skill=skill, point=point, objection=objection,
    )  # fmt: skip
    values["hide_names"] = int(hide_names)
    with store.write() as db:
        db.table("clips").update(clip_id, values | said(store, call, values))
        audit.record(store, user, "clip.change", f"clip:{clip_id}")
    return get(store, user, clip_id)


def share(store: Store, user: User, clip_id: int, shared: str) -> Clip:
    """With nobody, the call's team, or all teams. Raises NotFound, AccessDenied, UnknownChoice."""
    access.require(user, "clip.share")
    _changeable(store, user, clip_id)
    values: dict[str, Any] = {"shared": _one_of(shared, SHARED), "shared_by": user.id, "shared_at": stamp()}
    with store.write() as db:
        db.table("clips").update(clip_id, values)
        audit.record(store, user, "clip.share", f"clip:{clip_id}", shared=shared)
    return get(store, user, clip_id)


def remove(store: Store, user: User, clip_id: int) -> None:
    """Raises NotFound."""
    clip = _changeable(store, user, clip_id)
    with store.write() as db:
        db.execute("DELETE FROM clips WHERE id = ?", [clip_id])
        audit.record(store, user, "clip.remove", f"clip:{clip_id}", call=clip.call_id)


_COLUMNS = """
    k.id, k.call_id, k.start, k.stop, k.title, k.note, k.outcome, k.audience, k.skill, k.point, k.objection,
    k.hide_names, k.shared, k.team_id, k.lines, k.made_by AS maker, k.made_at, c.called_at, c.customer, c.agent_id,
    coalesce(c.campaign, '') AS campaign, coalesce(p.title, '') AS campaign_title, coalesce(u.name, '') AS agent,
    coalesce(t.name, '') AS team, w.name AS made_by
"""
_TABLES = """
    clips k JOIN calls c ON c.id = k.call_id JOIN users w ON w.id = k.made_by
    LEFT JOIN users u ON u.id = c.agent_id LEFT JOIN teams t ON t.id = k.team_id
    LEFT JOIN campaigns p ON p.id = c.campaign
"""


def _rows(store: Store, user: User, where: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    clips, opens = access.clips_of(user), access.calls_of(user)
    return store.rows(
        f"SELECT {_COLUMNS}, {opens.where} AS may_open FROM {_TABLES} WHERE {clips.where} AND {where}",
        values | clips.parameters | opens.parameters,
    )


def _conditions(filters: Filters) -> tuple[str, dict[str, Any]]:
    plain: dict[str, Any] = {
        "outcome": filters.outcome, "audience": filters.audience, "skill": filters.skill, "point": filters.point,
        "objection": filters.objection, "call_id": filters.call_id, "made_by": filters.maker, "shared": filters.shared,
    }  # fmt: skip
    values = {name: value for name, value in plain.items() if value}
    conditions = [f"k.{name} = :{name}" for name in values]
    if filters.agent_id:
        conditions.append("c.agent_id = :agent_id")
        values["agent_id"] = filters.agent_id
    if filters.campaign:
        conditions.append("c.campaign = :campaign")
        values["campaign"] = filters.campaign
    for number, word in enumerate((filters.text or "").split()[:8]):
        conditions.append(f"k.words LIKE :word{number} ESCAPE '!'")
        values[f"word{number}"] = containing(word.casefold())
    return " AND ".join(["1", *conditions]), values


def _facts(
    call: Call, start: float, end: float, *, title: str, note: str, audience: str, outcome: str, skill: str, point: str,
    objection: str,
) -> dict[str, Any]:  # fmt: skip
    if not title.strip():
        raise NoTitle
    whole = call.seconds if call.seconds is not None else end
    if not 0 <= start < end <= whole + 1 or end - start > MOST_SECONDS:
        raise BadStretch(most=round(MOST_SECONDS / 60))
    return {
        "start": round(start, 2),
        "stop": round(min(end, whole), 2),
        "title": title.strip()[:_LONGEST_TITLE],
        "note": note.strip()[:_LONGEST_NOTE],
        "audience": _one_of(audience, AUDIENCES),
        "outcome": _one_of(outcome, OUTCOMES),
        "skill": _one_of(skill, ("", *SKILLS)),
        "point": point.strip()[:80],
        "objection": objection.strip()[:80],
    }


def _one_of(given: str, known: Iterable[str]) -> str:
    if given not in known:
        raise UnknownChoice(given=given[:40], known=", ".join(name for name in known if name))
    return given


def ended(call: Call) -> Outcome:
    """What a call came to, as a clip tells it."""
    return "won" if call.outcome in _WON else "lost" if call.outcome in _LOST else "neutral"


def _changeable(store: Store, user: User, clip_id: int) -> Clip:
    clip = get(store, user, clip_id)
    if not clip.may_change:
        raise NotFound
    return clip


def _clip(row: dict[str, Any], user: User) -> Clip:
    names = (row["agent"], row["customer"]) if row["hide_names"] else None
    own = row["maker"] == row["agent_id"]
    may_change = access.may_change_clip(
        user, made_by=row["maker"], team_id=row["team_id"], shared=row["shared"] != "nobody"
    )
    kept = {name: row[name] for name in _KEPT}
    return Clip(
        **kept,
        called_at=moment(row["called_at"]),
        agent="" if names else row["agent"],
        customer="" if names else row["customer"],
        end=row["stop"],
        title=told(row["title"], names),
        note=told(row["note"], names),
        hide_names=bool(row["hide_names"]),
        made_by="" if names and own else row["made_by"],
        made_at=moment(row["made_at"]),
        lines=tuple(Line(*line) for line in json.loads(row["lines"])),
        may_open=bool(row["may_open"]),
        may_change=may_change,
    )


_KEPT = (
    "id", "call_id", "campaign", "campaign_title", "team", "team_id", "start", "outcome", "audience", "skill", "point",
    "objection", "shared",
)  # fmt: skip
