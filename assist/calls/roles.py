"""Which voice is the agent: decided by what is said, never by who speaks first or on which channel.

Evidence, each per voice: how its sounds fit what the library lets agents say against what it hears customers say, the
company's name, forms of address and selling, and the share of the talk. Sounds are compared by pairs of syllables, so
homophones that recognition wrote (千兆 → 前照) still count.
"""

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from assist.scripts.library import Library
from assist.transcript import Speaker
from models import sound

_WORDS = re.compile(r"[a-z']+")
_AGENT_MANNERS = re.compile(
    r"您|打扰|我们公司|我们这边|咱们这边|给您|帮您|为您|请问|您看|祝您|来电|致电|顾问|客服|专员|"
    r"\b(calling from|how may i help|can i help|thank you for calling|our company|would you like|sir|ma'am)\b",
    re.IGNORECASE,
)
_CUSTOMER_MANNERS = re.compile(
    r"你们|你是谁|你谁|哪位|不需要|不用了|没兴趣|没时间|别打了|我考虑|太贵|你说吧|"
    r"\b(i'd like|i want to|can you tell me|not interested|no thanks|i'm looking for)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Roles:
    """Who each voice is, and how sure that is (0–1)."""

    speakers: dict[int, Speaker]
    confidence: float


@dataclass(frozen=True, slots=True)
class _Manner:
    """Log odds of agent against customer, by pair of sounds, learned from one library."""

    odds: dict[tuple[str, str], float]
    names: tuple[tuple[str, ...], ...]


def assign(said: Mapping[int, str], library: Library) -> Roles:
    """Agent and customer among the voices, given all that each one said (more than two: the rest are unknown)."""
    scores = {voice: score(text, library) for voice, text in said.items() if text.strip()}
    if not scores:
        return Roles(dict.fromkeys(said, "unknown"), 0.0)
    if len(scores) == 1:
        return _only_one(scores)
    total = sum(len(text) for text in said.values())
    shares = {voice: len(said[voice]) / total for voice in scores}
    best = sorted(scores, key=lambda voice: (-(scores[voice] + shares[voice]), voice))
    margin = scores[best[0]] - scores[best[1]] + (shares[best[0]] - shares[best[1]])
    speakers: dict[int, Speaker] = dict.fromkeys(said, "unknown")
    speakers[best[0]], speakers[best[1]] = "agent", "customer"
    return Roles(speakers, round(1 / (1 + math.exp(-3.0 * margin)), 3))


def score(text: str, library: Library) -> float:
    """How much like an agent of this campaign a voice talks; 0 is undecided, ±1 clear."""
    manner = _manner(library)
    units = _units(text, library.language)
    pairs = list(itertools.pairwise(units))
    fit = sum(manner.odds.get(pair, 0.0) for pair in pairs) / max(len(pairs), 12)
    names = sum(_says(name, units) for name in manner.names)
    polite, curt = len(_AGENT_MANNERS.findall(text)), len(_CUSTOMER_MANNERS.findall(text))
    manners = (polite - curt) / (polite + curt + 3)
    return 2.0 * fit + 0.4 * min(names, 2) + 0.6 * manners


def leaning(text: str, library: Library) -> float:
    """Sum of log odds that an agent rather than a customer says this phrase; 0 is undecided."""
    manner = _manner(library)
    fit = sum(manner.odds.get(pair, 0.0) for pair in itertools.pairwise(_units(text, library.language)))
    return fit + len(_AGENT_MANNERS.findall(text)) - len(_CUSTOMER_MANNERS.findall(text))


def _only_one(scores: Mapping[int, float]) -> Roles:
    """One voice alone: an agent who reached nobody, or a customer whose agent was not recorded."""
    ((voice, value),) = scores.items()
    who: Speaker = "agent" if value >= 0 else "customer"
    return Roles({voice: who}, round(1 / (1 + math.exp(-4.0 * abs(value))), 3))


@lru_cache(maxsize=32)
def _manner(library: Library) -> _Manner:
    agent = Counter(_pairs(_agent_wordings(library), library.language))
    customer = Counter(_pairs(_customer_wordings(library), library.language))
    weight_a, weight_c = 1 / (sum(agent.values()) + 1), 1 / (sum(customer.values()) + 1)
    smooth = (weight_a + weight_c) / 2
    odds = {
        pair: _clipped(math.log((agent[pair] * weight_a + smooth) / (customer[pair] * weight_c + smooth)))
        for pair in agent.keys() | customer.keys()
    }
    names = tuple(units for units in (_units(name, library.language) for name in library.company) if len(units) > 1)
    return _Manner(odds, names)


def _clipped(value: float) -> float:
    return max(-2.0, min(2.0, value))


def _agent_wordings(library: Library) -> Iterable[str]:
    for _, point in library.points():
        yield from point.say
    for entry in library.playbook:
        for step in entry.respond:
            yield from step.say


def _customer_wordings(library: Library) -> Iterable[str]:
    for entry in library.playbook:
        yield from entry.heard_as


def _pairs(wordings: Iterable[str], language: str) -> Iterable[tuple[str, str]]:
    for wording in wordings:
        units = _units(wording, language)
        yield from itertools.pairwise(units)


def _units(text: str, language: str) -> tuple[str, ...]:
    return sound.syllables(text) if language.startswith("zh") else tuple(_WORDS.findall(text.lower()))


def _says(name: tuple[str, ...], units: tuple[str, ...]) -> bool:
    size = len(name)
    return any(sound.distance(name, units[i : i + size]) < 0.15 for i in range(len(units) - size + 1))
