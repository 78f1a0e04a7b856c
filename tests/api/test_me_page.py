"""The agent's own page, what changed, and the practice plan."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from assist.calls.calls import Call
from assist.coaching import agreements, clips, disputes, own, practice, sessions
from assist.errors import NotFound
from assist.people.users import User
from assist.store import Store
from assist.store.clock import now
from tests.api.conftest import Browse, judge
from tests.assist.coaching import past
from tests.assist.coaching.weak_calls import left_unanswered, missing_the_order

Upload = Callable[..., Call]


def test_an_agents_day_begins_on_their_own_page(browse: Browse) -> None:
    assert browse("agent").get("/").headers["location"] == "/me"


@pytest.mark.parametrize("persona", ["lead", "admin", "editor"])
@pytest.mark.parametrize("address", ["/me", "/me/progress", "/me/practice", "/api/me/home", "/api/me/practice"])
def test_it_is_for_agents(browse: Browse, persona: str, address: str) -> None:
    assert browse(persona).get(address).status_code == 403


def test_what_went_well_comes_first_then_what_to_try(browse: Browse, call: Call) -> None:
    page = browse("agent").get("/me").text
    well, again = page.index("开口就确认了对方"), page.index("打扰您了，那我晚点再打给您。")
    assert page.index("您好，请问是王先生吗？我是星河通信的陈晓。") < again
    assert well < again < page.index("My latest calls")


def test_its_moments_play_from_the_call(browse: Browse, call: Call) -> None:
    page = browse("agent").get("/me").text
    assert f'data-moment="/calls/{call.id}/audio" data-from="2.50" data-to="6.30"' in page
    assert f'data-moment="/calls/{call.id}/audio" data-from="8.50"' in page


def test_new_calls_are_marked_until_they_are_opened(browse: Browse, call: Call) -> None:
    agent = browse("agent")
    assert "1 call is new for you." in agent.get("/me").text
    assert f'class="call-link" href="/calls/{call.id}"' in agent.get("/calls?unseen=1").text
    agent.get(f"/calls/{call.id}")
    assert "You have seen all of your calls." in agent.get("/me").text
    assert f'class="call-link" href="/calls/{call.id}"' not in agent.get("/calls?unseen=1").text


def test_nobody_finds_others_there(
    browse: Browse, store: Store, upload: Upload, agent: User, other_agent: User
) -> None:
    theirs = judge(store, upload(other_agent, "agent: 喂"))
    mine = judge(store, upload(agent, "agent: 您好"))
    page = browse("agent").get("/me").text
    assert f'href="/calls/{mine.id}"' in page
    assert f"/calls/{theirs.id}" not in page
    assert other_agent.name not in page


def test_an_empty_page_says_what_will_stand_there(browse: Browse) -> None:
    page = browse("agent").get("/me").text
    assert "the best moments of it stand here" in page
    assert 'href="/upload"' in page


def test_a_weeks_mean_is_that_of_the_calls_behind_it(browse: Browse, store: Store, agent: User) -> None:
    for number, opening in enumerate((40, 61, 88, None)):
        past.call(store, agent, now() - timedelta(minutes=number), {}, opening=opening)
    past.call(store, agent, now() - timedelta(minutes=9), {}, opening=0, held=1)
    browser = browse("agent")
    (week,) = browser.get("/api/me/home").json()["weeks"]
    assert week["skills"]["opening"] == {"value": 63, "calls": 3}
    page = browser.get("/me").text
    address = re.search(r'<th scope="row" class="nowrap"><a href="([^"]+)"', page)
    behind = browser.get(address[1].replace("&amp;", "&")).text  # type: ignore[index]
    rows = re.findall(r'data-label="Opening">\s*<span class="score-cell \w+">(\d+|—)', behind)
    scores = [int(one) for one in rows if one != "—"]
    assert (len(scores), round(sum(scores) / len(scores))) == (3, 63)


def test_weeks_without_calls_break_the_line_and_older_ones_are_left_out(store: Store, agent: User) -> None:
    for days in (0, 14, 200):
        past.call(store, agent, now() - timedelta(days=days), {}, opening=50)
    found = own.weeks(store, agent)
    assert [week.skills["opening"].calls for week in found] == [1, 0, 1]


def test_what_was_agreed_stands_there_with_its_calls(
    browse: Browse, store: Store, agent: User, lead: User, call: Call
) -> None:
    talk = sessions.begin(store, lead, agent.id)
    until = now().date() + timedelta(days=14)
    agreements.agree(store, lead, talk.id, "先认同再回应", "criterion:rejection_handling/acknowledged", until)
    page = browse("agent").get("/me").text
    assert "先认同再回应" not in page
    sessions.sign(store, lead, talk.id)
    page = browse("agent").get("/me").text
    assert "先认同再回应" in page
    assert "Read and sign" in page
    sessions.sign(store, agent, talk.id)
    assert "Read and sign" not in browse("agent").get("/me").text


def test_disputes_and_clips_of_mine_stand_there(browse: Browse, store: Store, agent: User, call: Call) -> None:
    disputes.raise_dispute(store, agent, call.id, "point:ask-for-order", "我问了要不要办")
    clips.add(store, agent, call.id, 2, 6, "开口确认身份")
    page = browse("agent").get("/me").text
    assert "我问了要不要办" in page
    assert "开口确认身份" in page


def test_the_plan_links_to_its_calls_and_a_theme_is_practised(browse: Browse, store: Store, agent: User) -> None:
    calls = missing_the_order(store, agent, 8, 6)
    left_unanswered(store, calls, 7)
    browser = browse("agent")
    plan = browser.get("/me/practice").text
    assert "Left unanswered 7 of 8 times" in plan
    assert "Missed in 6 of 8 calls" in plan
    objection, point = practice.plan(store, agent).themes
    page = browser.get(f"/me/practice/{objection.id}").text
    assert sum(f'href="/calls/{call}#t=6.5"' in page for call in calls) == 8
    assert "我在开会" in page
    assert "打扰您了" in page
    assert "The reader is being loaded." in page
    assert "Ready to read your answer." in browser.get(f"/me/practice/{objection.id}/ready").text
    assert "The reader is being loaded." not in browser.get(f"/me/practice/{objection.id}").text
    answer = browser.post(
        f"/me/practice/{objection.id}", data={"answer": "打扰您了，一分钟"}, headers={"HX-Request": "true"}
    )
    assert "Every step of the playbook is in it." in answer.text
    assert "<html" not in answer.text
    said = browser.post(f"/me/practice/{point.id}", data={"answer": "好的"})
    assert said.status_code == 303
    assert "not yet: 邀请办理" in browser.get(said.headers["location"]).text


def test_an_empty_answer_is_refused_where_it_was_given(browse: Browse, store: Store, agent: User) -> None:
    missing_the_order(store, agent, 8, 6)
    (theme,) = practice.plan(store, agent).themes
    answer = browse("agent").post(f"/me/practice/{theme.id}", data={"answer": " "})
    assert answer.status_code == 422
    assert "Write or dictate your answer first" in answer.text
    assert not practice.tries(store, agent, theme.id)


def test_without_models_the_page_says_so(browse: Browse, store: Store, agent: User, app: object) -> None:
    from assist.standard import ModelUnusable

    def missing(*_: object) -> None:
        raise ModelUnusable(name="encoder", reason="not there")

    missing_the_order(store, agent, 8, 6)
    (theme,) = practice.plan(store, agent).themes
    app.state.desk.rehearse = missing  # type: ignore[attr-defined]
    answer = browse("agent").post(f"/me/practice/{theme.id}", data={"answer": "好的"}, headers={"HX-Request": "true"})
    assert "cannot be used" in answer.text
    assert "好的" in answer.text
    assert not practice.tries(store, agent, theme.id)


def test_themes_of_others_do_not_exist(browse: Browse, store: Store, other_agent: User) -> None:
    missing_the_order(store, other_agent, 8, 6)
    (theme,) = practice.plan(store, other_agent).themes
    browser = browse("agent")
    assert browser.get(f"/me/practice/{theme.id}").status_code == 404
    assert browser.post(f"/me/practice/{theme.id}", data={"answer": "好"}).status_code == 404
    assert browser.post(f"/me/practice/{theme.id}/done", data={"done": "1"}).status_code == 404
    assert browser.get(f"/api/me/practice/{theme.id}").status_code == 404
    assert browser.post(f"/api/me/practice/{theme.id}/tries", json={"answer": "好"}).status_code == 404
    assert browser.put(f"/api/me/practice/{theme.id}", json={"done": True}).status_code == 404


def test_the_plan_by_the_api(browse: Browse, store: Store, agent: User) -> None:
    missing_the_order(store, agent, 8, 6)
    browser = browse("agent")
    (theme,) = browser.get("/api/me/practice").json()["themes"]
    assert (theme["title"], theme["missed"], theme["occasions"]) == ("邀请办理", 6, 8)
    whole = browser.get(f"/api/me/practice/{theme['id']}").json()
    assert whole["exercise"]["wanted"] == ["ask-for-order"]
    assert sum(one["missed"] for one in whole["behind"]) == 6
    said = browser.post(f"/api/me/practice/{theme['id']}/tries", json={"answer": "我现在帮您登记，可以吗？"})
    assert said.status_code == 201
    assert said.json()["reading"]["points"] == ["ask-for-order"]
    assert browser.put(f"/api/me/practice/{theme['id']}", json={"done": True}).json()["done_at"]


def test_practice_is_shared_only_by_the_agent(browse: Browse, store: Store, agent: User) -> None:
    missing_the_order(store, agent, 8, 6)
    browser = browse("agent")
    (theme,) = browser.get("/api/me/practice").json()["themes"]
    browser.post(f"/api/me/practice/{theme['id']}/tries", json={"answer": "好的"})
    address = f"/api/agents/{agent.id}/practice"
    assert browse("lead").get(address).json() == {"times": None}
    browser.post("/me/practice/sharing", data={"on": "1"})
    assert len(browse("lead").get(address).json()["times"]) == 1
    assert browse("outsider").get(address).status_code == 404
    assert browse("editor").get(address).status_code == 404
    browser.put("/api/me/practice", json={"shared": False})
    assert browse("lead").get(address).json() == {"times": None}


def test_a_change_is_told_with_its_calls(browse: Browse, store: Store, agent: User) -> None:
    past.calls(store, agent, [[0, 0, 0]] * 6, "purpose", from_day=-50)
    past.calls(store, agent, [[1, 1, 1]] * 6, "purpose", from_day=-20)
    browser = browse("agent")
    (line,) = browser.get("/api/me/progress").json()["criteria"]
    assert (line["before"]["mean"], line["after"]["mean"], line["direction"]) == (0.0, 1.0, "better")
    page = browser.get("/me/progress").text
    addresses = re.findall(r'href="(/me/progress/calls[^"]+)">(\d+) of (\d+)', page)
    assert [(met, calls) for _, met, calls in addresses] == [("0", "18"), ("18", "18")]
    for address, met, calls in addresses:
        behind = browser.get(address.replace("&amp;", "&")).text
        assert behind.count('class="row-link"') == int(calls)
        assert behind.count(">well<") == int(met)


def test_with_few_calls_no_change_is_told(browse: Browse, store: Store, agent: User) -> None:
    past.calls(store, agent, [[0]] * 4, "purpose", from_day=-50)
    past.calls(store, agent, [[1]] * 4, "purpose", from_day=-20)
    page = browse("agent").get("/me/progress").text
    assert "too few calls yet" in page
    assert ">better<" not in page


@pytest.mark.parametrize("query", ["", "about=opening/purpose", "about=x/y&since=2026-01-01&until=2026-01-02"])
def test_calls_behind_nothing_do_not_exist(browse: Browse, query: str) -> None:
    assert browse("agent").get(f"/me/progress/calls?{query}").status_code == 404


def test_the_lead_reads_that_and_when_somebody_practised_if_it_is_shared(
    browse: Browse, store: Store, agent: User
) -> None:
    missing_the_order(store, agent, 8, 6)
    (theme,) = practice.plan(store, agent).themes
    browse("agent").post(f"/me/practice/{theme.id}", data={"answer": "好的，没问题"})
    address = f"/coaching/agents/{agent.id}"
    assert "practised 1 time" not in browse("lead").get(address).text
    practice.set_sharing(store, agent, True)
    page = browse("lead").get(address).text
    assert "practised 1 time in the last four weeks" in page
    assert "好的，没问题" not in page


def test_an_agents_weeks_count_for_the_lead_what_the_lead_may_read(
    store: Store, agent: User, lead: User, outsider: User
) -> None:
    past.call(store, agent, now(), {}, opening=80)
    past.call(store, agent, now(), {}, opening=40, held=1)
    assert own.weeks(store, agent)[-1].skills["opening"] == own.Mean(80, 1)
    assert own.weeks(store, lead, of=agent)[-1].skills["opening"] == own.Mean(60, 2)
    with pytest.raises(NotFound):
        own.weeks(store, outsider, of=agent)
