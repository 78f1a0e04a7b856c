"""Verdicts of people on what the machine found: a lead keeps or changes a finding and says why.

What a lead changes is weighed again at once: the call then stands with the new scores, and the machine's report is kept
beside it. The latest verdict on a finding holds; earlier ones stay in the history.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from assist.analysis import verdicts as pure
from assist.analysis.verdicts import About, Ruling, Verdict
from assist.calls import calls, progress
from assist.calls.calls import Call
from assist.coaching import named, rulings
from assist.coaching.judged import Judged, NotJudgedYet, judged_as, judged_call
from assist.coaching.named import Named
from assist.errors import Conflict, NotFound, RequestError
from assist.people import access, audit
from assist.people.access import Scope
from assist.people.users import User
from assist.privacy import mask
from assist.store import Store, results
from assist.store.clock import moment, stamp
from assist.store.results import key_of
from assist.texts import N_

Decision = Literal["kept", "changed"]

LONGEST = 1000


class WhyMissing(RequestError):
    message = N_("Say in a few words why. The agent reads it, and it makes the rules better.")


class DecidedMeanwhile(Conflict):
    message = N_("%(name)s has decided on this finding in the meantime. Load the page again to see how.")


class DoesNotFit(RequestError):
    message = N_("This does not fit the call: choose a turn in which the right person speaks.")


@dataclass(frozen=True, slots=True)
class Ruled:
    """One verdict as people read it. `machine` is what the machine had, `ruling` what the person made of it.

    `fits` False: judged again, the call has no such finding any more, and the verdict changes nothing.
    `stands` False: a later verdict on the same finding took its place.
    """

    id: int
    call_id: int
    about: About
    title: str
    quote: str
    added: bool
    decision: Decision
    ruling: Ruling
    machine: dict[str, Any]
    reason: str
    dispute_id: int | None
    made_by_id: int
    made_by: str
    made_at: datetime
    stands: bool
    fits: bool

    @property
    def name(self) -> str:
        return named.name_of(self.about)

    @property
    def plain(self) -> Verdict:
        return Verdict(self.id, self.about, self.ruling, self.added)


@dataclass(frozen=True, slots=True)
class HitRate:
    """How often people kept what a rule said and how often they overturned it."""

    kept: int = 0
    overturned: int = 0

    @property
    def share(self) -> float | None:
        """Share kept, None where nobody has ruled."""
        total = self.kept + self.overturned
        return self.kept / total if total else None


def rule(
    store: Store, user: User, call_id: int, finding: str, ruling: Ruling, reason: str, *, seen: int | None = None
) -> Ruled:
    """Keeps (an empty ruling) or changes a finding by its name. `seen` is the latest verdict on it that the person knew
    of, 0 for none.

    Raises NotFound, AccessDenied, WhyMissing, NotJudgedYet, DecidedMeanwhile, DoesNotFit, BadRuling.
    """
    judged = judged_call(store, _ruled_call(store, user, call_id))
    about = resolve(store, judged, finding)
    rulings.check(about.about.kind, ruling, judged.library)
    return _settle(store, user, judged, about, ruling, reason, seen=seen)


def add(store: Store, user: User, call_id: int, about: About, ruling: Ruling, reason: str) -> Ruled:
    """An objection or a forbidden phrase that the machine did not find, in the turn that `about` overlaps.

    Raises as `rule` does.
    """
    judged = judged_call(store, _ruled_call(store, user, call_id))
    rulings.check_added(about, ruling, judged.library)
    title = rulings.title_of(about, judged.library)
    turn = pure.place_of(judged.transcript, about.start, about.end, "agent", "customer")
    found = Named(about, title, mask(turn.quote, kinds=judged.hidden) if turn else "")
    return _settle(store, user, judged, found, ruling, reason, added=True)


def history(store: Store, call_id: int) -> list[Ruled]:
    """All verdicts on a call, the latest first. The caller has made sure that the call may be read."""
    return [_ruled(row) for row in store.rows(_SELECT + "WHERE v.call_id = ? ORDER BY v.id DESC", [call_id])]


def standing(store: Store, call_id: int) -> list[Ruled]:
    """The verdicts that hold, in the order they were made."""
    rows = store.rows(_SELECT + "WHERE v.call_id = ? AND v.replaced_by IS NULL ORDER BY v.id", [call_id])
    return [_ruled(row) for row in rows]


def resolve(store: Store, judged: Judged, name: str) -> Named:
    """The finding of the machine that a name on the page means, also after it was ruled to be another. Raises
    NotFound."""
    wanted, known = named.parse(name), named.listing(judged.shown, judged.library)
    ruled = standing(store, judged.call.id)
    for one in ruled:
        if named.find([Named(one.about, "", "")], wanted):
            return named.find(known, one.about) or Named(one.about, one.title, one.quote, one.machine)
    if found := named.find(known, wanted):
        return found
    for one in ruled:  # on the page it is called what it was ruled to be
        renamed = About(one.about.kind, one.ruling.id or one.about.id, one.about.start, one.about.end)
        if named.find([Named(renamed, "", "")], wanted):
            return named.find(known, one.about) or Named(one.about, one.title, one.quote, one.machine)
    raise NotFound


def latest(store: Store, call_id: int, about: About) -> Ruled | None:
    """The verdict that holds on a finding."""
    return next((one for one in standing(store, call_id) if same(one.about, about)), None)


def settled(store: Store, call: Call, keys: dict[str, Any], machine: dict[str, Any]) -> tuple[dict[str, Any], Any]:
    """The keys and the report that stand for a call judged just now: people's verdicts that still fit are in it, those
    that do not are marked. Inside the transaction that makes the call ready."""
    given = [one.plain for one in standing(store, call.id)]
    if not given:
        return keys | {"machine_key": None}, machine
    judged = judged_as(store, call, keys["analysis_key"], machine, keys["transcript_key"], keys["library_version_id"])
    return _stand(store, judged, given)


def hit_rate(store: Store, rule: str, since: datetime | None = None, user: User | None = None) -> HitRate:
    """What people made of a rule: of a flag's rule (`forbidden`), a criterion (`opening/identity`) or one finding
    (`objection:busy`). Only verdicts that hold count; with `user` those on calls that the user may read."""
    return _rates(store, since, user, "r.rule = :rule", rule=rule).get(rule, HitRate())


def hit_rates(store: Store, since: datetime | None = None, user: User | None = None) -> dict[str, HitRate]:
    """All rules that people have ruled on, the most overturned first."""
    return _rates(store, since, user, "1")


def _rates(store: Store, since: datetime | None, user: User | None, which: str, **facts: str) -> dict[str, HitRate]:
    scope = access.calls_of(user) if user else Scope("1", {})
    rows = store.rows(
        f"""SELECT r.rule, sum(r.overturned = 0) AS kept, sum(r.overturned) AS overturned FROM rule_verdicts r
            JOIN finding_verdicts v ON v.id = r.verdict_id CROSS JOIN calls c ON c.id = v.call_id
            WHERE {which} AND r.made_at >= :since AND {scope.where}
            GROUP BY r.rule ORDER BY sum(r.overturned) DESC, r.rule""",
        facts | scope.parameters | {"since": stamp(since) if since else ""},
    )
    return {row["rule"]: HitRate(row["kept"], row["overturned"]) for row in rows}


def behind(store: Store, user: User, rule: str, most: int = 200) -> list[Ruled]:
    """The verdicts behind a hit rate on calls that the user may read, the latest first."""
    scope = access.calls_of(user)
    rows = store.rows(
        f"""{_SELECT} JOIN rule_verdicts r ON r.verdict_id = v.id JOIN calls c ON c.id = v.call_id
            WHERE r.rule = :rule AND {scope.where} ORDER BY v.id DESC LIMIT :most""",
        {"rule": rule, "most": most} | scope.parameters,
    )
    return [_ruled(row) for row in rows]


def _ruled_call(store: Store, user: User, call_id: int) -> Call:
    call = calls.get(store, user, call_id)
    access.require_ruling(user, agent_id=call.agent_id, team_id=call.team_id)
    return call


def _settle(
    store: Store,
    user: User,
    judged: Judged,
    found: Named,
    ruling: Ruling,
    reason: str,
    *,
    added: bool = False,
    seen: int | None = None,
) -> Ruled:
    if not reason.strip():
        raise WhyMissing
    call_id = judged.call.id
    with store.write() as db:
        _still_there(store, judged)
        before = latest(store, call_id, found.about)
        if seen is not None and before and before.id != seen:
            raise DecidedMeanwhile(name=before.made_by)
        added = added or (before is not None and before.added)
        alone = judged.stand([Verdict(0, found.about, ruling, added)])
        if not alone.fits[0]:
            raise DoesNotFit
        values = _row(call_id, user, found, ruling, reason)
        values |= {"added": int(added), "decision": "changed" if alone.changed else "kept"}
        identity = int(str(db.table("finding_verdicts").insert(values).last_pk))
        if before:
            db.execute("UPDATE finding_verdicts SET replaced_by = ? WHERE id = ?", [identity, before.id])
            db.table("rule_verdicts").delete_where("verdict_id = ?", [before.id])
        rows = rulings.rules(judged.machine, alone, found.about)
        db.table("rule_verdicts").insert_all(
            {"rule": name, "verdict_id": identity, "overturned": int(over), "made_at": values["made_at"]}
            for name, over in rows.items()
        )
        given = standing(store, call_id)
        keys, report = _stand(store, judged, [one.plain for one in given])
        progress.restate(store, call_id, keys, report)
        audit.record(store, user, "finding.rule", f"call:{call_id}", finding=found.name, decision=values["decision"])
        return next(one for one in given if one.id == identity)


def _still_there(store: Store, judged: Judged) -> None:
    now = calls.load(store, judged.call.id)
    if now.state != "ready" or (now.machine_key or now.analysis_key) != judged.key:
        raise NotJudgedYet


def _stand(store: Store, judged: Judged, given: Sequence[Verdict]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Writes down which verdicts fit and, where they change anything, the report with them."""
    stood = judged.stand(given)
    for number, fits in stood.fits.items():
        store.change("UPDATE finding_verdicts SET fits = ? WHERE id = ?", [int(fits), number])
    row = store.row("SELECT transcript_key, library_version_id, engine FROM analyses WHERE key = ?", [judged.key])
    if row is None:
        raise NotJudgedYet
    engine = row.pop("engine")
    if not stood.changed:
        return row | {"analysis_key": judged.key, "machine_key": None}, judged.machine
    said = json.dumps(stood.report["verdicts"], ensure_ascii=False, sort_keys=True)
    key = key_of("verdicts", pure.VERSION, judged.key, said)
    results.save_analysis(
        store, key, call_id=judged.call.id, engine=f"{engine}; verdicts {pure.VERSION}", report=stood.report, **row
    )
    return row | {"analysis_key": key, "machine_key": judged.key}, stood.report


