"""Keeping, holding and deleting for machines."""

import io
import json
import zipfile

import pytest

from assist.calls.details import Details
from assist.privacy import deletion
from tests.assist.privacy.lived import CUSTOMER, LINES, LONG_AGO


@pytest.fixture
def old(judged, agent):
    return judged(agent, *LINES, details=Details(customer=CUSTOMER, called_at=LONG_AGO))


@pytest.fixture
def api(browse):
    return browse("admin")


def test_a_rule_is_previewed_set_and_taken_back(api, old):
    days = {"recordings": 40, "transcripts": 50}
    path = "/api/privacy/retention/broadband"
    assert api.post(f"{path}/preview", json=days).json()["calls"] == {"recordings": 1, "transcripts": 1, "findings": 0}
    assert api.put(path, json=days).json()["own"] is True
    assert {rule["campaign"]: rule["recordings"] for rule in api.get("/api/privacy/retention").json()} == {
        "": None, "broadband": 40,
    }  # fmt: skip
    assert api.delete(path).status_code == 204
    assert api.get("/api/privacy/retention").json()[1]["own"] is False
    assert api.put(path, json={"recordings": 5}).json()["error"]["code"] == "BelowFloor"


def test_holds_are_listed(api, old):
    assert api.post("/api/privacy/holds", json={"call_id": old.id, "reason": "诉讼"}).status_code == 204
    (hold,) = api.get("/api/privacy/holds").json()
    assert (hold["call_id"], hold["why"], hold["reason"]) == (old.id, "hold", "诉讼")
    api.delete(f"/api/privacy/holds/{old.id}")
    assert api.get("/api/privacy/holds").json() == []


def test_a_deletion_is_ordered_and_asked_for_until_it_is_done(api, old, store):
    assert [one["id"] for one in api.post("/api/privacy/customers", json={"customer": CUSTOMER}).json()] == [old.id]
    ordered = api.post("/api/privacy/deletions", json={"customer": CUSTOMER, "reason": "客户要求"})
    assert (ordered.status_code, ordered.json()["state"]) == (202, "running")
    deletion.carry_on(store)
    done = api.get(f"/api/privacy/deletions/{ordered.json()['id']}").json()
    assert (done["state"], done["gone"], done["certificate"]["clean"]) == ("done", 1, True)
    assert api.get("/api/privacy/deletions").json()["total"] == 1
    assert [line["state"] for line in api.get("/api/privacy/ledger").json()] == ["gone"]
    assert api.post("/api/privacy/admissions", json={"sha256": old.sha256, "reason": "同意"}).status_code == 204


def test_a_deletion_needs_somebody(api):
    wrong = api.post("/api/privacy/deletions", json={"reason": "x"})
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (422, "NothingFound")


def test_a_copy_is_a_zip_with_a_list(api, old):
    answer = api.post("/api/privacy/hand-outs", json={"customer": CUSTOMER})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert json.loads(archive.read("index.json"))["format"] == "assist-customer/1"
