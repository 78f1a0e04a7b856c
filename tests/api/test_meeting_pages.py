"""The noon hour, the evening meeting and figures in the browser: every number opens the list of calls it counts."""

import io
import re
from collections.abc import Callable
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from python_calamine import CalamineWorkbook

from assist.people.users import User
from assist.store import Store
from tests.api.conftest import Browse
from tests.assist.coaching.told import tell  # noqa: F401

Tell = Callable[..., int]


@pytest.fixture
def calls(tell: Tell, agent: User, other_agent: User) -> list[int]:  # noqa: F811
    return [
        tell(agent, "80 agreed +ask-for-order", 18),
        tell(agent, "60 refused -ask-for-order busy! opening/identity=0.2", 18),
        tell(other_agent, "90 agreed -ask-for-order busy? opening/identity=1.0", 18),
        tell(other_agent, "40 hung-up -ask-for-order other!", 18, "agent: 终身免费"),
        tell(other_agent, "50 no-conversation", 18),
        tell(agent, "70 refused +ask-for-order busy!", 12),
    ]


def total(browser: TestClient, address: str) -> int:
    """How many calls a list tells that it has."""
    page = browser.get(address.replace("&amp;", "&"))
    assert page.status_code == 200
    found = re.search(r'<div class="pager"><span>(\d+) call', page.text)
    return int(found[1]) if found else 0


LINKED = re.compile(
    r'<a class="behind" href="(/calls[^"]+)">([\d.]+)(?: calls?)?(?:<span class="unseen">[^<]*</span>)?</a>'
)


def recount(browser: TestClient, page: str) -> int:
    """Recounts every number of a page from the list behind it; how many there were."""
    found = LINKED.findall(page)
    for address, number in found:
        if "scored=1" in address:
            assert float(number) == pytest.approx(mean_of(browser, address), abs=0.05)
        else:
            assert total(browser, address) == int(number), address
    return len(found)


def mean_of(browser: TestClient, address: str) -> float:
    """The mean of the scores in a list."""
    skill = parse_qs(urlsplit(address.replace("&amp;", "&")).query)["skill"][0]
    title = {"opening": "Opening", "questioning": "Questioning", "rejection_handling": "Objection handling"}
    page = browser.get(address.replace("&amp;", "&")).text
    cells = re.findall(rf'data-label="{title.get(skill, "Overall")}"><span class="score-cell \w+">(\d+)<', page)
    return sum(map(int, cells)) / len(cells)


@pytest.mark.usefixtures("calls")
def test_every_figure_is_recounted_from_its_calls(browse: Browse) -> None:
    browser = browse("lead")
    page = browser.get("/figures?at=2026-11-18&ranking=1").text
    assert recount(browser, page) > 40
    assert "surely" not in re.sub(r"<p>.*?</p>", "", page)


@pytest.mark.usefixtures("calls")
def test_every_count_of_the_evening_is_recounted_from_its_calls(browse: Browse) -> None:
    browser = browse("lead")
    for kind in ("week", "day"):
        page = browser.get(f"/meetings/evening?kind={kind}&at=2026-11-18").text
        assert "邀请办理" in page
        assert recount(browser, page) >= 4


def test_agents_are_not_ranked_unless_asked_for(browse: Browse, calls: list[int]) -> None:
    browser = browse("lead")
    assert "陈晓" not in browser.get("/figures?at=2026-11-18").text
    assert "陈晓" in browser.get("/figures?at=2026-11-18&ranking=1").text
    hidden = browser.get("/figures?at=2026-11-18&ranking=1&names=hidden").text
    assert "陈晓" not in hidden
    assert "Agent 1" in hidden


@pytest.mark.parametrize("path", ["/meetings/noon", "/meetings/evening", "/figures", "/figures.csv"])
@pytest.mark.parametrize("persona", ["agent", "editor"])
def test_meetings_are_for_leads(browse: Browse, persona: str, path: str) -> None:
    assert browse(persona).get(path).status_code == 403


@pytest.mark.parametrize("path", ["/meetings/noon", "/meetings/evening", "/figures"])
def test_nobody_looks_into_another_team(browse: Browse, lead: User, calls: list[int], path: str) -> None:
    browser = browse("outsider")
    assert browser.get(f"{path}?team={lead.team_id}&at=2026-11-18").status_code == 404
    assert "calls?" not in browser.get(f"{path}?at=2026-11-18").text.split("<main")[1]
    assert browse("admin").get(f"{path}?team={lead.team_id}&at=2026-11-18").status_code == 200


@pytest.mark.parametrize("path", ["/meetings/noon", "/meetings/evening", "/figures"])
@pytest.mark.parametrize("query", ["", "?at=rubbish", "?at=9999-12-31", "?kind=year", "?team=x"])
def test_empty_and_odd_addresses_are_answered(browse: Browse, path: str, query: str) -> None:
    assert browse("lead").get(path + query).status_code == 200


def test_the_noon_hour_begins_with_the_latest_day_that_has_calls(browse: Browse, calls: list[int]) -> None:
    page = browse("lead").get("/meetings/noon").text
    assert [int(call) for call in re.findall(r'data-src="/calls/(\d+)/audio"', page)] == [calls[2], calls[3], calls[1]]
    assert 'value="2026-11-18"' in page


