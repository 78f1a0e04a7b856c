"""A customer is deleted everywhere, whenever it is interrupted, and stays deleted."""

from contextlib import closing
from datetime import timedelta

import pytest

from assist import jobs
from assist.calls import calls, recordings
from assist.calls.calls import UnderLock
from assist.calls.details import Details
from assist.calls.recordings import path_of
from assist.calls.refusals import DeletedBefore
from assist.coaching import clips, sessions
from assist.errors import AccessDenied, NotFound
from assist.people import audit
from assist.pipeline import Pipeline
from assist.privacy import certificate, deletion, finding, holding, index, keys, ledger, places, retention
from assist.privacy.deletion import NoReason, NothingFound, UnderWay
from assist.privacy.places import Named
from assist.privacy.retention import Rule
from assist.privacy.tending import Tending
from assist.store import Store, attempts, results
from assist.store.clock import now
from tests import fakes
from tests.assist.privacy.lived import CUSTOMER, LINES, LONG_AGO, PHRASE, lived


@pytest.fixture
def call(store, judged, agent, lead, admin):
    return lived(store, judged, agent, lead, admin)


@pytest.fixture
def other(judged, agent):
    """Another customer's call that shares sentences with the deleted one."""
    details = Details(customer="13800000000", called_at=LONG_AGO)
    return judged(agent, "customer: 喂", "agent: 您好，这个终身免费", "customer: 太贵了我再想想", details=details)


def ordered(store, admin, **about):
    about = about or {"customer": CUSTOMER}
    return deletion.order(store, admin, asked_by="customer", reason="客户要求", **about)


def deleted(store, admin, **about):
    deed = ordered(store, admin, **about)
    deletion.carry_on(store)
    return deletion.get(store, admin, deed.id)


def everywhere(store):
    """Every byte of the data folder."""
    store.close()
    return b"\n".join(path.read_bytes() for path in store.settings.data.rglob("*") if path.is_file())


def test_nothing_of_the_customer_is_left(store, admin, call, other):
    named = Named((call.id,), (call.sha256,))
    assert set(places.GROUPS) - set(places.count(store, named)) == {"Traces of imports"}, "the call lies everywhere"
    deed = deleted(store, admin)
    assert (deed.state, deed.gone, deed.locked) == ("done", 1, 0)
    assert places.count(store, named) == {}
    assert not path_of(store.settings, call.sha256).exists()
    assert not (store.settings.cuts / call.sha256).exists()
    assert calls.get(store, admin, other.id).state == "ready"


def test_not_a_byte_of_what_was_said_is_left_in_any_file(store, admin, call, other):
    with closing(Store(store.settings)) as reading:
        reading.row("SELECT count(*) FROM calls")
        deleted(store, admin)
    bytes_ = everywhere(store)
    for words in (PHRASE, "小狗皮蛋", "皮蛋 蛋昨", CUSTOMER, "谢谢你"):
        assert words.encode() not in bytes_, words
    assert "太贵了我再想想".encode() in bytes_, "what is searched for would be found"


def test_a_search_no_longer_finds_it_and_the_index_is_sound(store, admin, call, other):
    deleted(store, admin)
    store.db.execute("INSERT INTO said_words(said_words) VALUES ('integrity-check')")
    assert store.value("SELECT count(*) FROM said_words WHERE said_words MATCH '\"小狗\"'") == 0
    assert store.value("SELECT count(*) FROM said_words WHERE said_words MATCH '\"太贵\"'") == 1
    assert index.merge(store), "nothing is left to merge"


def test_vectors_readings_practice_and_trials_forget_the_sentences(store, admin, call):
    assert store.value("SELECT count(*) FROM vectors") > 5
    deleted(store, admin)
    assert store.value("SELECT count(*) FROM vectors") == 0
    assert store.value("SELECT count(*) FROM readings") == 0
    assert store.rows("SELECT sentence, answer FROM practice_tries") == [{"sentence": "", "answer": "理解您"}]
    body = results.unpack(store.value("SELECT body FROM trials"))
    assert body == {"calls": 3, "shown": [{"call_id": 777}]}


def test_a_signed_talk_keeps_its_place_without_a_word_of_the_call(store, admin, lead, call):
    deleted(store, admin)
    (session,) = sessions.of_agent(store, lead, call.agent_id)
    (note,) = sessions.notes(store, session)
    assert (session.state, note.call_id, note.quote, note.words) == ("signed", None, "", "")
    with pytest.raises(Exception, match="signed"):
        store.change("UPDATE session_notes SET words = 'x' WHERE id = ?", [note.id])


def test_the_work_queue_forgets_its_payloads(store, admin, call):
    jobs.prepare(store.settings)
    queue = jobs.client(store.settings)
    for run in (1, 2):
        options = {"workflow_name": "process_call", "queue_name": "calls", "workflow_id": f"{call.sha256}.1.{run}"}
        queue.enqueue(options, call.id, run)
    deed = deleted(store, admin)
    assert queue.list_workflows() == []
    jobs.close()
    assert deed.certificate["removed"]["Jobs of the work queue"] == 2
    assert call.sha256.encode() not in (store.settings.data / "jobs.db").read_bytes()


