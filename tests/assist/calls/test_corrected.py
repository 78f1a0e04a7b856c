"""Corrections put into a heard transcript: text, speaker and times."""

import pytest

from assist.calls.corrected import Change, corrected
from assist.transcript import Transcript, Turn, Word

WORDS = tuple(Word(text, float(i), i + 1.0, 0.5) for i, text in enumerate("您的前照宽带，"))
HEARD = Transcript((Turn(0, "customer", 0, 1, "喂"), Turn(1, "agent", 1, 8, "您的前照宽带，", 0.5, WORDS)))


def change(text, speaker="agent"):
    return corrected(HEARD, {1: Change(text, speaker)}).turns[1]


def test_other_turns_stay_as_they_were():
    assert corrected(HEARD, {1: Change("您的千兆宽带，", "agent")}).turns[0] == HEARD.turns[0]


def test_what_was_heard_stays_beside_it():
    turn = change("您的千兆宽带，")
    assert (turn.text, turn.heard, turn.confidence) == ("您的千兆宽带，", "您的前照宽带，", 1.0)


def test_words_of_the_same_length_keep_their_times():
    words = change("您的千兆宽带，").words
    assert "".join(word.text for word in words) == "您的千兆宽带，"
    assert [(word.text, word.start) for word in words][2:4] == [("千", 2.0), ("兆", 3.0)]
    assert words[-1].end == 7.0


@pytest.mark.parametrize("text", ["您的宽带", "您的 WiFi 6 宽带，好吧？", "完全是另外一句长话。", "带", "Up to you"])
def test_times_stay_inside_the_turn_and_in_order(text):
    words = change(text).words
    assert "".join(word.text for word in words).replace(" ", "") == text.replace(" ", "")
    times = [moment for word in words for moment in (word.start, word.end)]
    assert times == sorted(times)
    assert 0.0 <= times[0] <= times[-1] <= 7.0


def test_a_speaker_can_be_put_right_alone():
    turn = change("您的前照宽带，", "customer")
    assert (turn.speaker, turn.words, turn.heard, turn.confidence) == ("customer", WORDS, None, 0.5)


def test_what_nobody_said_is_never_judged():
    turn = change("")
    assert turn.unintelligible
    assert turn.words == ()


def test_a_sentence_is_no_backchannel_any_more():
    heard = Transcript((Turn(0, "customer", 0, 1, "嗯", backchannel=True),))
    assert corrected(heard, {0: Change("嗯嗯", "customer")}).turns[0].backchannel
    assert not corrected(heard, {0: Change("不要", "customer")}).turns[0].backchannel
