"""What is learned once per machine and encoder, kept in the user's cache folder; no cache, no harm."""

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from models.encoder import Encoder, Vectors
from models.weights import cache_folder


def kept(encoder: Encoder, texts: Sequence[str]) -> Vectors:
    """`encoder.encode(texts)`, from the cache folder where it was computed before."""
    digest = hashlib.sha256("\n".join((encoder.name, *texts)).encode()).hexdigest()[:24]
    path = cache_folder().parent / "vectors" / f"{digest}.npy"
    found = _load(path, len(texts))
    if found is None:
        found = encoder.encode(texts)
        _store(path, lambda out: np.save(out, found))
    return found


def kept_arrays(name: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The named arrays of `make`, from the cache folder where they were made before under this name."""
    path = cache_folder().parent / "vectors" / f"{name}.npz"
    try:
        with np.load(path, allow_pickle=False) as file:
            return {key: file[key] for key in file.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        found = make()
        _store(path, lambda out: np.savez(out, **found))
        return found


def _load(path: Path, rows: int) -> Vectors | None:
    try:
        vectors = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return np.asarray(vectors, dtype=np.float32) if len(vectors) == rows else None


def _store(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Under a temporary name first, so that nobody reads half a file. A full or read-only disk costs only time."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "wb") as out:
            write(out)
        Path(name).replace(path)
    except OSError:
        return
