"""Boosted regression trees over named features: what a sum of weights cannot say, such as "alike in meaning, but only
where it was asked for". Grown by `bench/tune.py`, read here.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """Trees of one size, side by side: (trees, splits) each, `leaves` (trees, leaves).

    A row goes `left` where its `feature` is at most the `threshold`, else `right`; both name the next split, or leaf n
    as -1 - n. The log-odds are the sum of the leaves a row comes to.
    """

    names: tuple[str, ...]
    feature: NDArray[np.intp]
    threshold: Numbers
    left: NDArray[np.intp]
    right: NDArray[np.intp]
    leaves: Numbers

    def __call__(self, features: Numbers) -> Numbers:
        """Log-odds of features (…, len(names)), without their last axis."""
        rows = features.reshape(-1, len(self.names))
        trees = np.arange(len(self.leaves))
        at = np.zeros((len(rows), len(trees)), dtype=np.intp)
        for _ in range(self.feature.shape[1]):
            inner = at >= 0
            if not inner.any():
                break
            split = np.maximum(at, 0)
            low = np.take_along_axis(rows, self.feature[trees, split], axis=1) <= self.threshold[trees, split]
            at = np.where(inner, np.where(low, self.left[trees, split], self.right[trees, split]), at)
        return np.asarray(self.leaves[trees, -1 - at].sum(axis=1).reshape(features.shape[:-1]), dtype=np.float64)


def trees_of(data: dict[str, Any]) -> Trees:
    """From lists: a tree is `[[feature, threshold, left, right] per split, [value per leaf]]`; all get one size."""
    grown = data["trees"]
    size = max(len(splits) for splits, _ in grown)
    table = np.zeros((len(grown), size, 4))
    leaves = np.zeros((len(grown), size + 1))
    for number, (splits, values) in enumerate(grown):
        table[number, :, 2:] = -1
        if splits:
            table[number, : len(splits)] = splits
        leaves[number, : len(values)] = values
    whole = table[..., [0, 2, 3]].astype(np.intp)
    return Trees(tuple(data["names"]), whole[..., 0], table[..., 1], whole[..., 1], whole[..., 2], leaves)
