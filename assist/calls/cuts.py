"""The sound of a clip: only its seconds, cut out of the recording in the decoding child process.

A cut is kept under the recording's sha256 and a key of its seconds; it goes with the recording.
"""

import hashlib
import os
import shutil
import tempfile
import wave
from pathlib import Path

import numpy as np

from assist.calls.decoding import cut as decode_cut
from assist.calls.recordings import path_of
from assist.config import Settings
from models import audio

VERSION = "cut 1"
_LOUD, _MOST_GAIN = 0.9, 6.0


def sound(settings: Settings, sha256: str, start: float, end: float) -> Path | None:
    """A WAV file (16 kHz, mono) of the recording between two seconds; None where the recording is no longer kept.

    Raises RecordingError where it cannot be read.
    """
    recording = path_of(settings, sha256)
    if not recording.is_file():
        forget(settings, sha256)
        return None
    key = hashlib.sha256(f"{VERSION} {sha256} {start:.2f} {end:.2f}".encode()).hexdigest()
    path = settings.cuts / sha256 / f"{key}.wav"
    if not path.is_file():
        _write(path, decode_cut(recording, start, end, settings.max_seconds))
    return path


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
