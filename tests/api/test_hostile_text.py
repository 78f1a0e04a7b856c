"""What people write is text: names, wordings, notes, reasons and what was heard, with markup in them, on every page."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from fastapi import FastAPI

from assist.people import users
from tests.api import estate, matrix
from tests.api.walking import Walk, walk
from tests.conftest import PERSONAS
from tests.weighing import take

PLANTED = "</script><img src=planted onerror=alert(1)>"
_SEEN_AT_LEAST = 25
"""Pages on which planted text stands; fewer would mean that it did not get in."""


class Elements(HTMLParser):
    """What a browser would make of planted text, were it markup."""

    def __init__(self) -> None:
        super().__init__()
        self.alive: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if "planted" in (names.get("src") or "") or any(name.startswith("on") for name in names):
            self.alive.append(tag)
        data = names.get("type") == "application/json"
        if tag == "script" and not data and not (names.get("src") or "").startswith("/static/"):
            self.alive.append(tag)


@pytest.fixture(scope="module")
def place(built: FastAPI, furnished, tmp_path_factory) -> Iterator[Walk]:
    with walk(built, furnished, tmp_path_factory.mktemp("hostile")) as made:
        agent = users.by_login(made.store, PERSONAS["agent"][0])
        take(made.store, estate._bring(made.store, agent, f"蓝芒果{PLANTED}", f"郝蓝花{PLANTED}", f"{PLANTED}.wav"))
        plant(made.store.db.conn)
        yield made


def plant(db: sqlite3.Connection) -> None:
    """Markup behind every word of the estate, in every column of text, also where rows are never changed."""
    triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE%'"
    for (trigger,) in db.execute(triggers).fetchall():
        db.execute(f"DROP TRIGGER {trigger}")
    tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'").fetchall()
    for (table,) in tables:
        if table.startswith(("sqlite_", "said", "_")):
            continue
        for column in db.execute(f"SELECT * FROM pragma_table_info('{table}')").fetchall():
            if column[2].upper() == "TEXT" and not column[5]:
                _plant_in(db, table, column[1])
    db.commit()


def _plant_in(db: sqlite3.Connection, table: str, column: str) -> None:
    for word in (word for word in estate.MARKS if not word.isascii()):
        try:
            db.execute(
                f"UPDATE {table} SET {column} = replace({column}, ?, ?) WHERE instr({column}, ?)",
                [word, word + PLANTED, word],
            )
        except sqlite3.IntegrityError:
            continue  # a column that is a key or has a form of its own


def test_no_markup_of_people_ever_runs(place: Walk, record_property) -> None:
    seen: Counter[str] = Counter()
    alive = []
    for row in matrix.rows():
        if row.method != "GET" or row.machine:
            continue
        for persona, cell in zip(matrix.PERSONAS, row.cells, strict=True):
            if cell != "+" or persona not in ("agent", "lead", "editor", "admin"):
                continue
            answer = place.ask(row, persona)
            if not answer.headers.get("content-type", "").startswith("text/html"):
                continue
            page = Elements()
            page.feed(answer.text)
            alive += [f"{persona} {row.name}: {tag}" for tag in page.alive]
            seen[row.path] += "&lt;img src=planted" in answer.text
    shown = sum(map(bool, seen.values()))
    record_property(
        "figure", f"planted markup stands as text on {shown} of {len(seen)} pages, runs on {len(set(alive))}"
    )
    assert alive == []
    assert shown >= _SEEN_AT_LEAST


@pytest.mark.parametrize("persona", ["agent", "lead", "admin"])
def test_answers_for_machines_are_never_taken_for_pages(place: Walk, persona: str) -> None:
    for row in matrix.rows():
        if row.method == "GET" and row.machine and row.cells[matrix.PERSONAS.index(persona)] == "+":
            answer = place.ask(row, persona)
            assert answer.headers["x-content-type-options"] == "nosniff", row.name
            assert "text/html" not in answer.headers.get("content-type", ""), row.name
