"""What makes a score go up and down, and where there is none."""

import pytest

from assist.analysis import scores
from assist.analysis.findings import Findings, Outcome, Score, Skill
from assist.analysis.refusal import pushed_on
from assist.transcript import Transcript
from tests.assist.analysis.scenes import findings, forbidden, good_call, objection, said, scene, transcript


def judged(call: Transcript, found: Findings) -> dict[Skill, Score]:
    return scores.judge_skills(scene(call, found))


def value(score: Score) -> int:
    assert score.value is not None, score.why
    return score.value


def reason(score: Score, criterion: str) -> str:
    return next(line.why for line in score.criteria if line.id == criterion)


def test_a_good_call_is_good_in_everything() -> None:
    found = judged(*good_call())
    assert all(value(score) >= 85 for score in found.values())


def test_a_score_is_the_weighted_mean_of_its_criteria() -> None:
    for score in judged(*good_call()).values():
        lines = [(line.value, line.weight) for line in score.criteria if line.value is not None]
        by_hand = 100 * sum(v * w for v, w in lines) / sum(w for _, w in lines)
        assert value(score) == round(by_hand)


def test_every_criterion_says_why() -> None:
    for score in judged(*good_call()).values():
        assert all(line.why and line.title for line in score.criteria)


def test_a_greeting_at_the_end_is_no_opening() -> None:
    call, found = good_call()
    early = value(judged(call, found)["opening"])
    lines = [f"{'a' if turn.speaker == 'agent' else 'c'}: {turn.text}" for turn in call.turns]
    lines[2] = "a: 哎，有个好事跟您说说。"
    lines[16] = "a: 对了，我是清泉家电的小周，是提醒您换滤芯的，再见。"
    backwards = transcript(*lines)
    points = said(backwards, confirm_identity=14, self_intro=16, purpose=16, usage=4, taste=6)
    late = judged(backwards, findings(backwards, points))["opening"]
    assert value(late) < early - 40
    assert "过了开场" in reason(late, "purpose")


def test_stumbling_caps_the_opening() -> None:
    call = transcript(
        "a: 喂，那个，您，您好，请，请问是张，张先生吗？",
        "c: 是我。",
        "a: 我，我是，呃，清泉家电的，那个，小，小周，就是，想提醒您换，换滤芯。",
        "c: 慢慢说，不着急。",
        "a: 家里几口人用水？",
        "c: 四口人都在用，做饭喝茶都是它，天天离不开。",
    )
    points = said(call, confirm_identity=0, self_intro=2, purpose=2, usage=4)
    opening = judged(call, findings(call, points, ended=Outcome("unknown")))["opening"]
    assert value(opening) <= 40
    assert "最多" in opening.why


def test_open_questions_are_worth_more_than_an_interrogation() -> None:
    def call(*asked: str) -> Transcript:
        lines = ["a: 您好，我是清泉家电的小周。", "c: 嗯，你说。"]
        for question in asked:
            lines += [f"a: {question}", "c: 我家一直都是这么用的，也没怎么留意过这些。"]
        return transcript(*lines)

    opened = call("您平时怎么用水？", "最不满意的是什么？", "家里都有谁喝？", "多久换一次？")
    closed = call("您喝净水吗？", "有怪味吗？", "换过滤芯吗？", "孩子喝吗？")
    best = judged(opened, findings(opened, said(opened, usage=2, taste=4), ended=Outcome("follow-up")))
    worst = judged(closed, findings(closed, said(closed, usage=2, taste=4), ended=Outcome("follow-up")))
    assert value(best["questioning"]) > value(worst["questioning"]) + 40
    assert "盘问" in reason(worst["questioning"], "no-interrogation")


def test_asking_nothing_is_worth_nothing() -> None:
    call = transcript(
        "a: 您好，我是清泉家电的小周。", "c: 你说。", "a: 新滤芯能用一年，我给您讲讲好处。", "c: 我知道了，那先这样。"
    )
    found = findings(call, said(call, self_intro=0, filter=2), ended=Outcome("follow-up"))
    assert value(judged(call, found)["questioning"]) <= 10


