"""Who speaks when in a mono recording: two voices told apart by their sound.

GE2E vectors of windows of 1.0 s every 0.2 s inside speech; a first split by the spectrum of their similarities (each
row's nearest quarter kept) and by each of the largest components; from each start, a two-state chain of Gaussians with
one covariance is fitted until it stands still, and the likeliest is taken. The log odds of that model are the evidence;
who says a word is decided where words and pauses are known.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models import ge2e
from models.regions import Region

Array = NDArray[np.float32]
Numbers = NDArray[np.float64]
Side = NDArray[np.bool_]

WINDOW, HOP = 1.0, 0.2
_SHORTEST = 0.2
_BATCH = 256
# Similarities of more windows than this cost more memory than they tell.
_MOST_FOR_SPECTRUM = 1500
_NEIGHBOURS = 0.25
_COMPONENTS, _STARTS, _ROUNDS = 12, 4, 40
# Windows overlap, so five a second do not bring five times the evidence of one.
_SHARE_OF_NEWS, _STRONGEST = 0.3, 4.0
_CHANGE_COST = 3.0
_SMALLEST_SHARE = 0.04
# Distance of the two voices in standard deviations: at 2.9 nine windows in ten were right, at 4 ninety-seven in a
# hundred, at 1.8 two in three.
_HOPELESS, _CLEAR = 1.8, 3.4


@dataclass(frozen=True, slots=True)
class Voices:
    """Evidence over time: log odds of voice 0 against voice 1, a window each `HOP` seconds at `times`.

    `confidence` (0–1): how surely there are two voices that can be told apart.
    """

    times: Numbers
    odds: Numbers
    confidence: float

    def between(self, start: float, end: float) -> float:
        """Log odds of voice 0 against voice 1 over a stretch, 0 where nothing is known."""
        if not len(self.times):
            return 0.0
        points = np.linspace(start, end, max(2, int((end - start) / 0.05)))
        return float(np.interp(points, self.times, self.odds).mean() * (end - start) / HOP)


@dataclass(frozen=True, slots=True)
class _Fit:
    odds: Numbers
    score: float
    distance: float


def separate(samples: Array, speech: Sequence[Region]) -> Voices:
    """Two voices in one channel (float32, 16 kHz), given where somebody speaks."""
    times, vectors = windows(ge2e.mel_frames(samples), speech)
    if len(times) < 2 * _COMPONENTS:
        return Voices(np.zeros(0), np.zeros(0), 0.0)
    places = _components(vectors)
    fits = [_fit(places, side) for side in _first_splits(vectors, places)]
    best = max(fits, key=lambda fit: fit.score)
    confidence = float(np.clip((best.distance - _HOPELESS) / (_CLEAR - _HOPELESS), 0.0, 1.0))
    return Voices(times, best.odds, round(confidence, 3))


def windows(mels: Array, speech: Sequence[Region]) -> tuple[Numbers, Array]:
    """Middle times and unit vectors of windows that never reach over the edge of a region; short regions give one."""
    by_length: dict[int, list[int]] = {}
    for region in speech:
        for start, length in _spans(region, len(mels)):
            by_length.setdefault(length, []).append(start)
    parts = [(np.array(starts), length) for length, starts in sorted(by_length.items())]
    if not parts:
        return np.zeros(0), np.zeros((0, 256), dtype=np.float32)
    times = np.concatenate([(starts + length / 2) / ge2e.FRAMES_PER_SECOND for starts, length in parts])
    vectors = np.concatenate([_embed(mels, starts, length) for starts, length in parts])
    order = np.argsort(times, kind="stable")
    return times[order], vectors[order]


def _spans(region: Region, frames: int) -> Iterator[tuple[int, int]]:
    first, last = int(region.start * ge2e.FRAMES_PER_SECOND), int(region.end * ge2e.FRAMES_PER_SECOND)
    room = min(last, frames) - first
    if room < _SHORTEST * ge2e.FRAMES_PER_SECOND:
        return
    full = int(WINDOW * ge2e.FRAMES_PER_SECOND)
    length = full if room >= full else room // 10 * 10
    count = int(np.ceil((room - length) / (HOP * ge2e.FRAMES_PER_SECOND))) + 1
    for start in np.unique(np.linspace(first, first + room - length, count).astype(int)):
        yield int(start), length


def _embed(mels: Array, starts: NDArray[np.int64], length: int) -> Array:
    return np.concatenate([ge2e.embed(mels, starts[i : i + _BATCH], length) for i in range(0, len(starts), _BATCH)])


def _components(vectors: Array) -> Numbers:
    """Places of the windows on the largest principal components."""
    centred = (vectors - vectors.mean(axis=0)).astype(np.float64)
    _, basis = np.linalg.eigh(centred.T @ centred)
    return np.asarray(centred @ basis[:, ::-1][:, :_COMPONENTS])


def _first_splits(vectors: Array, places: Numbers) -> Iterator[Side]:
    yield _bipartition(vectors)
    for i in range(_STARTS):
        yield places[:, i] > np.median(places[:, i])


def _fit(places: Numbers, side: Side) -> _Fit:
    """The two-state chain that grows from a first split."""
    odds, score, distance = np.zeros(len(side)), -np.inf, 0.0
    for _ in range(_ROUNDS):
        if min(side.mean(), 1 - side.mean()) < _SMALLEST_SHARE:
            return _Fit(np.zeros(len(side)), -np.inf, 0.0)
        odds, distance = _odds(places, side)
        path, score = likeliest(odds, np.full(len(odds), _CHANGE_COST))
        if np.array_equal(path, side):
            break
        side = path
    return _Fit(odds, score, distance)


def _odds(places: Numbers, side: Side) -> tuple[Numbers, float]:
    """Log odds of each window under two Gaussians with one covariance, and the distance of their centres."""
    one, other = places[side].mean(axis=0), places[~side].mean(axis=0)
    rest = np.where(side[:, None], places - one, places - other)
    spread = rest.T @ rest / len(rest)
    dims = len(spread)
    spread = 0.9 * spread + 0.1 * np.trace(spread) / dims * np.eye(dims)
    axis = np.linalg.solve(spread, one - other)
    raw = places @ axis - (one + other) @ axis / 2
    distance = float(np.sqrt(max((one - other) @ axis, 0.0)))
    return np.clip(_SHARE_OF_NEWS * raw, -_STRONGEST, _STRONGEST), distance


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


def _bipartition(vectors: Array) -> Side:
    """A first split by the Fiedler vector of the similarity graph of (at most 1500) windows."""
    chosen = np.unique(np.linspace(0, len(vectors) - 1, _MOST_FOR_SPECTRUM).astype(int))
    part = vectors[chosen]
    near = _nearest_kept(np.maximum(part @ part.T, 0.0).astype(np.float64))
    degree = 1.0 / np.sqrt(np.maximum(near.sum(axis=1), 1e-9))
    _, basis = np.linalg.eigh(degree[:, None] * near * degree[None, :])
    high = _split_line(basis[:, -2] * degree)
    if high.all() or not high.any():
        return np.zeros(len(vectors), dtype=bool)
    centres = np.stack([part[high].mean(axis=0), part[~high].mean(axis=0)])
    sides = vectors @ centres.T
    return np.asarray(sides[:, 0] > sides[:, 1])


def _nearest_kept(similar: Numbers) -> Numbers:
    keep = max(2, int(len(similar) * _NEIGHBOURS))
    bar = np.partition(similar, -keep, axis=1)[:, -keep][:, None]
    kept = np.where(similar >= bar, similar, 0.0)
    return np.asarray((kept + kept.T) / 2)


def _split_line(values: Numbers) -> Side:
    """2-means on a line."""
    low, high = float(values.min()), float(values.max())
    for _ in range(50):
        upper = values > (low + high) / 2
        if upper.all() or not upper.any():
            break
        low, high = float(values[~upper].mean()), float(values[upper].mean())
    return np.asarray(values > (low + high) / 2)
