"""What travels between the store and the workers that hear elsewhere, as objects.

Of each recording, in a folder under its sha256: `recording` goes out; `peaks` and `transcript-<key>` come back, or
`trouble-<run>`, which says why there is no transcript. A transcript lies under the key it will have in the store.
`libraries/<sha256>` are the words of library versions, which hearing follows. Once the store has what came back, the
folder of the recording is deleted: nothing of a customer stays in the storage.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assist.calls.calls import Failure
from assist.config import Settings
from assist.errors import AssistError, SetupError
from assist.fleet.objects import Objects, ObjectsAway
from assist.scripts.formats import yaml_format
from assist.scripts.library import Library
from assist.store.results import pack, unpack
from assist.texts import N_
from assist.transcript import Transcript, from_dict, to_dict


class NoObjects(SetupError):
    message = N_(
        "A worker of the queue %(queue)s needs ASSIST_OBJECTS: the storage where recordings and transcripts meet."
    )


class NotDelivered(SetupError):
    message = N_(
        "A worker elsewhere heard this recording, but its transcript is not in the object storage. Check that "
        "ASSIST_OBJECTS is the same on all machines, then retry."
    )


class Trouble(AssistError):
    """What went wrong elsewhere, under the name and with the facts that it had there."""

    message = N_("Another machine could not hear this recording.")

    @staticmethod
    def told(failure: Failure) -> Trouble:
        kind: type[Trouble] = type(failure.code, (Trouble,), {"message": failure.message})
        return kind(**failure.facts)


@dataclass(frozen=True, slots=True)
class Parcel:
    """One recording to be heard elsewhere. `key` is where the transcript belongs, `library` names the words that
    hearing follows, `call` the call's own workflow, `priority` its place in the queue."""

    call_id: int
    run: int
    sha256: str
    key: str
    library: str
    call: str
    priority: int

    @property
    def workflow(self) -> str:
        """The workflow that hears it."""
        return f"{self.call}.hear.{self.key[:8]}"

    @property
    def after(self) -> str:
        """The one that goes on near the store."""
        return f"{self.call}.heard.{self.key[:8]}"

    def plain(self) -> dict[str, Any]:
        return asdict(self)


class Exchange:
    """The objects of one storage, by what they mean. Everything raises ObjectsAway where the storage is away."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def send(self, parcel: Parcel, recording: Path, library: str) -> None:
        """Lays out what the hearing worker needs; `library` is the YAML text of the version."""
        self._objects.put(f"libraries/{parcel.library}", library.encode())
        self._objects.put_file(f"{_folder(parcel.sha256)}/recording", recording)

    def fetch(self, sha256: str, target: Path) -> bool:
        """Copies the recording into a file; False where it is not there, as after its call was deleted."""
        if not self._objects.fetch(f"{_folder(sha256)}/recording", target):
            return False
        with target.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                raise ObjectsAway(f"{sha256} arrived damaged")
        return True

    def library(self, sha256: str) -> Library:
        """Raises ObjectsAway where it is not there."""
        body = self._objects.get(f"libraries/{sha256}")
        if body is None:
            raise ObjectsAway(f"library {sha256} is not there")
        return yaml_format.loads(body.decode())

    def heard(self, sha256: str, key: str) -> bool:
        """Whether the transcript is there: then it is never heard again."""
        return self._objects.has(f"{_folder(sha256)}/transcript-{key}")

    def deliver(self, sha256: str, key: str, engine: str, transcript: Transcript, peaks: list[list[float]]) -> None:
        """The transcript comes last: where it is, all is."""
        self._objects.put(f"{_folder(sha256)}/peaks", pack(peaks))
        self._objects.put(
            f"{_folder(sha256)}/transcript-{key}", pack({"engine": engine, "transcript": to_dict(transcript)})
        )

    def give_up(self, sha256: str, run: int, error: AssistError) -> None:
        """Says why there will be no transcript in this run."""
        body = json.dumps(asdict(Failure.of(error)), ensure_ascii=False)
        self._objects.put(f"{_folder(sha256)}/trouble-{run}", body.encode())

    def trouble(self, sha256: str, run: int) -> Trouble | None:
        body = self._objects.get(f"{_folder(sha256)}/trouble-{run}")
        return Trouble.told(Failure(**json.loads(body))) if body else None

    def peaks(self, sha256: str) -> list[list[float]] | None:
        body = self._objects.get(f"{_folder(sha256)}/peaks")
        return unpack(body) if body else None

    def transcript(self, sha256: str, key: str) -> tuple[Transcript, str] | None:
        """With the name of what heard it; None where it is not there."""
        body = self._objects.get(f"{_folder(sha256)}/transcript-{key}")
        if body is None:
            return None
        told = unpack(body)
        return from_dict(told["transcript"]), told["engine"]

    def forget(self, sha256: str) -> None:
        """Deletes everything of a recording; nothing happens where there is nothing."""
        self._objects.forget(_folder(sha256))

    def recordings(self) -> list[str]:
        """The sha256 of every recording of which something is there."""
        return sorted({name.split("/")[2] for name in self._objects.names("calls")})


def of(settings: Settings) -> Exchange | None:
    """The exchange of an installation whose hearing is done elsewhere, else None. Raises ObjectsUnusable."""
    return Exchange(Objects(settings.objects)) if settings.objects else None


def needed(settings: Settings, queue: str) -> Exchange:
    """Raises NoObjects, ObjectsUnusable."""
    found = of(settings)
    if found is None:
        raise NoObjects(queue=queue)
    return found


def forget(settings: Settings, sha256: str) -> None:
    """Deletes what of a recording may be under way; where no objects are used, there is nothing."""
    found = of(settings)
    if found is not None:
        found.forget(sha256)


def _folder(sha256: str) -> str:
    return f"calls/{sha256[:2]}/{sha256}"