def test_the_lead_swaps_a_call_of_the_noon_hour(browse: Browse, calls: list[int]) -> None:
    browser = browse("lead")
    answer = browser.post("/meetings/noon", data={"at": "2026-11-18", "slot": "good", "call": str(calls[0])})
    assert answer.headers["location"] == "/meetings/noon?at=2026-11-18#good"
    assert f'data-src="/calls/{calls[0]}/audio"' in browser.get("/meetings/noon?at=2026-11-18").text
    assert browser.post("/meetings/noon", data={"at": "x", "slot": "good"}).status_code == 422


def test_the_noon_hour_becomes_a_playlist_of_the_team(browse: Browse, calls: list[int], store: Store) -> None:
    answer = browse("lead").post("/meetings/noon/keep", data={"at": "2026-11-18", "names": "hidden"})
    page = browse("other_agent").get(answer.headers["location"]).text
    assert len(re.findall(r'data-src="/clips/\d+/sound"', page)) == 3
    assert "name hidden" in page
    assert "陈晓" not in page
    assert browse("lead").post("/meetings/noon/keep", data={"at": "2020-01-01"}).status_code == 404


@pytest.mark.usefixtures("calls")
def test_names_are_hidden_for_the_projector(browse: Browse) -> None:
    for path in ("/meetings/noon", "/meetings/evening"):
        shown, hidden = (browse("lead").get(f"{path}?at=2026-11-18{names}").text for names in ("", "&names=hidden"))
        assert "陈晓" in shown
        assert "陈晓" not in hidden


def test_figures_go_into_a_spreadsheet(browse: Browse, calls: list[int], store: Store) -> None:
    store.change("UPDATE teams SET name = '=HYPERLINK(1)' WHERE name = '一组'")
    browser = browse("lead")
    answer = browser.get("/figures.csv?at=2026-11-18")
    head, row = answer.content.decode("utf-8-sig").splitlines()
    assert head.startswith("Name,Calls,Judged,Opening")
    assert row.startswith("'=HYPERLINK(1),5,4,64.0")
    assert "figures-week-2026-11-16.csv" in answer.headers["content-disposition"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(browser.get("/figures.xlsx?at=2026-11-18").content))
    assert book.get_sheet_by_index(0).to_python()[1][:3] == ["=HYPERLINK(1)", 5.0, 4.0]
    hidden = browser.get("/figures.csv?at=2026-11-18&ranking=1&names=hidden").content.decode("utf-8-sig")
    assert "陈晓" not in hidden
    assert browser.get("/figures.pdf").status_code == 404


def test_the_api_tells_the_same(browse: Browse, calls: list[int]) -> None:
    browser = browse("lead")
    row = browser.get("/api/figures?day=2026-11-18").json()["rows"][0]
    assert (row["now"]["calls"], row["now"]["judged"], row["before"]["calls"]) == (5, 4, 1)
    assert row["now"]["scores"]["overall"] == {"count": 5, "mean": 64.0, "interval": None}
    agents = browser.get("/api/figures?day=2026-11-18&by=agent&team_id=1").json()["rows"]
    assert [one["name"] for one in agents] == ["陈晓", "赵敏"]
    problems = browser.get("/api/meetings/evening?day=2026-11-18").json()["problems"]
    assert (problems[0]["id"], problems[0]["agents"], problems[0]["calls"]) == (
        "ask-for-order",
        2,
        {"hits": 3, "total": 4},
    )
    found = browser.get("/api/meetings/noon?day=2026-11-18").json()
    assert [pick["call"]["call_id"] for pick in found["picks"]] == [calls[2], calls[3], calls[1]]
    assert browser.put(f"/api/meetings/noon/good?day=2026-11-18&call_id={calls[0]}").status_code == 204
    assert browser.get("/api/meetings/noon?day=2026-11-18").json()["picks"][0]["call"]["call_id"] == calls[0]


def test_a_week_is_left_by_its_links(browse: Browse, store: Store) -> None:
    page = browse("lead").get("/figures?at=2026-11-04&kind=month").text
    assert "at=2026-10-01" in page
    today = datetime.now(store.settings.zone).date()
    this_week = browse("lead").get(f"/figures?at={today.isoformat()}").text
    assert 'rel="next"' not in this_week


def test_coaching_figures_open_the_talks_they_count(browse: Browse, store: Store, lead: User, agent: User) -> None:
    common = {"agent_id": agent.id, "lead_id": lead.id, "team_id": lead.team_id}
    action = common | {"session_id": 1, "skill": "opening", "measure": "score:opening", "since": "x", "until": "y"}
    with store.write() as db:
        for state in ("held", "signed"):
            db.table("coaching_sessions").insert(
                common
                | {"state": state, "held_at": "2026-11-17T01:00:00+00:00", "created_at": "x", "summary": "谈开场"}
            )
        for state in ("kept", "not-kept"):
            at = {"decided_at": "2026-11-18T01:00:00+00:00"}
            db.table("actions").insert(action | at | {"state": state, "behaviour": f"先报姓名 {state}"})
    browser = browse("lead")
    page = browser.get("/figures?at=2026-11-18").text
    links = dict(re.findall(r'href="(/figures/talks[^"]+)">([^<]+)<', page))
    assert sorted(links.values()) == ["1 / 2", "2"]
    for address, number in links.items():
        listed = browser.get(address.replace("&amp;", "&")).text
        assert listed.count('class="row-link"') == 2
        assert ("先报姓名 kept" in listed) is ("/" in number)
    assert browse("agent").get("/figures/talks").status_code == 403
    assert browse("outsider").get(f"/figures/talks?team={lead.team_id}").status_code == 404
