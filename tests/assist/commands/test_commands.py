"""The command line, as an administrator uses it."""

import os

import pyotp
import pytest
from click.testing import CliRunner

from assist import cli
from assist.calls import recordings
from assist.config import Settings
from assist.people import lockout, second_factor, sessions, tokens, users
from assist.store import Store, libraries
from tests.conftest import LIBRARY, PASSWORD
from tests.fakes import recording


@pytest.fixture
def run(settings, monkeypatch):
    """Runs a command in the furnished folder; gives exit status, output and error lines."""
    monkeypatch.setenv("ASSIST_DATA", str(settings.data))
    monkeypatch.setenv("ASSIST_LANGUAGE", "en")

    def command(*arguments, stdin="", language="en"):
        monkeypatch.setenv("ASSIST_LANGUAGE", language)
        monkeypatch.setattr("sys.argv", ["assist", *map(str, arguments)])
        result = CliRunner().invoke(_main, input=stdin)
        return result.exit_code, result.stdout, result.stderr

    return command


class _Main:
    """`main` in the shape CliRunner wants."""

    name = "assist"

    @staticmethod
    def main(args, prog_name, **_):
        cli.main()


_main = _Main()


def test_help_names_every_command_in_both_languages(run):
    for language, word in (("en", "Publish"), ("zh-CN", "发布")):
        status, out, _ = run("--help", language=language)
        assert status == 0
        assert all(name in out for name in cli.COMMANDS)
        assert word in out


def test_a_person_is_added_and_signs_in(run, store):
    status, out, _ = run("user", "add", "he", "--name", "何静", "--team", "一组")
    password = out.strip().rsplit(" ", 1)[1]
    assert status == 0
    assert users.authenticate(store, "he", password).must_change
    run("user", "password", "he", "--password-stdin", stdin="a better password\n")
    assert not users.authenticate(store, "he", "a better password").must_change
    run("user", "disable", "he")
    with pytest.raises(users.SignInRefused):
        users.authenticate(store, "he", "a better password")
    assert "he " in run("user", "list")[1]


def test_whoever_runs_the_server_can_let_the_last_administrator_in_again(run, store, admin):
    """Phone and paper are gone, somebody guessed at the password, and nobody else may reset it."""
    begun = second_factor.begin(store, admin)
    second_factor.confirm(store, admin, pyotp.TOTP(begun.secret).now())
    token = sessions.start(store, admin)
    for _ in range(lockout.FAILURES_BEFORE_LOCK):
        with pytest.raises(users.SignInRefused):
            users.authenticate(store, "root", "a wrong password")
    assert run("user", "unlock", "root")[0] == 0
    assert run("user", "reset-factor", "root")[0] == 0
    assert sessions.user_of(store, token) is None
    assert not second_factor.of(store, admin).on
    assert users.authenticate(store, "root", PASSWORD) == admin
    again = sessions.start(store, admin)
    run("user", "sign-out", "root")
    assert sessions.user_of(store, again) is None
    last = sessions.start(store, admin)
    assert run("user", "sign-out")[0] != 0
    assert run("user", "sign-out", "--all")[0] == 0
    assert sessions.user_of(store, last) is None


