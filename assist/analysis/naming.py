"""Which playbook entry an objection belongs to: its words, what the agent makes of it, and what was objected before."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assist.analysis import knowledge
from assist.analysis.heads import characters, logit_of, sounds
from assist.analysis.meaning import Pieces
from assist.scripts.index import OTHER, Index

ENTRY = (
    "piece", "whole", "heard", "sight", "sound", "answered", "answered_best", "steady", "other", "share",
    "not_needed", "after",
)  # fmt: skip
"""Features of one playbook entry as the name of one objection."""


def names_of(index: Index) -> list[str]:
    """Playbook ids in the order of the library, then `other`."""
    return [*(entry.objection for entry in index.library.playbook), OTHER]


def entry_scores(index: Index, scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scores of the refusals head summed over all classes that mean an entry: (rows, names)."""
    names = names_of(index)
    table = np.zeros((len(scores), len(names)))
    for column, kind in enumerate(index.refusals.classes):
        entry = index.entries.get(kind)
        if entry is not None:
            table[:, names.index(entry)] += np.maximum(scores[:, column], 0.0)
    return table


def features(
    index: Index, customer: Pieces, agent: Pieces, scores: NDArray[np.float64], turn: int, before: str | None
) -> NDArray[np.float64]:
    """Shape (names, len(ENTRY)); `before` is the name of the objection before this one."""
    names = names_of(index)
    rows = customer.rows_of(turn)
    table = entry_scores(index, scores)[rows]
    near, sight, sound = _likeness(index, customer, rows)
    answered, after = reply(index, agent, turn, later=True), reply(index, agent, turn, later=False)
    total = max(float(table.max(axis=0).sum()), 1e-9)
    out = []
    for number, name in enumerate(names):
        out.append([
            table[:, number].max(), table[0, number], near[number], sight[number], sound[number],
            answered[number], answered[number] - answered.max(), float(name == before), float(name == OTHER),
            table[:, number].max() / total, float(name == "not-needed"), after[number],
        ])  # fmt: skip
    return np.array(out)


def choose(
    index: Index, customer: Pieces, agent: Pieces, scores: NDArray[np.float64], turn: int, before: str | None
) -> str:
    """The most likely name."""
    odds = logit_of(knowledge.weights()["naming"])(features(index, customer, agent, scores, turn, before))
    return names_of(index)[int(odds.argmax())]


def _likeness(index: Index, customer: Pieces, rows: list[int]) -> list[NDArray[np.float64]]:
    """Meaning, sight and sound against the wordings of each entry; `other` has none and gets their mean."""
    part = customer.given.part(rows)
    tables = []
    for compare in (lambda a, b: a.vectors @ b.vectors.T, characters, sounds):
        values = [float(np.asarray(compare(part, wordings.given)).max()) for wordings in index.heard]
        tables.append(np.array([*values, float(np.mean(values)) if values else 0.0]))
    return tables


def reply(index: Index, agent: Pieces, turn: int, *, later: bool) -> NDArray[np.float64]:
    """How much the agent's next turn (or the one before) sounds like this entry's answer."""
    near = [t for t in agent.turns if (t > turn) == later]
    rows = agent.rows_of(near[0] if later else near[-1]) if near else []
    values = _replies(index, agent)[rows].max(axis=0) if rows else np.zeros(len(index.library.playbook))
    return np.array([*values, float(np.mean(values)) if len(values) else 0.0])


@lru_cache(maxsize=4)
def _replies(index: Index, agent: Pieces) -> NDArray[np.float64]:
    """How much each of the agent's pieces sounds like the answer of each entry: (pieces, entries)."""
    table = np.zeros((len(agent.pieces), len(index.library.playbook)))
    for column, entry in enumerate(index.library.playbook):
        for wordings in index.steps:
            if wordings.id.startswith(f"{entry.objection}/"):
                near = (agent.given.vectors @ wordings.given.vectors.T).max(axis=1)
                table[:, column] = near if not table[:, column].any() else np.maximum(table[:, column], near)
    return table
