"""Which door each route has: one line a route, and a route without a line opens to nobody.

A line names the right somebody needs to come in (`assist.people.access`; `-`: whoever is signed in, `open`: everybody),
what decides about the object behind the door (`assist.people.reach`), and for machines the scope their token needs
(`assist.people.scopes`; `any`: every token, `person`: no token, only somebody who signed in).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.types import Scope

from api.doors import machine, pages
from assist.people import access
from assist.people.reach import REACH
from assist.people.scopes import ANY, SCOPES

OPEN, PERSON = "open", "person"


@dataclass(frozen=True, slots=True)
class Door:
    """`right`, `reach` and `scope` are empty where the line has none."""

    right: str
    reach: str
    scope: str

    @property
    def open(self) -> bool:
        return self.right == OPEN


class NoDoor(RuntimeError):
    """A route that nobody gave a door: a mistake in the program."""


def doors() -> Mapping[tuple[str, str], Door]:
    """All doors by method and path template, in the order of the lists."""
    return _DOORS


def door_of(scope: Scope) -> Door:
    """The door of the route that takes this request. Raises NoDoor."""
    found = _DOORS.get((scope["method"], template(scope)))
    if found is None:
        raise NoDoor(f"{scope['method']} {template(scope)} has no line in api/doors")
    return found


def template(scope: Scope) -> str:
    """`/api/calls/{call_id}`, or `none` where no route took the request. FastAPI leaves the prefix of a router out."""
    path: str = getattr(scope.get("route"), "path", "none")
    of_the_api = scope["path"].startswith("/api/") and not path.startswith(("/api/", "none"))
    return f"/api{path}" if of_the_api else path


def _read(text: str) -> dict[tuple[str, str], Door]:
    """Raises ValueError for a word that nothing knows."""
    found: dict[tuple[str, str], Door] = {}
    for line in text.strip().splitlines():
        method, path, *words = line.split()
        right, reach, scope = ("" if word == "-" else word for word in [*words, "-"][:3])
        known = right in access.rights().keys() | {"", OPEN} and reach in REACH.keys() | {""}
        if not known or scope not in {"", ANY, PERSON, *SCOPES} or (method, path) in found:
            raise ValueError(line)
        found[method, path] = Door(right, reach, scope)
    return found


_DOORS = _read(machine.DOORS) | _read(pages.DOORS)
