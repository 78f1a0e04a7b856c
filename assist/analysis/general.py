"""What is known before any library is read, as heads: learned once per machine, language and encoder, then kept.

A library adds to it (`assist.scripts.index`) and changes nothing in it.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, cast

import numpy as np

from assist.analysis import knowledge
from assist.analysis.grams import Grams
from assist.analysis.heads import Head, Read, fit, read
from assist.analysis.knowledge.told import digest, practice
from assist.ports import Encoder, Vectors
from models.keepsake import kept, kept_arrays

NONE, OTHER, ARGUE = "none", "other", "argue"
ENDING: Literal["refusal"] = "refusal"

_FORM = "general/3"
"""Part of the key of what is kept: to be changed with the way of learning."""

Examples = list[tuple[str, tuple[str, ...], float]]
"""(text, labels, weight)."""


@dataclass(frozen=True, slots=True, eq=False)
class General:
    """`acts`: what agents do in any call; `answers`: steps of an answer, `argue`, `none`; `refusals`: kinds of refusal,
    `other`, `none`; `ending`: a refusal that ends the talk, or `none`; `violations`: kinds of forbidden promise, items
    of practice libraries, `none`."""

    grams: Grams
    acts: Head
    answers: Head
    refusals: Head
    ending: Head
    violations: Head


HEADS = ("acts", "answers", "refusals", "ending", "violations")


def general(language: str, encoder: Encoder, without: frozenset[str] = frozenset()) -> General:
    """From the user's cache, or learned (a minute on two cores). `without` leaves practice campaigns out."""
    return _general(knowledge.tag(language), cast(Any, encoder), without)


@lru_cache(maxsize=8)
def _general(language: str, encoder: Encoder, without: frozenset[str]) -> General:
    name = json.dumps([_FORM, language, encoder.name, sorted(without), digest()])
    found = kept_arrays(hashlib.sha256(name.encode()).hexdigest()[:24], lambda: _learn(language, encoder, without))
    heads = {
        head: Head(
            tuple(str(one) for one in found[f"{head}.classes"]), found[f"{head}.examples"],
            found[f"{head}.by_example"], found[f"{head}.by_run"], found[f"{head}.base"],
        )
        for head in HEADS
    }  # fmt: skip
    return General(Grams.of(found["grams"]), **heads)


def _learn(language: str, encoder: Encoder, without: frozenset[str]) -> dict[str, Any]:
    examples = {
        "acts": act_examples(language),
        "answers": answer_examples(language, without),
        "refusals": refusal_examples(language, without),
        "ending": ending_examples(language),
        "violations": violation_examples(language, without),
    }
    texts = tuple(dict.fromkeys(text for rows in examples.values() for text, _, _ in rows))
    grams = Grams(texts)
    known = _Known(encoder.name, dict(zip(texts, kept(encoder, texts), strict=True)))
    found: dict[str, Any] = {"grams": grams.weight}
    for name, rows in examples.items():
        found |= {f"{name}.{part}": value for part, value in _parts(_head(rows, known, grams)).items()}
    return found


def _head(rows: Examples, encoder: Encoder, grams: Grams) -> Head:
    texts, labels, weights = zip(*rows, strict=True)
    given: Read = read(texts, encoder, grams)
    return fit(given, labels, weights)


def _parts(head: Head) -> dict[str, Any]:
    return {
        "classes": np.array(head.classes), "examples": head.examples, "by_example": head.by_example,
        "by_run": head.by_run, "base": head.base,
    }  # fmt: skip


class _Known:
    """An encoder of texts whose vectors are at hand."""

    def __init__(self, name: str, rows: dict[str, Vectors]) -> None:
        self.name, self._rows = name, rows

    def encode(self, sentences: Sequence[str]) -> Vectors:
        return np.stack([self._rows[sentence] for sentence in sentences])


def act_examples(language: str) -> Examples:
    return [(way, (act,), 1.0) for act, ways in knowledge.acts(language).items() for way in ways]


def refusal_examples(language: str, without: frozenset[str] = frozenset()) -> Examples:
    found: Examples = [(way, (NONE,), 1.0) for way in knowledge.customer(language)]
    for kind in knowledge.objections(language):
        found += [(way, (kind.id if kind.objection else NONE,), 1.0) for way in kind.ways]
        found += [(way, (NONE,), 1.0) for way in kind.near]
    kinds = {kind.id for kind in knowledge.objections(language) if kind.objection}
    for turn in practice(language, without).turns:
        if turn.who == "customer":
            name = turn.objection
            found.append((turn.text, (NONE if name is None else name if name in kinds else OTHER,), 1.0))
    return found


def ending_examples(language: str) -> Examples:
    """By the lists alone: practice calls do not mark how hard a refusal is."""
    found: Examples = [(way, (NONE,), 1.0) for way in knowledge.customer(language)]
    for kind in knowledge.objections(language):
        found += [(way, (ENDING if kind.id == ENDING else NONE,), 1.0) for way in kind.ways]
        found += [(way, (NONE,), 1.0) for way in kind.near]
    return found


def answer_examples(language: str, without: frozenset[str] = frozenset()) -> Examples:
    found: Examples = [(w, (step,), 1.0) for step, ways in knowledge.steps(language).items() for w in ways]
    found += [(w, (NONE,), 0.5) for ways in knowledge.acts(language).values() for w in ways]
    for turn in practice(language, without).turns:
        if turn.who == "agent":
            found.append((turn.text, turn.steps or ((ARGUE,) if turn.deals else (NONE,)), 1.0))
    return found


def violation_examples(language: str, without: frozenset[str] = frozenset()) -> Examples:
    found: Examples = []
    for kind, broken, kept_to in knowledge.violations(language):
        found += [(way, (kind,), 1.0) for way in broken] + [(way, (NONE,), 1.0) for way in kept_to]
    found += [(w, (NONE,), 0.5) for ways in knowledge.acts(language).values() for w in ways]
    told = practice(language, without)
    found += [(way, (name,), 1.0) for name, way in told.forbidden]
    return found + [(turn.text, turn.broken or (NONE,), 1.0) for turn in told.turns if turn.who == "agent"]