def test_copies_of_the_database_from_before_an_upgrade_go(store, admin, call):
    folder = store.settings.data / "backups"
    folder.mkdir()
    (folder / "before-m022-2026.db").write_bytes(PHRASE.encode())
    assert deleted(store, admin).certificate["removed"]["Copies from before an upgrade"] == 1
    assert PHRASE.encode() not in everywhere(store)


class Killed(BaseException):
    pass


def killed_at(store, monkeypatch, step, after):
    do = deletion.STEPS[step]

    def killed(*given):
        if after:
            do(*given)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setitem(deletion.STEPS, step, killed)
        with pytest.raises(Killed):
            deletion.carry_on(store)


def finished(store, admin, deed):
    deletion.carry_on(store)
    done = deletion.get(store, admin, deed.id)
    assert (done.state, done.gone, done.certificate["clean"]) == ("done", 1, True)
    assert done.certificate["removed"]["Calls"] == 1, "nothing is counted twice"
    assert PHRASE.encode() not in everywhere(store)


@pytest.mark.parametrize("step", [step for step in deletion.STEPS if step != "check"])
def test_it_goes_on_where_it_was_killed_before_a_step_was_noted(store, admin, call, monkeypatch, step):
    deed = ordered(store, admin)
    killed_at(store, monkeypatch, step, after=True)
    finished(store, admin, deed)


def test_it_goes_on_however_often_it_is_killed(store, admin, call, monkeypatch):
    deed = ordered(store, admin)
    for step in deletion.STEPS:
        killed_at(store, monkeypatch, step, after=False)
    finished(store, admin, deed)


def test_from_the_order_on_nobody_sees_the_call(store, admin, agent, lead, call):
    clip = clips.listing(store, lead).clips[0]
    ordered(store, admin)
    for user in (agent, lead):
        with pytest.raises(NotFound):
            calls.there(store, user, call.id)
    with pytest.raises(UnderLock):
        calls.get(store, admin, call.id)
    assert calls.there(store, admin, call.id).analysis_key is None
    for user in (lead, admin):
        with pytest.raises(NotFound):
            clips.get(store, user, clip.id)


def test_the_customer_is_found_however_the_number_is_written(store, admin, judged, agent):
    for number, written in enumerate(("139 1234 5678", "+86-139-1234-5678", "8613912345678", "")):
        name = f"x{number}.wav" if written else f"20260102-1430-chen-{CUSTOMER}.wav"
        judged(agent, f"agent: 第{number}通", details=Details(customer=written or "王", called_at=LONG_AGO), name=name)
    judged(agent, "agent: 别人", details=Details(customer="13912345679", called_at=LONG_AGO))
    deed = ordered(store, admin, customer="139-1234-5678")
    assert deed.calls == 4


def test_a_call_that_the_law_keeps_goes_under_lock_and_later_by_itself(store, admin, lead, judged, agent, monkeypatch):
    call = judged(agent, *LINES, details=Details(customer=CUSTOMER, called_at=now() - timedelta(days=3)))
    deed = deleted(store, admin)
    assert (deed.state, deed.locked, deed.certificate) == ("locked", 1, None)
    assert 25 < (deed.until - now()).days < 28
    assert path_of(store.settings, call.sha256).exists()
    monkeypatch.setattr(deletion, "now", lambda: now() + timedelta(days=31))
    deletion.carry_on(store)
    assert deletion.get(store, admin, deed.id).state == "done"
    assert not path_of(store.settings, call.sha256).exists()


def test_a_hold_keeps_a_call_until_it_is_lifted(store, admin, call):
    holding.place(store, admin, call.id, "诉讼")
    deed = deleted(store, admin)
    assert (deed.state, deed.locked) == ("locked", 1)
    holding.lift(store, admin, call.id)
    deletion.carry_on(store)
    assert deletion.get(store, admin, deed.id).state == "done"


def test_a_customer_may_take_the_request_back_while_calls_are_under_lock(store, admin, lead, judged, agent):
    call = judged(agent, *LINES, details=Details(customer=CUSTOMER))
    deed = ordered(store, admin)
    deletion.withdraw(store, admin, deed.id, "客户撤回")
    assert calls.get(store, lead, call.id).state == "ready"
    assert deletion.get(store, admin, deed.id).state == "done"
    deletion.carry_on(store)
    assert calls.get(store, lead, call.id).state == "ready"


def test_what_is_being_deleted_cannot_be_taken_back(store, admin, call):
    deed = ordered(store, admin)
    with pytest.raises(UnderWay):
        deletion.withdraw(store, admin, deed.id, "撤回")


