"""What a person ruled of a call that findings cannot say: a criterion's own value, a flag that should not be there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from assist.analysis.findings import Flag, Skill
from assist.transcript import Turn


@dataclass(frozen=True, slots=True)
class Excuse:
    """A flag of this rule is not raised; with times only where one of its turns lies in them (seconds)."""

    rule: str
    start: float | None = None
    end: float | None = None

    def covers(self, flag: Flag, turns: Mapping[int, Turn]) -> bool:
        if flag.rule != self.rule:
            return False
        spans = [(turns[number].start, turns[number].end) for number in flag.turns if number in turns]
        if self.start is None or self.end is None or not spans:
            return True
        return any(start < self.end and self.start < end for start, end in spans)


@dataclass(frozen=True, slots=True)
class Rulings:
    """`values` by (skill, criterion), 0–1."""

    values: Mapping[tuple[Skill, str], float] = field(default_factory=dict)
    excuses: tuple[Excuse, ...] = ()

    def excuse(self, rule: str) -> bool:
        """Whether this rule is excused for the whole call."""
        return any(one.rule == rule for one in self.excuses)

    def kept(self, flags: Iterable[Flag], turns: Mapping[int, Turn]) -> tuple[Flag, ...]:
        """The flags that nobody excused."""
        return tuple(flag for flag in flags if not any(one.covers(flag, turns) for one in self.excuses))


NO_RULINGS = Rulings()
