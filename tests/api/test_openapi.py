"""The OpenAPI document is true: whatever is sent to a route by whomever, the answer is one that the document names, in
the form it gives, and never a failure of the server.

ASSIST_EXAMPLES=200 asks each route so many times instead of a few.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks

from api import doors
from api.context import COOKIE
from assist.people.users import ROLES
from tests.api.walking import Walk, walk

EXAMPLES = int(os.environ.get("ASSIST_EXAMPLES", "2"))
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
ROUTES = [one for one in doors.doors() if one[1].startswith("/api/") and one[1] != "/api/docs"]
NOBODY, MACHINE = "nobody", "machine"
SENT = ("method", "url", "params", "json", "data", "content", "files")


@pytest.fixture(scope="module")
def place(built: FastAPI, furnished, tmp_path_factory) -> Iterator[Walk]:
    with walk(built, furnished, tmp_path_factory.mktemp("openapi")) as made:
        yield made


@pytest.fixture(scope="module")
def document(built: FastAPI) -> Any:
    return schemathesis.openapi.from_dict(built.openapi())


@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
def test_the_document_holds(place: Walk, document: Any, route: tuple[str, str]) -> None:
    place.restore()
    who = {NOBODY: {}, MACHINE: {"authorization": place.bearers["all"]}}
    who |= {name: {"cookie": f"{COOKIE}={place.cookies[name]}"} for name in ROLES}
    wrong, asked = [], []

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(document[route[1]][route[0]].as_strategy())
    def ask(case: Any) -> None:
        asked.append(case)
        for persona in who:
            wrong.extend(_wrong(place, case, persona, who[persona], real=len(asked) % 2 == 1))

    ask()
    assert asked
    assert wrong == []


def _wrong(place: Walk, case: Any, persona: str, headers: dict[str, str], *, real: bool) -> list[str]:
    """What of the answer the document does not know; `real` asks for things that are there."""
    if real and case.path_parameters:
        there = {name: place.facts[name] for name in case.path_parameters if name in place.facts}
        case.path_parameters.update(there)
    kwargs = case.as_transport_kwargs(base_url="http://testserver")
    sent = {name: value for name, value in kwargs.items() if name in SENT and value is not None}
    if isinstance(sent.get("data"), str | bytes):
        sent["content"] = sent.pop("data")
    plain = {
        name: value for name, value in kwargs["headers"].items() if name.lower() not in ("authorization", "cookie")
    }
    answer = place.client.request(headers=plain | headers, **sent)
    try:
        case.validate_response(answer, checks=CHECKS)
    except FailureGroup as found:
        return [f"{persona}: {found.exceptions[0]}"]
    return []