def test_a_call_that_ended_in_the_opening_gave_no_occasion_to_ask() -> None:
    call = transcript("a: 喂，你好，我们搞活动呢，滤芯便宜卖了。", "c: 你谁啊，不需要，挂了。")
    score = judged(call, findings(call, said(call), [objection(call, 1)], ended=Outcome("hung-up")))["questioning"]
    assert score.value is None
    assert score.why


def test_no_objection_is_null_not_zero() -> None:
    call, found = good_call()
    score = judged(call, findings(call, found.points))["rejection_handling"]
    assert score.value is None
    assert "异议" in score.why


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (("acknowledge", "clarify", "answer", "advance"), ("acknowledge", "answer")),
        (("acknowledge", "answer"), ("answer",)),
        (("answer",), ()),
    ],
)
def test_each_step_of_an_answer_counts(better: tuple[str, ...], worse: tuple[str, ...]) -> None:
    call, found = good_call()

    def handled(steps: tuple[str, ...]) -> int:
        raised = objection(call, 11, steps)  # type: ignore[arg-type]
        return value(judged(call, findings(call, found.points, [raised]))["rejection_handling"])

    assert handled(better) > handled(worse) + 5


def test_an_objection_said_again_after_a_real_step_is_one_case() -> None:
    call, _ = good_call()
    again = [objection(call, 11, ("acknowledge", "clarify")), objection(call, 13, ("answer", "advance"))]
    ignored = [objection(call, 11), objection(call, 13, ("answer", "advance"))]
    assert len(scene(call, findings(call, objections=again)).cases) == 1
    assert len(scene(call, findings(call, objections=ignored)).cases) == 2


def refusing(*after: str) -> tuple[Transcript, Findings]:
    call = transcript(
        "a: 您好，请问是张先生吗？我是清泉家电的小周，想提醒您换滤芯。",
        "c: 我不需要，别再打了。",
        *after,
    )
    raised = objection(call, 1, force="refusal")
    return call, findings(call, said(call, self_intro=0), [raised], ended=Outcome("refused"))


def test_pushing_on_after_a_refusal_costs_and_leaving_does_not() -> None:
    pushing = judged(*refusing("a: 您再听我讲一分钟，新滤芯能用一年，今天还有优惠价呢。", "c: 不听。"))[
        "rejection_handling"
    ]
    leaving = judged(*refusing("a: 好的，不好意思打扰您了，再见。"))["rejection_handling"]
    assert value(pushing) <= 20
    assert value(leaving) > value(pushing)


def test_one_acknowledging_answer_to_a_first_no_is_no_pushing() -> None:
    call = transcript(
        "a: 您好，请问是张先生吗？我是清泉家电的小周，想提醒您换滤芯。",
        "c: 我不需要，谢谢。",
        "a: 理解，您用得好好的当然不用换，您最近喝着水味道怎么样？",
        "c: 有点怪味。",
    )
    polite = objection(call, 1, ("acknowledge", "clarify"), force="refusal")
    curt = objection(call, 1, answered=True, force="refusal")
    assert pushed_on(scene(call, findings(call, said(call), [polite]))) == ()
    assert pushed_on(scene(call, findings(call, said(call), [curt]))) == (2,)


def test_a_forbidden_phrase_caps_overall() -> None:
    call, found = good_call()
    clean = scores.overall(scene(call, found), judged(call, found))
    bad = findings(call, found.points, found.objections, [forbidden(call, 10)])
    capped = scores.overall(scene(call, bad), judged(call, bad))
    assert value(capped) <= 55 < value(clean)
    assert "禁语" in capped.why


def test_uncertain_points_are_left_out_of_the_sum() -> None:
    call, found = good_call()
    unsure = said(call, confirm_identity=(0, "uncertain"), self_intro=2, purpose=2, ask_time=2, usage=4, taste=6)
    line = next(line for line in judged(call, findings(call, unsure, found.objections))["opening"].criteria)
    assert (line.id, line.value) == ("identity", None)
