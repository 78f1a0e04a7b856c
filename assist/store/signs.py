"""Text as a search looks at it, and what somebody searches for.

Chinese is kept as overlapping pairs of signs (千兆宽带 → 千兆 兆宽 宽带 带), the way of Lucene's CJKAnalyzer: every
stretch of two signs or more is found exactly. A dictionary may cut a sentence one way and a question another, and
SQLite's own trigrams need three signs, which few Chinese words have. Which signs occur at all is kept beside the pairs,
for questions of a single sign. Latin letters and digits are kept as words. Punctuation, which recognition sets as it
likes, is passed over.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

MOST_TERMS, LONGEST_TERM = 8, 40

_WIDE = re.compile(r"[０-９Ａ-Ｚａ-ｚ]")
_HAN = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003ffff]")
_ASKED = re.compile(r'(?P<no>(?<!\S)[-−－])?(?:[“"「『](?P<phrase>[^”"」』]*)[”"」』]?|(?P<word>[^\s“”"「」『』]+))')


@dataclass(frozen=True, slots=True)
class Sign:
    """A Chinese sign or a word of letters and digits, folded; where it stands in the text."""

    text: str
    start: int
    end: int

    @property
    def han(self) -> bool:
        return bool(_HAN.match(self.text))


@dataclass(frozen=True, slots=True)
class Term:
    """Something to be found: signs that stand one after the other."""

    signs: tuple[str, ...]

    @property
    def expression(self) -> str:
        """As FTS5 takes it, with the columns `words` (what `tokens` gives) and `facts` (with what `single` gives)."""
        if len(self.signs) == 1 and _HAN.match(self.signs[0]):
            return f'facts : "{self.signs[0]}"'
        told = list(_paired(self.signs))
        if not _HAN.match(self.signs[-1]):
            return f'words : "{" ".join(told)}"'
        if _HAN.match(self.signs[-2]):  # what goes on after the last sign does not matter
            return f'words : "{" ".join(told[:-1])}"'
        return f'words : "{" ".join(told)}" *'

    def places(self, text: str) -> list[tuple[int, int]]:
        """Where it stands in a text, as (first, last + 1)."""
        if not _WIDE.search(text):
            return [found.span(1) for found in _pattern(self.signs).finditer(text)]
        found = list(signs(text))
        told = [sign.text for sign in found]
        size = len(self.signs)
        return [
            (found[at].start, found[at + size - 1].end)
            for at in range(len(told) - size + 1)
            if tuple(told[at : at + size]) == self.signs
        ]


@dataclass(frozen=True, slots=True)
class Asked:
    """All of `wanted` and none of `unwanted`."""

    wanted: tuple[Term, ...]
    unwanted: tuple[Term, ...] = ()

    @property
    def expression(self) -> str:
        """As FTS5 takes it; empty where nothing is asked for."""
        if not self.wanted:
            return ""
        told = " AND ".join(term.expression for term in self.wanted)
        return " NOT ".join([f"({told})", *(term.expression for term in self.unwanted)])


def asked(text: str) -> Asked:
    """Words and “phrases”, all of which must be there; none of those with a minus before them."""
    wanted: list[Term] = []
    unwanted: list[Term] = []
    for found in list(_ASKED.finditer(text))[:MOST_TERMS]:
        given = found["phrase"] if found["phrase"] is not None else found["word"]
        told = tuple(sign.text for sign in signs(given[:LONGEST_TERM]))
        if told:
            (unwanted if found["no"] else wanted).append(Term(told))
    return Asked(tuple(dict.fromkeys(wanted)), tuple(dict.fromkeys(unwanted)))


@lru_cache(maxsize=4096)
def tokens(text: str) -> str:
    """A text as the index keeps it."""
    return " ".join(_paired([sign.text for sign in signs(text)]))


def single(text: str) -> str:
    """Each Chinese sign of a text once."""
    return " ".join(sorted(set(_HAN.findall(folded(text)))))


def signs(text: str) -> Iterator[Sign]:
    """Chinese signs one by one, letters and digits by words; full and half width, large and small are the same."""
    word, began = "", 0
    for place, sign in enumerate(text):
        plain = folded(sign)
        if plain.isalnum() and not _HAN.match(plain):
            began = began if word else place
            word += plain
            continue
        if word:
            yield Sign(word, began, place)
            word = ""
        if _HAN.match(plain):
            yield Sign(plain, place, place + 1)
    if word:
        yield Sign(word, began, len(text))


def folded(text: str) -> str:
    """Full and half width, large and small made the same; the length may change."""
    return unicodedata.normalize("NFKC", text).casefold()


@lru_cache(maxsize=256)
def _pattern(wanted: tuple[str, ...]) -> re.Pattern[str]:
    """Finds the signs in a text without full-width letters, whatever punctuation stands between them."""
    words = (sign if _HAN.match(sign) else rf"(?<![^\W_㐀-鿿]){re.escape(sign)}(?![^\W_㐀-鿿])" for sign in wanted)
    return re.compile("(?=(" + r"[\W_]*".join(words) + "))", re.IGNORECASE)


def _paired(told: Sequence[str]) -> Iterator[str]:
    for place, sign in enumerate(told):
        after = told[place + 1] if place + 1 < len(told) else ""
        both = _HAN.match(sign) and _HAN.match(after)
        yield sign + after if both else sign


def containing(text: str | None) -> str | None:
    """The pattern of `LIKE … ESCAPE '!'` for what holds this text; None for no text."""
    if not text or not text.strip():
        return None
    plain = text.strip().replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return f"%{plain}%"
