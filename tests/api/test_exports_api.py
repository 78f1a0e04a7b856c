"""Findings for a warehouse, as a machine fetches them."""

import pytest

from assist.calls.calls import Call
from assist.people.users import User
from assist.store import Store
from tests.api.conftest import Browse

ADDRESS = "/api/findings"


def test_a_table_comes_with_its_watermark(browse: Browse, call: Call) -> None:
    found = browse("admin").get(f"{ADDRESS}/points").json()
    assert (found["format"], found["table"], found["more"]) == ("assist-export/1", "points", False)
    assert {row["call_id"] for row in found["rows"]} == {call.id}
    again = browse("admin").get(f"{ADDRESS}/points", params={"after": found["watermark"]}).json()
    assert again["rows"] == []
    assert again["watermark"] == found["watermark"]


def test_as_csv_the_watermark_is_in_the_headers(browse: Browse, call: Call) -> None:
    answer = browse("lead").get(f"{ADDRESS}/calls?format=csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["assist-more"] == "0"
    assert int(answer.headers["assist-watermark"]) > 0
    assert answer.text.splitlines()[1].startswith(f"{call.id},")


def test_leads_get_their_team_and_others_nothing(browse: Browse, call: Call) -> None:
    assert browse("outsider").get(f"{ADDRESS}/calls").json()["rows"] == []
    assert [browse(who).get(f"{ADDRESS}/calls").status_code for who in ("agent", "editor")] == [403, 403]


@pytest.mark.parametrize("query", ["after=-1", "limit=0", "limit=100000", "since=yesterday", "format=xml"])
def test_what_cannot_be_asked_is_refused(browse: Browse, query: str) -> None:
    assert browse("admin").get(f"{ADDRESS}/calls?{query}").status_code == 422
    assert browse("admin").get(f"{ADDRESS}/nothing").status_code == 404


def test_a_period_is_of_calls(browse: Browse, call: Call) -> None:
    browser = browse("admin")
    assert browser.get(f"{ADDRESS}/calls?until=2000-01-01T00:00").json()["rows"] == []
    assert len(browser.get(f"{ADDRESS}/calls?since=2000-01-01T00:00").json()["rows"]) == 1


def test_taking_findings_out_is_noted(browse: Browse, store: Store, call: Call, admin: User) -> None:
    browse("admin").get(f"{ADDRESS}/flags")
    noted = store.value("SELECT object FROM audit WHERE action = 'findings.export' AND user_id = ?", [admin.id])
    assert noted == "export:flags"
