"""Who speaks when in a mono recording: two voices told apart by their sound.

GE2E vectors of windows of 1.0 s every 0.2 s inside speech; first splits by the spectrum of their similarities (each
row's nearest quarter kept), by the largest components and by what is said; from each, a two-state chain of Gaussians
(`models.chain`) is fitted until it stands still, and the likeliest is taken. What is said speaks for one voice or the
other all the way: where two voices are alike (one of eleven calls), sound alone found another split and put half of the
windows right, both together 85 %. The log odds of the sound are the evidence; who says a word is decided where words
and pauses are known.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models import chain, ge2e
from models.chain import Numbers, Side
from models.regions import Region

Array = NDArray[np.float32]

WINDOW, HOP = 1.0, 0.2
_SHORTEST = 0.2
_BATCH = 256
# Similarities of more windows than this cost more time than they tell.
_MOST_FOR_SPECTRUM = 700
_NEIGHBOURS = 0.25
_COMPONENTS, _STARTS = 12, 6
# A speaker seldom changes but at a pause, and behind a question as often as not.
_INSIDE, _AT_PAUSE, _AT_QUESTION = 3.0, 0.7, 0.0
_SMALLEST_SHARE = 0.04
# Distance of the two voices in standard deviations: at 2.7 six windows in seven were right, at 2.8 nine in ten, from
# 3.8 on ninety-six in a hundred and more. Splits of nothing lie at 2.3.
_HOPELESS, _CLEAR = 2.0, 3.2


@dataclass(frozen=True, slots=True)
class Phrase:
    """A stretch (seconds) whose words lean to voice 1 (log odds over 0) or voice 0, and whether it asks."""

    start: float
    end: float
    odds: float
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Voices:
    """Evidence over time: log odds of voice 1 against voice 0, a window each `HOP` seconds at `times`.

    `confidence` (0–1): how surely there are two voices that can be told apart.
    """

    times: Numbers
    odds: Numbers
    confidence: float

    def between(self, start: float, end: float) -> float:
        """Log odds of voice 1 against voice 0 over a stretch, 0 where nothing is known."""
        if not len(self.times):
            return 0.0
        points = np.linspace(start, end, max(2, int((end - start) / 0.05)))
        return float(np.interp(points, self.times, self.odds).mean() * (end - start) / HOP)


def separate(samples: Array, speech: Sequence[Region], phrases: Sequence[Phrase] = ()) -> Voices:
    """Two voices in one channel (float32, 16 kHz), given where somebody speaks and what the words lean to."""
    times, vectors = windows(ge2e.mel_frames(samples), speech)
    if len(times) < 2 * _COMPONENTS:
        return Voices(np.zeros(0), np.zeros(0), 0.0)
    places = _components(vectors)
    lean, cost = _said(times, phrases), _change_costs(times, speech, phrases)
    fits = [chain.fit(places, start, lean, cost) for start in _starts(vectors, places, lean, cost)]
    best = max(fits, key=lambda fit: fit.score)
    share = float(best.posterior.mean())
    if min(share, 1 - share) < _SMALLEST_SHARE:
        return Voices(times, np.zeros(len(times)), 0.0)
    confidence = float(np.clip((best.distance - _HOPELESS) / (_CLEAR - _HOPELESS), 0.0, 1.0))
    return Voices(times, best.odds, round(confidence, 3))


def _said(times: Numbers, phrases: Sequence[Phrase]) -> Numbers:
    """What the words say about each window; the windows of a phrase share its odds."""
    lean = np.zeros(len(times))
    for phrase in phrases:
        first, last = np.searchsorted(times, [phrase.start, phrase.end])
        lean[first:last] = phrase.odds / max(last - first, 1)
    return lean


def _change_costs(times: Numbers, speech: Sequence[Region], phrases: Sequence[Phrase]) -> Numbers:
    """What a change of speaker costs before each window."""
    cost = np.full(len(times), _INSIDE)
    firsts = np.searchsorted(times, [region.start for region in speech])
    cost[firsts[firsts < len(times)]] = _AT_PAUSE
    behind = np.searchsorted(times, [phrase.end for phrase in phrases if phrase.asks])
    cost[behind[behind < len(times)]] = _AT_QUESTION
    return cost


def _starts(vectors: Array, places: Numbers, lean: Numbers, cost: Numbers) -> Iterator[Numbers]:
    """First guesses at the share of voice 1 in each window, turned the way the words lean."""
    said = chain.smoothed(lean, cost).posterior
    yield said
    for side in (_bipartition(vectors), *(places[:, i] > np.median(places[:, i]) for i in range(_STARTS))):
        turned = np.where(side == ((np.where(side, 1.0, -1.0) * lean).sum() >= 0), 1.0, 0.0)
        yield turned
        yield (turned + said) / 2


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


def _bipartition(vectors: Array) -> Side:
    """A first split by the Fiedler vector of the similarity graph of (at most 700) windows."""
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
