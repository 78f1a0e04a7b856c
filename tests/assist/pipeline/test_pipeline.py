"""The steps of a call: each keeps its result, finished work is found again, failures have a reason."""

import pytest

from assist import pipeline as pipelines
from assist.calls import calls, progress, recordings
from assist.calls.refusals import NotARecording
from assist.errors import AccessDenied, NotFound
from assist.pipeline import STEPS, Pipeline, StillWorking
from assist.store import attempts, libraries, results
from tests.conftest import LIBRARY
from tests.fakes import FakeEngine


@pytest.fixture
def engine(settings):
    return FakeEngine(settings.data / "heard.log")


@pytest.fixture
def pipeline(store, engine):
    return Pipeline(store, engine)


@pytest.fixture
def process(store, pipeline):
    def through(call):
        call = calls.load(store, call.id)
        for step in STEPS:
            if (outcome := pipeline.run(step, call.id, call.run)) != "done":
                return outcome
        return "done"

    return through


def heard(settings):
    log = settings.data / "heard.log"
    return len(log.read_text().splitlines()) if log.exists() else 0


def test_a_call_becomes_ready_with_everything_a_page_shows(store, upload, agent, process):
    call = upload(agent, "customer: 喂", "agent: 终身免费")
    assert process(call) == "done"
    call = calls.get(store, agent, call.id)
    assert (call.state, call.library_version, call.overall, call.questioning) == ("ready", 1, 40, None)
    assert (call.flag_count, call.severity, call.focus, call.seconds) == (1, 3, "compliance", 4.0)
    assert [turn.text for turn in calls.transcript(store, call).turns] == ["喂", "终身免费"]
    assert calls.analysis(store, call)["recording"]["sha256"] == call.sha256
    assert calls.peaks(store, call) == [[0.0, 0.5, 1.0]]


@pytest.mark.parametrize("step", STEPS)
def test_a_step_done_twice_does_its_work_once(store, settings, upload, agent, pipeline, process, step):
    call = upload(agent, "agent: 您好")
    for earlier in STEPS[: STEPS.index(step) + 1]:
        pipeline.run(earlier, call.id, call.run)
    pipeline.run(step, call.id, call.run)
    process(call)
    assert calls.load(store, call.id).state == "ready"
    assert heard(settings) == 1
    assert store.value("SELECT count(*) FROM analyses") == 1


def test_judging_again_under_another_version_hears_nothing_again(store, settings, upload, agent, lead, process):
    call = upload(agent, "agent: 您好")
    process(call)
    second = libraries.publish(store, LIBRARY + "# second\n")
    again = pipelines.rejudge(store, lead, call.id, second.id)
    assert again.state == "received"
    assert process(again) == "done"
    assert calls.load(store, call.id).library_version == 2
    assert heard(settings) == 1
    assert store.value("SELECT count(*) FROM analyses WHERE call_id = ?", [call.id]) == 2


def test_history_is_judged_again_in_one_go(store, upload, agent, other_agent, outsider, lead, process):
    for owner in (agent, other_agent):
        process(upload(owner, f"agent: {owner.login}"))
    since = libraries.moment("2020-01-01T00:00:00+00:00")
    assert pipelines.rejudge_all(store, outsider, "broadband", since) == 0
    assert pipelines.rejudge_all(store, lead, "broadband", since) == 2
    assert store.value("SELECT count(*) FROM calls WHERE state = 'received'") == 2


def test_a_recording_that_cannot_be_used_fails_with_its_reason(store, upload, agent, pipeline, engine, monkeypatch):
    def refuse(recording):
        raise NotARecording

    monkeypatch.setattr(engine, "peaks", refuse)
    call = upload(agent)
    assert pipeline.run("decode", call.id, call.run) == "failed"
    failed = calls.get(store, agent, call.id)
    assert (failed.state, failed.failure.code) == ("failed", "NotARecording")
    assert failed.failure.text("zh-CN") == NotARecording().text("zh-CN")
    assert pipeline.run("hear", call.id, call.run) == "superseded"


def test_a_retry_begins_anew_and_keeps_what_was_done(store, settings, upload, agent, pipeline, process):
    call = upload(agent, "agent: 您好")
    for step in ("decode", "hear"):
        pipeline.run(step, call.id, call.run)
    pipeline.fail(call.id, call.run, pipelines.Unexpected(reason="power"))
    again = pipelines.retry(store, agent, call.id)
    assert (again.state, again.run, again.failure) == ("received", 2, None)
    assert process(again) == "done"
    assert heard(settings) == 1


def test_what_is_under_way_is_not_begun_anew(store, upload, agent, lead, other_agent):
    call = upload(agent)
    with pytest.raises(StillWorking):
        pipelines.retry(store, agent, call.id)
    with pytest.raises(StillWorking):
        pipelines.rejudge(store, lead, call.id)
    with pytest.raises(AccessDenied):
        pipelines.rejudge(store, agent, call.id)
    with pytest.raises(NotFound):
        pipelines.retry(store, other_agent, call.id)


