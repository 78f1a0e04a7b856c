"""Which playbook entry an objection belongs to: its words, what the agent makes of it, and what was objected before."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assist.analysis import knowledge
from assist.analysis.heads import Read, characters, logit_of, scored, sounds
from assist.analysis.meaning import Pieces
from assist.analysis.nearest import bundle, meaning, nearest
from assist.scripts.index import OTHER, Index

KNOWN = ("busy", "not-needed", "price", "think-it-over", "has-one", "distrust", "send-info", "ask-family", "privacy")
"""Entries that nearly every playbook has under these names: some are raised far more often than others."""

ENTRY = (
    "piece", "whole", "own", "own_whole", "heard", "mean", "sight", "sound", "title", "answered", "answered_best",
    "steady", "other", "share", "after", *KNOWN,
)  # fmt: skip
"""Features of one playbook entry as the name of one objection."""


def names_of(index: Index) -> list[str]:
    """Playbook ids in the order of the library, then `other`."""
    return [*(entry.objection for entry in index.library.playbook), OTHER]


def entry_scores(index: Index, scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scores of the general refusals summed over all classes that mean an entry: (rows, names)."""
    names = names_of(index)
    table = np.zeros((len(scores), len(names)))
    for column, kind in enumerate(index.general.refusals.classes):
        entry = index.entries.get(kind)
        if entry is not None:
            table[:, names.index(entry)] += np.maximum(scores[:, column], 0.0)
    return table


@lru_cache(maxsize=4)
def own_scores(index: Index, customer: Pieces) -> NDArray[np.float64]:
    """Scores by the library's own examples, `other` having none: (pieces, names)."""
    scores = scored(index.own, customer.given)
    place = {name: column for column, name in enumerate(index.own.classes)}
    nothing = np.zeros(len(scores))
    return np.stack([scores[:, place[n]] if n in place else nothing for n in names_of(index)], axis=1)


def features(
    index: Index, customer: Pieces, agent: Pieces, scores: NDArray[np.float64], turn: int, before: str | None
) -> NDArray[np.float64]:
    """Shape (names, len(ENTRY)); `before` is the name of the objection before this one."""
    names = names_of(index)
    rows = customer.rows_of(turn)
    table, own = entry_scores(index, scores[rows]), own_scores(index, customer)[rows]
    near, mean, sight, sound, title = (_best(each[rows]) for each in _likeness(index, customer.given))
    answered, after = reply(index, agent, turn, later=True), reply(index, agent, turn, later=False)
    total = max(float(table.max(axis=0).sum()), 1e-9)
    out = []
    for number, name in enumerate(names):
        out.append([
            table[:, number].max(), table[0, number], own[:, number].max(), own[0, number], near[number], mean[number],
            sight[number], sound[number], title[number], answered[number], answered[number] - answered.max(),
            float(name == before), float(name == OTHER), table[:, number].max() / total, after[number],
            *(float(name == known) for known in KNOWN),
        ])  # fmt: skip
    return np.array(out)


def choose(
    index: Index, customer: Pieces, agent: Pieces, scores: NDArray[np.float64], turn: int, before: str | None
) -> str:
    """The most likely name."""
    fitted = knowledge.weights(index.library.language)["naming"]
    odds = logit_of(fitted)(features(index, customer, agent, scores, turn, before))
    return names_of(index)[int(odds.argmax())]


@lru_cache(maxsize=4)
def _likeness(index: Index, given: Read) -> tuple[NDArray[np.float64], ...]:
    """Meaning (nearest, mean of the wordings), sight and sound against each entry's wordings, meaning of its title:
    (pieces, entries) each."""
    if not index.heard:
        return (np.zeros((len(given.texts), 0)),) * 5
    entries = bundle(index.heard)
    near, sight, sound = (nearest(index.heard, given, likeness) for likeness in (meaning, characters, sounds))
    return near, entries.mean(given), sight, sound, entries.title(given)


def _best(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """The highest of each entry, then for `other`, which has no wordings, their mean."""
    values = rows.max(axis=0)
    return np.array([*values, values.mean() if len(values) else 0.0])


def reply(index: Index, agent: Pieces, turn: int, *, later: bool) -> NDArray[np.float64]:
    """How much the agent's next turn (or the one before) sounds like this entry's answer."""
    near = [t for t in agent.turns if (t > turn) == later]
    rows = agent.rows_of(near[0] if later else near[-1]) if near else []
    return _best(_replies(index, agent.given)[rows] if rows else np.zeros((1, len(index.library.playbook))))


@lru_cache(maxsize=4)
def _replies(index: Index, given: Read) -> NDArray[np.float64]:
    """How much each of the agent's pieces sounds like the answer of each entry: (pieces, entries)."""
    near = nearest(index.steps, given, meaning)
    table = np.zeros((len(given.texts), len(index.library.playbook)))
    for column, entry in enumerate(index.library.playbook):
        own = [row for row, step in enumerate(index.steps) if step.id.startswith(f"{entry.objection}/")]
        if own:
            table[:, column] = near[:, own].max(axis=1)
    return table
