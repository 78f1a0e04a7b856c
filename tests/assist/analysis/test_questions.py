"""The agent's questions: who asks, what is stacked, self-answered, or follows the customer's words."""

from assist.analysis import questions
from assist.transcript import Transcript, Turn, Word
from tests.assist.analysis.scenes import transcript


def test_only_the_agent_asks() -> None:
    found = questions.find(transcript("a: 您平时几点下班？", "c: 你问这个干什么？"))
    assert [(question.evidence.turn, question.kind) for question in found] == [(0, "open")]


def test_a_question_shows_its_own_words_and_seconds() -> None:
    call = transcript("a: 我先介绍一下我们公司的情况。您家住几楼？")
    (question,) = questions.find(call)
    assert question.evidence.quote == "您家住几楼？"
    assert call.turns[0].start < question.evidence.start < question.evidence.end <= call.turns[0].end


def test_taking_up_the_customers_words_is_a_follow_up() -> None:
    call = transcript("c: 最近车库老是漏水。", "a: 漏水多久了？", "c: 半年。", "a: 您家几口人？")
    assert [question.follow_up for question in questions.find(call)] == [True, False]


def test_two_questions_at_once_are_stacked_a_choice_is_one() -> None:
    assert all(question.stacked for question in questions.find(transcript("a: 您多大了？在哪儿上班？")))
    assert not any(question.stacked for question in questions.find(transcript("a: 您要大的，还是要小的？")))


def test_answering_oneself_is_noticed() -> None:
    (question,) = questions.find(transcript("a: 您知道为什么吗？因为旧机器都不带这个功能的。", "c: 哦。"))
    assert question.self_answered


def test_who_cannot_be_told_asks_nothing() -> None:
    call = transcript("a: 您家几口人？")
    unknown = call.turns[0].__class__(0, "unknown", 0.0, 2.0, "您家几口人？")
    assert questions.find(call.__class__((unknown,))) == ()


def test_a_question_is_timed_by_the_words_it_was_said_with() -> None:
    text = "好的。您家几口人？"
    times = [0.0, 0.4, 8.0, 8.2, 8.4, 8.6, 8.8]
    parts = ["好", "的。", "您", "家", "几", "口", "人？"]
    words = tuple(Word(part, at, at + 0.2, 0.9) for part, at in zip(parts, times, strict=True))
    call = Transcript((Turn(0, "agent", 0.0, 12.0, text, words=words),), layout="stereo")
    (question,) = questions.find(call)
    assert (question.evidence.start, question.evidence.end) == (8.0, 12.0)


def test_without_words_the_time_is_shared_out() -> None:
    call = Transcript((Turn(0, "agent", 0.0, 9.0, "好的。您家几口人？"),))
    (question,) = questions.find(call)
    assert (question.evidence.start, question.evidence.end) == (3.0, 9.0)
