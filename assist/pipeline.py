"""The way of one recording: decode → hear → judge → queue.

Each step keeps its result in the store under a key of its inputs and versions before it counts as done, so a worker may
die anywhere: what is done is found again and never redone. Where hearing is done elsewhere (`assist.fleet`), what came
of it is taken from the exchange; what is not there yet is sent for, and the rest is done when it has come.
"""

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import structlog

from assist import room
from assist.calls import calls, corrections, progress
from assist.calls.calls import Call
from assist.calls.recordings import path_of
from assist.coaching import blind, rulebook, tenure, verdicts
from assist.engine import Case, Engine
from assist.errors import AssistError, Conflict, RecordingError, SetupError
from assist.fleet.exchange import Exchange, Parcel, Trouble
from assist.people import access, audit
from assist.people.users import User
from assist.ports import kind_of
from assist.privacy.locking import UnderLock
from assist.store import Store, attempts, hearing_done, libraries, results, rubrics
from assist.store.clock import stamp
from assist.store.libraries import LibraryVersion
from assist.store.results import key_of
from assist.texts import N_
from assist.transcript import Transcript

Outcome = Literal["done", "failed", "superseded", "elsewhere"]
"""`elsewhere`: the recording has to be heard by another machine first."""

STEPS = ("decode", "hear", "judge", "queue")
AGAIN = "again"
"""The one step of a call that only has to be judged again."""

_log = structlog.get_logger(__name__)


class KillsWorker(RecordingError):
    message = N_(
        "Working on this recording brought the program down %(times)s times, so it was set aside. Convert the "
        "recording to wav and upload that, or give the machine more memory and retry."
    )


class RecordingLost(RecordingError):
    message = N_("The bytes of this recording are no longer in the data folder. Restore them from a backup and retry.")


class NoLibrary(SetupError):
    message = N_("The campaign %(campaign)s has no published library. Publish one and retry.")


class Unexpected(AssistError):
    message = N_("An error inside Assist stopped this call (%(reason)s). Retry; if it comes back, send the log.")


class WordsRemoved(Conflict):
    message = N_("What was said in this call is no longer kept, so it cannot be judged again. Its scores stay.")


class StillWorking(Conflict):
    message = N_("This call is still being worked on. Wait until it is ready, or cancel it first.")


