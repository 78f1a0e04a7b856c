"""Trying a draft on past calls."""

import time

import pytest

from assist import trials
from assist.errors import AccessDenied, LibraryError, NotFound
from assist.scripts.formats import yaml_format
from assist.store import drafts
from tests import fakes
from tests.assist.scripts.libraries import with_point
from tests.conftest import LIBRARY

BASE = yaml_format.loads(LIBRARY)


class Judge(fakes.FakeEngine):
    """Finds a point where one of its wordings stands in a turn, letter by letter."""

    def judge(self, transcript, library, case):
        judged = fakes.report(transcript, sha256=case.sha256, version=case.version)
        points = []
        for _, point in library.points():
            turn = next((t for t in transcript.turns if any(say in t.text for say in point.say)), None)
            place = {"turn": turn and turn.id, "start": turn and turn.start, "quote": turn and turn.text}
            points.append({"id": point.id, "status": "said" if turn else "missed", **place})
        return judged | {"points": points}


@pytest.fixture
def calls(judged, agent, lead):
    return [judged(agent, "agent: 您好", f"agent: 第{number}个：方便吗") for number in range(3)]


@pytest.fixture
def draft(store, editor):
    return drafts.create(store, editor, with_point(BASE, "ask-for-order", say=("方便吗",)))


def test_a_draft_shows_what_it_would_find(store, lead, editor, draft, calls):
    drafts.submit(store, editor, draft.id)
    trial = trials.begin(store, lead, draft.id, Judge, wait=True)
    assert (trial.state, trial.done, trial.total) == ("done", 3, 3)
    assert trial.result["changed"] == 3
    assert trial.result["items"] == [
        {"kind": "point", "id": "ask-for-order", "title": "邀请办理", "gained": 3, "lost": 0}
    ]
    shown = trial.result["shown"][0]
    assert shown["call_id"] in {call.id for call in calls}
    assert shown["shift"]["differences"][0]["quote"].endswith("方便吗")


def test_editors_see_the_words_and_not_whose_call_it_is(store, editor, draft, calls):
    trial = trials.begin(store, editor, draft.id, Judge, wait=True)
    assert {shown["call_id"] for shown in trial.result["shown"]} == {None}


def test_a_sample_is_spread_over_the_calls(store, editor, draft, calls):
    assert trials.begin(store, editor, draft.id, Judge, sample=2, wait=True).total == 2


def test_many_calls_are_judged_in_processes_of_their_own(store, editor, calls):
    past = trials.calls_to_try(store, editor, "broadband")
    seen = []
    found = list(
        trials.judge_spread(store.settings, "tests.fakes:engine", BASE, past, lambda *each: seen.append(each) or True)
    )
    assert [(call.id, shift.same) for call, shift in found] == [(call.id, True) for call in past]
    assert seen == [(3, 3)]


def test_a_trial_stops_when_it_is_cancelled(store, editor, draft, calls):
    found = trials.judge_all(store, Judge(), BASE, trials.calls_to_try(store, editor, "broadband"), lambda *_: False)
    assert len(list(found)) == 1
    trial = trials.begin(store, editor, draft.id, Judge, wait=True)
    assert trials.cancel(store, editor, trial.id).state == "done"
    store.change("UPDATE trials SET state = 'running'")
    assert trials.cancel(store, editor, trial.id).state == "cancelled"


def test_a_trial_whose_process_died_is_told_as_failed(store, editor, draft, calls):
    trial = trials.begin(store, editor, draft.id, Judge, wait=True)
    store.change("UPDATE trials SET state = 'running', touched_at = '2020-01-01T00:00:00.000+00:00'")
    assert trials.get(store, editor, trial.id).state == "failed"


def test_an_engine_that_fails_is_told(store, editor, draft, calls):
    def broken():
        raise LibraryError

    trial = trials.begin(store, editor, draft.id, broken, wait=True)
    assert (trial.state, bool(trial.failure)) == ("failed", True)


def test_an_incomplete_draft_is_not_tried(store, editor, draft):
    drafts.save(store, editor, draft.id, with_point(BASE, "ask-for-order", say=()), 1)
    with pytest.raises(LibraryError):
        trials.begin(store, editor, draft.id, Judge)


def test_agents_try_nothing(store, agent, editor, draft):
    with pytest.raises(NotFound):
        trials.begin(store, agent, draft.id, Judge)
    with pytest.raises(AccessDenied):
        trials.calls_to_try(store, agent, "broadband")


def test_the_last_trial_of_a_draft(store, editor, draft, calls):
    assert trials.latest(store, editor, draft.id) is None
    begun = trials.begin(store, editor, draft.id, Judge, wait=True)
    assert trials.latest(store, editor, draft.id).id == begun.id


def test_a_trial_that_learns_for_long_is_not_taken_for_dead(store, editor, draft, calls, monkeypatch):
    monkeypatch.setattr(trials, "_SAID_EVERY", 0.01)
    seen = []

    def slow():
        store.change("UPDATE trials SET touched_at = '2020-01-01T00:00:00.000+00:00'")
        for _ in range(500):
            if (state := trials.latest(store, editor, draft.id).state) == "running":
                break
            time.sleep(0.01)
        seen.append(state)
        return Judge()

    assert trials.begin(store, editor, draft.id, slow, wait=True).state == "done"
    assert seen == ["running"]
