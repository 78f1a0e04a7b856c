"""What is kept of one customer, to hand it out to them (PIPL, article 45: access and copy)."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import PurePath
from tempfile import TemporaryFile
from typing import IO, Any

from assist.calls import calls
from assist.calls.recordings import path_of
from assist.errors import RequestError
from assist.people import access, audit
from assist.people.users import User
from assist.privacy import finding, keys
from assist.privacy.finding import Found
from assist.store import Store
from assist.store.clock import stamp
from assist.texts import N_
from assist.transcript import to_dict

FORMAT = "assist-customer/1"
_BLOCK = 1024 * 1024


class NothingKept(RequestError):
    message = N_(
        "Nothing is kept of this customer. Look at the details of the calls: the number may be written otherwise."
    )


def archive(store: Store, user: User, customer: str) -> IO[bytes]:
    """A zip of recordings, transcripts and findings, with a list of the calls (index.json); at its beginning.

    Calls under lock are in the list only. Raises AccessDenied, TooShort, NothingKept.
    """
    access.require(user, "privacy.hand-out")
    found = finding.of_customer(store, user, customer)
    if not found:
        raise NothingKept
    subject = keys.subject(store.settings, customer)
    audit.record(store, user, "customer.hand-out", f"customer:{subject[:16]}", calls=[one.id for one in found])
    file = TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        listed = [_put(store, out, one) for one in found]
        index = {"format": FORMAT, "made_at": stamp(), "calls": listed}
        out.writestr("index.json", json.dumps(index, ensure_ascii=False, indent=1))
    file.seek(0)
    return file


def chunks(file: IO[bytes]) -> Iterator[bytes]:
    """The archive piece by piece; closed at its end."""
    with file:
        while block := file.read(_BLOCK):
            yield block


def _put(store: Store, out: zipfile.ZipFile, one: Found) -> dict[str, Any]:
    """The call's files; its line in the list."""
    call = calls.load(store, one.id)
    told: dict[str, Any] = {
        "call": one.id,
        "called_at": stamp(one.called_at),
        "campaign": one.campaign,
        "direction": call.direction,
        "agent": one.agent,
        "customer": one.customer,
        "file_name": one.file_name,
        "seconds": call.seconds,
        "outcome": call.outcome,
        "recording_removed_at": call.sound_removed_at and stamp(call.sound_removed_at),
        "transcript_removed_at": call.words_removed_at and stamp(call.words_removed_at),
        "under_lock": call.restricted_at is not None,
        "files": [],
    }
    if call.restricted_at is None:
        for name, body in _documents(store, call):
            out.writestr(f"{one.id}/{name}", json.dumps(body, ensure_ascii=False, indent=1))
            told["files"].append(f"{one.id}/{name}")
        told["files"] += _recording(store, out, call)
    return told


def _documents(store: Store, call: calls.Call) -> Iterator[tuple[str, Any]]:
    transcript, report = calls.transcript(store, call, whole=True), calls.analysis(store, call, whole=True)
    if transcript is not None:
        yield "transcript.json", to_dict(transcript)
    if report is not None:
        yield "findings.json", report


def _recording(store: Store, out: zipfile.ZipFile, call: calls.Call) -> list[str]:
    path = path_of(store.settings, call.sha256)
    if not path.is_file():
        return []
    ending = PurePath(call.file_name).suffix.lower()
    name = f"{call.id}/recording{ending if ending[1:].isalnum() and len(ending) <= 6 else ''}"
    out.write(path, name, zipfile.ZIP_STORED)
    return [name]
