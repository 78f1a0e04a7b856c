"""Every place where something of a call lies: the one list that counting, deleting and checking go by.

A place is a table and a condition on its rows, over `:calls` (ids) and `:recordings` (sha256), both JSON lists.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from assist.store import Store
from assist.texts import N_

_CALLS = "(SELECT value FROM json_each(:calls))"
_RECORDINGS = "(SELECT value FROM json_each(:recordings))"
_TRANSCRIPTS = f"(SELECT key FROM transcripts WHERE sha256 IN {_RECORDINGS})"
_OF_CALL = f"call_id IN {_CALLS}"


@dataclass(frozen=True, slots=True)
class Named:
    """Calls by their ids, and the recordings of the same calls."""

    calls: tuple[int, ...]
    recordings: tuple[str, ...]

    @property
    def parameters(self) -> dict[str, str]:
        return {"calls": json.dumps(self.calls), "recordings": json.dumps(self.recordings)}


@dataclass(frozen=True, slots=True)
class Place:
    """`own`: the rows go with the call by themselves (ON DELETE CASCADE, a trigger); the others are taken by name."""

    table: str
    where: str = _OF_CALL
    own: bool = True


GROUPS: dict[str, tuple[Place, ...]] = {
    N_("Calls"): (Place("calls", f"id IN {_CALLS}", own=False), Place("attempts"), Place("holds"), Place("unmaskings")),
    N_("Recordings"): (Place("recordings", f"sha256 IN {_RECORDINGS}", own=False),),
    N_("Waveforms"): (Place("peaks", f"sha256 IN {_RECORDINGS}", own=False),),
    N_("Transcripts"): (
        Place("transcripts", f"sha256 IN {_RECORDINGS}", own=False),
        Place("readings", f"transcript_key IN {_TRANSCRIPTS}"),
    ),
    N_("Corrections"): (Place("corrections"),),
    N_("Search index"): (
        Place("said_numbers"),
        Place("said_calls"),
        Place("said_words", f"rowid IN (SELECT place FROM said_calls WHERE call_id IN {_CALLS})"),
    ),
    N_("Analyses"): (Place("analyses"),),
    N_("Findings and figures"): (
        Place("spoken_calls"),
        Place("spoken_points"),
        Place("raised_objections"),
        Place("criteria_calls"),
        Place("call_criteria"),
        Place("objection_steps"),
    ),
    N_("Flags and coaching queue"): (
        Place("flags"),
        Place("flag_examples", f"(call_id IN {_CALLS} OR example_id IN {_CALLS})"),
        Place("flag_outcomes"),
        Place("samples"),
        Place("queue_items"),
        Place("noon_choices"),
    ),
    N_("Clips"): (
        Place("clips"),
        Place("playlist_clips", f"clip_id IN (SELECT id FROM clips WHERE call_id IN {_CALLS})"),
    ),
    N_("Verdicts and disputes"): (
        Place("disputes"),
        Place("finding_verdicts"),
        Place("rule_verdicts", f"verdict_id IN (SELECT id FROM finding_verdicts WHERE call_id IN {_CALLS})"),
        Place("accepted_findings"),
    ),
    N_("Scores by people"): (
        Place("self_scores"),
        Place("blind_scores"),
        Place("blind_marks", f"blind_id IN (SELECT id FROM blind_scores WHERE call_id IN {_CALLS})"),
    ),
    N_("Notes of one-on-ones"): (Place("session_notes", own=False),),
    N_("Traces of imports"): (Place("import_files", f"sha256 IN {_RECORDINGS}", own=False),),
}
"""By what people call them."""

KEPT = {
    "deletion_calls": "the ledger itself: a sha256 and an id, nothing of the customer",
    "call_changes": "a number and an id, so that a warehouse learns that the call is gone",
    "removing": "empty outside a transaction",
    "library_versions": "its sha256 is that of a library",
    "rubric_versions": "its sha256 is that of a rubric",
}
"""Tables that look as if they held something of a call, and why nothing is taken from them."""

TELLING = frozenset(
    {
        "call_id",
        "example_id",
        "transcript_key",
        "heard_key",
        "analysis_key",
        "sha256",
        "clip_id",
        "blind_id",
        "verdict_id",
    }
)
"""Columns by which a table shows that it holds something of a call."""


def all_places() -> Iterable[Place]:
    return (place for group in GROUPS.values() for place in group)


def count(store: Store, named: Named) -> dict[str, int]:
    """How many rows there are by group; groups without any are left out."""
    known = _tables(store)
    found = {
        title: sum(_count(store, place, named) for place in places if place.table in known)
        for title, places in GROUPS.items()
    }
    return {title: rows for title, rows in found.items() if rows}


def clear(store: Store, named: Named) -> None:
    """Deletes the rows that do not go by themselves, the calls last but for what they point to."""
    known = _tables(store)
    taken = [place for place in all_places() if not place.own and place.table in known and place.table not in _LAST]
    with store.write() as db:
        for place in taken:
            if place.table != "session_notes":  # the note stays its session's; its words are taken before
                db.execute(f"DELETE FROM {place.table} WHERE {place.where}", named.parameters)
        for table in _LAST:
            place = next(one for one in all_places() if one.table == table)
            db.execute(f"DELETE FROM {table} WHERE {place.where}", named.parameters)


PARENTS = frozenset({"calls", "transcripts", "clips", "finding_verdicts", "blind_scores"})
"""What goes takes along what points to it."""
_LAST = ("calls", "transcripts", "peaks", "recordings")


def _count(store: Store, place: Place, named: Named) -> int:
    return int(store.value(f"SELECT count(*) FROM {place.table} WHERE {place.where}", named.parameters))


def _tables(store: Store) -> frozenset[str]:
    return frozenset(row["name"] for row in store.rows("SELECT name FROM sqlite_master WHERE type = 'table'"))
