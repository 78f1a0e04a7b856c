"""Backups: incremental, sealed, checked; what was tampered with is named, what was deleted stays deleted."""

from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest

from assist import doctor
from assist.backup import checking, making, restoring, sealing, vault
from assist.backup.manifest import Damaged
from assist.backup.sealing import BadIdentity, BadRecipient, KeyNeeded, WrongKey
from assist.backup.vault import BackupRunning, NoBackup, NotEmpty, OtherSeal, Vault
from assist.calls import recordings
from assist.calls.calls import Call
from assist.config import Settings
from assist.people.users import User
from assist.privacy import deletion
from assist.store import Store
from assist.store.database import RestoreUnfinished

Upload = Callable[..., Call]


@pytest.fixture
def kept(tmp_path: Path) -> Vault:
    return vault.make(tmp_path / "backups")


@pytest.fixture
def backup(store: Store, kept: Vault, upload: Upload, agent: User) -> making.Made:
    """Of a folder with two calls."""
    upload(agent, "agent: 1")
    upload(agent, "agent: 2")
    return making.make(store, kept)


def flip(path: Path) -> None:
    """One bit of a file is another one."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def restored(kept: Vault, target: Path, *identities: str) -> Store:
    found, one = vault.find(kept.path)
    restoring.restore(Vault(found.path, found.seal.opened_by(identities)), one, target)
    return Store(Settings(data=target, _env_file=None))


def test_a_recording_is_copied_once(
    store: Store, kept: Vault, backup: making.Made, upload: Upload, agent: User
) -> None:
    upload(agent, "agent: 3")
    again = making.make(store, kept)
    assert (backup.copied, again.copied, again.recordings) == (2, 1, 3)
    assert [path.name for path in kept.backups()] == [again.path.name, backup.path.name]


def test_older_backups_go_and_with_them_what_only_they_needed(
    store: Store, kept: Vault, backup: making.Made, upload: Upload, agent: User
) -> None:
    call = upload(agent, "agent: 3")
    making.make(store, kept)
    store.change("DELETE FROM calls WHERE id = ?", [call.id])
    recordings.abandon(store, call.sha256)
    made = making.make(store, kept, keep=1)
    assert (made.dropped, len(kept.backups())) == (2, 1)
    assert not kept.recording(call.sha256).exists()
    assert checking.check(kept, made.path).recordings == checking.check(kept, kept.newest()).recordings


def test_the_newest_is_the_last_one_made_whatever_the_clock_says(
    store: Store, kept: Vault, backup: making.Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    yesterday = making.now().replace(year=2020)
    monkeypatch.setattr(making, "now", lambda: yesterday)
    made = making.make(store, kept, keep=1)
    assert kept.backups() == [made.path]


@pytest.mark.parametrize("which", ["assist.db", "recording", "manifest.json", "no recording"])
def test_what_was_tampered_with_is_named_and_nothing_is_restored(
    kept: Vault, backup: making.Made, tmp_path: Path, which: str
) -> None:
    recording = sorted(kept.path.glob("recordings/??/*"))[0]
    if which == "no recording":
        recording.unlink()
    else:
        flip(recording if which == "recording" else backup.path / which)
    named = recording.name if "recording" in which else which
    with pytest.raises(Damaged, match=named):
        checking.check(kept, backup.path)
    with pytest.raises(Damaged, match=named):
        restored(kept, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_recordings_that_lost_their_bytes_are_told_and_the_rest_is_kept(
    store: Store, kept: Vault, backup: making.Made, upload: Upload, agent: User, tmp_path: Path
) -> None:
    gone, changed = upload(agent, "agent: 3"), upload(agent, "agent: 4")
    recordings.path_of(store.settings, gone.sha256).unlink()
    flip(recordings.path_of(store.settings, changed.sha256))
    made = making.make(store, kept)
    assert set(made.missing) == {gone.sha256, changed.sha256}
    assert restored(kept, tmp_path / "new").value("SELECT count(*) FROM calls") == 4


def test_a_folder_that_is_used_is_left_alone(store: Store, kept: Vault, backup: making.Made, tmp_path: Path) -> None:
    used = tmp_path / "used"
    used.mkdir()
    (used / "file").touch()
    with pytest.raises(restoring.PlaceNotEmpty):
        restored(kept, used)
    with pytest.raises(NotEmpty):
        vault.make(used)
    with pytest.raises(NoBackup):
        vault.find(used)
    assert [path.name for path in used.iterdir()] == ["file"]


def test_a_folder_is_not_used_before_its_restore_is_done(settings: Settings) -> None:
    (settings.data / ".restoring").mkdir()
    with pytest.raises(RestoreUnfinished, match="assist restore"):
        Store(settings)


def test_one_backup_at_a_time(store: Store, kept: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(path: Path, wait: float = 0) -> None:
        raise vault.locks.Taken(path)

    monkeypatch.setattr(vault.locks, "on", taken)
    with pytest.raises(BackupRunning):
        making.make(store, kept)


class TestSealed:
    @pytest.fixture
    def key(self) -> pyrage.x25519.Identity:
        return pyrage.x25519.Identity.generate()

    @pytest.fixture
    def sealed(self, store: Store, upload: Upload, agent: User, tmp_path: Path, key: pyrage.x25519.Identity) -> Vault:
        upload(agent, "agent: 一二三四五")
        made = vault.make(tmp_path / "sealed", (str(key.to_public()),))
        making.make(store, made)
        return made

    def test_nothing_lies_open_in_it(self, store: Store, sealed: Vault) -> None:
        contents = [path.read_bytes() for path in sealed.path.rglob("*") if path.is_file()]
        assert not any("一二三四五".encode() in content or b"SQLite format" in content for content in contents)
        assert list(store.settings.data.glob("work/backup/*")) == []

    def test_its_key_opens_it(self, sealed: Vault, tmp_path: Path, key: pyrage.x25519.Identity) -> None:
        new = restored(sealed, tmp_path / "new", str(key))
        assert all(check.fine for check in doctor.of_data(new, thorough=True))
        assert new.value("SELECT count(*) FROM recordings") == 1

    def test_no_other_key_does(self, sealed: Vault, tmp_path: Path) -> None:
        with pytest.raises(KeyNeeded):
            restored(sealed, tmp_path / "new")
        with pytest.raises(WrongKey):
            restored(sealed, tmp_path / "new", str(pyrage.x25519.Identity.generate()))
        assert not (tmp_path / "new").exists()

    def test_later_backups_need_no_key_and_take_no_other(self, store: Store, sealed: Vault) -> None:
        again = vault.make(sealed.path)
        assert making.make(store, again).copied == 0
        with pytest.raises(OtherSeal):
            vault.make(sealed.path, (str(pyrage.x25519.Identity.generate().to_public()),))
        with pytest.raises(OtherSeal):
            vault.make(sealed.path, passphrase="pass words")

    def test_it_can_be_checked_with_and_without_its_key(self, sealed: Vault, key: pyrage.x25519.Identity) -> None:
        checking.check(sealed, sealed.newest())
        checking.check(Vault(sealed.path, sealed.seal.opened_by((str(key),))), sealed.newest())
        flip(next(sealed.path.glob("recordings/??/*")))
        with pytest.raises(Damaged):
            checking.check(sealed, sealed.newest())

    def test_a_passphrase_seals_the_key(self, store: Store, upload: Upload, agent: User, tmp_path: Path) -> None:
        upload(agent)
        made = vault.make(tmp_path / "by-passphrase", passphrase="six words are better than one")
        making.make(store, made)
        keys = vault.identities(made, None, "six words are better than one")
        assert restored(made, tmp_path / "new", *keys).value("SELECT count(*) FROM calls") == 1
        with pytest.raises(WrongKey):
            vault.identities(made, None, "five words are not enough")

    def test_what_is_no_key_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(BadRecipient):
            vault.make(tmp_path / "new", ("age1nonsense",))
        (tmp_path / "key").write_text("# only a remark\n")
        with pytest.raises(BadIdentity):
            sealing.identities_in(tmp_path / "key")


def test_who_was_deleted_after_the_backup_does_not_come_back(
    store: Store, kept: Vault, judged: Callable[..., Call], agent: User, admin: User, tmp_path: Path
) -> None:
    call, other = judged(agent, "agent: 1"), judged(agent, "agent: 2")
    store.change("UPDATE calls SET called_at = '2025-01-01T00:00:00.000+00:00'")
    first = making.make(store, kept)
    deletion.order(store, admin, asked_by="customer", reason="撤回同意", call_id=call.id)
    deletion.carry_on(store)
    making.make(store, kept)
    assert not kept.recording(call.sha256).exists()
    found, one = vault.find(first.path)
    done = restoring.restore(found, one, tmp_path / "new")
    new = Store(Settings(data=tmp_path / "new", _env_file=None))
    assert done.deleted == 1
    assert new.rows("SELECT sha256 FROM calls") == [{"sha256": other.sha256}]
    assert new.value("SELECT count(*) FROM transcripts WHERE sha256 = ?", [call.sha256]) == 0
    assert not recordings.path_of(new.settings, call.sha256).exists()
    assert all(check.fine for check in doctor.of_data(new, thorough=True))
