"""Chinese as it was meant: among the characters that sound alike, the one that telesales talk puts there (吗, not 嘛).

A recogniser hears the syllables of a call better than it spells them. What is known of the trade and the library in
force say which character is likely between its neighbours; what was heard stands unless another is so much likelier.
Times stay, and what was heard is kept beside it (`Piece.heard`).
"""

import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

import rjieba

from assist.analysis import knowledge
from assist.analysis.knowledge import told
from assist.calls.pieces import Piece, rewritten
from assist.scripts.index import texts_of, titles_of
from assist.scripts.library import Library
from models.keepsake import kept_arrays
from models.spelling import Grams, Speller, Spelling, homophones, learn

_FORM = "1"
"""Changes with what is kept of the model between runs."""

# How much likelier another character must make the text: by the odds that recognition gave to the one heard, and more
# where the characters are a word as they stand. Chosen, as _UNLIKE is, on labelled calls and read news.
_AT_EVEN_ODDS, _FOR_A_WORD = 2.0, 2.0
_LEAST_SURE, _SUREST = 0.001, 0.9995
_OF_THE_LIBRARY = 0.15
_SEEN_OFTEN = 3
# Mean log chance of a character under which talk is of another kind than the model knows: it stays as it was heard.
# A piece is read together with _OF_THE_CALL characters of its call, a call with _UNKNOWN ones of unlike talk.
_UNLIKE, _OF_THE_CALL = -5.4, 20
_STRANGE, _UNKNOWN = -6.5, 40

_SURNAME = (
    "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦"
    "付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤]"
)
_H = "[一-鿿]"
# Names mean nothing, so no neighbour tells how to spell them.
_NAMES = re.compile(
    rf"(?:我叫|名叫|名字是)(?P<called>{_H}{{1,3}})|姓(?P<family>{_H})|我是(?P<self>{_SURNAME}{_H}{{1,2}})(?!{_H})|"
    rf"[小老阿](?P<short>{_SURNAME})|"
    rf"(?P<titled>{_SURNAME}{_H}{{0,2}}|{_H})(?=先生|女士|小姐|老师|经理|主任|医生|师傅|总(?![是共的会要得额之体结价量部能有在]))"
)
_FIGURES = "零〇二三四五六七八九十百千万亿幺"
_UNIT = "[块元毛号年月日天岁折个点兆分度]"
_AMOUNT = re.compile(
    rf"[0-9一两点{_FIGURES}]*[{_FIGURES}][0-9一两点{_FIGURES}]+{_UNIT}?|[{_FIGURES}]{_UNIT}|(?<=[0-9])\s*{_UNIT}"
)


@dataclass(frozen=True, slots=True)
class _Trial:
    """A piece, and how it would be spelled."""

    piece: Piece
    spelling: Spelling


def respelled(pieces: Sequence[Piece], library: Library) -> list[Piece]:
    """The pieces of one call, spelled as meant; the same piece where there is nothing to put right."""
    if not library.language.startswith("zh"):
        return list(pieces)
    trials = [_tried(piece, library) for piece in pieces]
    known = [trial.spelling for trial in trials if not trial.piece.unintelligible]
    chance = sum(one.chance for one in known) + _UNKNOWN * _STRANGE
    of_call = chance / (sum(one.signs for one in known) + _UNKNOWN)
    return [_taken(trial, of_call) for trial in trials]


def _tried(piece: Piece, library: Library) -> _Trial:
    text = "".join(word.text for word in piece.words)
    if piece.unintelligible or not text.strip():
        return _Trial(piece, Spelling(text, 0.0, 0))
    return _Trial(piece, _speller(library).spelled(text, _prices(piece, text), _fixed(text, library)))


def _taken(trial: _Trial, of_call: float) -> Piece:
    piece, spelling = trial.piece, trial.spelling
    fit = (spelling.chance + _OF_THE_CALL * of_call) / (spelling.signs + _OF_THE_CALL)
    words = rewritten(piece.words, spelling.text)
    if fit < _UNLIKE or words == piece.words:
        return piece
    return replace(piece, words=words, heard=piece.heard or piece.text)


def _prices(piece: Piece, text: str) -> list[float]:
    sure = [word.probability for word in piece.words for _ in word.text]
    size = [len(word) for word in rjieba.cut(text, False) for _ in word]
    return [_price(p) + _FOR_A_WORD * (n > 1) for p, n in zip(sure, size, strict=True)]


def _price(probability: float) -> float:
    bounded = min(max(probability, _LEAST_SURE), _SUREST)
    return max(0.0, _AT_EVEN_ODDS + math.log(bounded / (1 - bounded)))


def _fixed(text: str, library: Library) -> set[int]:
    """Places that stay: the library's own words, names of people, figures."""
    spans = [found.span(name) for found in _NAMES.finditer(text) for name, said in found.groupdict().items() if said]
    spans += [found.span() for found in _AMOUNT.finditer(text)]
    spans += [found.span() for found in _own_words(library).finditer(text)]
    return {place for first, last in spans for place in range(first, last)}


@lru_cache(maxsize=32)
def _own_words(library: Library) -> re.Pattern[str]:
    names = sorted({*library.company, *library.terms}, key=lambda name: (-len(name), name))
    return re.compile("|".join(map(re.escape, names)) or r"(?!)")


@lru_cache(maxsize=32)
def _speller(library: Library) -> Speller:
    own = tuple(_texts(library))
    general, common = _general()
    characters = (set(common) | set("".join(own))) - set(_FIGURES)
    return Speller(((general, 1 - _OF_THE_LIBRARY), (learn(own), _OF_THE_LIBRARY)), homophones(characters))


@cache
def _general() -> tuple[Grams, str]:
    """The model of what is known of the trade, and the characters that are common in it."""
    key = hashlib.sha256(f"spelling {_FORM} {told.digest()}".encode()).hexdigest()[:24]
    found = kept_arrays(key, _learned)
    common = "".join(map(chr, found.pop("common")))
    return Grams(**found), common


def _learned() -> dict[str, Any]:
    texts = list(_known())
    times = Counter("".join(texts))
    common = sorted(ord(character) for character, count in times.items() if count >= _SEEN_OFTEN)
    return learn(texts).arrays() | {"common": common}


def _known() -> Iterator[str]:
    yield from knowledge.texts("zh")
    for complaint in knowledge.complaints("zh"):
        yield from (*complaint.phrases, *complaint.near)
    yield from (turn.text for turn in told.practice("zh").turns)


def _texts(library: Library) -> Iterator[str]:
    yield from (library.title, *library.company, *library.terms, *(stage.title for stage in library.script))
    yield from titles_of(library)
    yield from texts_of(library)
