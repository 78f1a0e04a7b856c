"""Resemblyzer's GE2E speaker encoder in numpy: samples → unit vectors of 256 numbers, one a window.

Weights come from the package's legacy torch file, read by an unpickler that knows the four names it needs and no other.
Checked against torch on 274 windows: largest difference 4.9e-7.
"""

import pickle
from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from models.weights import find_voice

Array = NDArray[np.float32]

RATE = 16_000
_FFT, _HOP, _MELS = 400, 160, 40
FRAMES_PER_SECOND = RATE // _HOP
_LAYERS, _HIDDEN = 3, 256
# Resemblyzer raises quiet sound to this level and leaves loud sound alone.
_LEVEL_DBFS = -30.0


@dataclass(frozen=True, slots=True)
class _Layer:
    into: Array
    back: Array
    bias: Array


@dataclass(frozen=True, slots=True)
class _Network:
    layers: tuple[_Layer, ...]
    weight: Array
    bias: Array


def embed(mels: Array, starts: NDArray[np.int64], frames: int) -> Array:
    """Unit vectors (len(starts), 256) of the windows of `frames` mel frames that begin at `starts`."""
    network = _network()
    windows = np.stack([mels[start : start + frames] for start in starts])
    for layer in network.layers:
        windows = _lstm(layer, windows)
    raw = np.maximum(windows[:, -1] @ network.weight.T + network.bias, 0.0)
    return np.asarray(raw / np.maximum(np.linalg.norm(raw, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def mel_frames(samples: Array) -> Array:
    """Mel power spectrogram (frames, 40), 100 frames a second, not logarithmic."""
    padded = np.pad(_levelled(samples), _FFT // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FFT)[::_HOP]
    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_FFT) / _FFT)).astype(np.float32)
    parts = [np.abs(np.fft.rfft(part * window)) ** 2 @ _mel_filters().T for part in _split(frames)]
    return np.concatenate(parts).astype(np.float32)


def _split(frames: Array, size: int = 4096) -> list[Array]:
    return [frames[i : i + size] for i in range(0, len(frames), size)]


def _levelled(samples: Array) -> Array:
    level = 10 * np.log10(max(float(np.mean(samples.astype(np.float64) ** 2)), 1e-12))
    return samples if level >= _LEVEL_DBFS else samples * np.float32(10 ** ((_LEVEL_DBFS - level) / 20))


def _lstm(layer: _Layer, windows: Array) -> Array:
    """Hidden states (n, frames, hidden); gates in the order input, forget, cell, output.

    The three sigmoid gates come with halved weights: sigmoid(x) = (tanh(x / 2) + 1) / 2 needs one tanh for all four.
    """
    driven = windows @ layer.into.T + layer.bias
    hidden = np.zeros((len(windows), _HIDDEN), dtype=np.float32)
    cell = np.zeros_like(hidden)
    states = np.empty((len(windows), windows.shape[1], _HIDDEN), dtype=np.float32)
    for t in range(windows.shape[1]):
        gates = np.tanh(driven[:, t] + hidden @ layer.back.T)
        enter, keep, new, out = np.split(gates, 4, axis=1)
        cell = 0.5 * ((keep + 1) * cell + (enter + 1) * new)
        hidden = 0.5 * (out + 1) * np.tanh(cell)
        states[:, t] = hidden
    return states


@cache
def _mel_filters() -> Array:
    """Slaney's triangles of equal area, 40 of them up to 8 kHz."""
    edges = _mel_to_hz(np.linspace(0.0, _hz_to_mel(RATE / 2), _MELS + 2))
    bins = np.linspace(0, RATE / 2, _FFT // 2 + 1)
    rising = (bins[None, :] - edges[:-2, None]) / np.diff(edges)[:-1, None]
    falling = (edges[2:, None] - bins[None, :]) / np.diff(edges)[1:, None]
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    return np.asarray(triangles * (2.0 / (edges[2:] - edges[:-2]))[:, None], dtype=np.float32)


_LINEAR_STEP, _LOG_FROM, _LOG_STEP = 200.0 / 3, 1000.0, np.log(6.4) / 27.0


def _hz_to_mel(hz: float) -> float:
    return float(_LOG_FROM / _LINEAR_STEP + np.log(hz / _LOG_FROM) / _LOG_STEP)


def _mel_to_hz(mels: NDArray[np.float64]) -> NDArray[np.float64]:
    knee = _LOG_FROM / _LINEAR_STEP
    return np.where(mels < knee, mels * _LINEAR_STEP, _LOG_FROM * np.exp(_LOG_STEP * (mels - knee)))


@cache
def _network() -> _Network:
    found = read_legacy_torch(find_voice())["model_state"]
    halved = np.repeat(np.array([0.5, 0.5, 1.0, 0.5], dtype=np.float32), _HIDDEN)
    layers = tuple(
        _Layer(
            found[f"lstm.weight_ih_l{i}"] * halved[:, None],
            found[f"lstm.weight_hh_l{i}"] * halved[:, None],
            (found[f"lstm.bias_ih_l{i}"] + found[f"lstm.bias_hh_l{i}"]) * halved,
        )
        for i in range(_LAYERS)
    )
    return _Network(layers, found["linear.weight"], found["linear.bias"])


@dataclass(slots=True)
class _Storage:
    key: str
    kind: str


@dataclass(slots=True)
class _Lazy:
    """A tensor whose numbers follow later in the file."""

    storage: _Storage
    offset: int
    shape: tuple[int, ...]


class _Reader(pickle.Unpickler):
    """Knows dictionaries and float or integer tensors, and refuses every other name."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, offset, shape, *_: _Lazy(storage, offset, tuple(shape))
        if module == "torch" and name in _STORAGE_TYPES:
            return name
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a file of weights")

    def persistent_load(self, pid: Any) -> _Storage:
        return _Storage(key=pid[2], kind=pid[1])


_STORAGE_TYPES: dict[str, np.dtype[Any]] = {
    "FloatStorage": np.dtype("<f4"),
    "LongStorage": np.dtype("<i8"),
    "DoubleStorage": np.dtype("<f8"),
}


def read_legacy_torch(path: Path) -> Any:
    """The object in a torch file of the format before 1.6, tensors as numpy arrays."""
    with path.open("rb") as source:
        for _ in range(3):  # magic number, protocol, facts of the writing machine
            _Reader(source).load()
        content = _Reader(source).load()
        keys = _Reader(source).load()
        kinds: dict[str, str] = {}
        _walk(content, lambda lazy: kinds.setdefault(lazy.storage.key, lazy.storage.kind))
        numbers = {key: _read_numbers(source, _STORAGE_TYPES[kinds[key]]) for key in keys}
    return _walk(content, lambda lazy: _array(lazy, numbers[lazy.storage.key]))


def _read_numbers(source: IO[bytes], kind: np.dtype[Any]) -> NDArray[Any]:
    count = int.from_bytes(source.read(8), "little")
    return np.frombuffer(source.read(count * kind.itemsize), dtype=kind)


def _array(lazy: _Lazy, numbers: NDArray[Any]) -> NDArray[Any]:
    size = int(np.prod(lazy.shape, dtype=np.int64))
    return numbers[lazy.offset : lazy.offset + size].reshape(lazy.shape)


def _walk(content: Any, change: Any) -> Any:
    if isinstance(content, _Lazy):
        return change(content)
    if isinstance(content, dict):
        return {key: _walk(value, change) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_walk(value, change) for value in content]
    return content
