"""The second factor: codes of the app, codes on paper, and what an administrator may."""

import pyotp
import pytest

from assist.people import audit, lockout, sealing, second_factor, sessions, steps, users
from assist.people.lockout import TooManyTries
from assist.people.second_factor import STEP_SECONDS, CodeRefused
from assist.store.clock import now


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """The clock stands still. Recovery codes are kept like passwords; here they are compared as they are."""
    at = now()
    monkeypatch.setattr("assist.people.second_factor.now", lambda: at)
    monkeypatch.setattr("assist.people.passwords.hash_code", lambda settings, secret: f"hash of {secret}")
    monkeypatch.setattr("assist.people.passwords.matches", lambda settings, stored, given: stored == f"hash of {given}")


def code(secret: str, steps_off: int = 0) -> str:
    return pyotp.TOTP(secret).at(int(second_factor.now().timestamp()) + steps_off * STEP_SECONDS)


@pytest.fixture
def secret(store, agent):
    """Of an agent who turned it on; the code of this moment is used up."""
    begun = second_factor.begin(store, agent)
    second_factor.confirm(store, agent, code(begun.secret, -1))
    return begun.secret


def test_it_is_on_once_a_code_came_back(store, agent):
    begun = second_factor.begin(store, agent)
    assert begun.uri == f"otpauth://totp/Assist:chen?secret={begun.secret}&issuer=Assist"
    assert not second_factor.of(store, agent).on
    with pytest.raises(CodeRefused):
        second_factor.confirm(store, agent, "000000" if code(begun.secret) != "000000" else "111111")
    codes = second_factor.confirm(store, agent, code(begun.secret))
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    assert second_factor.of(store, agent).codes_left == second_factor.RECOVERY_CODES
    with pytest.raises(second_factor.AlreadyOn):
        second_factor.begin(store, agent)


def test_a_code_passes_once_and_no_earlier_one_after_it(store, agent, secret):
    right = code(secret)
    second_factor.check(store, agent, f" {right[:3]} {right[3:]} ")
    for used in (right, code(secret, -1)):
        with pytest.raises(CodeRefused):
            second_factor.check(store, agent, used)
    second_factor.check(store, agent, code(secret, 1))


@pytest.mark.parametrize(("off", "passes"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(store, agent, secret, off, passes):
    store.change("UPDATE second_factors SET last_step = 0")
    if passes:
        second_factor.check(store, agent, code(secret, off))
    else:
        with pytest.raises(CodeRefused):
            second_factor.check(store, agent, code(secret, off))


def test_a_code_of_somebody_else_and_strange_texts_pass_nothing(store, agent, other_agent, secret):
    with pytest.raises(CodeRefused):
        second_factor.check(store, other_agent, code(secret, 1))
    for strange in ("", "1", "-", "1-", "99-AAAAA-AAAAA", "０００００００", "1" * 4000):
        lockout.forget(store, agent.login)
        with pytest.raises(CodeRefused):
            second_factor.check(store, agent, strange)


def test_a_recovery_code_passes_once_however_it_is_typed(store, agent, secret):
    codes = second_factor.renew_codes(store, agent)
    second_factor.check(store, agent, codes[2].lower().replace("-", " "))
    assert second_factor.of(store, agent).codes_left == 9
    with pytest.raises(CodeRefused):
        second_factor.check(store, agent, codes[2])
    fresh = second_factor.renew_codes(store, agent)
    with pytest.raises(CodeRefused):
        second_factor.check(store, agent, codes[3])
    second_factor.check(store, agent, fresh[3])


def test_neither_secret_nor_codes_stand_in_the_database(store, agent, secret):
    rows = str(store.rows("SELECT * FROM second_factors"))
    assert secret not in rows
    assert secret not in str(audit.listing(store))
    assert sealing.key_file(store.settings).stat().st_mode & 0o777 == 0o600


def test_a_secret_under_another_key_says_what_to_do(store, agent, secret):
    sealing.key_file(store.settings).write_bytes(b"another key of more than thirty-two bytes")
    with pytest.raises(sealing.KeyChanged):
        second_factor.check(store, agent, code(secret))


def test_guessing_codes_makes_one_wait_though_the_password_is_known(store, agent, secret):
    for _ in range(lockout.FAILURES_BEFORE_LOCK):
        with pytest.raises(CodeRefused):
            steps.finish(store, steps.begin(store, agent), "not a code")
    with pytest.raises(TooManyTries):
        steps.finish(store, steps.begin(store, agent), code(secret))


def test_a_step_opens_once_and_not_for_long(store, agent, secret):
    token = steps.begin(store, agent)
    assert sessions.user_of(store, token) is None
    assert steps.finish(store, token, code(secret)) == agent
    with pytest.raises(steps.StepOver):
        steps.finish(store, token, code(secret, 1))
    late = steps.begin(store, agent)
    store.change("UPDATE sign_in_steps SET expires_at = '2020-01-01T00:00:00.000+00:00'")
    with pytest.raises(steps.StepOver):
        steps.finish(store, late, code(secret, 1))


def test_an_administrator_resets_it_and_leaves_a_trace(store, agent, admin, secret):
    token, half = sessions.start(store, agent), steps.begin(store, agent)
    second_factor.reset(store, admin, agent)
    assert not second_factor.of(store, agent).on
    assert sessions.user_of(store, token) is None
    with pytest.raises(steps.StepOver):
        steps.user_of(store, half)
    entry = audit.listing(store, about=f"user:{agent.id}")[0]
    assert (entry.login, entry.action) == ("root", "factor.reset")


def test_a_role_that_needs_it_cannot_turn_it_off(store, agent, admin, secret):
    second_factor.require_for(store, admin, ["agent", "lead"])
    assert second_factor.roles(store) == ("agent", "lead")
    assert second_factor.without(store) == 3
    with pytest.raises(second_factor.RoleNeedsIt):
        second_factor.turn_off(store, agent)
    second_factor.require_for(store, admin, [])
    second_factor.turn_off(store, agent)
    assert not second_factor.of(store, agent).on


def test_only_known_roles_are_required(store, admin):
    with pytest.raises(users.UnknownRole):
        second_factor.require_for(store, admin, ["king"])
