"""A number that a customer says in every call, and one in the name of every file, is in no answer of any route."""

import io
import zipfile
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from httpx2 import Response

from tests.api import estate, matrix
from tests.api.matrix import Row
from tests.api.walking import Walk, walk

SPOKEN, WRITTEN, ADDRESS = "幺三八零零零零幺二三四", "13900005678", "阳光花园3栋2单元501"
OPEN = (SPOKEN, WRITTEN, ADDRESS, "零零零零幺二三四", "00005678")
LOOKERS = ("agent", "lead", "editor", "admin")
ROWS = [row for row in matrix.rows() if row.method == "GET" and not row.path.endswith((".css", "/audio"))]


@pytest.fixture(scope="module")
def place(built: FastAPI, furnished, tmp_path_factory) -> Iterator[Walk]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(estate, "LINES", [_told(line) for line in estate.LINES])
        bring = estate._bring
        patch.setattr(
            estate,
            "_bring",
            lambda store, user, fruit, customer, name: bring(store, user, fruit, customer, f"{WRITTEN}_{name}"),
        )
        with walk(built, furnished, tmp_path_factory.mktemp("masked")) as made:
            yield made


def _told(line: str) -> str:
    line = line.replace("我在开会", f"我在开会，你打{SPOKEN}，")
    return line.replace("终身免费", f"终身免费，我们打{WRITTEN}，住{ADDRESS}的")


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_no_answer_holds_a_number(place: Walk, row: Row) -> None:
    for persona in _lookers(row):
        answer = place.ask(row, persona)
        told = _text(answer)
        assert [number for number in OPEN if number in told] == [], persona


def test_the_numbers_are_there_for_whom_says_why(place: Walk) -> None:
    """Else the walk above would find nothing anywhere."""
    rows = {row.name: row for row in matrix.rows()}
    unmask = next(row for row in matrix.rows() if row.path == "/calls/{call_id}/unmask")
    place.ask(unmask, "lead")
    for path in ("/calls/{call_id}", "/api/calls/{call_id}/transcript", "/api/calls/{call_id}/analysis"):
        told = place.ask(rows[f"GET {path}"], "lead").text
        assert SPOKEN in told
        assert WRITTEN in told
        assert SPOKEN not in place.ask(rows[f"GET {path}"], "agent").text
    place.restore()


def _lookers(row: Row) -> list[str]:
    """One of those who do the work, and whoever may see the most."""
    let_in = [name for name, cell in zip(matrix.PERSONAS, row.cells, strict=True) if cell == "+" and name in LOOKERS]
    return list(dict.fromkeys([*let_in[:1], *let_in[-1:]]))


def _text(answer: Response) -> str:
    if answer.content[:2] != b"PK":
        return answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
