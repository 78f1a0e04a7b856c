"""What an editor is told while writing."""

from dataclasses import replace

import pytest

from assist.scripts.checks import check
from assist.scripts.library import Entry, Forbidden, Library, Point, Stage, Step

STEP = Step("answer", "回应", ("保养前三年免费",))
PRICE = Entry("price", "太贵", ("太贵了", "这价格太高了吧"), (STEP,))
WHOLE = Library(
    "x",
    "试驾",
    (Stage("opening", "开场", (Point("name", "报姓名", ("我是小周", "这边是星途的小周")),)),),
    playbook=(PRICE,),
    forbidden=(Forbidden("free", "承诺免费", "critical", ("终身免费",), ("不能保证免费",)),),
)


def told(library: Library) -> list[tuple[str, str]]:
    return [(problem.key, problem.text()) for problem in check(library)]


def points(*made: Point) -> Library:
    return replace(WHOLE, script=(Stage("opening", "开场", made),))


def test_a_whole_library_has_nothing_to_mend() -> None:
    assert told(WHOLE) == []


@pytest.mark.parametrize(
    ("library", "key", "said"),
    [
        (replace(WHOLE, title=""), "library:title", "no title"),
        (replace(WHOLE, script=()), "library:title", "no stage"),
        (points(), "stage:0", "no point"),
        (points(Point("a", "甲", ())), "point:a", "no wording"),
        (points(Point("a", "", ("一", "二二"))), "point:a", "no title"),
        (replace(WHOLE, playbook=(replace(PRICE, heard_as=()),)), "entry:price", "no example"),
        (replace(WHOLE, playbook=(replace(PRICE, respond=()),)), "entry:price", "add a step"),
        (replace(WHOLE, playbook=(replace(PRICE, respond=(replace(STEP, say=()),)),)), "entry:price", "回应"),
        (replace(WHOLE, forbidden=(Forbidden("a", "甲", "minor", ()),)), "forbidden:a", "no forbidden phrase"),
    ],
)
def test_what_is_missing_stops_publishing(library: Library, key: str, said: str) -> None:
    assert [(problem.key, problem.weight) for problem in check(library)] == [(key, "stops")]
    assert said in check(library)[0].text()


def test_a_wording_stands_in_two_points() -> None:
    found = told(points(Point("a", "甲", ("您好，我是小周", "一")), Point("b", "乙", ("您好我是小周！", "二"))))
    assert found == [("point:b", "“您好我是小周！” stands in “甲” too.")]


def test_a_wording_twice_in_one_point_is_told_once() -> None:
    assert told(points(Point("a", "甲", ("您好", "您好。", "您好！")))) == [("point:a", "“您好” stands here twice.")]


def test_an_example_that_is_a_near_miss_too() -> None:
    entry = replace(PRICE, not_this=("太贵了",))
    assert "as what it is not" in told(replace(WHOLE, playbook=(entry,)))[0][1]


def test_a_phrase_that_is_forbidden_and_allowed() -> None:
    item = Forbidden("free", "承诺免费", "critical", ("终身免费",), ("终身免费。",))
    assert told(replace(WHOLE, forbidden=(item,))) == [("forbidden:free", "“终身免费” is forbidden and allowed.")]


def test_two_objections_that_are_hard_to_tell_apart() -> None:
    other = Entry("dear", "嫌贵", ("这价格太高了",), (STEP,))
    assert told(replace(WHOLE, playbook=(PRICE, other))) == [
        ("entry:dear", "“这价格太高了” is too near to “这价格太高了吧” of “太贵”: calls will be confused.")
    ]


def test_advice_does_not_stop_publishing() -> None:
    assert [problem.weight for problem in check(points(Point("a", "甲", ("一",))))] == ["advice"]
