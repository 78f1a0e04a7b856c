"""What is learned from one library version: made once when it is published, the same every time."""

import hashlib
import json
from dataclasses import asdict, dataclass

import numpy as np

from assist.ports import Encoder, Vectors
from assist.scripts.library import Library


@dataclass(frozen=True, slots=True, eq=False)
class Wordings:
    """Example wordings of one thing with their vectors, row by row."""

    id: str
    texts: tuple[str, ...]
    vectors: Vectors


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """Everything judging needs beside the transcript. `key` names library, encoder and learning."""

    library: Library
    key: str
    points: tuple[Wordings, ...]
    objections: tuple[Wordings, ...]
    steps: tuple[Wordings, ...]
    forbidden: tuple[Wordings, ...]


def learn(library: Library, encoder: Encoder) -> Index:
    """Deterministic; a second or two."""
    return Index(
        library=library,
        key=key_of(library, encoder.name),
        points=tuple(_wordings(p.id, p.say, encoder) for _, p in library.points()),
        objections=tuple(_wordings(e.objection, e.heard_as, encoder) for e in library.playbook),
        steps=tuple(
            _wordings(f"{e.objection}/{s.step}", s.say, encoder) for e in library.playbook for s in e.respond
        ),
        forbidden=tuple(_wordings(f.id, f.phrases, encoder) for f in library.forbidden),
    )


def key_of(library: Library, encoder: str) -> str:
    """Hash of the library's content and the encoder's name (16 hex digits)."""
    content = json.dumps([asdict(library), encoder], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _wordings(name: str, texts: tuple[str, ...], encoder: Encoder) -> Wordings:
    return Wordings(name, texts, encoder.encode(texts) if texts else np.empty((0, 1), np.float32))
