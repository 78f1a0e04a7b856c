"""Sentence vectors that were computed before, so that judging history again encodes nothing twice."""

import hashlib
from collections.abc import Sequence

import numpy as np

from assist.ports import Encoder, Vectors
from assist.store import Store

_ASKED_AT_ONCE = 500


class CachedEncoder:
    """An Encoder that keeps its rows in the store. Only hashes of sentences are kept, never the words."""

    def __init__(self, store: Store, encoder: Encoder) -> None:
        self._store = store
        self._encoder = encoder

    @property
    def name(self) -> str:
        return self._encoder.name

    def encode(self, sentences: Sequence[str]) -> Vectors:
        keys = [hashlib.sha256(sentence.encode()).hexdigest() for sentence in sentences]
        known = self._known(sorted(set(keys)))
        missing = {key: sentence for key, sentence in zip(keys, sentences, strict=True) if key not in known}
        if missing or not sentences:
            fresh = self._encoder.encode(list(missing.values()))
            known |= dict(zip(missing, fresh, strict=True))
            self._keep({key: known[key] for key in missing})
            if not sentences:
                return fresh
        return np.stack([known[key] for key in keys])

    def _known(self, keys: list[str]) -> dict[str, Vectors]:
        found: dict[str, Vectors] = {}
        for start in range(0, len(keys), _ASKED_AT_ONCE):
            part = keys[start : start + _ASKED_AT_ONCE]
            marks = ",".join("?" * len(part))
            query = f"SELECT sentence, body FROM vectors WHERE encoder = ? AND sentence IN ({marks})"
            rows = self._store.rows(query, [self.name, *part])
            found |= {row["sentence"]: np.frombuffer(row["body"], dtype=np.float32) for row in rows}
        return found

    def _keep(self, rows: dict[str, Vectors]) -> None:
        with self._store.write() as db:
            db.conn.executemany(
                "INSERT OR IGNORE INTO vectors (encoder, sentence, body) VALUES (?, ?, ?)",
                [(self.name, key, row.astype(np.float32).tobytes()) for key, row in rows.items()],
            )
