"""What the agent did about an objection: which steps of a good answer, in any wording, and in which turns."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assist.analysis import cues, knowledge
from assist.analysis.heads import Head, logit_of, probability, scored
from assist.analysis.meaning import Pieces
from assist.analysis.nearest import meaning, nearest
from assist.scripts.index import NONE, Index
from assist.scripts.library import STEPS, StepName
from assist.transcript import Transcript

WINDOW = 5
"""Turns after an objection in which it may be answered."""

STEP = (
    "step", "step_whole", "argue", "none", "own", "own_answer", "any", "first", "later", "again", "asks", "length",
    "points", "acknowledge", "clarify", "answer", "advance", "close", "ask",
)  # fmt: skip
"""Features of one step in one agent turn after an objection."""

_CLOSING = ("ask-order", "offer-slots", "follow-up", "add-wechat", "confirm-appointment")
_ASKING = (
    "ask-current", "ask-basics", "ask-pain", "ask-goal", "ask-budget", "ask-decision", "ask-scores", "ask-health",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """`turns` are positions in the transcript."""

    answered: bool
    turns: tuple[int, ...]
    steps: tuple[StepName, ...]


def find(transcript: Transcript, index: Index, agent: Pieces, raised: Sequence[tuple[int, str]]) -> list[Answer]:
    """One answer per objection; `raised` holds (position of the turn, playbook id) in order."""
    return [_answer(transcript, index, agent, raised, number) for number in range(len(raised))]


def _answer(
    transcript: Transcript, index: Index, agent: Pieces, raised: Sequence[tuple[int, str]], number: int
) -> Answer:
    turn, name = raised[number]
    turns = window(agent, raised, number)
    if not turns:
        return Answer(False, (), ())
    fitted = knowledge.weights(index.library.language)["answers"]
    table = features(transcript, index, agent, turn, name, turns)
    done: set[StepName] = set()
    used: set[int] = set()
    for column, step in enumerate(STEPS):
        chance = probability(logit_of(fitted[step])(table[:, column]))
        hit = chance >= fitted["done"]
        if hit.any():
            done.add(step)
            used |= {t for t, yes in zip(turns, hit, strict=True) if yes}
    asked = {step.step for step in entry.respond} if (entry := index.library.entry(name)) else set(STEPS)
    steps = tuple(step for step in STEPS if step in done and step in asked)
    return Answer(bool(used), tuple(sorted(used)), steps)


def window(agent: Pieces, raised: Sequence[tuple[int, str]], number: int) -> list[int]:
    """The agent's turns that may answer: until another objection comes up, at most WINDOW turns on."""
    turn, name = raised[number]
    end = next((t for t, other in raised[number + 1 :] if other != name), turn + WINDOW + 1)
    return [t for t in agent.turns if turn < t < min(end, turn + WINDOW + 1)]


def features(
    transcript: Transcript, index: Index, agent: Pieces, turn: int, name: str, turns: list[int]
) -> NDArray[np.float64]:
    """Shape (turns, steps, len(STEP))."""
    every = [row for t in turns for row in agent.rows_of(t)]
    place = {row: i for i, row in enumerate(every)}
    scores, acts = _scores(index.general.answers, agent, every), _scores(index.general.acts, agent, every)
    zero = np.zeros(len(every))
    by_step = nearest(index.steps, agent.given, meaning)[every]
    near = {wordings.id: by_step[:, column] for column, wordings in enumerate(index.steps)}
    alike = {s: np.max([v for k, v in near.items() if k.endswith(f"/{s}")] or [zero], axis=0) for s in STEPS}
    points = nearest(index.points, agent.given, meaning)[every].max(axis=1)
    rows = []
    for order, t in enumerate(turns):
        r = [place[row] for row in agent.rows_of(t)]
        text = transcript.turns[t].text
        shared = [scores[s][r].max() for s in STEPS]
        shared += [max(acts[a][r].max() for a in group) for group in (_CLOSING, _ASKING)]
        rows.append([
            [
                scores[step][r].max(), scores[step][r[0]], scores["argue"][r].max(), scores[NONE][r].min(),
                near.get(f"{name}/{step}", zero)[r].max(), near.get(f"{name}/answer", zero)[r].max(),
                alike[step][r].max(),
                float(order == 0), float(order >= 1), float(order >= 2), float(cues.asks(text)),
                cues.length(text), points[r].max(), *shared,
            ]
            for step in STEPS
        ])  # fmt: skip
    return np.array(rows)


def _scores(head: Head, agent: Pieces, rows: list[int]) -> dict[str, NDArray[np.float64]]:
    table = scored(head, agent.given)[rows]
    return {name: table[:, column] for column, name in enumerate(head.classes)}
