"""What a call came to."""

import pytest

from assist.analysis import outcome
from assist.transcript import Transcript
from tests.assist.analysis.scenes import LIBRARY, objection, said, transcript

PITCH = (
    "a: 您好，我是清泉家电的小周，您家滤芯到期了，现在换有优惠，我给您简单介绍一下，新滤芯能用一年，水质也更好。",
    "c: 嗯，你讲吧，我听着呢，不过我手上还有点事情。",
)


def came_to(*lines: str, **kwargs: object) -> str:
    return outcome.read(transcript(*PITCH, *lines), LIBRARY, **kwargs).value  # type: ignore[arg-type]


def test_a_fixed_step_with_consent_is_agreed() -> None:
    call = transcript(*PITCH, "a: 那师傅周六上午上门给您装，可以吗？", "c: 可以，周六我在家。", "a: 好的，再见。")
    result = outcome.read(call, LIBRARY, said(call, book=2))
    assert result.value == "agreed"
    assert result.evidence is not None
    assert result.evidence.turn == 3


def test_a_promise_to_call_again_is_a_follow_up() -> None:
    assert came_to("c: 我再想想吧，过两天再说。", "a: 好的，那我过两天再打给您。", "c: 行。") == "follow-up"


def test_no_is_a_refusal() -> None:
    assert came_to("c: 不用了，我家不需要。", "a: 好的，打扰您了，再见。") == "refused"


def test_anger_at_the_end_is_a_hang_up() -> None:
    assert came_to("c: 别再打了，烦死了，挂了。") == "hung-up"


def test_a_call_that_just_stops_is_unknown() -> None:
    assert came_to("a: 新滤芯能用一年，水质也好。", "c: 是吗，听着还不错呢。") == "unknown"


@pytest.mark.parametrize(
    "lines",
    [
        ("a: 喂，您好。", "c: 打错了。"),
        (
            "a: 喂，您好，请问有人在吗，我是清泉家电的小周，想提醒您滤芯到期该换了，您方便的时候给我回个电话。",
            "a: 您好，能听到吗，我是清泉家电的小周，滤芯到期该换了，等您有空再说吧，谢谢您了，打扰了再见。",
        ),
        (
            "c: 您拨打的用户暂时无法接通，请在提示音后留言，留言结束请挂机或按井号键，谢谢您的来电，再见。",
            "a: 您好，我是清泉家电的小周，想提醒您家里的滤芯到期该换了，回头我再给您打过来。",
        ),
    ],
)
def test_too_short_one_sided_or_a_machine_is_no_conversation(lines: tuple[str, ...]) -> None:
    assert outcome.read(transcript(*lines), LIBRARY).value == "no-conversation"


def test_a_yes_after_the_last_no_counts_and_one_before_it_does_not() -> None:
    lines = (
        "a: 那周六上午给您约上门，可以吗？",
        "c: 可以。",
        "a: 好，记下了。",
        "c: 算了算了，不要了，我不换。",
        "a: 好的，打扰了，再见。",
    )
    call = transcript(*PITCH, *lines)
    assert outcome.read(call, LIBRARY, (), [objection(call, 5, force="refusal")]).value == "refused"


def test_an_empty_call_is_no_conversation() -> None:
    assert outcome.read(Transcript(()), LIBRARY).value == "no-conversation"
