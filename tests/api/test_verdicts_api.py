"""What people say of findings, through the JSON API."""

from collections.abc import Callable

import pytest

from assist.calls import calls
from assist.calls.calls import Call
from assist.people.users import User
from assist.store import Store
from tests.api.conftest import Browse
from tests.weighing import LINES, take

PROMISE, BUSY = "forbidden:free-for-life@6.0", "objection:busy@4.0"
GONE = {"finding": PROMISE, "ruling": {"gone": True}, "reason": "misheard"}
STEPS = {"opening": 4, "questioning": None, "rejection_handling": 1}
POINTS = {"skills": {"opening": 70, "questioning": None, "rejection_handling": 10}, "criteria": {"opening/fluent": 1}}


@pytest.fixture
def call(store: Store, upload: Callable[..., Call], agent: User) -> Call:
    return take(store, upload(agent, *LINES))


def test_findings_have_names(browse: Browse, call: Call) -> None:
    names = {one["name"] for one in browse("agent").get(f"/api/calls/{call.id}/findings").json()}
    assert {PROMISE, BUSY, "point:confirm-identity", "criterion:opening/identity", "flag:forbidden@6.0"} <= names


def test_a_verdict_is_made_and_listed_and_the_score_moves(browse: Browse, call: Call, store: Store) -> None:
    lead = browse("lead")
    made = lead.post(f"/api/calls/{call.id}/verdicts", json=GONE).json()
    assert (made["decision"], made["ruling"], made["finding"]) == ("changed", {"gone": True}, PROMISE)
    assert lead.get(f"/api/calls/{call.id}/verdicts").json() == [made]
    stands, machine = (lead.get(f"/api/calls/{call.id}/analysis{part}").json() for part in ("", "/machine"))
    assert (stands["forbidden"], len(machine["forbidden"])) == ([], 1)
    assert lead.get(f"/api/calls/{call.id}").json()["scores"]["overall"] == stands["scores"]["overall"]["value"]
    assert {"rule": "forbidden", "kept": 0, "overturned": 1, "share": 0.0} in lead.get("/api/hit-rates").json()


def test_who_comes_second_is_told(browse: Browse, call: Call) -> None:
    browse("lead").post(f"/api/calls/{call.id}/verdicts", json=GONE | {"seen": 0})
    refused = browse("admin").post(f"/api/calls/{call.id}/verdicts", json=GONE | {"seen": 0})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "DecidedMeanwhile")


def test_a_dispute_from_end_to_end(browse: Browse, call: Call) -> None:
    agent, lead = browse("agent"), browse("lead")
    asked = agent.post(f"/api/calls/{call.id}/disputes", json={"finding": BUSY, "reason": "a question"}).json()
    assert lead.get("/api/disputes?state=open").json()["disputes"] == [asked]
    ruling = {"outcome": "resolved", "steps": ["acknowledge"]}
    answer = {"ruling": ruling, "answer": "agreed"}
    assert lead.post(f"/api/disputes/{asked['id']}/decision", json=answer).json()["dispute_id"] == asked["id"]
    assert lead.post(f"/api/disputes/{asked['id']}/decision", json=answer).status_code == 409
    (told,) = agent.get(f"/api/calls/{call.id}/disputes").json()
    assert (told["state"], told["answer"]) == ("changed", "agreed")


def test_a_finding_is_added_or_accepted(browse: Browse, call: Call, store: Store) -> None:
    added = {"kind": "objection", "id": "other", "turn": 4, "reason": "unwilling"}
    assert browse("lead").post(f"/api/calls/{call.id}/verdicts/added", json=added).json()["added"] is True
    assert len(calls.analysis(store, calls.load(store, call.id))["objections"]) == 2
    assert browse("agent").post(f"/api/calls/{call.id}/accepted", json={"finding": PROMISE}).status_code == 204


def test_ones_own_judgement(browse: Browse, call: Call) -> None:
    agent, lead, address = browse("agent"), browse("lead"), f"/api/calls/{call.id}/self-score"
    given = {"steps": STEPS, "strength": "calm", "change": "ask more"}
    assert agent.post(address, json=given).json()["steps"] == STEPS
    assert lead.get(address).status_code == 404
    agent.post(f"{address}/share", json={"shared": True})
    assert lead.get(address).json()["strength"] == "calm"


def test_blind_scores_and_agreement(browse: Browse, call: Call) -> None:
    lead = browse("lead")
    drawn = lead.post("/api/blind").json()
    assert (drawn["call_id"], drawn["marks"]) == (None, [])
    assert lead.get(f"/api/blind/{drawn['id']}/audio").status_code == 200
    scored = lead.post(f"/api/blind/{drawn['id']}", json=POINTS).json()
    assert scored["call_id"] == call.id
    told = lead.get("/api/honesty").json()
    assert (told["machine"][0]["n"], told["machine"][0]["few"], told["machine"][0]["kappa"]) == (1, True, None)
    (pair,) = lead.get("/api/honesty/calls?skill=opening").json()["pairs"]
    assert (pair["first"], pair["second"]) == (call.opening, 70)
    assert lead.get("/api/campaigns/broadband/labels").content[:2] == b"PK"


@pytest.mark.parametrize(
    ("persona", "address", "status"),
    [
        ("outsider", "/api/calls/{}/verdicts", 404),
        ("other_agent", "/api/calls/{}/findings", 404),
        ("other_agent", "/api/calls/{}/disputes", 404),
        ("agent", "/api/honesty", 403),
        ("agent", "/api/hit-rates", 403),
        ("editor", "/api/campaigns/broadband/labels", 403),
        ("admin", "/api/calls/{}/self-score", 404),
    ],
)
def test_for_whom_it_is(browse: Browse, call: Call, persona: str, address: str, status: int) -> None:
    assert browse(persona).get(address.format(call.id)).status_code == status


@pytest.mark.parametrize(
    "given", [{}, GONE | {"ruling": {"id": "nothing"}}, GONE | {"reason": ""}, GONE | {"ruling": {"turn": 99}}]
)
def test_what_makes_no_sense_is_refused(browse: Browse, call: Call, given: dict[str, object]) -> None:
    assert browse("lead").post(f"/api/calls/{call.id}/verdicts", json=given).status_code == 422
