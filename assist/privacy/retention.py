"""How long recordings, transcripts and findings of a campaign's calls are kept, and taking away what is over its time.

What goes first is the most telling: recordings not later than transcripts, transcripts not later than findings. Nothing
goes before the floor, the least time the law asks for, nor while something holds the call (`assist.privacy.holding`).
"""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, get_args

import structlog

from assist.errors import NotFound, RequestError
from assist.people import access, audit
from assist.people.users import User
from assist.privacy import holding, index, payloads, removal
from assist.store import Store
from assist.store.clock import now, stamp
from assist.texts import N_

Kind = Literal["recordings", "transcripts", "findings"]
KINDS: tuple[Kind, ...] = get_args(Kind)

FLOOR_DAYS = 30
FLOOR_NOTE = N_(
    "MIIT's notice of June 2020: recording, number, time and proof of consent of marketing calls for 30 days."
)
LONGEST_DAYS = 36_500
BATCH = 25

SUGGESTED: tuple[tuple[int, str], ...] = (
    (FLOOR_DAYS, FLOOR_NOTE),
    (
        1825,
        N_("Telesales of personal insurance (2013): sold policies of up to one year, 5 years after the contract ends."),
    ),
    (
        3650,
        N_("Telesales of personal insurance (2013): sold policies of over a year, 10 years after the contract ends."),
    ),
)
"""Floors to choose from with where they come from; secondary sources, to be checked against the law in force."""

_log = structlog.get_logger(__name__)


class WrongOrder(RequestError):
    message = N_(
        "Recordings cannot be kept longer than transcripts, nor transcripts longer than findings: what was found says "
        "where it was heard. Give the later ones more days, or leave them empty to keep them."
    )


class BelowFloor(RequestError):
    message = N_("The law asks for %(floor)s days in this campaign (%(note)s). Keep everything at least as long.")


class WrongDays(RequestError):
    message = N_("Give a number of days from 1 to %(most)s, or leave the field empty to keep for ever.")


class NoNote(RequestError):
    message = N_("Say which rule the floor comes from, so that the next person can check it.")


@dataclass(frozen=True, slots=True)
class Rule:
    """Days; None keeps for ever. `campaign` empty: all campaigns that have no rule of their own, and calls without a
    campaign. `own`: there is such a rule, it is not only the standard."""

    campaign: str
    recordings: int | None = None
    transcripts: int | None = None
    findings: int | None = None
    floor: int = FLOOR_DAYS
    floor_note: str = FLOOR_NOTE
    own: bool = False

    def days(self, kind: Kind) -> int | None:
        return {"recordings": self.recordings, "transcripts": self.transcripts, "findings": self.findings}[kind]

    def before(self, kind: Kind, at: datetime) -> str | None:
        """Calls made before this stamp are over their time; None: never."""
        days = self.days(kind)
        return None if days is None else stamp(at - timedelta(days=max(days, self.floor)))


@dataclass(frozen=True, slots=True)
class Preview:
    """How many calls a rule would take what from at once, and how many more it would if nothing held them."""

    calls: dict[Kind, int]
    held: dict[Kind, int]


def rule_of(store: Store, campaign: str | None) -> Rule:
    """The rule a campaign's calls are kept by."""
    row = store.row(_RULES + "WHERE campaign IN (?, '') ORDER BY campaign DESC", [campaign or ""])
    if row is None:
        return Rule(campaign or "")
    return Rule(**row | {"campaign": campaign or ""}, own=row["campaign"] == (campaign or ""))


def rules(store: Store, user: User) -> list[tuple[str, Rule]]:
    """(title, rule) of the standard (no title) and of every campaign. Raises AccessDenied."""
    access.require(user, "privacy.retention")
    campaigns = store.rows("SELECT id, title FROM campaigns ORDER BY title, id")
    return [("", rule_of(store, "")), *((row["title"], rule_of(store, row["id"])) for row in campaigns)]


def check(rule: Rule) -> Rule:
    """The rule as it may be saved. Raises WrongDays, WrongOrder, BelowFloor, NoNote."""
    given = [rule.days(kind) for kind in KINDS]
    if any(days is not None and not 1 <= days <= LONGEST_DAYS for days in given) or not 0 <= rule.floor <= LONGEST_DAYS:
        raise WrongDays(most=LONGEST_DAYS)
    ordered = [days if days is not None else LONGEST_DAYS + 1 for days in given]
    if ordered != sorted(ordered):
        raise WrongOrder
    if rule.floor and not rule.floor_note.strip():
        raise NoNote
    if any(days is not None and days < rule.floor for days in given):
        raise BelowFloor(floor=rule.floor, note=rule.floor_note)
    return replace(rule, floor_note=rule.floor_note.strip()[:300], own=True)


def save(store: Store, user: User, rule: Rule) -> Rule:
    """Raises AccessDenied, NotFound (no such campaign) and what `check` raises."""
    access.require(user, "privacy.retention")
    rule = check(rule)
    values = {name: value for name, value in asdict(rule).items() if name != "own"}
    with store.write() as db:
        if rule.campaign and not store.value("SELECT 1 FROM campaigns WHERE id = ?", [rule.campaign]):
            raise NotFound
        db.table("retention_rules").upsert(values | {"changed_by": user.id, "changed_at": stamp()}, pk="campaign")
        days = {kind: rule.days(kind) for kind in KINDS}
        audit.record(store, user, "retention.change", f"campaign:{rule.campaign}", floor=rule.floor, **days)
    return rule


