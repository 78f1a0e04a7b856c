"""What a criterion says about a call, and how criteria add up to a score."""

from collections.abc import Sequence
from dataclasses import dataclass

from assist.analysis.findings import Criterion
from assist.analysis.rubric import SkillRubric


@dataclass(frozen=True, slots=True)
class Verdict:
    """A value 0–1 (None: no occasion), a sentence that a lead would say, and the turns it rests on."""

    value: float | None
    why: str
    evidence: tuple[int, ...] = ()


def weighted(skill: SkillRubric, verdicts: Sequence[tuple[str, Verdict]], language: str) -> tuple[Criterion, ...]:
    """The verdicts as lines of a score, with the weights of the rubric, in its order."""
    by_id = dict(verdicts)
    return tuple(
        Criterion(
            named.id,
            named.title(language),
            _share(by_id[named.id]),
            named.weight,
            by_id[named.id].why,
            by_id[named.id].evidence,
        )
        for named in skill.criteria
        if named.id in by_id
    )


def mean(criteria: Sequence[Criterion]) -> float | None:
    """The weighted mean of the criteria that had an occasion, 0–100; None where none had."""
    counted = [(criterion.value, criterion.weight) for criterion in criteria if criterion.value is not None]
    total = sum(weight for _, weight in counted)
    return 100 * sum(value * weight for value, weight in counted) / total if total else None


def _share(verdict: Verdict) -> float | None:
    return None if verdict.value is None else round(min(1.0, max(0.0, verdict.value)), 3)
