"""A worker that gives no sign of life: what it was at is taken over once, and doubles nothing if it comes back."""

import threading
import time

import pytest

from assist import jobs
from assist.calls import calls
from assist.fleet import beats, exchange, lengths, stranded, upkeep
from assist.fleet.beats import Member
from tests import fakes
from tests.assist.fleet.conftest import heard, until, wait_for


@pytest.fixture
def member(queue):
    jobs.client(queue)
    return Member("far-1", "elsewhere:/data", ("speech.1",), jobs.VERSION, "whisper", "b00t")


def test_a_worker_is_alive_while_it_beats(queue, member):
    queue.silent_seconds = 0.3
    beats.begin(queue, member)
    assert [sign.name for sign in beats.living(queue)] == ["far-1"]
    until(lambda: not beats.living(queue))
    assert beats.beat(queue, member) > 0.3
    assert [sign.executor for sign in beats.living(queue)] == [member.executor]
    beats.died(queue, member.executor, crashed=True)
    assert beats.living(queue) == []


def test_one_whose_row_was_cleared_away_signs_on_again(queue, member):
    assert beats.beat(queue, member) == 0.0
    assert [sign.hears for sign in beats.living(queue)] == ["whisper"]


def test_a_start_buries_those_before_it_under_the_same_name_in_the_same_place(queue, member):
    for boot, home in (("1", "here"), ("2", "here"), ("3", "there")):
        beats.begin(queue, Member("worker-0", home, ("calls",), "1", "", boot))
    beats.bury_namesakes(queue, Member("worker-0", "here", ("calls",), "1", "", "2"))
    assert {sign.executor for sign in beats.living(queue)} == {"worker-0.2", "worker-0.3"}


def test_what_a_dead_worker_was_at_is_done_by_another(queue, store, upload, agent, working, member):
    call = upload(agent, "agent: 您好")
    jobs.submit(store, call.id)
    beats.begin(queue, member)
    _claim(queue, jobs.workflow_id(call), member.executor)
    with working():
        time.sleep(0.3)
        assert calls.load(store, call.id).state == "received"
        beats.died(queue, member.executor, crashed=False)
        assert beats.take_over(queue) == 1
        assert beats.take_over(queue) == 0
        wait_for(store, call, "ready")
    assert len(heard(queue)) == 1


def test_a_recording_that_many_workers_died_at_is_set_aside(elsewhere, store, upload, agent, working, member):
    call = upload(agent, "agent: 您好")
    jobs.submit(store, call.id)
    with working(listens=False):
        until(lambda: calls.load(store, call.id).step == "sent")
    [hearing] = [name for name in lengths.in_flight(elsewhere) if ".hear." in name]
    for number in range(beats.MOST_CRASHES):
        beats._note_death(elsewhere, hearing, f"far.{number}", crashed=True)
        beats._note_death(elsewhere, hearing, f"far.{number}", crashed=True)
        assert beats.deadly(elsewhere, hearing) == (number == beats.MOST_CRASHES - 1)
    with working():
        assert wait_for(store, call, "failed").failure.code == "KillsWorker"
    assert not beats.deadly(elsewhere, hearing)
    assert heard(elsewhere) == []


def test_one_that_was_only_slow_doubles_nothing(elsewhere, store, upload, agent, working):
    """It is declared dead while it hears; another hears the recording; then the first one comes back with its own."""
    call, slow = upload(agent, "agent: 您好"), threading.Event()
    engine, first = fakes.FakeEngine(elsewhere.data / "heard.log"), []
    hear = engine.hearing.hear

    def hear_slowly(recording, library, progress):
        heard_now = hear(recording, library, progress)
        if not first:
            first.append(recording)
            slow.wait(20)
        return heard_now

    engine.hearing.hear = hear_slowly
    elsewhere.jobs_at_once = 2
    jobs.submit(store, call.id)
    with working(engine):
        until(lambda: first)
        [own] = beats.living(elsewhere)
        beats.died(elsewhere, own.executor, crashed=False)
        beats.take_over(elsewhere)
        wait_for(store, call, "ready")
        slow.set()
        until(lambda: lengths.in_flight(elsewhere) == set())
        time.sleep(0.2)
    assert store.value("SELECT count(*) FROM transcripts") == 1
    assert store.value("SELECT count(*) FROM analyses") == 1
    assert calls.load(store, call.id).run == 1


def test_old_and_new_versions_side_by_side_take_only_their_own(queue, store, upload, agent, working, monkeypatch):
    old, new = upload(agent, "agent: old"), upload(agent, "agent: new")
    jobs.submit(store, new.id)
    jobs.client(queue).enqueue(
        jobs._options(jobs.WORKFLOW, jobs.QUEUE, f"{old.sha256}.0.1", 1) | {"app_version": "0"}, old.id, 1
    )
    store.change("UPDATE calls SET enqueued_run = run WHERE id = ?", [old.id])
    beats.begin(queue, Member("old-1", "there", (jobs.QUEUE,), "0", "", "b"))
    with working():
        wait_for(store, new, "ready")
        assert upkeep.take_back(store) == 0
        assert calls.load(store, old.id).state == "received"
        beats.died(queue, "old-1.b", crashed=False)
        assert upkeep.take_back(store) == 1
        upkeep.reconcile(store)
        assert wait_for(store, old, "ready").run == 2
    assert upkeep.take_back(store) == 0


def test_what_waits_for_another_recogniser_is_asked_anew_of_the_one_that_counts(
    elsewhere, store, upload, agent, working, monkeypatch
):
    call, before = upload(agent, "agent: 您好"), fakes.FakeEngine()
    before.hearing.name = "fake-hearing-0"
    jobs.submit(store, call.id)
    with working(before, listens=False):
        until(lambda: calls.load(store, call.id).step == "sent")
    with working() as pipeline:
        assert upkeep.take_back(store, pipeline.hears) == 1
        upkeep.reconcile(store)
        assert wait_for(store, call, "ready").run == 2
    assert stranded.groups(elsewhere, jobs.VERSION, "") == []
    assert exchange.of(elsewhere).recordings() == []


def _claim(settings, workflow, executor):
    """As if that executor had begun it."""
    import sqlalchemy as sa

    from assist.fleet import ledger

    table = "workflow_status" if settings.jobs_url is None else "dbos.workflow_status"
    with ledger.engine(settings).begin() as db:
        statement = f"UPDATE {table} SET status = 'PENDING', executor_id = :e WHERE workflow_uuid = :w"
        assert db.execute(sa.text(statement), {"e": executor, "w": workflow}).rowcount == 1
