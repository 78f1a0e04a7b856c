"""Transcripts without names, for those who write talk tracks: only where the campaign lets them read."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from assist.calls import calls
from assist.coaching.excerpts import Line
from assist.coaching.masking import hidden
from assist.errors import NotFound
from assist.people import access, audit
from assist.people.users import User
from assist.privacy import KINDS, mask
from assist.store import Store, shown
from assist.store.clock import moment

TRACE_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Nameless:
    """A call as somebody knows it who is not to know whose it is. `number` opens nothing else."""

    number: int
    called_at: datetime
    seconds: float | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Page:
    calls: tuple[Nameless, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Text:
    call: Nameless
    language: str
    lines: tuple[Line, ...]


def allowed(store: Store, campaign: str) -> bool:
    """Whether editors may read transcripts of this campaign."""
    return bool(store.value("SELECT editors_read FROM campaigns WHERE id = ?", [campaign]))


def allow(store: Store, user: User, campaign: str, on: bool) -> None:
    """Whether editors may read from now on. Raises AccessDenied, NotFound (no such campaign)."""
    access.require(user, "library.rules")
    with store.write() as db:
        if not db.execute("UPDATE campaigns SET editors_read = ? WHERE id = ?", [int(on), campaign]).rowcount:
            raise NotFound
        audit.record(store, user, "campaign.editors-read", f"library:{campaign}", on=on)


def listing(store: Store, user: User, campaign: str, page: int = 1, per_page: int = 50) -> Page:
    """The judged calls of a campaign, the latest first. Raises AccessDenied, NotFound (it lets nobody read)."""
    access.require(user, "transcript.nameless")
    if not allowed(store, campaign):
        raise NotFound
    where, values = _where(user, campaign)
    total = int(store.value(f"SELECT count(*) FROM {_TABLES} WHERE {where}", values))
    rows = store.rows(
        f"""SELECT c.id AS number, c.called_at, c.seconds, c.outcome FROM {_TABLES} WHERE {where}
            ORDER BY c.called_at DESC, c.id DESC LIMIT :most OFFSET :skip""",
        values | {"most": per_page, "skip": (page - 1) * per_page},
    )
    pages = max(1, -(-total // per_page))
    return Page(tuple(Nameless(**row | {"called_at": moment(row["called_at"])}) for row in rows), total, page, pages)


def text(store: Store, user: User, campaign: str, number: int) -> Text:
    """What was said in one of them, without names and numbers of people. Leaves a trace. Raises AccessDenied,
    NotFound."""
    access.require(user, "transcript.nameless")
    where, values = _where(user, campaign)
    if not store.value(f"SELECT 1 FROM {_TABLES} WHERE c.id = :number AND {where}", values | {"number": number}):
        raise NotFound
    call = calls.load(store, number)
    transcript = shown.transcript(store, call.transcript_key, KINDS)
    if transcript is None:
        raise NotFound
    audit.record_once(store, user, "call.read-nameless", f"call:{number}", within=TRACE_EVERY)
    known = Nameless(number, call.called_at, call.seconds, call.outcome)
    lines = (
        Line(turn.speaker, turn.start, turn.end, _without(turn.text, transcript.language, call.agent, call.customer))
        for turn in transcript.turns
        if turn.text
    )
    return Text(known, transcript.language, tuple(lines))


_TABLES = "calls c JOIN campaigns p ON p.id = c.campaign"


def _where(user: User, campaign: str) -> tuple[str, dict[str, object]]:
    scope = access.nameless_of(user)
    where = f"c.campaign = :campaign AND c.state = 'ready' AND c.transcript_key IS NOT NULL AND {scope.where}"
    return where, {"campaign": campaign} | scope.parameters


def _without(text: str, language: str, *names: str) -> str:
    return mask(hidden(text, *names), language)
