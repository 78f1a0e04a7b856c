"""People: creating, signing in, changing."""

import pytest

from assist.people import lockout, passwords, sessions, users
from assist.people.users import LoginTaken, NameMissing, SignInRefused, UnknownRole
from tests.conftest import PASSWORD


def test_the_right_password_signs_in(store, agent):
    assert users.authenticate(store, " CHEN ", PASSWORD) == agent


@pytest.mark.parametrize(("login", "password"), [("chen", "wrong password"), ("nobody", PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_look_alike(store, login, password):
    with pytest.raises(SignInRefused) as refused:
        users.authenticate(store, login, password)
    assert refused.value.facts == {}


def test_a_disabled_user_is_let_in_no_more(store, agent):
    token = sessions.start(store, agent)
    users.set_active(store, agent, False)
    assert sessions.user_of(store, token) is None
    with pytest.raises(SignInRefused):
        users.authenticate(store, "chen", PASSWORD)


@pytest.mark.parametrize("login", ["chen", "nobody"])
def test_five_wrong_passwords_make_the_next_try_wait(store, login):
    for _ in range(lockout.FAILURES_BEFORE_LOCK):
        with pytest.raises(SignInRefused):
            users.authenticate(store, login, "wrong password")
    with pytest.raises(lockout.TooManyTries) as locked:
        users.authenticate(store, login, PASSWORD)
    assert 0 < locked.value.facts["seconds"] <= 30


def test_signing_in_forgets_earlier_failures(store):
    for _ in range(lockout.FAILURES_BEFORE_LOCK - 1):
        with pytest.raises(SignInRefused):
            users.authenticate(store, "chen", "wrong password")
    users.authenticate(store, "chen", PASSWORD)
    with pytest.raises(SignInRefused):
        users.authenticate(store, "chen", "wrong password")
    assert users.authenticate(store, "chen", PASSWORD)


def test_a_new_password_ends_all_sessions(store, agent):
    token = sessions.start(store, agent)
    users.change_password(store, agent, "another long one")
    assert sessions.user_of(store, token) is None
    assert users.authenticate(store, "chen", "another long one") == agent


@pytest.mark.parametrize("password", ["short", "x" * 200, "aaaaaaaaaaaa", "chen.chen"])
def test_weak_passwords_are_refused(store, password):
    with pytest.raises(passwords.WeakPassword):
        users.create(store, "chen.chen", "新人", "agent", password)


def test_a_login_is_taken_whatever_its_case(store):
    with pytest.raises(LoginTaken):
        users.create(store, "CHEN", "别人", "agent", PASSWORD)


def test_only_known_roles_and_plain_names(store):
    with pytest.raises(UnknownRole):
        users.create(store, "new", "", "boss", PASSWORD)
    for login in ("", "a b", "a\tb", "x" * 65):
        with pytest.raises(NameMissing):
            users.create(store, login, "", "agent", PASSWORD)


def test_another_role_signs_out(store, agent):
    token = sessions.start(store, agent)
    moved = users.move(store, agent, role="lead", team="三组")
    assert (moved.role, moved.team) == ("lead", "三组")
    assert sessions.user_of(store, token) is None


def test_the_listing_is_by_team_and_name(store):
    users.create(store, "wu", "吴江", "agent", PASSWORD, team="三组")
    assert [user.name for user in users.listing(store, role="agent")] == ["赵敏", "陈晓", "吴江"]
