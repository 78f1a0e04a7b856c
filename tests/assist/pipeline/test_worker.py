"""The worker process and its supervisor, with the fake engine."""

import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from assist import jobs, worker
from assist import pipeline as pipelines
from assist.calls import calls
from assist.fleet import upkeep
from assist.pipeline import Pipeline, rejudge_all, retry
from tests import fakes

ENGINE = "tests.fakes:engine"
HOUSE = Path(__file__).resolve().parents[3]


@pytest.fixture
def working(settings, monkeypatch):
    """A supervised worker, stopped at the end of the test."""
    monkeypatch.setenv("PYTHONPATH", str(HOUSE))
    stop = threading.Event()
    thread = threading.Thread(target=worker.supervise, args=(settings, stop), kwargs={"engine": ENGINE})
    thread.start()
    yield
    stop.set()
    thread.join()
    jobs.close()


def wait_for(store, call, *states):
    deadline = time.monotonic() + 60
    while (state := calls.load(store, call.id).state) not in states:
        assert time.monotonic() < deadline, f"still {state}"
        time.sleep(0.05)
    return calls.load(store, call.id)


@pytest.mark.usefixtures("working")
def test_calls_are_worked_on_even_if_nobody_enqueued_them(store, upload, agent, lead):
    enqueued, forgotten = upload(agent, "agent: 1"), upload(agent, "agent: 2")
    jobs.submit(store, enqueued.id)
    jobs.submit(store, enqueued.id)
    waiting = upload(lead, "agent: 3", name="unknown.wav")
    jobs.submit(store, waiting.id)
    assert wait_for(store, enqueued, "ready").run == 1
    assert wait_for(store, forgotten, "ready").run == 1
    assert calls.load(store, waiting.id).state == "waiting"


@pytest.mark.usefixtures("working")
def test_a_recording_that_kills_its_worker_is_set_aside_and_the_others_go_on(store, upload, agent):
    killer = upload(agent, "agent: KILLS THE WORKER")
    good = upload(agent, "agent: 您好")
    for call in (killer, good):
        jobs.submit(store, call.id)
    failed = wait_for(store, killer, "failed")
    assert failed.failure.code == "KillsWorker"
    assert wait_for(store, good, "ready")
    assert retry(store, agent, killer.id).run == 2


def test_a_lost_work_queue_is_made_again_from_the_calls(settings, store, upload, agent):
    call = upload(agent)
    jobs.submit(store, call.id)
    jobs.close()
    for file in settings.data.glob("jobs.db*"):
        file.unlink()
    assert upkeep.reconcile(store) == 0
    assert upkeep.reconcile(store, thoroughly=True) == 1
    assert calls.load(store, call.id).run == 2
    assert upkeep.reconcile(store, thoroughly=True) == 0
    jobs.close()


def test_two_workers_never_share_a_name(settings, monkeypatch):
    monkeypatch.setattr(worker, "_LOCK_SECONDS", 0.1)
    with _another_process_holding(settings, "worker-0"), pytest.raises(worker.AnotherWorker) as refused:
        worker.work(settings, engine=ENGINE, stop=threading.Event())
    assert "--slot" in str(refused.value)


@contextmanager
def _another_process_holding(settings, name):
    code = f"""
from datetime import timedelta
from pathlib import Path
from assist import locks
from assist.config import Settings
with locks.held(Settings(data=Path({str(settings.data)!r})), {name!r}):
    print("held", flush=True)
    input()
"""
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=HOUSE, text=True
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        yield
        holder.communicate("\n")


def test_an_engine_that_is_not_there_stops_the_supervisor_with_one_line(settings, monkeypatch, capfd):
    monkeypatch.setenv("PYTHONPATH", str(HOUSE))
    status = worker.supervise(settings, threading.Event(), engine="tests.fakes:nothing")
    assert status == worker.CANNOT_START
    said = capfd.readouterr().err.strip().splitlines()
    assert len(said) == 1
    assert "tests.fakes:nothing" in said[0]


@pytest.mark.usefixtures("working")
def test_calls_that_were_heard_are_judged_again_together(store, upload, agent, lead):
    some = [upload(agent, f"agent: {number}") for number in range(3)]
    for call in some:
        jobs.submit(store, call.id)
    for call in some:
        wait_for(store, call, "ready")
    assert rejudge_all(store, lead, "broadband", some[0].called_at - timedelta(days=1)) == 3
    assert upkeep.reconcile(store) == 3
    assert {wait_for(store, call, "ready").run for call in some} == {2}


def test_what_waits_to_be_judged_again_with_others_is_not_begun_anew(store, judged, agent, lead):
    some = [judged(agent, f"agent: {number}") for number in range(3)]
    rejudge_all(store, lead, "broadband", some[0].called_at - timedelta(days=1))
    assert upkeep.reconcile(store) == 3
    assert upkeep.reconcile(store, thoroughly=True) == 0
    assert calls.load(store, some[0].id).run == 2
    jobs.close()


def test_a_call_that_cannot_be_judged_does_not_stop_those_beside_it(store, judged, agent, lead, monkeypatch):
    some = [judged(agent, f"agent: {number}") for number in range(3)]
    rejudge_all(store, lead, "broadband", some[0].called_at - timedelta(days=1))
    pipeline = Pipeline(store, fakes.FakeEngine())
    work = pipelines._WORK[pipelines.AGAIN]
    broken = lambda self, call: 1 / 0 if call.id == some[1].id else work(self, call)  # noqa: E731
    monkeypatch.setitem(pipelines._WORK, pipelines.AGAIN, broken)
    jobs._each_again(pipeline, [(call.id, 2) for call in some])
    assert [calls.load(store, call.id).state for call in some] == ["ready", "failed", "ready"]
    monkeypatch.setitem(pipelines._WORK, pipelines.AGAIN, work)
    jobs._each_again(pipeline, [(call.id, 2) for call in some])
    assert [calls.load(store, call.id).run for call in some] == [2, 2, 2]
