"""How near texts come to the wordings of several things at once: one product for all of them, then the best of each."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assist.analysis.heads import Read
from assist.scripts.index import Wordings

Table = NDArray[np.float64]
Likeness = Callable[[Read, Read], NDArray[np.float32]]


@dataclass(frozen=True, slots=True, eq=False)
class Bundle:
    """The wordings of several things one below the other; the rows of each begin at `starts`."""

    given: Read
    titles: NDArray[np.float32]
    starts: NDArray[np.intp]
    counts: NDArray[np.intp]

    def nearest(self, given: Read, likeness: Likeness) -> Table:
        """Likeness to the nearest wording of each thing: (texts, things)."""
        return np.asarray(np.maximum.reduceat(likeness(given, self.given), self.starts, axis=1), dtype=np.float64)

    def mean(self, given: Read) -> Table:
        """Meaning against the wordings of each thing taken together: (texts, things)."""
        summed = np.add.reduceat(meaning(given, self.given), self.starts, axis=1)
        return np.asarray(summed / self.counts, dtype=np.float64)

    def title(self, given: Read) -> Table:
        """Meaning against what each thing is called: (texts, things)."""
        return np.asarray(given.vectors @ self.titles.T, dtype=np.float64)


@lru_cache(maxsize=64)
def bundle(items: tuple[Wordings, ...]) -> Bundle:
    """Of at least one thing."""
    counts = np.array([len(item.given.texts) for item in items], dtype=np.intp)
    rows = Read.of([row for item in items for row in item.given.rows()])
    titles = np.concatenate([item.title.vectors for item in items])
    return Bundle(rows, titles, np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.intp), counts)


@lru_cache(maxsize=24)
def nearest(items: tuple[Wordings, ...], given: Read, likeness: Likeness) -> Table:
    """Likeness to the nearest wording of each thing, remembered: (texts, things). Read-only."""
    if not items:
        return np.zeros((len(given.texts), 0))
    table = bundle(items).nearest(given, likeness)
    table.setflags(write=False)
    return table


def meaning(given: Read, other: Read) -> NDArray[np.float32]:
    """Likeness in meaning, (given, other)."""
    return np.asarray(given.vectors @ other.vectors.T)
