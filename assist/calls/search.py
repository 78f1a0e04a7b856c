"""Search over all calls one may see: by what was said, by what was found, by who and when; the latest call first."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from assist.calls import listing
from assist.calls.calls import COLUMNS, TABLES, Call, call_for
from assist.calls.listing import Filters
from assist.calls.wording import simplified
from assist.people import access, audit
from assist.people.users import User
from assist.privacy import mask
from assist.store import Store, said, said_numbers
from assist.store.paging import cut, size_of
from assist.store.said import ID_BITS, Line
from assist.store.signs import Asked, Term, asked

MOST_COUNTED = 1000
"""More matches of words than this are not counted to the end."""
MOST_PAGES = 20
SENTENCES = 3
_AROUND = 36
_TRACE_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    """A place in a call: what is said there with the match marked; `start` is about when it is said, in seconds."""

    turn: int
    speaker: str
    start: float
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    call: Call
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of hits. `total` is the number of calls that match; with `more` there are more than that."""

    hits: list[Hit]
    total: int
    more: bool
    page: int
    pages: int


def search(store: Store, user: User, words: str = "", filters: Filters | None = None) -> Page:
    """Calls in which all of `words` are said (words and “phrases”; -word: it is not said) and which match `filters`.

    Raises AccessDenied. Who may see all calls leaves a trace of what they looked for.
    """
    access.require(user, "call.search")
    wanted = asked(simplified(words))
    filters = replace(filters or Filters(), state="ready")
    if access.leaves_trace(user) and words.strip():
        about = f"search:{audit.fingerprint(store, words.strip())}"
        audit.record_once(store, user, "call.search", about, within=_TRACE_EVERY, words=len(words.split()))
    if numbers := said_numbers.asked(simplified(words)):
        return _by_number(store, user, numbers, filters)
    if not wanted.wanted:
        found = listing.listing(store, user, replace(filters, judged=True))
        return Page([_hit(store, call, wanted, filters) for call in found.calls], found.total, False, found.page,
                    found.pages)  # fmt: skip
    return _by_words(store, user, wanted, filters)


def _by_number(store: Store, user: User, numbers: Sequence[str], filters: Filters) -> Page:
    """Calls in which a personal number is said, for those who may see it: it is in no index of words."""
    if not access.allows(user, "call.unmask"):
        return Page([], 0, False, 1, 1)
    conditions, values = listing.where(user, filters)
    scope = access.calls_of(user)
    rows = store.rows(
        f"""SELECT c.id FROM said_numbers n CROSS JOIN calls c ON c.id = n.call_id
            WHERE n.digest IN (SELECT value FROM json_each(:digests)) AND {scope.where} AND {conditions}
            GROUP BY c.id ORDER BY c.called_at DESC LIMIT :most""",
        values
        | scope.parameters
        | {"digests": json.dumps([said_numbers.digest(store, number) for number in numbers]), "most": MOST_COUNTED},
    )
    size = size_of(filters.per_page, listing.MOST_PER_PAGE)
    part = cut(len(rows), filters.page, size)
    ids = [row["id"] for row in rows[part.skip : part.skip + size]]
    return Page([Hit(call, ()) for call in _calls(store, user, ids)], len(rows), False, part.number, part.pages)


def _by_words(store: Store, user: User, wanted: Asked, filters: Filters) -> Page:
    """The index gives its matches from the latest on, so a page needs only as many as it shows."""
    conditions, values = listing.where(user, filters)
    scope = access.calls_of(user)
    where = f"""FROM said_words f CROSS JOIN calls c ON c.id = (f.rowid & {(1 << ID_BITS) - 1})
                WHERE said_words MATCH :match AND f.rowid >= :first AND f.rowid < :last
                  AND {scope.where} AND {conditions}"""
    values |= scope.parameters | {"match": _match(user, wanted, filters)} | _places(filters)
    count = f"SELECT count(*) FROM (SELECT 1 {where} LIMIT :most)"
    total = int(store.value(count, values | {"most": MOST_COUNTED + 1}))
    size = size_of(filters.per_page, listing.MOST_PER_PAGE)
    part = cut(min(total, MOST_COUNTED, MOST_PAGES * size), filters.page, size)
    rows = store.rows(
        f"SELECT c.id {where} ORDER BY f.rowid DESC LIMIT :size OFFSET :skip",
        values | {"size": size, "skip": part.skip},
    )
    found = _calls(store, user, [row["id"] for row in rows])
    hits = [_hit(store, call, wanted, filters) for call in found]
    return Page(hits, min(total, MOST_COUNTED), total > MOST_COUNTED, part.number, part.pages)


