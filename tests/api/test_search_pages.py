"""Search in the browser and by the API: filters stand in the address, hits show the sentence, and who may see what."""

import re

import pytest

from assist.calls.calls import Call
from assist.people.users import User
from assist.store import Store
from tests.api.conftest import Browse
from tests.api.judged import EVIL


@pytest.fixture
def said(judged: object, agent: User, other_agent: User) -> list[Call]:
    bring = judged
    return [
        bring(agent, "agent: 您好，千兆宽带提速", "customer: 太贵了"),  # type: ignore[operator]
        bring(other_agent, f"agent: 您好 {EVIL}", "customer: 千兆我不要"),  # type: ignore[operator]
    ]


def test_a_hit_shows_the_sentence_with_the_match_and_plays_from_it(browse: Browse, said: list[Call]) -> None:
    page = browse("lead").get("/search?q=太贵").text
    assert '<mark class="hit">太贵</mark>了' in page
    assert f'data-moment="/calls/{said[0].id}/audio" data-from="1.00"' in page
    assert f'href="/calls/{said[0].id}#t=2.0"' in page
    assert f"/calls/{said[1].id}" not in page


def test_what_was_asked_stays_in_the_form_and_in_the_pages(browse: Browse, said: list[Call], agent: User) -> None:
    page = browse("lead").get(f"/search?q=您好&agent={agent.id}&skill=overall&min=50&max=90").text
    assert 'value="您好"' in page
    assert f'<option value="{agent.id}" selected>' in page
    assert 'name="min" type="number" min="0" max="100" value="50"' in page
    assert len(re.findall(r"hit-call", page)) == 1


@pytest.mark.parametrize(("persona", "hits"), [("agent", 1), ("other_agent", 1), ("lead", 2), ("outsider", 0)])
def test_everybody_finds_their_own(browse: Browse, said: list[Call], persona: str, hits: int) -> None:
    assert browse(persona).get("/search?q=千兆").text.count('class="hit-call"') == hits
    assert browse(persona).get("/api/search?q=千兆").json()["total"] == hits


def test_editors_do_not_search_calls(browse: Browse) -> None:
    assert browse("editor").get("/search").status_code == 403
    assert browse("editor").get("/api/search").status_code == 403


def test_the_page_asks_before_it_is_asked(browse: Browse) -> None:
    page = browse("agent").get("/search").text
    assert "What are you looking for?" in page
    assert "autofocus" in page


def test_nothing_found_says_what_to_try(browse: Browse, said: list[Call]) -> None:
    assert "Nothing found" in browse("lead").get("/search?q=没有这句话").text


def test_what_is_said_is_text(browse: Browse, said: list[Call]) -> None:
    page = browse("lead").get("/search?q=您好").text
    assert "<script>window" not in page


@pytest.mark.parametrize(
    "query", ["q=%22", "q=-", "agent=x", "min=abc&skill=overall", "since=rubbish&q=您好", "page=99&q=您好"]
)
def test_odd_questions_are_answered(browse: Browse, said: list[Call], query: str) -> None:
    assert browse("lead").get(f"/search?{query}").status_code == 200


def test_a_flag_is_found_without_words_and_listed_with_scores(browse: Browse, judged: object, agent: User) -> None:
    call = judged(agent, "agent: 终身免费")  # type: ignore[operator]
    page = browse("lead").get("/search?rule=forbidden").text
    assert "终身免费" in page
    listed = re.search(r'href="(/calls\?[^"]+)">as a list', page)
    assert listed
    text = browse("lead").get(listed[1].replace("&amp;", "&")).text
    assert f"/calls/{call.id}" in text
    assert "Flag: Something forbidden was said" in text


def test_filters_that_come_by_a_link_can_be_taken_away_one_by_one(browse: Browse, said: list[Call]) -> None:
    page = (
        browse("lead").get("/calls?point=ask-for-order&objection_is=unanswered&criterion=opening/identity&team=1").text
    )
    for text in ("Missed: 邀请办理", "Objection not answered: any", "Team: 一组"):
        assert text in page
    without = re.search(r'href="(/calls\?[^"]+)">Missed: 邀请办理', page)
    assert without
    assert "point" not in without[1]
    assert "objection_is=unanswered" in without[1]


def test_the_api_answers_with_marked_sentences(browse: Browse, said: list[Call], store: Store) -> None:
    found = browse("lead").get("/api/search?q=千兆 -不要&campaign=broadband&skill=overall&at_least=50").json()
    assert (found["total"], found["more"], len(found["hits"])) == (1, False, 1)
    sentence = found["hits"][0]["sentences"][0]
    assert [piece["text"] for piece in sentence["pieces"] if piece["marked"]] == ["千兆"]
