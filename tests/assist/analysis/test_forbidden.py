from assist.analysis import forbidden
from tests.assist.analysis.lines import call, encoder, index


def found(*lines: str) -> dict[str, int]:
    return {f.id: f.evidence.turn for f in forbidden.find(call(*lines), index(), encoder())}


def test_a_forbidden_promise_is_found_where_it_was_made() -> None:
    assert found("坐席：您放心。", "客户：嗯？", "坐席：包瘦，不瘦退钱，百分之百能瘦下来。") == {"sure-loss": 2}


def test_saying_that_it_cannot_be_promised_is_no_violation() -> None:
    assert not found("坐席：能瘦多少我不能保证，得看您自己坚持。", "客户：好。")


def test_the_customers_words_are_no_violation() -> None:
    assert not found("坐席：您好。", "客户：你们是不是保证一个月瘦二十斤？", "坐席：这个看个人。")


def test_vulgar_words_are_found_without_any_library() -> None:
    assert "manners-vulgar" in found("坐席：你他妈到底办不办。", "客户：什么态度！")


def test_words_that_only_contain_a_vulgar_one_are_clean() -> None:
    assert not found("坐席：您别为这事操心，我操办就行，孩子妈的电话也留一个吧。", "客户：好。")
