"""The restore drill: a folder at work is backed up while somebody writes; what comes back is the same, by hash."""

import threading
from collections.abc import Callable
from pathlib import Path

from assist import disk, doctor, jobs
from assist.backup import making, restoring, vault
from assist.calls import calls
from assist.calls.calls import Call
from assist.coaching import sessions
from assist.config import Settings
from assist.fleet import upkeep
from assist.people import audit_check
from assist.people.users import User
from assist.pipeline import STEPS, Pipeline, cancel
from assist.store import Store
from tests import fakes


def hashes(folder: Path) -> dict[str, str]:
    """Of every file, by its place."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): disk.digest(path) for path in found}


def content(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    names = [row["name"] for row in store.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    return {name: sorted(store.db.conn.execute(f"SELECT * FROM [{name}]").fetchall(), key=repr) for name in names}


def many_states(store: Store, upload: Callable[..., Call], agent: User, lead: User) -> None:
    """Ready, failed, cancelled, under way, waiting for the worker."""
    ready, under_way, cancelled, waiting = (upload(agent, f"agent: {number}") for number in range(4))
    pipeline = Pipeline(store, fakes.FakeEngine())
    for step in STEPS:
        pipeline.run(step, ready.id, 1)
    pipeline.run("decode", under_way.id, 1)
    jobs.submit(store, waiting.id)
    cancel(store, lead, cancelled.id)
    sessions.begin(store, lead, agent.id)


def test_what_is_restored_is_what_was_there(
    settings: Settings, store: Store, upload: Callable[..., Call], agent: User, lead: User, tmp_path: Path
) -> None:
    many_states(store, upload, agent, lead)
    over, written = threading.Event(), []

    def write() -> None:
        mine = Store(settings)
        session = sessions.of_agent(mine, lead, agent.id)[0]
        while not over.is_set():
            written.append(sessions.note(mine, lead, session.id, f"第{len(written)}条").id)
        mine.close()

    writer = threading.Thread(target=write)
    writer.start()
    while not written:
        over.wait(0.01)
    before = len(written)
    made = making.make(store, vault.make(tmp_path / "backups"))
    after = len(written)
    over.set()
    writer.join(30)
    kept, one = vault.find(tmp_path / "backups")
    restoring.restore(kept, one, tmp_path / "new")

    names = hashes(tmp_path / "new")
    assert names["assist.db"] == disk.digest(made.path / "assist.db")
    assert names["jobs.db"] == disk.digest(made.path / "jobs.db")
    of_sounds = {name: digest for name, digest in names.items() if name.startswith("recordings/")}
    assert of_sounds == {f"recordings/{name}": digest for name, digest in hashes(settings.recordings).items()}
    assert all(name.endswith(digest) for name, digest in of_sounds.items())

    new = Store(Settings(data=tmp_path / "new", _env_file=None))
    notes = new.value("SELECT count(*) FROM session_notes")
    assert before <= notes <= after + 1
    assert all(check.fine for check in doctor.of_data(new, thorough=True))
    assert audit_check.verify(new, thorough=True).whole
    assert upkeep.reconcile(new, thoroughly=True) >= 0
    pipeline = Pipeline(new, fakes.FakeEngine())
    for row in new.rows("SELECT id, run FROM calls WHERE state NOT IN ('ready', 'cancelled')"):
        assert [pipeline.run(step, row["id"], row["run"]) for step in STEPS][-1] == "done"
        assert calls.load(new, row["id"]).state == "ready"
    new.close()
    jobs.close()


def test_a_quiet_folder_comes_back_row_by_row(
    store: Store, upload: Callable[..., Call], agent: User, lead: User, tmp_path: Path
) -> None:
    many_states(store, upload, agent, lead)
    making.make(store, vault.make(tmp_path / "backups"))
    kept, one = vault.find(tmp_path / "backups")
    restoring.restore(kept, one, tmp_path / "new")
    new = Store(Settings(data=tmp_path / "new", _env_file=None))
    assert content(new) == content(store)
    new.close()
    jobs.close()
