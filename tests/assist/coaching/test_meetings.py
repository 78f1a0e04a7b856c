"""The noon hour and the evening meeting: proposed from what was counted, and each count recounted from its calls."""

from datetime import date

import pytest

from assist.calls.found import WEAK
from assist.calls.listing import Filters, listing
from assist.coaching import clips
from assist.coaching.clips import UnknownChoice
from assist.coaching.evening import evening
from assist.coaching.noon import choose, last_day, noon
from assist.coaching.periods import period
from assist.errors import AccessDenied, NotFound
from tests.assist.coaching.told import tell  # noqa: F401

DAY = date(2026, 11, 18)


@pytest.fixture
def week(store):
    return period("week", DAY, store.settings.zone)


@pytest.fixture
def calls(tell, agent, other_agent):  # noqa: F811
    return [
        tell(agent, "80 agreed +ask-for-order", 18),
        tell(agent, "60 refused -ask-for-order busy! opening/identity=0.2", 18),
        tell(other_agent, "90 agreed -ask-for-order busy? opening/identity=1.0", 18),
        tell(other_agent, "40 hung-up -ask-for-order other! opening/identity=0.4", 18, "agent: 终身免费"),
        tell(agent, "50 no-conversation -ask-for-order", 18),
        tell(agent, "70 refused +ask-for-order busy!", 12),
    ]


def problems(found):
    return {one.id: one for one in found.problems}


@pytest.mark.usefixtures("calls")
def test_what_most_agents_missed_comes_first(store, lead, week):
    found = evening(store, lead, week)
    assert (found.calls, found.agents) == (4, 2)
    assert [(one.kind, one.id, one.agents) for one in found.problems[:2]] == [
        ("point", "ask-for-order", 2), ("criterion", "identity", 2),
    ]  # fmt: skip
    one = problems(found)["ask-for-order"]
    assert (one.title, one.of_agents, one.calls.hits, one.calls.total) == ("邀请办理", 2, 3, 4)
    assert (one.before.hits, one.before.total, one.moved) == (0, 1, "")
    assert one.say == (("", "我现在帮您登记，可以吗？"),)


@pytest.mark.usefixtures("calls")
def test_every_count_is_the_length_of_its_list(store, lead, week):
    span = {"team_id": lead.team_id, "since": week.since, "until": week.until, "judged": True}
    found = evening(store, lead, week).problems
    assert len(found) >= 4
    for one in found:
        wanted = {
            "point": {"point": one.id, "campaign": one.campaign},
            "objection": {"objection": one.id, "objection_is": "unanswered", "campaign": one.campaign},
            "criterion": {"criterion": f"{one.skill}/{one.id}"},
        }[one.kind]
        behind = listing(store, lead, Filters(**span, **wanted))
        assert (one.calls.hits, one.agents) == (behind.total, len({call.agent_id for call in behind.calls}))


@pytest.mark.usefixtures("calls")
def test_a_problem_has_moments_to_hear(store, lead, week, calls):
    found = problems(evening(store, lead, week))
    assert [(at.call_id, at.good) for at in found["ask-for-order"].moments] == [(calls[0], True)]
    heard = found["busy"].moments
    assert [(at.call_id, at.turn, at.text) for at in heard] == [(calls[1], 1, "我在开会")]
    assert heard[0].start <= 2.0 < heard[0].end <= 10.0
    assert found["busy"].say == (("认同", "打扰您了"),)


def test_clips_of_the_team_are_offered_with_a_problem(store, lead, week, calls):
    made = clips.add(store, lead, calls[0], 0, 4, "邀约得好", point="ask-for-order")
    assert [clip.id for clip in problems(evening(store, lead, week))["ask-for-order"].clips] == [made.id]


def test_a_point_that_need_not_be_said_is_no_problem(store, lead, week, tell, agent):  # noqa: F811
    tell(agent, "50 refused -unknown-point", 18)
    assert "unknown-point" not in problems(evening(store, lead, week))


@pytest.mark.usefixtures("calls")
def test_nobody_holds_the_meeting_of_another_team(store, agent, outsider, admin, lead, week):
    with pytest.raises(AccessDenied):
        evening(store, agent, week)
    for attempt in (lambda: evening(store, outsider, week, lead.team_id), lambda: evening(store, admin, week)):
        with pytest.raises(NotFound):
            attempt()
    assert evening(store, outsider, week).calls == 0
    assert evening(store, admin, week, lead.team_id).calls == 4


def picked(found):
    return {pick.slot: pick.call.call_id if pick.call else None for pick in found.picks}


def test_three_calls_are_proposed(store, lead, calls):
    found = noon(store, lead, DAY)
    assert (found.calls, found.objection, found.raised) == (4, "busy", 2)
    assert picked(found) == {"good": calls[2], "lost": calls[3], "objection": calls[1]}
    good, lost, typical = (pick.moment for pick in found.picks)
    assert (good.start, lost.turn, typical.text) == (0.0, 1, "我在开会")


def test_the_lead_takes_another_call_and_goes_back(store, lead, calls):
    choose(store, lead, DAY, "good", calls[0])
    found = noon(store, lead, DAY)
    assert picked(found)["good"] == calls[0]
    assert (found.picks[0].chosen_by, [one.call_id for one in found.picks[0].others]) == ("刘洋", [calls[2]])
    choose(store, lead, DAY, "good", None)
    assert picked(noon(store, lead, DAY))["good"] == calls[2]


def test_only_a_call_of_that_day_and_team_can_be_taken(store, lead, outsider, calls):
    for user, call, slot, error in (
        (lead, calls[5], "good", NotFound),
        (outsider, calls[0], "good", NotFound),
        (lead, calls[0], "best", UnknownChoice),
    ):
        with pytest.raises(error):
            choose(store, user, DAY, slot, call)
    assert picked(noon(store, lead, DAY))["good"] == calls[2]


def test_a_day_without_calls_proposes_nothing(store, lead):
    found = noon(store, lead, DAY)
    assert (found.calls, found.objection, picked(found)) == (0, "", dict.fromkeys(("good", "lost", "objection")))
    assert last_day(store, lead) is None


@pytest.mark.usefixtures("calls")
def test_the_latest_day_with_calls(store, lead, outsider):
    assert (last_day(store, lead), last_day(store, outsider)) == (DAY, None)


def test_under_half_a_criterion_counts_as_missed():
    assert WEAK == 0.5
