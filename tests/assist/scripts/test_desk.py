"""What to say when the customer says …: asked in the customer's own words, with the real encoder."""

import pytest

from assist.scripts.desk import ask
from tests.assist.analysis.lines import encoder, index

pytestmark = pytest.mark.real


@pytest.mark.parametrize(
    ("sentence", "objection"),
    [("我这会儿正开着车呢", "busy"), ("别人家比你们便宜一半", "price"), ("没这个必要，够用了", "not-needed")],
)
def test_a_sentence_finds_its_entry_in_other_words(sentence: str, objection: str) -> None:
    found = ask(index(), encoder(), sentence)
    assert found[0].entry.objection == objection
    assert found[0].example in found[0].entry.heard_as


@pytest.mark.parametrize("sentence", ["今天天气真好", "好的，没问题", ""])
def test_what_is_no_objection_finds_nothing(sentence: str) -> None:
    assert ask(index(), encoder(), sentence) == ()


def test_the_best_fit_comes_first_and_not_more_than_asked() -> None:
    found = ask(index(), encoder(), "太贵了，我也没时间", most=2)
    assert len(found) <= 2
    assert [one.fit for one in found] == sorted((one.fit for one in found), reverse=True)
