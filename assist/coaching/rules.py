"""The rules by which calls are flagged: those in force, how often they were right, and drafts of other ones."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from assist.analysis.rubric import DEFAULT_PATH, RULES, Rubric, Rule, default
from assist.analysis.rule_text import with_rules
from assist.coaching import rulebook
from assist.coaching.masking import hidden
from assist.people import access
from assist.people.users import User
from assist.scripts.insight import wilson
from assist.store import Store, drafts, rubrics
from assist.store.clock import moment, now, stamp
from assist.store.drafts import Draft

FEW = 10
"""Flags judged by people below which no share is given."""
SECTION = {"excellent": "good", "sample": "sample"}
"""Rules whose calls stand in the quiet part of the queue; all others' stand among those to talk about."""


@dataclass(frozen=True, slots=True)
class Hits:
    """What became of a rule's flags: `useful` led to a talk or were upheld, `false_alarms` were dismissed as such or
    overturned."""

    useful: int
    false_alarms: int

    @property
    def total(self) -> int:
        return self.useful + self.false_alarms

    @property
    def value(self) -> float | None:
        """The share that was right; None where there are too few."""
        return self.useful / self.total if self.total >= FEW else None

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % Wilson interval."""
        return wilson(self.useful, self.total)


@dataclass(frozen=True, slots=True)
class Standing:
    """A rule with what people made of it, and how many items wait because of it."""

    rule: Rule
    hits: Hits
    waiting: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """One flag that a person judged: `note` are their words, `call_id` None where the call is not shared."""

    call_id: int | None
    agent: str
    called_at: datetime
    useful: bool
    note: str
    by: str
    at: datetime
    rubric: str


@dataclass(frozen=True, slots=True)
class Overview:
    """`number` is that of the rubric's version in force, None for the one that comes with Assist."""

    version: str
    number: int | None
    standings: tuple[Standing, ...]


def overview(store: Store, user: User) -> Overview:
    """The rules in force. Raises AccessDenied."""
    access.require(user, "rules.read")
    rubric = rulebook.at(store, now())
    hits, waiting = hit_rates(store, user), _waiting(store, user)
    number = store.value(
        "SELECT number FROM rubric_versions WHERE in_force_from <= ? ORDER BY in_force_from DESC, number DESC LIMIT 1",
        [stamp()],
    )
    rows = (Standing(rule, hits.get(rule.rule, Hits(0, 0)), waiting.get(rule.rule, 0)) for rule in complete(rubric))
    return Overview(rubric.version, number, tuple(rows))


def complete(rubric: Rubric) -> tuple[Rule, ...]:
    """Every rule there is, in one order; those that the rubric does not name are off, with the usual numbers."""
    usual = {rule.rule: rule for rule in default().rules}
    return tuple(rubric.rule(name) or _off(usual[name]) for name in RULES)


def _off(rule: Rule) -> Rule:
    return replace(rule, on=False)


def hit_rates(store: Store, user: User) -> dict[str, Hits]:
    """Over the calls the user may see figures of: what was talked about against false alarms and overturned findings.

    Raises AccessDenied.
    """
    access.require(user, "rules.read")
    judged, scope = access.outcomes_of(user), access.insight_of(user)
    rows = store.rows(
        f"""SELECT o.rule, sum(o.outcome = 'useful') AS useful, sum(o.outcome = 'false-alarm') AS wrong
            FROM flag_outcomes o WHERE o.outcome <> 'neither' AND {judged.where} GROUP BY o.rule""",
        judged.parameters,
    )
    ruled = store.rows(
        f"""SELECT r.rule, sum(r.overturned = 0) AS useful, sum(r.overturned) AS wrong FROM rule_verdicts r
            JOIN finding_verdicts v ON v.id = r.verdict_id JOIN calls c ON c.id = v.call_id
            WHERE {scope.where} GROUP BY r.rule""",
        scope.parameters,
    )
    found: dict[str, Hits] = {}
    for row in (*rows, *ruled):
        known = found.get(row["rule"], Hits(0, 0))
        found[row["rule"]] = Hits(known.useful + row["useful"], known.false_alarms + row["wrong"])
    return found


