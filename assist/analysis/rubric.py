"""A rubric file: the criteria of each skill with weights, windows and caps; when a call is flagged and coached.

YAML, versioned by its name and content, checked with file and line in every complaint. Titles may be one text or one
per language. What a criterion measures is said by its id (see `opening`, `questioning`, `rejection`).
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import time
from functools import cache
from pathlib import Path
from typing import Any

from assist.analysis.findings import SKILLS, Skill
from assist.errors import LibraryError
from assist.scripts.formats import yamldoc
from assist.scripts.formats.fields import Field, unique
from assist.scripts.library import SEVERITIES, Severity
from assist.texts import N_
from models.language import known

FORMAT = "assist-rubric/1"
DEFAULT_PATH = Path(__file__).parent / "rubrics" / "default.yaml"

CRITERIA: dict[Skill, tuple[str, ...]] = {
    "opening": (
        "identity", "introduction", "purpose", "benefit", "permission", "required", "brief", "fluent", "courteous",
        "kept",
    ),
    "questioning": (
        "coverage", "open-share", "depth", "follow-up", "listening", "no-interrogation", "one-at-a-time",
    ),
    "rejection_handling": ("noticed", "acknowledged", "clarified", "answered", "advanced", "calm", "stopped"),
}  # fmt: skip
CAPS: dict[Skill, tuple[str, ...]] = {
    "opening": ("stumbling", "no-introduction", "passed-over", "forbidden", "lost"),
    "questioning": ("no-open-question",),
    "rejection_handling": ("pushed-on", "never-acknowledged"),
}
SETTINGS: dict[Skill, dict[str, float]] = {
    "opening": {"window_s": 60, "early_s": 25, "monologue_s": 25},
    "questioning": {"enough": 4, "follow_ups": 2},
    "rejection_handling": {},
}
"""Numbers that a skill may set, with what holds where it does not."""

RULES = (
    "skill-low", "forbidden", "pushed-on", "unanswered-objection", "lost-in-opening", "stumbling", "manners",
    "complaint", "outside-hours", "no-recording-notice", "speakers-uncertain", "excellent",
    "repeated-weakness", "sample",
)  # fmt: skip
HISTORY = ("repeated-weakness", "sample")
"""Rules that need an agent's other calls: they are applied in the queue, and no analysis of one call shows them."""
BY_FINDING = ("forbidden", "manners", "complaint")
"""Rules whose severity is that of what was found."""
NUMBERS: dict[str, tuple[str, ...]] = {
    "skill-low": ("below", "tenure"),
    "pushed-on": ("turns",),
    "unanswered-objection": ("turns",),
    "stumbling": ("turns", "tenure"),
    "outside-hours": ("from", "to", "days"),
    "excellent": ("above",),
    "repeated-weakness": ("below", "criterion", "times", "of"),
    "sample": ("share",),
}
"""Which numbers a rule reads; the rest of the rules has none."""


class NotATime(LibraryError):
    message = N_('%(file)s, line %(line)s: "%(text)s" is no time of day. Write hours and minutes in quotes: "09:00".')


class MoreTimesThanCalls(LibraryError):
    message = N_(
        "%(file)s, line %(line)s: %(times)s of the last %(of)s calls can never be. Give fewer times, or more calls."
    )


class NoCriteria(LibraryError):
    message = N_('%(file)s, line %(line)s: the weights of "%(key)s" add up to nothing. Give one criterion a weight.')


@dataclass(frozen=True, slots=True)
class Named:
    """A criterion with its weight and its titles by language."""

    id: str
    weight: float
    titles: Mapping[str, str]

    def title(self, language: str) -> str:
        tongue = known(language)
        return self.titles.get(tongue) or next(iter(self.titles.values()))


@dataclass(frozen=True, slots=True)
class Cap:
    """A skill is worth at most `at` when this happened; `turns` is how often it takes."""

    when: str
    at: int
    turns: int = 1


@dataclass(frozen=True, slots=True)
class SkillRubric:
    titles: Mapping[str, str]
    weight: float
    criteria: tuple[Named, ...]
    caps: tuple[Cap, ...] = ()
    settings: Mapping[str, float] = field(default_factory=dict)

    def title(self, language: str) -> str:
        return self.titles.get(known(language)) or next(iter(self.titles.values()))

    def weight_of(self, criterion: str) -> float:
        return next((named.weight for named in self.criteria if named.id == criterion), 0.0)


