"""The customer complains, or says whom they will complain to: in any wording, by the words and by the meaning.

Speaking of complaints is none: asking how one would, telling what others did, taking one back.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, cast

import numpy as np

from assist.analysis import knowledge
from assist.analysis.findings import ForbiddenFinding
from assist.analysis.grams import Grams
from assist.analysis.knowledge import Complaint
from assist.analysis.meaning import Piece, cut, evidence
from assist.ports import Encoder, Vectors
from assist.transcript import Transcript

MEANING = 0.7
"""Likeness to an example from which words that name no complaint are one."""
AHEAD = 0.15
"""So much nearer to an example than to any near miss they must be."""
BEHIND = 0.2
"""So much nearer to a near miss than to any example, even the words of a complaint are none."""
BY_MEANING = 0.6
"""Confidence of a complaint known by its meaning alone."""


def find(transcript: Transcript, language: str, grams: Grams, encoder: Encoder) -> tuple[ForbiddenFinding, ...]:
    """The first place of each kind of complaint, in the order of the call."""
    customer = cut(transcript, "customer", grams, encoder)
    rows = [row for row, piece in enumerate(customer.pieces) if _counts(transcript, piece)]
    found = []
    for number, kind in enumerate(knowledge.complaints(language)):
        phrases, near = _examples(language, cast(Any, encoder))[number]
        ahead = {row: _likeness(customer.given.vectors[row], phrases, near) for row in rows}
        hit = next(iter(_hits(kind, rows, customer.pieces, ahead)), None)
        if hit is not None:
            row, confidence = hit
            place = evidence(transcript, customer.pieces[row])
            found.append(ForbiddenFinding(kind.id, place, kind.severity, confidence))
    return tuple(sorted(found, key=lambda one: (one.evidence.start, one.id)))


def _counts(transcript: Transcript, piece: Piece) -> bool:
    return piece.level in ("turn", "sentence") and transcript.turns[piece.turn].speaker == "customer"


def _hits(
    kind: Complaint, rows: list[int], pieces: tuple[Piece, ...], likeness: dict[int, tuple[float, float]]
) -> Iterator[tuple[int, float]]:
    """Rows that complain, in the order of the call and the shortest first in a turn, with their confidence."""
    for row in sorted(rows, key=lambda row: (pieces[row].turn, len(pieces[row].text))):
        text, (meaning, near) = pieces[row].text, likeness[row]
        if any(re.search(pattern, text, re.IGNORECASE) for pattern in kind.unless):
            continue
        if any(re.search(pattern, text, re.IGNORECASE) for pattern in kind.words):
            if near - meaning < BEHIND:
                yield row, 0.9
        elif meaning >= MEANING and meaning - near >= AHEAD:
            yield row, BY_MEANING


def _likeness(vector: Vectors, phrases: Vectors, near: Vectors) -> tuple[float, float]:
    """Nearest example and nearest near miss, as cosines."""
    return float(np.max(phrases @ vector)), float(np.max(near @ vector))


@lru_cache(maxsize=4)
def _examples(language: str, encoder: Encoder) -> tuple[tuple[Vectors, Vectors], ...]:
    """Vectors of the examples and near misses of each kind. What customers say all day is a near miss of all."""
    everyday = knowledge.customer(language)[::8]
    kinds = knowledge.complaints(language)
    return tuple((encoder.encode(kind.phrases), encoder.encode((*kind.near, *everyday))) for kind in kinds)
