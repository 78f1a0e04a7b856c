"""Calls: a recording with who, when and which campaign. Everybody sees only their own (`assist.people.access`)."""

import json
import sqlite3
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from assist.calls import details as call_details
from assist.calls import recordings
from assist.calls.details import Details
from assist.calls.recordings import Recording
from assist.errors import AssistError, Conflict, NotFound
from assist.people import access, audit
from assist.people.users import User
from assist.privacy import Kind
from assist.privacy.locking import UnderLock
from assist.privacy.masking import masked_detail
from assist.store import Store, results, shown
from assist.store.clock import moment, stamp
from assist.texts import N_, translate
from assist.transcript import Transcript

State = Literal[
    "waiting", "received", "decoding", "transcribing", "judging", "ready", "failed", "cancelled"
]  # in the order of a call's way
STATES: tuple[State, ...] = get_args(State)
FINAL: frozenset[State] = frozenset({"ready", "failed", "cancelled"})
TRACE_EVERY = timedelta(hours=1)


class AlreadyComplete(Conflict):
    message = N_("The details of this call are known already. Load the page again.")


class BelongsToOthers(Conflict):
    message = N_("This recording came in before, as a call that is not shared with you. Ask your team lead about it.")


class NotReleased(NotFound):
    message = N_("This call is there and was heard, but your team lead has not released it to you yet.")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a call failed: a stable code, the facts, and the message's template, to be shown in any language."""

    code: str
    message: str
    facts: dict[str, Any]

    def text(self, language: str = "en") -> str:
        return translate(self.message, language) % self.facts

    @classmethod
    def of(cls, error: AssistError) -> "Failure":
        return cls(error.code, error.message, {key: _plain(value) for key, value in error.facts.items()})


@dataclass(frozen=True, slots=True)
class Call:
    """One call as lists show it. Names are empty where somebody or something is not known.

    `state` waiting: agent or campaign are missing (`complete`). `progress` (0–1) and `remaining_s` belong to the state.
    Scores are 0–100, None where there was no occasion. `severity` is that of the worst flag: 0 none … 3 critical.
    `held` until the lead releases the call to its agent; `seen` once the agent has opened it.
    `analysis_key` is of what stands; where people's verdicts changed it, `machine_key` is of the machine's own.
    `sound_removed_at` and `words_removed_at` say since when retention has taken these; a call under lock
    (`restricted_at`) is for nobody to hear or read.
    """

    id: int
    sha256: str
    file_name: str
    agent_id: int | None
    agent: str
    team_id: int | None
    team: str
    campaign: str | None
    campaign_title: str
    called_at: datetime
    direction: str
    customer: str
    uploaded_by: int | None
    uploaded_at: datetime
    state: State
    step: str
    progress: float
    remaining_s: float | None
    failure: Failure | None
    run: int
    seconds: float | None
    layout: str | None
    library_version_id: int | None
    library_version: int | None
    opening: int | None
    questioning: int | None
    rejection_handling: int | None
    overall: int | None
    outcome: str | None
    focus: str | None
    priority: int | None
    flag_count: int
    severity: int
    transcript_key: str | None
    analysis_key: str | None
    held: bool = False
    seen: bool = True
    machine_key: str | None = None
    sound_removed_at: datetime | None = None
    words_removed_at: datetime | None = None
    restricted_at: datetime | None = None
    restricted_until: datetime | None = None


_FOUND: dict[str, Any] = {
    **dict.fromkeys(("opening", "questioning", "rejection_handling", "overall", "outcome", "focus", "priority")),
    **dict.fromkeys(("transcript_key", "analysis_key", "machine_key", "library_version_id", "library_version")),
    "flag_count": 0,
    "severity": 0,
}
"""What hearing and judging put into a call, taken out again."""


COLUMNS = """
    c.id, c.sha256, c.file_name, c.agent_id, coalesce(u.name, '') AS agent, c.team_id, coalesce(t.name, '') AS team,
    c.campaign, coalesce(p.title, '') AS campaign_title, c.called_at, c.direction, c.customer, c.uploaded_by,
    c.uploaded_at, c.state, c.step, c.progress, c.remaining_s, c.failure, c.run, c.seconds, c.layout,
    c.library_version_id, v.number AS library_version, c.opening, c.questioning, c.rejection_handling, c.overall,
    c.outcome, c.focus, c.priority, c.flag_count, c.severity, c.transcript_key, c.analysis_key, c.held,
    c.seen_at IS NOT NULL AS seen, c.machine_key, c.sound_removed_at, c.words_removed_at, c.restricted_at,
    c.restricted_until, coalesce(hide.numbers, 1) AS masked
"""
TABLES = """
    calls c LEFT JOIN users u ON u.id = c.agent_id LEFT JOIN teams t ON t.id = c.team_id
    LEFT JOIN campaign_masking hide ON hide.campaign = c.campaign
    LEFT JOIN campaigns p ON p.id = c.campaign LEFT JOIN library_versions v ON v.id = c.library_version_id
"""


def add(store: Store, user: User, recording: Recording, details: Details | None = None) -> tuple[Call, bool]:
    """The call of a recording, and whether it is new: the same bytes are the same call, whoever sends them again.

    What `details` leave open is read from the file name, then guessed (the agent's own upload, the only campaign);
    what stays open makes the call wait. Where no call comes of it the recording goes too. Raises AccessDenied,
    BelongsToOthers, UnknownAgent, UnknownCampaign, Vanished.
    """
    access.require(user, "call.upload")
    try:
        return _add(store, user, recording, details or Details())
    except (AssistError, sqlite3.OperationalError):
        if not store.db.conn.in_transaction:
            with suppress(sqlite3.Error):
                recordings.abandon(store, recording.sha256)
        raise


