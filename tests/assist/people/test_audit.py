"""The audit: only ever added to, each entry chained to the one before, its end known outside the database."""

import json
import multiprocessing
import sqlite3
import threading

import pytest
from sqlite_utils import Database

from assist.config import Settings
from assist.people import audit, audit_check
from assist.store import Store, audit_head
from assist.store.chain import ORIGIN, link
from assist.store.migrations import MIGRATIONS

AT = "2026-11-01T02:00:00.000+00:00"


def fill(store: Store, count: int = 20) -> None:
    for number in range(count):
        audit.record(store, None, "call.open", f"call:{number}", turn=number)


def last(store: Store) -> int:
    return store.value("SELECT max(id) FROM audit")


def behind_our_back(store: Store, *statements: str) -> None:
    """What somebody does who has the file and takes the triggers away."""
    with sqlite3.connect(store.settings.database) as db:
        for trigger in ("audit_unchanged", "audit_kept", "audit_in_order"):
            db.execute(f"DROP TRIGGER {trigger}")
        for statement in statements:
            db.execute(statement)
    db.close()


def rewrite_from(store: Store, entry: int) -> None:
    """Changes an entry and makes all later hashes fit."""
    columns = "id, at, user_id, login, action, object, detail"
    with sqlite3.connect(store.settings.database) as db:
        db.execute("DROP TRIGGER audit_unchanged")
        db.execute("UPDATE audit SET login = 'somebody' WHERE id = ?", [entry])
        before = ORIGIN
        for row in db.execute(f"SELECT {columns} FROM audit ORDER BY id").fetchall():
            before = link(before, row)
            db.execute("UPDATE audit SET hash = ? WHERE id = ?", [before, row[0]])
    db.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET login = 'somebody' WHERE id = 3",
        "DELETE FROM audit WHERE id = 3",
        "INSERT OR REPLACE INTO audit SELECT 3, at, user_id, 'me', action, object, detail, hash FROM audit LIMIT 1",
        "INSERT INTO audit (id, at, login, action, object, detail) VALUES (999, '', '', '', '', '{}')",
    ],
)
def test_no_statement_changes_what_was_written(store, statement):
    fill(store)
    with pytest.raises(sqlite3.IntegrityError, match="audit"):
        store.change(statement)


def test_an_untouched_audit_is_whole(store):
    fill(store)
    found = audit_check.verify(store)
    assert found.whole
    assert found.checked == found.entries == last(store)


def test_the_next_check_goes_on_where_the_last_one_ended(store):
    fill(store)
    audit_check.verify(store)
    fill(store, 3)
    assert audit_check.verify(store).checked == 3
    assert audit_check.verify(store, thorough=True).checked == last(store)


@pytest.mark.parametrize("column", ["at", "user_id", "login", "action", "object", "detail", "hash"])
def test_a_changed_entry_is_named(store, column):
    fill(store)
    behind_our_back(store, f"UPDATE audit SET {column} = '7' WHERE id = 5")
    found = audit_check.verify(store)
    assert (found.trouble, found.entry) == ("changed", 5)


def test_an_entry_taken_out_is_told_by_the_next(store):
    fill(store)
    behind_our_back(store, "DELETE FROM audit WHERE id = 5")
    found = audit_check.verify(store)
    assert (found.trouble, found.entry) == ("changed", 6)


def test_an_old_entry_changed_after_a_check_is_found_by_the_thorough_one(store):
    fill(store)
    audit_check.verify(store)
    behind_our_back(store, "UPDATE audit SET login = 'somebody' WHERE id = 5")
    assert audit_check.verify(store).whole
    assert audit_check.verify(store, thorough=True).entry == 5


def test_entries_taken_off_the_end_are_missed(store):
    fill(store)
    written = last(store)
    behind_our_back(store, f"DELETE FROM audit WHERE id > {written - 4}")
    found = audit_check.verify(store)
    assert (found.trouble, found.entry, found.entries) == ("cut", written, written - 4)


