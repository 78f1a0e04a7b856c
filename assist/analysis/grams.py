"""Texts as bags of short runs of characters and of syllables: what a sentence vector blurs and recognition keeps.

Homophones share their syllables, so a text that recognition spelled wrongly still meets its wording on that side.
"""

import re
import zlib
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from math import log

import numpy as np
from numpy.typing import NDArray

from assist.ports import Vectors
from models.sound import spoken

HALF = 4096
"""Columns for characters; as many again for syllables."""

_SHORT = ((re.compile("^([zcs])h"), r"\1"), (re.compile("^l"), "n"), (re.compile("ng$"), "n"))


class Grams:
    """Weights of runs, rare ones heavier, counted over `texts`."""

    def __init__(self, texts: Sequence[str]) -> None:
        seen = np.zeros(2 * HALF, dtype=np.float64)
        for text in texts:
            seen[list(_runs(text))] += 1
        self.weight: NDArray[np.float32] = (np.log((len(texts) + 1) / (seen + 1)) + 1).astype(np.float32)

    @classmethod
    def of(cls, weight: NDArray[np.float32]) -> "Grams":
        """From the weights of another one."""
        grams = cls(())
        grams.weight = weight
        return grams

    def rows(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), 2 · HALF): each half of a row has length 1, or 0 where there is nothing to read."""
        rows = np.zeros((len(texts), 2 * HALF), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            found = _runs(text)
            columns = np.fromiter(found, dtype=np.intp, count=len(found))
            row[columns] = np.fromiter(found.values(), dtype=np.float64, count=len(found)) * self.weight[columns]
        for half in (slice(0, HALF), slice(HALF, None)):
            rows[:, half] /= np.maximum(np.linalg.norm(rows[:, half], axis=1, keepdims=True), 1e-9)
        return rows


@lru_cache(maxsize=16384)
def _runs(text: str) -> dict[int, float]:
    read = spoken(text)
    units = [text[a:b].lower() for a, b in read.places]
    # Runs share columns; a sign of their own lets strangers in one column cancel out on average.
    found: dict[int, float] = {}
    for tag, parts, offset in (("c", units, 0), ("s", [_folded(s) for s in read.syllables], HALF)):
        begun = zlib.crc32(tag.encode())
        for key, count in Counter(zlib.crc32(run.encode(), begun) for run in _neighbours(parts)).items():
            sign = 1.0 if key & 0x10000000 else -1.0
            column = offset + key % HALF
            found[column] = found.get(column, 0.0) + sign * (1 + log(count))
    return found


def _neighbours(parts: list[str]) -> list[str]:
    """One, two and three in a row, with blanks between, the short ones first."""
    two = [f"{a} {b}" for a, b in pairwise(parts)]
    return [*parts, *two, *(f"{a} {b}" for a, b in zip(two, parts[2:], strict=False))]


@lru_cache(maxsize=4096)
def _folded(syllable: str) -> str:
    """A syllable without the distinctions that accents and telephones lose."""
    for pattern, replacement in _SHORT:
        syllable = pattern.sub(replacement, syllable)
    return syllable
