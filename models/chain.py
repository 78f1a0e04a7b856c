"""A chain of two states over time: smoothed, fitted to points as two Gaussians, or at its likeliest."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Side = NDArray[np.bool_]

# Windows overlap, so five a second do not bring five times the evidence of one.
_SHARE_OF_NEWS, _STRONGEST = 0.6, 4.0
_ROUNDS, _STANDS_STILL = 25, 0.01


@dataclass(frozen=True, slots=True)
class Smoothed:
    """`posterior` of state 1 at each step, and the log likelihood beyond that of state 0 alone."""

    posterior: Numbers
    score: float


@dataclass(frozen=True, slots=True)
class Fit:
    """Log odds of state 1 by the points alone, `distance` of the centres in standard deviations."""

    odds: Numbers
    posterior: Numbers
    score: float
    distance: float


def fit(places: Numbers, start: Numbers, lean: Numbers, cost: Numbers) -> Fit:
    """Two Gaussians grown from a first guess at the posterior (steps,) for places (steps, dims).

    `lean` are log odds known beforehand, `cost[i]` is the log odds against a change before step i.
    """
    posterior = np.clip(start, 0.01, 0.99)
    for _ in range(_ROUNDS):
        odds, base, distance = _gaussians(places, posterior)
        found = smoothed(odds + lean, cost)
        still = np.abs(found.posterior - posterior).max() < _STANDS_STILL
        posterior = np.clip(found.posterior, 0.01, 0.99)
        if still:
            break
    return Fit(np.clip(odds, -_STRONGEST, _STRONGEST), posterior, base + found.score - float(lean.sum()) / 2, distance)


def _gaussians(places: Numbers, weight: Numbers) -> tuple[Numbers, float, float]:
    """Log odds of each step, log likelihood were all of state 0, and the distance of the centres."""
    one = weight @ places / weight.sum()
    other = (1 - weight) @ places / (1 - weight).sum()
    from_one, from_other = places - one, places - other
    spread = ((from_one.T * weight) @ from_one + (from_other.T * (1 - weight)) @ from_other) / len(places)
    dims = len(spread)
    spread = 0.9 * spread + 0.1 * np.trace(spread) / dims * np.eye(dims)
    axis = np.linalg.solve(spread, one - other)
    odds = places @ axis - (one + other) @ axis / 2
    misfit = float(np.einsum("ij,ij->", from_other @ np.linalg.inv(spread), from_other))
    base = -0.5 * (misfit + len(places) * float(np.linalg.slogdet(spread)[1]))
    return _SHARE_OF_NEWS * odds, _SHARE_OF_NEWS * base, math.sqrt(max(float((one - other) @ axis), 0.0))


def smoothed(odds: Numbers, cost: Numbers) -> Smoothed:
    """Posterior of state 1 at each step, given what each step says and what a change costs (forward, backward)."""
    evidence = odds.tolist()
    change = (1 / (1 + np.exp(cost))).tolist()
    before, score, state = [], 0.0, 0.5
    for value, chance in zip(evidence, change, strict=True):
        state = state * (1 - chance) + (1 - state) * chance
        weight = state * math.exp(min(value, 30.0))
        total = weight + 1 - state
        score += math.log(total)
        state = weight / total
        before.append(state)
    behind, after = 1.0, [1.0] * len(evidence)
    for i in range(len(evidence) - 1, 0, -1):
        ratio, chance = behind * math.exp(min(evidence[i], 30.0)), change[i]
        behind = (ratio * (1 - chance) + chance) / (ratio * chance + 1 - chance)
        after[i - 1] = behind
    ahead, back = np.array(before), np.array(after)
    return Smoothed(ahead * back / (ahead * back + 1 - ahead), score)


def likeliest(odds: Numbers, change_cost: Numbers) -> tuple[Side, float]:
    """The likeliest run of sides (True where odds > 0 win) and its score; a change at step i costs `change_cost[i]`."""
    count = len(odds)
    came_from = np.zeros((count, 2), dtype=np.int8)
    yes, no = odds[0] / 2, -odds[0] / 2
    for i in range(1, count):
        from_no, from_yes = no - change_cost[i], yes - change_cost[i]
        came_from[i] = (from_yes > no, yes >= from_no)
        yes, no = max(yes, from_no) + odds[i] / 2, max(no, from_yes) - odds[i] / 2
    path = np.zeros(count, dtype=bool)
    path[-1] = yes >= no
    for i in range(count - 1, 0, -1):
        path[i - 1] = bool(came_from[i, int(path[i])])
    return path, float(max(yes, no))
