"""The list of calls."""

from collections.abc import Callable

import pytest

from assist.calls.calls import Call
from assist.calls.details import Details
from assist.people.users import User
from tests.api.conftest import Browse
from tests.api.judged import EVIL

Upload = Callable[..., Call]


def test_it_works(browse: Browse, call: Call) -> None:
    page = browse("agent").get("/calls").text
    assert f'href="/calls/{call.id}"' in page
    assert ">86<" in page
    assert "1 flag" in page


def test_an_agent_sees_only_their_own(browse: Browse, call: Call) -> None:
    assert f"/calls/{call.id}" not in browse("other_agent").get("/calls").text


def test_a_lead_sees_the_team_and_can_pick_an_agent(browse: Browse, call: Call, agent: User) -> None:
    page = browse("lead").get("/calls").text
    assert f"/calls/{call.id}" in page
    assert f'<option value="{agent.id}">' in page


def test_a_lead_of_another_team_sees_nothing_of_it(browse: Browse, call: Call, agent: User) -> None:
    page = browse("outsider").get("/calls").text
    assert f"/calls/{call.id}" not in page
    assert agent.name not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("weak=rejection_handling", True),
        ("weak=opening", False),
        ("weak=questioning", False),  # no occasion is not weak
        ("flagged=1", True),
        ("outcome=refused", True),
        ("outcome=agreed", False),
        ("state=ready", True),
        ("state=failed", False),
        ("campaign=broadband", True),
        ("since=2001-01-01", True),
        ("until=2001-01-01", False),
        ("text=call.wav", True),
        ("text=%25", False),
        # what cannot be read is left out
        ("agent=x&since=yesterday&state=nonsense&weak=everything&page=-3", True),
        ("page=99999999999999999999", True),
    ],
)
def test_filters_stand_in_the_address(browse: Browse, call: Call, query: str, found: bool) -> None:
    answer = browse("lead").get(f"/calls?{query}")
    assert answer.status_code == 200
    assert (f'href="/calls/{call.id}"' in answer.text) is found


def test_pages_keep_the_filters(browse: Browse, upload: Upload, agent: User) -> None:
    for number in range(31):
        upload(agent, f"agent: {number}")
    page = browse("lead").get("/calls?campaign=broadband&page=1").text
    assert "/calls?campaign=broadband&amp;page=2" in page


def test_an_empty_list_says_what_to_do(browse: Browse) -> None:
    assert 'href="/upload"' in browse("agent").get("/calls").text
    assert "No call fits these filters" in browse("agent").get("/calls?flagged=1").text


def test_calls_in_work_show_their_state_and_ask_again(browse: Browse, upload: Upload, agent: User) -> None:
    call = upload(agent)
    page = browse("agent").get("/calls").text
    assert f'id="state-{call.id}"' in page
    assert "Received" in page
    assert "every 3s" in page


def test_the_list_alone_is_sent_where_only_that_is_asked_for(browse: Browse, call: Call) -> None:
    fragment = browse("agent").get("/calls", headers={"HX-Request": "true"}).text
    assert "<html" not in fragment
    assert f"/calls/{call.id}" in fragment


def test_markup_in_names_is_text(browse: Browse, upload: Upload, agent: User) -> None:
    upload(agent, name=f"{EVIL}.wav", details=Details(customer=EVIL))
    page = browse("agent").get("/calls").text
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page
