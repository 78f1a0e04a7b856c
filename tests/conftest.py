"""The people and the folder that tests ask for. Agent and lead are in one team; the outsider leads another."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assist.calls import calls, recordings
from assist.calls.calls import Call
from assist.calls.details import Details
from assist.config import Settings
from assist.people import users
from assist.people.users import User
from assist.pipeline import STEPS, Pipeline
from assist.store import Store, libraries
from tests import fakes

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _no_loop_of_a_browser(request: pytest.FixtureRequest) -> Iterator[None]:
    """Where tests of pages ran before in the same process, their browser's event loop stays marked as running: the work
    queue would take every other test for a coroutine."""
    loop = None if "browser" in request.path.parts else asyncio._get_running_loop()
    if loop is None:
        yield
        return
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(loop)


PERSONAS = {
    "agent": ("chen", "陈晓", "agent", "一组"),
    "other_agent": ("zhao", "赵敏", "agent", "一组"),
    "lead": ("liu", "刘洋", "lead", "一组"),
    "outsider": ("sun", "孙丽", "lead", "二组"),
    "editor": ("qian", "钱文", "editor", None),
    "admin": ("root", "管理员", "admin", None),
}

LIBRARY = """\
campaign: broadband
title: 宽带提速
language: zh
company: [星河通信]
terms: [千兆]
script:
  - stage: opening
    title: 开场白
    points:
      - {id: confirm-identity, title: 确认身份, required: true, weight: 2, say: ["您好，请问是王先生吗？"]}
  - stage: close
    title: 促成
    points:
      - {id: ask-for-order, title: 邀请办理, required: true, weight: 1, say: ["我现在帮您登记，可以吗？"]}
playbook:
  - objection: busy
    title: 没时间
    heard_as: ["我在开会"]
    respond:
      - {step: acknowledge, title: 认同, say: ["打扰您了"]}
forbidden:
  - {id: free-for-life, title: 承诺终身免费, severity: critical, phrases: ["终身免费"]}
"""


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all people and one published library, made once: hashing passwords is slow on purpose."""
    folder = tmp_path_factory.mktemp("furnished")
    store = Store(Settings(data=folder, _env_file=None))
    for login, name, role, team in PERSONAS.values():
        users.create(store, login, name, role, PASSWORD, team=team)
    libraries.publish(store, LIBRARY)
    store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    return folder


@pytest.fixture
def settings(furnished: Path, tmp_path: Path) -> Settings:
    """Settings of a folder of this test's own, furnished."""
    return Settings(data=Path(shutil.copytree(furnished, tmp_path / "data")), _env_file=None)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = Store(settings)
    yield opened
    opened.close()


@pytest.fixture
def person(store: Store) -> Callable[[str], User]:
    return lambda persona: users.by_login(store, PERSONAS[persona][0])


@pytest.fixture
def agent(person: Callable[[str], User]) -> User:
    return person("agent")


@pytest.fixture
def other_agent(person: Callable[[str], User]) -> User:
    return person("other_agent")


@pytest.fixture
def lead(person: Callable[[str], User]) -> User:
    return person("lead")


@pytest.fixture
def outsider(person: Callable[[str], User]) -> User:
    return person("outsider")


@pytest.fixture
def editor(person: Callable[[str], User]) -> User:
    return person("editor")


@pytest.fixture
def admin(person: Callable[[str], User]) -> User:
    return person("admin")


@pytest.fixture
def upload(store: Store) -> Callable[..., Call]:
    """Brings a call in for somebody: its lines are what will be heard in it."""

    def bring(user: User, *lines: str, name: str = "call.wav", details: Details | None = None) -> Call:
        recording = recordings.receive(store, [fakes.recording(*lines or ("agent: 您好",))], name)
        return calls.add(store, user, recording, details)[0]

    return bring


@pytest.fixture
def judged(store: Store, upload: Callable[..., Call]) -> Callable[..., Call]:
    """Brings a call in and takes it all the way, with the fake engine."""

    def bring(user: User, *lines: str, **known: object) -> Call:
        call = upload(user, *lines, **known)
        pipeline = Pipeline(store, fakes.FakeEngine())
        for step in STEPS:
            pipeline.run(step, call.id, call.run)
        return calls.load(store, call.id)

    return bring


@pytest.fixture
def ready_call(judged: Callable[..., Call], agent: User) -> Call:
    """A call of the agent that is in the queue."""
    return judged(agent, "customer: 喂", "agent: 您好，这个终身免费", "customer: 不用了")
