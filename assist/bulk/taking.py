"""Recordings come in one after the other, and their rows many at a time.

Memory does not grow with their number. Bytes lie safely before their row is written, and what the journal knows was
committed with its call, so an import may die anywhere and is started again.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from assist.bulk import journal
from assist.bulk.listed import Listed
from assist.bulk.sources import CannotRead, Item, Source
from assist.calls import calls, recordings
from assist.calls.details import Details
from assist.calls.manifest import Entry
from assist.calls.recordings import Recording
from assist.errors import AssistError, InputError, SetupError
from assist.fleet.urgency import Urgency
from assist.people.users import User
from assist.store import Store
from assist.texts import N_

TOGETHER = 32
"""Recordings whose rows are written in one transaction: a tenth of the writes, and nobody waits long behind it."""
CHUNK = 1024 * 1024

Fate = Literal["new", "known", "refused", "unlisted"]
Submit = Callable[[Store, int], None]

_LAST_PART = re.compile(r"[^/]*\Z")


class NotInFolder(InputError):
    message = N_("The manifest lists %(file)s (line %(line)s), but the folder has no such file.")


class NotListed(InputError):
    message = N_("The manifest has no line for this file, so it was left alone. Add one, or import without a manifest.")


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file. `line` is that of the manifest, 0 without one. `call_id` is None where nothing was read;
    `error` says why a file was refused or left alone."""

    file: str
    fate: Fate
    line: int = 0
    call_id: int | None = None
    error: AssistError | None = None


@dataclass(frozen=True, slots=True)
class _Waiting:
    item: Item
    line: int
    details: Details | None
    recording: Recording
    sign: bytes


class Intake:
    """Takes files of one source. What `offer` and `flush` give back has its rows; nothing else has."""

    def __init__(
        self, store: Store, user: User, source: Source, submit: Submit, *, urgent: Urgency = "bulk", again: bool = False
    ) -> None:
        """With `again` files are read that were brought in before; the same bytes are still the same call."""
        self._store, self._user, self._source, self._submit = store, user, source, submit
        self._urgent, self._again = urgent, again
        self._waiting: list[_Waiting] = []

    def offer(self, item: Item, details: Details | None = None, line: int = 0) -> Iterator[Taken]:
        """What is settled by now, of this file and of earlier ones. Raises SetupError (a full disk, a closed store)."""
        sign = journal.sign_of(self._source, item)
        if not self._again and journal.known(self._store, sign):
            yield Taken(item.name, "known", line)
            return
        try:
            self._waiting.append(_Waiting(item, line, details, self._received(item), sign))
        except SetupError:
            yield from self.flush()
            raise
        except AssistError as error:
            yield Taken(item.name, "refused", line, error=error)
        if len(self._waiting) >= TOGETHER:
            yield from self.flush()

    def flush(self) -> list[Taken]:
        """Writes the rows of all that were read, then puts their calls into the work queue."""
        if not self._waiting:
            return []
        with self._store.write():
            taken = [self._enter(one) for one in self._waiting]
        refused = [one.recording.sha256 for one, fate in zip(self._waiting, taken, strict=True) if fate.error]
        self._waiting.clear()
        for sha256 in refused:
            recordings.discard(self._store, sha256)
        for one in taken:
            if one.call_id is not None:
                self._submit(self._store, one.call_id)
        return taken

    def _received(self, item: Item) -> Recording:
        name = _LAST_PART.search(item.name)
        with recordings.Intake(self._store, name.group() if name else item.name) as intake:
            try:
                with self._source.open(item) as file:
                    for chunk in iter(lambda: file.read(CHUNK), b""):
                        intake.write(chunk)
            except OSError as error:
                raise CannotRead(reason=error.strerror or error) from error
            return intake.settle()

    def _enter(self, one: _Waiting) -> Taken:
        try:
            with self._store.write() as db:  # a savepoint: one that is refused leaves the others alone
                call, created = calls.add(self._store, self._user, one.recording, one.details)
                if created:
                    db.execute("UPDATE calls SET urgency = ? WHERE id = ?", [self._urgent, call.id])
                journal.note(db, one.sign, one.recording.sha256)
        except SetupError:
            raise
        except AssistError as error:
            return Taken(one.item.name, "refused", one.line, error=error)
        return Taken(one.item.name, "new" if created else "known", one.line, call.id)


def take(intake: Intake, source: Source, listed: Listed | None = None) -> Iterator[Taken]:
    """Takes in all files of the source, or with a manifest those it lists; then tells which files it has no line for.

    Raises SetupError; what is wrong with a file or a line comes as its fate.
    """
    if listed is None:
        for item in source.items():
            yield from intake.offer(item)
        yield from intake.flush()
        return
    for row in listed.rows():
        if isinstance(row, Entry):
            yield from _listed(intake, source, row)
        else:
            yield Taken(str(row.facts.get("file", "")), "refused", int(str(row.facts["line"])), error=row)
    yield from intake.flush()
    for item in source.items():
        if not listed.has(item.name):
            yield Taken(item.name, "unlisted", error=NotListed())


def _listed(intake: Intake, source: Source, row: Entry) -> Iterator[Taken]:
    item = source.find(row.file)
    if item is None:
        yield Taken(row.file, "refused", row.line, error=NotInFolder(file=row.file, line=row.line))
    else:
        yield from intake.offer(item, row.details, row.line)
