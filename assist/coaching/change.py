"""Whether something changed: two stretches of an agent's calls against each other, with an interval that knows that
calls of one day are alike. Pure: numbers in, an interval and a verdict out.

The unit of chance is the day, not the call: moods, lists of customers and campaigns come in days. For shares the
counts are cut down to as many as independent calls would be worth (Kish's design effect, never under one; the
effective sample size of Korn and Graubard 1998) and go into Newcombe's interval of a difference (1998, method 10), with
Student's t of the days in place of the normal quantile. For scores the variance of a mean is that of its days, never
under that of its calls, and the interval is Welch's.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean
from typing import Literal

from assist.scripts.insight import wilson

FEWEST = 8
"""Calls on each side below which nothing is said."""
FEWEST_DAYS = 3
"""Days with such calls on each side below which nothing is said: how far days differ could not be known."""
LEVEL = 0.95
WORTH = {"share": 0.10, "score": 5.0}
"""The smallest change worth having: an interval wholly under it says that there was none."""
HALF = 0.5
"""Whoever does something in clearly less than half the calls has not kept to it, whatever was before."""

Unit = Literal["share", "score"]
Verdict = Literal["kept", "not-kept", "unclear"]
Days = Sequence[Sequence[float]]
"""Values of the calls, day by day: 0 or 1 for a share, 0–100 for a score."""


@dataclass(frozen=True, slots=True)
class Side:
    """One stretch: its calls, their days, the mean of their values (None without calls). `hits` counts the ones."""

    calls: int
    days: int
    hits: int
    mean: float | None

    @property
    def enough(self) -> bool:
        return self.calls >= FEWEST and self.days >= FEWEST_DAYS


@dataclass(frozen=True, slots=True)
class Change:
    """`low` to `high` is the interval of after less before, None where there are too few calls or days."""

    before: Side
    after: Side
    low: float | None
    high: float | None
    verdict: Verdict

    @property
    def few(self) -> bool:
        return self.low is None

    @property
    def difference(self) -> float | None:
        if self.before.mean is None or self.after.mean is None:
            return None
        return self.after.mean - self.before.mean


def change(before: Days, after: Days, unit: Unit) -> Change:
    """More is better: measures are turned that way round."""
    sides = side(before), side(after)
    if not all(one.enough for one in sides):
        return Change(*sides, None, None, "unclear")
    low, high = (_of_shares if unit == "share" else _of_scores)(before, after)
    return Change(*sides, low, high, _verdict(after, low, high, unit))


def t_quantile(days: int, level: float = LEVEL) -> float:
    """Student's t for a two-sided interval: exact for one and two degrees of freedom, then the expansion 26.7.5 of
    Abramowitz and Stegun, right to a thousandth at the usual levels."""
    tail = (1 + level) / 2
    if days <= 1:
        return math.tan(math.pi * (tail - 0.5))
    if days == 2:
        return 2 * (tail - 0.5) * math.sqrt(2 / (4 * tail * (1 - tail)))
    z = NormalDist().inv_cdf(tail)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + math.fsum(term / float(days) ** power for power, term in enumerate(terms, 1))


def _verdict(after: Days, low: float, high: float, unit: Unit) -> Verdict:
    if low > 0:
        return "kept"
    if high < WORTH[unit] or (unit == "share" and _rarely(after)):
        return "not-kept"
    return "unclear"


def _rarely(after: Days) -> bool:
    found = side(after)
    return wilson(found.hits, found.calls)[1] < HALF


def side(days: Days) -> Side:
    """One stretch of calls, day by day."""
    values = [value for day in days for value in day]
    mean = fmean(values) if values else None
    return Side(len(values), sum(1 for day in days if day), sum(1 for value in values if value == 1), mean)


def _of_shares(before: Days, after: Days) -> tuple[float, float]:
    plain = [_plain_variance(days) for days in (before, after)]
    effect = max(1.0, sum(_day_variance(days) for days in (before, after)) / sum(plain)) if sum(plain) else 1.0
    quantile = t_quantile(len(before) + len(after) - 2)
    (was, was_low, was_high), (now, now_low, now_high) = (_bounds(days, effect, quantile) for days in (before, after))
    low = now - was - math.hypot(now - now_low, was_high - was)
    high = now - was + math.hypot(now_high - now, was - was_low)
    return max(-1.0, low), min(1.0, high)


def _bounds(days: Days, effect: float, quantile: float) -> tuple[float, float, float]:
    """(share, low, high) of as many calls as these are worth."""
    values = [value for day in days for value in day]
    share, worth = fmean(values), len(values) / effect
    spread = quantile**2 / worth
    middle = (share + spread / 2) / (1 + spread)
    half = quantile * math.sqrt(share * (1 - share) / worth + spread / (4 * worth)) / (1 + spread)
    return share, middle - half, middle + half


def _of_scores(before: Days, after: Days) -> tuple[float, float]:
    variances = [max(_day_variance(days), _plain_variance(days), _ROUNDING / _count(days)) for days in (before, after)]
    freedom = sum(variances) ** 2 / sum(
        variance**2 / (len(days) - 1) for variance, days in zip(variances, (before, after), strict=True)
    )
    apart = _mean(after) - _mean(before)
    half = t_quantile(math.floor(freedom)) * math.sqrt(sum(variances))
    return apart - half, apart + half


_ROUNDING = 1 / 12
"""The variance that rounding to whole points alone has: scores that are all the same are not known exactly."""


def _count(days: Days) -> int:
    return sum(len(day) for day in days)


def _mean(days: Days) -> float:
    return fmean(value for day in days for value in day)


def _plain_variance(days: Days) -> float:
    """The variance of the mean if calls were independent."""
    mean, count = _mean(days), _count(days)
    return sum((value - mean) ** 2 for day in days for value in day) / (count - 1) / count


def _day_variance(days: Days) -> float:
    """The variance of the mean with days as what is independent."""
    mean, count = _mean(days), _count(days)
    return len(days) / (len(days) - 1) * sum(sum(value - mean for value in day) ** 2 for day in days) / count**2
