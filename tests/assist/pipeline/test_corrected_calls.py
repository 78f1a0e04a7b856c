"""A corrected call is judged again from the corrected transcript, and nothing is heard again."""

import pytest

from assist import pipeline as pipelines
from assist.calls import calls, corrections
from assist.errors import AccessDenied, NotFound
from assist.pipeline import STEPS, Pipeline
from tests.fakes import FakeEngine, FakeHearing


@pytest.fixture
def engine(settings):
    return FakeEngine(settings.data / "heard.log")


def work(store, engine, call):
    call = calls.load(store, call.id)
    for step in STEPS:
        if (outcome := Pipeline(store, engine).run(step, call.id, call.run)) != "done":
            return outcome
    return "done"


@pytest.fixture
def call(store, engine, upload, agent):
    made = upload(agent, "customer: 喂", "agent: 终身免费")
    work(store, engine, made)
    return calls.load(store, made.id)


def hearings(settings):
    return len((settings.data / "heard.log").read_text().splitlines())


def test_it_is_judged_by_what_was_really_said(store, settings, engine, call, lead):
    again = pipelines.correct(store, lead, call.id, 1, "终身维护")
    assert (again.state, again.run) == ("received", call.run + 1)
    assert work(store, engine, call) == "done"
    after = calls.load(store, call.id)
    assert (call.overall, call.flag_count, after.overall, after.flag_count) == (40, 1, 80, 0)
    assert calls.transcript(store, after).turns[1].heard == "终身免费"
    assert hearings(settings) == 1


def test_the_result_of_before_is_kept(store, engine, call, lead):
    pipelines.correct(store, lead, call.id, 1, "终身维护")
    work(store, engine, call)
    assert store.value("SELECT count(*) FROM analyses WHERE call_id = ?", [call.id]) == 2
    assert calls.analysis(store, call)["turns"][1]["text"] == "终身免费"


def test_taking_it_back_finds_the_first_result_again(store, settings, engine, call, lead):
    pipelines.correct(store, lead, call.id, 1, "终身维护")
    work(store, engine, call)
    (made,) = corrections.history(store, call.id)
    pipelines.revert(store, lead, call.id, made.id)
    work(store, engine, call)
    after = calls.load(store, call.id)
    assert (after.transcript_key, after.analysis_key, after.overall) == (call.transcript_key, call.analysis_key, 40)
    assert store.value("SELECT count(*) FROM analyses WHERE call_id = ?", [call.id]) == 2
    assert hearings(settings) == 1


def test_a_correction_while_it_is_judged_replaces_that_run(store, engine, call, lead):
    first = pipelines.correct(store, lead, call.id, 1, "终身维护")
    pipelines.correct(store, lead, call.id, 0, "喂，你好")
    assert Pipeline(store, engine).run("judge", call.id, first.run) == "superseded"
    assert work(store, engine, call) == "done"
    turns = calls.transcript(store, calls.load(store, call.id)).turns
    assert [turn.text for turn in turns] == ["喂，你好", "终身维护"]


def test_a_newer_model_does_not_undo_the_work_of_people(store, settings, engine, call, lead, monkeypatch):
    pipelines.correct(store, lead, call.id, 1, "终身维护")
    monkeypatch.setattr(FakeHearing, "name", "fake-hearing-2")
    work(store, engine, call)
    assert calls.transcript(store, calls.load(store, call.id)).turns[1].text == "终身维护"
    assert hearings(settings) == 1


def test_what_changes_nothing_starts_nothing(store, call, lead):
    assert pipelines.correct(store, lead, call.id, 1, "终身免费").state == "ready"


def test_who_may_not_correct(store, call, agent, other_agent, outsider, editor):
    with pytest.raises(AccessDenied):
        pipelines.correct(store, agent, call.id, 1, "终身维护")
    for user in (other_agent, outsider, editor):
        with pytest.raises(NotFound):
            pipelines.correct(store, user, call.id, 1, "终身维护")
    assert calls.load(store, call.id).state == "ready"
