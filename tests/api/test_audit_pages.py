"""The audit for administrators, and what everybody leaves in it."""

import csv
import io
import json

import pytest

from api.context import COOKIE
from assist.calls.calls import Call
from assist.people import audit, audit_check
from assist.people.users import User
from assist.store import Store
from tests.api.conftest import Browse


def actions(store: Store, about: str) -> list[tuple[str, str]]:
    return [(entry.login, entry.action) for entry in reversed(audit.listing(store, about=about))]


@pytest.mark.parametrize("address", ["/audit", "/audit.csv", "/audit.jsonl", "/status"])
@pytest.mark.parametrize(("persona", "status"), [("admin", 200), ("lead", 403), ("agent", 403), ("editor", 403)])
def test_only_administrators_read_it(browse: Browse, persona: str, status: int, address: str) -> None:
    assert browse(persona).get(address).status_code == status


def test_entries_are_told_in_words_and_lead_to_what_they_are_about(browse: Browse, call: Call) -> None:
    browser = browse("admin")
    browser.get(f"/calls/{call.id}")
    page = browser.get("/audit").text
    assert "opened a call" in page
    assert f'href="/calls/{call.id}"' in page


def test_filters_narrow_the_entries(browse: Browse, store: Store, agent: User, admin: User) -> None:
    for number in range(3):
        audit.record(store, admin, "call.open", f"call:{number}")
    audit.record(store, agent, "call.upload", "call:2")
    browser = browse("admin")

    def rows(query: str) -> int:
        return browser.get(f"/audit?{query}").text.count("<tr>") - 1

    assert rows("object=call:2") == 2
    assert rows(f"object=call:2&person={agent.id}") == 1
    assert rows("action=call.open") == 3
    assert rows("person=0&action=call.open") == -1  # nothing, not even a table
    assert rows("until=2020-01-01") == -1
    assert rows("since=2020-01-01&action=call.open") == 3
    assert rows("action=call.open&since=yesterday&page=x") == 3  # what cannot be read is left out


def test_entries_come_in_pages(browse: Browse, store: Store) -> None:
    with store.write():
        for number in range(60):
            audit.record(store, None, "call.open", f"call:{number}")
    browser = browse("admin")
    first, second = (browser.get(f"/audit?action=call.open&page={page}").text for page in (1, 2))
    assert first.count("<tr>") == 51
    assert second.count("<tr>") == 11
    assert 'rel="next"' in first
    assert "60 entries" in first


def test_a_file_holds_all_that_matches_and_is_noted_itself(browse: Browse, store: Store) -> None:
    with store.write():
        for number in range(1200):
            audit.record(store, None, "call.open", f"call:{number}")
    browser = browse("admin")
    lines = [json.loads(line) for line in browser.get("/audit.jsonl?action=call.open").text.splitlines()]
    assert [line["object"] for line in lines] == [f"call:{number}" for number in range(1200)]
    assert all(len(line["hash"]) == 64 for line in lines)
    noted = audit.listing(store, about="audit")[0]
    assert (noted.login, noted.action, noted.detail["action"]) == ("root", "audit.export", "call.open")


def test_a_table_is_harmless_in_a_spreadsheet(browse: Browse, store: Store) -> None:
    audit.record(store, None, "call.open", "=cmd|'/c calc'!A1")
    text = browse("admin").get("/audit.csv?action=call.open").content.decode("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(text)))
    assert row["object"].startswith("'=")


def test_a_check_says_whether_it_is_whole(browse: Browse, store: Store) -> None:
    browser = browse("admin")
    assert "The audit is whole" in browser.post("/audit/check").text
    (store.settings.data / "audit.head").unlink()
    assert "audit.head is missing" in browser.post("/audit/check").text
    assert "does not end where it should" in browser.get("/status").text


def test_machines_read_the_entries_the_end_and_all_of_it(browse: Browse, store: Store, admin: User) -> None:
    audit.record(store, admin, "call.open", "call:7", turn=3)
    browser = browse("admin")
    told = browser.get("/api/audit?object=call:7").json()
    assert told["total"] == 1
    assert told["entries"][0] | {"id": 0, "at": ""} == {
        "id": 0, "at": "", "user_id": admin.id, "login": "root", "action": "call.open", "object": "call:7",
        "detail": {"turn": 3},
    }  # fmt: skip
    end = browser.get("/api/audit/head").json()
    assert end["entry"] == store.value("SELECT max(id) FROM audit")
    assert end["hash"] == store.value("SELECT lower(hex(hash)) FROM audit ORDER BY id DESC LIMIT 1")
    assert browser.get("/api/audit/export?object=call:7").text.count("\n") == 1
    assert browse("lead").get("/api/audit").status_code == 403


def test_hearing_a_call_leaves_one_trace_however_many_parts_are_asked_for(
    browse: Browse, store: Store, call: Call
) -> None:
    lead = browse("lead")
    for part in ("bytes=0-9", "bytes=10-19"):
        lead.get(f"/calls/{call.id}/audio", headers={"range": part})
    browse("agent").get(f"/api/calls/{call.id}/audio")
    browse("outsider").get(f"/calls/{call.id}/audio")
    heard = [who for who, action in actions(store, f"call:{call.id}") if action == "call.hear"]
    assert heard == ["liu", "chen"]


@pytest.mark.parametrize("part", ["analysis", "transcript", "analysis/machine"])
def test_findings_that_a_machine_takes_out_leave_a_trace(browse: Browse, store: Store, call: Call, part: str) -> None:
    assert browse("lead").get(f"/api/calls/{call.id}/{part}").status_code == 200
    assert ("liu", "analysis.export") in actions(store, f"call:{call.id}")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_figures_taken_out_leave_a_trace(browse: Browse, store: Store, kind: str) -> None:
    assert browse("lead").get(f"/figures.{kind}").status_code == 200
    noted = audit.listing(store, about="figures")[0]
    assert (noted.login, noted.action, noted.detail["kind"]) == ("liu", "figures.export", kind)


def test_whatever_people_do_the_chain_holds(browse: Browse, store: Store, call: Call) -> None:
    for persona in ("admin", "lead", "agent"):
        browser = browse(persona)
        browser.get(f"/calls/{call.id}")
        browser.get("/search?q=您好")
        browser.cookies.delete(COOKIE)
    assert audit_check.verify(store).whole
