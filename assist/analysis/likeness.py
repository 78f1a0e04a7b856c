"""How one turn of the agent is like one script point: the features that a point is found by."""

import numpy as np
from numpy.typing import NDArray

from assist.analysis import cues
from assist.analysis.heads import characters, scored, sounds
from assist.analysis.meaning import Pieces
from assist.analysis.nearest import Bundle, bundle, nearest
from assist.analysis.nearest import meaning as by_meaning
from assist.scripts.index import Index
from assist.scripts.library import STAGES
from assist.transcript import Transcript

Table = NDArray[np.float64]

TURN = (
    "meaning", "whole", "sight", "sound", "act", "margin", "ahead", "here", "place",
    "asks_alike", "asks_beside", "silent_beside", "length", "both", "title", "mean", "two",
    "covered", "amount", "share", "invited", "above", "among", "rank", "rank_here", "covered_ahead",
)  # fmt: skip
"""Features of one point in one agent turn."""

_WHERE = dict(zip(STAGES, (0.06, 0.25, 0.5, 0.75, 0.96), strict=True))
"""Where in a call the agent's turns of a stage usually lie (0–1)."""

_JUST_BEFORE = 2
"""Turns back in which the customer's last words still ask for what the agent says now."""


def turn_features(agent: Pieces, customer: Pieces, index: Index, transcript: Transcript) -> Table:
    """Shape (agent turns, points, len(TURN))."""
    script = bundle(index.points)
    likenesses = (by_meaning, characters, sounds)
    meaning, sight, sound = (nearest(index.points, agent.given, likeness) for likeness in likenesses)
    scores = scored(index.general.acts, agent.given)
    acts = scores / np.maximum(np.linalg.norm(scores, axis=1, keepdims=True), 1e-9)
    act = acts @ np.stack([w.profile for w in index.points]).T
    groups = [agent.rows_of(turn) for turn in agent.turns]
    top = {
        "meaning": _top(meaning, groups), "sight": _top(sight, groups), "sound": _top(sound, groups),
        "act": _top(act, groups), "margin": _top(meaning - best_other(meaning), groups),
        "both": _top(meaning + act + sound, groups),
        "whole": np.stack([meaning[rows[0]] for rows in groups]),
        "title": _top(script.title(agent.given), groups),
        "mean": _top(script.mean(agent.given), groups),
    }  # fmt: skip
    top["two"] = _beside(top["meaning"])
    top["ahead"] = top["meaning"] - best_other(top["meaning"])
    top["here"] = top["meaning"] - best_other(top["meaning"].T).T
    top |= _place(agent, index) | _asking(agent, index, transcript) | _coverage(agent, index, script, groups)
    top |= _standing(top["meaning"], top["both"]) | {"invited": _invited(agent, customer, index)}
    return np.stack([top[name] for name in TURN], axis=2)


def best_other(table: Table) -> Table:
    """For each cell the largest of the other cells in its row; -1 where it is alone."""
    if table.shape[1] < 2:
        return np.full_like(table, -1.0)
    order = np.sort(table, axis=1)
    return np.where(table == order[:, -1:], order[:, -2:-1], order[:, -1:])


def _beside(table: Table) -> Table:
    """The larger of the two neighbouring turns' values: (turns, points)."""
    padded = np.pad(table, ((1, 1), (0, 0)), constant_values=-1.0)
    return np.asarray(np.maximum(padded[:-2], padded[2:]))


def _top(table: Table, groups: list[list[int]]) -> Table:
    return np.stack([table[rows].max(axis=0) for rows in groups])


def _place(agent: Pieces, index: Index) -> dict[str, Table]:
    count = len(agent.turns)
    at = (np.arange(count) + 0.5) / count
    usual = np.array([_WHERE[stage] for stage, _ in index.library.points()])
    length = np.array([cues.length(agent.pieces[agent.rows_of(turn)[0]].text) for turn in agent.turns])
    return {
        "place": np.abs(at[:, None] - usual[None, :]),
        "length": np.repeat(length[:, None], len(usual), axis=1),
    }


def _asking(agent: Pieces, index: Index, transcript: Transcript) -> dict[str, Table]:
    """Whether a turn asks as its point does."""
    wanted = np.array([np.mean([cues.asks(text) for text in w.given.texts]) for w in index.points])[None, :]
    asked = np.array([float(cues.asks(transcript.turns[turn].text)) for turn in agent.turns])[:, None]
    return {
        "asks_alike": wanted * asked,
        "asks_beside": (1 - wanted) * asked,
        "silent_beside": wanted * (1 - asked),
    }


def _coverage(agent: Pieces, index: Index, script: Bundle, groups: list[list[int]]) -> dict[str, Table]:
    """How much of the best wording's runs a turn holds, rare ones counting more (0–1); the weight of a point's runs it
    holds; and which share of the turn's own runs they are."""
    held = (agent.given.runs[[rows[0] for rows in groups]] != 0).astype(np.float32)
    # The two halves of a row have length 1 each: together a wording's squares add up to 2.
    covered = np.maximum.reduceat(held @ (script.given.runs**2).T, script.starts, axis=1).astype(np.float64) / 2
    own = np.add.reduceat((script.given.runs != 0).astype(np.float32), script.starts, axis=0) > 0
    weighed = held * index.grams.weight
    amount = (weighed @ own.astype(np.float32).T).astype(np.float64)
    return {
        "covered": covered, "amount": amount, "covered_ahead": covered - best_other(covered),
        "share": amount / np.maximum(weighed.sum(axis=1, keepdims=True), 1e-9),
    }  # fmt: skip


def _standing(meaning: Table, both: Table) -> dict[str, Table]:
    """How far a likeness stands out among the turns and among the points (in deviations), and its rank (0–1)."""
    turns, points = meaning.shape
    return {
        "above": (meaning - meaning.mean(axis=0)) / (meaning.std(axis=0) + 1e-3),
        "among": (meaning - meaning.mean(axis=1, keepdims=True)) / (meaning.std(axis=1, keepdims=True) + 1e-3),
        "rank": _ranks(both) / turns,
        "rank_here": _ranks(both.T).T / points,
    }


def _ranks(table: Table) -> Table:
    """Place of each cell in its column, the largest first."""
    return (-table).argsort(axis=0, kind="stable").argsort(axis=0, kind="stable").astype(np.float64)


def _invited(agent: Pieces, customer: Pieces, index: Index) -> Table:
    """Likeness in meaning of what the customer just said to the point: (agent turns, points)."""
    if not customer.pieces:
        return np.zeros((len(agent.turns), len(index.points)))
    near = nearest(index.points, customer.given, by_meaning)
    rows = {turn: customer.rows_of(turn)[0] for turn in customer.turns}
    before = [max((t for t in customer.turns if turn - _JUST_BEFORE <= t < turn), default=None) for turn in agent.turns]
    nothing = np.zeros(len(index.points))
    return np.stack([nothing if turn is None else near[rows[turn]] for turn in before])
