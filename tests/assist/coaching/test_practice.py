"""The practice plan: what is weakest, as exercises that are read."""

from datetime import timedelta

import pytest

from assist.analysis.rehearsal import Reading
from assist.coaching import clips, exercises, own, practice, themes
from assist.errors import AccessDenied, NotFound
from assist.store import libraries
from assist.store.clock import now
from tests.assist.coaching import past
from tests.assist.coaching.weak_calls import left_unanswered, missing_the_order


def only(store, agent):
    (theme,) = practice.plan(store, agent).themes
    return theme


def test_what_is_missed_becomes_a_theme(store, agent):
    missing_the_order(store, agent, 8, 6)
    theme = only(store, agent)
    assert (theme.kind, theme.about, theme.missed, theme.occasions) == ("point", "ask-for-order", 6, 8)
    assert practice.title(store, theme, "zh-CN") == "邀请办理"


def test_its_number_is_that_of_the_calls_behind_it(store, agent):
    calls = missing_the_order(store, agent, 8, 6)
    theme = only(store, agent)
    found = practice.behind(store, agent, theme)
    assert {one.call_id for one in found} == set(calls)
    assert sum(one.missed for one in found) == theme.missed
    assert {one.call_id for one in found if one.missed} == set(calls[:6])


def test_a_newcomers_first_calls_are_enough(store, agent):
    missing_the_order(store, agent, 2, 1)
    assert only(store, agent).occasions == 2


@pytest.mark.parametrize(("count", "missed"), [(2, 0), (8, 1), (8, 0)])
def test_too_little_is_no_weakness(store, agent, count, missed):
    missing_the_order(store, agent, count, missed)
    assert practice.plan(store, agent).themes == ()


def test_objections_left_unanswered_come_first_where_they_weigh_more(store, agent):
    calls = missing_the_order(store, agent, 8, 3)
    left_unanswered(store, calls, 7)
    kinds = [theme.kind for theme in practice.plan(store, agent).themes]
    assert kinds == ["objection", "point"]


def test_a_call_that_never_came_so_far_misses_no_point(store, agent):
    calls = missing_the_order(store, agent, 8, 6)
    store.change("UPDATE calls SET outcome = 'hung-up' WHERE id IN (?, ?, ?)", calls[:3])
    theme = only(store, agent)
    assert (theme.missed, theme.occasions) == (3, 5)
    assert {one.call_id for one in practice.behind(store, agent, theme)} == set(calls[3:])


def test_a_clear_refusal_is_nothing_to_answer(store, agent):
    calls = missing_the_order(store, agent, 8, 0)
    left_unanswered(store, calls, 7)
    store.change("DELETE FROM objection_steps")
    assert practice.plan(store, agent).themes == ()


def test_at_most_three_and_none_that_says_the_same(store, agent):
    names = dict.fromkeys((*past.OPENING, *past.REJECTION), 0.0)
    for day in range(6):
        call = past.call(store, agent, now() - timedelta(days=day + 1), names)
        left_unanswered(store, [call], 1)
    found = practice.plan(store, agent).themes
    assert [(theme.kind, theme.skill) for theme in found] == [
        ("objection", "rejection_handling"),
        ("criterion", "opening"),
    ]


def test_calls_that_are_not_released_make_no_theme(store, agent):
    missing_the_order(store, agent, 8, 6)
    store.change("UPDATE calls SET held = 1")
    assert practice.plan(store, agent).themes == ()


def test_others_make_no_theme_of_mine(store, agent, other_agent):
    missing_the_order(store, other_agent, 8, 6)
    assert practice.plan(store, agent).themes == ()


def test_a_plan_holds_for_its_week_and_the_next_week_has_another(store, agent):
    missing_the_order(store, agent, 8, 6)
    first = practice.plan(store, agent)
    missing_the_order(store, agent, 8, 8)
    assert practice.plan(store, agent) == first
    later = practice.plan(store, agent, now() + timedelta(days=7))
    assert later.week == first.week + timedelta(days=7)
    assert later.themes[0].occasions == 16


def test_a_theme_is_done_and_taken_up_again(store, agent):
    missing_the_order(store, agent, 8, 6)
    theme = only(store, agent)
    assert practice.set_done(store, agent, theme.id, True).done_at is not None
    assert practice.plan(store, agent).done == 1
    assert practice.set_done(store, agent, theme.id, False).done_at is None


def test_a_theme_is_its_agents_own(store, agent, other_agent, lead):
    missing_the_order(store, agent, 8, 6)
    theme = only(store, agent)
    for other in (other_agent, lead):
        with pytest.raises(NotFound):
            practice.theme(store, other, theme.id)
        with pytest.raises(NotFound):
            practice.record(store, other, theme.id, "", "好的", Reading())
    with pytest.raises(AccessDenied):
        practice.plan(store, lead)


