"""Vectors of texts that never change, kept in the user's cache folder: computed once per machine and encoder."""

import hashlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from models.encoder import Encoder, Vectors
from models.weights import cache_folder


def kept(encoder: Encoder, texts: Sequence[str]) -> Vectors:
    """`encoder.encode(texts)`, from the cache folder where it was computed before; no cache, no harm."""
    digest = hashlib.sha256("\n".join((encoder.name, *texts)).encode()).hexdigest()[:24]
    path = cache_folder().parent / "vectors" / f"{digest}.npy"
    found = _load(path, len(texts))
    if found is None:
        found = encoder.encode(texts)
        _store(path, found)
    return found


def _load(path: Path, rows: int) -> Vectors | None:
    try:
        vectors = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return np.asarray(vectors, dtype=np.float32) if len(vectors) == rows else None


def _store(path: Path, vectors: Vectors) -> None:
    """Under a temporary name first, so that nobody reads half a file. A full or read-only disk costs only time."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "wb") as out:
            np.save(out, vectors)
        Path(name).replace(path)
    except OSError:
        return
