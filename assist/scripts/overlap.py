"""What a library cannot tell apart, for its editor: examples that will be taken for something else, each with the text
it is too like and what to do about it.

Likeness (up to 1) is half meaning, a quarter sight, a quarter sound: meaning alone finds all that is about one subject
alike. Meaning counts from what any two sentences have in common, so that encoders are on one scale. Every wording is
compared with the others of its own item as well, itself left out; it is told only where it is nearer to something else.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal, cast

import numpy as np
from numpy.typing import NDArray

from assist.analysis import cues, knowledge
from assist.analysis.grams import Grams
from assist.analysis.heads import Read, characters, read, sounds
from assist.ports import Encoder, Vectors
from assist.scripts.checks import plain
from assist.scripts.index import OTHER, entries_of, texts_of
from assist.scripts.library import Library
from assist.texts import N_, translate
from models.keepsake import kept

Kind = Literal["twice", "objections", "points", "forbidden", "near-miss", "few"]
Table = NDArray[np.float64]

CLOSE: dict[Kind, float] = {"objections": 0.55, "points": 0.5, "forbidden": 0.45, "near-miss": 0.65}
"""From this likeness on. In 39 libraries of as many trades, 99 of 100 wordings have nothing elsewhere so near."""

ENOUGH = {"entry": 4, "point": 2, "forbidden": 2}
"""Wordings that an item should have at least."""
SHOWN = 3
_SAMPLE = 500

_MESSAGES: dict[Kind, str] = {
    "twice": N_("“%(text)s” stands in “%(title)s” and in “%(other)s”. Leave it in one of them."),
    "objections": N_(
        "“%(title)s” and “%(other)s” will be confused: “%(text)s” is like “%(like)s”. Put it where it belongs, word it "
        "more plainly, or make one objection of the two."
    ),
    "points": N_(
        "“%(title)s” and “%(other)s” will be confused: “%(text)s” is like “%(like)s”. Say in each what only that point "
        "is about, or make one point of the two."
    ),
    "forbidden": N_(
        "“%(text)s” is forbidden (%(title)s) and like “%(like)s” in “%(other)s”, which agents are to say. Word one of "
        "them differently, or who keeps to the script will be flagged."
    ),
    "near-miss": N_(
        "“%(text)s” in “%(title)s” is like “%(like)s”, which customers say without refusing. Give a fuller example, or "
        "leave it out."
    ),
    "few": N_(
        "“%(title)s” has %(count)s of the %(enough)s wordings or more that it takes to be recognised in other words. "
        "Add some, best from real calls."
    ),
}
_TWICE_HERE = N_("“%(text)s” stands twice in “%(title)s”. Delete one.")
_ORDER = tuple(_MESSAGES)


@dataclass(frozen=True, slots=True)
class Wording:
    """`key` names the item: `point:ID`, `entry:ID`, `entry:ID/STEP`, `forbidden:ID`, or `built-in:KIND` of refusal."""

    key: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A wording and what it is too like."""

    text: str
    like: str
    likeness: float


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to look at: the item, the other item (empty for `few`), and their closest pairs, the closest first."""

    kind: Kind
    key: str
    title: str
    other: str = ""
    other_title: str = ""
    pairs: tuple[Pair, ...] = ()
    count: int = 0

    @property
    def likeness(self) -> float:
        return self.pairs[0].likeness if self.pairs else 0.0

    def text(self, language: str = "en") -> str:
        """What it is, where, and what to do, in one or two sentences."""
        first = self.pairs[0] if self.pairs else Pair("", "", 0.0)
        facts = {
            "title": self.title, "other": self.other_title, "text": first.text, "like": first.like,
            "count": self.count, "enough": ENOUGH.get(self.key.partition(":")[0], 0),
        }  # fmt: skip
        twice_here = self.kind == "twice" and self.key == self.other
        return translate(_TWICE_HERE if twice_here else _MESSAGES[self.kind], language) % facts

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        return {
            "kind": self.kind, "item": self.key, "title": self.title, "other": self.other or None,
            "other_title": self.other_title or None, "likeness": self.likeness or None,
            "pairs": [{"text": p.text, "like": p.like, "likeness": p.likeness} for p in self.pairs],
            "text": self.text(language),
        }  # fmt: skip


def overlaps(library: Library, encoder: Encoder) -> tuple[Notice, ...]:
    """All notices: by kind, and the closest first. Deterministic, about a second once the vectors of the built-in
    knowledge are in the cache."""
    reader = _Reader(library, encoder)
    heard, points = _heard(library), _points(library)
    found = [
        *_beside("objections", heard, reader),
        *_beside("points", points, reader),
        *_forbidden(library, points, reader),
        *_near_misses(library, heard, reader),
        *_few(library),
    ]
    return tuple(sorted(found, key=lambda n: (_ORDER.index(n.kind), -n.likeness, n.key, n.other)))


@lru_cache(maxsize=2)
def _known(language: str, encoder: Encoder) -> tuple[tuple[str, ...], Vectors]:
    """The built-in texts with their vectors."""
    texts = tuple(knowledge.texts(language))
    return texts, kept(encoder, texts)


class _Reader:
    """Wordings → what they are compared by."""

    def __init__(self, library: Library, encoder: Encoder) -> None:
        own = tuple(dict.fromkeys(texts_of(library)))
        known, vectors = _known(library.language, cast(Any, encoder))
        self._rows: dict[str, Vectors] = dict(zip(known, vectors, strict=True))
        self._rows |= dict(zip(own, encoder.encode(own), strict=True))
        self._grams = Grams([*own, *(w.text for group in _built_in(library) for _, w in group)])
        self.name = encoder.name
        sample = vectors[:: max(1, len(vectors) // _SAMPLE)]
        self.common = float(np.median(sample @ sample.T))

    def encode(self, sentences: Sequence[str]) -> Vectors:
        return np.stack([self._rows[sentence] for sentence in sentences])

    def __call__(self, wordings: Sequence[Wording]) -> Read:
        return read([w.text for w in wordings], self, self._grams)

    def likeness(self, given: Read, other: Read) -> Table:
        """Shape (given, other)."""
        meaning = (given.vectors @ other.vectors.T - self.common) / (1 - self.common)
        alike = 0.5 * meaning + 0.25 * characters(given, other) + 0.25 * sounds(given, other)
        return np.asarray(alike, dtype=np.float64)


def _within(items: Sequence[Wording]) -> NDArray[np.bool_]:
    """Whether two wordings are of one item."""
    keys = np.array([item.key for item in items])
    return np.asarray(keys[:, None] == keys[None, :])


def _own(items: Sequence[Wording], alike: Table) -> Table:
    """How like each wording is to the nearest other one of its item; -1 where it has none."""
    others = _within(items) & ~np.eye(len(items), dtype=bool)
    return np.asarray(np.where(others, alike, -1.0).max(axis=1))


def _beside(kind: Kind, items: list[Wording], reader: _Reader) -> Iterator[Notice]:
    """Items of one sort that take each other's wordings, and texts that stand twice."""
    if not items:
        return
    given = reader(items)
    alike = reader.likeness(given, given)
    within = _within(items)
    confused = ~within & (alike >= CLOSE[kind]) & (alike > _own(items, alike)[:, None])
    chosen = np.triu(confused | confused.T) | (_twice(items) & within)
    yield from _gathered(kind, items, items, alike, chosen)


