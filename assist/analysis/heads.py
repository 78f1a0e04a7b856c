"""Small classifiers learned from examples: kernel ridge regression over meaning and runs, and logistic scales.

Closed forms on purpose: the same examples give the same head, in seconds, with nothing to tune per library.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assist.analysis.grams import HALF, Grams
from assist.ports import Encoder, Vectors

Scores = NDArray[np.float64]
Row = tuple[str, Vectors, Vectors]

SHARPNESS = 3.0
"""How fast likeness in meaning fades with the angle between two vectors."""

_RIDGE, _RUN_SHARE = 0.7, 0.3
_ROWS = 512


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """Texts as a head sees them: vectors (n, d) and runs (n, 2 · HALF); `scores` are those it was given so far."""

    texts: tuple[str, ...]
    vectors: Vectors
    runs: Vectors
    scores: "dict[Head, Scores]" = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Sequence["Row"]) -> "Read":
        """From single rows."""
        texts, vectors, runs = zip(*rows, strict=True)
        return cls(tuple(texts), np.stack(vectors), np.stack(runs))

    def rows(self) -> Iterator["Row"]:
        """Text by text."""
        return zip(self.texts, self.vectors, self.runs, strict=True)

    def part(self, rows: Sequence[int]) -> "Read":
        """Some of the texts."""
        chosen = list(rows)
        return Read(tuple(self.texts[row] for row in chosen), self.vectors[chosen], self.runs[chosen])


def read(texts: Sequence[str], encoder: Encoder, grams: Grams) -> Read:
    return Read(tuple(texts), encoder.encode(texts), grams.rows(texts))


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """One score per class, about 0 to 1; not a probability. `examples` are the vectors it learned from."""

    classes: tuple[str, ...]
    examples: Vectors
    by_example: NDArray[np.float32]
    by_run: NDArray[np.float32]
    base: NDArray[np.float32]

    def score(self, given: Read) -> Scores:
        """Shape (texts, classes)."""
        runs = given.runs @ self.by_run
        return np.asarray(near(given.vectors, self.examples) @ self.by_example + runs + self.base, dtype=np.float64)


def scored(head: Head, given: Read) -> Scores:
    """`head.score(given)`, remembered with the texts: one call asks the same head about the same pieces several times.
    Read-only."""
    if head not in given.scores:
        scores = head.score(given)
        scores.setflags(write=False)
        given.scores[head] = scores
    return given.scores[head]


def near(vectors: Vectors, examples: Vectors) -> Vectors:
    """Likeness in meaning, 0 to 1: (vectors, examples)."""
    return np.asarray(np.exp(SHARPNESS * (vectors @ examples.T - 1)), dtype=np.float32)


Labels = Sequence[tuple[str, ...]]


def fit(given: Read, labels: Labels, weights: Sequence[float]) -> Head:
    """A head over all labels that occur; an example may carry several; `weights` say how much it counts."""
    classes = tuple(sorted({name for names in labels for name in names}))
    truth = np.array([[name in names for name in classes] for names in labels], dtype=np.float64)
    share = np.asarray(weights, dtype=np.float64)
    base = (truth * share[:, None]).sum(axis=0) / share.sum()
    kernel = _kernel(given)
    kernel[np.diag_indices(len(share))] += _RIDGE / share
    solved = _solve(kernel, (truth - base).astype(np.float32))
    return Head(classes, given.vectors, solved, _RUN_SHARE * (given.runs.T @ solved), base.astype(np.float32))


def _kernel(given: Read) -> NDArray[np.float32]:
    """Likeness of every example to every other, some rows at a time to spare memory."""
    count = len(given.texts)
    kernel = np.empty((count, count), dtype=np.float32)
    for start in range(0, count, _ROWS):
        rows = slice(start, start + _ROWS)
        kernel[rows] = near(given.vectors[rows], given.vectors)
        kernel[rows] += _RUN_SHARE * (given.runs[rows] @ given.runs.T)
    return kernel


def _solve(kernel: NDArray[np.float32], right: NDArray[np.float32]) -> NDArray[np.float32]:
    """Cholesky's way by blocks, in place: numpy's own solver takes three times the memory, in doubles."""
    count = len(kernel)
    parts = [slice(start, min(start + _ROWS, count)) for start in range(0, count, _ROWS)]
    inverse = []
    for part in parts:
        inverse.append(np.linalg.inv(np.linalg.cholesky(kernel[part, part].astype(np.float64))).astype(np.float32))
        below = kernel[part.stop :, part] @ inverse[-1].T
        kernel[part.stop :, part] = below
        for other in parts[len(inverse) :]:
            kernel[other.start :, other] -= below[other.start - part.stop :] @ below[_shifted(other, part.stop)].T
    found = right.copy()
    for part, inverted in zip(parts, inverse, strict=True):
        found[part] = inverted @ (found[part] - kernel[part, : part.start] @ found[: part.start])
    for part, inverted in zip(reversed(parts), reversed(inverse), strict=True):
        found[part] = inverted.T @ (found[part] - kernel[part.stop :, part].T @ found[part.stop :])
    return found


def _shifted(part: slice, by: int) -> slice:
    return slice(part.start - by, part.stop - by)


@dataclass(frozen=True, slots=True)
class Logit:
    """A logistic model over named features."""

    names: tuple[str, ...]
    coef: tuple[float, ...]
    bias: float

    def __call__(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log-odds of rows (n, len(names))."""
        return np.asarray(features @ np.array(self.coef) + self.bias, dtype=np.float64)


def logit_of(data: dict[str, Any]) -> Logit:
    return Logit(tuple(data["names"]), tuple(data["coef"]), float(data["bias"]))


def probability(odds: NDArray[np.float64] | float) -> Any:
    """Log-odds → probability."""
    return 1.0 / (1.0 + np.exp(-np.clip(odds, -30.0, 30.0)))


def characters(given: Read, other: Read) -> NDArray[np.float32]:
    """Likeness by sight, (given, other)."""
    return np.asarray(given.runs[:, :HALF] @ other.runs[:, :HALF].T)


def sounds(given: Read, other: Read) -> NDArray[np.float32]:
    """Likeness by sound, (given, other)."""
    return np.asarray(given.runs[:, HALF:] @ other.runs[:, HALF:].T)
