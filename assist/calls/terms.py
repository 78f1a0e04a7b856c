"""Library terms that recognition wrote with other characters (千兆 → 前照), put right by their sound.

A stretch becomes a term only when it sounds the same or nearly so and there is reason to doubt what was written: low
word probability, or characters that are no word of everyday Chinese. What was heard is kept beside it (`Piece.heard`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import rjieba

from assist.calls.pieces import Piece, rewritten
from assist.scripts.library import Library
from assist.transcript import Word
from models import sound

_HAN_TERM = re.compile(r"[㐀-鿿]{2,}")
# Distance of sounds under which a stretch can be a term. Short terms have more chance neighbours, so they must fit.
_NEAREST_FOR_TWO, _NEAREST_FOR_THREE, _NEAREST_FOR_MORE = 0.0, 0.12, 0.17
_DOUBTFUL = 0.75
_SURE = 0.9
# Characters so common between words that two of them sounding like a term mean nothing (讲一 is not 讲义).
_EVERYDAY = re.compile(r"[一二三四五六七八九十两几个不是的了我你您他她这那有在就也都还来去说给把要会能好吗呢吧啊]")


@dataclass(frozen=True, slots=True)
class _Term:
    text: str
    syllables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Change:
    first: int
    last: int
    term: str
    distance: float


def corrected(piece: Piece, library: Library) -> Piece:
    """The piece with terms put right; the same piece where there is nothing to put right."""
    if not library.language.startswith("zh") or not piece.words:
        return piece
    text = "".join(word.text for word in piece.words)
    changes = _changes(text, _probabilities(piece.words), _terms(library))
    if not changes:
        return piece
    return replace(piece, words=_rewritten(piece.words, changes), heard=piece.heard or text.strip())


@lru_cache(maxsize=32)
def _terms(library: Library) -> tuple[_Term, ...]:
    """Company and terms, and terms' parts that are words of their own kind, longest first."""
    names = [name for name in (*library.company, *library.terms) if _HAN_TERM.fullmatch(name)]
    unique = sorted(dict.fromkeys(names), key=lambda name: (-len(name), name))
    return tuple(_Term(name, sound.syllables(name)) for name in unique)


def _changes(text: str, probabilities: Sequence[float], terms: Sequence[_Term]) -> list[_Change]:
    found: list[_Change] = []
    units = sound.spoken(text)
    for term in terms:
        size = len(term.syllables)
        for i in range(len(units.syllables) - size + 1):
            first, last = units.places[i][0], units.places[i + size - 1][1]
            change = _considered(text, probabilities, first, last, units.syllables[i : i + size], term)
            if change and not any(other.first < last and first < other.last for other in found):
                found.append(change)
    return sorted(found, key=lambda change: change.first)


def _considered(
    text: str, probabilities: Sequence[float], first: int, last: int, heard: tuple[str, ...], term: _Term
) -> _Change | None:
    written = text[first:last]
    if written == term.text or len(written) != len(term.text) or not _HAN_TERM.fullmatch(written):
        return None
    distance = sound.distance(heard, term.syllables)
    sure = sum(probabilities[first:last]) / (last - first)
    return _Change(first, last, term.text, distance) if distance <= _allowed(written, term, sure, text, first) else None


def _allowed(written: str, term: _Term, sure: float, text: str, first: int) -> float:
    """How far the sounds may lie apart, given how doubtful the writing is."""
    size = len(term.syllables)
    if size == 2 and _EVERYDAY.search(written):
        return -1.0
    common = is_word(written) or _words_stand_apart(text, first, first + len(written))
    nearest = (_NEAREST_FOR_TWO, _NEAREST_FOR_THREE)[size - 2] if size < 4 else _NEAREST_FOR_MORE
    if common and size == 2:
        return -1.0
    if common or sure >= _SURE:
        return 0.0 if size > 2 else -1.0
    return nearest if sure < _DOUBTFUL else nearest / 2


@lru_cache(maxsize=4096)
def is_word(text: str) -> bool:
    """Whether a dictionary of Chinese knows these characters as one word."""
    return len(rjieba.cut(text, False)) == 1


def _words_stand_apart(text: str, first: int, last: int) -> bool:
    """Whether segmentation of the sentence gives whole words of two and more characters on both sides and inside."""
    place = 0
    for word in rjieba.cut(text, False):
        begin, place = place, place + len(word)
        if len(word) > 1 and (begin < first < place or begin < last < place):
            return True
    return False


def _probabilities(words: Sequence[Word]) -> list[float]:
    """The probability of each character of the joined text."""
    return [word.probability for word in words for _ in word.text]


def _rewritten(words: Sequence[Word], changes: Sequence[_Change]) -> tuple[Word, ...]:
    characters = list("".join(word.text for word in words))
    for change in changes:
        characters[change.first : change.last] = change.term
    return rewritten(words, "".join(characters))
