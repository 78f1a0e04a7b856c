"""One-on-ones in the browser: the brief, the talk, what came of it, and who sees what."""

import re
from datetime import timedelta

import pytest

from assist.coaching import agreements, followup, queue, sessions
from assist.coaching.sessions import Moment
from assist.store.clock import now
from tests.api import judged
from tests.assist.coaching import past

HARDLY = [[0.0, 0.0, 0.0, 0.0, 1.0]] * 7


@pytest.fixture
def made(store, agent, other_agent):
    """Two weeks of calls of an agent who hardly says the purpose, and asks for time."""
    own = [
        past.call(
            store, agent, now() - timedelta(days=n), {"purpose": float(n % 6 == 0), "permission": 1.0}, overall=50
        )
        for n in range(1, 13)
    ]
    past.call(store, other_agent, now() - timedelta(days=2), {"purpose": 1.0, "permission": 0.0})
    return own


@pytest.fixture
def session(store, lead, agent, made):
    return sessions.begin(store, lead, agent.id, [Moment(made[0], 8.5, "终身免费")])


def linked(text, label):
    """The address behind a number, by the words before it."""
    return re.search(rf"{label}\s*<a href=\"([^\"]+)\"", text).group(1).replace("&amp;", "&")


def calls_on(page):
    return {int(number) for number in re.findall(r'class="call-link" href="/calls/(\d+)', page)}


def until(days):
    return (now() + timedelta(days=days)).date().isoformat()


def test_the_brief_shows_strengths_one_thing_clips_and_questions(browse, agent, made):
    page = browse("lead").get(f"/coaching/agents/{agent.id}/brief").text
    for text in (
        "Purpose said",
        "Permission asked",
        "the last 12 calls",
        "costs 42 points a call",
        "Listen together",
        "what would you think",
    ):
        assert text in page
    assert page.count("data-clip=") == 3
    assert f'href="/calls/{made[0]}#t=6.5"' in page


def test_every_number_of_the_brief_leads_to_its_calls(browse, agent, made):
    browser = browse("lead")
    page = browser.get(f"/coaching/agents/{agent.id}/brief").text
    missing = browser.get(linked(page, "missing in")).text
    assert calls_on(missing) == set(made) - {made[5], made[11]}
    assert calls_on(browser.get(linked(page, "done in")).text) == set(made)
    others = browser.get(linked(page, "the others of the team in").replace("met=1&", "")).text
    assert len(calls_on(others)) == 1
    assert calls_on(others).isdisjoint(made)


def test_without_calls_the_brief_says_so(browse, other_agent):
    assert "No calls to talk about yet" in browse("lead").get(f"/coaching/agents/{other_agent.id}/brief").text


@pytest.mark.parametrize(
    ("persona", "status"), [("lead", 200), ("admin", 200), ("outsider", 404), ("editor", 404), ("agent", 404)]
)
def test_who_sees_a_brief(browse, agent, made, persona, status):
    assert browse(persona).get(f"/coaching/agents/{agent.id}/brief").status_code == status


@pytest.mark.parametrize(
    ("persona", "status"),
    [("lead", 200), ("agent", 200), ("admin", 200), ("outsider", 404), ("editor", 404), ("other_agent", 404)],
)
def test_who_sees_a_talk_and_the_page_of_an_agent(browse, agent, session, persona, status):
    browser = browse(persona)
    assert browser.get(f"/coaching/sessions/{session.id}").status_code == status
    assert browser.get(f"/coaching/agents/{agent.id}").status_code == status


def test_a_talk_begins_from_the_brief(browse, store, agent, made):
    browser = browse("lead")
    page = browser.get(f"/coaching/agents/{agent.id}/brief").text
    moments = re.findall(r'name="moment" value="([^"]+)"', page)
    answer = browser.post(f"/coaching/agents/{agent.id}/sessions", data={"moment": moments})
    page = browser.get(answer.headers["location"]).text
    assert page.count('<q lang="zh">') == 3
    assert "Purpose said" in page


