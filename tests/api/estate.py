"""Everything there can be in Assist, belonging to team 一组 and to 陈晓 in it, each thing with a word that stands
nowhere else: where the word turns up, the thing was seen."""

from collections.abc import Mapping
from datetime import date, timedelta

from assist import trials
from assist.analysis.rehearsal import Reading
from assist.analysis.verdicts import Ruling
from assist.calls import calls, recordings
from assist.calls.calls import Call
from assist.calls.details import Details
from assist.coaching import (
    agreements,
    blind,
    clips,
    disputes,
    playlists,
    practice,
    queue,
    rules,
    selfscore,
    sessions,
    verdicts,
)
from assist.people import teams, tokens, users
from assist.people.users import User
from assist.pipeline import correct
from assist.scripts.formats import yaml_format
from assist.store import Store, drafts, libraries
from assist.store.clock import now, stamp
from tests import fakes
from tests.conftest import LIBRARY, PERSONAS
from tests.weighing import LINES, take

EVERYBODY = frozenset(PERSONAS)
LEADING = frozenset({"lead", "admin"})
OURS = frozenset({"agent", "lead", "admin"})
WRITING = frozenset({"editor", "admin"})

MARKS: Mapping[str, frozenset[str]] = {
    "陈晓": OURS,
    "蓝芒果": OURS,
    "郝蓝花": OURS,
    "录音七号": OURS,
    "绿苹果": LEADING,
    "郝绿树": OURS,
    "乌梅子": LEADING | {"editor"},
    "紫葡萄": LEADING,
    "红樱桃": OURS,
    "先听完再说": LEADING,
    "白兰瓜": OURS,
    "粉荔枝": OURS,
    "黄香蕉": OURS,
    "橙橘子": OURS | {"other_agent"},
    "黑布林": frozenset({"lead", "admin"}),
    "水蜜桃": OURS | {"other_agent"},
    "金橘甜": frozenset({"agent"}),
    "青柠酸": frozenset({"agent"}),
    "灰枣核": WRITING,
    "褐栗子": WRITING | {"lead", "outsider"},
    "银杏果": WRITING | {"lead", "outsider"},
    "未来蜜": WRITING | {"lead", "outsider"},
    "铜号角": frozenset({"agent"}),
    "chen": frozenset({"agent", "admin"}),
}
"""Who may ever come across a word, in whatever answer."""

BUSY, PROMISE, ORDER = "objection:busy@4.0", "forbidden:free-for-life@6.0", "point:ask-for-order"


def furnish(store: Store) -> dict[str, object]:
    """Makes all of it; what the placeholders of the matrix stand for."""
    people = {name: users.by_login(store, facts[0]) for name, facts in PERSONAS.items()}
    made: dict[str, object] = {f"{name}_id": user.id for name, user in people.items()}
    made |= {"team_id": people["agent"].team_id, "campaign": "broadband", "nothing": 999_999, "wait_id": 1}
    made |= _calls(store, people) | _library(store, people)
    numbers = {name: value for name, value in made.items() if isinstance(value, int)}
    made |= _judged(store, people, numbers)
    made |= _shared(store, people, numbers["call_id"], numbers["plain_id"])
    made |= _talks(store, people, numbers["call_id"])
    made |= _own(store, people["agent"])
    with store.write() as db:  # nobody is seen anew while the matrix is walked
        db.execute("UPDATE sessions SET seen_at = ?", [stamp(now() + timedelta(hours=1))])
    return made


def _bring(store: Store, user: User, fruit: str, customer: str, name: str) -> Call:
    lines = [line.replace("我在开会", f"我在开会{fruit}").replace("王先生", customer) for line in LINES]
    recording = recordings.receive(store, [fakes.recording(*lines)], name)
    return calls.add(store, user, recording, Details(customer=customer, campaign="broadband"))[0]


def _calls(store: Store, people: Mapping[str, User]) -> dict[str, object]:
    agent = people["agent"]
    past = [take(store, _bring(store, agent, f"蓝芒果{n}", "郝蓝花", f"录音七号{n}.wav")) for n in range(8)]
    broken = recordings.receive(store, [fakes.recording("agent: 蓝芒果")], "录音七号-broken.wav")
    failed = calls.add(store, agent, broken, Details(campaign="broadband"))[0]
    store.change("UPDATE calls SET state = 'failed', failure = ? WHERE id = ?", [_FAILURE, failed.id])
    unknown = recordings.receive(store, [fakes.recording("agent: 蓝芒果!")], "录音七号-lead.wav")
    waiting = calls.add(store, people["lead"], unknown)[0]
    assert waiting.state == "waiting"
    teams.set_release(store, people["lead"], int(str(agent.team_id)), "by-lead")
    held = take(store, _bring(store, agent, "绿苹果", "郝绿树", "held.wav"))
    assert held.held
    queue.dismiss(store, people["lead"], past[3].id, "乌梅子，陈晓说的", "false-alarm")
    known = ("call_id", "corrected_id", "self_id", "closed_id", "plain_id", "open_id")
    names = {name: call.id for name, call in zip(known, past, strict=False)}
    return {**names, "failed_id": failed.id, "waiting_id": waiting.id, "held_id": held.id}


_FAILURE = '{"code": "Unexpected", "message": "Something went wrong: %(reason)s.", "facts": {"reason": "x"}}'


