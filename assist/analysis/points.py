"""Which script points the agent got across, and where first: meaning, sound, words and place in one probability."""

import numpy as np
from numpy.typing import NDArray

from assist.analysis import cues, knowledge
from assist.analysis.findings import PointFinding, Status
from assist.analysis.heads import characters, logit_of, probability, scored, sounds
from assist.analysis.meaning import Pieces, cut, evidence
from assist.analysis.nearest import bundle, nearest
from assist.analysis.nearest import meaning as by_meaning
from assist.ports import Encoder
from assist.scripts.index import Index
from assist.scripts.library import STAGES
from assist.transcript import Transcript

TURN = (
    "meaning", "whole", "sight", "sound", "act", "margin", "ahead", "here", "place",
    "asks_alike", "asks_beside", "silent_beside", "length", "both", "title", "mean", "two",
)  # fmt: skip
"""Features of one point in one agent turn."""

AGAIN = ("odds", "order", "rival", "here", "against", "meaning", "act")
"""Features of the second look: the odds of the first one, and how they fit with what else was found where."""

CALL = ("best", "second", "lead", "meaning")
"""Features of one point in the whole call."""

_FAVOUR = 0.03
_REACH, _TOO_FEW, _UNPLACED, _SURE = 1.5, 0.3, 0.25, 0.5

_WHERE = dict(zip(STAGES, (0.06, 0.25, 0.5, 0.75, 0.96), strict=True))
"""Where in a call the agent's turns of a stage usually lie (0–1)."""


def find(transcript: Transcript, index: Index, encoder: Encoder) -> tuple[PointFinding, ...]:
    """One finding per script point, in the order of the script."""
    agent = cut(transcript, "agent", index.grams, encoder)
    if not agent.pieces:
        return tuple(PointFinding(w.id, _unheard(transcript), 0.0) for w in index.points)
    fitted = knowledge.weights(index.library.language)["points"]
    features = turn_features(agent, index, transcript)
    odds = logit_of(fitted["again"])(again_features(logit_of(fitted["turn"])(features), features))
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


def turn_features(agent: Pieces, index: Index, transcript: Transcript) -> NDArray[np.float64]:
    """Shape (agent turns, points, len(TURN))."""
    script = bundle(index.points)
    likenesses = (by_meaning, characters, sounds)
    meaning, sight, sound = (nearest(index.points, agent.given, likeness) for likeness in likenesses)
    scores = scored(index.general.acts, agent.given)
    acts = scores / np.maximum(np.linalg.norm(scores, axis=1, keepdims=True), 1e-9)
    act = acts @ np.stack([w.profile for w in index.points]).T
    margin = meaning - _best_other(meaning)
    groups = [agent.rows_of(turn) for turn in agent.turns]
    top = {
        "meaning": _top(meaning, groups), "sight": _top(sight, groups), "sound": _top(sound, groups),
        "act": _top(act, groups), "margin": _top(margin, groups),
        "both": _top(meaning + act + sound, groups),
        "whole": np.stack([meaning[rows[0]] for rows in groups]),
        "title": _top(script.title(agent.given), groups),
        "mean": _top(script.mean(agent.given), groups),
    }  # fmt: skip
    top["two"] = _beside(top["meaning"])
    top["ahead"] = top["meaning"] - _best_other(top["meaning"])
    top["here"] = top["meaning"] - _best_other(top["meaning"].T).T
    top |= _place(agent, index) | _asking(agent, index, transcript)
    return np.stack([top[name] for name in TURN], axis=2)


def _beside(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """The larger of the two neighbouring turns' values: (turns, points)."""
    padded = np.pad(table, ((1, 1), (0, 0)), constant_values=-1.0)
    return np.asarray(np.maximum(padded[:-2], padded[2:]))


def _top(table: NDArray[np.float64], groups: list[list[int]]) -> NDArray[np.float64]:
    return np.stack([table[rows].max(axis=0) for rows in groups])


def _best_other(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each cell the largest of the other cells in its row; -1 where it is alone."""
    if table.shape[1] < 2:
        return np.full_like(table, -1.0)
    order = np.sort(table, axis=1)
    return np.where(table == order[:, -1:], order[:, -2:-1], order[:, -1:])


def _place(agent: Pieces, index: Index) -> dict[str, NDArray[np.float64]]:
    count = len(agent.turns)
    at = (np.arange(count) + 0.5) / count
    usual = np.array([_WHERE[stage] for stage, _ in index.library.points()])
    length = np.array([cues.length(agent.pieces[agent.rows_of(turn)[0]].text) for turn in agent.turns])
    return {
        "place": np.abs(at[:, None] - usual[None, :]),
        "length": np.repeat(length[:, None], len(usual), axis=1),
    }


def _asking(agent: Pieces, index: Index, transcript: Transcript) -> dict[str, NDArray[np.float64]]:
    """Whether a turn asks as its point does."""
    wanted = np.array([np.mean([cues.asks(text) for text in w.given.texts]) for w in index.points])[None, :]
    asked = np.array([float(cues.asks(transcript.turns[turn].text)) for turn in agent.turns])[:, None]
    return {
        "asks_alike": wanted * asked,
        "asks_beside": (1 - wanted) * asked,
        "silent_beside": wanted * (1 - asked),
    }


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
    rival, here = odds - _best_other(odds), odds - _best_other(odds.T).T
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
    lead = best - _best_other(odds)[odds.argmax(axis=0), np.arange(odds.shape[1])]
    return np.stack([best, second, lead, features[:, :, 0].max(axis=0)], axis=1)
