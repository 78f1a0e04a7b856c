"""One finding on its page: accepted or disputed by the agent, kept or changed by the lead."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from assist import pipeline
from assist.calls import calls
from assist.calls.calls import Call
from assist.coaching import disputes, verdicts
from assist.people.users import User
from assist.store import Store
from tests.api.conftest import Browse
from tests.weighing import LINES, take

PROMISE, BUSY = "forbidden:free-for-life@6.0", "objection:busy@4.0"


@pytest.fixture
def call(store: Store, upload: Callable[..., Call], agent: User) -> Call:
    return take(store, upload(agent, *LINES))


def finding(browser: TestClient, call: Call, name: str = PROMISE) -> Response:
    return browser.get(f"/calls/{call.id}/finding", params={"name": name})


def rule(browser: TestClient, call: Call, name: str = PROMISE, **form: object) -> Response:
    sent = {"decision": "change", "reason": "listened again", **form}
    return browser.post(f"/calls/{call.id}/finding", params={"name": name}, data=sent)


def dispute(browser: TestClient, call: Call, name: str = PROMISE) -> Response:
    return browser.post(f"/calls/{call.id}/finding/dispute", data={"name": name, "reason": "I said maintenance"})


class TestOnTheCallPage:
    def test_the_agent_may_accept_or_dispute_and_the_lead_rule(self, browse: Browse, call: Call) -> None:
        agent, lead = (browse(who).get(f"/calls/{call.id}").text for who in ("agent", "lead"))
        assert f'value="{PROMISE}">Accept<' in agent
        assert "name=forbidden%3Afree-for-life%406.0" in agent
        assert "Rule on it" not in agent
        assert "Rule on it" in lead
        assert ">Accept<" not in lead

    def test_accepting_takes_one_click(self, browse: Browse, call: Call) -> None:
        browser = browse("agent")
        form, address = {"name": PROMISE}, f"/calls/{call.id}/finding/accept"
        told = browser.post(address, data=form, headers={"HX-Request": "true"}).text
        assert "Accepted" in told
        assert "<html" not in told
        assert browser.post(address, data=form).status_code == 303

    def test_the_machines_score_stands_beside_the_one_that_holds(
        self, browse: Browse, call: Call, store: Store
    ) -> None:
        rule(browse("lead"), call, **{"is": "none"})
        shown = browse("agent").get(f"/calls/{call.id}").text
        assert f"machine {call.overall}<" in shown
        assert f">{calls.load(store, call.id).overall}<" in shown
        assert "listened again" in shown

    def test_one_that_fits_no_longer_is_marked(self, browse: Browse, call: Call, store: Store) -> None:
        rule(browse("lead"), call, **{"is": "none"})
        store.change("UPDATE finding_verdicts SET fits = 0")
        assert "No longer fits" in browse("lead").get(f"/calls/{call.id}").text
        assert "judged again since" in finding(browse("lead"), call).text


class TestADispute:
    def test_it_is_raised_decided_and_answered(self, browse: Browse, call: Call, store: Store) -> None:
        agent, lead = browse("agent"), browse("lead")
        assert dispute(agent, call).headers["location"].startswith(f"/calls/{call.id}/finding?name=")
        (asked,) = disputes.of_call(store, call.id)
        assert "Your decision on the dispute" in finding(lead, call).text
        assert rule(lead, call, dispute=asked.id, **{"is": "none"}).status_code == 303
        for browser in (agent, lead):
            told = finding(browser, call).text
            assert "I said maintenance" in told
            assert "listened again" in told
        assert disputes.of_call(store, call.id)[0].state == "changed"

    def test_the_agent_takes_it_back(self, browse: Browse, call: Call, store: Store) -> None:
        agent = browse("agent")
        dispute(agent, call)
        (asked,) = disputes.of_call(store, call.id)
        assert agent.post(f"/calls/{call.id}/finding/withdraw/{asked.id}").status_code == 303
        assert disputes.of_call(store, call.id)[0].state == "withdrawn"

    def test_two_leads_at_once(self, browse: Browse, call: Call) -> None:
        lead, admin = browse("lead"), browse("admin")
        for browser in (lead, admin):
            assert 'name="seen" value="0"' in finding(browser, call).text
        assert rule(lead, call, seen=0, **{"is": "none"}).status_code == 303
        refused = rule(admin, call, seen=0, decision="keep")
        assert refused.status_code == 409
        assert "刘洋" in refused.text

    def test_one_about_a_finding_that_is_gone_is_answered(
        self, browse: Browse, call: Call, store: Store, lead: User
    ) -> None:
        dispute(browse("agent"), call)
        (asked,) = disputes.of_call(store, call.id)
        take(store, pipeline.correct(store, lead, call.id, 3, text="这个宽带有优惠。"))
        page = finding(browse("lead"), call).text
        assert "judged again since" in page
        assert "Answer and close the dispute" in page
        assert rule(browse("lead"), call, decision="keep", dispute=asked.id).status_code == 303
        assert "listened again" in browse("agent").get("/disputes?state=all").text


class TestWhatALeadRules:
    @pytest.mark.parametrize(
        ("name", "form", "part", "expected"),
        [
            (BUSY, {"is": "other", "outcome": "ended", "steps": ["acknowledge"]}, "objections", "other"),
            ("point:ask-for-order", {"status": "partial", "turn": "5"}, "points", "partial"),
            ("point:confirm-identity", {"status": "missed"}, "points", "missed"),
        ],
    )
    def test_each_kind(
        self, browse: Browse, call: Call, store: Store, name: str, form: dict[str, object], part: str, expected: str
    ) -> None:
        assert rule(browse("lead"), call, name, **form).status_code == 303
        found = calls.analysis(store, calls.load(store, call.id))[part]
        assert expected in [one[key] for one in found for key in ("id", "status") if key in one]

    def test_a_criterion(self, browse: Browse, call: Call, store: Store) -> None:
        assert rule(browse("lead"), call, "criterion:opening/courteous", value="0.5").status_code == 303
        lines = calls.analysis(store, calls.load(store, call.id))["scores"]["opening"]["criteria"]
        assert next(line["value"] for line in lines if line["id"] == "courteous") == 0.5

    def test_what_was_not_found_is_added(self, browse: Browse, call: Call, store: Store) -> None:
        lead = browse("lead")
        assert "Add the objection" in lead.get(f"/calls/{call.id}/findings/new").text
        form = {"kind": "objection", "turn": "4", "id": "other", "outcome": "ended", "reason": "sounded unwilling"}
        assert lead.post(f"/calls/{call.id}/findings/new", data=form).status_code == 303
        assert [one["turn"] for one in calls.analysis(store, calls.load(store, call.id))["objections"]] == [2, 4]
        assert "objection:other@8.0" in [one.name for one in verdicts.standing(store, call.id)]
        assert "sounded unwilling" in finding(lead, call, "objection:other@8.0").text

    def test_without_a_reason_nothing_happens(self, browse: Browse, call: Call, store: Store) -> None:
        assert rule(browse("lead"), call, reason="", **{"is": "none"}).status_code == 422
        assert verdicts.history(store, call.id) == []


@pytest.mark.parametrize(
    ("persona", "read", "write"),
    [("agent", 200, 403), ("other_agent", 404, 404), ("outsider", 404, 404), ("editor", 404, 404)],
)
def test_nobody_else(browse: Browse, call: Call, persona: str, read: int, write: int) -> None:
    browser = browse(persona)
    assert finding(browser, call).status_code == read
    assert rule(browser, call, **{"is": "none"}).status_code == write
    assert browser.get(f"/calls/{call.id}/findings/new").status_code == write


def test_a_name_that_means_nothing(browse: Browse, call: Call) -> None:
    for name in ("x", "point:nothing", "forbidden:free-for-life@9", "flag:@"):
        assert finding(browse("lead"), call, name).status_code == 404