def test_an_answer_is_kept_as_it_was_read(store, agent):
    missing_the_order(store, agent, 8, 6)
    theme = only(store, agent)
    reading = Reading(steps=("acknowledge",), missing=("advance",))
    practice.record(store, agent, theme.id, "我在开会", "打扰您了", reading)
    (kept,) = practice.tries(store, agent, theme.id)
    assert (kept.sentence, kept.answer, kept.reading) == ("我在开会", "打扰您了", reading)
    assert only(store, agent).tries == 1


@pytest.mark.parametrize(("answer", "error"), [(" \n", practice.NothingSaid), ("好" * 1001, practice.TooLong)])
def test_an_answer_has_some_words_and_not_too_many(store, agent, answer, error):
    missing_the_order(store, agent, 8, 6)
    with pytest.raises(error):
        practice.record(store, agent, only(store, agent).id, "", answer, Reading())


def test_a_lead_learns_when_somebody_practised_only_if_they_share_it(store, agent, lead, outsider, other_agent):
    missing_the_order(store, agent, 8, 6)
    practice.record(store, agent, only(store, agent).id, "", "好的", Reading())
    since = now() - timedelta(days=1)
    assert practice.practised(store, lead, agent.id, since) is None
    practice.set_sharing(store, agent, True)
    assert len(practice.practised(store, lead, agent.id, since)) == 1
    for other in (outsider, other_agent):
        with pytest.raises(NotFound):
            practice.practised(store, other, agent.id, since)


def test_an_objection_is_practised_with_what_customers_said(store, agent):
    calls = missing_the_order(store, agent, 8, 0)
    left_unanswered(store, calls, 6)
    task = exercises.exercise(store, agent, only(store, agent))
    assert (task.task, task.objection) == ("answer", "busy")
    assert task.sentences[0].sentence.startswith("我在开会")
    assert task.sentences[0].call_id in calls[:6]
    assert task.sentences[-1] == exercises.Heard("我在开会")
    assert [passage.step for passage in task.passages] == ["acknowledge"]


def test_a_point_is_practised_with_the_passage_in_force(store, agent):
    missing_the_order(store, agent, 8, 6)
    theme = only(store, agent)
    task = exercises.exercise(store, agent, theme)
    assert (task.task, task.wanted) == ("say", ("ask-for-order",))
    assert task.passages[0].say == ("我现在帮您登记，可以吗？",)
    source = libraries.source(store, libraries.in_force(store, "broadband").id)
    libraries.publish(store, source.replace("我现在帮您登记，可以吗？", "现在给您登记，行吗？"))
    assert exercises.exercise(store, agent, theme).passages[0].say == ("现在给您登记，行吗？",)


def test_a_criterion_of_the_opening_is_practised_by_saying_the_opening(store, agent):
    for day in range(6):
        past.call(store, agent, now() - timedelta(days=day + 1), {"permission": 0.0})
    theme = only(store, agent)
    task = exercises.exercise(store, agent, theme)
    assert (theme.about, task.task, task.wanted) == ("opening/permission", "say", ("confirm-identity",))


def test_clips_of_the_team_show_how_with_models_first(store, agent, other_agent, lead, outsider, judged):
    missing_the_order(store, agent, 8, 6)
    call = judged(other_agent, "customer: 喂", "agent: 我现在帮您登记，可以吗？")
    facts = {"point": "ask-for-order", "shared": "team", "hide_names": True}
    won = clips.add(store, lead, call.id, 0, 2, "这样问", outcome="won", **facts)
    model = clips.add(store, lead, call.id, 1, 3, "榜样", audience="model", outcome="neutral", **facts)
    clips.add(store, lead, call.id, 1, 3, "没有分享", audience="model", point="ask-for-order")
    found = exercises.model_clips(store, agent, only(store, agent))
    assert [clip.id for clip in found] == [model.id, won.id]
    assert found[0].agent == ""


def test_my_own_best_moments_are_offered(store, agent):
    calls = missing_the_order(store, agent, 8, 6)
    found = exercises.own_best(store, agent, only(store, agent))
    assert {one.call_id for one in found} == set(calls[6:])
    assert found[0].start == 8.5


def test_weeks_begin_on_monday_in_the_sites_zone(store):
    from datetime import UTC, date, datetime

    assert own.monday_of(store, datetime(2026, 11, 22, 15, 59, tzinfo=UTC)) == date(2026, 11, 16)
    assert own.monday_of(store, datetime(2026, 11, 22, 16, 0, tzinfo=UTC)) == date(2026, 11, 23)


def test_urgency_weighs_what_is_missed_at_least():
    at = now()
    few = themes.Weakness("point", "a", "", "c", 3, 3, at, at, 1.0)
    many = themes.Weakness("point", "b", "", "c", 45, 50, at, at, 1.0)
    assert many.urgency > few.urgency
