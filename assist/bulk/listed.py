"""Which files a manifest lists: kept on disk while an import runs, so that a list of millions takes no memory."""

import sqlite3
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assist.calls import manifest
from assist.calls.manifest import BadLine, Entry, TwoLines


class Listed:
    """A manifest that was read through once; `lines` is how many it has."""

    def __init__(self, path: Path, scratch: sqlite3.Connection) -> None:
        self._path, self._scratch = path, scratch
        self.lines = 0
        scratch.execute("CREATE TABLE listed (name TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID")
        with manifest.opened(path) as text:
            rows = (self._counted(row) for row in manifest.rows(text, path.name))
            scratch.executemany("INSERT OR IGNORE INTO listed VALUES (?, ?)", rows)

    def rows(self) -> Iterator[Entry | BadLine | TwoLines]:
        """Every line, or what is wrong with it; of two lines for one file the first counts."""
        with manifest.opened(self._path) as text:
            for entry in manifest.rows(text, self._path.name):
                if isinstance(entry, Entry) and self._line(entry.file) != entry.line:
                    yield TwoLines(name=self._path.name, line=entry.line, file=entry.file)
                else:
                    yield entry

    def has(self, name: str) -> bool:
        return self._line(name) is not None

    def _counted(self, row: Entry | BadLine) -> tuple[str, int]:
        self.lines += 1
        if isinstance(row, Entry):
            return _key(row.file), row.line
        return _key(str(row.facts["file"])), int(str(row.facts["line"]))

    def _line(self, name: str) -> int | None:
        found = self._scratch.execute("SELECT line FROM listed WHERE name = ?", [_key(name)]).fetchone()
        return int(found[0]) if found else None


@contextmanager
def read(path: Path) -> Iterator[Listed]:
    """Reads a manifest through. Raises ManifestError where it is none; single bad lines come with `rows`."""
    with tempfile.NamedTemporaryFile(prefix="assist-manifest-") as file:
        scratch = sqlite3.connect(file.name, isolation_level=None)
        try:
            for pragma in ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE", "cache_size = -8000"):
                scratch.execute(f"PRAGMA {pragma}")
            scratch.execute("BEGIN")
            yield Listed(path, scratch)
        finally:
            scratch.close()


def _key(name: str) -> str:
    """Names are compared as people see them: `/` between parts, composed letters."""
    text = unicodedata.normalize("NFC", name.replace("\\", "/"))
    return text[2:] if text.startswith("./") else text
