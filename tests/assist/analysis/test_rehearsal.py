"""An answer that somebody practises, read with the real encoder."""

import pytest

from assist.analysis.rehearsal import read
from tests.assist.analysis.lines import encoder, index

pytestmark = pytest.mark.real


@pytest.mark.parametrize(
    ("answer", "in_it"),
    [
        ("不好意思，打扰到您了。", {"acknowledge"}),
        ("那我今晚七点再打给您，可以吗？", {"advance"}),
        ("不好意思打扰您了。您什么时候能空下来？那我那时候再打给您好吗？", {"acknowledge", "clarify", "advance"}),
        ("今天天气不错。", set()),
    ],
)
def test_the_steps_of_an_answer_are_found_in_any_words(answer, in_it):
    found = read(index(), encoder(), answer, "我在开会，没时间", "busy")
    asked = {step.step for step in index().library.entry("busy").respond}
    assert set(found.steps) == in_it & asked
    assert set(found.steps) | set(found.missing) == asked


def test_points_are_found_in_an_answer_and_not_in_another():
    points = [point for _, point in index().library.points()]
    for place, point in enumerate(points):
        other = points[(place + 3) % len(points)]
        assert read(index(), encoder(), point.say[-1], wanted=(point.id,)).points == (point.id,)
        assert read(index(), encoder(), other.say[-1], wanted=(point.id,)).left_out == (point.id,)


def test_questions_are_told_open_from_closed():
    found = read(index(), encoder(), "您平时用得怎么样？现在方便吗？")
    assert [one.kind for one in found.questions] == ["open", "closed"]


def test_what_is_forbidden_is_said_and_the_librarys_own_words_never_are():
    library = index().library
    broken = {one.id for item in library.forbidden for one in read(index(), encoder(), item.phrases[0]).broken}
    assert broken >= {item.id for item in library.forbidden if item.severity == "critical"}
    own = [text for entry in library.playbook for step in entry.respond for text in step.say]
    assert not [text for text in own if read(index(), encoder(), text).broken]


def test_nothing_said_is_nothing_done():
    found = read(index(), encoder(), "  ", "我在开会", "busy", wanted=("self-intro",))
    assert (found.steps, found.points, found.questions) == ((), (), ())
    assert found.left_out == ("self-intro",)
    assert found.missing
