"""What is known of the trade before any library is read: how customers refuse, how agents answer and what they do."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from assist.analysis.findings import ObjectionForce
from assist.scripts.library import Severity


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of refusal: `ways` to say it, `near` misses, and the playbook entries that take it, best first."""

    id: str
    title: str
    ways: tuple[str, ...]
    near: tuple[str, ...]
    force: ObjectionForce
    objection: bool
    falls_to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Manner:
    """One thing no agent may say: `words` are regular expressions, `phrases` examples of the meaning."""

    id: str
    title: str
    severity: Severity
    words: tuple[str, ...]
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Complaint:
    """One way customers complain: `words` are regular expressions, `unless` those that make it something else;
    `phrases` are examples of the meaning, `near` what only sounds like it."""

    id: str
    title: str
    severity: Severity
    words: tuple[str, ...]
    unless: tuple[str, ...]
    phrases: tuple[str, ...]
    near: tuple[str, ...]


@cache
def objections(language: str) -> tuple[Kind, ...]:
    return tuple(
        Kind(
            row["kind"], row["title"], ways(row["heard"]), ways(row.get("near", "")),
            row["force"], row.get("objection", True), tuple(row.get("falls_to", ())),
        )
        for row in _read("objections", language)
    )  # fmt: skip


@cache
def customer(language: str) -> tuple[str, ...]:
    """What customers say all day that is no objection."""
    return tuple(way for row in _read("customer", language) for way in ways(row["heard"]))


@cache
def steps(language: str) -> dict[str, tuple[str, ...]]:
    """Ways to do each step of an answer, and `argue`: what does none."""
    return {row["step"]: ways(row["heard"]) for row in _read("steps", language)}


@cache
def acts(language: str) -> dict[str, tuple[str, ...]]:
    """What agents do in any call, by act."""
    return {row["act"]: ways(row["heard"]) for row in _read("acts", language)}


@cache
def violations(language: str) -> tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]:
    """(kind, ways to break it, what only sounds like it) of what agents commonly must not promise or say."""
    return tuple((row["kind"], ways(row["heard"]), ways(row["near"])) for row in _read("violations", language))


@cache
def manners(language: str) -> tuple[Manner, ...]:
    return tuple(
        Manner(row["id"], row["title"], row["severity"], tuple(row["words"]), tuple(row["phrases"]))
        for row in _read("manners", language)
    )


@cache
def complaints(language: str) -> tuple[Complaint, ...]:
    return tuple(
        Complaint(
            row["id"], row["title"], row["severity"], tuple(row["words"]), tuple(row["unless"]),
            ways(row["phrases"]), ways(row["near"]),
        )
        for row in _read("complaints", language)
    )  # fmt: skip


@cache
def texts(language: str) -> tuple[str, ...]:
    """Every wording of the knowledge, once, in a fixed order."""
    kinds = objections(language)
    found = [*customer(language), *(w for k in kinds for w in (*k.ways, *k.near))]
    for table in (steps(language), acts(language)):
        found += [way for ways in table.values() for way in ways]
    found += [way for _, broken, kept in violations(language) for way in (*broken, *kept)]
    found += [phrase for manner in manners(language) for phrase in manner.phrases]
    return tuple(dict.fromkeys(found))


def weights(language: str) -> dict[str, Any]:
    """Parameters fitted by `bench/tune.py` for a language: numbers that know no wording."""
    return dict(_weights()[tag(language)])


@cache
def _weights() -> dict[str, Any]:
    """`weights.json`, with the trees from a file of their own: `{language: {part: {name: trees}}}`."""
    weights, trees = (_numbers(name) for name in ("weights.json", "trees.json"))
    for language, parts in trees.items():
        for part, grown in parts.items():
            weights[language][part] |= grown
    return weights


def _numbers(name: str) -> dict[str, Any]:
    return dict(json.loads(files(__package__).joinpath(name).read_text(encoding="utf-8")))


def tag(language: str) -> str:
    """Which of the two languages of the knowledge serves a language: English its own, everything else Chinese."""
    return "en" if language.lower().startswith("en") else "zh"


def ways(text: str) -> tuple[str, ...]:
    """The wordings of a block: one line holds several, parted by ` | `."""
    return tuple(way.strip() for line in text.splitlines() for way in line.split(" | ") if way.strip())


def _read(name: str, language: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load(files(__package__).joinpath(f"{name}-{tag(language)}.yaml").read_text(encoding="utf-8")))
