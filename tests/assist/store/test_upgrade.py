"""An older database is upgraded in place: a copy is kept before, nothing is lost, a step that fails changes nothing."""

import gzip
import sqlite3
from pathlib import Path

import pytest

from assist import doctor
from assist.calls import calls, search
from assist.coaching import sessions
from assist.config import Settings
from assist.people import audit, audit_check, users
from assist.store import Store, drafts, libraries, upgrade
from assist.store.database import DatabaseUnusable
from assist.store.migrations import MIGRATIONS, STEPS
from assist.store.upgrade import NoRoomToUpgrade, UpgradeFailed

DATA = Path(__file__).parents[2] / "data/upgrade"
FIRST, RELEASED = "assist-m001.db.gz", "assist-0.1.0.db.gz"


@pytest.fixture
def old(tmp_path: Path):
    """Puts an old database into a data folder of its own."""

    def put(name: str) -> Settings:
        settings = Settings(data=tmp_path / "data", _env_file=None)
        settings.data.mkdir()
        settings.database.write_bytes(gzip.decompress((DATA / name).read_bytes()))
        return settings

    return put


def rows(path: Path) -> dict[str, list[tuple]]:
    """Every row of every table."""
    with sqlite3.connect(path) as db:
        names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {name: db.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}
    db.close()
    return found


@pytest.mark.parametrize("name", [FIRST, RELEASED])
def test_an_old_database_gets_all_steps_and_is_sound(old, name):
    store = Store(old(name))
    assert {row["name"] for row in store.rows("SELECT name FROM _sqlite_migrations")} == STEPS
    assert store.value("PRAGMA integrity_check") == "ok"
    assert store.rows("PRAGMA foreign_key_check") == []
    assert audit_check.verify(store, thorough=True).entries == 18
    store.close()


@pytest.mark.parametrize("name", [FIRST, RELEASED])
def test_people_sign_in_after_it_as_before(old, name):
    store = Store(old(name))
    assert users.authenticate(store, "liu", "correct horse battery").name == "刘洋"
    assert {user.login for user in users.listing(store)} == {"chen", "zhao", "liu", "sun", "qian", "root"}
    store.close()


@pytest.mark.parametrize("name", [FIRST, RELEASED])
def test_no_row_of_an_old_table_is_lost(old, name):
    settings = old(name)
    found = {table: len(kept) for table, kept in rows(settings.database).items() if kept}
    before = {table: count for table, count in found.items() if not table.startswith(("_", "said_words_"))}
    Store(settings).close()
    after = rows(settings.database)
    assert {table: len(after[table]) for table in before} == before


def test_everything_of_the_first_release_can_be_read(old):
    store = Store(old(RELEASED))
    lead, admin = users.by_login(store, "liu"), users.by_login(store, "root")
    ready = [calls.get(store, lead, number) for number in range(1, 7)]
    assert [calls.analysis(store, call)["format"] for call in ready] == ["assist-analysis/1"] * 6
    assert all(calls.transcript(store, call).turns for call in ready)
    assert "陈晓" in store.value("SELECT new_text FROM corrections")
    assert search.search(store, lead, "您好").total == 5  # one is judged again: its correction was the last deed
    assert store.value("SELECT note FROM queue_items WHERE state = 'done'") == "说过了"
    assert sessions.get(store, admin, 1).state == "held"
    assert libraries.library(store, 1).campaign == "broadband"
    assert [draft.name for draft in drafts.listing(store, admin)] == ["新话术"]
    store.close()


def test_the_audit_of_before_has_no_words_of_people_any_more(old):
    settings = old(RELEASED)
    Store(settings).close()
    told = str(rows(settings.database)["audit"])
    assert "13900000000" not in told
    assert "说过了" not in told
    assert "call.upload" in told


@pytest.mark.parametrize("name", [FIRST, RELEASED])
def test_a_copy_of_what_was_is_kept_beside_it(old, name):
    settings = old(name)
    before = rows(settings.database)
    Store(settings).close()
    (copy,) = upgrade.copies(settings)
    assert rows(copy) == before
    assert copy.stat().st_mode & 0o077 == 0
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]


def test_a_new_folder_and_one_that_is_up_to_date_need_no_copy(settings, tmp_path):
    for data in (settings, Settings(data=tmp_path / "new", _env_file=None)):
        Store(data).close()
        assert upgrade.copies(data) == []


def test_the_latest_copies_stay(old):
    settings = old(FIRST)
    upgrade.folder_of(settings).mkdir()
    for day in range(1, 6):
        (upgrade.folder_of(settings) / f"before-m017_x-2025010{day}T000000.db").touch()
    Store(settings).close()
    kept = [path.name for path in upgrade.copies(settings)]
    assert len(kept) == upgrade.KEPT
    assert kept[0].startswith("before-m002_libraries-")
    assert kept[1:] == ["before-m017_x-20250105T000000.db", "before-m017_x-20250104T000000.db"]


def test_a_step_that_fails_leaves_the_database_as_it_was_and_names_the_copy(old, monkeypatch):
    settings = old(RELEASED)
    before = rows(settings.database)
    last = max(MIGRATIONS._migrations, key=lambda step: step.name)
    monkeypatch.setattr(last, "fn", lambda db: db.execute("SELECT nothing FROM nowhere"))
    with pytest.raises(UpgradeFailed) as failed:
        Store(settings)
    (copy,) = upgrade.copies(settings)
    assert str(copy) in str(failed.value)
    assert failed.value.facts["step"] == max(STEPS)
    assert rows(settings.database) == rows(copy) == before


def test_without_room_for_the_copy_nothing_is_changed(old, monkeypatch):
    settings = old(FIRST)
    before = rows(settings.database)
    monkeypatch.setattr(upgrade, "_SPARE_BYTES", 1 << 60)
    with pytest.raises(NoRoomToUpgrade):
        Store(settings)
    assert rows(settings.database) == before
    assert upgrade.copies(settings) == []


def test_a_copy_that_cannot_be_written_stops_the_upgrade(old):
    settings = old(FIRST)
    (settings.data / "backups").write_text("a file where the folder should be")
    with pytest.raises(DatabaseUnusable):
        Store(settings)
    assert "library_versions" not in rows(settings.database)


def test_the_doctor_says_where_the_copy_is(old):
    settings = old(FIRST)
    Store(settings).close()
    told = [check.text() for check in doctor.examine(settings)]
    assert any("before-m002_libraries-" in line for line in told)
    assert any("The audit is whole" in line for line in told)


def test_an_entry_after_the_upgrade_hangs_on_those_before(old):
    store = Store(old(RELEASED))
    audit.record(store, None, "call.open", "call:1")
    assert audit_check.verify(store, thorough=True).checked == 19
    store.close()
