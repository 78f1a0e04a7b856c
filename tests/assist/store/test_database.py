"""The store: safe between threads and processes, upgraded in place, and it refuses what a newer one wrote."""

import sqlite3
import threading

import pytest

from assist.config import Settings
from assist.store import Store, StoreClosed
from assist.store.database import DatabaseUnusable, NewerDatabase
from assist.store.migrations import STEPS


def test_a_new_folder_gets_all_tables(tmp_path):
    store = Store(Settings(data=tmp_path / "new", _env_file=None))
    applied = {row["name"] for row in store.rows("SELECT name FROM _sqlite_migrations")}
    store.close()
    assert applied == STEPS


def test_what_is_committed_survives_a_power_cut(store):
    assert store.value("PRAGMA journal_mode") == "wal"
    assert store.value("PRAGMA synchronous") == 2  # FULL
    assert store.value("PRAGMA foreign_keys") == 1


def break_off(store):
    with store.write() as db:
        db.table("teams").insert({"name": "gone"})
        raise RuntimeError


def test_a_failed_transaction_leaves_nothing(store):
    with pytest.raises(RuntimeError):
        break_off(store)
    assert store.value("SELECT count(*) FROM teams WHERE name = 'gone'") == 0


def test_a_failed_inner_transaction_spares_the_outer_one(store):
    with store.write() as db:
        db.table("teams").insert({"name": "kept"})
        with pytest.raises(RuntimeError):
            break_off(store)
    assert [row["name"] for row in store.rows("SELECT name FROM teams WHERE name IN ('kept', 'gone')")] == ["kept"]


def test_threads_write_without_getting_in_each_others_way(store):
    def add(number: int) -> None:
        for turn in range(10):
            store.change("INSERT INTO teams (name) VALUES (?)", [f"team {number} {turn}"])

    threads = [threading.Thread(target=add, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.value("SELECT count(*) FROM teams WHERE name LIKE 'team %'") == 80


def test_two_processes_that_start_at_once_make_one_database(tmp_path):
    settings = Settings(data=tmp_path / "new", _env_file=None)
    stores: list[Store] = []
    threads = [threading.Thread(target=lambda: stores.append(Store(settings))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stores) == 4
    for store in stores:
        store.close()


def test_a_store_may_close_while_a_thread_is_in_a_query(settings):
    """Closing a connection under its thread brought the interpreter down."""
    store, inside, ended = Store(settings), threading.Event(), []
    counting = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 300000) SELECT sum(x) FROM n"

    def count() -> None:
        store.value("SELECT 1")
        inside.set()
        try:
            while True:
                store.value(counting)
        except StoreClosed as error:
            ended.append(error)

    thread = threading.Thread(target=count)
    thread.start()
    inside.wait(10)
    store.close()
    thread.join(10)
    assert len(ended) == 1


def test_a_newer_database_is_refused(settings):
    with sqlite3.connect(settings.database) as newer:
        newer.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('assist', 'm999_later', '')"
        )
    newer.close()
    with pytest.raises(NewerDatabase) as refused:
        Store(settings)
    assert "m999_later" in str(refused.value)


def test_a_file_that_is_no_database_is_named(tmp_path):
    settings = Settings(data=tmp_path, _env_file=None)
    settings.database.write_bytes(b"this is no database at all, only text" * 100)
    with pytest.raises(DatabaseUnusable) as refused:
        Store(settings)
    assert "assist.db" in refused.value.text("zh-CN")
