"""How words sound: Mandarin syllables and how near two of them are to a recogniser and to a Chinese ear.

Costs follow the well-known confusions of Mandarin accents (n/l, zh/z, ch/c, sh/s, f/h, r/l, in/ing, en/eng, an/ang) and
those that a telephone band adds (b/p/d/t/g/k, j/q/x/zh/ch/sh). Tones are ignored.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pypinyin import Style, lazy_pinyin
from rapidfuzz.distance import Levenshtein

_INITIALS = ("zh", "ch", "sh", *"bpmfdtnlgkhjqxrzcsyw")
_TOKEN = re.compile(r"[㐀-鿿]|[A-Za-z]+|\d+")
_HAN = re.compile(r"[㐀-鿿]+")
_SYLLABLE = re.compile(r"[a-zü]+")
_MISSING = 1.0


def _pairs(table: dict[str, float]) -> dict[tuple[str, str], float]:
    """`a/b` → both orders of the pair."""
    costs: dict[tuple[str, str], float] = {}
    for key, cost in table.items():
        one, other = key.split("/")
        costs[one, other] = costs[other, one] = cost
    return costs


_INITIAL_COST = _pairs(
    {
        **dict.fromkeys(("zh/z", "ch/c", "sh/s"), 0.15),
        **dict.fromkeys(("n/l", "f/h", "r/l"), 0.25),
        **dict.fromkeys(("b/p", "d/t", "g/k", "j/q", "zh/ch", "z/c", "j/zh", "q/ch", "x/sh", "x/s"), 0.5),
        **dict.fromkeys(("j/z", "q/c", "z/ch", "zh/c", "j/x", "q/x", "c/s", "ch/sh", "m/n", "h/k", "g/h", "r/n"), 0.6),
    }
)
_FINAL_COST = _pairs(
    {
        **dict.fromkeys(("in/ing", "en/eng", "an/ang"), 0.15),
        **dict.fromkeys(("uan/uang", "ian/iang", "un/ong", "ong/eng"), 0.25),
        **dict.fromkeys(("ui/ei", "uo/o", "uo/ou", "ou/u", "e/uo", "ian/an", "iang/ang", "ia/a", "ua/a"), 0.4),
        **dict.fromkeys(
            ("uan/an", "uang/ang", "ie/ei", "ie/e", "ue/ie", "v/i", "v/u", "ai/ei", "ai/a", "ao/ou", "iao/ao"), 0.4
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """Text as it sounds: `syllables[i]` is heard at `places[i]` = (first, last + 1) in the text."""

    syllables: tuple[str, ...]
    places: tuple[tuple[int, int], ...]


@lru_cache(maxsize=8192)
def spoken(text: str) -> Spoken:
    """Syllables without tones, one per Chinese character; a run of Latin letters or digits is one unit."""
    found = list(_TOKEN.finditer(text))
    sounds = _han_sounds(text)
    return Spoken(
        tuple(sounds.get(token.start(), token.group().lower()) for token in found),
        tuple((token.start(), token.end()) for token in found),
    )


def syllables(text: str) -> tuple[str, ...]:
    """`spoken(text).syllables`."""
    return spoken(text).syllables


@lru_cache(maxsize=65536)
def syllable_distance(a: str, b: str) -> float:
    """0 for the same sound, 1 for sounds nobody confuses."""
    if a == b:
        return 0.0
    if not _SYLLABLE.fullmatch(a) or not _SYLLABLE.fullmatch(b):
        return min(1.0, Levenshtein.normalized_distance(a, b) * 1.5)
    (first, rest), (other, tail) = _halves(a), _halves(b)
    initial = 0.0 if first == other else _INITIAL_COST.get((first, other), 1.0)
    final = 0.0 if rest == tail else _FINAL_COST.get((rest, tail), 1.0)
    return min(1.0, 0.5 * initial + 0.6 * final)


def distance(a: Sequence[str], b: Sequence[str]) -> float:
    """Edit distance of two syllable sequences with sound-alike costs, divided by the longer length (0–1)."""
    if not a or not b:
        return 0.0 if not a and not b else 1.0
    row = [j * _MISSING for j in range(len(b) + 1)]
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i * _MISSING
        for j, y in enumerate(b, 1):
            change = before + syllable_distance(x, y)
            before, row[j] = row[j], min(row[j] + _MISSING, row[j - 1] + _MISSING, change)
    return row[-1] / max(len(a), len(b))


def alike(a: str, b: str) -> float:
    """1 − distance of the sounds of two texts."""
    return 1.0 - distance(syllables(a), syllables(b))


@lru_cache(maxsize=4096)
def _halves(syllable: str) -> tuple[str, str]:
    initial = next((known for known in _INITIALS if syllable.startswith(known)), "")
    final = syllable[len(initial) :]
    if initial in ("j", "q", "x", "y") and final.startswith("u"):
        final = "v" + final[1:]
    return initial, final


def _han_sounds(text: str) -> dict[int, str]:
    """Sound of each Chinese character by its place; read in context, so 银行 and 行不行 differ."""
    sounds: dict[int, str] = {}
    for run in _HAN.finditer(text):
        sounds.update(enumerate(_read(run.group()), run.start()))
    return sounds


@lru_cache(maxsize=32768)
def _read(run: str) -> tuple[str, ...]:
    """A sound for each character of an unbroken run; none where the dictionary does not know one of them. Remembered:
    the same run stands in a clause, its sentence and its turn."""
    read = lazy_pinyin(run, style=Style.NORMAL, errors="ignore", v_to_u=False)
    return tuple(read) if len(read) == len(run) else ()
