"""The JSON API: tokens, errors, and each resource by persona."""

import pytest
from fastapi.testclient import TestClient

from assist.calls.calls import Call
from assist.people import tokens, users
from assist.store import Store
from tests.api.conftest import Browse
from tests.conftest import LIBRARY, PERSONAS


@pytest.fixture
def machine(app: object, store: Store) -> object:
    """A client with a token of a persona and no cookie."""

    def with_token(persona: str) -> TestClient:
        token = tokens.issue(store, users.by_login(store, PERSONAS[persona][0]), "test")
        headers = {"Authorization": f"Bearer {token}", "accept-language": "en"}
        return TestClient(app, follow_redirects=False, headers=headers)  # type: ignore[arg-type]

    return with_token


def test_a_token_speaks_for_its_owner(machine: Browse) -> None:
    assert machine("agent").get("/api/me").json()["login"] == "chen"


@pytest.mark.parametrize("header", ["", "Bearer nonsense", "Bearer assist_nonsense", "Basic eDp5", "Bearer"])
def test_without_a_good_token_there_is_nothing(stranger: TestClient, header: str) -> None:
    answer = stranger.get("/api/me", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["error"]["code"] == "NotSignedIn"


def test_a_bad_token_is_not_mended_by_a_cookie(browse: Browse) -> None:
    assert browse("agent").get("/api/me", headers={"Authorization": "Bearer assist_x"}).status_code == 401


def test_a_token_opens_no_pages(machine: Browse) -> None:
    assert machine("agent").get("/calls").status_code == 303


def test_a_token_may_act_from_anywhere_but_not_out_of_a_foreign_page(machine: Browse, call: Call) -> None:
    assert machine("lead").post(f"/api/queue/{call.id}/claim").status_code == 204
    forged = machine("lead").post(f"/api/queue/{call.id}/claim", headers={"sec-fetch-site": "cross-site"})
    assert forged.status_code == 403
    assert forged.json()["error"]["code"] == "CrossSiteRequest"


CALL_PARTS = ("", "/transcript", "/analysis", "/audio")


@pytest.mark.parametrize(
    ("persona", "status"), [("agent", 200), ("lead", 200), ("admin", 200), ("other_agent", 404), ("outsider", 404)]
)
@pytest.mark.parametrize("part", CALL_PARTS)
def test_who_may_read_a_call(machine: Browse, call: Call, persona: str, status: int, part: str) -> None:
    assert machine(persona).get(f"/api/calls/{call.id}{part}").status_code == status


def test_a_call_is_told_whole(machine: Browse, call: Call) -> None:
    told = machine("lead").get(f"/api/calls/{call.id}").json()
    assert told["scores"] == {"opening": 86, "questioning": None, "rejection_handling": 38, "overall": 40}
    assert (told["state"], told["outcome"], told["failure"]) == ("ready", "refused", None)
    assert machine("lead").get(f"/api/calls/{call.id}/analysis").json()["format"] == "assist-analysis/1"


def test_lists_hold_only_what_one_may_see(machine: Browse, call: Call) -> None:
    assert [one["id"] for one in machine("lead").get("/api/calls?state=ready").json()["calls"]] == [call.id]
    assert machine("outsider").get("/api/calls").json()["total"] == 0
    assert machine("outsider").get("/api/queue").json() == []


def test_the_queue_is_worked(machine: Browse, call: Call) -> None:
    lead, admin = machine("lead"), machine("admin")
    assert lead.get("/api/queue").json()[0]["calls"][0]["flags"][0]["start"] == 8.5
    assert lead.post(f"/api/queue/{call.id}/claim").status_code == 204
    assert admin.post(f"/api/queue/{call.id}/claim").json()["error"]["code"] == "ClaimedByOther"
    assert lead.post(f"/api/queue/{call.id}/release").status_code == 204
    assert lead.post(f"/api/queue/{call.id}/dismiss", json={"reason": " "}).status_code == 422
    assert lead.post(f"/api/queue/{call.id}/done", json={"note": "谈过了"}).status_code == 204
    assert lead.post(f"/api/queue/{call.id}/done").status_code == 409
    assert machine("agent").get("/api/queue").status_code == 403


def test_a_ready_call_is_judged_again_by_a_lead_only(machine: Browse, call: Call, submitted: list[int]) -> None:
    assert machine("agent").post(f"/api/calls/{call.id}/rejudge").status_code == 403
    assert machine("lead").post(f"/api/calls/{call.id}/rejudge").json()["state"] == "received"
    assert submitted == [call.id]
    assert machine("lead").post(f"/api/calls/{call.id}/cancel").json()["state"] == "cancelled"
    assert machine("lead").post(f"/api/calls/{call.id}/retry").json()["state"] == "received"


def test_libraries_are_read_and_published(machine: Browse) -> None:
    editor = machine("editor")
    assert editor.get("/api/campaigns").json()[0]["current"] == 1
    version = editor.get("/api/campaigns/broadband/versions").json()[0]
    assert editor.get(f"/api/libraries/{version['id']}").text == LIBRARY
    body = LIBRARY.replace("打扰您了", "抱歉").encode()
    assert editor.post("/api/libraries?note=x", content=body).json()["number"] == 2
    assert machine("lead").post("/api/libraries", content=body).status_code == 403
    wrong = editor.post("/api/libraries", content=body.replace(b"weight", b"wieght"))
    assert wrong.status_code == 422
    assert "10" in wrong.json()["error"]["message"]  # the line


def test_people_are_for_administrators(machine: Browse) -> None:
    new = {"login": "he", "name": "何芳", "role": "agent", "password": "a first password"}
    assert machine("lead").get("/api/people").status_code == 403
    assert machine("lead").post("/api/people", json=new).status_code == 403
    assert machine("admin").post("/api/people", json=new).status_code == 201
    assert machine("admin").post("/api/people", json=new).json()["error"]["code"] == "LoginTaken"
    assert "password" not in machine("admin").get("/api/people").text


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/api/nowhere", 404),
        ("GET", "/api/calls/x", 404),
        ("GET", "/api/calls?page=0", 422),
        ("DELETE", "/api/calls", 405),
        ("PUT", "/api/recordings", 422),
        ("POST", "/api/people", 422),
    ],
)
def test_every_error_has_one_shape(machine: Browse, method: str, address: str, status: int) -> None:
    answer = machine("admin").request(method, address)
    assert answer.status_code == status
    assert set(answer.json()["error"]) == {"code", "message"}


