"""All of it, pure: a transcript and what was learned from a library → the judged call. Same input, same result."""

from datetime import datetime

from assist.analysis import coaching, delivery, forbidden, groundwork, objections, outcome, points, scores
from assist.analysis.findings import Analysis, Findings, Score
from assist.analysis.flags import Case, raise_flags
from assist.analysis.floor import Floor
from assist.analysis.groundwork import Groundwork
from assist.analysis.rubric import Rubric
from assist.analysis.rulings import NO_RULINGS, Rulings
from assist.analysis.scene import Scene
from assist.ports import Encoder
from assist.scripts.index import Index
from assist.scripts.library import Library
from assist.texts import N_
from assist.transcript import Transcript


def judge(
    transcript: Transcript,
    index: Index,
    rubric: Rubric,
    encoder: Encoder,
    called_at: datetime | None = None,
    weeks: int | None = None,
    ground: Groundwork | None = None,
) -> Analysis:
    """Find, score, flag and advise. `ground` is what was read of the call before, by whatever library.

    A call with nobody there is judged by nothing; where it is uncertain who spoke, what depends on it abstains.
    `called_at` is the local time of the call, for the rule on allowed hours; `weeks` the week the agent was in with the
    team (the first is 1), for rules whose bars follow it.
    """
    floor = Floor(transcript)
    if transcript.speakers_uncertain or outcome.nobody_there(floor):
        found = Findings(
            delivery=delivery.measure(transcript, floor), outcome=outcome.read(transcript, index.library, floor=floor)
        )
        return weigh(floor, index.library, found, rubric, called_at, weeks=weeks)
    ground = ground or groundwork.lay(transcript, floor, index, encoder)
    said = points.find(transcript, index, encoder)
    raised = objections.find(transcript, index, encoder)
    banned = forbidden.find(transcript, index, encoder)
    own = {item.id for item in index.library.forbidden}
    found = Findings(
        points=said,
        objections=raised,
        questions=ground.questions,
        forbidden=tuple(item for item in banned if item.id in own),
        manners=tuple(item for item in banned if item.id not in own),
        complaints=ground.complaints,
        delivery=ground.delivery,
        outcome=outcome.read(transcript, index.library, said, raised, floor),
    )
    return weigh(floor, index.library, found, rubric, called_at, weeks=weeks)


def weigh(
    floor: Floor,
    library: Library,
    findings: Findings,
    rubric: Rubric,
    called_at: datetime | None = None,
    rulings: Rulings = NO_RULINGS,
    weeks: int | None = None,
) -> Analysis:
    """Scores, flags and coaching of findings: what is done again when only the rubric changes, or a person ruled."""
    scene = Scene(floor, library, findings, rubric, rulings)
    reason = _why_not(scene)
    skills = scores.abstained(reason) if reason else scores.judge_skills(scene)
    overall = Score(None, reason) if reason else scores.overall(scene, skills)
    raised = raise_flags(Case(scene, skills, overall, called_at, judged=not reason, weeks=weeks))
    flags = rulings.kept(raised, floor.by_id)
    advice = coaching.NO_COACHING if reason else coaching.advise(scene, skills, overall, flags)
    return Analysis(findings, skills, overall, flags, advice, rubric.version)


def _why_not(scene: Scene) -> str:
    """Why this call cannot be judged; empty where it can."""
    if scene.findings.outcome.value == "no-conversation":
        return scene.say(N_("There was no conversation: too short, or nobody was there."))
    if scene.floor.transcript.speakers_uncertain:
        return scene.say(N_("It is uncertain who is the agent and who the customer, so nothing is scored."))
    return ""
