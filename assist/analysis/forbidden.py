"""What an agent must never say, in any wording: the campaign's own phrases and the built-in list for manners.

Saying that one may not promise something, asking, or quoting the customer is no violation.
"""

import re

import numpy as np
from numpy.typing import NDArray

from assist.analysis import cues, knowledge
from assist.analysis.findings import ForbiddenFinding
from assist.analysis.heads import characters, logit_of, probability, scored, sounds
from assist.analysis.meaning import Piece, Pieces, cut, evidence
from assist.ports import Encoder
from assist.scripts.index import NONE, Index, Wordings
from assist.transcript import Transcript

FEATURES = (
    "meaning", "sight", "sound", "ahead", "kind", "harmless", "kind_ahead", "denies", "asks", "quotes", "length",
)  # fmt: skip
"""Features of one forbidden item in one piece of the agent's speech."""

_MANNERS_MEANING = 0.8


def find(transcript: Transcript, index: Index, encoder: Encoder) -> tuple[ForbiddenFinding, ...]:
    """The clearest place per forbidden id, in the order of the call."""
    if transcript.speakers_uncertain:
        return ()
    agent = cut(transcript, "agent", index.grams, encoder)
    if not agent.pieces:
        return ()
    found = [*_own(transcript, index, agent), *_manners(transcript, index, agent)]
    return tuple(sorted(found, key=lambda f: (f.evidence.start, f.id)))


def _own(transcript: Transcript, index: Index, agent: Pieces) -> list[ForbiddenFinding]:
    if not index.forbidden:
        return []
    fitted = knowledge.weights()["forbidden"]
    chance = probability(logit_of(fitted["piece"])(features(agent, index, transcript)))
    chance[[cues.disclaims(_sentence(transcript, piece)) for piece in agent.pieces]] = 0.0
    found = []
    for number, item in enumerate(index.library.forbidden):
        best = int(chance[:, number].argmax())
        value = float(chance[best, number])
        if value >= fitted["said"] and not _allowed(agent.pieces[best].text, item.allowed):
            where = evidence(transcript, agent.pieces[best])
            found.append(ForbiddenFinding(item.id, where, item.severity, round(value, 3)))
    return found


def _allowed(text: str, allowed: tuple[str, ...]) -> bool:
    return any(phrase and phrase in text for phrase in allowed)


def features(agent: Pieces, index: Index, transcript: Transcript) -> NDArray[np.float64]:
    """Shape (pieces, forbidden items, len(FEATURES))."""
    near = _table(agent, index.forbidden)
    harmless = np.stack([(agent.given.vectors @ w.given.vectors.T).max(axis=1) for w in index.points], axis=1)
    ahead = near[0] - harmless.max(axis=1, keepdims=True)
    scores = scored(index.violations, agent.given)
    none = scores[:, [index.violations.classes.index(NONE)]]
    profiles = np.stack([w.profile for w in index.forbidden])
    profiles[:, index.violations.classes.index(NONE)] = 0
    kind = scores @ profiles.T
    none = np.repeat(none, len(index.forbidden), axis=1)
    signs = np.array([_signs(transcript, piece) for piece in agent.pieces], dtype=float)
    spread = np.repeat(signs[:, None, :], len(index.forbidden), axis=1)
    return np.concatenate([np.stack([*near, ahead, kind, none, kind - none], axis=2), spread], axis=2)


def _table(agent: Pieces, items: tuple[Wordings, ...]) -> list[NDArray[np.float64]]:
    compare = (lambda a, b: a.vectors @ b.vectors.T, characters, sounds)
    return [
        np.stack([np.asarray(likeness(agent.given, w.given), float).max(axis=1) for w in items], axis=1)
        for likeness in compare
    ]


def _signs(transcript: Transcript, piece: Piece) -> tuple[float, float, float, float]:
    """Denied, asked, quoted, length."""
    whole = _sentence(transcript, piece)
    signs = float(cues.denies(whole)), float(cues.asks(piece.text)), float(cues.quotes(whole))
    return (*signs, float(np.log(1 + len(piece.text))))


def _sentence(transcript: Transcript, piece: Piece) -> str:
    """The piece with the words of its sentence just before it."""
    before = re.split(r"[。！!？?；;]", transcript.turns[piece.turn].text[: piece.start])[-1]
    return before + piece.text


def _manners(transcript: Transcript, index: Index, agent: Pieces) -> list[ForbiddenFinding]:
    found = []
    meaning = _table(agent, index.manners)[0] if index.manners else np.zeros((0, 0))
    for number, manner in enumerate(knowledge.manners(index.library.language)):
        pattern = re.compile("|".join(manner.words))
        hit = next((p for p in agent.pieces if p.level != "pair" and pattern.search(p.text)), None)
        best = int(meaning[:, number].argmax())
        if hit is None and meaning[best, number] >= _MANNERS_MEANING:
            hit = agent.pieces[best]
        if hit is not None:
            found.append(ForbiddenFinding(manner.id, evidence(transcript, hit), manner.severity, 0.9))
    return found
