"""Recognised words → readable text: simplified characters, punctuation by pauses and particles, questions made visible.

The words of a piece joined together are its text, so every place in the text has its time.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from opencc import OpenCC

from assist.calls.pieces import rewritten
from assist.transcript import Word
from models import asking

_COMMA_PAUSE, _STOP_PAUSE = 0.3, 0.7
_HALF_TO_FULL = str.maketrans({",": "，", "?": "？", "!": "！", ";": "；", ":": "：", "、": "、"})
_MARKS = "，。？！；：、…"
_END_MARKS = "。？！…"
_HAN = re.compile(r"[㐀-鿿]")


def readable(words: Sequence[Word], language: str) -> tuple[Word, ...]:
    """The same words with times, written as a reader expects."""
    return asked(punctuated(words, language), language)


def punctuated(words: Sequence[Word], language: str) -> tuple[Word, ...]:
    """`readable` without the question marks that the words themselves call for."""
    if not language.startswith("zh"):
        return _closed(tuple(words), ".")
    return tuple(_paused(_widened(_simplified(words))))


def asked(words: Sequence[Word], language: str) -> tuple[Word, ...]:
    """Punctuated words with a question mark behind each clause that asks."""
    return _questions(words) if language.startswith("zh") else tuple(words)


def _simplified(words: Sequence[Word]) -> list[Word]:
    joined = "".join(word.text for word in words)
    simple = _converter().convert(joined)
    if len(simple) != len(joined):
        return [replace(word, text=_converter().convert(word.text)) for word in words]
    return list(rewritten(words, simple))


def _widened(words: Sequence[Word]) -> list[Word]:
    """Full-width marks; a space between Chinese words, which Whisper writes for a pause, becomes a comma."""
    wide: list[Word] = []
    for word in words:
        text = word.text.translate(_HALF_TO_FULL)
        text = re.sub(r"(?<![A-Za-z0-9])\.+", "。", text)
        spaced = text.startswith(" ") and bool(_HAN.match(text.lstrip()))
        bare = text.strip()
        if spaced and wide and _HAN.search(wide[-1].text[-1:]):
            wide[-1] = replace(wide[-1], text=wide[-1].text + "，")
        if bare and all(mark in _MARKS for mark in bare):
            if wide and wide[-1].text[-1] not in _MARKS:
                wide[-1] = replace(wide[-1], text=wide[-1].text + bare[0])
        elif bare:
            keep_space = text.startswith(" ") and wide and re.search(r"[A-Za-z0-9]$", wide[-1].text)
            wide.append(replace(word, text=f" {bare}" if keep_space and bare[0].isascii() else bare))
    return wide


def _paused(words: Sequence[Word]) -> list[Word]:
    """A comma at a short pause, a full stop at a long one, where recognition wrote nothing."""
    marked: list[Word] = []
    for i, word in enumerate(words):
        pause = words[i + 1].start - word.end if i + 1 < len(words) else 0.0
        if word.text[-1] not in _MARKS and pause >= _COMMA_PAUSE:
            word = replace(word, text=word.text + ("。" if pause >= _STOP_PAUSE else "，"))
        elif word.text[-1] == "，" and pause >= _STOP_PAUSE:
            word = replace(word, text=word.text[:-1] + "。")
        marked.append(word)
    return list(_closed(tuple(marked), "。"))


def _closed(words: tuple[Word, ...], stop: str) -> tuple[Word, ...]:
    """The last word ends a sentence."""
    if not words:
        return ()
    last = words[-1].text.rstrip("，、；： ,")
    if last[-1:] not in f"{_END_MARKS}.?!":
        last += stop
    return (*words[:-1], replace(words[-1], text=last))


def _questions(words: Sequence[Word]) -> tuple[Word, ...]:
    """A question mark behind each sentence that asks, and behind 吗 inside one."""
    text = "".join(word.text for word in words)
    asked = {question.end for question in asking.questions(text, "zh", surely=False)}
    marked = list(words)
    place = 0
    for i, word in enumerate(words):
        place += len(word.text)
        mark = word.text[-1]
        if place - 1 in asked and mark in _MARKS and (mark in _END_MARKS or word.text.endswith("吗" + mark)):
            marked[i] = replace(word, text=word.text[:-1] + "？")
    return tuple(marked)


def simplified(text: str) -> str:
    """Traditional Chinese signs as simplified ones."""
    plain: str = _converter().convert(text)
    return plain


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")
