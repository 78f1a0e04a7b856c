"""Scores: each skill the weighted mean of its criteria under its caps, and overall under the compliance caps.

A score without occasion is None and left out of every average. No number here comes from a hidden model.
"""

from collections.abc import Callable, Mapping

from assist.analysis import opening, questioning, rejection
from assist.analysis.criteria import Verdict, mean, weighted
from assist.analysis.findings import SKILLS, Score, Skill
from assist.analysis.refusal import pushed_on
from assist.analysis.rubric import Cap
from assist.analysis.scene import Scene
from assist.texts import N_

_MEASURES: Mapping[Skill, Mapping[str, Callable[[Scene], Verdict]]] = {
    "opening": {
        "identity": opening.identity,
        "introduction": opening.introduction,
        "purpose": opening.purpose,
        "benefit": opening.benefit,
        "permission": opening.permission,
        "required": opening.required,
        "brief": opening.brief,
        "fluent": opening.fluent,
        "courteous": opening.courteous,
        "kept": opening.kept,
    },
    "questioning": {
        "coverage": questioning.coverage,
        "open-share": questioning.open_share,
        "depth": questioning.depth,
        "follow-up": questioning.follow_up,
        "listening": questioning.listening,
        "no-interrogation": questioning.no_interrogation,
        "one-at-a-time": questioning.one_at_a_time,
    },
    "rejection_handling": {
        "noticed": rejection.noticed,
        "acknowledged": rejection.acknowledged,
        "clarified": rejection.clarified,
        "answered": rejection.answered,
        "advanced": rejection.advanced,
        "calm": rejection.calm,
        "stopped": rejection.stopped,
    },
}

_CAP_REASONS = {
    "stumbling": N_("At most %(at)d points, because the opening was stammered."),
    "no-introduction": N_("At most %(at)d points, because company and name were not said in the opening."),
    "passed-over": N_("At most %(at)d points, because the customer's first objection was passed over."),
    "forbidden": N_("At most %(at)d points, because something forbidden was said in the opening."),
    "lost": N_("At most %(at)d points, because the customer was lost in the opening."),
    "no-open-question": N_("At most %(at)d points, because no open question was asked."),
    "pushed-on": N_("At most %(at)d points, because the agent pushed on after a clear refusal."),
    "never-acknowledged": N_("At most %(at)d points, because no objection was acknowledged."),
}


def judge_skills(scene: Scene) -> dict[Skill, Score]:
    """The three skills. The caller has made sure that there was a conversation and that the speakers are known."""
    return {skill: _skill(skill, scene) for skill in SKILLS}


def abstained(why: str) -> dict[Skill, Score]:
    """No skill is judged, for one reason."""
    return {skill: Score(None, why) for skill in SKILLS}


def _skill(skill: Skill, scene: Scene) -> Score:
    absent = _no_occasion(skill, scene)
    if absent:
        return Score(None, absent)
    rubric = scene.rubric.skills[skill]
    verdicts = [(named.id, _verdict(scene, skill, named.id)) for named in rubric.criteria]
    criteria = weighted(rubric, verdicts, scene.library.language)
    value = mean(criteria)
    if value is None:
        return Score(None, scene.say(N_("Nothing in this call could be judged here.")), criteria)
    binding = [cap for cap in rubric.caps if cap.at < value and _happened(cap, scene)]
    lowest = min(binding, key=lambda cap: cap.at, default=None)
    if lowest is None:
        return Score(_points(value), "", criteria)
    return Score(lowest.at, scene.say(_CAP_REASONS[lowest.when], at=lowest.at), criteria)


def _verdict(scene: Scene, skill: Skill, name: str) -> Verdict:
    """What is measured, or the value that a person ruled, with what was measured beside it."""
    measured = _MEASURES[skill][name](scene)
    ruled = scene.rulings.values.get((skill, name))
    if ruled is None:
        return measured
    why = scene.say(N_("Set by a person; measured was: %(why)s"), why=measured.why)
    return Verdict(ruled, why, measured.evidence)


def _no_occasion(skill: Skill, scene: Scene) -> str:
    if not scene.agent:
        return scene.say(N_("The agent said nothing that could be judged."))
    if skill == "questioning" and scene.lost:
        return scene.say(N_("The call ended in the opening: there was no occasion to ask."))
    if skill == "rejection_handling" and not scene.findings.objections:
        return scene.say(N_("No objection was raised."))
    return ""


def _happened(cap: Cap, scene: Scene) -> bool:
    if cap.when == "stumbling":
        return len(opening.stumbled_turns(scene)) >= cap.turns
    if cap.when == "no-introduction":
        value = _verdict(scene, "opening", "introduction").value
        return value is not None and value <= opening.LATE
    if cap.when == "passed-over":
        return bool(scene.passed_over)
    if cap.when == "forbidden":
        return any(scene.in_opening(found.evidence.turn) for found in scene.broken)
    if cap.when == "lost":
        return scene.lost
    if cap.when == "no-open-question":
        return not any(question.kind == "open" for question in scene.needs)
    if cap.when == "pushed-on":
        return len(pushed_on(scene)) >= cap.turns
    return _verdict(scene, "rejection_handling", "acknowledged").value == 0


def overall(scene: Scene, scores: Mapping[Skill, Score]) -> Score:
    """The weighted mean of the skills that had an occasion, less the deductions, under the compliance caps."""
    counted = [
        (score.value, scene.rubric.skills[skill].weight) for skill, score in scores.items() if score.value is not None
    ]
    total = sum(weight for _, weight in counted)
    if not total:
        return Score(None, scene.say(N_("No skill could be judged, so there is no overall score.")))
    value = sum(value * weight for value, weight in counted) / total
    violations = _violations(scene)
    taken = sum(scene.rubric.deductions.get(violation, 0.0) for violation in violations)
    value -= min(taken, scene.rubric.deductions.get("most", 100.0))
    caps = {name: cap for name, cap in scene.rubric.overall_caps.items() if name in violations}
    name = min(caps, key=lambda name: caps[name], default=None)
    if name is None or value <= caps[name]:
        why = scene.say(N_("Points were taken off for compliance.")) if violations else ""
        return Score(_points(value), why)
    return Score(_points(min(value, caps[name])), scene.say(_overall_reason(name), at=caps[name]))


def _violations(scene: Scene) -> list[str]:
    """The severity of each forbidden item clearly said and of each kind of bad manners (once each), and `pushed-on`."""
    severities = {found.id: found.severity for found in (*scene.broken, *scene.findings.manners)}
    return [*severities.values(), *(["pushed-on"] if pushed_on(scene) else [])]


def _overall_reason(name: str) -> str:
    if name == "pushed-on":
        return _CAP_REASONS["pushed-on"]
    return N_("At most %(at)d points, because something forbidden was said.")


def _points(value: float) -> int:
    return round(min(100.0, max(0.0, value)))
