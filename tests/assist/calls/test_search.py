"""Search over calls: what is said, what was found, who may find it, and that the index follows the calls."""

from datetime import UTC, datetime

import pytest

from assist import pipeline
from assist.calls import search as searching
from assist.calls.details import Details
from assist.calls.listing import Filters
from assist.calls.search import search
from assist.errors import AccessDenied
from assist.people import audit
from assist.pipeline import STEPS, Pipeline
from tests import fakes


@pytest.fixture
def calls(judged, agent, other_agent):
    def at(day):
        return Details(called_at=datetime(2026, 11, day, 2, tzinfo=UTC))

    return [
        judged(agent, "agent: 您好，千兆宽带提速", "customer: 太贵了，我考虑一下", details=at(2)),
        judged(agent, "agent: 您好，这个终身免费", "customer: 贵不贵", details=at(3)),
        judged(other_agent, "agent: 您好，5G套餐", "customer: 我在开会", details=at(1)),
    ]


def found(store, user, words="", **filters):
    return [hit.call.id for hit in search(store, user, words, Filters(**filters)).hits]


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("您好", [1, 0, 2]),
        ("千兆", [0]),
        ("宽带提速", [0]),
        ("寬帶", [0]),
        ("千兆 贵", [0]),
        ("贵", [1, 0]),
        ("“太贵了”", [0]),
        ("贵 -考虑", [1]),
        ("5g套餐", [2]),
        ("没有这句", []),
        ("您好开会", []),
    ],
)
def test_words_are_found_the_latest_call_first(store, lead, calls, words, numbers):
    assert found(store, lead, words) == [calls[number].id for number in numbers]


@pytest.mark.parametrize(
    ("persona", "hits"), [("agent", 2), ("other_agent", 1), ("lead", 3), ("outsider", 0), ("admin", 3)]
)
@pytest.mark.usefixtures("calls")
def test_everybody_finds_their_own(store, person, persona, hits):
    assert search(store, person(persona), "您好").total == hits
    assert search(store, person(persona)).total == hits


def test_editors_do_not_search(store, editor):
    with pytest.raises(AccessDenied):
        search(store, editor, "您好")


@pytest.mark.usefixtures("calls")
def test_agents_find_what_was_released_only(store, agent):
    store.change("UPDATE calls SET held = 1 WHERE id = 1")
    assert found(store, agent, "您好") == found(store, agent) == [2]


def test_filters_narrow_the_words(store, lead, agent, calls):
    assert found(store, lead, "您好", agent_id=agent.id) == [calls[1].id, calls[0].id]
    assert found(store, lead, "您好", since=datetime(2026, 11, 2, tzinfo=UTC)) == [calls[1].id, calls[0].id]
    assert found(store, lead, "您好", until=datetime(2026, 11, 2, tzinfo=UTC)) == [calls[2].id]
    assert found(store, lead, "您好", rule="forbidden") == [calls[1].id]
    assert found(store, lead, "您好", skill="overall", at_least=80, below=90) == [calls[0].id, calls[2].id]
    assert found(store, lead, "您好", campaign="none") == []


def test_a_hit_shows_the_sentence_and_when_it_is_said(store, lead, calls):
    sentence = search(store, lead, "太贵").hits[0].sentences[0]
    assert [(piece.text, piece.marked) for piece in sentence.pieces] == [("太贵", True), ("了，我考虑一下", False)]
    assert (sentence.speaker, sentence.start, sentence.turn) == ("customer", 2.0, 1)


def test_each_word_shows_where_it_stands(store, lead, calls):
    turns = [sentence.turn for sentence in search(store, lead, "千兆 考虑").hits[0].sentences]
    assert turns == [0, 1]


def test_a_match_deep_in_a_long_turn_is_cut_out_of_it(store, lead, judged, agent):
    judged(agent, f"agent: {'啊' * 300}千兆{'哦' * 300}")
    sentence = search(store, lead, "千兆").hits[0].sentences[0]
    assert len("".join(piece.text for piece in sentence.pieces)) < 90
    assert 0.5 < sentence.start < 0.75


@pytest.mark.usefixtures("calls")
def test_a_flag_without_words_shows_its_moment(store, lead):
    hit = search(store, lead, "", Filters(rule="forbidden")).hits[0]
    assert [piece.text for piece in hit.sentences[0].pieces] == ["您好，这个终身免费"]


def test_pages_hold_everything_once(store, lead, judged, agent):
    made = {judged(agent, f"agent: 您好 {number}").id for number in range(5)}
    pages = [search(store, lead, "您好", Filters(page=number, per_page=2)) for number in (1, 2, 3)]
    assert {hit.call.id for page in pages for hit in page.hits} == made
    assert [(page.total, page.more, page.pages) for page in pages] == [(5, False, 3)] * 3


def test_more_than_can_be_counted_is_said(store, lead, calls, monkeypatch):
    monkeypatch.setattr(searching, "MOST_COUNTED", 2)
    assert (search(store, lead, "您好").total, search(store, lead, "您好").more) == (2, True)


def test_a_corrected_turn_is_found_by_its_new_words(store, lead, calls):
    call = pipeline.correct(store, lead, calls[0].id, 0, text="您好，光纤提速")
    work = Pipeline(store, fakes.FakeEngine())
    for step in STEPS:
        work.run(step, call.id, call.run)
    assert found(store, lead, "光纤") == [call.id]
    assert found(store, lead, "千兆") == []


def test_words_go_with_their_call(store, lead, calls):
    store.change("DELETE FROM analyses WHERE call_id = ?", [calls[0].id])
    store.change("DELETE FROM calls WHERE id = ?", [calls[0].id])
    assert store.value("SELECT count(*) FROM said_words WHERE said_words MATCH '千兆'") == 0


def test_older_calls_are_caught_up_with(store, lead, calls):
    store.change("DELETE FROM said_calls")
    assert found(store, lead, "千兆") == []
    assert searching.catch_up(store, batch=2) == 3
    assert found(store, lead, "千兆") == [calls[0].id]


@pytest.mark.parametrize("words", ['"', "-", "*", "words:贵", "贵 AND", "NEAR(贵 太)", "a" * 500, "贵 " * 50])
@pytest.mark.usefixtures("calls")
def test_no_question_breaks_the_search(store, lead, words):
    assert search(store, lead, words).total >= 0


@pytest.mark.usefixtures("calls")
def test_an_admins_search_is_noted_without_its_words(store, admin):
    for words in ("太贵", "太贵", "贵"):
        search(store, admin, words)
    noted = [entry.object for entry in audit.listing(store) if entry.action == "call.search"]
    assert noted == [f"search:{audit.fingerprint(store, words)}" for words in ("贵", "太贵")]
    assert "贵" not in "".join(noted)


def test_a_team_that_cannot_be_finds_nothing(store, lead, judged, agent):
    judged(agent, "customer: 我在开会")
    for number in (-141, 0, 10**12):
        assert search(store, lead, "开会", Filters(team_id=number)).hits == []
