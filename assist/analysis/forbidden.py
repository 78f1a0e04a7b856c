"""What an agent must never say, in any wording: the campaign's own phrases and the built-in list for manners.

Saying that one may not promise something, asking, or quoting the customer is no violation.
"""

import re
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assist.analysis import cues, knowledge
from assist.analysis.findings import ForbiddenFinding
from assist.analysis.heads import characters, logit_of, probability, scored, sounds
from assist.analysis.meaning import Pieces, cut, evidence
from assist.analysis.nearest import bundle, nearest
from assist.analysis.nearest import meaning as by_meaning
from assist.analysis.trees import trees_of
from assist.ports import Encoder
from assist.scripts.index import NONE, Index, Wordings
from assist.transcript import Transcript

TURN = (
    "whole", "piece", "kind", "near", "ahead", "sight", "sound", "title", "disclaims", "denies", "asks", "quotes",
    "promises", "length",
)  # fmt: skip
"""Features of one turn of the agent: does it break any rule."""

ITEM = ("meaning", "whole", "mean", "sight", "sound", "title", "kind", "margin")
"""Features of one forbidden item as what a turn breaks."""

PAIR = (*TURN, *(f"item_{name}" for name in ITEM[:-1]), "above", "alone")
"""Features of both together: none that depends on other items, so that a phrase more in a library never makes another
one look less forbidden."""

_MANNERS_MEANING = 0.8
_LEAST = 1e-6
_FAVOUR = 0.05

Table = NDArray[np.float64]


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
    fitted = knowledge.weights(index.library.language)["forbidden"]
    chance = chances(turn_features(agent, index, transcript), item_features(agent, index), fitted)
    found = []
    for number, item in enumerate(index.library.forbidden):
        best = int(chance[:, number].argmax())
        piece = agent.pieces[agent.telling(agent.turns[best], index.forbidden[number].given, _FAVOUR)]
        value = float(chance[best, number])
        if value >= fitted["said"] and not _allowed(piece.text, item.allowed):
            found.append(ForbiddenFinding(item.id, evidence(transcript, piece), item.severity, round(value, 3)))
    return found


def chances(turns: Table, items: Table, fitted: dict[str, Any]) -> Table:
    """Probability that a turn breaks a rule: (turns, items). Halfway, in log-odds, between two opinions: a model of
    turns, whole for the likeliest item and by their share for others, and trees that look at each pair."""
    odds = logit_of(fitted["item"])(items)
    share = np.exp(odds - odds.max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)
    share[share == share.max(axis=1, keepdims=True)] = 1.0
    first = np.clip(probability(logit_of(fitted["turn"])(turns))[:, None] * share, _LEAST, 1 - _LEAST)
    return np.asarray(probability((np.log(first / (1 - first)) + trees_of(fitted["pair"])(pairs(turns, items))) / 2))


def pairs(turns: Table, items: Table) -> Table:
    """Shape (turns, items, len(PAIR)): `above` says by how many deviations a turn comes nearer to the item than the
    call's other turns do, `alone` how far it is ahead of the next."""
    meaning = items[:, :, ITEM.index("meaning")]
    above = (meaning - meaning.mean(axis=0)) / (meaning.std(axis=0) + 1e-3)
    alone = meaning - np.sort(meaning, axis=0)[-2 if len(meaning) > 1 else -1]
    beside = np.repeat(turns[:, None], items.shape[1], axis=1)
    return np.concatenate([beside, items[:, :, :-1], above[:, :, None], alone[:, :, None]], axis=2)


def _allowed(text: str, allowed: tuple[str, ...]) -> bool:
    return any(phrase and phrase in text for phrase in allowed)


def turn_features(agent: Pieces, index: Index, transcript: Transcript) -> Table:
    """Shape (agent turns, len(TURN))."""
    meaning, sight, sound, title = _table(agent, index.forbidden)
    said = [each for each in (index.points, index.steps) if each]
    harmless = np.max([nearest(each, agent.given, by_meaning).max(axis=1) for each in said], axis=0)
    scores = scored(index.general.violations, agent.given)
    place = index.general.violations.classes.index(NONE)
    none, kinds = scores[:, place], np.delete(scores, place, axis=1).max(axis=1)
    rows = []
    for turn in agent.turns:
        r = agent.rows_of(turn)
        text = transcript.turns[turn].text
        rows.append([
            1 - none[r[0]], 1 - none[r].min(), kinds[r].max(), meaning[r].max(),
            (meaning[r].max(axis=1) - harmless[r]).max(), sight[r].max(), sound[r].max(), title[r].max(),
            float(cues.disclaims(text)), float(cues.denies(text)), float(cues.asks(text)), float(cues.quotes(text)),
            float(cues.promises(text)), cues.length(text),
        ])  # fmt: skip
    return np.array(rows)


def item_features(agent: Pieces, index: Index) -> Table:
    """Shape (agent turns, forbidden items, len(ITEM))."""
    meaning, sight, sound, title = _table(agent, index.forbidden)
    mean = bundle(index.forbidden).mean(agent.given)
    scores = scored(index.general.violations, agent.given).copy()
    scores[:, index.general.violations.classes.index(NONE)] = 0
    profiles = np.stack([w.profile for w in index.forbidden])
    profiles[:, index.general.violations.classes.index(NONE)] = 0
    kind = scores @ profiles.T
    rows = []
    for turn in agent.turns:
        r = agent.rows_of(turn)
        best = meaning[r].max(axis=0)
        rows.append(np.stack([
            best, meaning[r[0]], mean[r].max(axis=0), sight[r].max(axis=0), sound[r].max(axis=0), title[r].max(axis=0),
            kind[r].max(axis=0), best - best.max(),
        ], axis=1))  # fmt: skip
    return np.array(rows)


@lru_cache(maxsize=4)
def _table(agent: Pieces, items: tuple[Wordings, ...]) -> tuple[Table, ...]:
    """Meaning, sight and sound of every piece against the nearest wording of every item, and meaning against its title:
    (pieces, items) each. The last few are remembered: turns and items are weighed by the same."""
    near = (nearest(items, agent.given, likeness) for likeness in (by_meaning, characters, sounds))
    return (*near, bundle(items).title(agent.given))


@cache
def _patterns(words: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """Where `^` is the beginning of a line, so that many texts are searched at once."""
    return tuple(re.compile(each, re.MULTILINE) for each in words)


def _manners(transcript: Transcript, index: Index, agent: Pieces) -> list[ForbiddenFinding]:
    found = []
    meaning = nearest(index.manners, agent.given, by_meaning)
    every = "\n".join(piece.text for piece in agent.pieces if piece.level != "pair")
    for number, manner in enumerate(knowledge.manners(index.library.language)):
        patterns = [pattern for pattern in _patterns(manner.words) if pattern.search(every)]
        said = (p for p in agent.pieces if p.level != "pair" and any(pattern.search(p.text) for pattern in patterns))
        hit = next(said, None)
        best = int(meaning[:, number].argmax())
        if hit is None and meaning[best, number] >= _MANNERS_MEANING:
            hit = agent.pieces[best]
        if hit is not None:
            found.append(ForbiddenFinding(manner.id, evidence(transcript, hit), manner.severity, 0.9))
    return found
