"""The JSON API does for one-on-ones what the pages do."""

from datetime import timedelta

import pytest

from assist.coaching import sessions
from assist.store.clock import now, stamp
from tests.api import judged
from tests.assist.coaching import past

MEASURE = "criterion:opening/purpose"


@pytest.fixture
def made(store, agent):
    return [
        past.call(store, agent, now() - timedelta(days=n), {"purpose": float(n % 6 == 0), "permission": 1.0})
        for n in range(1, 13)
    ]


@pytest.fixture
def session(store, lead, agent, made):
    return sessions.begin(store, lead, agent.id)


def until(days):
    return (now() + timedelta(days=days)).date().isoformat()


def test_the_brief(browse, agent, made):
    found = browse("lead").get(f"/api/coaching/agents/{agent.id}/brief").json()
    assert (found["agent"], found["calls"], len(found["clips"]), len(found["questions"])) == ("陈晓", 12, 3, 3)
    assert (found["change"]["measure"], found["change"]["met"], found["change"]["calls"]) == (MEASURE, 2, 12)
    assert [line["criterion"] for line in found["strengths"]] == ["permission"]


def test_its_numbers_can_be_recounted(browse, agent, made):
    browser = browse("lead")
    found = browser.get(f"/api/coaching/agents/{agent.id}/brief").json()
    span = {"since": found["since"], "until": found["until"]}
    for line in (found["change"], *found["strengths"]):
        query = span | {"measure": line["measure"]}
        rows = browser.get(f"/api/coaching/agents/{agent.id}/readings", params=query).json()
        assert (line["calls"], line["met"]) == (len(rows), sum(row["value"] for row in rows))


@pytest.mark.parametrize("persona", ["outsider", "editor", "agent", "other_agent"])
def test_nobody_else_gets_a_brief(browse, agent, made, persona):
    assert browse(persona).get(f"/api/coaching/agents/{agent.id}/brief").status_code == 404


def test_a_talk_from_beginning_to_signatures(browse, agent, made):
    lead, address = browse("lead"), "/api/coaching/sessions"
    given = {"moments": [{"call_id": made[0], "start": 8.5}]}
    session = lead.post(f"/api/coaching/agents/{agent.id}/sessions", json=given).json()
    (note,) = session["notes"]
    assert (session["state"], note["quote"]) == ("held", judged.TURNS[3][3])
    address = f"{address}/{session['id']}"
    assert lead.put(f"{address}/notes/{note['id']}", json={"words": "听到了"}).status_code == 204
    extra = lead.post(f"{address}/notes", json={"words": "多余"}).json()
    assert lead.delete(f"{address}/notes/{extra['id']}").status_code == 204
    assert lead.put(f"{address}/summary", json={"words": "说来意"}).status_code == 204
    action = lead.post(
        f"{address}/actions", json={"behaviour": "先说来意", "measure": MEASURE, "until": until(9)}
    ).json()
    assert (action["state"], action["skill"], action["measured"]) == ("open", "opening", "Purpose said")
    assert browse("agent").post(f"{address}/sign").status_code == 409
    assert lead.post(f"{address}/sign").json()["state"] == "held"
    assert lead.post(f"{address}/unsign").json()["lead_signed_at"] is None
    lead.post(f"{address}/sign")
    assert browse("agent").post(f"{address}/sign").json()["state"] == "signed"
    assert lead.delete(f"/api/coaching/actions/{action['id']}").status_code == 409
    assert lead.post(f"{address}/remarks", json={"words": "继续"}).json()["remark"]
    found = lead.get(address).json()
    assert [one["words"] for one in found["notes"]] == ["听到了", "继续"]
    assert (found["summary"], found["actions"][0]["behaviour"]) == ("说来意", "先说来意")
    assert [one["id"] for one in lead.get(f"/api/coaching/agents/{agent.id}/sessions").json()] == [session["id"]]


def test_a_talk_is_planned_held_and_called_off(browse, agent):
    lead = browse("lead")
    given = {"planned_for": "2030-01-02T10:00:00+08:00"}
    session = lead.post(f"/api/coaching/agents/{agent.id}/sessions", json=given).json()
    assert session["state"] == "planned"
    address = f"/api/coaching/sessions/{session['id']}"
    assert lead.post(f"{address}/hold", json={"held_at": "2020-01-02T10:00:00"}).json()["held_at"][:10] == "2020-01-02"
    assert lead.post(f"{address}/cancel").status_code == 204
    assert lead.get(address).json()["state"] == "cancelled"


def test_an_agreement_says_how_it_stands_and_is_laid_to_rest(browse, store, agent, lead, made):
    browser = browse("lead")
    held = stamp(now() - timedelta(days=6))
    session = browser.post(f"/api/coaching/agents/{agent.id}/sessions", json={"held_at": held}).json()
    address = f"/api/coaching/sessions/{session['id']}"
    given = {"behaviour": "先说来意", "measure": MEASURE, "until": until(-3)}
    action = browser.post(f"{address}/actions", json=given).json()
    found = browser.get(f"/api/coaching/actions/{action['id']}").json()
    assert (found["change"], len(found["before"])) == (None, 7)
    browser.post(f"{address}/sign")
    found = browser.get(f"/api/coaching/actions/{action['id']}").json()
    assert (found["action"]["state"], found["action"]["returned"], found["change"]["low"]) == ("unclear", True, None)
    assert [one["kind"] for one in browser.get("/api/coaching/reminders").json()] == ["returned", "unsigned"]
    rested = browser.post(f"/api/coaching/actions/{action['id']}/rest", json={"words": "通话太少"}).json()
    assert (rested["returned"], rested["settled_note"]) == (False, "通话太少")
    assert [one["id"] for one in browser.get(f"/api/coaching/agents/{agent.id}/actions").json()] == [action["id"]]


def test_what_can_be_measured(browse, agent, made):
    groups = browse("lead").get(f"/api/coaching/agents/{agent.id}/measures").json()
    keys = {choice["key"]: choice["title"] for group in groups for choice in group["choices"]}
    assert keys["point:broadband/ask-for-order"] == "Says: 邀请办理"
    assert keys["step:broadband/busy/acknowledge"] == "没时间 · 认同"
    assert {"score:opening", MEASURE, "never:pushed-on", "never:forbidden"} <= set(keys)


@pytest.mark.parametrize("persona", ["outsider", "editor", "other_agent"])
def test_to_others_a_talk_does_not_exist(browse, session, persona):
    browser = browse(persona)
    assert browser.get(f"/api/coaching/sessions/{session.id}").status_code == 404
    assert browser.post(f"/api/coaching/sessions/{session.id}/sign").status_code == 404
    assert browser.get("/api/coaching/reminders").json() == []
