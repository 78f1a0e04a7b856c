"""Role × route × object: what everybody is answered everywhere, and what nobody may come across."""

import re
from collections.abc import Iterable, Iterator

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from httpx2 import Response
from starlette.routing import compile_path

from api import doors
from tests.api import estate, matrix
from tests.api.matrix import Row
from tests.api.walking import Walk, walk

ROWS = matrix.rows()
_STRANGERS = ("other_agent", "outsider")
_LETTERS = {409: "c", 422: "v", 404: "4", 403: "3", 401: "-"}


_PATTERNS = sorted(
    ((template.count("{"), method, template, compile_path(template)[0]) for method, template in doors.doors()),
    key=lambda one: one[:3],
)


def route_of(row: Row) -> tuple[str, str] | None:
    """The route with the fewest placeholders that takes the row's address."""
    path = re.sub(r"\{\w+\}", "1", row.path.partition("?")[0])
    found = ((method, known) for _, method, known, way in _PATTERNS if method == row.method and way.match(path))
    return next(found, None)


def routes_of(routes: Iterable[object], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Method and template of every route of an app."""
    for one in routes:
        if isinstance(one, APIRoute):
            yield from ((method, prefix + one.path) for method in sorted(one.methods))
        elif (inner := getattr(one, "original_router", None)) is not None:
            yield from routes_of(inner.routes, prefix + one.include_context.prefix)  # type: ignore[attr-defined]
        else:
            assert getattr(one, "path", "") in ("/static", "/api/openapi.json"), "neither has anything of anybody"


ONE_EACH = list({route_of(row): row for row in reversed(ROWS)}.values())
"""A row of each route."""


@pytest.fixture(scope="module")
def place(built: FastAPI, furnished, tmp_path_factory) -> Iterator[Walk]:
    with walk(built, furnished, tmp_path_factory.mktemp("matrix")) as made:
        yield made


def test_every_route_has_a_row_and_every_row_a_route(built: FastAPI) -> None:
    there, asked = set(routes_of(built.router.routes)), {route_of(row) for row in ROWS}
    assert there - asked == set(), "no row in tests/api/matrix.txt"
    assert asked - there == set(), "no such route"


def test_every_route_has_a_door_and_every_door_a_route(built: FastAPI) -> None:
    assert set(routes_of(built.router.routes)) == set(doors.doors())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_who_gets_what(place: Walk, row: Row) -> None:
    told = []
    for persona, cell in zip(matrix.PERSONAS, row.cells, strict=True):
        answer = place.ask(row, persona)
        assert place.met[-1] == route_of(row)
        told.append("h" if cell == "h" and letter(answer) == "4" else letter(answer))
        assert met(answer, persona) == []
        if cell == "4" and persona in _STRANGERS and "_id}" in row.path:
            assert same(answer, place.ask(row, persona, **_absent(row)))
        if row.method != "GET" and (told[-1] in "+cv" or "sign-in" in row.path):
            place.restore()
    assert "".join(told) == "".join(row.cells)


@pytest.mark.parametrize("row", [row for row in ONE_EACH if row.machine], ids=lambda row: row.name)
def test_what_a_token_opens(place: Walk, row: Row) -> None:
    door = doors.doors()[route_of(row) or ("", "")]
    assert (door.scope or "-") == row.scope
    if row.scope == "any":
        return
    answer = place.ask(row, headers={"authorization": place.bearers.get(row.scope, place.bearers["all"])})
    error = answer.json()["error"]["code"]
    assert (answer.status_code, error) == (403, "PersonOnly" if row.scope == "person" else "ScopeMissing")


PAGES = [row for row in ONE_EACH if not row.machine and row.cells[0] == "-" and row.path != "/metrics"]


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.name)
def test_a_token_opens_no_page(place: Walk, row: Row) -> None:
    assert letter(place.ask(row, headers={"authorization": place.bearers["all"]})) == "-"


_ABOUT_A_CALL = re.compile(r"^/(?!people|api/people)[^?]*\{(\w*call|held|clip|team_clip|agent)_id\}")
NOTED = [row for row in ROWS if row.method == "GET" and row.cells[-1] == "+" and _ABOUT_A_CALL.match(row.path)]


@pytest.mark.parametrize("row", NOTED, ids=lambda row: row.name)
def test_what_an_administrator_opens_is_noted(place: Walk, row: Row) -> None:
    place.restore()
    last = place.store.value("SELECT max(id) FROM audit")
    assert letter(place.ask(row, "admin")) == "+"
    noted = place.store.rows("SELECT object FROM audit WHERE id > ? AND login = 'root'", [last])
    number = place.facts[re.findall(r"\{(\w+_id)\}", row.path)[0]]
    assert [one["object"].partition(":")[2] for one in noted][:1] == [str(number)]


def letter(answer: Response) -> str:
    """The answer as a letter of the matrix."""
    if answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?"):
        return "-"
    return "+" if answer.status_code < 400 else _LETTERS.get(answer.status_code, str(answer.status_code))


def met(answer: Response, persona: str) -> list[str]:
    """The words in an answer that are not for this persona."""
    if answer.headers.get("content-type", "").startswith(("audio/", "application/octet")):
        return []
    text = answer.text + str(answer.headers)
    return [word for word, allowed in estate.MARKS.items() if persona not in allowed and word in text]


def same(one: Response, other: Response) -> bool:
    """Whether two refusals tell the same: nothing says which of the two things is there."""
    return (one.status_code, one.json() if _json(one) else _plain(one)) == (
        other.status_code,
        other.json() if _json(other) else _plain(other),
    )


def _absent(row: Row) -> dict[str, object]:
    return dict.fromkeys(re.findall(r"\{(\w+_id)\}", row.path.partition("?")[0]), 999999)


def _json(answer: Response) -> bool:
    return answer.headers.get("content-type", "") == "application/json"


def _plain(answer: Response) -> str:
    """A page without what differs from one to the next: addresses to come back to, the nonce."""
    text = re.sub(r'nonce="[^"]*"|content="[^"]*"', "", answer.text)
    return re.sub(r"(?<=[/=@])\d+|999999", "", re.sub(r"%2F\d+", "", text))
