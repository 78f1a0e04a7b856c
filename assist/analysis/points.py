"""Which script points the agent got across, and where first: meaning, sound, words and place in one probability."""

import numpy as np
from numpy.typing import NDArray

from assist.analysis import knowledge
from assist.analysis.findings import PointFinding, Status
from assist.analysis.heads import logit_of, probability
from assist.analysis.likeness import TURN, best_other, turn_features
from assist.analysis.meaning import Pieces, cut, evidence
from assist.analysis.trees import trees_of
from assist.ports import Encoder
from assist.scripts.index import Index
from assist.transcript import Speaker, Transcript

AGAIN = ("odds", "order", "rival", "here", "against", "meaning", "act")
"""Features of the second look: the odds of the first one, and how they fit with what else was found where."""

CALL = ("best", "second", "lead", "meaning")
"""Features of one point in the whole call."""

_SIDES: tuple[Speaker, Speaker] = ("agent", "customer")
_FAVOUR = 0.03
_REACH, _TOO_FEW, _UNPLACED, _SURE = 1.5, 0.3, 0.25, 0.5


def find(transcript: Transcript, index: Index, encoder: Encoder) -> tuple[PointFinding, ...]:
    """One finding per script point, in the order of the script."""
    agent, customer = (cut(transcript, speaker, index.grams, encoder) for speaker in _SIDES)
    if not agent.pieces:
        return tuple(PointFinding(w.id, _unheard(transcript), 0.0) for w in index.points)
    fitted = knowledge.weights(index.library.language)["points"]
    features = turn_features(agent, customer, index, transcript)
    odds = logit_of(fitted["again"])(again_features(trees_of(fitted["turn"])(features), features))
    chance = probability(logit_of(fitted["call"])(call_features(odds, features)))
    return tuple(
        _finding(transcript, agent, index, number, odds[:, number], float(chance[number]), fitted)
        for number in range(len(index.points))
    )


def _unheard(transcript: Transcript) -> Status:
    return "uncertain" if transcript.speakers_uncertain else "missed"


def _finding(
    transcript: Transcript, agent: Pieces, index: Index, number: int, odds: NDArray[np.float64], chance: float,
    fitted: dict[str, float],
) -> PointFinding:  # fmt: skip
    name = index.points[number].id
    said, partial = fitted["said"], fitted["partial"]
    if transcript.speakers_uncertain:
        return PointFinding(name, "uncertain", round(chance, 3))
    if chance < partial:
        return PointFinding(name, "missed", round(1 - chance, 3))
    turn = agent.turns[_first(odds)]
    piece = agent.pieces[agent.telling(turn, index.points[number].given, _FAVOUR)]
    return PointFinding(name, "said" if chance >= said else "partial", round(chance, 3), evidence(transcript, piece))


def _first(odds: NDArray[np.float64]) -> int:
    """The first turn that is about as convincing as the best one, or convincing in itself."""
    best = float(odds.max())
    enough = min(best, max(0.0, best - 1.0))
    return int(np.argmax(odds >= enough))


def again_features(odds: NDArray[np.float64], features: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shape (turns, points, len(AGAIN)): where the neighbours of a point in the script were found tells where it is."""
    turns, points = odds.shape
    at = (np.arange(turns) + 0.5) / turns
    best, sure = odds.argmax(axis=0), probability(odds).max(axis=0)
    apart = np.abs(np.arange(points)[:, None] - np.arange(points)[None, :])
    weight = np.where(apart > 0, np.exp(-apart / _REACH), 0.0) * sure[None, :]
    total = weight.sum(axis=1)
    expected = weight @ at[best] / np.maximum(total, 1e-9)
    order = np.where(total[None, :] < _TOO_FEW, _UNPLACED, np.abs(at[:, None] - expected[None, :]))
    rival, here = odds - best_other(odds), odds - best_other(odds.T).T
    meaning, act = features[:, :, TURN.index("meaning")], features[:, :, TURN.index("act")]
    return np.stack([odds, order, rival, here, _against(best, sure, turns), meaning, act], axis=2)


def _against(best: NDArray[np.intp], sure: NDArray[np.float64], turns: int) -> NDArray[np.float64]:
    """Share of the surely found points whose order in the script a turn would turn round: (turns, points)."""
    found = [(i, int(best[i])) for i in range(len(best)) if sure[i] > _SURE]
    table = np.zeros((turns, len(best)))
    place = np.arange(turns)
    for number in range(len(best)):
        for i, turn in found:
            if i != number:
                table[:, number] += (turn > place) if i < number else (turn < place)
    return table / max(1, len(found))


def call_features(odds: NDArray[np.float64], features: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shape (points, len(CALL)) from the turns' log-odds (turns, points) and features."""
    order = np.sort(odds, axis=0)
    best = order[-1]
    second = order[-2] if len(order) > 1 else best - 5
    lead = best - best_other(odds)[odds.argmax(axis=0), np.arange(odds.shape[1])]
    return np.stack([best, second, lead, features[:, :, 0].max(axis=0)], axis=1)
