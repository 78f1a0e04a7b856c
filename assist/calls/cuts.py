"""The sound of a clip: only its seconds, cut out of the recording in the decoding child process.

A cut is kept under the recording's sha256 and a key of its seconds; it goes with the recording.
"""

import hashlib
import os
import shutil
import tempfile
import wave
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assist.calls.decoding import cut as decode_cut
from assist.calls.recordings import path_of
from assist.config import Settings
from models import audio

VERSION = "cut 1"
_LOUD, _MOST_GAIN = 0.9, 6.0
_FADE = audio.RATE // 100


def sound(
    settings: Settings, sha256: str, start: float, end: float, muted: Sequence[tuple[float, float]] = ()
) -> Path | None:
    """A WAV file (16 kHz, mono) of the recording between two seconds; None where the recording is no longer kept.

    Nothing is heard in the `muted` seconds of the recording.

    Raises RecordingError where it cannot be read.
    """
    recording = path_of(settings, sha256)
    if not recording.is_file():
        forget(settings, sha256)
        return None
    inside = [(max(one, start), min(other, end)) for one, other in muted if one < end and start < other]
    quiet = "".join(f" {one:.2f}-{other:.2f}" for one, other in inside)
    key = hashlib.sha256(f"{VERSION} {sha256} {start:.2f} {end:.2f}{quiet}".encode()).hexdigest()
    path = settings.cuts / sha256 / f"{key}.wav"
    if not path.is_file():
        samples = decode_cut(recording, start, end, settings.max_seconds)
        _write(path, without(samples, [(one - start, other - start) for one, other in inside]))
    return path


def without(samples: audio.Samples, muted: Sequence[tuple[float, float]]) -> audio.Samples:
    """The sound with silence in some of its seconds, let down and up again so that nothing clicks."""
    if not muted:
        return samples
    loud = np.ones(len(samples), dtype=np.float32)
    for start, end in muted:
        first, last = (min(len(samples), max(0, round(at * audio.RATE))) for at in (start, end))
        loud[first:last] = 0.0
        before, after = max(0, first - _FADE), min(len(samples), last + _FADE)
        loud[before:first] *= np.linspace(1.0, 0.0, first - before, dtype=np.float32)
        loud[last:after] *= np.linspace(0.0, 1.0, after - last, dtype=np.float32)
    return samples * loud


def forget(settings: Settings, sha256: str) -> None:
    """Removes all cuts of a recording."""
    shutil.rmtree(settings.cuts / sha256, ignore_errors=True)


def sweep(settings: Settings) -> int:
    """Removes the cuts of recordings that are gone; of how many."""
    gone = [folder.name for folder in settings.cuts.glob("*") if not path_of(settings, folder.name).is_file()]
    for sha256 in gone:
        forget(settings, sha256)
    return len(gone)


def _write(path: Path, samples: audio.Samples) -> None:
    """Whole or not at all; a faint telephone is made louder for a room."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    loudest = float(np.abs(samples).max(initial=1e-6))
    scaled = np.clip(samples * min(_MOST_GAIN, _LOUD / loudest), -1.0, 1.0)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(handle, "wb") as file, wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(audio.RATE)
        out.writeframes((scaled * 32767).astype("<i2").tobytes())
    Path(name).replace(path)
