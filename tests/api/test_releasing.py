"""Calls that wait to be released to their agent: what the agent reads of them, on every way there is."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.routing import APIRoute

from api import pages, routes
from assist.calls import calls
from assist.calls.calls import Call
from assist.coaching import release
from assist.people import teams
from assist.people.users import User
from assist.store import Store
from tests.api.conftest import Browse, judge

Upload = Callable[..., Call]
FOUND = ("承诺了终身免费", "打扰您了，那我晚点再打给您。", "我在开会，没空。", ">86<", '"opening":86')


@pytest.fixture
def held(store: Store, lead: User, agent: User, upload: Upload) -> Call:
    """A judged call of the agent, in a team whose lead releases calls."""
    teams.set_release(store, lead, agent.team_id, "by-lead")
    return judge(store, upload(agent, "agent: 您好"))


@pytest.mark.parametrize("persona", ["agent", "lead", "admin"])
@pytest.mark.parametrize(
    "address",
    [
        "/calls/{id}/audio",
        "/calls/{id}/peaks",
        "/calls/{id}/turns/0",
        "/calls/{id}/rejudging",
        "/api/calls/{id}/audio",
        "/api/calls/{id}/transcript",
        "/api/calls/{id}/analysis",
        "/api/calls/{id}/corrections",
    ],
)
def test_what_was_found_is_not_there_for_the_agent(browse: Browse, held: Call, address: str, persona: str) -> None:
    answer = browse(persona).get(address.format(id=held.id))
    assert answer.status_code == (404 if persona == "agent" else 200)
    assert persona != "agent" or not any(words in answer.text for words in FOUND)


@pytest.mark.parametrize(
    "address", ["/calls/{id}", "/calls", "/calls/states?ids={id}", "/me", "/api/calls/{id}", "/api/calls", "/api/me"]
)
def test_the_agent_sees_that_the_call_is_there_and_no_more(browse: Browse, held: Call, address: str) -> None:
    answer = browse("agent").get(address.format(id=held.id))
    assert answer.status_code == 200
    assert str(held.id) in answer.text
    assert not any(words in answer.text for words in FOUND)
    assert "1 flag" not in answer.text


def routes_of_a_call() -> list[tuple[str, str]]:
    """(method, address) of every route that is about one call, in all rooms."""
    found: list[tuple[str, str]] = []

    def walk(router: Any) -> None:
        for route in router.routes:
            if isinstance(route, APIRoute):
                found.extend((method, route.path) for method in sorted(route.methods) if "{call_id}" in route.path)
            elif hasattr(route, "original_router"):
                walk(route.original_router)

    walk(pages.router)
    own, found = found, []
    walk(routes.router)
    return own + [(method, f"/api{path}") for method, path in found]


THERE = {
    ("GET", "/calls/{call_id}"),
    ("GET", "/calls/{call_id}/progress"),
    ("GET", "/api/calls/{call_id}"),
    ("POST", "/api/calls/{call_id}/cancel"),
}
"""Where the agent learns that the call is there."""


def test_no_route_of_any_room_tells_what_was_found(browse: Browse, held: Call) -> None:
    agent = browse("agent")
    told = {}
    for method, path in routes_of_a_call():
        address = re.sub(r"\{\w+\}", "1", path.replace("{call_id}", str(held.id)))
        answer = agent.request(method, address, **({"json": {}} if path.startswith("/api") else {}))
        assert not any(words in answer.text for words in FOUND), address
        if answer.status_code < 400 and (method, path) not in THERE:
            told[method, path] = answer.status_code
    assert not told


@pytest.mark.parametrize(
    "address",
    [
        "/search?q=终身免费",
        "/api/search?q=终身免费",
        "/search?rule=forbidden",
        "/api/coaching/agents/{agent}/readings?measure=criterion:opening/identity&since=2020-01-01T00:00:00Z&until=2100-01-01T00:00:00Z",
        "/coaching/agents/{agent}/calls?measure=criterion:opening/identity&since=2020-01-01T00:00:00Z&until=2100-01-01T00:00:00Z",
        "/coaching/agents/{agent}",
        "/coaching/agents/{agent}/brief",
        "/api/coaching/agents/{agent}/brief",
        "/me/practice",
        "/me/progress",
        "/api/me/progress",
        "/cases",
        "/api/clips",
        "/api/disputes",
        "/api/campaigns/broadband/works",
    ],
)
def test_no_list_or_figure_tells_what_was_found(browse: Browse, held: Call, agent: User, address: str) -> None:
    answer = browse("agent").get(address.format(agent=agent.id))
    assert not any(words in answer.text for words in FOUND)
    assert address == "/coaching/agents/{agent}" or f"/calls/{held.id}" not in answer.text
    assert '"call_id":' not in answer.text


def test_its_page_says_why_there_is_nothing_yet(browse: Browse, held: Call) -> None:
    assert "Your team lead looks at it first." in browse("agent").get(f"/calls/{held.id}").text


@pytest.mark.parametrize("query", ["weak=rejection_handling", "flagged=1", "outcome=refused"])
def test_filters_tell_nothing_of_it(browse: Browse, held: Call, query: str) -> None:
    assert f"/calls/{held.id}" not in browse("agent").get(f"/calls?{query}").text
    assert f"/calls/{held.id}" in browse("lead").get(f"/calls?{query}").text


@pytest.mark.parametrize("query", ["flagged=true", "outcome=refused"])
def test_filters_of_the_api_tell_nothing_of_it(browse: Browse, held: Call, query: str) -> None:
    assert browse("agent").get(f"/api/calls?{query}").json()["total"] == 0
    assert browse("lead").get(f"/api/calls?{query}").json()["total"] == 1


def test_sending_the_bytes_again_tells_nothing_of_it(browse: Browse, held: Call) -> None:
    from tests import fakes

    answer = browse("agent").put("/api/recordings?name=call.wav", content=fakes.recording("agent: 您好"))
    assert answer.json()["call"]["id"] == held.id
    assert answer.json()["call"]["scores"]["opening"] is None
    assert answer.json()["call"]["flag_count"] == 0


def test_it_begins_to_be_readable_with_its_release(browse: Browse, store: Store, held: Call, lead: User) -> None:
    assert release.release(store, lead, held.id)
    assert not release.release(store, lead, held.id)
    assert "承诺了终身免费" in browse("agent").get(f"/calls/{held.id}").text
    assert browse("agent").get(f"/api/calls/{held.id}/analysis").status_code == 200


def test_a_lead_releases_from_the_call_itself(browse: Browse, held: Call) -> None:
    page = browse("lead").get(f"/calls/{held.id}").text
    assert f'action="/calls/{held.id}/release"' in page
    browse("lead").post(f"/calls/{held.id}/release")
    assert f'action="/calls/{held.id}/release"' not in browse("lead").get(f"/calls/{held.id}").text
    assert browse("agent").get(f"/calls/{held.id}/audio").status_code == 200


@pytest.mark.parametrize(
    ("persona", "status"), [("agent", 403), ("outsider", 404), ("editor", 403), ("other_agent", 403)]
)
def test_nobody_else_releases_it(browse: Browse, store: Store, held: Call, persona: str, status: int) -> None:
    assert browse(persona).post(f"/calls/{held.id}/release").status_code == status
    assert browse(persona).post(f"/api/calls/{held.id}/release").status_code == status
    browse(persona).post("/release")
    assert calls.load(store, held.id).held


def test_all_that_a_filter_shows_are_released_at_once(
    browse: Browse, store: Store, upload: Upload, held: Call, other_agent: User, agent: User
) -> None:
    other = judge(store, upload(other_agent, "agent: 喂"))
    lead = browse("lead")
    page = lead.get(f"/release?agent={agent.id}").text
    assert f'href="/calls/{held.id}"' in page
    assert f'href="/calls/{other.id}"' not in page
    assert lead.post(f"/release?agent={agent.id}").headers["location"].endswith("done=1")
    assert not calls.load(store, held.id).held
    assert calls.load(store, other.id).held
    assert lead.post("/api/release").json() == {"released": 1}


def test_outsiders_have_nothing_to_release(browse: Browse, held: Call) -> None:
    assert browse("outsider").get("/api/release").json()["total"] == 0
    assert browse("outsider").post("/api/release").json() == {"released": 0}
    assert browse("agent").get("/release").status_code == 403


def test_a_signed_session_releases_its_calls(store: Store, held: Call, lead: User, outsider: User) -> None:
    assert release.with_session(store, outsider, held.agent_id, [held.id]) == 0
    assert release.with_session(store, lead, held.agent_id, [held.id]) == 1
    assert not calls.load(store, held.id).held


def test_calls_reach_agents_at_once_unless_the_team_wants_otherwise(call: Call) -> None:
    assert not call.held


def test_a_new_rule_takes_nothing_away_and_holds_what_is_under_way(
    store: Store, upload: Upload, call: Call, lead: User, agent: User
) -> None:
    under_way = upload(agent, "agent: 喂")
    teams.set_release(store, lead, agent.team_id, "by-lead")
    assert not calls.load(store, call.id).held
    assert judge(store, under_way).held
    teams.set_release(store, lead, agent.team_id, "at-once")
    assert not calls.load(store, under_way.id).held


def test_judging_again_does_not_take_a_released_call_back(store: Store, held: Call, lead: User) -> None:
    from assist import pipeline

    release.release(store, lead, held.id)
    assert not judge(store, pipeline.rejudge(store, lead, held.id)).held


@pytest.mark.parametrize(("persona", "status"), [("lead", 204), ("admin", 204), ("outsider", 404), ("agent", 404)])
def test_leads_set_the_rule_of_their_team(browse: Browse, store: Store, agent: User, persona: str, status: int) -> None:
    answer = browse(persona).put(f"/api/teams/{agent.team_id}/release", json={"release": "by-lead"})
    assert answer.status_code == status
    assert teams.holds(store, agent.team_id) is (status == 204)


def test_a_rule_that_does_not_exist_is_refused(browse: Browse, agent: User) -> None:
    assert browse("lead").post(f"/teams/{agent.team_id}/release", data={"release": "never"}).status_code == 422


def test_opening_a_call_makes_it_seen(browse: Browse, store: Store, call: Call) -> None:
    browse("lead").get(f"/calls/{call.id}")
    assert ">new<" in browse("agent").get("/calls").text
    browse("agent").get(f"/calls/{call.id}")
    assert ">new<" not in browse("agent").get("/calls").text


def test_a_held_call_is_not_seen_by_looking_for_it(browse: Browse, store: Store, held: Call) -> None:
    browse("agent").get(f"/calls/{held.id}")
    assert not calls.load(store, held.id).seen
