"""Which of the characters that sound alike was meant: counts of what stands beside what, and the likeliest spelling.

A model of three characters with Witten-Bell's interpolation (Witten and Bell 1991; Chen and Goodman 1998, section 2.6)
gives each character its chance after the two before it. A spelling is as likely as its characters, less a price for
every character that is not the one heard. Marks and the ends of a text count as one sign, the edge of a phrase.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pypinyin import Style, pinyin

from models import sound

Codes = NDArray[np.int64]
Chances = NDArray[np.float64]
Arrays = dict[str, NDArray[Any]]

_EDGE = 0
_BEFORE_TEXT = "\n"
_NO_CHARACTER = re.compile(r"[\W_]+")
_HAN = re.compile(r"[一-鿿]")
_BITS = 16
_CODES = 1 << _BITS
_PAIR = _CODES * _CODES - 1
# Characters that a text without any count might hold: the everyday ones.
_CHARACTERS = 6000
_BEAM = 16


@dataclass(frozen=True, slots=True)
class Grams:
    """The model in arrays. `share` is what a run that was seen gets for itself, `rest` what is left for shorter ones;
    runs are numbers of 16 bits a character, in order."""

    one: NDArray[np.float32]
    one_rest: NDArray[np.float32]
    two: Codes
    two_share: NDArray[np.float32]
    two_rest: NDArray[np.float32]
    three: Codes
    three_share: NDArray[np.float32]

    def chances(self, before: Codes, characters: Codes) -> Chances:
        """(contexts, characters): the chance of each character after each two, given as one run of `two`."""
        last = before & (_CODES - 1)
        pairs = last[:, None] << _BITS | characters
        single = self.one_rest[last][:, None] * self.one[characters].astype(np.float64)
        double = _at(self.two, self.two_share, pairs, 0.0) + single
        rest = _at(self.two, self.two_rest, before, 1.0)[:, None]
        found: Chances = _at(self.three, self.three_share, before[:, None] << _BITS | characters, 0.0) + rest * double
        return found

    def arrays(self) -> Arrays:
        return {one.name: getattr(self, one.name) for one in fields(self)}


def learn(texts: Iterable[str]) -> Grams:
    """The model of these texts; the same texts in any order give the same."""
    codes, counted = _codes(texts)
    ends = np.flatnonzero(counted)
    ones, ones_times = np.unique(codes[ends], return_counts=True)
    twos, twos_times = np.unique(codes[ends - 1] << _BITS | codes[ends], return_counts=True)
    runs = (codes[ends - 2] << _BITS | codes[ends - 1]) << _BITS | codes[ends]
    threes, threes_times = np.unique(runs, return_counts=True)
    new = max(len(ones), 1)
    one = np.full(_CODES, new / _CHARACTERS / (len(ends) + new), np.float32)
    one[ones] += (ones_times / (len(ends) + new)).astype(np.float32)
    after_one, one_share, one_rest = _shared(twos >> _BITS, twos_times)
    rest = np.ones(_CODES, np.float32)
    rest[after_one] = one_rest
    after_two, three_share, rest_of_two = _shared(threes >> _BITS, threes_times)
    keys = np.union1d(twos, after_two)
    return Grams(
        one=one,
        one_rest=rest,
        two=keys,
        two_share=_at(twos, one_share, keys, 0.0).astype(np.float32),
        two_rest=_at(after_two, rest_of_two, keys, 1.0).astype(np.float32),
        three=threes,
        three_share=three_share,
    )


def _codes(texts: Iterable[str]) -> tuple[Codes, NDArray[np.bool_]]:
    """All texts in a row, two edges before each and one behind, and which places count (all but those before)."""
    rows = (_NO_CHARACTER.sub("\0", text).strip("\0") for text in texts)
    joined = "".join(f"{_BEFORE_TEXT * 2}{row}\0" for row in rows if row)
    codes = _numbers(joined)
    counted = codes != ord(_BEFORE_TEXT)
    return np.where(counted, codes, _EDGE), counted


def _shared(contexts: Codes, times: NDArray[np.int64]) -> tuple[Codes, NDArray[np.float32], NDArray[np.float32]]:
    """Witten-Bell: the contexts once each, the share of every run, and what is left over of each context."""
    known, which, kinds = np.unique(contexts, return_inverse=True, return_counts=True)
    total = np.bincount(which, weights=times, minlength=len(known)) + kinds
    return known, (times / total[which]).astype(np.float32), (kinds / total).astype(np.float32)


def _at(keys: Codes, values: NDArray[Any], wanted: Codes, missing: float) -> Chances:
    """The value of each wanted key, `missing` where there is none."""
    if not len(keys):
        return np.full(wanted.shape, missing)
    places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[places] == wanted, values[places].astype(np.float64), missing)


def homophones(characters: Iterable[str]) -> dict[str, str]:
    """Syllable without tone → the characters among these that can be read so, in all their readings."""
    found: dict[str, list[str]] = {}
    for character in sorted({one for one in characters if _HAN.fullmatch(one)}):
        for syllable in sorted(set(pinyin(character, style=Style.NORMAL, heteronym=True)[0])):
            found.setdefault(syllable, []).append(character)
    return {syllable: "".join(row) for syllable, row in found.items()}


@dataclass(frozen=True, slots=True)
class Spelling:
    """A text and the logarithm of its chance, prices left aside, as the product over so many signs."""

    text: str
    chance: float
    signs: int


@dataclass(frozen=True, slots=True)
class Speller:
    """Spells by several models at once, each with its weight; the weights add up to 1."""

    models: tuple[tuple[Grams, float], ...]
    alike: Mapping[str, str]

    def spelled(self, text: str, prices: Sequence[float], fixed: Collection[int] = ()) -> Spelling:
        """The likeliest text of the same length that sounds the same.

        `prices[i]` is how much likelier (natural logarithm) another character has to make the text to stand in place i;
        what is not Chinese and the places of `fixed` stay.
        """
        contexts, scores, paid = np.zeros(1, np.int64), np.zeros(1), np.zeros(1)
        steps: list[_Step] = []
        for place, options in self._options(text, fixed):
            costs = np.full(len(options), prices[place])
            costs[0] = 0.0
            found = scores[:, None] + np.log(self._chances(contexts, options)) - costs
            runs = (contexts[:, None] << _BITS | options) & _PAIR
            parents, chosen = _best(found, runs)
            steps.append(_Step(place, parents, options[chosen]))
            scores, contexts = found[parents, chosen], runs[parents, chosen]
            paid = paid[parents] + costs[chosen]
        best = int(np.argmax(scores))
        return Spelling(_traced(text, steps, best), float(scores[best] + paid[best]), len(steps))

    def _options(self, text: str, fixed: Collection[int]) -> Iterator[tuple[int, Codes]]:
        """What may stand in each place, what was heard first; one edge for all the marks between two characters."""
        syllables = _syllables(text)
        edge = True
        for place, character in enumerate(text):
            if _NO_CHARACTER.fullmatch(character):
                if not edge:
                    yield place, np.array([_EDGE])
                edge = True
                continue
            others = "" if place in fixed else self.alike.get(syllables.get(place, ""), "")
            yield place, _numbers(character + others.replace(character, ""))
            edge = False

    def _chances(self, contexts: Codes, options: Codes) -> Chances:
        found = np.zeros((len(contexts), len(options)))
        for model, weight in self.models:
            found += weight * model.chances(contexts, options)
        return found


@dataclass(frozen=True, slots=True)
class _Step:
    """The spellings kept up to a place: which one of the step before each goes on, and its character here."""

    place: int
    parents: Codes
    characters: Codes


def _best(scores: Chances, runs: Codes) -> tuple[Codes, Codes]:
    """Places (row, column) of the best scores, one for each run of two: only the last two characters matter further."""
    order = np.argsort(-scores, axis=None, kind="stable")[: _BEAM * 4]
    _, first = np.unique(runs.ravel()[order], return_index=True)
    rows, columns = np.unravel_index(order[np.sort(first)[:_BEAM]], scores.shape)
    return rows, columns


def _traced(text: str, steps: Sequence[_Step], best: int) -> str:
    """The text of the spelling that is `best` at the end."""
    characters = list(text)
    for step in reversed(steps):
        if _HAN.fullmatch(text[step.place]):
            characters[step.place] = chr(step.characters[best])
        best = int(step.parents[best])
    return "".join(characters)


def _syllables(text: str) -> dict[int, str]:
    """The sound of each Chinese character by its place."""
    said = sound.spoken(text)
    return {first: syllable for syllable, (first, last) in zip(said.syllables, said.places, strict=True)}


def _numbers(text: str) -> Codes:
    """The code of each character; those beyond 16 bits share the last one."""
    return np.minimum(np.array([ord(character) for character in text], np.int64), _CODES - 1)
