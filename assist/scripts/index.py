"""What is learned from one library version: made once when it is published, the same every time."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from assist.analysis import knowledge
from assist.analysis.grams import Grams
from assist.analysis.heads import Head, Read, fit, read
from assist.ports import Encoder, Vectors
from assist.scripts.library import STEPS, Entry, Library
from models.keepsake import kept

NONE = "none"
OTHER = "other"

_OWN = 2.0
"""How much a library's own wording counts beside one of the built-in knowledge."""


@dataclass(frozen=True, slots=True, eq=False)
class Wordings:
    """Example wordings of one thing: a point, a step of an answer (`entry/step`), a forbidden item."""

    id: str
    given: Read
    profile: NDArray[np.float64]
    """What these wordings are to the built-in knowledge: mean scores of the acts head, or of the violations head for
    a forbidden item; length 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """Everything judging needs beside the transcript. `key` names library, encoder and learning.

    `refusals` scores playbook ids, built-in kinds and `none`; `entries` says which playbook id (or `other`, or None for
    what is no objection) each of its classes means.
    """

    library: Library
    key: str
    grams: Grams
    acts: Head
    answers: Head
    refusals: Head
    violations: Head
    entries: dict[str, str | None]
    points: tuple[Wordings, ...]
    steps: tuple[Wordings, ...]
    heard: tuple[Wordings, ...]
    forbidden: tuple[Wordings, ...]
    manners: tuple[Wordings, ...]


def learn(library: Library, encoder: Encoder) -> Index:
    """Deterministic; a few seconds, most of them for the vectors of the built-in knowledge."""
    grams = Grams(_everything(library))
    encoder = _WithKnowledge(encoder, library)
    acts = _head(_act_examples(library), encoder, grams)

    violations = _head(_violation_examples(library), encoder, grams)

    def wordings(name: str, texts: tuple[str, ...], head: Head = acts) -> Wordings:
        given = read(texts, encoder, grams)
        return Wordings(name, given, _profile(head.score(given)))

    return Index(
        library=library,
        key=key_of(library, encoder.name),
        grams=grams,
        acts=acts,
        answers=_head(_answer_examples(library), encoder, grams),
        refusals=_head(_refusal_examples(library), encoder, grams),
        violations=violations,
        entries=entries_of(library),
        points=tuple(wordings(p.id, p.say) for _, p in library.points()),
        steps=tuple(wordings(f"{e.objection}/{s.step}", s.say) for e in library.playbook for s in e.respond),
        heard=tuple(wordings(e.objection, e.heard_as) for e in library.playbook),
        forbidden=tuple(wordings(f.id, f.phrases, violations) for f in library.forbidden),
        manners=tuple(wordings(m.id, m.phrases) for m in knowledge.manners(library.language)),
    )


def key_of(library: Library, encoder: str) -> str:
    """Hash of the library's content, the encoder's name and the fitted weights (16 hex digits)."""
    content = json.dumps([asdict(library), encoder, knowledge.weights()], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def entries_of(library: Library) -> dict[str, str | None]:
    """Which playbook entry each class of the refusals head belongs to."""
    own = {entry.objection for entry in library.playbook}
    entries: dict[str, str | None] = {NONE: None}
    for kind in knowledge.objections(library.language):
        if kind.objection:
            entries[kind.id] = next((name for name in (kind.id, *kind.falls_to) if name in own), OTHER)
    return entries | {name: name for name in own}


Examples = list[tuple[str, str, float]]
"""(text, label, weight)."""


def _refusal_examples(library: Library) -> Examples:
    found: Examples = [(way, NONE, 1.0) for way in knowledge.customer(library.language)]
    for kind in knowledge.objections(library.language):
        found += [(way, kind.id if kind.objection else NONE, 1.0) for way in kind.ways]
        found += [(way, NONE, 1.0) for way in kind.near]
    for entry in library.playbook:
        found += [(way, entry.objection, _OWN) for way in entry.heard_as]
        found += [(way, NONE, _OWN) for way in entry.not_this]
    return found


def _answer_examples(library: Library) -> Examples:
    found: Examples = [(w, step, 1.0) for step, ways in knowledge.steps(library.language).items() for w in ways]
    found += [(w, NONE, 0.5) for ways in knowledge.acts(library.language).values() for w in ways]
    found += [(w, NONE, 0.5) for _, point in library.points() for w in point.say]
    return found + [(w, step.step, 1.0) for e in library.playbook for step in e.respond for w in step.say]


def _act_examples(library: Library) -> Examples:
    return [(w, act, 1.0) for act, ways in knowledge.acts(library.language).items() for w in ways]


def _violation_examples(library: Library) -> Examples:
    found: Examples = []
    for kind, broken, kept_to in knowledge.violations(library.language):
        found += [(way, kind, 1.0) for way in broken] + [(way, NONE, 1.0) for way in kept_to]
    found += [(w, NONE, 0.5) for ways in knowledge.acts(library.language).values() for w in ways]
    found += [(w, NONE, 1.0) for _, point in library.points() for w in point.say]
    return found + [(w, NONE, 0.5) for e in library.playbook for step in e.respond for w in step.say]


def _everything(library: Library) -> list[str]:
    examples = _refusal_examples(library) + _answer_examples(library) + _violation_examples(library)
    return [text for text, _, _ in examples] + [w for f in library.forbidden for w in f.phrases]


def _head(examples: Examples, encoder: Encoder, grams: Grams) -> Head:
    texts, labels, weights = zip(*examples, strict=True)
    return fit(read(texts, encoder, grams), labels, weights)


class _WithKnowledge:
    """An encoder with the vectors of the built-in knowledge (from disk) and of a library (in one batch) at hand."""

    def __init__(self, encoder: Encoder, library: Library) -> None:
        self.name = encoder.name
        known = knowledge.texts(library.language)
        own = tuple(dict.fromkeys(texts_of(library)))
        self._rows = dict(zip(known, kept(encoder, known), strict=True))
        self._rows |= dict(zip(own, encoder.encode(own), strict=True))

    def encode(self, sentences: Sequence[str]) -> Vectors:
        """As the encoder itself, for sentences of the knowledge and of the library."""
        return np.stack([self._rows[sentence] for sentence in sentences])


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
