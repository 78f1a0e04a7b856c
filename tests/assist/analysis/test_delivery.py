"""How it was spoken: back-channels count nowhere, overlaps are interruptions only when they cut somebody off."""

import pytest

from assist.analysis import delivery
from assist.analysis.stumbles import stumbles
from assist.transcript import Transcript, Turn
from tests.assist.analysis.scenes import transcript


def test_a_backchannel_does_not_end_a_monologue() -> None:
    alone = transcript("a: " + "介绍产品" * 20, "a: " + "介绍产品" * 20)
    nodded = transcript("a: " + "介绍产品" * 20, "c: 嗯嗯", "a: " + "介绍产品" * 20)
    answered = transcript("a: " + "介绍产品" * 20, "c: 我想问一下价钱", "a: " + "介绍产品" * 20)
    assert delivery.measure(nodded).longest_monologue_s >= delivery.measure(alone).longest_monologue_s
    assert delivery.measure(answered).longest_monologue_s < delivery.measure(alone).longest_monologue_s


def test_yes_after_a_question_is_an_answer() -> None:
    call = transcript("a: 您是李女士吗？", "c: 对。", "a: 我是小周。")
    talk_share = delivery.measure(call).talk_share
    assert talk_share is not None
    assert talk_share < 1


def test_cutting_in_is_an_interruption_and_starting_on_the_last_syllable_is_not() -> None:
    def call(start: float) -> Transcript:
        return Transcript(
            (Turn(0, "customer", 0.0, 5.0, "我跟你说这个事情"), Turn(1, "agent", start, 8.0, "不是这样的，您听我讲"))
        )

    assert delivery.measure(call(2.0)).interruptions == 1
    assert delivery.measure(call(4.9)).interruptions == 0


def test_pace_counts_characters_not_punctuation() -> None:
    call = Transcript((Turn(0, "agent", 0.0, 6.0, "您好，！！我是小周。😀"),))
    assert delivery.measure(call).characters_per_minute == pytest.approx(60)


def test_responses_are_measured_from_where_the_customer_stopped() -> None:
    call = transcript("c: 我想问问价钱多少", "a: 一百二十块钱一套", "c: 那还可以接受吧", "a: 那给您留一套好吧", gap=1.0)
    assert delivery.measure(call).median_response_s == pytest.approx(1.0)


def test_an_empty_call_has_nothing_to_measure() -> None:
    measured = delivery.measure(Transcript(()))
    assert measured.talk_share is None
    assert measured.characters_per_minute is None
    assert measured.longest_silence_s == 0


@pytest.mark.parametrize(
    "text",
    [
        "我，我是那个，呃，就是，打电话的，那个。",
        "您，您是，是赵，赵老师吗？",
        "呃，那个，我们这边，嗯，那个，有个活动。",
    ],
)
def test_restarts_and_helpless_fillers_are_stumbles(text: str) -> None:
    assert stumbles(text)


@pytest.mark.parametrize(
    "text",
    ["对对对，您说得对。", "您好您好，打扰您了。", "嗯，我记下了。", "慢慢来，慢慢来，不着急。", "那个滤芯该换了。"],
)
def test_emphasis_and_single_fillers_are_natural(text: str) -> None:
    assert not stumbles(text)


def test_english_stumbles_too() -> None:
    assert stumbles("I, I, um, we, we wanted, uh, to call.", "en")
    assert not stumbles("Yes, yes, of course.", "en")
