"""What judging finds in a call: frozen values with their evidence. `report.py` writes them as `assist-analysis/1`.

Times are seconds from the start of the recording, confidences and criterion values 0–1, scores 0–100.
"""

from dataclasses import dataclass, field
from typing import Literal

from assist.scripts.library import Severity, StepName

Status = Literal["said", "partial", "missed", "uncertain"]
QuestionKind = Literal["open", "closed"]
ObjectionOutcome = Literal["resolved", "repeated", "unanswered", "ended"]
ObjectionForce = Literal["brush-off", "objection", "refusal"]
CallOutcome = Literal["agreed", "follow-up", "refused", "hung-up", "no-conversation", "unknown"]
Skill = Literal["opening", "questioning", "rejection_handling"]
Focus = Literal["opening", "questioning", "rejection_handling", "compliance", "none"]

SKILLS: tuple[Skill, ...] = ("opening", "questioning", "rejection_handling")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a finding stands: a turn, its seconds, and the words."""

    turn: int
    start: float
    end: float
    quote: str


@dataclass(frozen=True, slots=True)
class PointFinding:
    """One script point; `evidence` is None where it was missed."""

    id: str
    status: Status
    confidence: float
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class ObjectionFinding:
    """One objection of the customer (`id` from the playbook, or `other`) and what became of it."""

    id: str
    evidence: Evidence
    confidence: float
    force: ObjectionForce
    answered: bool
    answer_turns: tuple[int, ...]
    steps: tuple[StepName, ...]
    outcome: ObjectionOutcome


@dataclass(frozen=True, slots=True)
class QuestionFinding:
    """One question of the agent."""

    evidence: Evidence
    kind: QuestionKind
    follow_up: bool = False
    stacked: bool = False
    self_answered: bool = False


@dataclass(frozen=True, slots=True)
class ForbiddenFinding:
    id: str
    evidence: Evidence
    severity: Severity
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """How it was spoken. None where there is nothing to measure."""

    talk_share: float | None
    characters_per_minute: float | None
    longest_monologue_s: float
    median_response_s: float | None
    interruptions: int
    fillers_per_minute: float | None
    stumbles: int
    longest_silence_s: float


@dataclass(frozen=True, slots=True)
class Outcome:
    value: CallOutcome
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of a score: value 0–1 (None: no occasion, left out of the sum), with its reason and turns."""

    id: str
    title: str
    value: float | None
    weight: float
    why: str
    evidence: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """0–100, or None with `why` where there was no occasion or too little certainty."""

    value: int | None
    why: str = ""
    criteria: tuple[Criterion, ...] = ()


@dataclass(frozen=True, slots=True)
class Flag:
    """Why the call needs a person."""

    rule: str
    severity: Severity
    reason: str
    turns: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The library's own wording for a weak moment. `source` names the point id or `objection/step`."""

    turn: int | None
    source: str
    title: str
    say: str


@dataclass(frozen=True, slots=True)
class Coaching:
    needed: bool
    focus: Focus
    priority: int
    say_instead: tuple[Suggestion, ...] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything found in the turns, before any score."""

    points: tuple[PointFinding, ...] = ()
    objections: tuple[ObjectionFinding, ...] = ()
    questions: tuple[QuestionFinding, ...] = ()
    forbidden: tuple[ForbiddenFinding, ...] = ()
    manners: tuple[ForbiddenFinding, ...] = ()
    """Vulgar, insulting or contemptuous words: what no agent may say, whatever the campaign."""
    complaints: tuple[ForbiddenFinding, ...] = ()
    """The customer complains, or says whom they will complain to: one per kind."""
    delivery: Delivery | None = None
    outcome: Outcome = field(default_factory=lambda: Outcome("unknown"))


@dataclass(frozen=True, slots=True)
class Analysis:
    """The judged call."""

    findings: Findings
    scores: dict[Skill, Score]
    overall: Score
    flags: tuple[Flag, ...]
    coaching: Coaching
    rubric: str
    """Version of the rubric: its id and the first 12 hex digits of its hash."""
