"""Terms that people's corrections suggest."""

import pytest

from assist.scripts.formats import yaml_format
from assist.scripts.misheard import Corrected, differences, misheard
from tests.conftest import LIBRARY


@pytest.mark.parametrize(
    ("heard", "said", "found"),
    [
        ("我们有前照宽带，", "我们有千兆宽带。", [("前照", "千兆")]),
        ("我们做的是全无组网", "我们做的是全屋组网", [("全无", "全屋")]),
        ("给您升级外发六套餐", "给您升级WiFi6套餐", [("外发六", "WiFi6")]),
        ("我们有宽带", "我们有宽带！", []),
        ("他说得对", "他说的对", []),
        ("", "我们有千兆宽带", []),
        ("wifi套餐", "WiFi套餐", []),
    ],
)
def test_only_replaced_words_count(heard, said, found):
    assert list(differences(heard, said)) == found


def test_a_rewritten_sentence_is_no_term():
    assert list(differences("今天天气不错", "张三李四王五赵六孙七周八")) == []


def test_an_everyday_word_counts_when_it_recurs():
    once = Corrected(1, "免费试用两个月", "免费使用两个月")
    assert misheard([once]) == ()
    (found,) = misheard([once, Corrected(2, "您先试用看", "您先使用看")])
    assert (found.heard, found.said, found.times, found.calls) == ("试用", "使用", 2, (1, 2))


def test_a_name_counts_at_once():
    (found,) = misheard([Corrected(3, "我是行图通信的", "我是星途通信的")])
    assert (found.said, found.times, found.calls) == ("星途", 1, (3,))


def test_what_the_library_names_is_left_out():
    turns = [Corrected(1, "有前照宽带", "有千兆宽带"), Corrected(2, "这个前照宽带", "这个千兆宽带")]
    assert misheard(turns)[0].said == "千兆"
    assert misheard(turns, yaml_format.loads(LIBRARY)) == ()
