"""Figures of what works, checked against calls counted by hand."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from assist.calls import gaps, works
from assist.calls.works import Selection
from assist.errors import AccessDenied
from assist.people.users import User
from assist.scripts.formats import yaml_format
from assist.scripts.insight import MINIMUM
from assist.store import libraries, spoken
from assist.store.clock import stamp
from assist.store.vectors import CachedEncoder
from tests.assist.scripts.libraries import with_point
from tests.conftest import LIBRARY

BASE = yaml_format.loads(LIBRARY)
DAY = datetime(2026, 11, 2, 2, tzinfo=UTC)  # ten in the morning in China


def place(turn: int, quote: str) -> dict:
    return {"turn": turn, "start": 2.0 * turn, "end": 2.0 * turn + 1, "quote": quote}


def report(said: str = "", ask: str = "", objections=(), turns: int = 6) -> dict:
    """A judgement in which confirm-identity was said as `said` in turn 0 and ask-for-order as `ask` in turn 2."""
    points = [("confirm-identity", said, 0), ("ask-for-order", ask, 2)]
    return {
        "engine": {"encoder": "none"},
        "turns": [{"id": n, "speaker": ("agent", "customer")[n % 2], "text": "话"} for n in range(turns)],
        "points": [
            {"id": name, "status": "said" if text else "missed", **(place(turn, text) if text else _nowhere())}
            for name, text, turn in points
        ],
        "objections": [
            {
                "id": name,
                "answered": done == "resolved",
                "outcome": done,
                "answer_turns": [turn + 1],
                **place(turn, text),
            }
            for name, turn, text, done in objections
        ],
    }


def _nowhere() -> dict:
    return {"turn": None, "start": None, "quote": None}


@pytest.fixture
def count(store, agent):
    """Puts a judged call into the store, with an outcome; gives its id."""
    made = []

    def put(judged: dict, outcome: str = "refused", at: datetime = DAY, who: User = agent, version: int = 1) -> int:
        number = len(made) + 1
        made.append(number)
        sha = f"{number:064d}"
        with store.write() as db:
            db.table("recordings").insert({"sha256": sha, "bytes": 1, "received_at": stamp()})
            db.table("calls").insert({
                "id": number, "sha256": sha, "file_name": "x", "agent_id": who.id, "team_id": who.team_id,
                "campaign": "broadband", "called_at": stamp(at), "direction": "outbound", "customer": "",
                "uploaded_at": stamp(), "state": "ready", "step": "", "outcome": outcome, "analysis_key": f"k{number}",
                "library_version_id": version, "rejection_handling": number,
            })  # fmt: skip
        spoken.put(store, number, f"k{number}", judged, libraries.library(store, version))
        return number

    return put


IDENTITY = "您好，请问是王先生吗？"


def point(found: works.Works, name: str) -> works.PointWorks:
    return next(each for each in found.points if each.id == name)


def test_the_figures_are_those_counted_by_hand(store, editor, count):
    count(report(IDENTITY, "我现在帮您登记，可以吗？"), "agreed")
    count(report(IDENTITY, "", [("busy", 1, "我在开会", "resolved")]), "agreed")
    count(report("喂老王", ""), "refused")
    count(report("", "", [("busy", 1, "在忙", "unanswered"), ("busy", 3, "真在忙", "unanswered")]), "refused")
    count(report("", ""), "no-conversation")
    found = works.works(store, editor, "broadband", BASE)
    identity = point(found, "confirm-identity")
    assert found.calls == 4
    assert (identity.said.hits, identity.said.total) == (3, 4)
    assert (identity.agreed_said.hits, identity.agreed_said.total) == (2, 3)
    assert (identity.agreed_missed.hits, identity.agreed_missed.total) == (0, 1)
    assert (identity.objection_next.hits, identity.objection_next.total) == (1, 3)
    assert (identity.stays.hits, identity.stays.total) == (3, 3)
    assert [(each.text, each.said.hits, each.agreed.hits) for each in identity.wordings] == [
        (IDENTITY, 2, 2),
        ("", 1, 0),
    ]
    (busy,) = found.entries
    assert ((busy.calls.hits, busy.calls.total), (busy.resolved.hits, busy.resolved.total)) == ((2, 4), (1, 3))


def test_nothing_is_claimed_of_a_few_calls_and_something_of_many(store, editor, count):
    for _ in range(MINIMUM - 1):
        count(report(IDENTITY), "agreed")
    few = point(works.works(store, editor, "broadband", BASE), "confirm-identity")
    assert (few.said.value, few.claim) == (None, "")
    for _ in range(MINIMUM + 5):
        count(report(), "refused")
    count(report(IDENTITY), "follow-up")
    many = point(works.works(store, editor, "broadband", BASE), "confirm-identity")
    assert (many.agreed_said.value, many.agreed_missed.value, many.claim) == (1.0, 0.0, "more")


def test_figures_by_agent_version_and_week(store, admin, agent, other_agent, count):
    libraries.publish(store, yaml_format.dumps(with_point(BASE, "ask-for-order", weight=2)))
    count(report(IDENTITY), who=agent)
    count(report(), who=other_agent, version=2)
    count(report(IDENTITY), at=DAY + timedelta(days=7), who=other_agent, version=2)

    def told(part: works.By) -> list[tuple[str, int, int]]:
        parts = works.by(store, admin, "broadband", "confirm-identity", part)
        return [(each.name, each.said.hits, each.said.total) for each in parts]

    by_wording = works.by(store, admin, "broadband", "confirm-identity", "agent", wording=IDENTITY)
    assert {each.name: each.said.hits for each in by_wording} == {"赵敏": 1, "陈晓": 1}
    assert sorted(told("agent")) == [("赵敏", 1, 2), ("陈晓", 1, 1)]
    assert told("version") == [("1", 1, 1), ("2", 1, 2)]
    assert told("week") == [("2026-11-02", 1, 2), ("2026-11-09", 1, 1)]
    assert told("team") == [("一组", 2, 3)]


def test_editors_see_figures_of_no_single_agent(store, editor, agent, count):
    count(report(IDENTITY), who=agent)
    with pytest.raises(AccessDenied):
        works.by(store, editor, "broadband", "confirm-identity", "agent")
    with pytest.raises(AccessDenied):
        works.works(store, editor, "broadband", BASE, Selection(agent_id=agent.id))


def test_a_selection_narrows_the_calls(store, admin, agent, other_agent, count):
    count(report(IDENTITY), who=agent)
    count(report(), who=other_agent, at=DAY + timedelta(days=1))
    assert works.works(store, admin, "broadband", BASE, Selection(agent_id=agent.id)).calls == 1
    assert works.works(store, admin, "broadband", BASE, Selection(until=DAY + timedelta(hours=1))).calls == 1


def test_adoption_of_a_version_day_by_day(store, editor, count):
    new = with_point(BASE, "confirm-identity", say=(IDENTITY, "请问您是机主本人吗？"))
    version = libraries.publish(store, yaml_format.dumps(new))
    count(report("请问您是机主本人吗"), version=version.id)
    count(report(IDENTITY), version=version.id)
    count(report("请问您是机主本人吗"), version=version.id, at=DAY + timedelta(days=1))
    days = works.adoption(store, editor, version.id)
    assert [(day.date, day.calls, day.wordings.hits, day.wordings.total) for day in days] == [
        ("2026-11-02", 2, 1, 2),
        ("2026-11-03", 1, 1, 1),
    ]


def test_calls_judged_before_there_were_figures_are_caught_up(store, editor, judged, agent):
    judged(agent, "agent: 您好")
    store.change("DELETE FROM spoken_calls")
    assert works.works(store, editor, "broadband", BASE).calls == 1
    assert store.value("SELECT count(*) FROM spoken_calls") == 1


def test_leads_have_the_figures_of_their_team_and_agents_none(store, agent, lead, outsider, count):
    count(report(IDENTITY), who=agent)
    assert works.works(store, lead, "broadband", BASE).calls == 1
    assert works.works(store, outsider, "broadband", BASE).calls == 0
    with pytest.raises(AccessDenied):
        works.works(store, agent, "broadband", BASE)


def test_uncovered_refusals_are_grouped_and_begin_an_entry(store, editor, lead, agent, count):
    for quote in ("我要问一下房东", "我要问一下房东。", "我们家要搬了"):
        count(report(objections=[("other", 1, quote, "unanswered")]), who=agent)
    found = gaps.gaps(store, lead, "broadband")
    assert [(gap.title, gap.times, gap.calls) for gap in found] == [("我要问一下房东", 2, 2), ("我们家要搬了", 1, 1)]
    entry = gaps.as_entry(found[0], BASE)
    assert (entry.title, entry.heard_as) == ("我要问一下房东", found[0].examples)
    assert {one.call_id for one in found[0].said} == {1, 2}
    assert {one.call_id for one in gaps.gaps(store, editor, "broadband")[0].said} == {None}


class Directions:
    """An encoder for which texts that begin alike mean the same."""

    name = "directions"

    def encode(self, sentences):
        table = np.zeros((len(sentences), 4), np.float32)
        for row, text in zip(table, sentences, strict=True):
            row["忙贵房".find(text[0])] = 1.0
        return table


def test_a_refusal_far_from_the_examples_of_its_entry_is_missing_too(store, lead, agent, count):
    price = "  - objection: price\n    title: 贵\n    heard_as: [贵]\n    respond: []\n"
    text = LIBRARY.replace('["我在开会"]', '["忙着呢"]').replace("forbidden:", price + "forbidden:")
    text = text.replace("respond: []", "respond: [{step: answer, title: 答, say: [好]}]")
    libraries.publish(store, text)
    quotes = ("忙得很", "贵了点", "房东不让装", "房东不同意")
    CachedEncoder(store, Directions()).encode([*quotes, "忙着呢", "贵"])
    for quote in quotes:
        count(report(objections=[("busy" if quote[0] != "贵" else "price", 1, quote, "unanswered")]), who=agent)
    (gap,) = gaps.gaps(store, lead, "broadband")
    assert (set(gap.examples), gap.taken_for, gap.times) == ({"房东不让装", "房东不同意"}, "busy", 2)


def test_good_answers_are_those_one_may_hear(store, agent, other_agent, outsider, count):
    count(report(objections=[("busy", 1, "我在开会", "resolved")]), who=agent)
    count(report(objections=[("busy", 1, "在忙", "resolved")]), who=other_agent)
    count(report(objections=[("busy", 1, "没空", "unanswered")]), who=agent)
    (one,) = gaps.good_answers(store, agent, "broadband", "busy")
    assert (one.call_id, one.turn, one.quote) == (1, 2, "我在开会")
    assert gaps.good_answers(store, outsider, "broadband", "busy") == ()


def test_where_little_is_missing_what_was_hardly_an_objection_is_offered_too(store, lead, agent, count):
    sure, hardly = ({"confidence": value} for value in (0.9, 0.45))
    for quote, more in (("我要问一下房东", sure), ("这个嘛再看吧", hardly)):
        one = report(objections=[("other" if more is sure else "busy", 1, quote, "unanswered")])
        one["objections"][0] |= more
        count(one, who=agent)
    found = gaps.gaps(store, lead, "broadband")
    assert [(gap.title, gap.doubtful, gap.taken_for) for gap in found] == [
        ("我要问一下房东", False, "other"),
        ("这个嘛再看吧", True, "busy"),
    ]


def test_where_much_is_missing_only_that_is_offered(store, lead, agent, count, monkeypatch):
    monkeypatch.setattr(gaps, "_RARE", 1)
    one = report(objections=[("other", 1, "我要问一下房东", "unanswered"), ("busy", 3, "再看吧", "unanswered")])
    for each, confidence in zip(one["objections"], (0.9, 0.4), strict=True):
        each["confidence"] = confidence
    count(one, who=agent)
    assert [gap.title for gap in gaps.gaps(store, lead, "broadband")] == ["我要问一下房东"]