def test_a_talk_begins_from_the_queue_and_closes_what_was_talked_about(browse, store, agent, made):
    queue.put(store, made[0], judged.report())
    browser = browse("lead")
    answer = browser.post(f"/coaching/agents/{agent.id}/sessions", data={"moment": str(made[0])})
    page = browser.get(answer.headers["location"]).text
    assert "就一分钟，这个宽带终身免费，给您办了吧。" in page
    browser.post(answer.headers["location"] + "/sign")
    assert queue.state_of(store, made[0]) == "done"


def test_a_talk_from_notes_to_both_signatures(browse, store, agent, lead, session, made):
    browser, address = browse("lead"), f"/coaching/sessions/{session.id}"
    note = sessions.notes(store, session)[0]
    browser.post(f"{address}/notes/{note.id}", data={"words": "客户不知道谁打来的"})
    browser.post(f"{address}/notes", data={"words": "语气很好", "call": str(made[1]), "second": "0:15"})
    browser.post(f"{address}/summary", data={"summary": "先说来意"})
    given = {"behaviour": "第一句说来意", "measure": "criterion:opening/purpose", "until": until(14)}
    browser.post(f"{address}/actions", data=given)
    page = browser.get(address).text
    for text in ("客户不知道谁打来的", "语气很好", "不用了。", "先说来意", "第一句说来意", "Running"):
        assert text in page
    browser.post(f"{address}/sign")
    other = browse("agent")
    assert "Read it through" in other.get(address).text
    other.post(f"{address}/sign")
    other.post(f"{address}/remarks", data={"words": "我会试试"})
    page = browser.get(address).text
    assert "Signed by both" in page
    assert "我会试试" in page
    assert "<textarea" in page  # the remark alone
    assert f"{address}/notes" not in page


def test_what_is_wrong_is_said(browse, session):
    browser, address = browse("lead"), f"/coaching/sessions/{session.id}"
    for data in ({"behaviour": "做", "measure": "mood", "until": until(3)}, {"behaviour": "做", "until": "soon"}):
        assert browser.post(f"{address}/actions", data=data).status_code == 422
    for second in ("abc", "inf", "1:2:3:4", "-5"):
        assert browser.post(f"{address}/notes", data={"call": "1", "second": second}).status_code == 422
    assert browser.get("/coaching/agents/1/calls?measure=nonsense").status_code == 422
    assert browser.post("/coaching/agents/1/sessions", data={"moment": "x@y"}).status_code == 422


def test_a_talk_is_planned_moved_held_or_called_off(browse, store, agent, lead):
    browser = browse("lead")
    answer = browser.post(f"/coaching/agents/{agent.id}/sessions", data={"planned_for": "2030-01-02T10:00"})
    address = answer.headers["location"]
    browser.post(f"{address}/move", data={"planned_for": "2030-01-03T11:30"})
    assert "Jan 3, 2030 11:30" in browser.get(address).text
    browser.post(f"{address}/hold")
    assert "Not signed yet" in browser.get(address).text
    browser.post(f"{address}/cancel")
    assert "Called off" in browser.get(address).text


def test_agents_read_what_their_lead_has_signed(browse, store, lead, session, agent, made):
    sessions.note(store, lead, session.id, "先听听")
    agreements.agree(store, lead, session.id, "先说来意", "criterion:opening/purpose", now().date() + timedelta(days=9))
    browser, address = browse("agent"), f"/coaching/sessions/{session.id}"
    for text in (browser.get(address).text, browser.get(f"/api{address}").text):
        assert "先听听" not in text
        assert "先说来意" not in text
    assert "先说来意" not in browser.get(f"/coaching/agents/{agent.id}").text
    sessions.sign(store, lead, session.id)
    assert "先听听" in browser.get(address).text
    assert "先听听" in browser.get(f"/api{address}").text
    assert "先说来意" in browser.get(f"/coaching/agents/{agent.id}").text


