"""What the domain asks of the models, as protocols, so that tests bring fakes and sites bring their own."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assist.scripts.library import Library
from assist.transcript import Transcript

Progress = Callable[[str, float], None]
"""Called with a step name (decoding, transcribing, …) and the share done (0–1)."""

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Sentences → unit vectors. `name` identifies model and settings; it is part of every cache key."""

    @property
    def name(self) -> str: ...

    def encode(self, sentences: Sequence[str]) -> Vectors:
        """Shape (len(sentences), d), float32, each row of length 1; the same sentence gives the same row."""
        ...


class Hearing(Protocol):
    """A recording → a transcript. `name` identifies models and settings; it is part of every cache key."""

    @property
    def name(self) -> str: ...

    def hear(self, recording: Path, library: Library, progress: Progress) -> Transcript:
        """Raises RecordingError for bytes that cannot be judged."""
        ...


def kind_of(hearing: Hearing) -> str:
    """`name` without what only the machine decides (its numbers, how many clips go together), where the recogniser
    tells the two apart: a processor and a graphics card may hear for one store."""
    kind: str = getattr(hearing, "kind", hearing.name)
    return kind
