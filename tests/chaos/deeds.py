"""What people do, as a script of deeds each: done, acknowledged, and known by looking whether it is done.

Who got no answer looks whether the deed is there and does it again where it is not, as people do.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from assist import jobs, pipeline
from assist.analysis import rubric
from assist.analysis.verdicts import KEPT, Ruling
from assist.calls import calls, recordings
from assist.coaching import agreements, disputes, queue, sessions, verdicts
from assist.coaching.sessions import Moment, Session
from assist.fleet import upkeep
from assist.people import users
from assist.privacy import deletion
from assist.store import Store, drafts, libraries, publishing, rubrics
from assist.store.clock import now
from tests import fakes
from tests.chaos import state
from tests.chaos.nursery import Acknowledge
from tests.chaos.points import Points
from tests.chaos.state import person, the_call
from tests.conftest import LIBRARY, PASSWORD, PERSONAS
from tests.weighing import LINES, take

PROMISE, BUSY = "forbidden:free-for-life@6.0", "objection:busy@4.0"


@dataclass(frozen=True, slots=True)
class Deed:
    name: str
    do: Callable[[Store, Points], object]
    done: Callable[[Store], bool]


def furnish(acknowledge: Acknowledge, points: Points, folder: str, source: str, script: str) -> None:
    """The folder a script begins with: people and a library (`source`), and what the script needs beside them."""
    shutil.copytree(source, folder)
    store = state.opened(folder)
    _NEEDS[script](store)
    jobs.prepare(store.settings)
    store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()


def perform(acknowledge: Acknowledge, points: Points, folder: str, script: str) -> None:
    """The deeds of a script from the first that is not done."""
    store = state.opened(folder)
    for deed in SCRIPTS[script]:
        if not deed.done(store):
            deed.do(store, points)
        acknowledge(deed.name)


def recover(
    acknowledge: Acknowledge, points: Points, folder: str, script: str, acknowledged: list[str]
) -> dict[str, Any]:
    """After a kill: opens the folder as it was left, looks for what was acknowledged, lets the people go on."""
    store = state.reopen(folder)
    lost = [deed.name for deed in SCRIPTS[script] if deed.name in acknowledged and not deed.done(store)]
    wrong = state.wrong(store)
    perform(acknowledge, points, folder, script)
    upkeep.reconcile(store)
    return {"lost": lost, "wrong": wrong + state.wrong(store), "told": state.told(store)}


# Uploads: the bytes in pieces, then the row, then the work queue.


def _upload(number: int) -> Deed:
    content = fakes.recording(f"customer: 喂 {number}", "agent: 您好")

    def do(store: Store, points: Points) -> None:
        def pieces() -> Iterator[bytes]:
            for start in range(0, len(content), 20):
                points.reached()
                yield content[start : start + 20]

        recording = recordings.receive(store, pieces(), f"{number}.wav")
        call, _ = calls.add(store, person(store, "agent"), recording)
        jobs.submit(store, call.id)

    def done(store: Store) -> bool:
        name = f"{number}.wav"
        return bool(store.value("SELECT 1 FROM calls WHERE file_name = ? AND enqueued_run = run", [name]))

    return Deed(f"upload {number}", do, done)


# Publishing.


def _publish_library(store: Store, points: Points) -> None:
    publishing.publish(store, person(store, "editor"), _draft(store, "library:broadband"), 1)


def _publish_rubric(store: Store, points: Points) -> None:
    publishing.publish(store, person(store, "editor"), _draft(store, "rubric"), 1)


def _roll_back(store: Store, points: Points) -> None:
    libraries.roll_back(store, person(store, "editor"), libraries.versions(store, "broadband")[-1].id, note="zurück")


def _draft(store: Store, about: str) -> int:
    return int(store.value("SELECT id FROM drafts WHERE about = ?", [about]))


def _needs_drafts(store: Store) -> None:
    editor = person(store, "editor")
    drafts.create(store, editor, LIBRARY.replace("宽带提速", "宽带再提速"))
    drafts.create(store, editor, rubric.DEFAULT_PATH.read_text("utf-8"), kind="rubric")


def _versions(count: int) -> Callable[[Store], bool]:
    return lambda store: len(libraries.versions(store, "broadband")) >= count


# One-on-ones.


def _session(store: Store) -> Session | None:
    found = sessions.of_agent(store, person(store, "lead"), person(store, "agent").id)
    return found[0] if found else None


def _in_session(look: Callable[[Store, Session], object]) -> Callable[[Store], bool]:
    def done(store: Store) -> bool:
        session = _session(store)
        return session is not None and bool(look(store, session))

    return done


def _with_session(do: Callable[[Store, int], object]) -> Callable[[Store, Points], object]:
    def deed(store: Store, points: Points) -> object:
        session = _session(store)
        assert session is not None
        return do(store, session.id)

    return deed


def _begin(store: Store, points: Points) -> None:
    moments = [Moment(the_call(store).id, 6.0, "终身免费")]
    sessions.begin(store, person(store, "lead"), person(store, "agent").id, moments)


def _agree(store: Store, session: int) -> None:
    until = (now() + timedelta(days=7)).date()
    measure = "criterion:rejection_handling/acknowledged"
    agreements.agree(store, person(store, "lead"), session, "先认同", measure, until)


_TALK = (
    Deed("begin", _begin, lambda store: _session(store) is not None),
    Deed(
        "note",
        _with_session(lambda store, one: sessions.note(store, person(store, "lead"), one, "先认同再回答")),
        _in_session(lambda store, one: any(note.words == "先认同再回答" for note in sessions.notes(store, one))),
    ),
    Deed("agree", _with_session(_agree), _in_session(lambda store, one: agreements.of_session(store, one.id))),
    Deed(
        "lead signs",
        _with_session(lambda store, one: sessions.sign(store, person(store, "lead"), one)),
        _in_session(lambda store, one: one.lead_signed_at),
    ),
    Deed(
        "agent signs",
        _with_session(lambda store, one: sessions.sign(store, person(store, "agent"), one)),
        _in_session(lambda store, one: one.agent_signed_at),
    ),
    Deed(
        "remark",
        _with_session(lambda store, one: sessions.remark(store, person(store, "agent"), one, "明白")),
        _in_session(lambda store, one: any(note.remark for note in sessions.notes(store, one))),
    ),
)


# Disputes and verdicts.


def _dispute_of(store: Store, *states: str) -> bool:
    return any(one.state in states for one in disputes.of_call(store, the_call(store).id))


def _decide(store: Store, points: Points) -> None:
    open_one = disputes.of_call(store, the_call(store).id)[0]
    disputes.decide(store, person(store, "lead"), open_one.id, Ruling(gone=True), "听了，不是")


def _rule(store: Store, points: Points) -> None:
    verdicts.rule(store, person(store, "lead"), the_call(store).id, BUSY, KEPT, "确实没接住")


_DISPUTE = (
    Deed(
        "accept",
        lambda store, _: disputes.accept(store, person(store, "agent"), the_call(store).id, BUSY),
        lambda store: bool(disputes.accepted(store, the_call(store).id)),
    ),
    Deed(
        "dispute",
        lambda store, _: disputes.raise_dispute(
            store, person(store, "agent"), the_call(store).id, PROMISE, "说的是维护"
        ),
        lambda store: _dispute_of(store, "open", "changed"),
    ),
    Deed("decide", _decide, lambda store: _dispute_of(store, "changed")),
    Deed("rule", _rule, lambda store: len(verdicts.history(store, the_call(store).id)) > 1),
)


# Corrections: the call is judged again.


def _correct(store: Store, points: Points) -> None:
    pipeline.correct(store, person(store, "lead"), the_call(store).id, 3, "这个宽带终身维护")
    jobs.submit(store, the_call(store).id)


def _judge(store: Store, points: Points) -> None:
    take(store, the_call(store), fakes.FakeEngine())


def _revert(store: Store, points: Points) -> None:
    pipeline.revert(store, person(store, "lead"), the_call(store).id, 1)
    jobs.submit(store, the_call(store).id)


def _reverted(store: Store) -> bool:
    return bool(store.value("SELECT 1 FROM corrections WHERE reverted_at IS NOT NULL"))


_CORRECTION = (
    Deed("correct", _correct, lambda store: bool(store.value("SELECT 1 FROM corrections"))),
    Deed("judge", _judge, lambda store: the_call(store).state == "ready" or _reverted(store)),
    Deed("revert", _revert, _reverted),
    Deed("judge again", _judge, lambda store: the_call(store).state == "ready"),
)


# The queue.


def _item(store: Store, column: str) -> Any:
    return store.value(f"SELECT {column} FROM queue_items WHERE call_id = ?", [the_call(store).id])


_QUEUE = (
    Deed(
        "claim",
        lambda store, _: queue.claim(store, person(store, "lead"), the_call(store).id),
        lambda store: _item(store, "claimed_by") is not None or _item(store, "state") != "open",
    ),
    Deed(
        "done",
        lambda store, _: queue.done(store, person(store, "lead"), the_call(store).id, "谈过了"),
        lambda store: _item(store, "state") == "done",
    ),
)


# Deleting a customer for good: ordered by a person, carried out by the worker.


def _order(store: Store, points: Points) -> None:
    deletion.order(store, person(store, "admin"), asked_by="customer", reason="撤回同意", call_id=the_call(store).id)


def _ordered(*states: str) -> Callable[[Store], bool]:
    return lambda store: store.value("SELECT state FROM deletions") in states


_DELETION = (
    Deed("order", _order, _ordered("running", "done")),
    Deed("carry out", lambda store, _: deletion.carry_on(store), _ordered("done")),
)


def _needs_call(store: Store) -> None:
    recording = recordings.receive(store, [fakes.recording(*LINES)], "call.wav")
    call, _ = calls.add(store, person(store, "agent"), recording)
    take(store, call)


def _needs_old_call(store: Store) -> None:
    """Longer ago than the law has calls kept."""
    _needs_call(store)
    store.change("UPDATE calls SET called_at = '2025-01-01T00:00:00.000+00:00'")
    recording = recordings.receive(store, [fakes.recording("agent: 另一通")], "other.wav")
    calls.add(store, person(store, "agent"), recording)


def _needs_released_call(store: Store) -> None:
    _needs_call(store)
    store.change("UPDATE calls SET held = 0")


def _needs_nothing(store: Store) -> None:
    """People and a library are enough."""


def house(acknowledge: Acknowledge, points: Points, folder: str) -> None:
    """The people and the library that every script begins with: hashing passwords is slow on purpose."""
    store = state.opened(folder)
    for login, name, role, team in PERSONAS.values():
        users.create(store, login, name, role, PASSWORD, team=team)
    libraries.publish(store, LIBRARY)
    jobs.prepare(store.settings)
    store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()


SCRIPTS: dict[str, tuple[Deed, ...]] = {
    "upload": tuple(_upload(number) for number in range(2)),
    "publishing": (
        Deed("library", _publish_library, _versions(2)),
        Deed("rubric", _publish_rubric, lambda store: rubrics.newest(store) is not None),
        Deed("roll back", _roll_back, _versions(3)),
    ),
    "one-on-one": _TALK,
    "dispute and verdict": _DISPUTE,
    "correction": _CORRECTION,
    "queue": _QUEUE,
    "deletion": _DELETION,
}
_NEEDS: dict[str, Callable[[Store], object]] = {
    "upload": _needs_nothing,
    "publishing": _needs_drafts,
    "one-on-one": _needs_call,
    "dispute and verdict": _needs_released_call,
    "correction": _needs_call,
    "queue": _needs_call,
    "deletion": _needs_old_call,
}