@pytest.mark.parametrize(
    "arguments",
    [
        ("user", "add", "chen"),
        ("user", "disable", "nobody"),
        ("token", "issue", "nobody"),
        ("import", "/no/such/folder"),
        ("import", ".", "--user", "nobody"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_what_goes_wrong_is_one_line_and_status_1(run, arguments, language):
    status, out, err = run(*arguments, language=language)
    assert (status, out) == (1, "")
    assert len(err.strip().splitlines()) == 1
    assert "Traceback" not in err


def test_a_machine_gets_a_token(run, store):
    _, out, _ = run("token", "issue", "chen", "--name", "CRM")
    assert tokens.user_of(store, out.strip()).login == "chen"
    number = run("token", "list", "chen")[1].split()[0]
    run("token", "revoke", "chen", number)
    assert tokens.user_of(store, out.strip()) is None


def test_a_library_is_published_and_a_faulty_one_is_not(run, store, tmp_path):
    file = tmp_path / "two.yaml"
    file.write_text(LIBRARY + "# 二版\n")
    assert run("library", "publish", file, "--from", "2030-01-01")[0] == 0
    latest = libraries.versions(store, "broadband")[0]
    assert (latest.number, latest.in_force_from.isoformat()) == (2, "2029-12-31T16:00:00+00:00")
    assert "broadband" in run("library", "list")[1]
    file.write_text(LIBRARY + "unknown: 1\n")
    status, _, err = run("library", "publish", file)
    assert status == 1
    assert "two.yaml" in err
    file.write_bytes("title: é".encode("latin-1"))
    assert run("library", "publish", file)[0] == 1
    assert len(libraries.versions(store, "broadband")) == 2


def test_a_folder_is_imported_and_again_without_harm(run, store, tmp_path):
    folder = tmp_path / "yesterday"
    folder.mkdir()
    (folder / "20261101_0930_chen_1.wav").write_bytes(recording("agent: 1"))
    (folder / "call.wav").write_bytes(recording("agent: 2"))
    status, out, _ = run("import", folder)
    assert status == 0
    assert "New: 2" in out
    assert "1 calls wait" in out
    (folder / "notes.wav").write_text("only words")
    status, out, err = run("import", folder)
    assert status == 1
    assert "known already: 2, refused: 1" in out
    assert err.startswith("notes.wav: ")
    assert store.value("SELECT count(*) FROM calls") == 2


def test_a_backup_can_be_restored(run, store, tmp_path, upload, agent):
    call = upload(agent)
    assert "1 of them copied" in run("backup", tmp_path / "copy")[1]
    upload(agent, "agent: neu")
    assert "2 recordings, 1 of them copied" in run("backup", tmp_path / "copy")[1]
    assert "2 recordings are what was written" in run("backup", tmp_path / "copy", "--check")[1]
    assert "2 recordings, every file compared" in run("restore", tmp_path / "copy", tmp_path / "new")[1]
    restored = Store(Settings(data=tmp_path / "new", _env_file=None))
    try:
        assert restored.value("SELECT count(*) FROM calls") == 2
        assert recordings.path_of(restored.settings, call.sha256).read_bytes() == recording("agent: 您好")
    finally:
        restored.close()
    assert run("restore", tmp_path / "copy", tmp_path / "new")[0] == 1
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "file").touch()
    assert run("backup", tmp_path / "other")[0] == 1


class TestDoctor:
    def test_says_that_all_is_well_and_what_is_set(self, run, upload, agent):
        upload(agent)
        status, out, _ = run("doctor", "--thorough")
        assert status == 0, out
        assert "1 recordings are all there" in out
        assert "ASSIST_SPEECH_MODEL=" in out

    def test_finds_lost_and_changed_bytes(self, run, settings, upload, agent):
        lost, changed = upload(agent, "agent: 1"), upload(agent, "agent: 2")
        recordings.path_of(settings, lost.sha256).unlink()
        path = recordings.path_of(settings, changed.sha256)
        path.write_bytes(path.read_bytes().replace(b"2", b"3"))
        status, out, _ = run("doctor")
        assert status == 1
        assert lost.sha256 in out
        assert changed.sha256 not in out
        assert changed.sha256 in run("doctor", "--thorough")[1]

    def test_tells_and_deletes_what_uploads_left_behind(self, run, store, settings, upload, agent):
        kept = upload(agent)
        stray = recordings.path_of(settings, "ab" * 32)
        part = settings.recordings / "incoming" / "cut-off"
        alone = recordings.receive(store, [recording("agent: allein")], "a.wav")
        for path in (stray, part):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"cut off")
            os.utime(path, (0, 0))
        store.change("UPDATE recordings SET received_at = '2020' WHERE sha256 = ?", [alone.sha256])
        assert "3 files or rows belong to no call" in run("doctor")[1]
        assert "3 leftovers" in run("doctor", "--mend")[1]
        left = [path.name for path in settings.recordings.rglob("*") if path.is_file()]
        assert left == [kept.sha256]
        assert store.rows("SELECT sha256 FROM recordings") == [{"sha256": kept.sha256}]

    def test_leaves_alone_what_may_be_on_its_way(self, run, store, settings):
        waiting = recordings.receive(store, [recording("agent: 1")], "a.wav")
        with recordings.Intake(store, "b.wav") as intake:
            intake.write(recording("agent: 2"))
            assert "belong to no call" not in run("doctor")[1]
            assert "0 leftovers" in run("doctor", "--mend")[1]
            assert intake.finish()
        assert recordings.path_of(settings, waiting.sha256).exists()

    def test_finds_a_model_that_is_not_there(self, run, monkeypatch):
        monkeypatch.setenv("ASSIST_SPEECH_MODEL", "/no/such/model")
        status, out, _ = run("doctor")
        assert status == 1
        assert "/no/such/model" in out

    def test_shows_no_password(self, run, monkeypatch):
        monkeypatch.setenv("ASSIST_JOBS_URL", "postgresql://assist:hunter2@127.0.0.1:1/jobs")
        status, out, err = run("doctor")
        assert status == 1
        assert "127.0.0.1:1" in out
        assert "hunter2" not in out + err


def test_older_calls_are_made_searchable(run, store, judged, agent):
    judged(agent, "agent: 千兆宽带")
    store.change("DELETE FROM said_calls")
    assert run("index")[1] == "1 calls can be searched by their words.\n"
    assert run("index", language="zh-CN")[1].startswith("1 通电话")
