"""What is over its time goes, in order, never before the law lets it, and never while something holds it."""

from datetime import timedelta

import pytest

from assist import pipeline
from assist.calls import calls, recordings
from assist.calls.details import Details
from assist.calls.recordings import path_of
from assist.calls.refusals import RemovedBefore
from assist.coaching import figures, sessions
from assist.coaching.sessions import Moment
from assist.errors import AccessDenied, NotFound
from assist.pipeline import WordsRemoved
from assist.privacy import holding, retention, wordless
from assist.privacy.retention import BelowFloor, NoNote, Rule, WrongDays, WrongOrder
from assist.store import results
from assist.store.clock import now
from tests import fakes
from tests.assist.privacy.lived import LINES, PHRASE, lived
from tests.assist.privacy.test_deletion import everywhere

RULE = Rule("broadband", recordings=40, transcripts=90, findings=400)


def days_ago(days):
    return now() - timedelta(days=days)


@pytest.fixture
def rule(store, admin):
    return retention.save(store, admin, RULE)


def old(judged, agent, days, *lines):
    return judged(agent, *(lines or LINES), f"agent: {days} 天前", details=Details(called_at=days_ago(days)))


def test_each_kind_goes_when_its_time_is_over(store, judged, agent, rule):
    aged = {days: old(judged, agent, days) for days in (20, 60, 120, 500)}
    assert retention.sweep(store) == 4
    left = {days: store.row("SELECT sound_removed_at s, words_removed_at w FROM calls WHERE id = ?", [call.id])
            for days, call in aged.items()}  # fmt: skip
    told = {days: row and (bool(row["s"]), bool(row["w"])) for days, row in left.items()}
    assert told == {20: (False, False), 60: (True, False), 120: (True, True), 500: None}
    kept = {days: path_of(store.settings, call.sha256).exists() for days, call in aged.items()}
    assert kept == {20: True, 60: False, 120: False, 500: False}
    assert retention.sweep(store) == 0


def test_without_a_rule_everything_is_kept(store, judged, agent):
    old(judged, agent, 3000)
    assert retention.sweep(store) == 0


def test_the_standard_is_for_campaigns_without_a_rule_and_calls_without_a_campaign(store, admin, judged, agent, upload):
    call = old(judged, agent, 60)
    waiting = upload(admin, "agent: 无人认领", details=Details(called_at=days_ago(60)))
    store.change("UPDATE calls SET campaign = NULL WHERE id = ?", [waiting.id])
    retention.save(store, admin, Rule("", recordings=50))
    assert retention.rule_of(store, "broadband") == Rule("broadband", recordings=50)
    retention.save(store, admin, Rule("broadband"))
    assert retention.sweep(store) == 1
    assert calls.get(store, admin, call.id).sound_removed_at is None


def test_words_go_from_every_place_and_numbers_stay(store, judged, agent, lead, admin, rule):
    call = lived(store, judged, agent, lead, admin, at=days_ago(120))
    before = calls.load(store, call.id)
    while retention.sweep(store):
        pass
    after = calls.load(store, call.id)
    assert (after.overall, after.opening, after.flag_count) == (before.overall, before.opening, before.flag_count)
    assert calls.transcript(store, after) is None
    report = calls.analysis(store, after)
    assert report["turns"] == []
    assert report["scores"]["overall"]["value"] == before.overall
    assert store.value("SELECT count(*) FROM flags WHERE call_id = ?", [call.id]) == 1
    assert not (store.settings.data / "privacy" / "index").exists(), "the index is clear"
    store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert PHRASE.encode() not in everywhere(store)


def test_figures_and_trends_still_count_a_call_without_words(store, judged, agent, lead, rule):
    old(judged, agent, 120)
    counted = "SELECT count(*), avg(overall) FROM calls WHERE state = 'ready'"
    before = store.db.execute(counted).fetchone()
    retention.sweep(store)
    assert store.db.execute(counted).fetchone() == before == (1, 40.0)
    assert figures is not None


def test_a_signed_agreement_outlives_the_call(store, judged, agent, lead, rule):
    call = old(judged, agent, 500)
    session = sessions.begin(store, lead, agent.id, [Moment(call.id, 0.0, "喂")])
    sessions.note(store, lead, session.id, "先认同")
    sessions.sign(store, lead, session.id)
    sessions.sign(store, agent, session.id)
    retention.sweep(store)
    kept = [(note.call_id, note.words) for note in sessions.notes(store, sessions.get(store, lead, session.id))]
    assert kept == [(None, ""), (None, "先认同")]


@pytest.mark.parametrize("why", ["hold", "dispute", "one-on-one", "agreement"])
def test_a_call_that_is_held_is_spared_and_listed(store, judged, agent, lead, admin, rule, why):
    call = old(judged, agent, 500)
    _hold(store, call, why, agent, lead, admin)
    assert retention.sweep(store) == 0
    assert [(one.call_id, one.why) for one in holding.standing(store, admin)] == [(call.id, why)]
    assert holding.of_call(store, call.id) == (why,)
    _let_go(store, call, admin)
    assert retention.sweep(store) == 1
    with pytest.raises(NotFound):
        calls.load(store, call.id)


