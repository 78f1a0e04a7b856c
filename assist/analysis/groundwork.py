"""What is read of a call before any library is looked at: its pieces with their runs, what the general heads make of
them, its questions, complaints and delivery. Kept, so that judging the call by another library begins there.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assist.analysis import complaints, delivery, questions
from assist.analysis.findings import Delivery, Evidence, ForbiddenFinding, QuestionFinding
from assist.analysis.floor import Floor
from assist.analysis.general import HEADS, General
from assist.analysis.grams import HALF
from assist.analysis.heads import Read
from assist.analysis.meaning import Pieces, cut, pieces_by, remember
from assist.ports import Encoder
from assist.scripts.index import Index
from assist.transcript import Speaker, Transcript

_SPEAKERS: tuple[Speaker, ...] = ("agent", "customer")


@dataclass(frozen=True, slots=True)
class Groundwork:
    """What a judgement takes over instead of finding it again."""

    questions: tuple[QuestionFinding, ...]
    complaints: tuple[ForbiddenFinding, ...]
    delivery: Delivery


def lay(transcript: Transcript, floor: Floor, index: Index, encoder: Encoder) -> Groundwork:
    """Of the index only what is general."""
    return Groundwork(
        questions.find(transcript, floor),
        complaints.find(transcript, index.library.language, index.grams, encoder),
        delivery.measure(transcript, floor),
    )


def pack(ground: Groundwork, transcript: Transcript, known: General, encoder: Encoder) -> bytes:
    """As bytes, with the pieces that a judgement just read: a line of JSON, then the arrays it names. Texts of pieces
    and vectors are not in it: those are the transcript's, these the encoder's cache's."""
    arrays: dict[str, NDArray[Any]] = {}
    for speaker in _SPEAKERS:
        pieces = cut(transcript, speaker, known.grams, encoder)
        arrays |= {f"{speaker}.{name}": array for name, array in _arrays(pieces.given, known)}
    parts = {name: array.tobytes() for name, array in arrays.items()}
    head = asdict(ground) | {"arrays": {name: [str(a.dtype), list(a.shape)] for name, a in arrays.items()}}
    return b"\n".join((json.dumps(head, ensure_ascii=False).encode(), b"".join(parts.values())))


def unpack(body: bytes, transcript: Transcript, known: General, encoder: Encoder) -> Groundwork:
    """Inverse of `pack`; the pieces are remembered for the judgement that follows."""
    end = body.index(b"\n")
    head = json.loads(body[:end])
    arrays, at = {}, end + 1
    for name, (kind, shape) in head["arrays"].items():
        count = int(np.prod(shape))
        arrays[name] = np.frombuffer(body, kind, count, at).reshape(shape)
        at += arrays[name].nbytes
    for speaker in _SPEAKERS:
        pieces, own = pieces_by(transcript, speaker)
        own_arrays = {key.partition(".")[2]: value for key, value in arrays.items() if key.startswith(f"{speaker}.")}
        given = _given([piece.text for piece in pieces], own_arrays, known, encoder)
        remember(transcript, speaker, known.grams, encoder, Pieces(pieces, given, own))
    return Groundwork(
        tuple(QuestionFinding(**_placed(row)) for row in head["questions"]),
        tuple(ForbiddenFinding(**_placed(row)) for row in head["complaints"]),
        Delivery(**head["delivery"]),
    )


def _arrays(given: Read, known: General) -> Iterator[tuple[str, NDArray[Any]]]:
    """Runs row by row as the columns that are not zero, and the scores of the general heads there are."""
    rows, columns = np.nonzero(given.runs)
    yield "counts", np.bincount(rows, minlength=len(given.texts)).astype(np.uint16)
    yield "columns", columns.astype(np.uint16)
    yield "values", given.runs[rows, columns]
    for name in HEADS:
        scores = given.scores.get(getattr(known, name))
        if scores is not None:
            yield name, scores.astype(np.float32)


def _given(texts: Sequence[str], arrays: dict[str, NDArray[Any]], known: General, encoder: Encoder) -> Read:
    runs = np.zeros((len(texts), 2 * HALF), dtype=np.float32)
    runs[np.repeat(np.arange(len(texts)), arrays["counts"]), arrays["columns"]] = arrays["values"]
    scores = {getattr(known, name): arrays[name].astype(np.float64) for name in HEADS if name in arrays}
    return Read(tuple(texts), encoder.encode(texts), runs, scores)


def _placed(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"evidence": Evidence(**row["evidence"])}
