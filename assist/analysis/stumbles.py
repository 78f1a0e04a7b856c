"""Stumbling (磕磕巴巴): words said twice, restarts, helpless fillers; read from the text, without word times."""

import re
from functools import lru_cache

from models import language

STUMBLING = 1.5
"""Weight of the signs from which a turn counts as stumbled: more than one clear one."""

_SPLIT = re.compile(r"[，,、。.！!？?；;…\s—-]+")
_FILLER = re.compile(r"(?:嗯|呃|额|唔|那个|这个|就是|然后|um+|uh+|erm*)+", re.IGNORECASE)
_EMPHASIS = frozenset(
    (
        "对 好 行 是 嗯 哦 有 喂 不 别 没 谢谢 来 哎 成 可以 好的 对对 是是 慢慢 拜拜 再见 哈 no yes ok okay bye "
        "yeah well"
    ).split()
)
"""Words that people say twice on purpose."""

_COUNTED = frozenset("一二三四五六七八九十零两百千万点个天次年月家人")
"""Digits and measures stand side by side without any stammer."""


@lru_cache(maxsize=2048)
def weight(text: str, tongue: str = "zh") -> float:
    """How strongly a turn stumbles: a restart counts one, a helpless filler a half, one each more than a clean turn."""
    pieces = [piece for piece in _SPLIT.split(text) if piece and not _FILLER.fullmatch(piece)]
    restarts = sum(_restarts(before, after) for before, after in zip(pieces, pieces[1:], strict=False))
    helpless = language.read(text, tongue).count("hesitation")
    return restarts + 0.5 * max(0, helpless - 1) + _doubled(text, tongue)


def stumbles(text: str, tongue: str = "zh") -> bool:
    """Whether a turn clearly stumbles. One repeated word or one filler is natural speech."""
    return weight(text, tongue) >= STUMBLING


def _restarts(before: str, after: str) -> bool:
    """我，我忘了 · 您是，就是 · 那您是，您最想: the next piece begins again with how this one ended or began."""
    if before.lower() in _EMPHASIS or re.search(r"[吗呢吧]$", before):
        return False
    if re.match(r"[A-Za-z]", before):
        return _restarts_latin(before.lower().split(), after.lower().split())
    short = len(before) <= 4
    tail = next((n for n in (3, 2, 1) if len(before) >= n and after.startswith(before[-n:])), 0)
    if tail == 0:
        return False
    if before[-tail:] in _EMPHASIS or re.search(r"[姓叫小老][\u4e00-\u9fff]$", before):
        return False
    return short or tail >= 2 or (tail == 1 and len(after) > 1 and after[0] in "我您你他是就还也不那有嗯要靠最先每")


def _restarts_latin(before: list[str], after: list[str]) -> bool:
    return bool(before and after) and len(before) <= 4 and before[-1] == after[0] and before[-1] not in _EMPHASIS


def _doubled(text: str, tongue: str) -> int:
    """您您是, 罗罗老师 without a mark between, as recognition writes a stammer; words doubled by rule are words."""
    if language.known(tongue) == "en":
        return len(re.findall(r"\b(?!(?:that|had|very|no|so|bye)\b)(\w+) \1\b", text.lower()))
    words = language.read(text, tongue).words
    pairs = zip(words, words[1:], strict=False)
    return sum(len(before) <= 2 and _again(before, after) for before, after in pairs)


def _again(before: str, after: str) -> bool:
    if not after.startswith(before) or before in _EMPHASIS or before in _COUNTED:
        return False
    return re.fullmatch(r"[\u4e00-\u9fff]+", before) is not None