@dataclass(frozen=True, slots=True)
class Bar:
    """Other numbers for agents in their first `weeks` weeks with the team; None leaves the rule's own."""

    weeks: int
    below: float | None = None
    turns: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """When a call is flagged. Numbers that a rule does not use stay None.

    `tenure` goes from the first weeks on. `criterion` is a share in percent under which a criterion is weak, None where
    only skills count; `times` of the last `of` calls repeat a weakness; `share` (0–1) of ordinary calls is sampled.
    """

    rule: str
    severity: Severity = "major"
    on: bool = True
    below: float | None = None
    above: float | None = None
    turns: int = 1
    opens: time | None = None
    closes: time | None = None
    days: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)
    tenure: tuple[Bar, ...] = ()
    criterion: float | None = None
    times: int = 4
    of: int = 6
    share: float = 0.0

    def bar(self, weeks: int | None) -> Bar | None:
        """The bar for an agent in that week with the team (the first is 1); None where the rule's own numbers hold."""
        if weeks is None:
            return None
        return next((bar for bar in self.tenure if weeks <= bar.weeks), None)

    def during(self, weeks: int | None) -> "Rule":
        """The rule with the numbers that hold in that week."""
        bar = self.bar(weeks)
        if bar is None:
            return self
        below = self.below if bar.below is None else bar.below
        return replace(self, below=below, turns=self.turns if bar.turns is None else bar.turns)

    @property
    def version(self) -> str:
        """Eight hex digits of everything the rule says."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Rubric:
    """Everything that turns findings into scores, flags and coaching. `version` = id and hash of the content."""

    id: str
    version: str
    titles: Mapping[str, str]
    skills: Mapping[Skill, SkillRubric]
    overall_caps: Mapping[str, int]
    deductions: Mapping[str, float]
    coaching_below: int
    compliance: Mapping[str, float]
    rules: tuple[Rule, ...]

    def rule(self, name: str) -> Rule | None:
        return next((rule for rule in self.rules if rule.rule == name), None)

    def active(self, name: str) -> Rule | None:
        """The rule where it is switched on."""
        return next((rule for rule in self.rules if rule.rule == name and rule.on), None)

    @property
    def by_tenure(self) -> bool:
        """Whether it matters how long the agent is with the team."""
        return any(rule.tenure and rule.on for rule in self.rules)


def load(source: str | bytes | Path, name: str = "rubric.yaml") -> Rubric:
    """The rubric in a file (a Path) or in the text of one. Raises LibraryError with file, line and what to do."""
    if isinstance(source, Path):
        return load(source.read_bytes(), source.name)
    keys = yamldoc.load(source, name).mapping(
        required=("format", "rubric", "skills"), optional=("title", "overall", "coaching", "flags")
    )
    keys["format"].choice((FORMAT,))
    identifier = keys["rubric"].identifier()
    overall = keys["overall"].mapping((), ("caps", "deductions")) if "overall" in keys else {}
    coaching = keys["coaching"].mapping((), ("below", "compliance")) if "coaching" in keys else {}
    return Rubric(
        id=identifier,
        version=f"{identifier}@{_digest(source)}",
        titles=_titles(keys.get("title"), identifier),
        skills=_skills(keys["skills"]),
        overall_caps={key: int(value) for key, value in _by_severity(overall.get("caps"), "pushed-on").items()},
        deductions=_by_severity(overall.get("deductions"), "most"),
        coaching_below=coaching["below"].whole(0, 100) if "below" in coaching else 60,
        compliance=_by_severity(coaching.get("compliance")),
        rules=_rules(keys["flags"]) if "flags" in keys else (),
    )


@cache
def default() -> Rubric:
    """The rubric that comes with Assist."""
    return load(DEFAULT_PATH)


def __getattr__(name: str) -> Rubric:
    """`DEFAULT`, read when first used."""
    if name == "DEFAULT":
        return default()
    raise AttributeError(name)


def _digest(source: str | bytes) -> str:
    content = source.encode() if isinstance(source, str) else source
    return hashlib.sha256(content).hexdigest()[:12]


def _titles(field: Field | None, otherwise: str) -> dict[str, str]:
    if field is None:
        return {"zh": otherwise}
    if isinstance(field.value, dict):
        return {key: text.string() for key, text in field.mapping((), ("zh", "en")).items()}
    return {"zh": field.string(), "en": field.string()}


def _skills(field: Field) -> dict[Skill, SkillRubric]:
    keys = field.mapping(SKILLS)
    return {skill: _skill(skill, keys[skill]) for skill in SKILLS}


def _skill(skill: Skill, field: Field) -> SkillRubric:
    settings = SETTINGS[skill]
    keys = field.mapping(("criteria",), ("title", "weight", "caps", *settings))
    criteria = tuple(_criterion(skill, item) for item in keys["criteria"].fields(at_least=1))
    unique([item.value["id"] for item in keys["criteria"].fields()])
    if not any(named.weight for named in criteria):
        raise keys["criteria"].fault(NoCriteria, key=skill)
    return SkillRubric(
        titles=_titles(keys.get("title"), skill),
        weight=keys["weight"].number(0, 100) if "weight" in keys else 1.0,
        criteria=criteria,
        caps=tuple(_cap(skill, item) for item in keys["caps"].fields()) if "caps" in keys else (),
        settings={key: keys[key].number(0, 3600) if key in keys else usual for key, usual in settings.items()},
    )


def _criterion(skill: Skill, field: Field) -> Named:
    keys = field.mapping(("id", "weight"), ("title",))
    name = keys["id"].choice(CRITERIA[skill])
    return Named(name, keys["weight"].number(0, 100), _titles(keys.get("title"), name))


def _cap(skill: Skill, field: Field) -> Cap:
    keys = field.mapping(("when", "at"), ("turns",))
    turns = keys["turns"].whole(1, 1000) if "turns" in keys else 1
    return Cap(keys["when"].choice(CAPS[skill]), keys["at"].whole(0, 100), turns)


def _by_severity(field: Field | None, *more: str) -> dict[str, float]:
    if field is None:
        return {}
    return {key: value.number(0, 100) for key, value in field.mapping((), (*SEVERITIES, *more)).items()}


def _rules(field: Field) -> tuple[Rule, ...]:
    rules = tuple(_rule(item) for item in field.fields())
    unique([item.value["rule"] for item in field.fields()])
    return rules


def _rule(field: Field) -> Rule:
    keys = field.mapping(("rule",), ("severity", "active", *_READ))
    rule = Rule(
        rule=keys["rule"].choice(RULES),
        severity=keys["severity"].choice(SEVERITIES) if "severity" in keys else "major",
        on=keys["active"].flag() if "active" in keys else True,
        **{name: read(keys[key]) for key, (name, read) in _READ.items() if key in keys},
    )
    if rule.rule == "repeated-weakness" and rule.times > rule.of:
        raise field.fault(MoreTimesThanCalls, times=rule.times, of=rule.of)
    return rule


def _bars(field: Field) -> tuple[Bar, ...]:
    bars = (item.mapping(("weeks",), ("below", "turns")) for item in field.fields(1))
    made = [
        Bar(
            weeks=keys["weeks"].whole(1, 520),
            below=keys["below"].number(0, 100) if "below" in keys else None,
            turns=keys["turns"].whole(1, 1000) if "turns" in keys else None,
        )
        for keys in bars
    ]
    return tuple(sorted(made, key=lambda bar: bar.weeks))


_READ: dict[str, tuple[str, Callable[[Field], Any]]] = {
    "below": ("below", lambda field: field.number(0, 100)),
    "above": ("above", lambda field: field.number(0, 100)),
    "turns": ("turns", lambda field: field.whole(1, 1000)),
    "from": ("opens", lambda field: _time(field)),
    "to": ("closes", lambda field: _time(field)),
    "days": ("days", lambda field: tuple(day.whole(1, 7) for day in field.fields(1))),
    "tenure": ("tenure", _bars),
    "criterion": ("criterion", lambda field: field.number(0, 100)),
    "times": ("times", lambda field: field.whole(1, 100)),
    "of": ("of", lambda field: field.whole(1, 100)),
    "share": ("share", lambda field: field.number(0, 1)),
}
"""The numbers of a rule: key of the file → field and how it is read."""


def _time(field: Field) -> time:
    try:
        return time.fromisoformat(field.string())
    except ValueError as error:
        raise field.fault(NotATime) from error
