"""Browsers of the personas, on an app whose work queue only writes down what it is given."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.context import COOKIE
from assist.calls import calls
from assist.calls.calls import Call
from assist.config import Settings
from assist.people import sessions, users
from assist.people.users import User
from assist.pipeline import STEPS, Pipeline
from assist.store import Store
from tests import fakes
from tests.api.desks import FakeDesk
from tests.api.judged import JudgedEngine
from tests.conftest import PERSONAS

Browse = Callable[[str], TestClient]


@pytest.fixture
def submitted() -> list[int]:
    """Ids of the calls that were put into the work queue."""
    return []


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """The app, built once: a router works out its parameters at the first request."""
    made = create_app(Settings(data=tmp_path_factory.mktemp("built"), _env_file=None))
    made.state.store.close()
    return made


@pytest.fixture
def app(built: FastAPI, settings: Settings, store: Store, submitted: list[int]) -> FastAPI:
    """The app on this test's own folder."""
    built.state.settings, built.state.store = settings, store
    built.state.desk = FakeDesk(store)
    built.state.submit = lambda _, call_id: submitted.append(call_id)
    return built


@pytest.fixture
def stranger(app: FastAPI) -> TestClient:
    """A browser in which nobody is signed in."""
    return TestClient(app, follow_redirects=False, headers={"accept-language": "en"})


@pytest.fixture
def browse(app: FastAPI, store: Store) -> Browse:
    """The browser of a persona, signed in, in English."""

    def open_browser(persona: str) -> TestClient:
        user = users.by_login(store, PERSONAS[persona][0])
        users.set_language(store, user, "en")
        browser = TestClient(app, follow_redirects=False)
        browser.cookies.set(COOKIE, sessions.start(store, user, "test"))
        return browser

    return open_browser


@pytest.fixture
def call(store: Store, upload: Callable[..., Call], agent: User) -> Call:
    """A judged call of the agent, whole, and in the queue."""
    return judge(store, upload(agent, "agent: 您好"))


def judge(store: Store, call: Call, peaks: object = None) -> Call:
    """Takes a call all the way; every call is the one of `judged.report`."""
    pipeline = Pipeline(store, JudgedEngine(fakes.FakeHearing(), peaks))
    for step in STEPS:
        if pipeline.run(step, call.id, call.run) != "done":
            break
    return calls.load(store, call.id)