class _NotHeardYet(Exception):
    """What is left to do needs the transcript, which is made elsewhere."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The steps of a call, for one worker. `exchange` is None where this worker hears by itself."""

    store: Store
    engine: Engine
    worker: str = "worker-0"
    exchange: Exchange | None = None

    @property
    def hears(self) -> str:
        """Names the kind of recogniser whose transcripts this store takes."""
        return kind_of(self.engine.hearing)

    def run(self, step: str, call_id: int, run: int) -> Outcome:
        """One step. What is wrong with a recording ends in the call's state; what is wrong with the machine (TRANSIENT)
        is raised, to be tried again. While the disk is full it waits."""
        return room.patiently(self.store.settings, lambda: self._once(step, call_id, run))

    def _once(self, step: str, call_id: int, run: int) -> Outcome:
        try:
            call = calls.load(self.store, call_id)
            if call.run != run or call.state in calls.FINAL:
                return "superseded"
            if not attempts.begin(self.store, call_id, step, self.worker):
                raise KillsWorker(times=attempts.MOST_CRASHES)
            _WORK[step](self, call)
        except progress.Superseded:
            outcome: Outcome = "superseded"
        except _NotHeardYet:
            outcome = "elsewhere"
        except AssistError as error:
            outcome = self.fail(call_id, run, error)
            if isinstance(error, Trouble) and self.exchange is not None:
                self.exchange.forget(call.sha256)
        else:
            outcome = "done"
        finally:
            attempts.end(self.store, call_id)
        return outcome

    def fail(self, call_id: int, run: int, error: AssistError) -> Outcome:
        _log.info("call failed", call=call_id, run=run, reason=error.code)
        try:
            progress.fail(self.store, call_id, run, error)
        except progress.Superseded:
            return "superseded"
        return "failed"

    def decode(self, call: Call) -> None:
        """Checks that the bytes are sound, and draws the waveform."""
        progress.enter(self.store, call.id, call.run, "decoding")
        path = path_of(self.store.settings, call.sha256)
        if not path.exists():
            raise RecordingLost
        if self.exchange is None and results.peaks(self.store, call.sha256) is None:
            results.save_peaks(self.store, call.sha256, self.engine.peaks(path))

    def hear(self, call: Call) -> None:
        progress.enter(self.store, call.id, call.run, "transcribing")
        key = self._heard_key(call)
        if results.has_transcript(self.store, key):
            return
        if self.exchange is not None:
            self._take(self.exchange, call, key)
            return
        library = libraries.library(self.store, self._version(call).id)
        report = progress.reporter(self.store, call.id, call.run)
        began = time.perf_counter()
        heard = self.engine.hearing.hear(path_of(self.store.settings, call.sha256), library, report)
        took = time.perf_counter() - began
        results.save_transcript(self.store, key, call.sha256, self.engine.hearing.name, heard)
        hearing_done.note(self.store, self.worker, sound=heard.seconds, took=took)

    def _take(self, exchange: Exchange, call: Call, key: str) -> None:
        """What was heard elsewhere, into the store; then nothing of the recording stays in the exchange."""
        trouble = exchange.trouble(call.sha256, call.run)
        if trouble is not None:
            raise trouble
        found = exchange.transcript(call.sha256, key)
        if found is None:
            raise _NotHeardYet
        results.save_peaks(self.store, call.sha256, exchange.peaks(call.sha256) or [])
        results.save_transcript(self.store, key, call.sha256, found[1], found[0])
        hearing_done.note(self.store, hearing_done.ELSEWHERE, sound=found[0].seconds)
        exchange.forget(call.sha256)

    def send(self, call_id: int, run: int, workflow: str, priority: int) -> Parcel:
        """Lays the recording out to be heard elsewhere; `workflow` is the call's own. Raises RecordingLost, NoLibrary,
        Superseded, ObjectsAway."""
        assert self.exchange is not None
        call = calls.load(self.store, call_id)
        version, key = self._version(call), self._heard_key(call)
        path = path_of(self.store.settings, call.sha256)
        if not path.exists():
            raise RecordingLost
        progress.enter(self.store, call_id, run, "received", "sent")
        parcel = Parcel(call_id, run, call.sha256, key, version.sha256, workflow, priority)
        self.exchange.send(parcel, path, libraries.source(self.store, version.id))
        return parcel

    def judge(self, call: Call) -> None:
        progress.enter(self.store, call.id, call.run, "judging")
        version, rubric = self._version(call), rubrics.in_force(self.store, call.called_at)
        transcript_key = self._transcript_key(call)
        key = self._analysis_key(call, transcript_key, version, rubric)
        if results.has_analysis(self.store, key):
            return
        transcript = self._transcript(call, transcript_key)
        report = self.engine.judge(
            transcript,
            libraries.library(self.store, version.id),
            Case(
                call.sha256,
                self._local(call.called_at),
                str(version.number),
                rubric,
                self._weeks(call, rubric),
                transcript_key,
            ),
        )
        results.save_analysis(
            self.store,
            key,
            call_id=call.id,
            transcript_key=transcript_key,
            library_version_id=version.id,
            engine=self.engine.judging(rubric),
            report=report,
        )

    def again(self, call: Call) -> None:
        """All that is left to do of a call that was heard before, as one step."""
        if not results.has_transcript(self.store, self._heard_key(call)):
            self.decode(call)
            self.hear(call)
        self.judge(call)
        self.queue(call)

    def queue(self, call: Call) -> None:
        version, rubric = self._version(call), rubrics.in_force(self.store, call.called_at)
        transcript_key = self._transcript_key(call)
        key = self._analysis_key(call, transcript_key, version, rubric)
        report = results.analysis(self.store, key)
        if report is None:  # the version or rubric in force changed between two steps
            self.judge(call)
            report = results.analysis(self.store, key) or {}
        keys = {"transcript_key": transcript_key, "analysis_key": key, "library_version_id": version.id}
        masked = progress.masked(self.store, call.id, report)
        with self.store.write():
            blind.renew(self.store, call.id, report)
            keys, report = verdicts.settled(self.store, call, keys, report)
            progress.ready(self.store, call.id, call.run, keys, report, masked)
        _log.info("call ready", call=call.id, run=call.run)

    def _version(self, call: Call) -> LibraryVersion:
        pinned = self.store.value("SELECT pinned_version_id FROM calls WHERE id = ?", [call.id])
        if pinned is not None:
            return libraries.version(self.store, pinned)
        found = libraries.in_force(self.store, call.campaign or "", call.called_at)
        if found is None:
            raise NoLibrary(campaign=call.campaign or "")
        return found

    def _heard_key(self, call: Call) -> str:
        corrected = corrections.heard_key(self.store, call.id)
        return corrected or key_of("transcript", call.sha256, self.engine.hearing.name)

    def _transcript_key(self, call: Call) -> str:
        return corrections.applied(self._heard_key(call), corrections.standing(self.store, call.id))

    def _transcript(self, call: Call, key: str) -> Transcript:
        """What was heard, with the corrections of people in it."""
        if (known := results.transcript(self.store, key)) is not None:
            return known
        heard_key = self._heard_key(call)
        heard, changes = results.transcript(self.store, heard_key), corrections.standing(self.store, call.id)
        if heard is None:
            raise Unexpected(reason="no transcript")
        if corrections.applied(heard_key, changes) != key:  # another correction came in: its own run goes on with it
            raise progress.Superseded
        made = corrections.apply(heard, changes)
        results.save_transcript(self.store, key, call.sha256, "corrections", made, heard_key)
        return made

    def _analysis_key(self, call: Call, transcript_key: str, version: LibraryVersion, rubric: str | None) -> str:
        judging = self.engine.judging(rubric)
        weeks = self._weeks(call, rubric)
        more = [] if weeks is None else [f"week {weeks}"]
        return key_of("analysis", transcript_key, version.sha256, judging, call.called_at.isoformat(), *more)

    def _weeks(self, call: Call, rubric: str | None) -> int | None:
        """None where no rule follows how long an agent is with the team: the analysis then does not depend on it."""
        if not rulebook.parsed(rubric).by_tenure:
            return None
        return tenure.weeks(self.store, call.agent_id, call.called_at)

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self.store.settings.zone)


