"""Is everything as it should be? One check a line, each with what to do where it fails."""

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assist import jobs, locks, mending
from assist.config import Settings
from assist.errors import AssistError
from assist.fleet import exchange
from assist.fleet.objects import ObjectsUnusable
from assist.people import audit_check, sealing, second_factor
from assist.store import Store, upgrade
from assist.texts import N_, translate

LEAST_FREE_BYTES = 1024**3
_BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Check:
    """One finding; `template` is an English text with facts, shown in any language."""

    fine: bool
    template: str
    facts: dict[str, Any] = field(default_factory=dict)

    def text(self, language: str = "en") -> str:
        return translate(self.template, language) % self.facts


def examine(settings: Settings, *, thorough: bool = False, speed: bool = False, mend: bool = False) -> Iterator[Check]:
    """All checks. `thorough` reads every recording and compares it with its checksum; `speed` hears a short clip and
    takes the time; `mend` first deletes what crashes left behind."""
    try:
        store = Store(settings)
    except AssistError as error:
        yield Check(False, error.message, error.facts)
        return
    try:
        if mend:
            yield from _mended(store)
        yield from of_data(store, thorough=thorough)
        yield _work_queue(settings)
        yield from _objects(settings)
        yield _worker(settings)
        yield _disk(settings)
    finally:
        store.close()
        jobs.close()
    missing = False
    for check in _models(settings):
        missing = missing or not check.fine
        yield check
    recognition = _recognition(settings)
    yield recognition
    if speed and recognition.fine and not missing:
        yield _speed(settings)


def of_data(store: Store, *, thorough: bool = False) -> Iterator[Check]:
    """The checks of what is kept: that the database is sound, that files and rows agree, what is left over."""
    yield _database(store)
    yield _audit(store, thorough)
    yield from _secrets(store)
    yield from _recordings(store, thorough)
    yield from _upgraded(store)
    left = len(mending.find(store).every())
    if left:
        yield Check(True, _LEFT, {"count": left})


def _secrets(store: Store) -> Iterator[Check]:
    """Only what is wrong: most installations have no second factor."""
    if not second_factor.readable(store):
        yield Check(False, sealing.KeyChanged.message)
    if sealing.open_to_others(store.settings):
        yield Check(False, _OPEN, {"path": sealing.key_file(store.settings)})


_OPEN = N_("Other users of this machine can read the key file %(path)s. Run chmod 600 on it.")


_LEFT = N_(
    "%(count)s files or rows belong to no call, from uploads that were cut off. `assist doctor --mend` deletes them."
)


def _mended(store: Store) -> Iterator[Check]:
    from assist.privacy import deletion

    count = mending.mend(store)
    yield Check(True, N_("%(count)s leftovers of uploads that were cut off were deleted."), {"count": count})
    again = deletion.reapply(store)
    if again:
        yield Check(
            True, N_("%(count)s calls that had been deleted for good were back and are deleted."), {"count": again}
        )


def _database(store: Store) -> Check:
    try:
        damage = [row[0] for row in store.db.conn.execute("PRAGMA integrity_check") if row[0] != "ok"]
        loose = store.db.conn.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.DatabaseError as error:
        damage, loose = [str(error)], []
    if damage or loose:
        reason = damage[0] if damage else loose[0][0]
        return Check(False, N_("The database is damaged (%(reason)s). Restore the last backup."), {"reason": reason})
    return Check(True, N_("The database is sound."))


def _audit(store: Store, thorough: bool) -> Check:
    found = audit_check.verify(store, thorough=thorough)
    return Check(found.whole, audit_check.TROUBLES[found.trouble], found.facts)


def _upgraded(store: Store) -> Iterator[Check]:
    """The copies from before upgrades."""
    copies = upgrade.copies(store.settings)
    if copies:
        size = sum(path.stat().st_size for path in copies) // 1024**2
        told = N_("%(count)s copies of the database from before upgrades are kept, the latest %(path)s (%(size)s MB).")
        yield Check(True, told, {"count": len(copies), "path": copies[0], "size": size})


def _recordings(store: Store, thorough: bool) -> Iterator[Check]:
    known = {row["sha256"]: row["bytes"] for row in store.rows(_KEPT)}
    found = {path.name: path for path in store.settings.recordings.glob("??/*")}
    lost = sorted(known.keys() - found.keys())
    changed = [name for name in known.keys() & found.keys() if not _intact(found[name], known[name], thorough)]
    if lost:
        yield Check(
            False,
            N_("%(count)s recordings have lost their bytes (first: %(first)s). Restore them from a backup."),
            {"count": len(lost), "first": lost[0]},
        )
    if changed:
        yield Check(
            False,
            N_("%(count)s recordings are not what came in (first: %(first)s). Restore them from a backup."),
            {"count": len(changed), "first": min(changed)},
        )
    if not lost and not changed:
        yield Check(True, N_("%(count)s recordings are all there."), {"count": len(known)})


