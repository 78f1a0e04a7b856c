"""What holds of the work queue on SQLite and on PostgreSQL alike, with hearing here and elsewhere."""

import time
from datetime import timedelta

import pytest

from assist import jobs
from assist import pipeline as pipelines
from assist.calls import calls
from assist.calls.details import Details
from assist.calls.refusals import NotARecording
from assist.fleet import exchange, lengths, near, reports, switch, upkeep
from assist.fleet.exchange import Parcel
from assist.pipeline import rejudge_all
from assist.store import libraries
from tests import fakes
from tests.assist.fleet.conftest import heard, until, wait_for
from tests.conftest import LIBRARY


@pytest.fixture(params=["here", "elsewhere"])
def place(request, queue, tmp_path):
    """Hearing done near the store, and elsewhere."""
    if request.param == "elsewhere":
        queue.objects = f"file://{tmp_path}/objects"
    return queue


def test_calls_become_ready_and_what_is_enqueued_twice_is_done_once(place, store, upload, agent, working):
    some = [upload(agent, f"agent: {number}") for number in range(3)]
    for call in (*some, some[0]):
        jobs.submit(store, call.id)
    with working():
        assert [wait_for(store, call, "ready", "failed").state for call in some] == ["ready"] * 3
    assert sorted(heard(place)) == sorted(call.sha256 for call in some)
    assert calls.peaks(store, calls.load(store, some[0].id)) == [[0.0, 0.5, 1.0]]


def test_calls_that_were_heard_are_judged_again_without_being_heard_again(place, store, upload, agent, lead, working):
    call = upload(agent, "agent: 您好")
    jobs.submit(store, call.id)
    with working():
        wait_for(store, call, "ready")
        rejudge_all(store, lead, "broadband", call.called_at - timedelta(days=1))
        assert upkeep.reconcile(store) == 1
        until(lambda: calls.load(store, call.id).run == 2 and calls.load(store, call.id).state == "ready")
    assert len(heard(place)) == 1


def test_a_queue_that_lost_its_work_gets_it_from_the_calls(place, store, upload, agent):
    call = upload(agent, "agent: 您好")
    jobs.submit(store, call.id)
    assert upkeep.reconcile(store, thoroughly=True) == 0
    assert jobs.forget(place, call.sha256) == 1
    assert upkeep.reconcile(store, thoroughly=True) == 1
    assert calls.load(store, call.id).run == 2


def test_the_store_takes_what_was_heard_and_leaves_nothing_of_the_customer_behind(
    elsewhere, store, upload, agent, working
):
    call = upload(agent, "agent: 您好")
    jobs.submit(store, call.id)
    with working():
        wait_for(store, call, "ready")
    assert calls.transcript(store, calls.load(store, call.id)).turns[0].text == "您好"
    assert exchange.of(elsewhere).recordings() == []
    names = {one.workflow_id[64:] for one in jobs.client(elsewhere).list_workflows(load_input=False)}
    key = calls.load(store, call.id).transcript_key[:8]
    assert names == {".1.1", f".1.1.hear.{key}", f".1.1.heard.{key}"}


def test_what_cannot_be_heard_elsewhere_fails_with_its_reason(elsewhere, store, upload, agent, working, monkeypatch):
    def refuse(recording):
        raise NotARecording

    call, engine = upload(agent), fakes.FakeEngine()
    monkeypatch.setattr(engine, "peaks", refuse)
    jobs.submit(store, call.id)
    with working(engine):
        failed = wait_for(store, call, "failed")
    assert failed.failure.code == "NotARecording"
    assert failed.failure.text("zh-CN") == NotARecording().text("zh-CN")
    assert exchange.of(elsewhere).recordings() == []


def test_a_cancelled_call_is_not_heard_elsewhere(elsewhere, store, upload, agent, working):
    call = upload(agent, "agent: 您好")
    jobs.submit(store, call.id)
    with working(listens=False):
        until(lambda: any(".hear." in name for name in lengths.in_flight(elsewhere)))
        pipelines.cancel(store, agent, call.id)
        assert upkeep.stop_cancelled(store) == 1
    assert upkeep.stop_cancelled(store) == 0
    assert lengths.in_flight(elsewhere) == set()
    with working() as pipeline:
        assert near.sweep(pipeline) == 1
        assert pipelines.retry(store, agent, call.id).run == 2
        jobs.submit(store, call.id)
        wait_for(store, call, "ready")
    assert len(heard(elsewhere)) == 1


def test_progress_elsewhere_is_shown_and_ends_when_nobody_wants_it(elsewhere, store, upload, agent, working):
    call = upload(agent, "agent: 您好")
    jobs.submit(store, call.id)
    with working(listens=False):
        until(lambda: calls.load(store, call.id).step == "sent")
    parcel = Parcel(call.id, 1, call.sha256, "k" * 64, "l", jobs.workflow_id(call), 1)
    report = reports.reporter(elsewhere, parcel)
    report("transcribing", 0.25)
    assert reports.show(store) == 1
    shown = calls.load(store, call.id)
    assert (shown.state, shown.progress) == ("transcribing", 0.25)
    reports.done(elsewhere, parcel)
    assert reports.show(store) == 0


def test_a_transcript_that_never_arrives_ends_the_call_with_what_to_do(
    elsewhere, store, upload, agent, working, monkeypatch
):
    monkeypatch.setattr(exchange.Exchange, "deliver", lambda *_: None)
    call = upload(agent, "agent: 您好")
    jobs.submit(store, call.id)
    with working():
        assert wait_for(store, call, "failed").failure.code == "NotDelivered"


def test_a_paused_queue_begins_nothing_until_it_is_resumed_also_after_a_restart(
    place, store, upload, agent, admin, working
):
    first = upload(agent, "agent: 1")
    jobs.submit(store, first.id)
    with working():
        wait_for(store, first, "ready")
        switch.pause(store, admin)
    second = upload(agent, "agent: 2")
    jobs.submit(store, second.id)
    assert switch.paused(place).by == admin.login
    with working():
        time.sleep(20 * place.jobs_poll_seconds)
        assert calls.load(store, second.id).state == "received"
        near_the_store = next(one for one in lengths.lengths(place) if one.queue == "calls")
        assert (near_the_store.waiting > 0, near_the_store.running) == (True, 0)
        switch.resume(store, admin)
        wait_for(store, second, "ready")
    assert switch.paused(place) is None


def test_uploads_come_first_and_another_campaign_waits_for_few(queue, store, upload, agent, working):
    libraries.publish(store, LIBRARY.replace("campaign: broadband", "campaign: mobile"))
    large = [upload(agent, f"agent: {number}", details=Details(campaign="broadband")) for number in range(12)]
    for call in large:
        jobs.submit(store, call.id, "bulk")
    small = upload(agent, "agent: small", details=Details(campaign="mobile"))
    jobs.submit(store, small.id, "bulk")
    urgent = upload(agent, "agent: urgent", details=Details(campaign="broadband"))
    jobs.submit(store, urgent.id)
    with working():
        for call in (*large, small, urgent):
            wait_for(store, call, "ready")
    order = heard(queue)
    assert order[0] == urgent.sha256
    assert order.index(small.sha256) <= 2
    assert [one for one in order if one in {call.sha256 for call in large}] == [call.sha256 for call in large]
