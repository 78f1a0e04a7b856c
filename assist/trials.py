"""A draft tried on past calls: judged again from their stored transcripts and vectors, without hearing anything again.

A trial runs in a thread of the process that began it; its progress and its result are in the store, so that any page
can show them, and a trial whose process died is told as failed.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from multiprocessing import get_context
from typing import Any, Literal

import structlog
from threadpoolctl import threadpool_limits

from assist.coaching import rulebook, tenure
from assist.config import Settings
from assist.engine import Case, Engine, factory
from assist.errors import AssistError, NotFound
from assist.people import access, audit
from assist.people.users import User
from assist.privacy import mask
from assist.scripts.insight import SCORES, Shift, mean, shift
from assist.scripts.library import Library
from assist.store import Store, StoreClosed, draft_kinds, drafts, libraries, results, rubrics
from assist.store.clock import moment, now, stamp
from assist.store.drafts import Draft
from assist.texts import N_

State = Literal["running", "done", "cancelled", "failed"]
MOST_CALLS = 5000
_WORKERS = 2
_PART = 8
_SPREAD_FROM = 100
"""Calls from which processes of their own are worth their beginning."""
_SHOWN = 200
_SILENT = timedelta(minutes=2)
_WRITE_EVERY = timedelta(seconds=0.5)
_SAID_EVERY = 20.0
"""Seconds; several times in what counts as silent."""

_log = structlog.get_logger(__name__)


class Interrupted(AssistError):
    message = N_("The trial was interrupted because Assist was restarted. Begin it again.")


@dataclass(frozen=True, slots=True)
class Trial:
    """`done` of `total` calls are judged; `result` is there once it is done."""

    id: int
    draft_id: int
    revision: int
    begun_by: str
    begun_at: datetime
    state: State
    done: int
    total: int
    failure: str
    result: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Tried:
    """One call and how its judgement shifts. `call_id` None: the call is not shared with the user."""

    call_id: int | None
    called_at: str
    shift: Shift


@dataclass(frozen=True, slots=True)
class Past:
    """A judged call to try a library on."""

    id: int
    sha256: str
    called_at: datetime
    transcript_key: str
    analysis_key: str
    version_id: int


Report = Callable[[int, int], bool]
"""Called with (done, total); False stops the trial."""
Work = Callable[[Report], dict[str, Any]]
"""What a trial does, telling how far it is; its result, ready for JSON."""


def calls_to_try(
    store: Store,
    user: User,
    campaign: str,
    since: datetime | None = None,
    until: datetime | None = None,
    sample: int | None = None,
) -> list[Past]:
    """The judged calls of a period, the latest first; with `sample` that many of them, evenly spread. Raises
    AccessDenied."""
    access.require(user, "library.insight")
    scope = access.insight_of(user)
    rows = store.rows(
        f"""SELECT c.id, c.sha256, c.called_at, c.transcript_key, c.analysis_key, c.library_version_id AS version_id
            FROM calls c WHERE c.campaign = :campaign AND c.state = 'ready' AND c.transcript_key IS NOT NULL
              AND c.library_version_id IS NOT NULL AND c.outcome <> 'no-conversation' AND {scope.where}
              AND (:since IS NULL OR c.called_at >= :since) AND (:until IS NULL OR c.called_at < :until)
            ORDER BY c.called_at DESC, c.id LIMIT :most""",
        {
            "campaign": campaign,
            "since": stamp(since) if since else None,
            "until": stamp(until) if until else None,
            "most": MOST_CALLS,
        }
        | scope.parameters,
    )
    if sample and sample < len(rows):
        rows = [rows[number * len(rows) // sample] for number in range(sample)]
    return [Past(**row | {"called_at": moment(row["called_at"])}) for row in rows]


def judge_all(
    store: Store, engine: Engine, library: Library, calls: Sequence[Past], report: Report = lambda done, total: True
) -> Iterator[tuple[Past, Shift]]:
    """Each call's shift under `library`; ends early where `report` says so."""
    with threadpool_limits(1), ThreadPoolExecutor(_WORKERS) as pool:
        first = [_shift(store, engine, library, call) for call in calls[:1]]  # what is learned is learned once
        going = report(len(first), len(calls))
        if first and first[0] is not None:
            yield calls[0], first[0]
        for start in range(1, len(calls), _WORKERS * 4):
            if not going:
                return
            part = calls[start : start + _WORKERS * 4]
            for call, found in zip(part, pool.map(lambda one: _shift(store, engine, library, one), part), strict=True):
                if found is not None:
                    yield call, found
            going = report(start + len(part), len(calls))


def judge_spread(
    settings: Settings, name: str, library: Library, calls: Sequence[Past], report: Report = lambda done, total: True
) -> Iterator[tuple[Past, Shift]]:
    """As `judge_all`, in processes of their own with the engine of that name: for many calls, where more cores count
    for more than the seconds it takes to begin."""
    parts = [calls[start : start + _PART] for start in range(0, len(calls), _PART)]
    context = get_context("spawn")  # forking a process with threads in it may hang
    with ProcessPoolExecutor(_WORKERS, context, _begin_worker, (settings, name, library)) as pool:
        done = 0
        for part, found in zip(parts, pool.map(_judge_part, parts), strict=True):
            done += len(part)
            yield from ((call, one) for call, one in zip(part, found, strict=True) if one is not None)
            if not report(done, len(calls)):
                pool.shutdown(cancel_futures=True)
                return


