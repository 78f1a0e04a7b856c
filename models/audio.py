"""Bytes → samples by channel, decoded in a child process under caps (`models.decoder` is the child)."""

import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
Samples = NDArray[np.float32]
Kind = Literal[
    "empty", "not-a-recording", "no-sound", "lying-header", "damaged", "too-long", "too-big", "too-short", "too-slow"
]
SoundLayout = Literal["stereo", "mono", "dual-mono", "one-channel"]

_MOST_CHANNELS = 8
_MEMORY = 1536 * 1024 * 1024
_SHORTEST_SECONDS = 1.0
_BLOCK = RATE * 30
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "SYSTEMROOT")
# Below this a channel carries no voice: idle lines measured -70 dBFS and less, faint voices -50.
_SILENT_DBFS = -62.0
# Two channels are one when what is left after taking the best multiple of one from the other is 26 dB down.
_SAME_RESIDUE = 0.0025


class BadAudio(Exception):
    """A recording that cannot be used. `kind` says why; `facts` are numbers for the message."""

    def __init__(self, kind: Kind, **facts: Any) -> None:
        super().__init__(kind, facts)
        self.kind = kind
        self.facts = facts


@dataclass(frozen=True)
class Sound:
    """Decoded sound at 16 kHz. `pcm` is a memory map of int16, shape (n, channels of the file).

    `channels` are the columns that carry a voice of their own: both for stereo, one where the file is mono, both
    columns hold the same (dual-mono) or one is silent (one-channel). `lost`: part of the file could not be read.
    """

    pcm: NDArray[np.int16]
    layout: SoundLayout
    channels: tuple[int, ...]
    lost: bool = False

    @property
    def seconds(self) -> float:
        return len(self.pcm) / RATE

    @property
    def rate(self) -> int:
        return RATE

    @property
    def file_channels(self) -> int:
        return int(self.pcm.shape[1])

    def samples(self, voice: int, start: float = 0.0, end: float | None = None) -> Samples:
        """float32 (-1…1) of one voice channel (index into `channels`) between two seconds."""
        last = len(self.pcm) if end is None else round(end * RATE)
        column = self.pcm[round(start * RATE) : last, self.channels[voice]]
        return column.astype(np.float32) / 32768.0


def decode(
    path: Path,
    *,
    max_seconds: float = 4 * 3600,
    max_bytes: int = 2 * 1024**3,
    timeout: float = 300.0,
) -> Sound:
    """Decode a recording of any common format to 16 kHz; raises BadAudio.

    `max_bytes` caps the decoded size (16-bit samples of all channels); the samples lie in an unnamed temporary file
    that goes when the Sound goes, so memory stays small for any length.
    """
    if path.stat().st_size == 0:
        raise BadAudio("empty")
    with tempfile.TemporaryDirectory(prefix="assist-sound-") as folder:
        facts = _run_child(path, Path(folder), max_seconds, max_bytes, timeout)
        shape = (facts["samples"], facts["channels"])
        pcm = np.memmap(Path(folder) / "samples.s16", dtype=np.int16, mode="r", shape=shape)
    if len(pcm) < _SHORTEST_SECONDS * RATE:
        raise BadAudio("too-short", seconds=len(pcm) / RATE)
    layout, channels = layout_of(pcm)
    promised = facts["promised_seconds"]
    return Sound(pcm, layout, channels, lost=bool(facts["lost_packets"]) or promised > len(pcm) / RATE * 1.05 + 1)


def cut(path: Path, start: float, end: float, *, max_seconds: float = 4 * 3600, timeout: float = 60.0) -> Samples:
    """float32 (-1…1) at 16 kHz of a recording between two seconds, its channels mixed into one; raises BadAudio.

    What lies after the recording's end is left out.
    """
    size = int((end - start + 1) * RATE * 2 * _MOST_CHANNELS)
    with tempfile.TemporaryDirectory(prefix="assist-cut-") as folder:
        facts = _run_child(path, Path(folder), max_seconds, size, timeout, span=(start, end))
        pcm = np.fromfile(Path(folder) / "samples.s16", dtype=np.int16).reshape(facts["samples"], facts["channels"])
    mixed: Samples = (pcm.astype(np.float32) / 32768.0).mean(axis=1, dtype=np.float32)
    return mixed


