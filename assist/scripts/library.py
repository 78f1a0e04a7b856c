"""A library: the script, the objection playbook and the forbidden phrases of one campaign, as frozen values."""

from dataclasses import dataclass
from typing import Literal

StageName = Literal["opening", "discovery", "pitch", "close", "ending"]
StepName = Literal["acknowledge", "clarify", "answer", "advance"]
Severity = Literal["critical", "major", "minor"]

STAGES: tuple[StageName, ...] = ("opening", "discovery", "pitch", "close", "ending")
STEPS: tuple[StepName, ...] = ("acknowledge", "clarify", "answer", "advance")
SEVERITIES: tuple[Severity, ...] = ("critical", "major", "minor")


@dataclass(frozen=True, slots=True)
class Point:
    """One thing the agent has to get across; `say` holds example wordings, `weight` is 1 to 3."""

    id: str
    title: str
    say: tuple[str, ...]
    required: bool = True
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Stage:
    stage: StageName
    title: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of answering an objection, with example wordings."""

    step: StepName
    title: str
    say: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One playbook entry: an objection, how customers put it, and how to answer it."""

    objection: str
    title: str
    heard_as: tuple[str, ...]
    respond: tuple[Step, ...]
    not_this: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Forbidden:
    id: str
    title: str
    severity: Severity
    phrases: tuple[str, ...]
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Library:
    """Everything a call of one campaign is judged against."""

    campaign: str
    title: str
    script: tuple[Stage, ...]
    language: str = "zh"
    company: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    playbook: tuple[Entry, ...] = ()
    forbidden: tuple[Forbidden, ...] = ()

    def points(self) -> tuple[tuple[StageName, Point], ...]:
        """All points in the order of a call, each with its stage."""
        return tuple((stage.stage, point) for stage in self.script for point in stage.points)

    def entry(self, objection: str) -> Entry | None:
        return next((entry for entry in self.playbook if entry.objection == objection), None)