def _add(store: Store, user: User, recording: Recording, details: Details) -> tuple[Call, bool]:
    with store.write() as db:
        recordings.enter(store, recording)
        known = store.value("SELECT id FROM calls WHERE sha256 = ?", [recording.sha256])
        if known is not None:
            return _known(store, user, known), False
        values = call_details.resolve(store, user, details, recording.name)
        values |= {
            "sha256": recording.sha256,
            "file_name": recording.name,
            "uploaded_by": user.id,
            "uploaded_at": stamp(),
            "step": "",
        }
        call_id = int(str(db.table("calls").insert(values).last_pk))
        audit.record(store, user, "call.upload", f"call:{call_id}", sha256=recording.sha256)
        return _visible(store, user, call_id), True


def complete(store: Store, user: User, call_id: int, details: Details) -> Call:
    """Fills in what a waiting call lacks. Raises NotFound, AlreadyComplete, UnknownAgent, UnknownCampaign."""
    with store.write() as db:
        call = whole(store, _visible(store, user, call_id))
        if call.state != "waiting":
            raise AlreadyComplete
        given = Details(
            agent=details.agent or (str(call.agent_id) if call.agent_id else None),
            called_at=details.called_at or call.called_at,
            campaign=details.campaign or call.campaign,
            direction=details.direction or call.direction,
            customer=details.customer or call.customer,
        )
        db.table("calls").update(call_id, call_details.resolve(store, user, given, call.file_name))
        audit.record(store, user, "call.complete", f"call:{call_id}")
        return _visible(store, user, call_id)


def get(store: Store, user: User, call_id: int) -> Call:
    """A call the user may read. Raises NotFound: no such call, or not for this user; NotReleased; UnderLock. Who sees
    calls of all teams leaves a trace."""
    call = there(store, user, call_id)
    if not access.may_read(user, held=call.held):
        raise NotReleased
    if call.restricted_at:
        raise UnderLock
    return call


def there(store: Store, user: User, call_id: int) -> Call:
    """As `get`, but an agent's call that is not released yet is told too, without anything that was found in it."""
    call = _visible(store, user, call_id)
    if access.leaves_trace(user):
        audit.record_once(store, user, "call.open", f"call:{call_id}", within=TRACE_EVERY)
    return call


def _visible(store: Store, user: User, call_id: int) -> Call:
    scope = access.known_to(user)
    row = store.row(
        f"SELECT {COLUMNS} FROM {TABLES} WHERE c.id = :id AND {scope.where}", {"id": call_id} | scope.parameters
    )
    if row is None:
        raise NotFound
    return call_for(user, row)


def load(store: Store, call_id: int) -> Call:
    """A call whoever asks: for the worker and the command line. Raises NotFound."""
    row = store.row(f"SELECT {COLUMNS} FROM {TABLES} WHERE c.id = ?", [call_id])
    if row is None:
        raise NotFound
    return call_from(row)


def whole(store: Store, call: Call) -> Call:
    """The call with its details as they are, for those who may see them."""
    known = load(store, call.id)
    return replace(call, customer=known.customer, file_name=known.file_name)


def transcript(store: Store, call: Call, *, whole: bool = False) -> Transcript | None:
    """What was said, None until it was heard; masked as the campaign wants it, unless somebody may see it `whole`."""
    return shown.transcript(store, call.transcript_key, hidden_in(store, call, whole=whole))


def analysis(store: Store, call: Call, *, whole: bool = False) -> dict[str, Any] | None:
    """The `assist-analysis/1` document that stands, with people's verdicts in it; None until it was judged. Masked as
    a transcript is."""
    return shown.analysis(store, call.analysis_key, hidden_in(store, call, whole=whole))


def machine_analysis(store: Store, call: Call, *, whole: bool = False) -> dict[str, Any] | None:
    """The document as the machine made it; None until it was judged. Masked as a transcript is."""
    return shown.analysis(store, call.machine_key or call.analysis_key, hidden_in(store, call, whole=whole))


def hidden_in(store: Store, call: Call, *, whole: bool = False) -> tuple[Kind, ...]:
    """The kinds of personal data that the page of a call does not show."""
    return () if whole else shown.masking(store, call.campaign).kinds()


def peaks(store: Store, call: Call) -> list[list[float]] | None:
    """The waveform: largest magnitudes (0–1) over equal stretches, one list a channel."""
    return results.peaks(store, call.sha256)


def _known(store: Store, user: User, call_id: int) -> Call:
    try:
        return _visible(store, user, call_id)
    except NotFound:
        raise BelongsToOthers from None


def _plain(value: object) -> int | float | str:
    return value if isinstance(value, int | float | str) else str(value)


_TIMES = ("called_at", "uploaded_at", "sound_removed_at", "words_removed_at", "restricted_at", "restricted_until")


def call_from(row: dict[str, Any]) -> Call:
    """A row of COLUMNS as a Call."""
    row = {name: value for name, value in row.items() if name != "masked"}
    failure = Failure(**json.loads(row["failure"])) if row["failure"] else None
    times = {name: moment(row[name]) if row[name] else None for name in _TIMES}
    signs = {"held": bool(row["held"]), "seen": bool(row["seen"])}
    return Call(**row | times | signs | {"failure": failure})


def call_for(user: User, row: dict[str, Any]) -> Call:
    """A row of COLUMNS as this user may know it: a number that stands for the customer, or in the file's name, is
    masked."""
    call = call_from(row)
    if row["masked"]:
        call = replace(call, customer=masked_detail(call.customer), file_name=masked_detail(call.file_name))
    open_ = access.may_read(user, held=call.held) and not call.restricted_at
    return call if open_ else replace(call, **_FOUND)
