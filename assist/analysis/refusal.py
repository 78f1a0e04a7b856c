"""Knowing when to stop: what the agent does after a clear refusal (别再打了)."""

from assist.analysis.findings import ObjectionFinding
from assist.analysis.scene import Scene
from assist.transcript import Turn
from models import asking, language

LEAVE_CHARACTERS = 14
"""Up to this much is an apology or a farewell; more of it goes on selling."""


def refusals(scene: Scene) -> tuple[ObjectionFinding, ...]:
    return tuple(objection for objection in scene.findings.objections if objection.force == "refusal")


def pushed_on(scene: Scene) -> tuple[int, ...]:
    """Turns in which the agent goes on selling or asking after a hard refusal."""
    turns = {turn.id for refusal in refusals(scene) for turn in _next_agent(scene, refusal) if _pushes(scene, turn)}
    return tuple(sorted(turns, key=scene.floor.place))


def _next_agent(scene: Scene, refusal: ObjectionFinding) -> tuple[Turn, ...]:
    """The agent's turns from the refusal until the customer takes the talk up himself by a question."""
    following = []
    for turn in scene.floor.after(refusal.evidence.turn):
        if turn.speaker == "customer" and asking.questions(turn.text, scene.floor.language):
            break
        if turn.speaker == "agent":
            following.append(turn)
    return tuple(following)


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
