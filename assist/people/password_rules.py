"""Which passwords nobody may have: short ones, those everybody tries first, and what others know about the person.

No rule asks for kinds of characters (OWASP ASVS 5.0, 6.2.5): length and what attackers try are what counts (6.2.1,
6.2.4, 6.2.11).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assist.errors import RequestError
from assist.texts import N_

SHORTEST, SHORTEST_ADMIN, LONGEST = 8, 12, 128

_ROWS = tuple(
    "0123456789 abcdefghijklmnopqrstuvwxyz qwertyuiop asdfghjkl zxcvbnm 1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik "
    "qazwsxedcrfvtgbyhnujm 147258369 789456123 741852963 !@#$%^&*()".split()
)
"""What fingers and counting run along; also backwards."""

_SWAPS = str.maketrans("@4301$5!7", "aaeolssit")
"""Signs for letters, as everybody swaps them."""

_DATE = re.compile(r"(?:19|20)\d\d[-./]?(?:0?[1-9]|1[0-2])[-./]?(?:0?[1-9]|[12]\d|3[01])")
_YEAR = re.compile(r"(?:19|20)\d\d")
_PHONE = re.compile(r"(?:\+?86)?1[3-9]\d{9}")
_SIGN, _LETTER, _HABIT, _CHEAP, _DEAR = 1, 2, 2, 6, 10_000
"""What signs, other characters and habits cost whoever guesses; up to _CHEAP is too little."""

_LEAST_OWN = 4
"""So many characters must be left when what others know is taken out."""


class WeakPassword(RequestError):
    message = N_("This password is too easily guessed. Choose another.")

    @property
    def code(self) -> str:
        return WeakPassword.__name__


class WrongLength(WeakPassword):
    message = N_("A password has %(shortest)s to %(longest)s characters. A short sentence is easy to remember.")


class TooCommon(WeakPassword):
    message = N_("This password is among those that are tried first. Choose another, such as a short sentence.")


class TooNear(WeakPassword):
    message = N_("This password is little more than the name of the person or the company. Choose another.")


@dataclass(frozen=True, slots=True)
class Words:
    """What others know: sign-in name, name, team, company; and whether the person is an administrator."""

    known: tuple[str, ...]
    admin: bool = False


def check(password: str, words: Words) -> None:
    """Raises WeakPassword."""
    shortest = SHORTEST_ADMIN if words.admin else SHORTEST
    if not shortest <= len(password) <= LONGEST:
        raise WrongLength(shortest=shortest, longest=LONGEST)
    if _common(password):
        raise TooCommon
    if len(_without(password.casefold(), (*words.known, "assist"))) < _LEAST_OWN:
        raise TooNear


def _common(password: str) -> bool:
    plain = re.sub(r"\s", "", password.casefold())
    return len(set(plain)) < 3 or _repeats(plain) or _made_of_habits(plain)


def _repeats(text: str) -> bool:
    """abcabcabc, 52015201."""
    return any(
        text[:size] * (len(text) // size) == text for size in range(1, len(text) // 2 + 1) if not len(text) % size
    )


def _made_of_habits(text: str) -> bool:
    """Whether so little is left beside words of the list, runs along the keyboard, years and dates that trying all of
    it is quick: the cheapest way to put the text together from them and from single characters."""
    cost = [0, *[_DEAR] * len(text)]
    for start in range(len(text)):
        cost[start + 1] = min(cost[start + 1], cost[start] + (_LETTER if text[start].isalnum() else _SIGN))
        for size in _habit_sizes(text[start:]):
            cost[start + size] = min(cost[start + size], cost[start] + _HABIT)
    return cost[-1] <= _CHEAP


def _habit_sizes(text: str) -> set[int]:
    """How long a habit may be that `text` begins with."""
    forms, habits = (text, text.translate(_SWAPS)), _habits()
    sizes = {size for size in range(2, min(len(text), _longest()) + 1) if any(form[:size] in habits for form in forms)}
    sizes |= {size for size in range(3, len(text) + 1) if any(text[:size] in row for row in _both_ways())}
    sizes |= set(range(2, len(text) - len(text.lstrip(text[0])) + 1))
    return sizes | {found.end() for kind in (_DATE, _YEAR, _PHONE) if (found := kind.match(text))}


@cache
def _both_ways() -> tuple[str, ...]:
    return tuple(line for row in _ROWS for line in (row * 2 if row.isdigit() else row, row[::-1]))


@cache
def _habits() -> frozenset[str]:
    lines = (Path(__file__).parent / "common_passwords.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@cache
def _longest() -> int:
    return max(map(len, _habits()))


def _without(text: str, known: Iterable[str]) -> str:
    """What is left of `text` without known words, and then without the digits at its end and without signs."""
    left = text
    for part in sorted({part for word in known for part in _parts(word)}, key=len, reverse=True):
        left = left.replace(part, "")
    return text if left == text else re.sub(r"[\W_]", "", re.sub(r"[\d\W_]+$", "", left))


def _parts(word: str) -> list[str]:
    plain = word.casefold().strip()
    return [part for part in (plain, *re.split(r"[\W_]+", plain), *_spelled(plain)) if len(part) > 1]


def _spelled(word: str) -> tuple[str, ...]:
    """A Chinese name as one types it: 陈晓 → chenxiao, chen, xiao, cx."""
    if word.isascii():
        return ()
    from pypinyin import lazy_pinyin  # its tables take a moment, and most words need none

    syllables = lazy_pinyin(word, errors="ignore")
    return ("".join(syllables), *syllables, "".join(syllable[0] for syllable in syllables))