def test_new_entries_do_not_cover_up_missing_ones(store):
    fill(store)
    behind_our_back(store, f"DELETE FROM audit WHERE id > {last(store) - 4}")
    fill(store, 10)
    assert audit_check.verify(store).trouble == "rewritten"


@pytest.mark.parametrize("checked", [True, False])
def test_a_chain_that_was_made_anew_is_not_the_one_that_was(store, checked):
    fill(store)
    if checked:
        audit_check.verify(store)
    rewrite_from(store, 5)
    assert audit_check.verify(store, thorough=True).trouble == "rewritten"
    assert audit_check.verify(store).trouble == "rewritten"


def test_an_audit_without_its_end_outside_is_told(store):
    fill(store)
    (store.settings.data / "audit.head").unlink()
    assert audit_check.verify(store).trouble == "headless"


@pytest.mark.parametrize("name", ["audit.head", "audit.checked"])
def test_a_file_that_says_nothing_is_told(store, name):
    fill(store)
    (store.settings.data / name).write_text("nonsense\n")
    fill(store, 2)
    assert audit_check.verify(store).trouble == "unreadable"


def test_after_a_restored_backup_the_loss_is_accepted_and_written_down(store, admin):
    fill(store)
    audit_check.verify(store)
    missing = last(store)
    behind_our_back(store, f"DELETE FROM audit WHERE id > {missing - 4}")
    assert audit_check.accept(store, admin).whole
    entry = audit.listing(store, about="audit")[0]
    assert (entry.login, entry.detail["trouble"], entry.detail["entry"]) == ("root", "cut", missing)
    fill(store)
    assert audit_check.verify(store).whole


def test_what_was_changed_stays_told_whatever_is_accepted(store):
    fill(store)
    behind_our_back(store, "UPDATE audit SET login = 'somebody' WHERE id = 5")
    assert audit_check.accept(store).entry == 5


def test_an_entry_of_a_failed_transaction_is_not_taken_for_the_end(store):
    fill(store)
    with pytest.raises(RuntimeError):
        break_off(store)
    assert audit_check.verify(store).whole
    assert audit_head.head(store.settings).entry == last(store)


def test_an_end_that_cannot_be_written_down_fails_nothing(store):
    fill(store)
    head = store.settings.data / "audit.head"
    head.unlink()
    head.mkdir()
    before = last(store)
    fill(store, 1)
    assert last(store) == before + 1


def break_off(store: Store) -> None:
    with store.write():
        fill(store, 3)
        raise RuntimeError


def record_many(settings: Settings) -> None:
    store = Store(settings)
    fill(store, 30)
    store.close()


def test_threads_and_processes_write_one_chain(settings, store):
    before = last(store) or 0
    context = multiprocessing.get_context("spawn")
    others = [context.Process(target=record_many, args=[settings]) for _ in range(2)]
    threads = [threading.Thread(target=fill, args=[store, 30]) for _ in range(3)]
    for one in [*others, *threads]:
        one.start()
    for one in [*others, *threads]:
        one.join(60)
    found = audit_check.verify(store)
    assert found.whole
    assert found.entries == before + 150
    assert audit_head.head(settings).entry == found.entries


def test_entries_from_before_the_chain_are_taken_into_it(tmp_path):
    old = Settings(data=tmp_path, _env_file=None)
    with sqlite3.connect(old.database) as connection:
        MIGRATIONS.apply(Database(connection), stop_before="m019_audit_chain")
        rows = [
            ("call.upload", "call:1", {"sha256": "ab", "file": "13800138000.wav"}),
            ("call.search", "words:王五", {}),
        ]
        for action, about, detail in rows:
            values = (action, about, json.dumps(detail))
            connection.execute(
                f"INSERT INTO audit (at, login, action, object, detail) VALUES ('{AT}', '', ?, ?, ?)", values
            )
    connection.close()
    store = Store(old)
    entries = [
        (entry["object"], entry["detail"]) for entry in store.rows("SELECT object, detail FROM audit ORDER BY id")
    ]
    assert entries == [("call:1", '{"sha256": "ab"}'), ("search", "{}")]
    fill(store, 1)
    assert audit_check.verify(store).checked == 3
    store.close()
