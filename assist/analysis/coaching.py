"""Whether a lead should coach on this call, on what first, how urgently, and what to say instead."""

from collections.abc import Iterator, Mapping

from assist.analysis.findings import (
    SKILLS,
    Coaching,
    Flag,
    Focus,
    ObjectionFinding,
    Score,
    Skill,
    Suggestion,
)
from assist.analysis.refusal import pushed_on
from assist.analysis.scene import Scene
from assist.scripts.library import STEPS, Point

MOST = 5
"""So many suggestions fit into one talk."""

_TIE_ORDER: tuple[Skill, ...] = ("rejection_handling", "opening", "questioning")
"""What a lead takes up first where two skills are equally weak."""
_NEAR = 10
"""Scores nearer than this are equally weak."""
_PUSH = 15
_MOST_PUSHES = 3
"""Each turn of pushing on after a clear refusal makes handling rejections so much more urgent, three at most."""


def advise(scene: Scene, scores: Mapping[Skill, Score], overall: Score, flags: tuple[Flag, ...]) -> Coaching:
    """Coaching need of one judged call."""
    focus = _focus(scene, scores)
    needed = focus != "none"
    return Coaching(
        needed=needed,
        focus=focus,
        priority=_priority(overall, flags, needed),
        say_instead=tuple(_suggestions(scene, focus))[:MOST] if needed else (),
    )


NO_COACHING = Coaching(needed=False, focus="none", priority=0)


def _focus(scene: Scene, scores: Mapping[Skill, Score]) -> Focus:
    """The heaviest of: how far each skill lies under the bar, and how much was said that is forbidden."""
    bar = scene.rubric.coaching_below
    gaps = {skill: bar - value for skill in SKILLS if (value := scores[skill].value) is not None}
    weakest = max(gaps, key=lambda skill: gaps[skill], default=None)
    violation = _compliance(scene)
    if "rejection_handling" in gaps:
        gaps["rejection_handling"] += min(_MOST_PUSHES, len(pushed_on(scene))) * _PUSH
    if violation and violation >= max(gaps.values(), default=0):
        return "compliance"
    if weakest is None or gaps[weakest] <= 0:
        return "compliance" if violation else "none"
    if scene.lost and gaps.get("opening", 0) > 0:
        return "opening"
    near = [skill for skill in _TIE_ORDER if gaps.get(skill, -100) >= gaps[weakest] - _NEAR]
    return near[0]


def _compliance(scene: Scene) -> float:
    """Weight of the forbidden items clearly said, each counted once."""
    items = {found.id: found.severity for found in scene.broken}
    return sum(scene.rubric.compliance.get(severity, 0.0) for severity in items.values())


def _priority(overall: Score, flags: tuple[Flag, ...], needed: bool) -> int:
    """0–100: how far the call is from good, plus what is critical. A call that needs no coaching stays under 20."""
    distance = 100 - (50 if overall.value is None else overall.value)
    urgent = {"critical": 15, "major": 4, "minor": 0}
    value = distance + sum(urgent[flag.severity] for flag in flags)
    return max(0, min(100 if needed else 19, round(value)))


def _suggestions(scene: Scene, focus: Focus) -> Iterator[Suggestion]:
    """The library's own wordings for the weakest moments, those of the focus first."""
    sources = {
        "opening": (_for_opening, _for_objections, _for_discovery),
        "questioning": (_for_discovery, _for_opening, _for_objections),
        "rejection_handling": (_for_objections, _for_opening, _for_discovery),
        "compliance": (_for_forbidden, _for_objections, _for_discovery, _for_opening),
    }
    seen: set[str] = set()
    for source in sources.get(focus, ()):
        for suggestion in source(scene):
            if suggestion.source not in seen:
                seen.add(suggestion.source)
                yield suggestion


def _for_opening(scene: Scene) -> Iterator[Suggestion]:
    first = scene.agent[0].id if scene.agent else None
    for point in scene.points_of("opening"):
        late = point.evidence is not None and not scene.in_opening(point.evidence.turn)
        if point.status != "said" or late:
            yield _of_point(scene.script[point.id], point.evidence.turn if point.evidence else first)


def _for_discovery(scene: Scene) -> Iterator[Suggestion]:
    """Points not asked; then those asked in a closed way that the script asks openly."""
    closed = [question.evidence.turn for question in scene.needs if question.kind == "closed"]
    for point in scene.points_of("discovery"):
        turn = point.evidence.turn if point.evidence else None
        if point.status != "said" or turn in closed:
            yield _of_point(scene.script[point.id], turn)


def _of_point(point: Point, turn: int | None) -> Suggestion:
    return Suggestion(turn, point.id, point.title, point.say[0])


def _for_objections(scene: Scene) -> Iterator[Suggestion]:
    """For the worst answered objections: the first step that was left out, in the words of the playbook."""
    cases = sorted(scene.findings.objections, key=lambda found: len(found.steps))
    for found in cases:
        suggestion = _missing_step(scene, found)
        if suggestion:
            yield suggestion


def _missing_step(scene: Scene, found: ObjectionFinding) -> Suggestion | None:
    entry = scene.library.entry(found.id)
    if entry is None:
        return None
    steps = {step.step: step for step in entry.respond}
    missing = [name for name in STEPS if name in steps and name not in found.steps and steps[name].say]
    if not missing:
        return None
    step = steps[missing[0]]
    return Suggestion(
        _reply_turn(scene, found), f"{found.id}/{step.step}", f"{entry.title} · {step.title}", step.say[0]
    )


def _reply_turn(scene: Scene, found: ObjectionFinding) -> int:
    """Where it should have been said: the agent's next turn, else the objection itself."""
    after = scene.floor.after(found.evidence.turn)
    return next((turn.id for turn in after if turn.speaker == "agent"), found.evidence.turn)


def _for_forbidden(scene: Scene) -> Iterator[Suggestion]:
    """Where something forbidden was said: what may be said of the same thing, the objection's answer or the point."""
    for found in scene.findings.forbidden:
        turn = found.evidence.turn
        answered = [o for o in scene.findings.objections if turn in o.answer_turns or _reply_turn(scene, o) == turn]
        for objection in answered[:1]:
            entry = scene.library.entry(objection.id)
            steps = [step for step in entry.respond if step.step == "answer"] if entry else []
            if entry and steps:
                yield Suggestion(
                    turn, f"{entry.objection}/answer", f"{entry.title} · {steps[0].title}", steps[0].say[0]
                )
    required = [
        point for point in scene.points_of("pitch") if point.status == "missed" and scene.script[point.id].required
    ]
    yield from (_of_point(scene.script[point.id], None) for point in required)
