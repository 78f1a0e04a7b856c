"""What a backup consists of: every file with the sha256 of its content and of its bytes as they are stored."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from assist import disk
from assist.errors import InputError
from assist.texts import N_

NAME = "manifest.json"
FORMAT = "assist-backup/1"


class Damaged(InputError):
    message = N_(
        "%(file)s in this backup is missing or not what was written (files like it: %(count)s). Take another backup, "
        "or put the file back from a copy of the backup folder."
    )


@dataclass(frozen=True, slots=True)
class File:
    """`sha256` and `bytes` are of the content, `stored` is the sha256 of the file in the backup folder: another where
    it is sealed."""

    name: str
    sha256: str
    bytes: int
    stored: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`step` is the last step of the database. `recordings` are named by their sha256; `missing` had lost their bytes
    when the backup was taken."""

    made_at: str
    assist: str
    step: str
    files: tuple[File, ...]
    recordings: tuple[File, ...]
    missing: tuple[str, ...] = field(default=())

    def write(self, folder: Path) -> None:
        """The act that makes a folder a backup."""
        body = {"format": FORMAT} | asdict(self)
        text = json.dumps(body | {"digest": _digest(body)}, ensure_ascii=False, indent=1)
        disk.write(folder / NAME, text.encode())

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Raises Damaged."""
        try:
            body: dict[str, Any] = json.loads((folder / NAME).read_bytes())
            digest = body.pop("digest")
            if digest != _digest(body) or body.pop("format") != FORMAT:
                raise ValueError(digest)
            lists = {name: tuple(File(**one) for one in body[name]) for name in ("files", "recordings")}
            return cls(**body | lists | {"missing": tuple(body["missing"])})
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise Damaged(file=f"{folder.name}/{NAME}", count=1) from error


def _digest(body: dict[str, Any]) -> str:
    """Finds accidents, not forgery: who can change a file can change this too, unless the folder is sealed."""
    plain = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()
