"""How far two raters agree, beyond chance: weighted kappa on ordered steps, mean error and bias. Pure.

Weighted kappa: J. Cohen, "Weighted kappa: nominal scale agreement with provision for scaled disagreement or partial
credit", Psychological Bulletin 70 (1968) 213–220. Its large-sample standard error: J. L. Fleiss, J. Cohen and
B. S. Everitt, "Large sample standard errors of kappa and weighted kappa", Psychological Bulletin 72 (1969) 323–327.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

Weight = Callable[[int, int, int], float]
"""Agreement (0–1) of two steps out of so many."""

_Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Kappa:
    """`value` 1 is agreement in everything, 0 what chance gives. `low` and `high` bound it at 95 %."""

    value: float
    error: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Error:
    """How far one rater is from another, in points: `mean` without sign, `bias` with (positive: the first is kinder),
    `low` and `high` bound the bias at 95 % (normal approximation)."""

    mean: float
    bias: float
    low: float
    high: float


def quadratic(one: int, other: int, steps: int) -> float:
    """Cohen's weight of squared disagreement: next to each other is nearly right, far apart is wrong."""
    return 1 - ((one - other) / (steps - 1)) ** 2


def plain(one: int, other: int, steps: int) -> float:
    """Agreement or none: unweighted kappa."""
    return float(one == other)


def kappa(pairs: Sequence[tuple[int, int]], steps: int, weight: Weight = quadratic) -> Kappa | None:
    """Kappa of pairs of steps (1 to `steps`). None where it means nothing: no pairs, or both always said the same."""
    return kappa_of(Counter(pairs), steps, weight)


def kappa_of(table: Mapping[tuple[int, int], int], steps: int, weight: Weight = quadratic) -> Kappa | None:
    """The same of how often each pair of steps came up."""
    size, places = sum(table.values()), range(1, steps + 1)
    if not size:
        return None
    share = {(i, j): table.get((i, j), 0) / size for i in places for j in places}
    rows = {i: sum(share[i, j] for j in places) for i in places}
    columns = {j: sum(share[i, j] for i in places) for j in places}
    weights = {(i, j): weight(i, j, steps) for i in places for j in places}
    observed = sum(weights[cell] * share[cell] for cell in share)
    chance = sum(weights[i, j] * rows[i] * columns[j] for i, j in share)
    if chance > 1 - 1e-12:
        return None
    value = (observed - chance) / (1 - chance)
    by_row = {i: sum(columns[j] * weights[i, j] for j in places) for i in places}
    by_column = {j: sum(rows[i] * weights[i, j] for i in places) for j in places}
    spread = sum(share[i, j] * (weights[i, j] - (by_row[i] + by_column[j]) * (1 - value)) ** 2 for i, j in share)
    variance = max(0.0, spread - (value - chance * (1 - value)) ** 2) / (size * (1 - chance) ** 2)
    error = sqrt(variance)
    return Kappa(value, error, max(-1.0, value - _Z * error), min(1.0, value + _Z * error))


def error(pairs: Sequence[tuple[float, float]]) -> Error | None:
    """How far the first of each pair is from the second; None without pairs."""
    gaps = [one - other for one, other in pairs]
    return error_of(len(gaps), sum(gaps), sum(abs(gap) for gap in gaps), sum(gap * gap for gap in gaps))


def error_of(n: int, total: float, absolute: float, squares: float) -> Error | None:
    """The same of the sums of the gaps, of their sizes and of their squares."""
    if not n:
        return None
    bias = total / n
    spread = sqrt(max(0.0, squares - n * bias * bias) / (n - 1)) if n > 1 else 0.0
    half = _Z * spread / sqrt(n)
    return Error(absolute / n, bias, bias - half, bias + half)
