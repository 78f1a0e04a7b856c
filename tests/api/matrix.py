"""The rows of `matrix.txt`: who gets what of which route."""

from dataclasses import dataclass
from pathlib import Path

PERSONAS = ("", "agent", "other_agent", "lead", "outsider", "editor", "admin")
"""In the order of the cells; the first is nobody."""


@dataclass(frozen=True, slots=True)
class Row:
    """`cells` are the letters of `PERSONAS`; `scope` is empty for pages; `kind` and `body` are what is sent."""

    cells: tuple[str, ...]
    scope: str
    method: str
    path: str
    kind: str
    body: str

    @property
    def machine(self) -> bool:
        return self.scope != ""

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


def rows() -> list[Row]:
    lines = (Path(__file__).parent / "matrix.txt").read_text("utf-8").splitlines()
    return [_row(line) for line in lines if line and not line.startswith("#")]


def _row(line: str) -> Row:
    asked, _, sent = line.partition("  | ")
    words = asked.split()
    cells, rest = words[: len(PERSONAS)], words[len(PERSONAS) :]
    scope = rest.pop(0) if not rest[0].isupper() else ""
    kind, _, body = sent.strip().partition(" ")
    return Row(tuple(cells), scope, rest[0], rest[1], kind, body)