def behind(store: Store, user: User, rule: str, most: int = 500) -> list[Outcome]:
    """What a rule's hits are made of, the latest first; calls the user may not open are not named.

    Raises AccessDenied.
    """
    access.require(user, "rules.read")
    judged, scope, seen = access.outcomes_of(user), access.insight_of(user), access.calls_of(user)
    rows = store.rows(
        f"""WITH closed AS (
                SELECT o.call_id, o.outcome = 'useful' AS useful, o.closed_at AS at, o.rubric FROM flag_outcomes o
                WHERE o.rule = :rule AND o.outcome <> 'neither' AND {judged.where}
                ORDER BY o.closed_at DESC LIMIT :most
            ), ruled AS (
                SELECT v.call_id, r.overturned = 0 AS useful, r.made_at AS at, v.reason, v.made_by
                FROM rule_verdicts r JOIN finding_verdicts v ON v.id = r.verdict_id JOIN calls c ON c.id = v.call_id
                WHERE r.rule = :rule AND {scope.where} ORDER BY r.made_at DESC LIMIT :most
            ), found AS (
                SELECT x.call_id, x.useful, q.note, q.closed_by AS by_id, x.at, x.rubric
                FROM closed x LEFT JOIN queue_items q ON q.call_id = x.call_id
                UNION ALL SELECT call_id, useful, reason, made_by, at, '' FROM ruled
            )
            SELECT CASE WHEN {seen.where} THEN c.id END AS call_id, a.name AS agent, c.customer, c.called_at, x.useful,
                   coalesce(x.note, '') AS note, coalesce(u.name, '') AS by, x.at, x.rubric
            FROM found x JOIN calls c ON c.id = x.call_id JOIN users a ON a.id = c.agent_id
                 LEFT JOIN users u ON u.id = x.by_id
            ORDER BY x.at DESC LIMIT :most""",
        judged.parameters | scope.parameters | seen.parameters | {"rule": rule, "most": most},
    )
    return [_outcome(row) for row in rows]


def _outcome(row: dict[str, Any]) -> Outcome:
    """Of a call that the user may not open nobody is named, by the note neither."""
    agent, customer = row["agent"], row.pop("customer")
    if row["call_id"] is None:
        row |= {"agent": "", "note": hidden(row["note"], agent, customer)}
    times = {name: moment(row[name]) for name in ("called_at", "at")}
    return Outcome(**row | times | {"useful": bool(row["useful"])})


def _waiting(store: Store, user: User) -> dict[str, int]:
    """Open items per rule, those of the part of the queue that the rule's calls stand in."""
    scope = access.queue_of(user)
    rows = store.rows(
        f"""SELECT f.rule, q.kind, count(DISTINCT q.call_id) AS items
            FROM queue_items q CROSS JOIN flags f ON f.call_id = q.call_id
            WHERE q.state = 'open' AND q.folded_into IS NULL AND {scope.where}
              AND (q.snoozed_until IS NULL OR q.snoozed_until <= :now) GROUP BY f.rule, q.kind""",
        scope.parameters | {"now": stamp()},
    )
    return {row["rule"]: row["items"] for row in rows if row["kind"] == SECTION.get(row["rule"], "coach")}


def draft_of(store: Store, user: User) -> Draft | None:
    """The user's own open draft of the rubric, the latest. Raises AccessDenied."""
    access.require(user, "rules.edit")
    known = drafts.listing(store, user, kind="rubric")
    return next((draft for draft in known if draft.state == "draft" and draft.created_by == user.name), None)


def begin(store: Store, user: User) -> Draft:
    """A draft that begins as the rubric in force, or the user's open one. Raises AccessDenied."""
    known = draft_of(store, user)
    if known is not None:
        return known
    return drafts.create(store, user, rubrics.in_force(store, now()) or shipped(), kind="rubric")


def save(store: Store, user: User, draft_id: int, rules: Sequence[Rule], based_on: int) -> Draft:
    """The draft's next revision with these rules. Raises NotFound, AccessDenied, EditedMeanwhile, LibraryError."""
    access.require(user, "rules.edit")
    text = with_rules(drafts.source(store, user, draft_id, based_on), rules)
    return drafts.save(store, user, draft_id, text, based_on)


def shipped() -> str:
    """The text of the rubric that comes with Assist."""
    return DEFAULT_PATH.read_text("utf-8")