_KEPT = """
    SELECT r.sha256, r.bytes FROM recordings r LEFT JOIN calls c ON c.sha256 = r.sha256
    WHERE c.sound_removed_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM deletion_calls d WHERE d.sha256 = r.sha256 AND d.state = 'named')
"""
"""Retention takes the bytes of others away and leaves their rows; those that are about to be deleted may be gone."""


def _intact(path: Path, size: int, thorough: bool) -> bool:
    if path.stat().st_size != size:
        return False
    return not thorough or _sha256(path) == path.name


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _work_queue(settings: Settings) -> Check:
    try:
        jobs.client(settings).check_connection()
    except AssistError as error:
        return Check(False, error.message, error.facts)
    return Check(True, N_("The work queue can be reached."))


def _objects(settings: Settings) -> Iterator[Check]:
    """Where hearing is done elsewhere: whether the storage answers."""
    try:
        storage = exchange.of(settings)
        if storage is not None:
            storage.heard("0" * 64, "doctor")
            yield Check(True, N_("The object storage can be reached."))
    except (AssistError, OSError) as error:
        yield Check(False, ObjectsUnusable.message, {"address": settings.objects, "reason": error})


def _worker(settings: Settings) -> Check:
    try:
        with locks.held(settings, f"{settings.node}worker-0"):
            return Check(True, N_("No worker is running now. `assist serve` or `assist worker` starts one."))
    except locks.Taken:
        return Check(True, N_("A worker is running."))


def _disk(settings: Settings) -> Check:
    free = shutil.disk_usage(settings.data).free
    facts = {"free": round(free / 1024**3, 1)}
    if free < LEAST_FREE_BYTES:
        return Check(False, N_("Only %(free)s GB are free in the data folder. Make room."), facts)
    return Check(True, N_("%(free)s GB are free in the data folder."), facts)


def _models(settings: Settings) -> Iterator[Check]:
    from models import weights

    wanted = {
        settings.speech_model: lambda: weights.find_speech(settings.speech_model),
        "silero-vad": weights.find_vad,
        "resemblyzer": weights.find_voice,
    }
    for name, find in wanted.items():
        try:
            yield Check(True, N_("Model %(name)s: %(path)s"), {"name": name, "path": find()})
        except (weights.ModelMissing, weights.ModelDamaged) as error:
            yield Check(False, N_("Model %(name)s cannot be used: %(reason)s"), {"name": name, "reason": error})


def _recognition(settings: Settings) -> Check:
    """Which model will hear, on what, with which numbers and how many threads."""
    from models import speech

    try:
        device, numbers = speech.device_and_type(settings.device)
    except (RuntimeError, ValueError) as error:
        return Check(
            False,
            N_("Nothing can be heard on %(device)s: %(reason)s. Set ASSIST_DEVICE to auto or cpu."),
            {"device": settings.device, "reason": error},
        )
    threads = settings.threads or os.cpu_count() or 1
    facts = {"model": settings.speech_model, "device": device, "numbers": numbers, "threads": threads}
    if device == "cpu":
        return Check(True, N_("Recognition: model %(model)s on cpu, %(numbers)s, %(threads)s threads."), facts)
    return Check(True, N_("Recognition: model %(model)s on %(device)s, %(numbers)s."), facts)


def _speed(settings: Settings) -> Check:
    from assist import speed

    try:
        found = speed.measure(settings)
    except (AssistError, RuntimeError) as error:
        return Check(False, N_("The speed cannot be measured: %(reason)s"), {"reason": error})
    facts = {
        "sound": round(speed.TIMED_SECONDS),
        "took": round(found.took, 1),
        "factor": round(1 / found.times, 3),
        "times": round(found.times, 1),
        "calls": found.calls_per_hour,
        "minutes": round(speed.CALL_SECONDS / 60),
        "loading": round(found.loading, 1),
    }
    return Check(True, SPEED, facts)


SPEED = N_(
    "%(sound)s seconds of a call were heard in %(took)s s: real-time factor %(factor)s, %(times)s times as fast as it "
    "is spoken, about %(calls)s calls of %(minutes)s minutes an hour. What else runs now counts against it. Loading "
    "the models takes about %(loading)s s once."
)
