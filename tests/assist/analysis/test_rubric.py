"""Rubric files: what comes with Assist, and what is said about a file that is wrong."""

from datetime import time
from pathlib import Path

import pytest

from assist.analysis import rubric
from assist.errors import LibraryError

SMALL = """\
format: assist-rubric/1
rubric: small
title: 小标准
skills:
  opening: {criteria: [{id: identity, weight: 1}]}
  questioning: {weight: 2, criteria: [{id: depth, weight: 1, title: {zh: 深度, en: Depth}}]}
  rejection_handling: {criteria: [{id: noticed, weight: 1}]}
flags:
  - {rule: outside-hours, from: "09:30", to: "20:00", days: [1, 2]}
"""


def test_the_default_names_every_criterion_in_both_languages() -> None:
    for skill, ids in rubric.CRITERIA.items():
        named = rubric.DEFAULT.skills[skill].criteria
        assert {criterion.id for criterion in named} == set(ids)
        assert all(criterion.title("zh") != criterion.title("en") for criterion in named)
    assert {rule.rule for rule in rubric.DEFAULT.rules} == set(rubric.RULES)


def test_the_version_names_the_content() -> None:
    assert rubric.load(SMALL).version == rubric.load(SMALL).version
    assert rubric.load(SMALL).version != rubric.load(SMALL.replace("weight: 2", "weight: 3")).version
    assert rubric.load(SMALL).version.startswith("small@")


def test_what_a_file_leaves_out_is_usual(tmp_path: Path) -> None:
    path = tmp_path / "team.yaml"
    path.write_text(SMALL, encoding="utf-8")
    loaded = rubric.load(path)
    assert loaded.skills["opening"].settings["window_s"] == 60
    assert loaded.skills["questioning"].weight == 2
    rule = loaded.rule("outside-hours")
    assert rule is not None
    assert (rule.opens, rule.days) == (time(9, 30), (1, 2))


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (("id: identity", "id: identiti"), 5, "identiti"),
        (("weight: 2", "weight: viel"), 6, "weight"),
        (("[{id: noticed, weight: 1}]", "[{id: noticed, weight: 0}]"), 7, "weights"),
        (("  questioning:", "  questions:"), 6, "questions"),
        (('"09:30"', "half nine"), 9, "half nine"),
        (("rubric: small", "rubric: small\nwindow: 3"), 3, "window"),
        (("[{id: depth, weight: 1", "[{id: depth, weight: 1}, {id: depth, weight: 1"), 6, "depth"),
    ],
)
def test_a_mistake_is_shown_with_its_line(change: tuple[str, str], line: int, words: str) -> None:
    with pytest.raises(LibraryError) as caught:
        rubric.load(SMALL.replace(*change), "team.yaml")
    message = caught.value.text("en")
    assert f"team.yaml, line {line}:" in message
    assert words in message
    assert caught.value.text("zh-CN") != message