def test_a_cancelled_call_stops_at_its_next_report(store, upload, agent, pipeline, engine, monkeypatch):
    call = upload(agent)

    def cancel_then_report(recording, library, progress):
        pipelines.cancel(store, agent, call.id)
        progress("transcribing", 1.0)
        raise AssertionError("went on")

    monkeypatch.setattr(engine.hearing, "hear", cancel_then_report)
    pipeline.run("decode", call.id, call.run)
    assert pipeline.run("hear", call.id, call.run) == "superseded"
    assert calls.get(store, agent, call.id).state == "cancelled"
    assert store.value("SELECT count(*) FROM transcripts") == 0
    assert pipelines.retry(store, agent, call.id).state == "received"


def test_the_results_of_an_older_run_move_nothing(store, upload, agent, pipeline):
    call = upload(agent)
    pipelines.cancel(store, agent, call.id)
    pipelines.retry(store, agent, call.id)
    assert pipeline.run("decode", call.id, 1) == "superseded"
    assert calls.get(store, agent, call.id).state == "received"


def test_lost_bytes_are_said(store, settings, upload, agent, pipeline):
    call = upload(agent)
    recordings.path_of(settings, call.sha256).unlink()
    pipeline.run("decode", call.id, call.run)
    assert calls.get(store, agent, call.id).failure.code == "RecordingLost"


def test_the_machines_troubles_are_raised_to_be_tried_again(store, upload, agent, pipeline, engine, monkeypatch):
    def full(recording):
        raise OSError("disk full")

    monkeypatch.setattr(engine, "peaks", full)
    call = upload(agent)
    with pytest.raises(OSError, match="disk full"):
        pipeline.run("decode", call.id, call.run)
    assert calls.get(store, agent, call.id).state == "decoding"
    assert store.value("SELECT count(*) FROM attempts") == 0


def test_progress_shows_share_and_time_left(store, upload, agent):
    call, seconds = upload(agent), iter([0.0, 0.0, 0.1, 10.0, 20.0, 40.0])
    report = progress.reporter(store, call.id, call.run, clock=lambda: next(seconds))
    shown = []
    for step, share in [
        ("decoding", 1.0),
        ("transcribing", 0.0),
        ("transcribing", 0.01),  # too soon to be written
        ("transcribing", 0.25),
        ("transcribing", 0.5),
        ("speakers", 0.1),
    ]:
        report(step, share)
        now = calls.load(store, call.id)
        shown.append((now.progress, now.remaining_s))
    assert shown == [(0.0, None), (0.0, None), (0.0, None), (0.25, 30.0), (0.5, 20.0), (1.0, 0.0)]


class TestDeaths:
    def test_three_crashes_in_a_step_set_the_call_aside(self, store, upload, agent, pipeline):
        call = upload(agent)
        for _ in range(attempts.MOST_CRASHES):
            assert attempts.begin(store, call.id, "hear", pipeline.worker)
            attempts.worker_died(store, pipeline.worker, crashed=True)
        assert pipeline.run("hear", call.id, call.run) == "failed"
        assert calls.get(store, agent, call.id).failure.code == "KillsWorker"
        assert pipelines.retry(store, agent, call.id).state == "received"

    def test_being_killed_from_outside_is_nobodys_fault(self, store, upload, agent, pipeline):
        call = upload(agent)
        for _ in range(10):
            assert attempts.begin(store, call.id, "hear", pipeline.worker)
            attempts.worker_died(store, pipeline.worker, crashed=False)
            assert attempts.begin(store, call.id, "hear", pipeline.worker)  # the supervisor died with it

    def test_a_finished_step_wipes_the_slate(self, store, upload, agent, pipeline):
        call = upload(agent)
        for _ in range(2):
            attempts.begin(store, call.id, "decode", pipeline.worker)
            attempts.worker_died(store, pipeline.worker, crashed=True)
        pipeline.run("decode", call.id, call.run)
        assert attempts.begin(store, call.id, "decode", pipeline.worker)
        assert store.value("SELECT crashes FROM attempts") == 0

    def test_a_worker_that_was_asked_to_stop_has_not_died(self, store, upload, agent, pipeline):
        call = upload(agent)
        attempts.begin(store, call.id, "hear", pipeline.worker)
        attempts.worker_stopped(store, pipeline.worker)
        attempts.begin(store, call.id, "hear", pipeline.worker)
        assert store.value("SELECT deaths FROM attempts") == 0


def test_an_analysis_under_its_key_is_the_same_bytes_again(store, upload, agent, process):
    call = upload(agent, "agent: 您好")
    process(call)
    first = store.value("SELECT body FROM analyses")
    assert results.pack(results.unpack(first)) == first
