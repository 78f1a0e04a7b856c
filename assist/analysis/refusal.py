"""Knowing when to stop: what the agent does after a clear refusal (别再打了)."""

import re
from collections.abc import Iterator

from assist.analysis.findings import ObjectionFinding
from assist.analysis.scene import Scene
from assist.transcript import Turn
from models import asking, language

_FINAL = {
    "zh": re.compile(r"别再|不要再|不用再|投诉|骚扰|拉黑|再打|再来电|再说一遍|说了(?:多少|几)|烦"),
    "en": re.compile(r"\b(?:stop|never|don't call|do not call|again|remove|complain|harass)", re.I),
}
"""Words that forbid any further try."""
CLEAR = 0.8
"""Confidence from which a refusal is clear enough to hold the agent to it."""
LEAVE_CHARACTERS = 14
"""Up to this much is an apology or a farewell; more of it goes on selling."""


def refusals(scene: Scene) -> tuple[ObjectionFinding, ...]:
    """Refusals that are clear: said with confidence, and not as a question (那就不让买了吧？)."""
    return tuple(
        found
        for found in scene.findings.objections
        if found.force == "refusal"
        and found.confidence >= CLEAR
        and not asking.questions(found.evidence.quote, scene.floor.language)
    )


def pushed_on(scene: Scene) -> tuple[int, ...]:
    """Turns in which the agent goes on selling or asking after a hard refusal; none where a person ruled so."""
    if scene.rulings.excuse("pushed-on"):
        return ()
    return tuple(turn.id for turn in _after_refusals(scene) if _pushes(scene, turn))


def _after_refusals(scene: Scene) -> Iterator[Turn]:
    """The agent's turns from a refusal on, until the customer takes the talk up himself by a question."""
    refused = {refusal.evidence.turn for refusal in refusals(scene)}
    excused = _excused(scene)
    listening = False
    for turn in scene.floor.turns if refused else ():
        if turn.id in refused:
            listening = True
        elif turn.id in excused:
            continue
        elif turn.speaker == "customer" and asking.questions(turn.text, scene.floor.language):
            listening = False
        elif turn.speaker == "agent" and listening:
            yield turn


def _excused(scene: Scene) -> frozenset[int]:
    """After a first 不要 that forbids nothing more, one acknowledging answer is no pushing."""
    first = next(iter(refusals(scene)), None)
    if first is None or "acknowledge" not in first.steps:
        return frozenset()
    final = _FINAL[language.known(scene.floor.language)].search(scene.floor.by_id[first.evidence.turn].text)
    return frozenset() if final else frozenset(first.answer_turns)


def _pushes(scene: Scene, turn: Turn) -> bool:
    tongue = scene.floor.language
    points = {
        scene.stages.get(point.id)
        for point in scene.findings.points
        if point.evidence and point.evidence.turn == turn.id and point.status in ("said", "partial")
    }
    if points & {"discovery", "pitch", "close"}:
        return True
    if any(found.evidence.turn == turn.id for found in scene.findings.forbidden):
        return True
    if asking.questions(turn.text, tongue):
        return True
    leaves = language.read(turn.text, tongue).has("apology", "farewell", "thanks")
    return not leaves and language.length(turn.text) > LEAVE_CHARACTERS