def forget_rule(store: Store, user: User, campaign: str) -> None:
    """From now on the standard holds for the campaign. Raises AccessDenied."""
    access.require(user, "privacy.retention")
    with store.write() as db:
        if db.execute("DELETE FROM retention_rules WHERE campaign = ?", [campaign]).rowcount:
            audit.record(store, user, "retention.change", f"campaign:{campaign}", standard=True)


def preview(store: Store, user: User, rule: Rule, at: datetime | None = None) -> Preview:
    """What the rule would take away now; nothing is changed. Raises AccessDenied and what `check` raises."""
    access.require(user, "privacy.retention")
    rule, at = check(rule), at or now()
    calls: dict[Kind, int] = dict.fromkeys(KINDS, 0)
    held: dict[Kind, int] = dict.fromkeys(KINDS, 0)
    for kind in KINDS:
        before = rule.before(kind, at)
        if before is not None:
            for campaign in _campaigns(store, rule.campaign):
                total, spared = _counts(store, kind, campaign, before)
                calls[kind] += total - spared
                held[kind] += spared
    return Preview(calls, held)


def sweep(store: Store, at: datetime | None = None, most: int = BATCH) -> int:
    """Takes away what is over its time from at most so many calls; from how many. Repeated until it gives 0 it is done;
    killed anywhere, the next one goes on. For the worker and the command line.

    Once nothing is left, the search index is cleared of what was taken, a part at a time."""
    at, done = at or now(), 0
    for kind in reversed(KINDS):  # what goes altogether need not go in parts
        for campaign, rule in _all_rules(store):
            before = rule.before(kind, at)
            if before is not None and done < most:
                done += _take(store, kind, campaign, before, most - done)
    if not done:
        index.tidy(store)
    return done


def removed(store: Store, user: User) -> list[dict[str, object]]:
    """What retention took away, by day, campaign and kind, the latest first. Raises AccessDenied."""
    access.require(user, "privacy.retention")
    return store.rows(
        "SELECT day, campaign, kind, calls FROM retention_done ORDER BY day DESC, campaign, kind LIMIT 60"
    )


_RULES = "SELECT campaign, recordings, transcripts, findings, floor, floor_note FROM retention_rules "
_LEFT: dict[Kind, str] = {
    "recordings": "c.sound_removed_at IS NULL",
    "transcripts": "c.words_removed_at IS NULL",
    "findings": "1",
}
_DUE = """
    FROM calls c WHERE c.campaign IS :campaign AND c.called_at < :before AND {left}
      AND c.state IN ('ready', 'failed', 'cancelled', 'waiting') AND c.restricted_at IS NULL
"""


def _all_rules(store: Store) -> list[tuple[str | None, Rule]]:
    """Every campaign with its rule, and calls without one; nothing where no rule takes anything."""
    if not store.value("SELECT 1 FROM retention_rules WHERE coalesce(recordings, transcripts, findings) IS NOT NULL"):
        return []
    known = [row["id"] for row in store.rows("SELECT id FROM campaigns ORDER BY id")]
    return [(campaign, rule_of(store, campaign)) for campaign in (None, *known)]


def _campaigns(store: Store, campaign: str) -> list[str | None]:
    """Whose calls a rule is for."""
    if campaign:
        return [campaign]
    rows = store.rows("SELECT id FROM campaigns WHERE id NOT IN (SELECT campaign FROM retention_rules) ORDER BY id")
    return [None, *(row["id"] for row in rows)]


def _counts(store: Store, kind: Kind, campaign: str | None, before: str) -> tuple[int, int]:
    """(due, of them held)."""
    due = _DUE.format(left=_LEFT[kind])
    given = {"campaign": campaign, "before": before}
    total = int(store.value(f"SELECT count(*) {due}", given))
    spared = int(store.value(f"SELECT count(*) {due} AND {holding.HELD}", given)) if total else 0
    return total, spared


def _take(store: Store, kind: Kind, campaign: str | None, before: str, most: int) -> int:
    query = (
        f"SELECT c.id, c.sha256 {_DUE.format(left=_LEFT[kind])} AND NOT {holding.HELD} ORDER BY c.called_at LIMIT :most"
    )
    rows = store.rows(query, {"campaign": campaign, "before": before, "most": most})
    if kind == "findings":
        payloads.forget(store.settings, [row["sha256"] for row in rows])
    for row in rows:
        with store.write():
            _TAKING[kind](store, row["id"], row["sha256"])
            _count_one(store, kind, campaign)
    if rows:
        index.mark(store)
        _log.info("retention", kind=kind, calls=len(rows))
    return len(rows)


_TAKING = {"recordings": removal.sound, "transcripts": removal.words, "findings": removal.everything}


def _count_one(store: Store, kind: Kind, campaign: str | None) -> None:
    store.change(
        """INSERT INTO retention_done (day, campaign, kind, calls) VALUES (?, ?, ?, 1)
           ON CONFLICT (day, campaign, kind) DO UPDATE SET calls = calls + 1""",
        [stamp()[:10], campaign or "", kind],
    )
