"""A call that something of lies in every place: what a deletion has to find."""

from datetime import timedelta

from assist.calls import calls, corrections, cuts
from assist.calls.details import Details
from assist.coaching import clips, playlists, sessions
from assist.coaching.sessions import Moment
from assist.privacy import removal
from assist.store import readings, results
from assist.store.clock import now, stamp
from assist.store.vectors import CachedEncoder
from tests import fakes

CUSTOMER = "13912345678"
PHRASE = "我家小狗皮蛋昨天把路由器咬坏了"
LINES = ("customer: 喂", "agent: 您好，这个终身免费", f"customer: {PHRASE}", "customer: 不用了谢谢")
LONG_AGO = now() - timedelta(days=60)


def lived(store, judged, agent, lead, admin, customer=CUSTOMER, at=LONG_AGO, lines=LINES):
    """Judged, corrected, cut, talked about and signed, disputed, scored, practised on, tried a draft on."""
    call = judged(agent, *lines, details=Details(customer=customer, called_at=at), name="录音.wav")
    corrections.add(store, lead, call, 3, "不用了，谢谢你")
    clip = clips.add(store, lead, call.id, 0.0, 5.5, title="小狗皮蛋", shared="team")
    playlist = playlists.create(store, lead, "早会")
    playlists.put(store, lead, playlist.id, clip.id)
    _talked(store, call, lead, agent)
    _people_scored(store, call, agent, lead)
    _practised(store, call, agent, admin)
    transcript = results.transcript(store, call.transcript_key)
    CachedEncoder(store, fakes.FakeEncoder()).encode(sorted(removal.sentences(transcript)))
    readings.keep(store, call.transcript_key, "reader", b"{}")
    _cut(store, call)
    return calls.load(store, call.id)


def _talked(store, call, lead, agent):
    session = sessions.begin(store, lead, agent.id)
    sessions.note(store, lead, session.id, "小狗皮蛋那段要先安抚", Moment(call.id, 4.0, PHRASE))
    sessions.sign(store, lead, session.id)
    sessions.sign(store, agent, session.id)


def _people_scored(store, call, agent, lead):
    found = {"call_id": call.id, "kind": "objection", "finding": "busy", "start": 4.0, "until": 5.5, "title": "没时间"}
    dispute = found | {"agent_id": agent.id, "quote": PHRASE, "reason": "听错了", "state": "kept", "raised_at": stamp()}
    verdict = found | {"quote": PHRASE, "added": 0, "decision": "kept", "ruling": "{}", "machine": "{}", "reason": "对"}
    with store.write() as db:
        dispute_id = db.table("disputes").insert(dispute).last_pk
        row = verdict | {"dispute_id": dispute_id, "made_by": lead.id, "made_at": stamp()}
        verdict_id = db.table("finding_verdicts").insert(row).last_pk
        db.execute("INSERT INTO rule_verdicts VALUES ('forbidden', ?, 0, ?)", [verdict_id, stamp()])
        db.execute(
            "INSERT INTO raised_objections (call_id, number, objection, quote, turn, start, outcome, answered)"
            " VALUES (?, 9, 'busy', ?, 2, 4.0, 'unanswered', 0)",
            [call.id, PHRASE],
        )
        scored = db.table("blind_scores").insert(
            {"call_id": call.id, "user_id": lead.id, "state": "scored", "given_at": stamp(), "note": "小狗"}
        )
        db.execute("INSERT INTO blind_marks VALUES (?, 'opening', '', 80, 70)", [scored.last_pk])
        db.execute(
            "INSERT INTO self_scores VALUES (?, ?, '[]', '听客户讲小狗皮蛋', '', ?, NULL)", [call.id, agent.id, stamp()]
        )


def _practised(store, call, agent, admin):
    with store.write() as db:
        db.execute("INSERT INTO practice_plans VALUES (?, '2026-11-16', ?)", [agent.id, stamp()])
        theme = {"agent_id": agent.id, "week": "2026-11-16", "position": 1, "kind": "objection", "about": "busy",
                 "skill": "rejection_handling", "campaign": "broadband", "missed": 1, "occasions": 2,
                 "since": stamp(), "until": stamp()}  # fmt: skip
        theme_id = db.table("practice_themes").insert(theme).last_pk
        tried = {"agent_id": agent.id, "theme_id": theme_id, "sentence": PHRASE, "answer": "理解您", "reading": "{}",
                 "made_at": stamp()}  # fmt: skip
        db.table("practice_tries").insert(tried)
        draft = {"about": "library:broadband", "name": "试", "state": "draft", "revision": 1, "created_by": admin.id,
                 "created_at": stamp(), "changed_by": admin.id, "changed_at": stamp()}  # fmt: skip
        draft_id = db.table("drafts").insert(draft).last_pk
        shown = [{"call_id": call.id, "quote": PHRASE}, {"call_id": None, "quote": PHRASE}, {"call_id": 777}]
        db.table("trials").insert(
            {"draft_id": draft_id, "revision": 1, "begun_by": admin.id, "begun_at": stamp(), "touched_at": stamp(),
             "state": "done", "done": 3, "total": 3, "failure": "", "body": results.pack({"calls": 3, "shown": shown})}
        )  # fmt: skip


def _cut(store, call):
    folder = store.settings.cuts / call.sha256
    folder.mkdir(parents=True)
    (folder / "0.wav").write_bytes(b"RIFF" + PHRASE.encode())
    assert cuts  # the module that makes them
