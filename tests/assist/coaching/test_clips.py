"""Clips: cut from calls one may read, heard by those they are shared with, names hidden where wished."""

import pytest

from assist.calls.details import Details
from assist.coaching import clips
from assist.coaching.clip_words import NothingHeard
from assist.coaching.clips import BadStretch, Filters, NoTitle, UnknownChoice
from assist.errors import AccessDenied, NotFound
from assist.people import audit

LINES = (
    "customer: 喂，哪位？",
    "agent: 王先生您好，我是星河通信的陈小。",
    "customer: 我在开会。",
    "agent: 那我明天再打。",
)


@pytest.fixture
def call(judged, agent):
    return judged(agent, *LINES, details=Details(customer="王建国"))


@pytest.fixture
def clip(store, lead, call):
    return clips.add(store, lead, call.id, 1.9, 5.6, "客户说在开会", "newcomer", objection="busy")


def heard_by(store, user):
    return [clip.title for clip in clips.listing(store, user).clips]


def test_a_clip_holds_what_is_said_in_its_seconds(clip):
    assert [(line.speaker, line.text) for line in clip.lines] == [
        ("agent", "王先生您好，我是星河通信的陈小。"),
        ("customer", "我在开会。"),
    ]
    assert (clip.agent, clip.customer, clip.outcome, clip.end) == ("陈晓", "王建国", "neutral", 5.6)


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [(2.0, 3.5, "王先生您好，我是星河通信的陈小。"), (2.75, 3.5, "…星河通信的陈小。"), (2.0, 2.6, "王先生您好，…"),
     (3.6, 4.0, None)],
)  # fmt: skip
def test_who_hears_part_of_a_turn_reads_that_part(store, lead, call, start, end, told):
    made = clips.add(store, lead, call.id, start, end, "半句")
    assert [line.text for line in made.lines] == ([told] if told else [])


def test_hidden_names_are_nowhere_in_a_clip(store, lead, call):
    made = clips.add(store, lead, call.id, 1.9, 5.6, "陈晓的好开场", hide_names=True, note="王建国没挂断")
    told = made.title + made.note + "".join(line.text for line in made.lines)
    assert not [name for name in ("陈晓", "陈小", "王建国", "王先生") if name in told]
    assert (made.agent, made.customer, made.lines[0].text) == ("", "", "××先生您好，我是星河通信的××。")
    assert clips.listing(store, lead, Filters(text="陈晓")).total == 0


def test_names_can_be_hidden_and_shown_later(store, lead, clip):
    facts = {"title": clip.title, "audience": clip.audience, "outcome": "won"}
    assert "××" in clips.change(store, lead, clip.id, **facts, hide_names=True).lines[0].text
    assert clips.change(store, lead, clip.id, **facts, hide_names=False).lines == clip.lines


def test_hidden_names_come_back_after_an_edit(store, lead, call):
    made = clips.add(store, lead, call.id, 1.9, 5.6, "陈晓的开场", hide_names=True)
    for hide in (True, False):
        shown = clips.get(store, lead, made.id)
        clips.change(store, lead, made.id, title=shown.title, audience="model", outcome="won", hide_names=hide)
    assert clips.get(store, lead, made.id).title == "陈晓的开场"


@pytest.mark.parametrize(
    ("shared", "hearers"),
    [
        ("nobody", {"lead", "admin"}),
        ("team", {"lead", "admin", "agent", "other_agent"}),
        ("all", {"lead", "admin", "agent", "other_agent", "outsider", "editor"}),
    ],
)
def test_those_it_is_shared_with_hear_it(store, person, lead, clip, shared, hearers):
    clips.share(store, lead, clip.id, shared)
    everybody = ("agent", "other_agent", "lead", "outsider", "editor", "admin")
    assert {persona for persona in everybody if heard_by(store, person(persona))} == hearers


