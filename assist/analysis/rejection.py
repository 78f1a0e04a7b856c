"""Criteria of rejection handling: each objection judged by itself, then averaged."""

from collections.abc import Callable
from statistics import median

from assist.analysis.criteria import Verdict
from assist.analysis.delivery import interruptions, pace, response_gaps
from assist.analysis.findings import ObjectionFinding
from assist.analysis.refusal import pushed_on, refusals
from assist.analysis.scene import Scene
from assist.scripts.library import StepName
from assist.texts import N_
from assist.transcript import Turn

Case = tuple[ObjectionFinding, ...]

UNSOFTENED = 0.4
"""What an answer is worth to somebody who was neither acknowledged nor asked: it is arguing."""
FORBIDDEN_ANSWER = 0.3
"""What an answer is worth that promises what may not be promised."""
HASTY = 1.15
"""Pace against the agent's own in this call from which he hurries."""


def noticed(scene: Scene) -> Verdict:
    """Half where the agent took it up only to argue."""
    missed = [case[0].evidence.turn for case in _cases(scene) if not _answered(case)]
    return _average(
        scene,
        lambda case: 1.0 if _steps(case) else 0.5 if _answered(case) else 0.0,
        good=N_("Took up every objection."),
        bad=N_("Passed over %(n)d of %(all)d objections."),
        turns=missed,
    )


def acknowledged(scene: Scene) -> Verdict:
    return _step(
        scene,
        "acknowledge",
        N_("Acknowledged the customer before answering."),
        N_("Did not acknowledge %(n)d of %(all)d objections before arguing."),
    )


def clarified(scene: Scene) -> Verdict:
    return _step(
        scene,
        "clarify",
        N_("Asked what is behind the objections."),
        N_("Did not ask what is behind %(n)d of %(all)d objections."),
    )


def advanced(scene: Scene) -> Verdict:
    return _step(
        scene,
        "advance",
        N_("Moved on to a next step after answering."),
        N_("Proposed no next step after %(n)d of %(all)d objections."),
    )


def answered(scene: Scene) -> Verdict:
    """Answers to the point; less where the customer was neither acknowledged nor asked first, or where the answer
    was a forbidden promise."""
    promised = {found.evidence.turn for found in scene.broken}

    def value(case: Case) -> float:
        steps = _steps(case)
        if "answer" not in steps:
            return 0.0
        if promised & {turn for objection in case for turn in objection.answer_turns}:
            return FORBIDDEN_ANSWER
        return 1.0 if steps & {"acknowledge", "clarify"} else UNSOFTENED

    return _average(
        scene,
        value,
        good=N_("Answered the objections to the point."),
        bad=N_("%(n)d of %(all)d objections got no fitting answer."),
        turns=[case[0].evidence.turn for case in _cases(scene) if value(case) < 1],
    )


def calm(scene: Scene) -> Verdict:
    """The pause before an answer and its pace, against the agent's own medians in this call; arguing is not calm."""
    gaps, cut = response_gaps(scene.floor), set(interruptions(scene.floor))
    own_pace = pace(scene.agent)
    real = [found for case in _cases(scene) if _steps(case) & {"acknowledge", "clarify"} for found in case]
    replies = [reply for found in real if (reply := _reply(scene, found))]
    if not replies or own_pace is None or not gaps:
        return Verdict(None, scene.say(N_("There was no answer to an objection whose calm could be measured.")))
    usual = median(gaps.values())
    cut |= {found.evidence.turn for found in scene.findings.manners}
    hasty = [turn.id for turn in replies if turn.id in cut or _hurried(turn, own_pace, gaps.get(turn.id), usual)]
    value = 1 - len(hasty) / len(replies)
    if not hasty:
        return Verdict(1.0, scene.say(N_("Stayed calm when objections came.")), tuple(turn.id for turn in replies[:3]))
    return Verdict(value, scene.say(N_("Hurried or cut in %(n)d times when answering."), n=len(hasty)), tuple(hasty))


def stopped(scene: Scene) -> Verdict:
    """After a clear refusal the pitch ends."""
    pushed = pushed_on(scene)
    refused = refusals(scene)
    if not refused:
        return Verdict(None, scene.say(N_("The customer never refused outright.")))
    if pushed:
        return Verdict(0.0, scene.say(N_("Pushed on %(n)d times after a clear refusal."), n=len(pushed)), pushed)
    return Verdict(1.0, scene.say(N_("Respected the customer's refusal.")), (refused[0].evidence.turn,))


def _cases(scene: Scene) -> tuple[Case, ...]:
    return scene.cases


def _steps(case: Case) -> set[StepName]:
    return {step for objection in case for step in objection.steps}


def _certainty(case: Case) -> float:
    """What a case weighs in the average: full from a confidence of 0.9, a tenth where it was hardly recognised."""
    return min(1.0, max(0.1, (max(found.confidence for found in case) - 0.4) / 0.5))


def _answered(case: Case) -> bool:
    return any(objection.answered or objection.steps for objection in case)


def _step(scene: Scene, step: StepName, good: str, bad: str) -> Verdict:
    missing = [case[0].evidence.turn for case in _cases(scene) if step not in _steps(case)]
    return _average(scene, lambda case: float(step in _steps(case)), good=good, bad=bad, turns=missing)


def _average(scene: Scene, value: Callable[[Case], float], *, good: str, bad: str, turns: list[int]) -> Verdict:
    """The mean over the cases; where something is amiss, the reason counts and the turns show it."""
    cases = _cases(scene)
    if not cases:
        return Verdict(None, scene.say(N_("No objection was raised.")))
    weights = [_certainty(case) for case in cases]
    share = sum(value(case) * weight for case, weight in zip(cases, weights, strict=True)) / sum(weights)
    if not turns:
        return Verdict(share, scene.say(good), tuple(case[0].evidence.turn for case in cases))
    return Verdict(share, scene.say(bad, n=len(turns), all=len(cases)), tuple(turns))


def _reply(scene: Scene, found: ObjectionFinding) -> Turn | None:
    after = scene.floor.after(found.evidence.turn)
    return after[0] if after and after[0].speaker == "agent" else None


def _hurried(turn: Turn, own_pace: float, gap: float | None, usual: float) -> bool:
    speed = pace((turn,))
    fast = speed is not None and turn.seconds >= 2 and speed > own_pace * HASTY
    return fast and gap is not None and gap < usual