def _library(store: Store, people: Mapping[str, User]) -> dict[str, object]:
    first = libraries.versions(store, "broadband")[0]
    editor, tomorrow = people["editor"], now() + timedelta(days=1)
    coming = libraries.publish(store, LIBRARY.replace("打扰您了", "打扰您了银杏果"), editor, tomorrow)
    text = (
        LIBRARY.replace("campaign: broadband", "campaign: future")
        .replace("宽带提速", "未来蜜")
        .replace("邀请办理", "未来蜜")
    )
    libraries.publish(store, text, editor, tomorrow)
    draft = drafts.create(store, editor, LIBRARY.replace("打扰您了", "打扰您了灰枣核"), "灰枣核")
    review = drafts.create(store, editor, LIBRARY.replace("打扰您了", "打扰您了褐栗子"), "褐栗子")
    drafts.submit(store, editor, review.id)
    rubric = _rubric(store, people["admin"])
    nothing = trials.summed(libraries.library(store, first.id), [], set())
    trial = trials.launch(store, editor, draft, 0, lambda report: nothing, wait=True)
    reviewed = trials.launch(store, editor, drafts.get(store, editor, review.id), 0, lambda report: nothing, wait=True)
    return {
        "version_id": first.id, "coming_id": coming.id, "draft_id": draft.id, "review_id": review.id,
        "rubric_id": rubric, "trial_id": trial.id, "reviewed_id": reviewed.id, "revision": draft.revision,
        "draft_text": yaml_format.dumps(yaml_format.loads(LIBRARY)),
    }  # fmt: skip


def _rubric(store: Store, admin: User) -> int:
    return rules.begin(store, admin).id


def _judged(store: Store, people: Mapping[str, User], known: Mapping[str, int]) -> dict[str, object]:
    agent, lead, call_id, corrected = people["agent"], people["lead"], known["call_id"], known["corrected_id"]
    dispute = disputes.raise_dispute(store, agent, call_id, BUSY, "白兰瓜")
    ruled = verdicts.rule(store, lead, call_id, ORDER, Ruling(), "粉荔枝")
    steps: dict[str, int | None] = {"opening": 4, "questioning": 3, "rejection_handling": 2}
    selfscore.save(store, agent, call_id, steps, "金橘甜", "金橘甜")
    selfscore.save(store, agent, known["self_id"], steps, "a", "b")
    selfscore.share(store, agent, known["self_id"], True)
    scored = blind.draw(store, people["admin"]).id
    points = {"opening": 70, "questioning": None, "rejection_handling": 10}
    blind.score(store, people["admin"], scored, blind.Given(points, {}, "none", False, ""))
    drawn = {name: blind.draw(store, people[name]).id for name in ("lead", "admin")}
    correct(store, lead, corrected, 2, "我在开会蓝芒果，真的没空。")
    take(store, calls.load(store, corrected))
    correction = store.value("SELECT max(id) FROM corrections")
    return {
        "dispute_id": dispute.id, "verdict": ruled.name, "blind_id": drawn["lead"], "blind_admin_id": drawn["admin"],
        "scored_id": scored, "correction": correction,
    }  # fmt: skip


def _shared(store: Store, people: Mapping[str, User], call_id: int, other: int) -> dict[str, object]:
    agent, lead = people["agent"], people["lead"]
    mine = clips.add(store, agent, call_id, 2.0, 6.0, "黄香蕉")
    ours = clips.add(store, lead, other, 8.0, 9.5, "橙橘子", hide_names=True, shared="team")
    own = playlists.create(store, lead, "黑布林")
    playlists.put(store, lead, own.id, mine.id)
    team = playlists.create(store, lead, "水蜜桃", shared="team")
    playlists.put(store, lead, team.id, ours.id)
    private = playlists.create(store, agent, "黄香蕉")
    return {
        "clip_id": mine.id, "team_clip_id": ours.id, "playlist_id": own.id, "team_list_id": team.id,
        "agent_list_id": private.id,
    }  # fmt: skip


def _talks(store: Store, people: Mapping[str, User], call_id: int) -> dict[str, object]:
    agent, lead = people["agent"], people["lead"]
    signed = sessions.begin(store, lead, agent.id)
    sessions.note(store, lead, signed.id, "红樱桃")
    running = agreements.agree(store, lead, signed.id, "红樱桃", "criterion:opening/purpose", _in_a_week())
    sessions.sign(store, lead, signed.id)
    held = sessions.begin(store, lead, agent.id, [sessions.Moment(call_id, 4.0, "")])
    note = sessions.note(store, lead, held.id, "紫葡萄")
    action = agreements.agree(store, lead, held.id, "先听完再说", "criterion:opening/purpose", _in_a_week())
    planned = sessions.plan(store, lead, agent.id, now() + timedelta(days=2))
    return {
        "session_id": held.id, "note_id": note.id, "action_id": action.id, "signed_id": signed.id,
        "running_id": running.id, "planned_id": planned.id, "week": _in_a_week().isoformat(),
    }  # fmt: skip


def _own(store: Store, agent: User) -> dict[str, object]:
    theme = practice.plan(store, agent).themes[0]
    reading = Reading((), (), (), (), ())
    practice.record(store, agent, theme.id, "我在开会", "青柠酸", reading)
    tokens.issue(store, agent, "铜号角")
    return {"theme_id": theme.id, "token_id": tokens.listing(store, agent)[0].id}


def _in_a_week() -> date:
    return (now() + timedelta(days=7)).date()
