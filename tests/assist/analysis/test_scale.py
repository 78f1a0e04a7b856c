"""The five steps on which people score."""

import pytest

from assist.analysis.findings import SKILLS, Skill
from assist.analysis.rubric import default
from assist.analysis.scale import STEPS, anchors, score_of, step_of


@pytest.mark.parametrize(
    ("score", "step"), [(0, 1), (19, 1), (20, 2), (59, 3), (60, 4), (79, 4), (80, 5), (100, 5), (None, None)]
)
def test_the_step_of_a_score(score: int | None, step: int | None) -> None:
    assert step_of(score) == step


def test_a_step_stands_for_its_middle() -> None:
    assert [score_of(step) for step in range(1, STEPS + 1)] == [10, 30, 50, 70, 90]
    assert all(step_of(score_of(step)) == step for step in range(1, STEPS + 1))


@pytest.mark.parametrize("skill", SKILLS)
def test_the_words_of_a_step_name_the_rubrics_criteria(skill: Skill) -> None:
    words = anchors(default(), skill, "zh-CN")
    heaviest = max(default().skills[skill].criteria, key=lambda named: named.weight)
    assert len(set(words)) == STEPS
    assert all(heaviest.title("zh") in text for text in words)
    assert heaviest.title("en") in anchors(default(), skill, "en")[0]
