"""The words of a mono recording given to two voices: sound is the evidence, words and pauses say where a change can be.

A change of speaker costs least at a pause or behind a question and most inside a phrase; what a phrase says (in the
library's words for agents and customers) helps where the voice is too short to tell.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from assist.calls import roles
from assist.calls.pieces import Piece
from assist.scripts.library import Library
from assist.transcript import Word
from models.chain import likeliest
from models.voices import Phrase, Voices

_PAUSE, _SHORT_PAUSE = 0.3, 0.12
_AT_PAUSE, _AT_SHORT_PAUSE, _AT_QUESTION, _AT_STOP, _AT_COMMA, _INSIDE = 0.6, 1.6, 0.8, 1.5, 2.5, 5.0
_STOPS, _QUESTIONS, _COMMAS = "。.!！", "?？", ",，、;； "
_WEIGHT_OF_CONTENT, _WEIGHT_BESIDE_SOUND, _MOST_CONTENT = 0.35, 0.3, 1.5


def told_apart(pieces: Sequence[Piece], voices: Voices, library: Library) -> list[Piece]:
    """The pieces cut where the speaker changes; `voice` is 0 or 1."""
    words = [(i, word) for i, piece in enumerate(pieces) for word in piece.words]
    if not words or not len(voices.times):
        return list(pieces)
    sound = np.array([_evidence(word, voices) for _, word in words])
    cost = np.array([0.0, *(_cost(a, b) for a, b in zip(words, words[1:], strict=False))])
    first, _ = likeliest(sound, cost)
    lean = _content(words, first, library)
    final, _ = likeliest(sound + lean, cost)
    return _cut(pieces, words, final)


def leanings(pieces: Sequence[Piece], library: Library) -> list[Phrase]:
    """What the words of each piece say about who speaks, for telling the voices apart: voice 1 is the agent."""
    return [_leaning(piece, library) for piece in pieces]


def _leaning(piece: Piece, library: Library) -> Phrase:
    odds = float(np.clip(_WEIGHT_BESIDE_SOUND * roles.leaning(piece.text, library), -_MOST_CONTENT, _MOST_CONTENT))
    return Phrase(piece.start, piece.end, odds, asks=piece.text.endswith(("？", "?")))


def _evidence(word: Word, voices: Voices) -> float:
    """Log odds of the word's own stretch; never less than 80 ms, alignment gives some words no length."""
    middle, half = (word.start + word.end) / 2, max(word.end - word.start, 0.08) / 2
    return voices.between(middle - half, middle + half)


def _cost(one: tuple[int, Word], other: tuple[int, Word]) -> float:
    """What a change of speaker costs between two words."""
    pause = other[1].start - one[1].end
    last, space = one[1].text.rstrip()[-1:], other[1].text[:1]
    costs = [_INSIDE]
    if one[0] != other[0] or pause >= _PAUSE:
        costs.append(_AT_PAUSE)
    if pause >= _SHORT_PAUSE:
        costs.append(_AT_SHORT_PAUSE)
    if last and last in _QUESTIONS:
        costs.append(_AT_QUESTION)
    if last and last in _STOPS:
        costs.append(_AT_STOP)
    if (last and last in _COMMAS) or space == " ":
        costs.append(_AT_COMMA)
    return min(costs)


def _content(words: Sequence[tuple[int, Word]], first: NDArray[np.bool_], library: Library) -> NDArray[np.float64]:
    """Log odds by what each phrase says, once the voices are known well enough to say which one is the agent."""
    said = {
        int(voice): "".join(w.text for (_, w), v in zip(words, first, strict=True) if v == voice) for voice in (0, 1)
    }
    found = roles.assign(said, library)
    sign = 1.0 if found.speakers[1] == "agent" else -1.0
    lean = np.zeros(len(words))
    for begin, end in _phrases(words):
        text = "".join(word.text for _, word in words[begin:end])
        value = np.clip(_WEIGHT_OF_CONTENT * roles.leaning(text, library), -_MOST_CONTENT, _MOST_CONTENT)
        lean[begin:end] = sign * found.confidence * value / (end - begin)
    return lean


def _phrases(words: Sequence[tuple[int, Word]]) -> list[tuple[int, int]]:
    """Runs of words that a speaker would not break off: from one cheap place for a change to the next."""
    edges = [0, *(i for i in range(1, len(words)) if _cost(words[i - 1], words[i]) < _INSIDE), len(words)]
    return list(zip(edges, edges[1:], strict=False))


def _cut(pieces: Sequence[Piece], words: Sequence[tuple[int, Word]], side: NDArray[np.bool_]) -> list[Piece]:
    cut: list[Piece] = []
    rows = [(i, word, int(voice)) for (i, word), voice in zip(words, side, strict=True)]
    begin = 0
    for end in range(1, len(rows) + 1):
        if end == len(rows) or (rows[end][0], rows[end][2]) != (rows[begin][0], rows[begin][2]):
            cut.append(_part(pieces[rows[begin][0]], rows[begin:end]))
            begin = end
    return cut


def _part(piece: Piece, rows: Sequence[tuple[int, Word, int]]) -> Piece:
    """One speaker's words of a piece, with the piece's own edges where they are its first or last words."""
    words = tuple(word for _, word, _ in rows)
    start = piece.start if words[0] is piece.words[0] else words[0].start
    end = piece.end if words[-1] is piece.words[-1] else words[-1].end
    return replace(piece, voice=rows[0][2], words=words, start=start, end=max(end, start))
