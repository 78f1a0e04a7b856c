"""Turns cut into pieces of meaning: clauses, sentences, whole turns and neighbours, each with its vector and its place.

People say one thing in half a sentence or over two turns, and recognition drops punctuation; so a turn is looked at in
all these sizes at once.
"""

import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from assist.analysis.findings import Evidence
from assist.analysis.grams import Grams
from assist.analysis.heads import Read, read
from assist.ports import Encoder
from assist.transcript import Speaker, Transcript, Turn

Level = Literal["clause", "sentence", "turn", "pair"]

_SENTENCE = re.compile(r"[^。！!？?；;…\n]+[。！!？?；;…\n]*|[。！!？?；;…\n]+")
_CLAUSE = re.compile(r"[^，,、。！!？?；;…\n]+[，,、。！!？?；;…\n]*")
_SHORTEST = 4
_REMEMBERED = 4
_LAST: dict[tuple[Transcript, Speaker, Grams, str], "Pieces"] = {}
_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one turn, or a turn with the speaker's next one (`pair`).

    `turn` is the position in `Transcript.turns`; `start` and `end` are character offsets in that turn's text.
    """

    turn: int
    start: int
    end: int
    text: str
    level: Level


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """All pieces of one speaker, read row by row. `turns` are the positions of the turns they come from, in order."""

    pieces: tuple[Piece, ...]
    given: Read
    turns: tuple[int, ...]

    def rows_of(self, turn: int) -> list[int]:
        """The rows of the pieces that stand in this turn."""
        return [row for row, piece in enumerate(self.pieces) if piece.turn == turn]

    def telling(self, turn: int, wordings: Read, favour: float) -> int:
        """The row of the piece of a turn that comes nearest to any wording; whole sentences are `favour` ahead."""
        rows = self.rows_of(turn)
        near = (self.given.vectors[rows] @ wordings.vectors.T).max(axis=1)
        ahead = np.array([favour if self.pieces[row].level in ("sentence", "turn") else 0.0 for row in rows])
        return rows[int((near + ahead).argmax())]


def judged(turn: Turn) -> bool:
    """Whether a turn's words may be judged at all."""
    return not turn.unintelligible and bool(turn.text.strip())


def cut(transcript: Transcript, speaker: Speaker, grams: Grams, encoder: Encoder) -> Pieces:
    """The pieces of `speaker`; turns of unknown speakers are everybody's. The last few are remembered."""
    key = (transcript, speaker, grams, encoder.name)
    with _LOCK:
        known = _LAST.get(key)
    if known is None:
        pieces, own = pieces_by(transcript, speaker)
        known = Pieces(pieces, read([piece.text for piece in pieces], encoder, grams), own)
        remember(transcript, speaker, grams, encoder, known)
    return known


def remember(transcript: Transcript, speaker: Speaker, grams: Grams, encoder: Encoder, pieces: Pieces) -> None:
    """What `cut` is to give next time: pieces that were read before."""
    with _LOCK:
        _LAST[transcript, speaker, grams, encoder.name] = pieces
        while len(_LAST) > _REMEMBERED:
            _LAST.pop(next(iter(_LAST)))


def pieces_by(transcript: Transcript, speaker: Speaker) -> tuple[tuple[Piece, ...], tuple[int, ...]]:
    """(pieces of a speaker, positions of the turns they come from)."""
    own = tuple(i for i, t in enumerate(transcript.turns) if judged(t) and t.speaker in (speaker, "unknown"))
    pieces = [piece for i in own for piece in pieces_of(i, transcript.turns[i].text)]
    return (*pieces, *_pairs(own, transcript)), own


def pieces_of(position: int, text: str) -> list[Piece]:
    """The turn itself, its sentences, neighbouring sentences, and its clauses, without doubles."""
    sentences = _spans(_SENTENCE, text)
    two = [(a[0], b[1]) for a, b in pairwise(sentences)]
    clauses = [span for span in _spans(_CLAUSE, text) if span[1] - span[0] >= _SHORTEST]
    found: dict[tuple[int, int], Level] = {_trim(text, 0, len(text)): "turn"}
    for level, spans in (("sentence", sentences), ("sentence", two), ("clause", clauses)):
        for span in spans:
            found.setdefault(_trim(text, *span), level)  # type: ignore[arg-type]
    return [Piece(position, a, b, text[a:b], level) for (a, b), level in found.items() if b > a]


def _pairs(own: Iterable[int], transcript: Transcript) -> list[Piece]:
    """A turn with the next one of the same speaker where the other only nods in between."""
    turns = transcript.turns
    return [
        Piece(a, 0, len(turns[a].text), turns[a].text + turns[b].text, "pair")
        for a, b in pairwise(own)
        if all(turns[i].backchannel or not judged(turns[i]) for i in range(a + 1, b))
    ]


def _spans(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(text)]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def evidence(transcript: Transcript, piece: Piece) -> Evidence:
    """Where a piece stands, timed by the words where they are known, else by its share of the turn's characters."""
    turn = transcript.turns[piece.turn]
    start, end = _by_words(turn, piece) or _by_share(turn, piece)
    return Evidence(turn.id, round(start, 2), round(end, 2), turn.text[piece.start : piece.end])


def _by_words(turn: Turn, piece: Piece) -> tuple[float, float] | None:
    """None where the words do not add up to the text (a corrected term, no words at all)."""
    if not turn.words or "".join(w.text for w in turn.words).replace(" ", "") != turn.text.replace(" ", ""):
        return None
    at, hit = 0, []
    for word in turn.words:
        found = turn.text.find(word.text.strip(), at)
        at = found + len(word.text.strip())
        if found < piece.end and at > piece.start:
            hit.append(word)
    return (hit[0].start, hit[-1].end) if hit else None


def _by_share(turn: Turn, piece: Piece) -> tuple[float, float]:
    length = max(1, len(turn.text))
    return turn.start + turn.seconds * piece.start / length, turn.start + turn.seconds * piece.end / length