def test_health_is_open_and_says_nothing_else(stranger: TestClient) -> None:
    assert set(stranger.get("/api/health").json()) == {"status", "version"}


def test_metrics_count_requests_by_route_and_calls_by_state(machine: Browse, call: Call) -> None:
    machine("agent").get(f"/api/calls/{call.id}")
    told = machine("admin").get("/api/metrics").text
    assert 'assist_calls{state="ready"} 1.0' in told
    assert 'assist_requests_total{method="GET",route="/api/calls/{call_id}",status="200"}' in told
    assert f"/api/calls/{call.id}" not in told
    assert machine("lead").get("/api/metrics").status_code == 403


def test_the_documentation_is_whole(stranger: TestClient) -> None:
    described = stranger.get("/api/openapi.json").json()
    operations = [
        operation
        for path, those in described["paths"].items()
        if path.startswith("/api/")
        for operation in those.values()
    ]
    outside = {path for path in described["paths"] if not path.startswith("/api/")}
    assert outside == {"/health", "/ready", "/metrics"}, "only what machines watch has addresses of its own"
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    assert all("Problem" in str(operation["responses"]["404"]) for operation in operations)
    page = stranger.get("/api/docs")
    assert page.status_code == 200
    assert "/static/vendor/swagger-ui.js" in page.text