def test_the_same_recording_comes_back_only_as_a_new_deed(store, admin, agent, call):
    deleted(store, admin)
    again = fakes.recording(*LINES)
    with pytest.raises(DeletedBefore):
        recordings.receive(store, [again], "again.wav")
    assert not path_of(store.settings, call.sha256).exists()
    deletion.admit(store, admin, call.sha256, "客户重新同意")
    assert calls.add(store, agent, recordings.receive(store, [again], "again.wav"))[1]


def test_an_older_backup_does_not_bring_the_customer_back(store, admin, agent, judged, call):
    deleted(store, admin)
    store.db.execute("DELETE FROM deletion_calls")
    store.db.execute("DELETE FROM deletions")
    restored = judged(agent, *LINES, details=Details(customer=CUSTOMER, called_at=LONG_AGO))
    assert restored.sha256 == call.sha256
    assert deletion.reapply(store) == 1
    assert store.value("SELECT count(*) FROM calls") == 0
    assert [(one.sha256, one.state) for one in ledger.listing(store)] == [(call.sha256, "gone")]
    assert deletion.reapply(store) == 0


def test_the_ledger_names_nobody(store, admin, call):
    deleted(store, admin)
    text = ledger.path_of(store.settings).read_text()
    assert call.sha256 in text
    assert keys.subject(store.settings, "+86 139 1234 5678") in text
    assert CUSTOMER not in text
    assert PHRASE not in text


def test_a_backup_folder_loses_the_recordings_too(store, admin, call, tmp_path):
    copy = tmp_path / "recordings" / call.sha256[:2] / call.sha256
    copy.parent.mkdir(parents=True)
    copy.write_bytes(b"sound")
    deleted(store, admin)
    assert ledger.purge(tmp_path, store) == 1
    assert not copy.exists()


def test_a_single_call_can_be_deleted(store, admin, call, other):
    deed = deleted(store, admin, call_id=other.id)
    assert (deed.subject, deed.gone) == ("", 1)
    assert calls.get(store, admin, call.id).state == "ready"


def test_only_administrators_delete(store, lead, agent, editor, call):
    for user in (lead, agent, editor):
        with pytest.raises(AccessDenied):
            ordered(store, user)


def test_an_order_needs_a_reason_and_calls(store, admin, call):
    with pytest.raises(NoReason):
        deletion.order(store, admin, asked_by="customer", reason=" ", customer=CUSTOMER)
    with pytest.raises(NothingFound):
        ordered(store, admin, customer="13711111111")


def test_the_audit_tells_of_the_deed_without_naming_the_customer(store, admin, call):
    deed = deleted(store, admin)
    entries = {entry.action: entry.detail for entry in audit.listing(store, about=f"deletion:{deed.id}")}
    assert entries["deletion.order"]["calls"] == 1
    assert entries["deletion.done"]["certificate"] == certificate.sha256(deed.certificate)
    assert CUSTOMER not in str(entries)


def test_calls_in_which_the_number_is_only_said_are_told_and_left(store, admin, judged, agent, call):
    said = judged(agent, "customer: 我同事的电话是13912345678", details=Details(customer="李", called_at=LONG_AGO))
    found = finding.of_customer(store, admin, CUSTOMER)
    assert [one.id for one in found] == [call.id]
    assert finding.saying(store, admin, CUSTOMER, found) == [said.id]


def test_a_call_that_a_worker_is_at_is_deleted_once_it_lets_go(store, admin, call):
    deed = ordered(store, admin)
    attempts.begin(store, call.id, "hear", "worker-0")
    deletion.carry_on(store)
    assert deletion.get(store, admin, deed.id).gone == 0
    assert Pipeline(store, fakes.FakeEngine()).run("judge", call.id, call.run) == "superseded"
    attempts.worker_died(store, "worker-0", crashed=False)
    deletion.carry_on(store)
    assert deletion.get(store, admin, deed.id).gone == 1
    assert Pipeline(store, fakes.FakeEngine()).run("judge", call.id, call.run) == "superseded"


def test_the_worker_tends_to_deletions_and_retention(store, admin, judged, agent, call):
    old = judged(agent, "agent: 老录音", details=Details(customer="王", called_at=LONG_AGO))
    retention.save(store, admin, Rule("", recordings=40))
    deed = ordered(store, admin)
    Tending(store).turn()
    assert deletion.get(store, admin, deed.id).state == "done"
    assert calls.load(store, old.id).sound_removed_at


@pytest.mark.parametrize("error", [OSError("no space left on device"), RuntimeError("the work queue is away")])
def test_what_fails_is_tried_again_at_the_next_turn(store, admin, call, monkeypatch, error):
    deed, tending = ordered(store, admin), Tending(store)
    with monkeypatch.context() as patch:
        patch.setitem(deletion.STEPS, "rows", lambda *_: _fail(error))
        tending.turn()
    assert deletion.get(store, admin, deed.id).state == "running"
    tending.turn()
    assert deletion.get(store, admin, deed.id).state == "done"


def _fail(error):
    raise error
