"""Doors: one for each route, in the order of right, scope and object; the table in the docs is made from them."""

import pytest

from api.doors import NoDoor, door_of, doors, table
from assist.people import access
from assist.people.access import Scope
from assist.people.reach import NOTHING, REACH, reaches
from assist.people.users import ROLES, User

SCOPED = {
    "known-call": access.known_to,
    "call": access.calls_of,
    "nameless": access.nameless_of,
    "queue": access.queue_of,
    "outcome": access.outcomes_of,
    "insight": access.insight_of,
    "coaching": access.coaching_of,
    "clip": access.clips_of,
    "playlist": access.playlists_of,
    "ruling": access.ruled_by,
}


def somebody(role: str) -> User:
    return User(7, "x", "x", role, 3, "一组", "en", None, True, False)  # type: ignore[arg-type]


def test_the_page_in_the_docs_is_the_one_the_code_makes() -> None:
    assert table.PAGE.read_text("utf-8") == table.text(), "run: python -m api.doors.table --write"


def test_a_route_without_a_door_opens_to_nobody() -> None:
    with pytest.raises(NoDoor):
        door_of({"type": "http", "method": "GET", "path": "/nowhere"})


@pytest.mark.parametrize("name", SCOPED)
def test_the_words_on_an_object_are_those_of_its_rule(name: str) -> None:
    reached = {role for role in ROLES if not closed(SCOPED[name](somebody(role)))}
    assert reached == reaches(name)


def test_rules_that_are_named_are_there() -> None:
    assert [one.rule for one in REACH.values() if one.rule and not hasattr(access, one.rule)] == []


def test_no_door_is_for_nobody() -> None:
    shut = [
        name
        for name, door in doors().items()
        if not door.open and not (access.rights().get(door.right, set(ROLES)) & reaches(door.reach))
    ]
    assert shut == []
    assert all(one.of(role) == NOTHING or one.what for one in REACH.values() for role in ROLES)


def test_disabled_people_reach_nothing() -> None:
    gone = User(7, "x", "x", "admin", 3, "一组", "en", None, False, False)
    assert not access.allows(gone, "audit.read")
    assert all(closed(rule(gone)) for rule in SCOPED.values())


def closed(scope: Scope) -> bool:
    """Whether a condition lets no row through, whatever it holds besides."""
    return scope.where.lstrip("(").split(" ")[0] == "0"
