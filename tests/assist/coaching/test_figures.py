"""Figures of weeks and months: each number is the length of a list of calls, compared with the time before."""

import io
import statistics
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from assist.calls.listing import Filters, listing
from assist.coaching import figures, sheets
from assist.coaching.figures import Mean, differs
from assist.coaching.periods import period
from assist.errors import AccessDenied, NotFound
from tests.assist.coaching.told import tell  # noqa: F401


@pytest.fixture
def week(store):
    return period("week", date(2026, 11, 18), store.settings.zone)


@pytest.fixture
def calls(tell, agent, other_agent):  # noqa: F811
    tell(agent, "80 agreed", 16)
    tell(agent, "60 refused", 17, "agent: 终身免费")
    tell(other_agent, "70 follow-up", 22)
    tell(other_agent, "50 no-conversation", 18)
    tell(other_agent, "90 agreed", 15, hour=15)  # 23:00 of the Sunday before, in the team's zone
    tell(other_agent, "40 hung-up", 22, hour=16)  # midnight: the next week


@pytest.mark.parametrize(
    ("kind", "first", "last"),
    [("day", (11, 18), (11, 18)), ("week", (11, 16), (11, 22)), ("month", (11, 1), (11, 30))],
)
def test_periods(store, kind, first, last):
    found = period(kind, date(2026, 11, 18), store.settings.zone)
    assert (found.first, found.last) == (date(2026, *first), date(2026, *last))
    assert found.before.after == found
    assert found.before.until == found.since


def test_a_day_is_compared_with_the_seven_days_before(store):
    day = period("day", date(2026, 11, 18), store.settings.zone)
    assert (day.week_before.first, day.week_before.last) == (date(2026, 11, 11), date(2026, 11, 17))


@pytest.mark.usefixtures("calls")
def test_what_a_week_came_to(store, lead, week):
    (row,) = figures.by_team(store, lead, week)
    assert (row.now.calls, row.now.judged, row.now.flagged) == (4, 3, 1)
    assert row.now.outcomes == {"agreed": 1, "refused": 1, "follow-up": 1}
    assert (row.now.agreed.hits, row.now.agreed.total) == (2, 3)
    assert row.now.scores["overall"].value == pytest.approx((80 + 60 + 70 + 50) / 4)
    assert (row.before.calls, row.before.scores["overall"].value) == (1, 90)


@pytest.mark.usefixtures("calls")
def test_every_number_is_the_length_of_its_list(store, lead, week):
    (row,) = figures.by_team(store, lead, week)
    span = {"team_id": lead.team_id, "since": week.since, "until": week.until}

    def count(**wanted):
        return listing(store, lead, Filters(**span, **wanted)).total

    assert row.now.calls == count(state="ready")
    assert row.now.judged == count(judged=True)
    assert row.now.flagged == count(state="ready", flagged=True)
    assert all(row.now.outcomes[name] == count(judged=True, outcome=name) for name in row.now.outcomes)
    assert all(row.now.scores[name].count == count(skill=name, scored=True) for name in figures.SCORES)
    found = figures.flags(store, lead, week, lead.team_id)
    assert [(one.rule, one.calls) for one in found] == [("forbidden", count(rule="forbidden"))]


@pytest.mark.usefixtures("calls")
def test_agents_are_ranked_for_their_lead_only(store, lead, agent, outsider, week):
    rows = figures.by_agent(store, lead, week, lead.team_id)
    assert [(row.name, row.now.calls) for row in rows] == [("陈晓", 2), ("赵敏", 2)]
    with pytest.raises(NotFound):
        figures.by_agent(store, outsider, week, lead.team_id)
    with pytest.raises(AccessDenied):
        figures.by_agent(store, agent, week, lead.team_id)


@pytest.mark.usefixtures("calls")
def test_admins_see_all_teams_with_calls_and_calls_without_a_team(store, admin, week):
    store.change("UPDATE calls SET team_id = NULL WHERE id = 1")
    rows = figures.by_team(store, admin, week)
    assert [(row.name, row.now.calls) for row in rows] == [("一组", 3), ("", 1)]
    assert figures.total(rows).now.calls == 4
    assert listing(store, admin, Filters(team_id=figures.NO_TEAM, state="ready")).total == 1


def test_coaching_counts_by_when_it_was_held(store, lead, agent, week):
    session = {"agent_id": agent.id, "lead_id": lead.id, "team_id": lead.team_id, "created_at": "2026-11-01"}
    held = [("held", "2026-11-17T01:00"), ("signed", "2026-11-18T01:00"), ("planned", "2026-11-18T01:00"),
            ("held", "2026-11-10T01:00")]  # fmt: skip
    with store.write() as db:
        for state, at in held:
            db.table("coaching_sessions").insert(session | {"state": state, "held_at": at})
        action = {"session_id": 1, "agent_id": agent.id, "lead_id": lead.id, "team_id": lead.team_id}
        action |= {"skill": "opening", "behaviour": "报姓名", "measure": "score:opening"}
        action |= {"since": "2026-11-01", "until": "2026-12-01"}
        for state in ("kept", "kept", "not-kept", "open"):
            db.table("actions").insert(action | {"state": state, "decided_at": "2026-11-19T01:00"})
    (row,) = figures.by_team(store, lead, week)
    assert (row.now.sessions, row.before.sessions, row.now.kept, row.now.decided) == (2, 1, 2, 3)


def mean(values):
    return Mean(len(values), sum(values), sum(value**2 for value in values))


def test_an_interval_is_that_of_student():
    values = [60 + number % 7 for number in range(25)]
    low, high = mean(values).interval
    half = 2.0639 * statistics.stdev(values) / 5  # the quantile for 24 degrees of freedom, from a table
    assert (high - low) / 2 == pytest.approx(half, abs=0.001)
    assert mean(values[:19]).interval is None


def test_a_change_is_told_only_where_it_is_sure():
    low, high = [60, 61, 62, 63] * 10, [64, 65, 66, 67] * 10
    assert (differs(mean(high), mean(low)), differs(mean(low), mean(high)), differs(mean(low), mean(low))) == (
        "more", "less", "",
    )  # fmt: skip
    assert differs(mean(high[:10]), mean(low)) == ""


EVIL = ["=cmd()", "+1", "-1", "@x", "\t=1", "  =1", "普通", "", None, 3, 4.5]


def test_a_spreadsheet_runs_nothing_it_is_given():
    cells = sheets.as_csv([["名"], EVIL]).decode("utf-8-sig").splitlines()[1]
    assert cells == "'=cmd(),'+1,'-1,'@x,'\t=1,'  =1,普通,,,3,4.5"
    book = CalamineWorkbook.from_filelike(io.BytesIO(sheets.as_xlsx([["名"], EVIL], "一组:[周]"))).get_sheet_by_index(0)
    assert book.to_python()[1] == [*EVIL[:8], "", 3.0, 4.5]


@pytest.mark.usefixtures("calls")
def test_a_table_has_the_period_and_the_one_before(store, lead, week):
    heads = {"name": "团队", "calls": "通话", "overall": "总分", "outcome_agreed": "成交", "before_calls": "上周通话"}
    table = figures.as_table(figures.by_team(store, lead, week), heads)
    assert table == [["团队", "通话", "总分", "成交", "上周通话"], ["一组", 4, 65.0, 1, 1]]