_WORK: dict[str, Callable[[Pipeline, Call], None]] = {
    "decode": Pipeline.decode,
    "hear": Pipeline.hear,
    "judge": Pipeline.judge,
    "queue": Pipeline.queue,
    AGAIN: Pipeline.again,
}

TRANSIENT = (sqlite3.OperationalError, OSError, MemoryError)
"""What is wrong with the machine for the moment: worth another try."""


def retry(store: Store, user: User, call_id: int) -> Call:
    """Begins a failed or cancelled call anew; finished steps are not done again. Raises NotFound, StillWorking."""
    return _again(store, user, call_id, "call.retry", frozenset({"failed", "cancelled"}))


def rejudge(store: Store, user: User, call_id: int, version_id: int | None = None) -> Call:
    """Judges a call again, under the version in force for it or under a given one, without hearing it again.

    Raises NotFound, AccessDenied, StillWorking.
    """
    access.require(user, "call.rejudge")
    if version_id is not None:
        libraries.version(store, version_id)
    with store.write() as db:
        call = _again(store, user, call_id, "call.rejudge", calls.FINAL)
        db.execute("UPDATE calls SET pinned_version_id = ? WHERE id = ?", [version_id, call_id])
        return call


def rejudge_all(store: Store, user: User, campaign: str, since: datetime) -> int:
    """Judges again all ready calls of a campaign from that moment on; how many. Raises AccessDenied."""
    access.require(user, "call.rejudge")
    scope = access.calls_of(user)
    rows = store.rows(
        f"""SELECT c.id FROM calls c
            WHERE c.campaign = :campaign AND c.called_at >= :since AND c.state = 'ready'
              AND c.words_removed_at IS NULL AND {scope.where}""",
        {"campaign": campaign, "since": stamp(since)} | scope.parameters,
    )
    for row in rows:
        rejudge(store, user, row["id"])
    return len(rows)


def cancel(store: Store, user: User, call_id: int) -> Call:
    """Stops work on a call; a step under way ends at its next report of progress. Raises NotFound."""
    call = calls.there(store, user, call_id)
    with store.write() as db:
        db.execute(
            "UPDATE calls SET state = 'cancelled' WHERE id = ? AND state NOT IN ('ready', 'failed', 'cancelled')",
            [call.id],
        )
        audit.record(store, user, "call.cancel", f"call:{call_id}")
    return calls.there(store, user, call_id)


def correct(
    store: Store, user: User, call_id: int, turn: int, text: str | None = None, speaker: str | None = None
) -> Call:
    """Puts a turn right (`corrections.add`) and begins judging the call again, also where a judgement is under way.

    Raises NotFound and what `corrections.add` raises.
    """
    with store.write():
        call = calls.get(store, user, call_id)
        changed = corrections.add(store, user, call, turn, text, speaker)
        return _begin(store, user, call) if changed else call


def revert(store: Store, user: User, call_id: int, correction_id: int) -> Call:
    """Takes a correction back and begins judging the call again. Raises NotFound, AccessDenied."""
    with store.write():
        call = calls.get(store, user, call_id)
        changed = corrections.revert(store, user, call, correction_id)
        return _begin(store, user, call) if changed else call


def _again(store: Store, user: User, call_id: int, action: str, from_states: frozenset[str]) -> Call:
    with store.write():
        call = calls.there(store, user, call_id)
        if call.state not in from_states:
            raise StillWorking
        if call.restricted_at:
            raise UnderLock
        if call.words_removed_at:
            raise WordsRemoved
        audit.record(store, user, action, f"call:{call_id}")
        return _begin(store, user, call)


def _begin(store: Store, user: User, call: Call) -> Call:
    """A new run; one under way ends by itself at its next move."""
    state = "received" if call.agent_id and call.campaign else "waiting"
    with store.write() as db:
        db.execute(
            "UPDATE calls SET state = ?, run = run + 1, progress = 0, step = '', failure = NULL WHERE id = ?",
            [state, call.id],
        )
        db.execute("DELETE FROM attempts WHERE call_id = ?", [call.id])
    return calls.there(store, user, call.id)