_worker: list[tuple[Store, Engine, Library]] = []


def _begin_worker(settings: Settings, name: str, library: Library) -> None:
    threadpool_limits(1)
    store = Store(settings)
    _worker.append((store, factory(name)(settings, store), library))


def _judge_part(calls: Sequence[Past]) -> list[Shift | None]:
    store, engine, library = _worker[0]
    return [_shift(store, engine, library, call) for call in calls]


def _shift(store: Store, engine: Engine, library: Library, call: Past) -> Shift | None:
    transcript = results.transcript(store, call.transcript_key)
    if transcript is None:
        return None
    rubric = rubrics.in_force(store, call.called_at)
    weeks = _weeks(store, call, rubric)
    case = Case(
        call.sha256, call.called_at.astimezone(store.settings.zone), "draft", rubric, weeks, call.transcript_key
    )
    before = _judged(store, call, engine.judging(rubric))
    if before is None:  # judged by an older Assist: what changed since is not the draft's doing
        before = engine.judge(transcript, libraries.library(store, call.version_id), case)
    return _readable(shift(before, engine.judge(transcript, library, case)))


def _readable(found: Shift) -> Shift:
    """Without what is personal in its quotes: editors read them."""
    return replace(found, differences=tuple(replace(one, quote=mask(one.quote)) for one in found.differences))


def _weeks(store: Store, call: Past, rubric: str | None) -> int | None:
    if not rulebook.parsed(rubric).by_tenure:
        return None
    agent = store.value("SELECT agent_id FROM calls WHERE id = ?", [call.id])
    return tenure.weeks(store, agent, call.called_at)


def _judged(store: Store, call: Past, judging: str) -> dict[str, Any] | None:
    if store.value("SELECT engine FROM analyses WHERE key = ?", [call.analysis_key]) != judging:
        return None
    return results.analysis(store, call.analysis_key)


def summed(library: Library, tried: Sequence[tuple[Past, Shift]], visible: set[int]) -> dict[str, Any]:
    """The result of a trial, ready for JSON: what shifted how often, and the calls with evidence, most changed first.

    Calls that are not in `visible` are not named.
    """
    changed = sorted((pair for pair in tried if not pair[1].same), key=lambda pair: (-_weight(pair[1]), pair[0].id))
    return {
        "calls": len(tried),
        "changed": len(changed),
        "items": _items(library, tried),
        "scores": {name: _score(name, tried) for name in SCORES},
        "shown": [
            asdict(Tried(call.id if call.id in visible else None, stamp(call.called_at), found))
            for call, found in changed[:_SHOWN]
        ],
    }


def _weight(found: Shift) -> int:
    overall = found.scores.get("overall", (None, None))
    return 10 * len(found.differences) + abs((overall[1] or 0) - (overall[0] or 0))


def _items(library: Library, tried: Sequence[tuple[Past, Shift]]) -> list[dict[str, Any]]:
    """Per point, objection, forbidden item and flag: in how many calls it is found now, and no longer."""
    titles = {("point", point.id): point.title for _, point in library.points()}
    titles |= {("objection", entry.objection): entry.title for entry in library.playbook}
    titles |= {("forbidden", item.id): item.title for item in library.forbidden}
    counts: dict[tuple[str, str], list[int]] = {}
    for _, found in tried:
        gained = {(one.kind, one.now if one.kind == "objection" else one.id) for one in found.differences if one.now}
        lost = {(one.kind, one.was if one.kind == "objection" else one.id) for one in found.differences if one.was}
        for key in gained - lost:
            counts.setdefault(key, [0, 0])[0] += 1
        for key in lost - gained:
            counts.setdefault(key, [0, 0])[1] += 1
    rows = [
        {"kind": kind, "id": name, "title": titles.get((kind, name), name), "gained": gained, "lost": lost}
        for (kind, name), (gained, lost) in counts.items()
    ]
    return sorted(rows, key=lambda row: (-(row["gained"] + row["lost"]), row["kind"], row["id"]))


def _score(name: str, tried: Sequence[tuple[Past, Shift]]) -> dict[str, Any]:
    """How a score moves where it moves: means of those calls, and how many go up and down."""
    pairs = [found.scores[name] for _, found in tried if name in found.scores]
    both = [(before, after) for before, after in pairs if before is not None and after is not None]
    return {
        "moved": len(pairs),
        "up": sum(after > before for before, after in both),
        "down": sum(after < before for before, after in both),
        "before": mean(before for before, _ in both),
        "after": mean(after for _, after in both),
    }


