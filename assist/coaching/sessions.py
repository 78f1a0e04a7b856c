"""One-on-ones: planned, held with notes on moments of calls and what was agreed, signed by lead and agent.

Once the lead has signed, nothing in it changes unless the lead takes the signature back; once both have, nothing at
all: what comes to mind later is added as a remark.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from assist.coaching import queue, release
from assist.errors import Conflict, NotFound, RequestError
from assist.people import access, audit, users
from assist.people.users import User
from assist.privacy import NUMBERS, mask
from assist.store import Store
from assist.store.clock import moment, now, stamp
from assist.texts import N_

State = Literal["planned", "held", "signed", "cancelled"]
TRACE_EVERY = timedelta(hours=1)
MOST_WORDS = 2000


class AlreadySigned(Conflict):
    message = N_("This one-on-one is signed and stays as it is. Add a remark instead.")


class NotYetSigned(Conflict):
    message = N_("The lead has not signed this one-on-one yet. Wait for it, then sign.")


class NotHeld(Conflict):
    message = N_("This one-on-one has not begun or was called off. Begin it first.")


class InTheFuture(RequestError):
    message = N_("A talk that was held cannot lie in the future. Give a time that has been, or plan it.")


class WordsMissing(RequestError):
    message = N_("Write a few words first.")


@dataclass(frozen=True, slots=True)
class Note:
    """`call_id` and `start` (seconds): the moment it is about, None without one. `words` are empty where the moment is
    still to be talked about. A `remark` was added after signing."""

    id: int
    session_id: int
    call_id: int | None
    called_at: datetime | None
    start: float | None
    quote: str
    words: str
    remark: bool
    written_by_id: int
    written_by: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """`held_at` is None while it is planned; `lead_signed_at` and `agent_signed_at` until they sign."""

    id: int
    agent_id: int
    agent: str
    lead_id: int
    lead: str
    state: State
    planned_for: datetime | None
    held_at: datetime | None
    summary: str
    lead_signed_at: datetime | None
    agent_signed_at: datetime | None

    @property
    def open(self) -> bool:
        """Whether the lead may still write in it."""
        return self.state in ("planned", "held") and self.lead_signed_at is None


@dataclass(frozen=True, slots=True)
class Moment:
    """A place to talk about."""

    call_id: int
    start: float | None = None
    quote: str = ""


def agent_of(store: Store, user: User, agent_id: int, *, to_lead: bool = False) -> User:
    """The agent, if one-on-ones with them are for the user. What an admin opens leaves a trace. Raises NotFound."""
    agent = users.get(store, agent_id)
    access.see_coaching(user, agent, to_lead=to_lead)
    if access.leaves_trace(user):
        audit.record_once(store, user, "coaching.open", f"user:{agent_id}", within=TRACE_EVERY)
    return agent


def plan(store: Store, user: User, agent_id: int, at: datetime, moments: Sequence[Moment] = ()) -> Session:
    """Puts a talk into the calendar. Raises NotFound."""
    return _create(store, user, agent_id, {"state": "planned", "planned_for": stamp(at)}, moments)


def begin(
    store: Store, user: User, agent_id: int, moments: Sequence[Moment] = (), held_at: datetime | None = None
) -> Session:
    """A talk without a plan, now or written up later. Raises NotFound, InTheFuture."""
    return _create(store, user, agent_id, {"state": "held", "held_at": stamp(_been(held_at))}, moments)


def hold(store: Store, user: User, session_id: int, held_at: datetime | None = None) -> Session:
    """The planned talk takes place. Raises NotFound, NotHeld, InTheFuture."""
    with store.write():
        session = _mine(store, user, session_id)
        if session.state != "planned":
            raise NotHeld
        _set(store, session_id, state="held", held_at=stamp(_been(held_at)))
        audit.record(store, user, "coaching.begin", f"coaching:{session_id}", agent=session.agent_id)
        return get(store, user, session_id)


def move(store: Store, user: User, session_id: int, at: datetime) -> Session:
    """Plans it for another time. Raises NotFound, NotHeld."""
    with store.write():
        if _mine(store, user, session_id).state != "planned":
            raise NotHeld
        _set(store, session_id, planned_for=stamp(at))
        audit.record(store, user, "coaching.plan", f"coaching:{session_id}")
        return get(store, user, session_id)


def cancel(store: Store, user: User, session_id: int) -> None:
    """Calls a planned or begun talk off; what was agreed in it is void. Raises NotFound, AlreadySigned."""
    with store.write() as db:
        _writable(store, user, session_id)
        db.execute(
            """UPDATE actions SET settled_by = NULL, settled_at = NULL
               WHERE id IN (SELECT follows FROM actions WHERE session_id = ?)""",
            [session_id],
        )
        db.table("actions").delete_where("session_id = ?", [session_id])
        _set(store, session_id, state="cancelled")
        audit.record(store, user, "coaching.cancel", f"coaching:{session_id}")


def get(store: Store, user: User, session_id: int) -> Session:
    """Raises NotFound: no such talk, or not for this user. What is written in it is for who `may_read`."""
    scope = access.coaching_of(user)
    row = store.row(f"{_SELECT} WHERE s.id = :id AND {scope.where}", {"id": session_id} | scope.parameters)
    if row is None:
        raise NotFound
    if access.leaves_trace(user):
        audit.record_once(store, user, "coaching.open", f"user:{row['agent_id']}", within=TRACE_EVERY)
    return _session(row)


def of_agent(store: Store, user: User, agent_id: int, most: int = 50) -> tuple[Session, ...]:
    """The talks with one agent, the latest first. Raises NotFound."""
    agent_of(store, user, agent_id)
    rows = store.rows(f"{_SELECT} WHERE s.agent_id = ? ORDER BY s.id DESC LIMIT ?", [agent_id, most])
    return tuple(_session(row) for row in rows)


def may_read(user: User, session: Session) -> bool:
    """Whether the user may read what is written in a talk: agents once their lead has signed it."""
    return user.id != session.agent_id or session.lead_signed_at is not None


def notes(store: Store, session: Session) -> tuple[Note, ...]:
    """In the order they were written; remarks at the end."""
    rows = store.rows(
        """SELECT n.id, n.session_id, n.call_id, c.called_at, n.start, n.quote, n.words, n.remark,
                  n.written_by AS written_by_id, u.name AS written_by, n.written_at
           FROM session_notes n JOIN users u ON u.id = n.written_by LEFT JOIN calls c ON c.id = n.call_id
           WHERE n.session_id = ? ORDER BY n.remark, n.id""",
        [session.id],
    )
    return tuple(_note(row) for row in rows)


def note(store: Store, user: User, session_id: int, words: str, at: Moment | None = None) -> Note:
    """Writes a note, about a moment of one of the agent's calls or about none.

    Raises NotFound (the talk or the call), NotHeld, AlreadySigned, WordsMissing.
    """
    with store.write():
        session = _writable(store, user, session_id)
        if at is None and not words.strip():
            raise WordsMissing
        note_id = _write(store, user, session, words, at)
        return next(one for one in notes(store, session) if one.id == note_id)


def rewrite(store: Store, user: User, session_id: int, note_id: int, words: str) -> None:
    """Puts other words to a note. Raises NotFound, AlreadySigned."""
    with store.write() as db:
        _writable(store, user, session_id)
        changed = db.execute(
            "UPDATE session_notes SET words = ?, written_by = ?, written_at = ? WHERE id = ? AND session_id = ?",
            [words.strip()[:MOST_WORDS], user.id, stamp(), note_id, session_id],
        ).rowcount
        if not changed:
            raise NotFound


def strike(store: Store, user: User, session_id: int, note_id: int) -> None:
    """Takes a note away. Raises NotFound, AlreadySigned."""
    with store.write() as db:
        _writable(store, user, session_id)
        if not db.execute("DELETE FROM session_notes WHERE id = ? AND session_id = ?", [note_id, session_id]).rowcount:
            raise NotFound


def summarise(store: Store, user: User, session_id: int, summary: str) -> None:
    """The talk in a few words. Raises NotFound, AlreadySigned."""
    with store.write():
        _writable(store, user, session_id)
        _set(store, session_id, summary=summary.strip()[:MOST_WORDS])


def sign(store: Store, user: User, session_id: int) -> Session:
    """The lead signs first, then the agent, each with their own account.

    With the lead's signature the calls talked about leave the queue and are released to the agent. Raises NotFound,
    NotHeld, NotYetSigned, AlreadySigned.
    """
    with store.write():
        session = get(store, user, session_id)
        if session.state == "signed":
            raise AlreadySigned
        if session.state != "held":
            raise NotHeld
        if user.id == session.agent_id:
            _sign_as_agent(store, session)
        else:
            _sign_as_lead(store, user, session)
        audit.record(store, user, "coaching.sign", f"coaching:{session_id}", agent=session.agent_id)
        return get(store, user, session_id)


def unsign(store: Store, user: User, session_id: int) -> Session:
    """The lead takes the signature back to change something, while the agent has not signed. Raises AlreadySigned,
    NotFound."""
    with store.write():
        session = _mine(store, user, session_id)
        if session.state == "signed":
            raise AlreadySigned
        _set(store, session_id, lead_signed_at=None)
        audit.record(store, user, "coaching.unsign", f"coaching:{session_id}")
        return get(store, user, session_id)


def remark(store: Store, user: User, session_id: int, words: str) -> Note:
    """Adds to a talk after the lead's signature: lead or agent, beneath what was signed. Raises NotFound, NotYetSigned,
    WordsMissing."""
    with store.write():
        session = get(store, user, session_id)
        if user.id != session.agent_id:
            _mine(store, user, session_id)
        if session.lead_signed_at is None:
            raise NotYetSigned
        if not words.strip():
            raise WordsMissing
        note_id = _write(store, user, session, words, None, remark=True)
        audit.record(store, user, "coaching.remark", f"coaching:{session_id}")
        return next(one for one in notes(store, session) if one.id == note_id)


def writable(store: Store, user: User, session_id: int) -> Session:
    """The talk, if it takes place and the user may write in it now. Raises NotFound, NotHeld, AlreadySigned."""
    session = _writable(store, user, session_id)
    if session.state != "held":
        raise NotHeld
    return session


_SELECT = """
    SELECT s.id, s.agent_id, a.name AS agent, s.lead_id, l.name AS lead, s.state, s.planned_for, s.held_at, s.summary,
           s.lead_signed_at, s.agent_signed_at
    FROM coaching_sessions s JOIN users a ON a.id = s.agent_id JOIN users l ON l.id = s.lead_id
