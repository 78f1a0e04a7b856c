"""What is missing: what customers object to and no playbook entry covers, grouped by meaning; and how entries are
answered well in real calls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from assist.people import access
from assist.people.users import User
from assist.ports import Vectors
from assist.privacy import mask
from assist.scripts.index import OTHER
from assist.scripts.insight import counted, grouped
from assist.scripts.library import Entry, Library
from assist.store import Store, libraries, spoken
from assist.store.clock import stamp

MOST = 2000
_EXAMPLES = 8
_RARE = 20
"""Under so many uncovered refusals those that were hardly heard as one are offered too."""
_STRANGERS = 99.5
"""Refusals are of one meaning where they are more alike than this share (%) of examples of different entries. On 147
labelled refusals of four campaigns that is 0.51 with the packaged encoder: two in five have a neighbour so near, and
seven of ten of those are labelled as the same."""
_ALIKE, _LEAST_ALIKE = 0.6, 0.35
_SAME_ENTRY = 0.1
"""How much of the likeness is that both were taken for the same entry."""
_DOUBTFUL = 0.6
"""Confidence under which an objection was hardly heard as one."""


@dataclass(frozen=True, slots=True)
class Said:
    """One customer's words. `call_id` is None where the call is not shared with the user."""

    call_id: int | None
    turn: int
    start: float
    quote: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Refusals of one meaning that fit no entry: `title` is the most typical; `said` all of them, that one first.

    `taken_for` is the entry that most of them were put under for want of a better one, `other` where there was none.
    Where they are `doubtful`, most were hardly heard as an objection at all.
    """

    title: str
    times: int
    calls: int
    said: tuple[Said, ...]
    taken_for: str = OTHER
    doubtful: bool = False

    @property
    def examples(self) -> tuple[str, ...]:
        """Different wordings, the most typical first: the examples of a new entry."""
        return tuple(dict.fromkeys(one.quote for one in self.said))[:_EXAMPLES]


def gaps(
    store: Store, user: User, campaign: str, since: datetime | None = None, encoder: str | None = None
) -> tuple[Gap, ...]:
    """The groups of a campaign's uncovered refusals, the largest first; at most the latest 2,000 are looked at.

    Uncovered are those put under no entry, and those no nearer to the examples of theirs than examples of different
    entries are to each other; where there are few, also what was hardly heard as an objection. `encoder` names the
    vectors, those that most calls were judged with without one. Raises AccessDenied.
    """
    access.require(user, "library.insight")
    spoken.catch_up(store, campaign)
    version = libraries.in_force(store, campaign)
    examples = {e.objection: e.heard_as for e in libraries.library(store, version.id).playbook} if version else {}
    rows, name = _raised(store, user, campaign, since), encoder or _encoder(store)
    texts = [row["quote"] for row in rows] + [text for heard in examples.values() for text in heard]
    known = spoken.known_vectors(store, name, texts)
    missing = _uncovered(rows, {key: _stacked(heard, known) for key, heard in examples.items()}, known)
    rows = missing if len(missing) >= _RARE else [row for row in rows if row in missing or _doubtful(row)]
    with_vector = [row for row in rows if row["quote"] in known]
    without = [row for row in rows if row["quote"] not in known]
    vectors = np.stack([known[row["quote"]] for row in with_vector]) if with_vector else np.zeros((0, 1), np.float32)
    visible = _visible(store, user, [row["call_id"] for row in rows])
    apart = _between([_stacked(heard, known) for heard in examples.values()])
    likeness = max(_LEAST_ALIKE, float(np.percentile(apart, _STRANGERS))) if len(apart) else _ALIKE
    found_groups = grouped(_with_entries(vectors, [row["objection"] for row in with_vector]), likeness)
    groups = [[with_vector[number] for number in group.members] for group in found_groups]
    groups += _same_words(without)
    found = [_gap(group, visible) for group in groups]
    return tuple(sorted(found, key=lambda gap: (gap.doubtful, -gap.times, gap.title)))


def as_entry(gap: Gap, library: Library, title: str = "") -> Entry:
    """The beginning of a playbook entry with the examples of a gap; its answer is still to be written."""
    taken = {entry.objection for entry in library.playbook}
    names = (f"new-{number}" for number in range(1, len(taken) + 2))
    return Entry(next(name for name in names if name not in taken), title or gap.title, gap.examples, ())


def good_answers(store: Store, user: User, campaign: str, objection: str, most: int = 5) -> tuple[Said, ...]:
    """Where an objection was answered and resolved, in calls the user may open, the best judged first."""
    scope = access.calls_of(user)
    rows = store.rows(
        f"""SELECT o.call_id, coalesce(o.answer_turn, o.turn) AS turn, o.start, o.quote
            FROM raised_objections o JOIN calls c ON c.id = o.call_id
            WHERE c.campaign = :campaign AND o.objection = :objection AND o.outcome = 'resolved' AND o.answered
              AND c.state = 'ready' AND {scope.where}
            ORDER BY c.rejection_handling DESC, c.called_at DESC LIMIT :most""",
        {"campaign": campaign, "objection": objection, "most": most} | scope.parameters,
    )
    return tuple(Said(**row | {"quote": mask(row["quote"])}) for row in rows)


def _uncovered(
    rows: list[dict[str, Any]], examples: Mapping[str, Vectors], known: Mapping[str, Vectors]
) -> list[dict[str, Any]]:
    """Of refusals those without an entry, and those as far from the examples of theirs as unrelated ones are."""
    apart = _unrelated([vectors for vectors in examples.values() if len(vectors)])

    def far(objection: str, quote: str) -> bool:
        own = examples.get(objection)
        if own is None or not len(own) or quote not in known:
            return objection == OTHER
        return float((own @ known[quote]).max()) <= apart

    return [row for row in rows if far(row["objection"], row["quote"])]


def _doubtful(row: Mapping[str, Any]) -> bool:
    return row["confidence"] is not None and row["confidence"] < _DOUBTFUL


def _unrelated(entries: Sequence[Vectors]) -> float:
    """The likeness under which three quarters of the examples of different entries are to each other; it depends on
    the encoder."""
    apart = _between(entries)
    return float(np.percentile(apart, 75)) if len(apart) else -1.0


def _between(entries: Sequence[Vectors]) -> Vectors:
    """The likeness of every example to every example of another entry."""
    some = [vectors for vectors in entries if len(vectors)]
    pairs = [(one @ other.T).ravel() for n, one in enumerate(some) for other in some[n + 1 :]]
    return np.concatenate(pairs) if pairs else np.zeros(0, np.float32)


def _with_entries(vectors: Vectors, entries: Sequence[str]) -> Vectors:
    """The vectors with a little of what the refusals were taken for in them: unit length as before."""
    names = {name: column for column, name in enumerate(dict.fromkeys(entries))}
    taken = np.zeros((len(entries), max(1, len(names))), np.float32)
    taken[np.arange(len(entries)), [names[name] for name in entries]] = 1.0
    return np.hstack([vectors * np.sqrt(1 - _SAME_ENTRY), taken * np.sqrt(_SAME_ENTRY)]).astype(np.float32)


def _stacked(texts: Sequence[str], known: Mapping[str, Vectors]) -> Vectors:
    found = [known[text] for text in texts if text in known]
    return np.stack(found) if found else np.zeros((0, 1), np.float32)


def _raised(store: Store, user: User, campaign: str, since: datetime | None) -> list[dict[str, Any]]:
    scope = access.insight_of(user)
    return store.rows(
        f"""SELECT o.call_id, o.turn, o.start, o.quote, o.objection, o.confidence
            FROM raised_objections o JOIN calls c ON c.id = o.call_id
            WHERE c.campaign = :campaign AND c.state = 'ready' AND {scope.where}
              AND (:since IS NULL OR c.called_at >= :since)
            ORDER BY c.called_at DESC, o.call_id, o.number LIMIT :most""",
        {"campaign": campaign, "since": stamp(since) if since else None, "most": MOST} | scope.parameters,
    )


def _encoder(store: Store) -> str:
    """The encoder of most vectors."""
    query = "SELECT encoder FROM vectors GROUP BY encoder ORDER BY count(*) DESC LIMIT 1"
    return str(store.value(query) or "")


def _visible(store: Store, user: User, calls: Sequence[int]) -> set[int]:
    scope = access.calls_of(user)
    if scope.where == "0":
        return set()
    rows = store.rows(f"SELECT c.id FROM calls c WHERE {scope.where}", scope.parameters)
    return {row["id"] for row in rows} & set(calls)


def _same_words(rows: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["quote"].strip("，。！？,.!? "), []).append(row)
    return list(groups.values())


def _gap(rows: Sequence[dict[str, Any]], visible: set[int]) -> Gap:
    said = tuple(
        Said(row["call_id"] if row["call_id"] in visible else None, row["turn"], row["start"], mask(row["quote"]))
        for row in rows
    )
    taken_for = next(iter(counted([row["objection"] for row in rows])))
    doubtful = 2 * sum(map(_doubtful, rows)) > len(rows)
    title = mask(rows[0]["quote"]).strip("，。,. ")
    return Gap(title, len(rows), len({row["call_id"] for row in rows}), said, taken_for, doubtful)
