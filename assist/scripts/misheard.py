"""What recognition keeps hearing wrongly, from people's corrections: candidates for a library's terms."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

import rjieba

from assist.scripts.library import Library

RECURS = 2
_LONGEST = 10
"""Characters of a term; longer replacements are a rewritten sentence."""
_LETTER = re.compile(r"[A-Za-z0-9㐀-鿿]")
_HAN = re.compile(r"[㐀-鿿]+")
# Words that hold sentences together. What has one in it is a stretch of a sentence and no term.
_CONNECTING = re.compile(r"[你我他她它您的了着过吗呢吧啊呀嘛哦嗯是不没有在就也都还这那哪什么怎]")

_Pairs = dict[tuple[str, str], list[int]]
"""(heard, said) → the call of each time."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """One corrected turn: of which call, what was heard, what was said."""

    call_id: int
    heard: str
    said: str


@dataclass(frozen=True, slots=True)
class Misheard:
    """`said` was heard as `heard`, `times` times, in these calls (ids, ascending)."""

    heard: str
    said: str
    times: int
    calls: tuple[int, ...]


def misheard(turns: Iterable[Corrected], library: Library | None = None) -> tuple[Misheard, ...]:
    """Terms that were heard wrongly, the most frequent first.

    What was corrected once counts only if it is no word of everyday language; what `library` has among its terms
    already is left out.
    """
    found: _Pairs = defaultdict(list)
    for turn in turns:
        for heard, said in differences(turn.heard, turn.said):
            found[heard, said].append(turn.call_id)
    found = _merged(found)
    known = {*library.terms, *library.company} if library else set()
    terms = [
        Misheard(heard, said, len(calls), tuple(sorted(set(calls))))
        for (heard, said), calls in found.items()
        if said not in known and (len(calls) >= RECURS or _is_name(said))
    ]
    return tuple(sorted(terms, key=lambda term: (-term.times, term.said, term.heard)))


def differences(heard: str, said: str) -> Iterator[tuple[str, str]]:
    """The stretches of words that were replaced by others, without those that can be no term."""
    old, new = _words(heard), _words(said)
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        wrong, right = _joined(old[i1:i2]), _joined(new[j1:j2])
        if tag == "replace" and wrong.casefold() != right.casefold() and _can_be_term(right):
            yield wrong, right


def _merged(found: _Pairs) -> _Pairs:
    """The same mistake cut in different places by its neighbours (送心路由, 心路由) as one, in its shortest form."""
    merged: _Pairs = {}
    for (heard, said), calls in sorted(found.items(), key=lambda item: (len(item[0][1]), item[0])):
        same = (pair for pair in merged if pair[1] in said and said.replace(pair[1], pair[0], 1) == heard)
        merged.setdefault(next(same, (heard, said)), []).extend(calls)
    return merged


def _words(text: str) -> list[str]:
    return [word for word in rjieba.cut(text, True) if _LETTER.search(word)]


def _joined(words: list[str]) -> str:
    """Latin words keep a space between them, Chinese has none."""
    return re.sub(r"(?<=[㐀-鿿]) | (?=[㐀-鿿])", "", " ".join(words))


def _can_be_term(text: str) -> bool:
    return 2 <= len(text) <= _LONGEST and not text.isdecimal() and not _CONNECTING.search(text)


def _is_name(text: str) -> bool:
    """Whether a Chinese dictionary does not have it: a name, a product, a Latin word."""
    return not _HAN.fullmatch(text) or len(rjieba.cut(text, False)) > 1