"""
_TIMES = ("planned_for", "held_at", "lead_signed_at", "agent_signed_at")


def _session(row: dict[str, Any]) -> Session:
    return Session(**row | {name: moment(row[name]) if row[name] else None for name in _TIMES})


def _note(row: dict[str, Any]) -> Note:
    times = {"called_at": moment(row["called_at"]) if row["called_at"] else None}
    quote = mask(row["quote"], kinds=NUMBERS)  # a signed one never changes, nor do quotes of before there were masks
    return Note(
        **row | times | {"written_at": moment(row["written_at"]), "remark": bool(row["remark"]), "quote": quote}
    )


def _create(store: Store, user: User, agent_id: int, values: dict[str, Any], moments: Sequence[Moment]) -> Session:
    with store.write() as db:
        agent = agent_of(store, user, agent_id, to_lead=True)
        known = {"agent_id": agent.id, "lead_id": user.id, "team_id": agent.team_id, "created_at": stamp()}
        session_id = int(str(db.table("coaching_sessions").insert(known | values).last_pk))
        session = get(store, user, session_id)
        for at in moments:
            _write(store, user, session, "", at)
        action = "coaching.plan" if session.state == "planned" else "coaching.begin"
        audit.record(store, user, action, f"coaching:{session_id}", agent=agent.id)
        return session


def _been(at: datetime | None) -> datetime:
    if at is not None and at > now() + timedelta(minutes=5):
        raise InTheFuture
    return at or now()


def _mine(store: Store, user: User, session_id: int) -> Session:
    session = get(store, user, session_id)
    agent_of(store, user, session.agent_id, to_lead=True)
    return session


def _writable(store: Store, user: User, session_id: int) -> Session:
    session = _mine(store, user, session_id)
    if session.lead_signed_at is not None or session.state == "signed":
        raise AlreadySigned
    if session.state == "cancelled":
        raise NotHeld
    return session


def _set(store: Store, session_id: int, **values: Any) -> None:
    store.db.table("coaching_sessions").update(session_id, values)


def _write(store: Store, user: User, session: Session, words: str, at: Moment | None, *, remark: bool = False) -> int:
    if at is not None and not store.value(
        "SELECT 1 FROM calls WHERE id = ? AND agent_id = ?", [at.call_id, session.agent_id]
    ):
        raise NotFound
    values = {
        "session_id": session.id,
        "call_id": at.call_id if at else None,
        "start": at.start if at else None,
        "quote": at.quote[:300] if at else "",
        "words": words.strip()[:MOST_WORDS],
        "remark": int(remark),
        "written_by": user.id,
        "written_at": stamp(),
    }
    return int(str(store.db.table("session_notes").insert(values).last_pk))


def _sign_as_agent(store: Store, session: Session) -> None:
    if session.lead_signed_at is None:
        raise NotYetSigned
    _set(store, session.id, agent_signed_at=stamp(), state="signed")


def _sign_as_lead(store: Store, user: User, session: Session) -> None:
    _writable(store, user, session.id)
    _set(store, session.id, lead_signed_at=stamp(), lead_id=user.id)
    talked = sorted({one.call_id for one in notes(store, session) if one.call_id is not None})
    for call_id in talked:
        if queue.state_of(store, call_id) == "open":
            try:
                queue.done(store, user, call_id)
            except Conflict:  # somebody else works on it: theirs to close
                continue
    release.with_session(store, user, session.agent_id, talked)