def _forbidden(library: Library, points: list[Wording], reader: _Reader) -> Iterator[Notice]:
    """Forbidden phrases that the script or an answer comes too near to. What denies (不能保证) is no promise."""
    phrases = [Wording(f"forbidden:{f.id}", f.title, text) for f in library.forbidden for text in f.phrases]
    said = [w for w in (*points, *_answers(library)) if not cues.denies(w.text)]
    if not phrases:
        return
    given = reader(phrases)
    itself = reader.likeness(given, given)
    yield from _gathered("forbidden", phrases, phrases, itself, _twice(phrases))
    if said:
        alike = reader.likeness(given, reader(said))
        yield from _gathered("forbidden", phrases, said, alike, _nearest("forbidden", alike, _own(phrases, itself)))


def _near_misses(library: Library, heard: list[Wording], reader: _Reader) -> Iterator[Notice]:
    """Examples that are nearer to a near miss of their kind than to the other ways to say it."""
    ways, misses = _built_in(library)
    if not heard or not misses:
        return
    given = reader(heard)
    known = _of_kind(heard, ways, reader.likeness(given, reader([w for _, w in ways])))
    near = _of_kind(heard, misses, reader.likeness(given, reader([w for _, w in misses])))
    own = np.maximum(known.max(axis=1), _own(heard, reader.likeness(given, given)))
    yield from _gathered("near-miss", heard, [w for _, w in misses], near, _nearest("near-miss", near, own))


