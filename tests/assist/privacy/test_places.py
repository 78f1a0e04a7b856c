"""Every table that holds something of a call is named in the plan of deletion."""

import pytest

from assist.privacy import places
from assist.privacy.places import KEPT, TELLING, all_places
from assist.store import Store

_OF_CALLS = frozenset({"calls", "transcripts", "recordings", "clips", "finding_verdicts", "blind_scores", "disputes"})


def _tables(store: Store) -> list[str]:
    rows = store.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'said_words%'")
    return [row["name"] for row in rows]


def _holds_something(store: Store, table: str) -> bool:
    columns = {row["name"] for row in store.rows(f"PRAGMA table_info({table})")}
    points_to = {row["table"] for row in store.rows(f"PRAGMA foreign_key_list({table})")}
    return bool(columns & TELLING or points_to & _OF_CALLS)


def _unnamed(store: Store) -> list[str]:
    named = {place.table for place in all_places()} | KEPT.keys()
    return [table for table in _tables(store) if _holds_something(store, table) and table not in named]


def test_every_table_with_something_of_a_call_is_named(store: Store) -> None:
    assert _unnamed(store) == [], "name them in assist/privacy/places.py: who deletes a customer deletes these too"


def test_a_new_table_with_a_call_in_it_is_noticed(store: Store) -> None:
    store.db.execute("CREATE TABLE whispers (id INTEGER PRIMARY KEY, call_id INTEGER, words TEXT)")

    assert _unnamed(store) == ["whispers"]


def test_a_new_table_that_points_to_a_clip_is_noticed(store: Store) -> None:
    store.db.execute("CREATE TABLE applause (of INTEGER REFERENCES clips(id))")

    assert _unnamed(store) == ["applause"]


def test_what_is_said_to_go_by_itself_does(store: Store) -> None:
    """Tables that nobody clears by name point to a call and go with it."""
    alone = {place.table for place in all_places() if place.own} - {"said_words"}
    kept = [table for table in alone if not any(_cascades(store, table, parent) for parent in places.PARENTS)]

    assert sorted(kept) == []


def _cascades(store: Store, table: str, parent: str) -> bool:
    rows = store.rows(f"PRAGMA foreign_key_list({table})")
    return any(row["table"] == parent and row["on_delete"] == "CASCADE" for row in rows)


@pytest.mark.parametrize("table", sorted(KEPT))
def test_what_is_kept_holds_no_words(store: Store, table: str) -> None:
    columns = {row["name"] for row in store.rows(f"PRAGMA table_info({table})")}

    assert not columns & {"quote", "text", "words", "lines", "customer", "file_name"}
