"""Criteria of questioning: what was asked, how openly, and whether the customer got to talk."""

from assist.analysis.criteria import Verdict
from assist.analysis.delivery import interruptions
from assist.analysis.findings import QuestionFinding
from assist.analysis.floor import spoken_seconds
from assist.analysis.scene import Scene
from assist.texts import N_

IN_A_ROW = 3
"""Closed questions in a row from which it is an interrogation."""
FEW = 3
"""One open question out of one is no open way of asking: shares are taken of at least this many."""
STORY_S = 4.0
"""A customer who once speaks this long has got to talk."""


def coverage(scene: Scene) -> Verdict:
    """Share of the required discovery points asked, by weight."""
    points = [
        point
        for point in scene.points_of("discovery")
        if scene.script[point.id].required and point.status != "uncertain"
    ]
    if not points:
        return Verdict(None, scene.say(N_("The script asks for no discovery.")))
    worth = {"said": 1.0, "partial": 0.5, "missed": 0.0}
    total = sum(scene.script[point.id].weight for point in points)
    value = sum(worth[point.status] * scene.script[point.id].weight for point in points) / total
    missing = [scene.script[point.id].title for point in points if worth[point.status] == 0]
    turns = tuple(point.evidence.turn for point in points if point.evidence)
    if not missing:
        return Verdict(value, scene.say(N_("Asked everything the script wants to know.")), turns)
    return Verdict(value, scene.say(N_("Not asked: %(points)s."), points="、".join(missing)), turns)


def open_share(scene: Scene) -> Verdict:
    asked = scene.needs
    if not asked:
        return Verdict(0.0, scene.say(N_("Asked nothing about the customer's needs.")))
    opened = _open(scene)
    why = scene.say(N_("%(n)d of %(all)d questions about needs were open."), n=len(opened), all=len(asked))
    return Verdict(len(opened) / max(len(asked), FEW), why, _turns(opened or asked))


def depth(scene: Scene) -> Verdict:
    """Open questions about needs against what makes a full interview."""
    opened = _open(scene)
    enough = scene.setting("questioning", "enough")
    value = min(1.0, len(opened) / enough)
    if not opened:
        return Verdict(0.0, scene.say(N_("Asked no open question about the customer's needs.")))
    if value == 1:
        return Verdict(1.0, scene.say(N_("%(n)d open questions let the customer tell."), n=len(opened)), _turns(opened))
    why = scene.say(N_("Only %(n)d open questions: too few to know the customer."), n=len(opened))
    return Verdict(value, why, _turns(opened))


def follow_up(scene: Scene) -> Verdict:
    """Questions and remarks that take up what the customer just said."""
    asked = scene.needs
    if not asked:
        return Verdict(0.0, scene.say(N_("There was no question to follow up.")))
    taken = [question for question in asked if question.follow_up]
    value = min(1.0, len(taken) / scene.setting("questioning", "follow_ups"))
    if taken:
        why = scene.say(N_("Took up the customer's words in %(n)d questions."), n=len(taken))
        return Verdict(value, why, _turns(taken))
    return Verdict(0.0, scene.say(N_("No question took up what the customer had just said.")), _turns(asked[:3]))


def listening(scene: Scene) -> Verdict:
    """The customer tells something in one stretch when asked, and is not cut off."""
    answers = [turn for question in scene.needs for turn in scene.answers(question.evidence.turn)]
    longest = max(answers, key=spoken_seconds, default=None)
    cut = interruptions(scene.floor)
    if longest is None:
        return Verdict(0.0, scene.say(N_("The customer was not asked and could not tell anything.")))
    value = min(1.0, spoken_seconds(longest) / STORY_S) - 0.25 * len(cut)
    if cut:
        return Verdict(max(0.0, value), scene.say(N_("Cut the customer off %(n)d times."), n=len(cut)), cut)
    if value >= 1:
        return Verdict(1.0, scene.say(N_("Let the customer speak out.")), (longest.id,))
    return Verdict(value, scene.say(N_("The customer hardly got to talk.")), (longest.id,))


def no_interrogation(scene: Scene) -> Verdict:
    """No three closed questions in a row."""
    asked = scene.needs
    if len(asked) < IN_A_ROW:
        return Verdict(None, scene.say(N_("Too few questions for an interrogation.")))
    row = _longest_closed(asked)
    if len(row) < IN_A_ROW:
        return Verdict(1.0, scene.say(N_("Did not interrogate.")))
    why = scene.say(N_("%(n)d closed questions in a row felt like an interrogation."), n=len(row))
    return Verdict(max(0.0, 0.5 - 0.25 * (len(row) - IN_A_ROW)), why, _turns(row))


def one_at_a_time(scene: Scene) -> Verdict:
    """No stacked questions, none answered by oneself."""
    asked = scene.needs
    if not asked:
        return Verdict(None, scene.say(N_("There was no question to judge.")))
    bad = [question for question in asked if question.stacked or question.self_answered]
    if not bad:
        return Verdict(1.0, scene.say(N_("Asked one thing at a time and waited for the answer.")))
    why = scene.say(N_("Stacked questions or answered them yourself %(n)d times."), n=len(bad))
    return Verdict(1 - len(bad) / len(asked), why, _turns(bad))


def _open(scene: Scene) -> list[QuestionFinding]:
    return [question for question in scene.needs if question.kind == "open"]


def _longest_closed(asked: tuple[QuestionFinding, ...]) -> list[QuestionFinding]:
    longest: list[QuestionFinding] = []
    row: list[QuestionFinding] = []
    for question in asked:
        row = [*row, question] if question.kind == "closed" else []
        longest = max(longest, row, key=len)
    return longest


def _turns(asked: list[QuestionFinding] | tuple[QuestionFinding, ...]) -> tuple[int, ...]:
    return tuple(question.evidence.turn for question in asked)