def _row(call_id: int, user: User, found: Named, ruling: Ruling, reason: str) -> dict[str, Any]:
    about = found.about
    return {
        "call_id": call_id,
        "kind": about.kind,
        "finding": about.id,
        "start": -1.0 if about.start is None else about.start,
        "until": -1.0 if about.end is None else about.end,
        "title": found.title[:200],
        "quote": found.quote[:400],
        "ruling": json.dumps(ruling.to_dict(), ensure_ascii=False),
        "machine": json.dumps(dict(found.state), ensure_ascii=False),
        "reason": reason.strip()[:LONGEST],
        "made_by": user.id,
        "made_at": stamp(),
    }


_SELECT = """
    SELECT v.id, v.call_id, v.kind, v.finding, v.start, v.until, v.title, v.quote, v.added, v.decision, v.ruling,
           v.machine, v.reason, v.dispute_id, v.made_by AS made_by_id, u.name AS made_by, v.made_at,
           v.replaced_by IS NULL AS stands, v.fits
    FROM finding_verdicts v JOIN users u ON u.id = v.made_by
"""


def _ruled(row: dict[str, Any]) -> Ruled:
    return Ruled(
        about=about_of(row),
        ruling=Ruling.from_dict(json.loads(row.pop("ruling"))),
        machine=json.loads(row.pop("machine")),
        made_at=moment(row.pop("made_at")),
        **row | {name: bool(row[name]) for name in ("added", "stands", "fits")},
    )


def about_of(row: dict[str, Any]) -> About:
    """The finding that a row of verdicts or disputes is about; takes its columns out of the row."""
    start, until = row.pop("start"), row.pop("until")
    return About(row.pop("kind"), row.pop("finding"), None if start < 0 else start, None if until < 0 else until)


def same(one: About, other: About) -> bool:
    """Whether two places name one finding: the same kind and id, overlapping in time where it has a place."""
    if (one.kind, one.id) != (other.kind, other.id):
        return False
    if one.kind in ("point", "criterion") or one.start is None or other.start is None:
        return True
    return one.start <= (other.end or other.start) and other.start <= (one.end or one.start)
