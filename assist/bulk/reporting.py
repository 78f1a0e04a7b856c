"""What was refused and why, as a table that a spreadsheet opens without running anything in it."""

import csv
import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from assist.bulk.taking import Taken
from assist.coaching.sheets import harmless
from assist.console import printable
from assist.files import Unwritable

COLUMNS = ("file", "line", "fate", "code", "reason")


class Report:
    """One line a file that was not taken in: as it happens, so that a run that is broken off leaves what it knew."""

    def __init__(self, file: IO[str], language: str, *, head: bool = True) -> None:
        self._file, self._language = file, language
        self._rows: Any = csv.writer(file)
        if head:
            self._rows.writerow(COLUMNS)

    def add(self, taken: Taken) -> None:
        if taken.error is not None:
            reason = taken.error.text(self._language)
            row = (taken.file, taken.line or "", taken.fate, taken.error.code, reason)
            self._rows.writerow([harmless(cell) for cell in row])
            self._file.flush()


@contextmanager
def writing(path: Path | None, language: str, *, on: bool = False) -> Iterator[Report | None]:
    """A new report, or one that goes `on`; None without a path. Raises Unwritable."""
    if path is None:
        yield None
        return
    head = not (on and path.exists())
    try:
        file = path.open("a" if on else "w", encoding="utf-8-sig" if head else "utf-8", newline="", errors="replace")
    except OSError as error:
        reason = error.strerror or errno.errorcode.get(error.errno or 0, "")
        raise Unwritable(file=printable(path.name), reason=reason) from error
    with file:
        yield Report(file, language, head=head)
