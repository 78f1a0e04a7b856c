"""One item of the queue: assign, put off, dismiss; who holds how much; the same for machines."""

from datetime import timedelta

import pytest

from assist.calls.calls import Call
from assist.coaching import queue
from assist.people import users
from assist.people.users import User
from assist.store import Store
from assist.store.clock import now
from tests.api.conftest import Browse


@pytest.fixture
def second(store: Store) -> User:
    return users.create(store, "gao", "高洁", "lead", "correct horse battery", team="一组")


def test_it_says_why_by_which_rule_of_which_version(browse: Browse, call: Call) -> None:
    page = browse("lead").get(f"/queue/items/{call.id}").text
    assert "承诺了终身免费" in page
    assert "Something forbidden was said" in page
    assert 'href="/rules#forbidden">r@1<' in page


@pytest.mark.parametrize(("persona", "status"), [("agent", 403), ("editor", 403), ("outsider", 404), ("admin", 200)])
def test_who_may(browse: Browse, call: Call, persona: str, status: int) -> None:
    browser = browse(persona)
    assert browser.get(f"/queue/items/{call.id}").status_code == status
    if status != 200:
        for act in ("claim", "assign", "snooze", "wake", "done", "dismiss"):
            data = {"reason": "x", "until": (now() + timedelta(days=2)).date().isoformat()}
            assert browser.post(f"/queue/items/{call.id}/{act}", data=data).status_code == status


def test_it_is_given_to_somebody_put_off_and_dismissed(
    browse: Browse, store: Store, call: Call, second: User, lead: User
) -> None:
    browser, at = browse("lead"), f"/queue/items/{call.id}"
    browser.post(f"{at}/assign", data={"lead": str(second.id)})
    assert "for 高洁" in browser.get("/queue").text
    day = (now() + timedelta(days=3)).date().isoformat()
    assert browser.post(f"{at}/snooze", data={"until": day, "reason": "休假"}).status_code == 303
    assert "休假" in browser.get("/queue?show=later").text
    assert "休假" not in browser.get("/queue").text
    browser.post(f"{at}/wake")
    data = {"kind": "false-alarm", "reason": "是客户说的", "wrong": "forbidden"}
    assert browser.post(f"{at}/dismiss", data=data).status_code == 303
    assert queue.state_of(store, call.id) == "dismissed"
    assert browser.get(at).status_code == 404


@pytest.mark.parametrize(
    ("act", "data"),
    [("snooze", {"until": "", "reason": "x"}), ("snooze", {"until": "2020-01-01", "reason": "x"}),
     ("dismiss", {"reason": " "}), ("dismiss", {"reason": "x", "kind": "odd"})],
)  # fmt: skip
def test_what_is_missing_is_told_where_it_was_typed(browse: Browse, call: Call, act: str, data: dict[str, str]) -> None:
    answer = browse("lead").post(f"/queue/items/{call.id}/{act}", data=data)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "Why it is here" in answer.text


def test_what_another_works_on_is_not_dismissed(browse: Browse, store: Store, call: Call, second: User) -> None:
    queue.claim(store, second, call.id)
    answer = browse("lead").post(f"/queue/items/{call.id}/dismiss", data={"reason": "x"})
    assert answer.status_code == 409
    assert "高洁" in answer.text


def test_filters_stay_in_the_address(browse: Browse, call: Call, agent: User) -> None:
    browser = browse("lead")
    page = browser.get("/queue?rule=forbidden&severity=critical&days=").text
    assert agent.name in page
    assert "/claim?rule=forbidden&amp;severity=critical" in page
    assert "Nothing under this view" in browser.get("/queue?rule=stumbling").text
    answer = browser.post(f"/queue/{agent.id}/claim?rule=forbidden")
    assert answer.headers["location"] == "/queue?rule=forbidden"


def test_loads_lead_to_their_items(browse: Browse, store: Store, call: Call, lead: User) -> None:
    browser = browse("lead")
    assert 'href="/queue?show=free">1<' in browser.get("/queue/leads").text
    queue.claim(store, lead, call.id)
    assert f'href="/queue?holder={lead.id}">1<' in browser.get("/queue/leads").text
    assert f'href="/calls/{call.id}' in browser.get(f"/queue?holder={lead.id}").text


def test_machines_do_the_same(browse: Browse, call: Call, second: User) -> None:
    machine = browse("lead")
    at = f"/api/queue/{call.id}"
    assert machine.get(at).json()["flags"][0]["rubric"] == "r@1"
    assert machine.post(f"{at}/assign", json={"lead_id": second.id}).status_code == 204
    assert machine.get("/api/queue").json()[0]["calls"][0]["assigned_to"] == "高洁"
    until = (now() + timedelta(days=2)).isoformat()
    assert machine.post(f"{at}/snooze", json={"until": until, "reason": "出差"}).status_code == 204
    assert machine.get("/api/queue").json() == []
    assert machine.get("/api/queue?show=later").json()[0]["total"] == 1
    assert machine.post(f"{at}/wake").status_code == 204
    assert [one["items"] for one in machine.get("/api/queue/leads").json()] == [0, 0, 1]
    assert browse("outsider").get(at).status_code == 404
    assert machine.post(f"{at}/dismiss", json={"reason": "听错", "kind": "false-alarm"}).status_code == 204
