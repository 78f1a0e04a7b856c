from assist.analysis import objections
from assist.analysis.findings import ObjectionFinding
from assist.transcript import Transcript
from tests.assist.analysis.lines import call, encoder, index

OPENING = (
    "坐席：您好，我是动力健身的小周，想请您来体验一下。",
    "客户：你说吧。",
    "坐席：年卡是三千六，教练都包含在里面。",
)


def found(*lines: str) -> tuple[ObjectionFinding, ...]:
    return objections.find(call(*OPENING, *lines), index(), encoder())


def test_a_price_objection_is_named_by_its_playbook_entry() -> None:
    heard = found("客户：太贵了，我办不起。", "坐席：我理解，您是觉得年费高，还是怕用不上？", "客户：主要是怕用不上。")
    assert ("price", 3) in [(one.id, one.evidence.turn) for one in heard]


def test_steps_are_found_in_other_words() -> None:
    heard = found(
        "客户：太贵了，我办不起。", "坐席：我特别理解您，您主要是觉得总价高，还是担心来不了几次？", "客户：嗯。"
    )
    price = next(one for one in heard if one.id == "price")
    assert {"acknowledge", "clarify"} <= set(price.steps)
    assert price.answered
    assert price.answer_turns == (4,)


def test_a_question_of_interest_is_no_objection() -> None:
    assert not found("客户：听着不错，那周末开门吗？", "坐席：周末九点到晚上十点都开。", "客户：好的，那我周六过来。")


def test_no_thanks_to_a_glass_of_water_is_no_objection() -> None:
    assert not found("客户：等一下，水我自己倒，谢谢。好了，你继续说。", "坐席：好的，您慢慢来。", "客户：嗯。")


def test_a_clear_refusal_is_told_from_a_brush_off() -> None:
    heard = found("客户：我说了不要，以后别再给我打电话了！", "坐席：好的，打扰您了，再见。")
    assert heard[-1].force == "refusal"


def test_what_comes_again_was_not_resolved() -> None:
    heard = found(
        "客户：太贵了，我办不起。",
        "坐席：其实不贵，大家都办了。",
        "客户：反正就是太贵，没那么多钱。",
        "坐席：嗯。",
        "客户：再说吧。",
    )
    assert next(one.outcome for one in heard if one.id == "price") == "repeated"


def test_nobody_objects_where_speakers_are_uncertain() -> None:
    uncertain = call(*OPENING, "客户：太贵了。", confidence=0.1)
    assert objections.find(uncertain, index(), encoder()) == ()


def test_an_empty_call_has_no_objection() -> None:
    assert objections.find(Transcript(()), index(), encoder()) == ()