def layout_of(pcm: NDArray[np.int16]) -> tuple[SoundLayout, tuple[int, ...]]:
    """How the columns of (n, channels) int16 samples carry voices, and which columns to listen to."""
    if pcm.shape[1] == 1:
        return "mono", (0,)
    moments = _moments(pcm)
    left, right = _loudest_two(moments)
    if _dbfs(moments[right, right], len(pcm)) < _SILENT_DBFS:
        return "one-channel", (left,)
    share = moments[left, right] ** 2 / max(moments[left, left] * moments[right, right], 1e-9)
    if 1.0 - share < _SAME_RESIDUE:
        return "dual-mono", (left,)
    low, high = sorted((left, right))
    return "stereo", (low, high)


def peaks(sound: Sound, buckets: int = 2000) -> list[list[float]]:
    """Largest magnitude (0–1) in each of at most `buckets` equal stretches, one list a file channel, for a waveform."""
    edges = np.linspace(0, len(sound.pcm), min(buckets, len(sound.pcm)) + 1).astype(int)
    rows = [np.abs(sound.pcm[a:b].astype(np.int32)).max(axis=0) for a, b in itertools.pairwise(edges)]
    table = np.round(np.array(rows) / 32768.0, 4)
    return [[float(value) for value in column] for column in table.T]


def blocks(sound: Sound, voice: int, seconds: float = 30.0) -> Iterator[Samples]:
    """The samples of one voice channel in stretches of at most `seconds`."""
    start = 0.0
    while start < sound.seconds:
        yield sound.samples(voice, start, min(sound.seconds, start + seconds))
        start += seconds


def _run_child(
    path: Path, folder: Path, seconds: float, size: int, timeout: float, span: tuple[float, float] | None = None
) -> dict[str, Any]:
    limits = {"seconds": seconds, "bytes": size, "memory": _MEMORY, "cpu_seconds": int(timeout), "span": span}
    command = [sys.executable, "-m", "models.decoder", str(path.resolve()), str(folder), json.dumps(limits)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=timeout, env=_child_environment(), check=False)
    except subprocess.TimeoutExpired as late:
        raise BadAudio("too-slow", seconds=timeout) from late
    if done.returncode != 0:
        raise BadAudio("damaged", status=done.returncode)
    answer: dict[str, Any] = json.loads(done.stdout)
    if "error" in answer:
        raise BadAudio(answer["error"], **answer["facts"])
    return answer


def _child_environment() -> dict[str, str]:
    """What the child needs to start, and nothing that the bytes could be after: settings hold secrets."""
    house = str(Path(__file__).resolve().parent.parent)
    known = os.environ.get("PYTHONPATH")
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {**kept, "PYTHONPATH": f"{house}{os.pathsep}{known}" if known else house}


def _moments(pcm: NDArray[np.int16]) -> NDArray[np.float64]:
    """Sums of products of all pairs of columns, block by block."""
    total = np.zeros((pcm.shape[1], pcm.shape[1]))
    for start in range(0, len(pcm), _BLOCK):
        part = pcm[start : start + _BLOCK].astype(np.float32)
        part -= part.mean(axis=0)
        total += (part.T @ part).astype(np.float64)
    return total


def _loudest_two(moments: NDArray[np.float64]) -> tuple[int, int]:
    order = np.argsort(-np.diag(moments), kind="stable")
    return int(order[0]), int(order[1])


def _dbfs(energy: float, count: int) -> float:
    return float(10 * np.log10(max(energy / max(count, 1), 1e-9) / 32768.0**2))
