"""How fast this machine hears: one of the demo's recordings, the whole way from bytes to turns."""

import tempfile
import time
import wave
from dataclasses import dataclass
from pathlib import Path

from assist.calls.decoding import decode
from assist.calls.hear import Listener
from assist.config import Settings
from assist.ports import Hearing
from assist.scripts.formats import yaml_format
from assist.scripts.library import Library
from models.speech import RATE

CLIP_SECONDS = 20.0
TIMED_SECONDS = 60.0
"""The clip over and over: a recogniser works on windows of 30 seconds, so a short call would look slower than it is."""
CALL_SECONDS = 180.0
"""The call that capacity is told in."""

_DEMO = Path(__file__).parent / "demo"


@dataclass(frozen=True, slots=True)
class Speed:
    """`took`: seconds to hear TIMED_SECONDS of sound. `loading`: how many more the first recording takes."""

    took: float
    loading: float

    @property
    def times(self) -> float:
        """Seconds of sound that are heard in one second."""
        return TIMED_SECONDS / max(self.took, 1e-6)

    @property
    def calls_per_hour(self) -> int:
        return int(self.times * 3600 / CALL_SECONDS)


def measure(settings: Settings, hearing: Hearing | None = None) -> Speed:
    """Hears the clip once to load the models, then over and over for the clock. Raises RecordingError, ModelMissing."""
    hearing = hearing or Listener(settings)
    library = yaml_format.loads((_DEMO / "library.yaml").read_bytes())
    with tempfile.TemporaryDirectory(prefix="assist-speed-") as folder:
        short, long = Path(folder) / "short.wav", Path(folder) / "long.wav"
        _write_clip(short, CLIP_SECONDS)
        _write_clip(long, TIMED_SECONDS)
        first, took = _seconds(hearing, short, library), _seconds(hearing, long, library)
    return Speed(took=took, loading=max(0.0, first - took * CLIP_SECONDS / TIMED_SECONDS))


def _seconds(hearing: Hearing, path: Path, library: Library) -> float:
    begun = time.perf_counter()
    hearing.hear(path, library, lambda step, share: None)
    return time.perf_counter() - begun


def _write_clip(path: Path, seconds: float) -> None:
    """The first CLIP_SECONDS of a demo recording, repeated, as a wav file."""
    sound = decode(min(_DEMO.glob("recordings/*")), CALL_SECONDS * 20)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(sound.file_channels)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(sound.pcm[: int(CLIP_SECONDS * RATE)].tobytes() * round(seconds / CLIP_SECONDS))
