"""Why a call needs a person: the rules of the rubric, each with a reason and its turns."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from assist.analysis.findings import Flag, Score, Skill
from assist.analysis.refusal import pushed_on
from assist.analysis.rubric import Rule
from assist.analysis.scene import Scene
from assist.analysis.stumbles import stumbles
from assist.texts import N_


@dataclass(frozen=True, slots=True)
class Case:
    """What a rule looks at. `weeks`: in which week with the team the agent was, None where that is not known."""

    scene: Scene
    scores: Mapping[Skill, Score]
    overall: Score
    called_at: datetime | None
    judged: bool
    weeks: int | None = None


def raise_flags(case: Case) -> tuple[Flag, ...]:
    """The flags of a call, most severe first, then in the order of the rubric."""
    order = ("critical", "major", "minor")
    active = (rule for rule in case.scene.rubric.rules if rule.on and rule.rule in _RULES)
    flags = [flag for rule in active for flag in _RULES[rule.rule](rule, case)]
    return tuple(sorted(flags, key=lambda flag: order.index(flag.severity)))


_LOW = N_("%(skill)s is at %(value)d, under %(bar)d. %(why)s")
_LOW_AT_FIRST = N_("%(skill)s is at %(value)d, under %(bar)d, the bar of the first %(weeks)d weeks. %(why)s")


def _skill_low(rule: Rule, case: Case) -> Iterator[Flag]:
    bar = rule.bar(case.weeks)
    below = rule.during(case.weeks).below
    for skill, score in case.scores.items():
        if score.value is not None and below is not None and score.value < below:
            title = case.scene.rubric.skills[skill].title(case.scene.library.language)
            weakest = _weakest(score)
            reason = case.scene.say(
                _LOW_AT_FIRST if bar and bar.below is not None else _LOW,
                skill=title, value=score.value, bar=round(below), why=weakest[0], weeks=bar.weeks if bar else 0,
            )  # fmt: skip
            yield Flag(rule.rule, rule.severity, reason.strip(), weakest[1])


def _weakest(score: Score) -> tuple[str, tuple[int, ...]]:
    """The reason and turns of the criterion that cost most."""
    lines = [line for line in score.criteria if line.value is not None]
    worst = max(lines, key=lambda line: (1 - cast(float, line.value)) * line.weight, default=None)
    return (worst.why, worst.evidence) if worst else ("", ())


_SAID = N_("Said something forbidden (%(title)s): “%(quote)s”")
_MAY_HAVE_SAID = N_("May have said something forbidden (%(title)s), please listen: “%(quote)s”")


def _forbidden(rule: Rule, case: Case) -> Iterator[Flag]:
    titles = {item.id: item.title for item in case.scene.library.forbidden}
    for found in case.scene.findings.forbidden:
        clear = found in case.scene.broken
        reason = case.scene.say(
            _SAID if clear else _MAY_HAVE_SAID, title=titles.get(found.id) or found.id, quote=found.evidence.quote
        )
        yield Flag(rule.rule, found.severity if clear else "minor", reason, (found.evidence.turn,))


def _pushed_on(rule: Rule, case: Case) -> Iterator[Flag]:
    turns = pushed_on(case.scene)
    if len(turns) >= rule.turns:
        reason = case.scene.say(N_("Pushed on %(n)d times after a clear refusal."), n=len(turns))
        yield Flag(rule.rule, rule.severity, reason, turns)


def _unanswered(rule: Rule, case: Case) -> Iterator[Flag]:
    passed = [
        found
        for found in case.scene.findings.objections
        if not found.answered and not found.steps and found.force != "refusal" and found.outcome != "ended"
    ]
    if len(passed) >= rule.turns:
        quotes = "”“".join(found.evidence.quote for found in passed[:2])
        reason = case.scene.say(N_("Passed over %(n)d objections: “%(quotes)s”"), n=len(passed), quotes=quotes)
        yield Flag(rule.rule, rule.severity, reason, tuple(found.evidence.turn for found in passed))


def _lost(rule: Rule, case: Case) -> Iterator[Flag]:
    if case.judged and case.scene.lost:
        turns = (case.scene.floor.turns[-1].id,) if case.scene.floor.turns else ()
        yield Flag(rule.rule, rule.severity, case.scene.say(N_("Lost the customer during the opening.")), turns)


def _stumbling(rule: Rule, case: Case) -> Iterator[Flag]:
    scene = case.scene
    turns = tuple(turn.id for turn in scene.agent if stumbles(turn.text, scene.floor.language))
    if len(turns) >= rule.during(case.weeks).turns:
        yield Flag(rule.rule, rule.severity, scene.say(N_("Stumbled in %(n)d turns."), n=len(turns)), turns)


def _manners(rule: Rule, case: Case) -> Iterator[Flag]:
    for found in case.scene.findings.manners:
        reason = case.scene.say(N_("The tone was contemptuous or insulting: “%(quote)s”"), quote=found.evidence.quote)
        yield Flag(rule.rule, found.severity, reason, (found.evidence.turn,))


def _complaint(rule: Rule, case: Case) -> Iterator[Flag]:
    for found in case.scene.findings.complaints:
        reason = case.scene.say(N_("The customer complains: “%(quote)s”"), quote=found.evidence.quote)
        yield Flag(rule.rule, found.severity, reason, (found.evidence.turn,))


def _hours(rule: Rule, case: Case) -> Iterator[Flag]:
    at = case.called_at
    if at is None or rule.opens is None or rule.closes is None:
        return
    clock = at.time().replace(tzinfo=None)
    if rule.opens <= clock < rule.closes and at.isoweekday() in rule.days:
        return
    reason = case.scene.say(
        N_("Called at %(at)s, outside the allowed hours (%(opens)s to %(closes)s)."),
        at=at.strftime("%Y-%m-%d %H:%M"), opens=rule.opens.strftime("%H:%M"), closes=rule.closes.strftime("%H:%M"),
    )  # fmt: skip
    yield Flag(rule.rule, rule.severity, reason)


def _notice(rule: Rule, case: Case) -> Iterator[Flag]:
    """Where the script has the recording notice as a required point and it was not given."""
    scene = case.scene
    if not case.judged:
        return
    for name in scene.roles.get("notice", ()):
        found = scene.found(name)
        if scene.script[name].required and found is not None and found.status == "missed":
            yield Flag(rule.rule, rule.severity, scene.say(N_("The recording notice was not given.")))


def _uncertain(rule: Rule, case: Case) -> Iterator[Flag]:
    spoken = case.scene.findings.outcome.value != "no-conversation"
    if spoken and case.scene.floor.transcript.speakers_uncertain:
        reason = N_("It is uncertain who is the agent and who the customer: please assign the speakers.")
        yield Flag(rule.rule, rule.severity, case.scene.say(reason))


def _excellent(rule: Rule, case: Case) -> Iterator[Flag]:
    if rule.above is not None and case.overall.value is not None and case.overall.value >= rule.above:
        reason = N_("An unusually good call (%(value)d): worth sharing with the team.")
        yield Flag(rule.rule, rule.severity, case.scene.say(reason, value=case.overall.value))


_RULES: Mapping[str, Callable[[Rule, Case], Iterator[Flag]]] = {
    "skill-low": _skill_low,
    "forbidden": _forbidden,
    "pushed-on": _pushed_on,
    "unanswered-objection": _unanswered,
    "lost-in-opening": _lost,
    "stumbling": _stumbling,
    "manners": _manners,
    "complaint": _complaint,
    "outside-hours": _hours,
    "no-recording-notice": _notice,
    "speakers-uncertain": _uncertain,
    "excellent": _excellent,
}
