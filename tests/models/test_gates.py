from models.gates import trouble
from models.speech import Heard, HeardWord


def heard(text: str, logprob: float = -0.3, no_speech: float = 0.05) -> Heard:
    return Heard(tuple(HeardWord(c, 0.0, 0.1, 0.8) for c in text), logprob=logprob, no_speech=no_speech)


def test_plain_talk_is_believed() -> None:
    assert trouble(heard("您好，请问您现在方便说两句话吗？我想给您介绍一下这个活动。"), 6) is None


def test_a_loop_is_not_believed() -> None:
    assert trouble(heard("我们这边给您办理" * 8), 20) == "loop"


def test_agreeing_three_times_is_no_loop() -> None:
    assert trouble(heard("对对对，好的好的，行。"), 3) is None


def test_nobody_speaks_that_fast() -> None:
    text = "这个活动是这样的您先听我说完再决定要不要办理因为名额真的不多了"
    assert trouble(heard(text), 1.5) == "speed"


def test_a_subtitle_phrase_in_a_short_piece_is_dropped() -> None:
    assert trouble(heard("请不吝点赞订阅转发打赏支持明镜与点点栏目"), 3) == "stock"


def test_thanking_for_listening_inside_a_sure_talk_is_kept() -> None:
    text = "那今天就先这样，谢谢大家收听我的介绍，我下午再给您打电话，把合同的事情说清楚。"
    assert trouble(heard(text, logprob=-0.2), 12) is None


def test_little_confidence_is_doubt() -> None:
    assert trouble(heard("那个什么都可以的吧", logprob=-1.3), 4) == "doubt"


def test_a_few_words_for_half_a_minute_are_not_believed() -> None:
    assert trouble(heard("星途通信，星途通信。"), 24) == "speed"


def test_a_short_yes_is_believed() -> None:
    assert trouble(heard("嗯。"), 2) is None
