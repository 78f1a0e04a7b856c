"""What the demo makes, and what it leaves alone. `make demo` in CI works on its recordings for real."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from assist import jobs
from assist.calls import calls
from assist.calls.listing import listing
from assist.config import Settings
from assist.demo import team
from assist.demo.run import demo
from assist.people import users
from assist.store import Store, libraries


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Store]:
    opened = Store(Settings(data=tmp_path / "demo", _env_file=None))
    yield opened
    jobs.close()
    opened.close()


def test_the_team_is_two_leads_six_agents_an_editor_and_an_admin(empty: Store) -> None:
    team.prepare(empty)
    roles = [user.role for user in users.listing(empty)]
    assert {role: roles.count(role) for role in roles} == {"lead": 2, "agent": 6, "editor": 1, "admin": 1}


def test_everybody_can_sign_in_with_the_printed_password(empty: Store) -> None:
    team.prepare(empty)
    assert users.authenticate(empty, "zhoumin", team.PASSWORD).name == "周敏"


def test_the_calls_belong_to_the_agents_their_file_names_tell(empty: Store) -> None:
    made = [calls.load(empty, number) for number in team.prepare(empty)]
    assert {call.agent for call in made} == {"柳青", "佟磊", "沈悦", "廖佳"}
    assert {call.state for call in made} == {"received"}
    assert {call.called_at.astimezone(empty.settings.zone).day for call in made} == {19, 20}


def test_each_lead_sees_only_the_own_team(empty: Store) -> None:
    team.prepare(empty)
    assert listing(empty, users.by_login(empty, "zhoumin")).total == 3
    assert listing(empty, users.by_login(empty, "gaoyuan")).total == 1


def test_a_second_time_changes_nothing(empty: Store) -> None:
    first = team.prepare(empty)
    libraries.publish(empty, team.LIBRARY.read_text("utf-8").replace("您好", "早上好"))
    assert team.prepare(empty) == first
    assert [version.number for version in libraries.versions(empty, team.CAMPAIGN)] == [2, 1]
    assert len(users.listing(empty)) == len(team.TEAM)


def test_it_keeps_out_of_the_folder_of_a_real_team(store: Store) -> None:
    before = len(users.listing(store))
    with pytest.raises(team.RealTeam):
        team.prepare(store)
    assert len(users.listing(store)) == before


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of a demo that is asked for on the command line."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASSIST_DATA", str(tmp_path / "demo"))
    monkeypatch.setenv("LANG", "en_GB")
    return tmp_path / "demo"


def test_a_demo_that_is_ready_prints_its_sign_ins_at_once(asked: Path, empty: Store) -> None:
    team.prepare(empty)
    with empty.write() as db:
        db.execute("UPDATE calls SET state = 'ready'")
    result = CliRunner().invoke(demo, ["--no-serve"])
    assert result.exit_code == 0, result.output
    assert all(person.login in result.stdout for person in team.TEAM)
    assert team.PASSWORD in result.stdout


def test_a_taken_port_is_told_before_any_work(asked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        monkeypatch.setenv("ASSIST_PORT", str(other.getsockname()[1]))
        result = CliRunner().invoke(demo, [])
    assert result.exit_code == 1
    assert "ASSIST_PORT" in result.stderr
    assert not asked.exists()