def test_calls_that_are_not_released_stay_closed_to_the_agent(browse, store, agent, lead, came_back):
    followup.settle(store, [agent.id])
    found = followup.progress(store, agreements.get(store, lead, came_back.id))
    hidden = found.after[-1].call_id
    store.change("UPDATE calls SET held = 1 WHERE id = ?", [hidden])
    page = browse("agent").get(f"/coaching/actions/{came_back.id}/calls").text
    assert calls_on(page) == {one.call_id for one in found.after} - {hidden}
    assert "1 more is not open to you yet" in page


def test_only_who_leads_writes(browse, session, agent):
    for persona in ("agent", "admin"):
        browser, address = browse(persona), f"/coaching/sessions/{session.id}"
        assert browser.post(f"{address}/notes", data={"words": "x"}).status_code == 404
        assert browser.post(f"{address}/cancel").status_code == 404
        assert browser.post(f"/coaching/agents/{agent.id}/sessions").status_code == 404


@pytest.fixture
def came_back(store, lead, agent):
    """An agreement that was not kept."""
    past.calls(store, agent, HARDLY, "purpose", from_day=-25)
    past.calls(store, agent, HARDLY, "purpose", from_day=-9)
    held = now() - timedelta(days=10)
    session = sessions.begin(store, lead, agent.id, held_at=held)
    end = (held + timedelta(days=8)).astimezone(store.settings.zone).date()
    action = agreements.agree(store, lead, session.id, "先说来意", "criterion:opening/purpose", end)
    sessions.sign(store, lead, session.id)
    return action


def test_what_was_not_kept_comes_back_and_its_numbers_lead_to_the_calls(browse, store, agent, lead, came_back):
    browser = browse("lead")
    assert "Take up again" in browser.get("/coaching").text
    page = browser.get(f"/coaching/agents/{agent.id}").text
    assert "No improvement" in page
    found = followup.progress(store, agreements.get(store, lead, came_back.id))
    for label, side in (("before it", found.before), ("since then", found.after)):
        address = linked(page, label)
        assert calls_on(browser.get(address).text) == {one.call_id for one in side if one.value == 1}
        assert calls_on(browser.get(address.replace("&met=1", "")).text) == {one.call_id for one in side}
    browser.post(f"/coaching/actions/{came_back.id}/rest", data={"why": "换了项目"})
    assert "Take up again" not in browser.get("/coaching").text


def test_it_is_taken_up_again_in_the_next_talk(browse, store, agent, lead, came_back):
    followup.settle(store, [agent.id])
    session = sessions.begin(store, lead, agent.id)
    browser, address = browse("lead"), f"/coaching/sessions/{session.id}"
    assert "Takes up again" in browser.get(address).text
    given = {"behaviour": "再来", "measure": "criterion:opening/purpose", "until": until(7), "follows": came_back.id}
    browser.post(f"{address}/actions", data=given)
    assert "Takes up again" not in browser.get(address).text


def test_agents_find_their_own_page(browse, agent, session):
    browser = browse("agent")
    assert browser.get("/coaching").headers["location"] == f"/coaching/agents/{agent.id}"
    page = browser.get(f"/coaching/agents/{agent.id}").text
    assert "My one-on-ones" in page
    assert "/brief" not in page


def test_reminders_are_each_ones_own(browse, store, session, agent, lead):
    lead_page = browse("lead").get("/coaching").text
    assert "Waits for your signature" in lead_page
    sessions.sign(store, lead, session.id)
    assert "Agent has not signed" in browse("lead").get("/coaching").text
    assert "Waits for your signature" in browse("agent").get(f"/coaching/agents/{agent.id}").text
    assert "signature" not in browse("outsider").get("/coaching").text


def test_the_list_says_whom_one_has_not_talked_with_for_longest(browse, store, session, agent, other_agent):
    page = browse("lead").get("/coaching").text
    assert page.index(other_agent.name) < page.index(f'href="/coaching/agents/{agent.id}"')
    assert browse("editor").get("/coaching").status_code == 404
