"""A folder of recordings comes in: file by file, resumable, with a report of what was refused and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assist.calls import calls, manifest, recordings
from assist.calls.details import Details
from assist.errors import AssistError, InputError
from assist.people.users import User
from assist.store import Store
from assist.texts import N_

CHUNK = 1024 * 1024

Fate = Literal["new", "known", "refused"]


class NoSuchFolder(InputError):
    message = N_("There is no folder %(path)s. Give the folder that holds the recordings.")


class NotInFolder(InputError):
    message = N_("The manifest lists %(file)s (line %(line)s), but the folder has no such file.")


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file. `call_id` is None where it was refused, `error` None where it was not."""

    file: str
    fate: Fate
    call_id: int | None = None
    error: AssistError | None = None


def take(store: Store, user: User, folder: Path, entries: dict[str, manifest.Entry] | None = None) -> Iterator[Taken]:
    """Takes in every file of the folder and those below it, one at a time; files that came in before are `known`.

    The data folder itself is left out, should it lie below. With a manifest only the listed files are taken, and one
    that is missing is refused. Raises NoSuchFolder.
    """
    if not folder.is_dir():
        raise NoSuchFolder(path=folder)
    own = store.settings.data.resolve()
    found = {path.relative_to(folder).as_posix(): path for path in _files(folder) if own not in path.resolve().parents}
    wanted = {name: entry.details for name, entry in entries.items()} if entries is not None else dict.fromkeys(found)
    for name, details in wanted.items():
        if name in found:
            yield _one(store, user, name, found[name], details)
        else:
            line = entries[name].line if entries else 0
            yield Taken(name, "refused", error=NotInFolder(file=name, line=line))


def _files(folder: Path) -> list[Path]:
    """Plain files in order; hidden ones, links out of the folder and lists are no recordings."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    return [
        path
        for path in files
        if path.suffix.lower() not in {".csv", ".txt", ".json", ".yaml", ".md"}
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]


def _one(store: Store, user: User, name: str, path: Path, details: Details | None) -> Taken:
    try:
        with path.open("rb") as file:
            recording = recordings.receive(store, iter(lambda: file.read(CHUNK), b""), path.name)
        call, created = calls.add(store, user, recording, details)
    except AssistError as error:
        return Taken(name, "refused", error=error)
    return Taken(name, "new" if created else "known", call.id)
