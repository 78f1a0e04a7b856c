"""Where somebody speaks: silero-vad's network, run with its state over the whole of each channel."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from models.weights import find_vad

RATE = 16_000
HOP = 512
_CONTEXT = 64
FRAME_SECONDS = HOP / RATE
# Idle lines, companded and resampled, stay within a few steps of zero; the faintest voices peak 20 dB higher.
_STILL = 16 / 32768
# So many still frames (half a second) settle the state; hearing more of the same would only cost time.
_SETTLED = 16


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of speech in seconds."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Settings:
    """How frame probabilities become regions; seconds, and probabilities for entering and leaving speech."""

    enter: float = 0.5
    leave: float = 0.3
    shortest_speech: float = 0.16
    shortest_pause: float = 0.35
    pad: float = 0.16


class SpeechDetector:
    """Frame probabilities of speech for blocks of samples that follow one another.

    Of a silence the network hears the first half second; what comes after the silence finds the state that this left,
    so a pause of hours is heard like one of half a second.
    """

    def __init__(self) -> None:
        self._session = _session()
        self._state = np.zeros((2, 1, 128), dtype=np.float32)
        self._tail = np.zeros(_CONTEXT, dtype=np.float32)
        self._rest = np.zeros(0, dtype=np.float32)
        self._still = 0

    def feed(self, samples: NDArray[np.float32]) -> list[float]:
        """Probabilities of the frames (32 ms each) that these samples complete."""
        data = np.concatenate([self._rest, samples])
        count = len(data) // HOP
        self._rest = data[count * HOP :]
        frames = data[: count * HOP].reshape(count, HOP)
        still = np.abs(frames).max(axis=1) < _STILL
        return [self._probability(frame, quiet) for frame, quiet in zip(frames, still.tolist(), strict=True)]

    def finish(self) -> list[float]:
        """The last, padded frame, if samples are left over."""
        missing = HOP - len(self._rest)
        return self.feed(np.zeros(missing, dtype=np.float32)) if missing < HOP else []

    def _probability(self, frame: NDArray[np.float32], still: bool) -> float:
        self._still = self._still + 1 if still else 0
        return 0.0 if self._still > _SETTLED else self._frame(frame)

    def _frame(self, frame: NDArray[np.float32]) -> float:
        window = np.concatenate([self._tail, frame])[None, :]
        feeds = {"input": window, "state": self._state, "sr": np.array(RATE, dtype=np.int64)}
        probability, self._state = self._session.run(None, feeds)
        self._tail = frame[-_CONTEXT:]
        return float(probability[0, 0])


def speech_probabilities(blocks: Iterable[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Probability of speech in each 32 ms of a channel given as consecutive float32 blocks at 16 kHz."""
    detector = SpeechDetector()
    found: list[float] = []
    for block in blocks:
        found.extend(detector.feed(block))
    found.extend(detector.finish())
    return np.array(found, dtype=np.float32)


def regions(probabilities: NDArray[np.float32], seconds: float, settings: Settings = Settings()) -> list[Region]:
    """Stretches of speech, padded so that no word is cut at an edge, never overlapping, within 0…`seconds`."""
    found = _join(_runs(probabilities, settings), settings.shortest_pause)
    kept = [region for region in found if region.seconds >= settings.shortest_speech]
    return _padded(kept, settings.pad, seconds)


def _runs(probabilities: NDArray[np.float32], settings: Settings) -> list[Region]:
    """Hysteresis: speech begins at `enter` and lasts while the probability stays over `leave`."""
    found: list[Region] = []
    start: int | None = None
    for i, probability in enumerate(probabilities):
        if start is None and probability >= settings.enter:
            start = i
        elif start is not None and probability < settings.leave:
            found.append(Region(start * FRAME_SECONDS, i * FRAME_SECONDS))
            start = None
    if start is not None:
        found.append(Region(start * FRAME_SECONDS, len(probabilities) * FRAME_SECONDS))
    return found


def _join(found: list[Region], shortest_pause: float) -> list[Region]:
    joined: list[Region] = []
    for region in found:
        if joined and region.start - joined[-1].end < shortest_pause:
            joined[-1] = Region(joined[-1].start, region.end)
        else:
            joined.append(region)
    return joined


def _padded(found: list[Region], pad: float, seconds: float) -> list[Region]:
    padded: list[Region] = []
    for i, region in enumerate(found):
        before = found[i - 1].end if i else -pad
        after = found[i + 1].start if i + 1 < len(found) else seconds + pad
        start = max(0.0, region.start - min(pad, (region.start - before) / 2))
        end = min(seconds, region.end + min(pad, (after - region.end) / 2))
        padded.append(Region(start, end))
    return padded


@cache
def _session() -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(find_vad()), options, providers=["CPUExecutionProvider"])