def begin(
    store: Store,
    user: User,
    draft_id: int,
    engine: Callable[[], Engine],
    *,
    spread: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    sample: int | None = None,
    wait: bool = False,
) -> Trial:
    """Tries a draft's newest revision on past calls, in the background unless `wait`.

    Many calls are judged in processes of their own where `spread` names the engine's factory (STANDARD).
    Raises NotFound, AccessDenied, LibraryError where the draft is incomplete.
    """
    draft = drafts.get(store, user, draft_id)
    text = drafts.source(store, user, draft_id)
    draft_kinds.LIBRARY.check(text)
    library = draft_kinds.LIBRARY.parsed(text)
    calls = calls_to_try(store, user, draft.campaign, since, until, sample)

    def work(report: Report) -> dict[str, Any]:
        if spread and len(calls) >= _SPREAD_FROM:
            tried = list(judge_spread(store.settings, spread, library, calls, report))
        else:
            tried = list(judge_all(store, engine(), library, calls, report))
        return summed(library, tried, _visible(store, user))

    return launch(store, user, draft, len(calls), work, wait=wait)


def launch(store: Store, user: User, draft: Draft, total: int, work: Work, *, wait: bool = False) -> Trial:
    """Runs `work` on `total` calls in the background unless `wait`, and keeps what it gives as the draft's trial."""
    values = {
        "draft_id": draft.id,
        "revision": draft.revision,
        "begun_by": user.id,
        "begun_at": stamp(),
        "touched_at": stamp(),
        "state": "running",
        "total": total,
    }
    with store.write() as db:
        made = int(str(db.table("trials").insert(values).last_pk))
        audit.record(store, user, "draft.try", f"draft:{draft.id}", calls=total)
    running = threading.Thread(target=_run, args=(store, made, work), daemon=True)
    running.start()
    if wait:
        running.join()
    return get(store, user, made)


def get(store: Store, user: User, trial_id: int) -> Trial:
    """Raises NotFound, also for trials of drafts the user may not see."""
    row = store.row(
        """SELECT t.id, t.draft_id, t.revision, u.name AS begun_by, t.begun_at, t.touched_at, t.state, t.done, t.total,
                  t.failure, t.body AS result
           FROM trials t JOIN users u ON u.id = t.begun_by WHERE t.id = ?""",
        [trial_id],
    )
    if row is None:
        raise NotFound
    drafts.get(store, user, row["draft_id"])
    touched = moment(row.pop("touched_at"))
    if row["state"] == "running" and now() - touched > _SILENT:
        row |= {"state": "failed", "failure": Interrupted.message}
    unpacked = results.unpack(row["result"]) if row["result"] else None
    return Trial(**row | {"begun_at": moment(row["begun_at"]), "result": unpacked})


def latest(store: Store, user: User, draft_id: int) -> Trial | None:
    """The last trial of a draft. Raises NotFound."""
    drafts.get(store, user, draft_id)
    found = store.value("SELECT max(id) FROM trials WHERE draft_id = ?", [draft_id])
    return get(store, user, found) if found is not None else None


def cancel(store: Store, user: User, trial_id: int) -> Trial:
    """Stops a running trial at its next call. Raises NotFound."""
    get(store, user, trial_id)
    store.change("UPDATE trials SET state = 'cancelled' WHERE id = ? AND state = 'running'", [trial_id])
    return get(store, user, trial_id)


def _run(store: Store, trial: int, work: Work) -> None:
    written = [now() - _WRITE_EVERY]

    def report(done: int, total: int) -> bool:
        if done < total and now() - written[0] < _WRITE_EVERY:
            return True
        written[0] = now()
        query = "UPDATE trials SET done = ?, total = ?, touched_at = ? WHERE id = ? AND state = 'running'"
        return bool(store.change(query, [done, total, stamp(), trial]))

    try:
        with _alive(store, trial):
            values = {"result": results.pack(work(report)), "at": stamp(), "id": trial}
        store.change(
            "UPDATE trials SET state = 'done', body = :result, touched_at = :at WHERE id = :id AND state = 'running'",
            values,
        )
    except StoreClosed:  # the server stops; whoever looks next finds the trial silent
        _log.info("trial broken off", trial=trial)
    except Exception as error:
        _log.exception("trial failed", trial=trial)
        message = error.message if isinstance(error, AssistError) and not error.facts else AssistError.message
        store.change("UPDATE trials SET state = 'failed', failure = ? WHERE id = ?", [message, trial])


@contextmanager
def _alive(store: Store, trial: int) -> Iterator[None]:
    """Says that the trial is still at work, also while the models are learned and no call is done."""
    over = threading.Event()

    def say() -> None:
        with suppress(StoreClosed):
            while not over.wait(_SAID_EVERY):
                store.change("UPDATE trials SET touched_at = ? WHERE id = ? AND state = 'running'", [stamp(), trial])

    saying = threading.Thread(target=say, daemon=True)
    saying.start()
    try:
        yield
    finally:
        over.set()
        saying.join()


def _visible(store: Store, user: User) -> set[int]:
    scope = access.calls_of(user)
    return {row["id"] for row in store.rows(f"SELECT c.id FROM calls c WHERE {scope.where}", scope.parameters)}
