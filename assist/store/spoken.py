"""What was said in each judged call, as rows to count over: points with the wording they came nearest to and what
followed, objections and what became of them."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from rapidfuzz import fuzz

from assist.ports import Vectors
from assist.scripts.insight import nearest
from assist.scripts.library import Library
from assist.store import Store
from assist.store.recounting import recount

STAYS = 2
"""Turns of the customer after a point for which the customer is said to stay."""
OWN_WORDS = 0.6
"""Likeness in meaning under which the agent's words are nobody's but their own."""
_ALIKE = 50.0
_CATCH_UP = 500
_COMPLETE: WeakKeyDictionary[Store, set[str]] = WeakKeyDictionary()
"""Campaigns whose calls are known to have their rows, by store."""

Report = Mapping[str, Any]


def put(store: Store, call_id: int, analysis_key: str, report: Report, library: Library) -> None:
    """Replaces the rows of a call by those of its newest analysis."""
    points = list(_points(store, call_id, report, library))
    objections = list(_objections(call_id, report))
    with store.write() as db:
        for table, rows in (("spoken_points", points), ("raised_objections", objections)):
            db.table(table).delete_where("call_id = ?", [call_id])
            db.table(table).insert_all(rows)
        db.table("spoken_calls").upsert({"call_id": call_id, "analysis_key": analysis_key}, pk="call_id")


def catch_up(store: Store, campaign: str, most: int = _CATCH_UP) -> int:
    """Makes the rows of calls that were judged before there were any; how many calls it was.

    Calls that become ready now get theirs at once, so a campaign that has them all is not looked through again.
    """
    complete = _COMPLETE.setdefault(store, set())
    if campaign in complete:
        return 0
    rows = store.rows(
        """SELECT c.id, c.analysis_key, c.library_version_id FROM calls c
           LEFT JOIN spoken_calls s ON s.call_id = c.id AND s.analysis_key = c.analysis_key
           WHERE c.campaign = ? AND c.state = 'ready' AND s.call_id IS NULL LIMIT ?""",
        [campaign, most],
    )
    recount(store, rows, put)
    if len(rows) < most:
        complete.add(campaign)
    return len(rows)


def known_vectors(store: Store, encoder: str, texts: Sequence[str]) -> dict[str, Vectors]:
    """The vectors of those texts that the store has."""
    keys = {hashlib.sha256(text.encode()).hexdigest(): text for text in texts}
    found: dict[str, Vectors] = {}
    names = list(keys)
    for start in range(0, len(names), 500):
        part = names[start : start + 500]
        marks = ",".join("?" * len(part))
        query = f"SELECT sentence, body FROM vectors WHERE encoder = ? AND sentence IN ({marks})"
        for row in store.rows(query, [encoder, *part]):
            found[keys[row["sentence"]]] = np.frombuffer(row["body"], dtype=np.float32)
    return found


def _points(store: Store, call_id: int, report: Report, library: Library) -> Iterator[dict[str, Any]]:
    say = {point.id: point.say for _, point in library.points()}
    found = report.get("points", ())
    texts = [text for point in found if point["quote"] for text in (point["quote"], *say.get(point["id"], ()))]
    vectors = known_vectors(store, report["engine"].get("encoder", ""), texts)
    for point in found:
        if point.get("uncertain"):  # nobody knows who said it: it counts neither way
            continue
        said = point["status"] != "missed"
        follows = _follows(report, point["turn"]) if said else (False, False)
        yield {
            "call_id": call_id,
            "point": point["id"],
            "status": point["status"],
            "wording": _wording(point["quote"], say.get(point["id"], ()), vectors) if said else "",
            "turn": point["turn"],
            "start": point["start"],
            "stays": int(follows[0]),
            "objection_next": int(follows[1]),
        }


def _wording(quote: str | None, say: Sequence[str], vectors: Mapping[str, Vectors]) -> str:
    """The wording the agent's words came nearest to: by meaning, by characters where no vectors are known."""
    if not quote or not say:
        return ""
    if quote in vectors and all(text in vectors for text in say):
        best, likeness = nearest(vectors[quote], np.stack([vectors[text] for text in say]))
        return say[best] if likeness >= OWN_WORDS else ""
    alike = [fuzz.ratio(quote, text) for text in say]
    best = max(range(len(say)), key=lambda number: alike[number])
    return say[best] if alike[best] >= _ALIKE else ""


def _follows(report: Report, turn: int | None) -> tuple[bool, bool]:
    """(the customer stays on, the customer's next turn is an objection)."""
    turns = [each for each in report["turns"] if not each.get("unintelligible") and not each.get("backchannel")]
    later = [each["id"] for each in turns if turn is not None and each["id"] > turn and each["speaker"] == "customer"]
    raised = {objection["turn"] for objection in report.get("objections", ())}
    return len(later) >= STAYS, bool(later) and later[0] in raised


def _objections(call_id: int, report: Report) -> Iterator[dict[str, Any]]:
    for number, one in enumerate(report.get("objections", ())):
        yield {
            "call_id": call_id,
            "number": number,
            "objection": one["id"],
            "quote": one["quote"],
            "turn": one["turn"],
            "start": one["start"],
            "outcome": one["outcome"],
            "answered": int(one["answered"]),
            "answer_turn": next(iter(one["answer_turns"]), None),
            "confidence": one.get("confidence"),
        }
