"""What is learned from one library version: made when it is published, in a second, the same every time."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from assist.analysis import knowledge
from assist.analysis.general import NONE, OTHER, General, general
from assist.analysis.grams import Grams
from assist.analysis.heads import Head, Read, fit, read
from assist.analysis.knowledge.told import digest
from assist.ports import Encoder
from assist.scripts.library import STEPS, Entry, Library

__all__ = ["NONE", "OTHER", "Index", "Wordings", "entries_of", "key_of", "learn", "steps_of", "texts_of"]

_EVERY = 4
"""Of the built-in neutral lines, which the library's own examples are held against, one in so many."""

_NEUTRAL = 0.5
"""How much a neutral line of the built-in knowledge counts beside an example of the library."""


@dataclass(frozen=True, slots=True, eq=False)
class Wordings:
    """Example wordings of one thing: a point, a step of an answer (`entry/step`), a forbidden item."""

    id: str
    given: Read
    profile: NDArray[np.float64]
    """What these wordings are to the general heads: mean scores of the acts, or of the violations for a forbidden
    item; length 1."""
    title: Read
    """What the library calls it: one row."""


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """Everything judging needs beside the transcript. `key` names library, encoder and learning.

    `own` scores playbook ids and `none` from the library's own examples; `entries` says which playbook id (or `other`,
    or None for what is no objection) each class of the general refusals means here.
    """

    library: Library
    key: str
    general: General
    own: Head
    entries: dict[str, str | None]
    points: tuple[Wordings, ...]
    steps: tuple[Wordings, ...]
    heard: tuple[Wordings, ...]
    forbidden: tuple[Wordings, ...]
    manners: tuple[Wordings, ...]

    @property
    def grams(self) -> Grams:
        return self.general.grams


def learn(library: Library, encoder: Encoder, without: frozenset[str] = frozenset()) -> Index:
    """Deterministic. What does not depend on the library comes from `general`; `without` is handed on to it."""
    known = general(library.language, encoder, without)
    everything = tuple(dict.fromkeys([*texts_of(library), *_neutral(library), *titles_of(library), *_manners(library)]))
    rows = dict(zip(everything, read(everything, encoder, known.grams).rows(), strict=True))

    def texts(some: tuple[str, ...]) -> Read:
        return Read.of([rows[text] for text in some])

    def wordings(name: str, title: str, some: tuple[str, ...], head: Head = known.acts) -> Wordings:
        given = texts(some)
        return Wordings(name, given, _profile(head.score(given)), texts((title,)))

    return Index(
        library=library,
        key=key_of(library, encoder.name),
        general=known,
        own=_own(library, texts),
        entries=entries_of(library),
        points=tuple(wordings(p.id, p.title, p.say) for _, p in library.points()),
        steps=tuple(wordings(f"{e.objection}/{s.step}", s.title, s.say) for e in library.playbook for s in e.respond),
        heard=tuple(wordings(e.objection, e.title, e.heard_as) for e in library.playbook),
        forbidden=tuple(wordings(f.id, f.title, f.phrases, known.violations) for f in library.forbidden),
        manners=tuple(wordings(m.id, m.title, m.phrases) for m in knowledge.manners(library.language)),
    )


def _own(library: Library, texts: Callable[[tuple[str, ...]], Read]) -> Head:
    """Which entry, by the library's own examples against neutral lines."""
    examples = [(way, entry.objection, 1.0) for entry in library.playbook for way in entry.heard_as]
    examples += [(way, NONE, 1.0) for entry in library.playbook for way in entry.not_this]
    examples += [(way, NONE, _NEUTRAL) for way in _neutral(library)]
    some, labels, weights = zip(*examples, strict=True)
    given = texts(some)
    return fit(given, [(label,) for label in labels], weights)


def _neutral(library: Library) -> tuple[str, ...]:
    return knowledge.customer(library.language)[::_EVERY]


def titles_of(library: Library) -> Iterator[str]:
    """What points, entries, steps and forbidden items are called."""
    yield from (point.title for _, point in library.points())
    for entry in library.playbook:
        yield entry.title
        yield from (step.title for step in entry.respond)
    yield from (item.title for item in library.forbidden)


def _manners(library: Library) -> Iterator[str]:
    for manner in knowledge.manners(library.language):
        yield from (manner.title, *manner.phrases)


def key_of(library: Library, encoder: str) -> str:
    """Hash of the library, the encoder's name, the built-in knowledge and the fitted weights (16 hex digits)."""
    facts = [asdict(library), encoder, knowledge.weights(library.language), digest()]
    content = json.dumps(facts, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def entries_of(library: Library) -> dict[str, str | None]:
    """Which playbook entry each class of the refusals head belongs to."""
    own = {entry.objection for entry in library.playbook}
    entries: dict[str, str | None] = {NONE: None, OTHER: OTHER}
    for kind in knowledge.objections(library.language):
        if kind.objection:
            entries[kind.id] = next((name for name in (kind.id, *kind.falls_to) if name in own), OTHER)
    return entries


def texts_of(library: Library) -> Iterator[str]:
    """Every wording of a library."""
    for _, point in library.points():
        yield from point.say
    for entry in library.playbook:
        yield from (*entry.heard_as, *entry.not_this)
        for step in entry.respond:
            yield from step.say
    for item in library.forbidden:
        yield from (*item.phrases, *item.allowed)


def _profile(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    mean = scores.mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9))


def steps_of(entry: Entry) -> Iterator[str]:
    """The steps an entry asks for, in the order of an answer."""
    asked = {step.step for step in entry.respond}
    yield from (step for step in STEPS if step in asked)
