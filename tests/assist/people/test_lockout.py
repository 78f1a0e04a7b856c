"""Wrong passwords: who must wait, for how long, and who must not."""

import threading
from datetime import timedelta

import pytest

from assist.people import audit, devices, lockout, users
from assist.people.lockout import LIMITS, Origin, TooManyTries
from assist.people.users import SignInRefused
from assist.store import Store
from assist.store.clock import moment, now, stamp
from tests.conftest import PASSWORD

HERE, ELSEWHERE = Origin("10.0.0.1"), Origin("203.0.113.9")


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """What is tested here is counting: passwords are compared as they are."""
    monkeypatch.setattr(
        "assist.people.passwords.matches", lambda settings, stored, given: bool(stored) and given == PASSWORD
    )


def fail(store: Store, login: str, origin: Origin, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefused):
            users.authenticate(store, login, "wrong password", origin)


def wait(store: Store) -> int:
    """Seconds for which the latest lock holds."""
    row = store.row("SELECT at, locked_until FROM sign_in_waits ORDER BY locked_until DESC")
    assert row is not None
    return round((moment(row["locked_until"]) - moment(row["at"])).total_seconds())


def later(store: Store, span: timedelta) -> None:
    """As if so much time had gone by."""
    for row in store.rows("SELECT id, at, locked_until FROM sign_in_waits"):
        times = [stamp(moment(row[name]) - span) for name in ("at", "locked_until")]
        store.change("UPDATE sign_in_waits SET at = ?, locked_until = ? WHERE id = ?", [*times, row["id"]])


@pytest.mark.parametrize("login", ["chen", "nobody"])
def test_each_further_try_waits_twice_as_long_up_to_a_quarter_of_an_hour(store, login):
    fail(store, login, HERE, 5)
    waits = []
    for _ in range(7):
        waits.append(wait(store))
        with pytest.raises(TooManyTries):
            users.authenticate(store, login, PASSWORD, HERE)
        later(store, timedelta(seconds=waits[-1]))
        fail(store, login, HERE)
    assert waits == [30, 60, 120, 240, 480, 900, 900]


def test_a_wait_outlives_the_server(store):
    fail(store, "chen", HERE, 5)
    again = Store(store.settings)
    with pytest.raises(TooManyTries):
        users.authenticate(again, "chen", PASSWORD, HERE)
    again.close()


def test_an_attacker_elsewhere_makes_nobody_wait_at_their_desk(store, agent):
    fail(store, "chen", ELSEWHERE, 5)
    assert users.authenticate(store, "chen", PASSWORD, HERE) == agent
    with pytest.raises(TooManyTries):
        users.authenticate(store, "chen", PASSWORD, ELSEWHERE)


def test_an_attacker_at_the_same_address_does_not_stop_a_browser_that_is_known(store, agent):
    mine = Origin(HERE.address, devices.remember(store, None, agent.id))
    fail(store, "chen", HERE, 5)
    assert users.authenticate(store, "chen", PASSWORD, mine) == agent


def test_many_addresses_together_slow_each_other_down_but_no_known_browser(store, agent):
    for number in range(LIMITS["login"].failures):
        fail(store, "chen", Origin(f"198.51.100.{number}"))
    with pytest.raises(TooManyTries):
        users.authenticate(store, "chen", PASSWORD, Origin("198.51.100.200"))
    mine = Origin(HERE.address, devices.remember(store, None, agent.id))
    assert users.authenticate(store, "chen", PASSWORD, mine) == agent


def test_one_address_that_keeps_trying_never_closes_the_name_for_others(store, agent):
    """A day of an attacker who tries whenever the wait is over."""
    fail(store, "chen", ELSEWHERE, 5)
    for _ in range(100):
        later(store, timedelta(minutes=15))
        fail(store, "chen", ELSEWHERE)
    assert users.authenticate(store, "chen", PASSWORD, HERE) == agent


def test_a_known_browser_has_its_own_count_and_is_known_for_its_own_people(store, agent, other_agent):
    mine = Origin(HERE.address, devices.remember(store, None, agent.id))
    fail(store, "chen", mine, 5)
    with pytest.raises(TooManyTries):
        users.authenticate(store, "chen", PASSWORD, mine)
    assert not devices.is_of(store, mine.device, other_agent.id)
    shared = devices.remember(store, mine.device, other_agent.id)
    assert shared == mine.device
    assert users.authenticate(store, "zhao", PASSWORD, mine) == other_agent


def test_one_address_at_many_names_must_wait(store):
    for number in range(LIMITS["address"].failures):
        fail(store, f"name{number}", ELSEWHERE)
    with pytest.raises(TooManyTries):
        users.authenticate(store, "chen", PASSWORD, ELSEWHERE)
    assert users.authenticate(store, "chen", PASSWORD, HERE)


def test_an_office_that_signs_in_rightly_is_never_counted(store):
    for _ in range(LIMITS["address"].failures + 5):
        users.authenticate(store, "chen", PASSWORD, HERE)
    assert lockout.waiting(store) == []


def test_tries_at_once_are_counted_before_any_is_answered(store, monkeypatch):
    """Fifty guesses in flight: no more than five are looked at."""
    looked, gate = [], threading.Barrier(50)

    def slow(*given: object) -> bool:
        looked.append(given)
        return False

    monkeypatch.setattr("assist.people.passwords.matches", slow)

    def guess() -> None:
        gate.wait(30)
        with pytest.raises((SignInRefused, TooManyTries)):
            users.authenticate(store, "chen", "wrong password", ELSEWHERE)

    threads = [threading.Thread(target=guess) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(looked) == 5


def test_failures_leak_away(store):
    fail(store, "chen", HERE, 4)
    later(store, LIMITS["pair"].leak * 4)
    fail(store, "chen", HERE, 4)
    assert users.authenticate(store, "chen", PASSWORD, HERE)


def test_an_administrator_sees_and_lifts_a_wait(store, agent, admin):
    fail(store, "chen", HERE, 5)
    (found,) = lockout.waiting(store)
    assert (found.kind, found.login, found.address, found.failures) == ("pair", "chen", "10.0.0.1", 5)
    assert found.until > now()
    assert lockout.lift(store, admin, found.id)
    assert not lockout.lift(store, admin, found.id)
    assert users.authenticate(store, "chen", PASSWORD, HERE) == agent


def test_what_nobody_is_called_is_written_down_nowhere(store):
    fail(store, "my secret password", HERE, 5)
    assert [one.login for one in lockout.waiting(store)] == [""]
    assert "my secret" not in str(store.rows("SELECT * FROM sign_in_waits"))
    assert "my secret" not in str(audit.listing(store))


def test_known_and_unknown_names_take_the_same_steps(store):
    """What is written for the one is written for the other: neither the answer nor its time tells them apart."""

    def written(login: str) -> tuple[int, int]:
        before = [store.value(f"SELECT count(*) FROM {table}") for table in ("audit", "sign_in_waits")]
        fail(store, login, ELSEWHERE, 5)
        after = [store.value(f"SELECT count(*) FROM {table}") for table in ("audit", "sign_in_waits")]
        return after[0] - before[0], after[1] - before[1]

    fail(store, "first", ELSEWHERE)
    assert written("chen") == written("nobody")