def _match(user: User, wanted: Asked, filters: Filters) -> str:
    """What the index is asked. What never changes in a call narrows it at once; who may see what decides the query."""
    told = f"({wanted.expression})"
    facts = _quoted(said.facts_of(filters.team_id, filters.agent_id, filters.campaign))
    if user.role == "agent":
        facts += _quoted(said.facts_of(agent=user.id))
    elif user.role == "lead":
        facts.append(f"({' OR '.join(_quoted(said.facts_of(team=user.team_id, agent=user.id)))})")
    return f"{told} AND {{facts}} : ({' AND '.join(facts)})" if facts else told


def _quoted(facts: Sequence[str]) -> list[str]:
    """As FTS5 takes them: a team that is asked for may have any number, also one below zero."""
    return [f'"{fact}"' for fact in facts]


def _places(filters: Filters) -> dict[str, int]:
    first = said.first_place(filters.since) if filters.since else 0
    last = said.first_place(filters.until + timedelta(seconds=1)) if filters.until else 1 << 62
    return {"first": first, "last": last}


def _calls(store: Store, user: User, ids: Sequence[int]) -> list[Call]:
    marks = ",".join("?" * len(ids))
    found = {row["id"]: row for row in store.rows(f"SELECT {COLUMNS} FROM {TABLES} WHERE c.id IN ({marks})", ids)}
    return [call_for(user, found[call_id]) for call_id in ids]


def _hit(store: Store, call: Call, wanted: Asked, filters: Filters) -> Hit:
    lines = said.lines(store, [call.id]).get(call.id, ())
    if wanted.wanted:
        return Hit(call, _sentences(lines, wanted.wanted))
    return Hit(call, tuple(_found(store, call.id, lines, filters)))


def _sentences(lines: Sequence[Line], terms: Sequence[Term]) -> tuple[Sentence, ...]:
    """The first lines that hold a term, each term at least once as far as there is room."""
    places = [(line, number, span) for line in lines for number, term in enumerate(terms)
              for span in term.places(line.text)]  # fmt: skip
    firsts = {number: line.turn for line, number, _ in reversed(places)}
    chosen = [*dict.fromkeys([*sorted(firsts.values()), *(line.turn for line, _, _ in places)])][:SENTENCES]
    by_turn = {line.turn: _masked(line) for line in lines if line.turn in chosen}
    return tuple(
        _sentence(by_turn[turn], [span for term in terms for span in term.places(by_turn[turn].text)])
        for turn in sorted(chosen)
    )


def _masked(line: Line) -> Line:
    """Names are for those who speak with the customer, and not for who looks through all calls."""
    return replace(line, text=mask(line.text))


def _sentence(line: Line, spans: list[tuple[int, int]]) -> Sentence:
    """A line, cut to what stands around its matches."""
    joined = _joined(spans)
    first = max(0, joined[0][0] - _AROUND) if joined else 0
    last = min(len(line.text), joined[-1][1] + _AROUND) if joined else 2 * _AROUND
    last = min(last, first + 5 * _AROUND)
    pieces, at = ([Piece("…", False)] if first else []), first
    for start, end in joined:
        if start < last:
            pieces += [Piece(line.text[at:start], False), Piece(line.text[start:end], True)]
            at = end
    pieces.append(Piece(line.text[at:last] + ("…" if last < len(line.text) else ""), False))
    begins = line.start + first / max(1, len(line.text)) * (line.end - line.start)
    return Sentence(line.turn, line.speaker, round(begins, 2), tuple(piece for piece in pieces if piece.text))


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


_PLACES = (
    ("objection", """SELECT turn FROM raised_objections WHERE call_id = :call
                       AND (:id IS NULL OR objection = :id) AND (:is IS NULL OR :is = 'raised'
                            OR answered = (:is = 'answered')) ORDER BY number"""),
    ("point", "SELECT turn FROM spoken_points WHERE call_id = :call AND point = :id AND status <> 'missed'"),
    ("criterion", "SELECT turn FROM call_criteria WHERE call_id = :call AND skill || '/' || criterion = :id"),
    ("rule", "SELECT turn FROM flags WHERE call_id = :call AND rule = :id ORDER BY id"),
)  # fmt: skip
"""Filter → where in a call that is which it asks for."""


def _found(store: Store, call_id: int, lines: Sequence[Line], filters: Filters) -> list[Sentence]:
    turns: list[int] = []
    for name, query in _PLACES:
        wanted: Any = getattr(filters, name)
        if wanted or (name == "objection" and filters.objection_is):
            values = {"call": call_id, "id": wanted, "is": filters.objection_is}
            turns += [row["turn"] for row in store.rows(query, values) if row["turn"] is not None]
    by_turn = {line.turn: line for line in lines}
    return [_sentence(_masked(by_turn[turn]), []) for turn in dict.fromkeys(turns) if turn in by_turn][:SENTENCES]


def catch_up(store: Store, batch: int = said.BATCH) -> int:
    """Indexes all calls that were ready before there was an index, in short batches; how many calls have words now."""
    after = 0
    while (last := said.catch_up(store, after, batch)) is not None:
        after = last
    return int(store.value("SELECT count(*) FROM said_calls"))
