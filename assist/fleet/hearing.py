"""A worker that hears recordings of other machines: it knows the work queue and the object storage, and no store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import structlog

from assist import jobs
from assist.calls.progress import Superseded
from assist.config import Settings
from assist.engine import Ears
from assist.errors import AssistError
from assist.fleet import beats, reports
from assist.fleet.exchange import Exchange, Parcel
from assist.jobs import Part
from assist.pipeline import KillsWorker, RecordingLost, Unexpected
from assist.ports import kind_of

Outcome = Literal["heard", "failed", "stopped"]

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Listener:
    """Hears parcels. `folder` is where a recording lies while it is heard."""

    settings: Settings
    ears: Ears
    exchange: Exchange
    folder: Path

    def hear(self, parcel: Parcel) -> Outcome:
        """A recording's transcript, into the exchange. One that is there already is the checkpoint: it is not made
        again. Raises what is wrong with the machine (`jobs.TRANSIENT`), to be tried again."""
        if self.exchange.heard(parcel.sha256, parcel.key):
            return "heard"
        try:
            if beats.deadly(self.settings, parcel.workflow):
                raise KillsWorker(times=beats.MOST_CRASHES)
            self._work(parcel)
        except Superseded:
            return "stopped"
        except AssistError as error:
            return self.give_up(parcel, error)
        finally:
            reports.done(self.settings, parcel)
        return "heard"

    def give_up(self, parcel: Parcel, error: AssistError) -> Outcome:
        _log.info("cannot be heard", call=parcel.call_id, run=parcel.run, reason=error.code)
        self.exchange.give_up(parcel.sha256, parcel.run, error)
        beats.survived(self.settings, parcel.workflow)
        return "failed"

    def _work(self, parcel: Parcel) -> None:
        recording = self.folder / parcel.sha256
        try:
            if not self.exchange.fetch(parcel.sha256, recording):
                raise RecordingLost
            library = self.exchange.library(parcel.library)
            report = reports.reporter(self.settings, parcel)
            report("decoding", 0.0)
            peaks = self.ears.peaks(recording)
            if self.exchange.heard(parcel.sha256, parcel.key):  # by one that was taken for dead and was not
                return
            heard = self.ears.hearing.hear(recording, library, report)
        finally:
            recording.unlink(missing_ok=True)
        self.exchange.deliver(parcel.sha256, parcel.key, self.ears.hearing.name, heard, peaks)
        beats.survived(self.settings, parcel.workflow)


def part(listener: Listener) -> Part:
    """Hears what waits for this kind of recogniser."""
    from dbos import DBOS

    def register() -> None:
        DBOS.workflow(name=jobs.HEAR, max_recovery_attempts=None)(_workflow(listener))

    hears = kind_of(listener.ears.hearing)
    return Part(jobs.hearing_queue(hears), register, hears)


def _workflow(listener: Listener) -> Callable[[dict[str, Any]], str]:
    from dbos import DBOS

    def hear_call(plain: dict[str, Any]) -> str:
        parcel = Parcel(**plain)
        try:
            outcome = DBOS.run_step(jobs.patient("hear"), listener.hear, parcel)
        except Exception as error:  # every call must come to an end that people see
            _log.exception("hearing failed", call=parcel.call_id)
            reason = Unexpected(reason=type(error.__cause__ or error).__name__)
            outcome = DBOS.run_step(jobs.patient("give up"), listener.give_up, parcel, reason)
        if outcome != "stopped":
            DBOS.run_step(jobs.patient("go on"), jobs.go_on, listener.settings, parcel)
        return outcome

    return hear_call
