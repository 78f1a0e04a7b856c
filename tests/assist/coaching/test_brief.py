"""The page for the talk: what weighs most, what is strong, where to listen; the same calls give the same page."""

from datetime import timedelta

import pytest

from assist.coaching import brief, measures, queue
from assist.errors import NotFound
from assist.store import results
from assist.store.clock import now
from tests.api import judged
from tests.assist.coaching import past

MANY = 12


def day(number):
    return now() - timedelta(days=number)


@pytest.fixture
def weak_purpose(store, agent):
    """The agent asks for time, but hardly says the purpose."""
    return [
        past.call(store, agent, day(n), {"purpose": float(n % 6 == 0), "permission": 1.0, "identity": 1.0})
        for n in range(1, MANY + 1)
    ]


def made(store, lead, agent, language="en"):
    return brief.brief(store, lead, agent.id, language)


def test_the_one_thing_is_what_costs_most_over_the_calls(store, lead, agent, weak_purpose):
    change = made(store, lead, agent).change
    assert (change.skill, change.criterion, change.title) == ("opening", "purpose", "Purpose said")
    assert (change.missed, change.calls) == (10, 12)
    assert change.points == pytest.approx(10 / 12 * 100 * 3 / 8)


def test_its_numbers_are_recounted_from_the_calls(store, lead, agent, weak_purpose):
    found = made(store, lead, agent)
    for line in (found.change, *found.strengths):
        counted = measures.readings(store, agent.id, line.measure, found.window.since, found.window.until)
        assert (line.calls, line.met) == (len(counted), sum(reading.value for reading in counted))
    assert found.window.calls == MANY


def test_what_weighs_more_goes_before_what_comes_up_more(store, lead, agent):
    for n in range(1, MANY + 1):
        opening = {"identity": float(n > 5), "purpose": 1.0, "permission": 1.0}
        past.call(store, agent, day(n), opening | {"acknowledged": float(n > 4), "answered": 1.0})
    assert made(store, lead, agent).change.criterion == "acknowledged"


def test_a_broken_rule_weighs_even_if_it_comes_once(store, lead, agent):
    for n in range(1, 5):
        past.call(store, agent, day(n), {"forbidden": float(n > 1), "purpose": 0.9})
    assert made(store, lead, agent).change.criterion == "forbidden"


def test_what_waits_in_the_queue_counts_double(store, lead, agent, weak_purpose):
    for n in range(1, MANY + 1):
        number = past.call(store, agent, day(n), {"acknowledged": float(n % 2), "answered": 1.0})
        queue.put(store, number, judged.report())
    assert made(store, lead, agent).change.criterion == "acknowledged"


def test_strengths_are_where_the_agent_is_ahead_of_the_team(store, lead, agent, other_agent, weak_purpose):
    for n in range(1, MANY + 1):
        past.call(store, other_agent, day(n), {"permission": 0.0, "identity": 1.0})
    strengths = made(store, lead, agent).strengths
    assert [line.criterion for line in strengths] == ["permission", "identity"]
    assert (strengths[0].met, strengths[0].calls, strengths[0].team_met, strengths[0].team_calls) == (12, 12, 0, 12)


def test_two_clips_show_it_and_one_how_it_is_done_well(store, lead, agent, weak_purpose):
    clips = made(store, lead, agent).clips
    assert [clip.good for clip in clips] == [False, False, True]
    assert [clip.call_id for clip in clips] == [weak_purpose[0], weak_purpose[1], weak_purpose[5]]
    assert (clips[0].start, clips[0].end, clips[0].quote) == (6.5, 24.0, "就一分钟，这个宽带终身免费，给您办了吧。")


def test_the_words_of_the_playbook_are_those_for_this_step(store, lead, agent):
    for n in range(1, 4):
        past.call(store, agent, day(n), {"acknowledged": 0.0, "answered": 1.0})
    say = made(store, lead, agent).say
    assert (say.source, say.say, say.start) == ("busy/acknowledge", judged.SAY_INSTEAD["say"], 8.5)


def test_where_the_analysis_advises_nothing_the_playbook_is_asked(store, lead, agent):
    number = past.call(store, agent, day(1), {"acknowledged": 0.0, "answered": 1.0})
    for n in (2, 3):
        past.call(store, agent, day(n), {"acknowledged": 1.0, "answered": 1.0})
    report = judged.report()
    report["coaching"]["say_instead"] = []
    report["engine"]["script"]["campaign"] = "broadband"
    store.change("UPDATE analyses SET body = ? WHERE call_id = ?", [results.pack(report), number])
    say = made(store, lead, agent).say
    assert (say.source, say.title, say.say, say.start) == ("busy/acknowledge", "没时间 · 认同", "打扰您了", 6.5)


def test_words_for_something_else_are_not_offered(store, lead, agent, weak_purpose):
    assert made(store, lead, agent).say is None


def test_three_open_questions_in_the_readers_language(store, lead, agent, weak_purpose):
    english, chinese = (made(store, lead, agent, language).questions for language in ("en", "zh-CN"))
    assert len(english) == len(chinese) == 3
    assert all(question.endswith("?") for question in english)
    assert all(question.endswith("？") for question in chinese)


def test_without_calls_there_is_nothing_to_say(store, lead, agent):
    found = made(store, lead, agent)
    assert (found.window.calls, found.strengths, found.change, found.clips, found.questions) == (0, (), None, (), ())


def test_only_recent_calls_count_unless_they_are_few(store, lead, agent, weak_purpose):
    past.call(store, agent, day(40), {"permission": 0.0})
    assert made(store, lead, agent).window.calls == MANY
    for number in weak_purpose[4:]:
        store.change("UPDATE calls SET state = 'failed' WHERE id = ?", [number])
    assert made(store, lead, agent).window.calls == 5


def test_it_is_the_leads_page(store, agent, outsider, editor, weak_purpose):
    for person in (outsider, editor):
        with pytest.raises(NotFound):
            brief.brief(store, person, agent.id, "en")


def test_the_same_calls_give_the_same_page(store, lead, agent, weak_purpose):
    at = now()
    assert brief.brief(store, lead, agent.id, "en", at) == brief.brief(store, lead, agent.id, "en", at)
