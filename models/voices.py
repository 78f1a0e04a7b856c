"""Who speaks when in a mono recording: two voices told apart by their sound.

GE2E vectors of windows of 1.0 s every 0.2 s inside speech; a spectral bipartition of their similarities (each row's
nearest quarter kept), spherical 2-means, and the projection on the difference of the two centres. That projection is the
evidence; who says a word is decided where words and pauses are known (`assign`), not by the frame.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models import ge2e
from models.regions import Region

Array = NDArray[np.float32]

WINDOW, HOP = 1.0, 0.2
_BATCH = 256
# Similarities of more windows than this cost more memory than they tell.
_MOST_FOR_SPECTRUM = 1500
_NEIGHBOURS = 0.25
# Two voices are there when the projected windows stand in two heaps this many standard deviations apart.
_CLEAR_GAP, _NO_GAP = 3.2, 1.6


@dataclass(frozen=True, slots=True)
class Voices:
    """Evidence over time: `lean[i]` > 0 speaks for voice 0 at `times[i]`, < 0 for voice 1, about ±1 where it is clear.

    `confidence` (0–1): how surely there are two voices that can be told apart.
    """

    times: NDArray[np.float64]
    lean: NDArray[np.float64]
    confidence: float

    def between(self, start: float, end: float) -> float:
        """Mean lean over a stretch, 0 where nothing is known."""
        if not len(self.times):
            return 0.0
        points = np.linspace(start, end, max(2, int((end - start) / 0.05)))
        return float(np.interp(points, self.times, self.lean).mean())


def separate(samples: Array, speech: Sequence[Region]) -> Voices:
    """Two voices in one channel (float32, 16 kHz), given where somebody speaks."""
    mels = ge2e.mel_frames(samples)
    starts = _windows(speech, len(mels))
    if len(starts) < 8:
        return Voices(np.zeros(0), np.zeros(0), 0.0)
    vectors = _embed(mels, starts)
    side = _two_means(vectors, _bipartition(vectors))
    lean, confidence = _project(vectors, side)
    return Voices(starts / ge2e.FRAMES_PER_SECOND + WINDOW / 2, lean, confidence)


def _windows(speech: Sequence[Region], frames: int) -> NDArray[np.int64]:
    """First frames of the windows whose middle lies in speech."""
    size, step = int(WINDOW * ge2e.FRAMES_PER_SECOND), int(HOP * ge2e.FRAMES_PER_SECOND)
    starts = np.arange(0, max(frames - size, 0) + 1, step)
    middles = (starts + size / 2) / ge2e.FRAMES_PER_SECOND
    inside = np.zeros(len(starts), dtype=bool)
    for region in speech:
        inside |= (middles >= region.start) & (middles <= region.end)
    return starts[inside].astype(np.int64)


def _embed(mels: Array, starts: NDArray[np.int64]) -> Array:
    frames = int(WINDOW * ge2e.FRAMES_PER_SECOND)
    short = frames - len(mels)
    padded = np.pad(mels, ((0, short), (0, 0))) if short > 0 else mels
    return np.concatenate([ge2e.embed(padded, starts[i : i + _BATCH], frames) for i in range(0, len(starts), _BATCH)])


def _bipartition(vectors: Array) -> NDArray[np.bool_]:
    """A first split by the Fiedler vector of the similarity graph of (at most 1500) windows."""
    chosen = np.unique(np.linspace(0, len(vectors) - 1, _MOST_FOR_SPECTRUM).astype(int))
    part = vectors[chosen]
    near = _nearest_kept(np.maximum(part @ part.T, 0.0).astype(np.float64))
    degree = 1.0 / np.sqrt(np.maximum(near.sum(axis=1), 1e-9))
    _, basis = np.linalg.eigh(degree[:, None] * near * degree[None, :])
    fiedler = basis[:, -2] * degree
    high = _split_line(fiedler)
    centres = np.stack([part[high].mean(axis=0), part[~high].mean(axis=0)])
    sides = vectors @ centres.T
    return np.asarray(sides[:, 0] > sides[:, 1])


def _nearest_kept(similar: NDArray[np.float64]) -> NDArray[np.float64]:
    keep = max(2, int(len(similar) * _NEIGHBOURS))
    bar = np.partition(similar, -keep, axis=1)[:, -keep][:, None]
    kept = np.where(similar >= bar, similar, 0.0)
    return np.asarray((kept + kept.T) / 2)


def _split_line(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """2-means on a line."""
    low, high = float(values.min()), float(values.max())
    for _ in range(50):
        upper = values > (low + high) / 2
        if upper.all() or not upper.any():
            break
        low, high = float(values[~upper].mean()), float(values[upper].mean())
    return np.asarray(values > (low + high) / 2)


def _two_means(vectors: Array, side: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Spherical 2-means from a first split; a split with an empty side stays as it is."""
    for _ in range(30):
        if side.all() or not side.any():
            return side
        centres = np.stack([_unit(vectors[side].mean(axis=0)), _unit(vectors[~side].mean(axis=0))])
        near = vectors @ centres.T
        new = near[:, 0] > near[:, 1]
        if np.array_equal(new, side):
            return side
        side = new
    return side


def _project(vectors: Array, side: NDArray[np.bool_]) -> tuple[NDArray[np.float64], float]:
    """Place of each window between the two centres (±1 at the centres), and how far apart the heaps stand."""
    if side.all() or not side.any():
        return np.zeros(len(vectors)), 0.0
    axis = _unit(vectors[side].mean(axis=0) - vectors[~side].mean(axis=0))
    place = (vectors @ axis).astype(np.float64)
    one, other = float(place[side].mean()), float(place[~side].mean())
    lean = (2 * place - one - other) / max(one - other, 1e-9)
    spread = np.sqrt((lean[side].var() + lean[~side].var()) / 2)
    gap = 2.0 / max(float(spread), 1e-6)
    smaller = min(side.mean(), 1 - side.mean())
    confidence = np.clip((gap - _NO_GAP) / (_CLEAR_GAP - _NO_GAP), 0.0, 1.0) * np.clip(smaller / 0.04, 0.0, 1.0)
    return np.clip(lean, -1.5, 1.5), float(confidence)


def _unit(vector: Array) -> Array:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), dtype=np.float32)