def _hold(store, call, why, agent, lead, admin):
    if why == "hold":
        holding.place(store, admin, call.id, "诉讼")
    elif why == "dispute":
        found = {"call_id": call.id, "agent_id": agent.id, "kind": "flag", "finding": "x", "start": 0, "until": 1}
        told = {"title": "", "quote": "", "reason": "", "state": "open", "raised_at": "2026"}
        store.db.table("disputes").insert(found | told)
    else:
        session = sessions.begin(store, lead, agent.id, [Moment(call.id, 0.0, "喂")])
        if why == "agreement":
            store.change("UPDATE coaching_sessions SET state = 'cancelled' WHERE id = ?", [session.id])
            agreed = {"session_id": session.id, "agent_id": agent.id, "lead_id": lead.id, "skill": "opening"}
            told = {"behaviour": "", "measure": "", "since": "2026", "until": "2027", "state": "open"}
            store.db.table("actions").insert(agreed | told)


def _let_go(store, call, admin):
    holding.lift(store, admin, call.id)
    for table in ("disputes", "actions"):
        store.change(f"UPDATE {table} SET state = 'kept'")
    store.change("UPDATE coaching_sessions SET state = 'cancelled'")


def test_nothing_goes_before_the_floor(store, judged, agent, admin):
    old(judged, agent, 60)
    retention.save(store, admin, RULE)
    store.change("UPDATE retention_rules SET floor = 70")
    assert retention.sweep(store) == 0


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (Rule("broadband", recordings=100, transcripts=50), WrongOrder),
        (Rule("broadband", transcripts=50), WrongOrder),
        (Rule("broadband", recordings=20), BelowFloor),
        (Rule("broadband", recordings=400, floor=1825), BelowFloor),
        (Rule("broadband", recordings=0), WrongDays),
        (Rule("broadband", floor=30, floor_note=" "), NoNote),
        (Rule("nowhere", recordings=50), NotFound),
    ],
)
def test_a_rule_that_cannot_be_is_refused(store, admin, wrong, error):
    with pytest.raises(error):
        retention.save(store, admin, wrong)
    assert store.value("SELECT count(*) FROM retention_rules") == 0


def test_a_preview_counts_what_would_go_and_what_is_held(store, judged, agent, admin):
    held = old(judged, agent, 60)
    for days in (61, 120, 500):
        old(judged, agent, days)
    holding.place(store, admin, held.id, "诉讼")
    found = retention.preview(store, admin, RULE)
    assert found.calls == {"recordings": 3, "transcripts": 2, "findings": 1}
    assert found.held == {"recordings": 1, "transcripts": 0, "findings": 0}
    assert retention.sweep(store) == 0, "a preview saves nothing"


def test_a_sweep_goes_on_where_it_was_killed(store, judged, agent, rule, monkeypatch):
    for days in (60, 61, 62):
        old(judged, agent, days)
    taking, done = retention._TAKING["recordings"], []

    def once(*given):
        if done:
            raise KeyboardInterrupt
        done.append(taking(*given))

    with monkeypatch.context() as patch:
        patch.setitem(retention._TAKING, "recordings", once)
        with pytest.raises(KeyboardInterrupt):
            retention.sweep(store)
    assert retention.sweep(store) == 2
    assert store.value("SELECT sum(calls) FROM retention_done") == 3


def test_a_sweep_takes_a_few_at_a_time(store, judged, agent, rule):
    for days in (60, 61, 62):
        old(judged, agent, days)
    assert [retention.sweep(store, most=2) for _ in range(3)] == [2, 1, 0]


def test_a_call_without_words_is_not_judged_again(store, judged, agent, lead, rule):
    call = old(judged, agent, 120)
    retention.sweep(store)
    with pytest.raises(WordsRemoved):
        pipeline.rejudge(store, lead, call.id)
    assert pipeline.rejudge_all(store, lead, "broadband", days_ago(1000)) == 0


def test_what_retention_took_does_not_come_back_by_an_upload(store, judged, agent, rule):
    call = old(judged, agent, 60)
    retention.sweep(store)
    with pytest.raises(RemovedBefore):
        recordings.receive(store, [fakes.recording(*LINES, "agent: 60 天前")], "again.wav")
    assert not path_of(store.settings, call.sha256).exists()


def test_only_administrators_set_retention_and_holds(store, lead, ready_call):
    with pytest.raises(AccessDenied):
        retention.save(store, lead, RULE)
    with pytest.raises(AccessDenied):
        holding.place(store, lead, ready_call.id, "x")


def test_a_report_without_words_has_no_quote_anywhere():
    report = fakes.report(_heard()) | {
        "points": [{"id": "p", "status": "said", "confidence": 1, "turn": 0, "start": 1, "end": 2, "quote": PHRASE}],
        "objections": [{"id": "busy", "quote": PHRASE, "answered": True, "answer_turns": [1], "confidence": 1,
                        "steps": [], "outcome": "resolved", "turn": 0, "start": 0, "end": 1, "new": PHRASE}],
        "outcome": {"value": "refused", "quote": PHRASE, "turn": 1},
        "flags": [{"rule": "forbidden", "severity": "critical", "reason": f"说了禁语：“{PHRASE}”", "turns": [1]}],
        "unknown": PHRASE,
    }  # fmt: skip
    report["coaching"]["say_instead"] = [{"say": PHRASE}]
    assert PHRASE not in str(wordless.only(report))
    assert wordless.only(report)["flags"][0]["reason"] == "说了禁语：“…”"
    assert results.pack(wordless.only(report))


def _heard():
    from assist.transcript import Transcript, Turn

    return Transcript((Turn(0, "customer", 0.0, 1.0, PHRASE),), seconds=2.0)
