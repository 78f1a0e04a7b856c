"""`docs/access.md`, made from the code: `python -m api.doors.table` prints it, with `--write` puts it there."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from api.doors import Door, doors
from assist.people import access
from assist.people.reach import REACH
from assist.people.scopes import ALL, SCOPES
from assist.people.users import ROLES, Role

PAGE = Path(__file__).parents[2] / "docs" / "access.md"

_HEAD = """# Who may see and do what

This page is made from the code by `python -m api.doors.table --write`; a test says when it is out of date, and another
walks every route as every role ([tests/api/matrix.txt](../tests/api/matrix.txt)).

Three questions decide on every request, in this order:

1. **The door.** Every route has one line in `api/doors`; a route without a line opens to nobody. The line names a
   right, and [a right belongs to roles](#rights). Who lacks it is answered 403, who has not signed in 401 or the page
   to sign in.
2. **The scope of a token.** A machine's token does what it was made for ([scopes](#scopes-of-tokens)) and never more
   than its owner: the owner's role is looked at as well, each time. Where no scope is named, no token comes in.
3. **The object.** [What each role reaches](#objects) is a condition in the question to the database. What somebody may
   not see does not exist for them: 404, the same answer as for a number that was never given.

All three ask `assist/people/access.py`, and so do the commands. An empty cell is a no.
"""
_AFTER = """
## What leaves a trace

Opening, hearing and searching calls, opening one-on-ones and playing clips is noted for those who see all teams
(administrators), also through the API; reading a transcript without names, unmasking and taking files out is noted for
everybody.
"""
_ALL_OF_IT = "Whatever the owner may do. Tokens from before there were scopes have it."


def text() -> str:
    """The whole page."""
    parts = [_HEAD, "## Rights\n", _rights(), "\n## Objects\n", _objects(), _AFTER, "## Scopes of tokens\n", _scopes()]
    return "\n".join([*parts, "\n## Routes of the JSON API\n", _routes("/api/"), "\n## Pages\n", _routes(""), ""])


def _rights() -> str:
    rows = [[f"`{name}`", *_ticks(role in roles for role in ROLES)] for name, roles in sorted(access.rights().items())]
    return _table(["right", *ROLES], rows)


def _objects() -> str:
    rows = [
        [f"`{name}`", one.what, *(one.of(role) for role in ROLES), f"`{one.rule}`" if one.rule else ""]
        for name, one in REACH.items()
    ]
    return _table(["", "object", *ROLES, "decided by"], rows)


def _scopes() -> str:
    rows = [[f"`{name}`", words] for name, words in SCOPES.items()]
    return _table(["scope", "for"], [*rows, [f"`{ALL}`", _ALL_OF_IT]])


def _routes(prefix: str) -> str:
    found = [(name, door) for name, door in doors().items() if _is_machine(name[1]) == bool(prefix)]
    scope = ["scope"] if prefix else []
    rows = [
        [f"`{method} {path}`", *(_cell(door, role) for role in ROLES), *([f"{door.scope}"] if prefix else [])]
        for (method, path), door in found
    ]
    return _table(["route", *ROLES, *scope], rows)


def _is_machine(path: str) -> bool:
    return path.startswith("/api/") and path != "/api/docs"


def _cell(door: Door, role: Role) -> str:
    """What a role gets of what is behind a door."""
    if door.open:
        return "everybody"
    if door.right and role not in access.rights()[door.right]:
        return ""
    return REACH[door.reach].of(role) if door.reach else "yes"


def _ticks(values: Iterable[bool]) -> list[str]:
    return ["yes" if value else "" for value in values]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        PAGE.write_text(text(), "utf-8")
    else:
        sys.stdout.write(text())
