"""The other side heard faintly in a channel: found by level, and by waves or loudness that move together."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.regions import FRAME_SECONDS, HOP

Numbers = NDArray[np.float64]
Block = NDArray[np.float32]

# An echo or a leak comes 12 dB and more below its source; people talking at once are seldom that far apart.
_BELOW_DB = 12.0
# A leak inside the telephone exchange is the same wave, smaller; one through the air follows the loudness only.
_SAME_WAVE, _SAME_LOUDNESS = 0.4, 0.75
_AROUND = round(0.5 / FRAME_SECONDS)
_FLOOR = 1e-5


@dataclass(frozen=True, slots=True)
class Levels:
    """Mean squares of two channels and their mean product in each 32 ms frame, in step with the speech frames."""

    one: Numbers
    other: Numbers
    product: Numbers

    def turned(self) -> "Levels":
        """The same with the channels exchanged."""
        return Levels(self.other, self.one, self.product)


def levels(ones: Iterable[Block], others: Iterable[Block]) -> Levels:
    """From two channels given as consecutive blocks of equal lengths."""
    rows = [_means(x, y) for x, y in _framed(ones, others)]
    table = np.concatenate(rows, axis=1) if rows else np.zeros((3, 0))
    return Levels(table[0], table[1], table[2])


def leaked(found: Levels) -> NDArray[np.bool_]:
    """The frames in which channel one only repeats the other, far below it."""
    one_power, other_power = found.one + _FLOOR**2, found.other + _FLOOR**2
    one, other = np.log10(one_power) * 10, np.log10(other_power) * 10
    below = _smooth(other_power) > _smooth(one_power) * 10 ** (_BELOW_DB / 10)
    power = np.sqrt(np.maximum(_smooth(found.one) * _smooth(found.other), _FLOOR**4))
    same_wave = np.abs(_smooth(found.product)) / power > _SAME_WAVE
    return np.asarray(below & (same_wave | (_together(one, other) > _SAME_LOUDNESS)))


def _framed(ones: Iterable[Block], others: Iterable[Block]) -> Iterable[tuple[Block, Block]]:
    """Pairs of arrays of whole frames; the last frame is filled up with silence."""
    rest = np.zeros((2, 0), dtype=np.float32)
    for x, y in zip(ones, others, strict=True):
        both = np.concatenate([rest, np.stack([x, y])], axis=1)
        whole = both.shape[1] // HOP * HOP
        yield both[0, :whole], both[1, :whole]
        rest = both[:, whole:]
    if rest.shape[1]:
        last = np.pad(rest, ((0, 0), (0, HOP - rest.shape[1])))
        yield last[0], last[1]


def _means(x: Block, y: Block) -> Numbers:
    one, other = x.reshape(-1, HOP).astype(np.float64), y.reshape(-1, HOP).astype(np.float64)
    return np.stack([(one * one).mean(axis=1), (other * other).mean(axis=1), (one * other).mean(axis=1)])


def _together(one: Numbers, two: Numbers) -> Numbers:
    """Correlation of two curves in a second around each frame."""
    mean_one, mean_two = _smooth(one), _smooth(two)
    shared = _smooth(one * two) - mean_one * mean_two
    spread_one, spread_two = _smooth(one * one) - mean_one**2, _smooth(two * two) - mean_two**2
    return np.asarray(shared / np.sqrt(np.maximum(spread_one * spread_two, 1e-9)))


def _smooth(curve: Numbers) -> Numbers:
    """Mean over a second around each frame."""
    edges = np.concatenate([[0.0], np.cumsum(curve)])
    places = np.arange(len(curve))
    first, last = np.maximum(places - _AROUND, 0), np.minimum(places + _AROUND + 1, len(curve))
    return np.asarray((edges[last] - edges[first]) / (last - first))