def test_a_shared_clip_does_not_open_its_call(store, lead, agent, other_agent, clip):
    clips.share(store, lead, clip.id, "team")
    assert not clips.get(store, other_agent, clip.id).may_open
    assert clips.get(store, agent, clip.id).may_open


def test_an_agents_clip_is_private_until_a_lead_shares_it(store, agent, other_agent, lead, outsider, call):
    own = clips.add(store, agent, call.id, 0, 4, "我的开场")
    assert heard_by(store, lead) == ["我的开场"]
    assert not heard_by(store, other_agent) + heard_by(store, outsider)
    with pytest.raises(AccessDenied):
        clips.share(store, agent, own.id, "team")
    clips.share(store, lead, own.id, "team")
    assert heard_by(store, other_agent) == ["我的开场"]
    with pytest.raises(NotFound):
        clips.remove(store, agent, own.id)


def test_agents_cut_clips_of_their_own_calls_only(store, other_agent, outsider, editor, call):
    for stranger in (other_agent, outsider):
        with pytest.raises(NotFound):
            clips.add(store, stranger, call.id, 0, 4, "别人的")
    with pytest.raises(AccessDenied):
        clips.add(store, editor, call.id, 0, 4, "别人的")


def test_leads_of_other_teams_change_nothing(store, lead, outsider, clip):
    clips.share(store, lead, clip.id, "all")
    for attempt in (lambda: clips.share(store, outsider, clip.id, "nobody"), lambda: clips.remove(store, outsider, 1)):
        with pytest.raises(NotFound):
            attempt()


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"title": " "}, NoTitle),
        ({"start": 5.0, "end": 5.0}, BadStretch),
        ({"start": -1.0}, BadStretch),
        ({"end": 900.0}, BadStretch),
        ({"audience": "everybody"}, UnknownChoice),
        ({"outcome": "drawn"}, UnknownChoice),
        ({"skill": "dancing"}, UnknownChoice),
    ],
)
def test_what_cannot_be_a_clip(store, lead, call, given, error):
    with pytest.raises(error):
        clips.add(store, lead, call.id, **{"start": 0.0, "end": 4.0, "title": "片段"} | given)


def test_a_call_that_was_not_heard_has_no_clips(store, lead, agent, upload):
    with pytest.raises(NothingHeard):
        clips.add(store, lead, upload(agent, "agent: 没听").id, 0, 1, "片段")


@pytest.mark.parametrize(
    ("filters", "total"),
    [
        (Filters(text="开会 星河"), 1),
        (Filters(text="100%"), 0),
        (Filters(audience="newcomer", objection="busy"), 1),
        (Filters(audience="model"), 0),
        (Filters(outcome="won"), 0),
        (Filters(campaign="broadband"), 1),
        (Filters(shared="team"), 0),
    ],
)
@pytest.mark.usefixtures("clip")
def test_clips_are_found_by_words_and_tags(store, lead, filters, total):
    assert clips.listing(store, lead, filters).total == total


def test_pages_of_clips_hold_each_once(store, lead, call):
    made = {clips.add(store, lead, call.id, 0, 4, f"第{number}段").id for number in range(3)}
    pages = [clips.listing(store, lead, Filters(page=number, per_page=2)) for number in (1, 2, 3)]
    assert [page.page for page in pages] == [1, 2, 2]
    assert {clip.id for page in pages for clip in page.clips} == made


def test_what_happens_to_clips_is_noted(store, lead, clip):
    clips.share(store, lead, clip.id, "team")
    clips.remove(store, lead, clip.id)
    assert [entry.action for entry in audit.listing(store, about=f"clip:{clip.id}")] == [
        "clip.remove", "clip.share", "clip.make",
    ]  # fmt: skip


def test_a_clip_goes_with_its_call(store, lead, clip):
    store.change("DELETE FROM analyses WHERE call_id = ?", [clip.call_id])
    store.change("DELETE FROM calls WHERE id = ?", [clip.call_id])
    assert clips.listing(store, lead).total == 0