def _twice(items: Sequence[Wording]) -> NDArray[np.bool_]:
    """Pairs of equal wordings, each pair once."""
    texts = np.array([plain(item.text) for item in items])
    return np.asarray(np.triu(texts[:, None] == texts[None, :], 1))


def _nearest(kind: Kind, alike: Table, own: Table) -> NDArray[np.bool_]:
    """Marks each row's highest cell where that is close, and closer than the row's own item."""
    top = alike.max(axis=1)
    marks = np.zeros(alike.shape, dtype=bool)
    marks[np.arange(len(alike)), alike.argmax(axis=1)] = (top >= CLOSE[kind]) & (top > own)
    return marks


def _gathered(
    kind: Kind, items: Sequence[Wording], others: Sequence[Wording], alike: Table, chosen: NDArray[np.bool_]
) -> Iterator[Notice]:
    """One notice for each two items, with their closest pairs; equal texts of a library make one of their own."""
    groups: dict[tuple[Kind, Wording, Wording], set[Pair]] = {}
    for row, column in zip(*np.nonzero(chosen), strict=True):
        a, b, value = items[row], others[column], float(alike[row, column])
        told: Kind = "twice" if kind != "near-miss" and plain(a.text) == plain(b.text) else kind
        pair = Pair(a.text, b.text, round(min(value, 1.0), 2))
        groups.setdefault((told, replace(a, text=""), replace(b, text="")), set()).add(pair)
    for (told, a, b), pairs in groups.items():
        closest = sorted(pairs, key=lambda pair: (-pair.likeness, pair.text, pair.like))[:SHOWN]
        yield Notice(told, a.key, a.title, b.key, b.title, tuple(closest))


def _few(library: Library) -> Iterator[Notice]:
    items = [(f"point:{p.id}", p.title, p.say) for _, p in library.points()]
    items += [(f"entry:{e.objection}", e.title, e.heard_as) for e in library.playbook]
    items += [(f"forbidden:{f.id}", f.title, f.phrases) for f in library.forbidden]
    for key, title, texts in items:
        if len(set(texts)) < ENOUGH[key.partition(":")[0]]:
            yield Notice("few", key, title, count=len(set(texts)))


def _heard(library: Library) -> list[Wording]:
    return [Wording(f"entry:{e.objection}", e.title, text) for e in library.playbook for text in e.heard_as]


def _points(library: Library) -> list[Wording]:
    return [Wording(f"point:{p.id}", p.title, text) for _, p in library.points() for text in p.say]


def _answers(library: Library) -> Iterator[Wording]:
    for entry in library.playbook:
        for step in entry.respond:
            yield from (Wording(f"entry:{entry.objection}/{step.step}", entry.title, text) for text in step.say)


_Taken = list[tuple[str, Wording]]
"""Built-in wordings, each with the key of the playbook entry that takes its kind."""


def _built_in(library: Library) -> tuple[_Taken, _Taken]:
    """Ways and near misses of the kinds that entries of the playbook take."""
    entries = entries_of(library)
    ways: _Taken = []
    misses: _Taken = []
    for kind in knowledge.objections(library.language):
        entry = entries.get(kind.id)
        if entry is not None and entry != OTHER:
            for found, texts in ((ways, kind.ways), (misses, kind.near)):
                found += [(f"entry:{entry}", Wording(f"built-in:{kind.id}", kind.title, text)) for text in texts]
    return ways, misses


def _of_kind(heard: Sequence[Wording], built_in: _Taken, alike: Table) -> Table:
    """`alike` with -1 where a built-in wording belongs to another entry than the example."""
    same = np.array([[item.key == entry for entry, _ in built_in] for item in heard])
    return np.where(same, alike, -1.0)
