"""Walks the matrix: sends what a row says as every persona, in one event loop, and puts the database back after what
changed it."""

import json
import re
import shutil
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from starlette.types import Receive, Scope, Send

from api import doors
from api.context import COOKIE
from assist.calls import cuts
from assist.config import Settings
from assist.people import sessions, tokens, users
from assist.people.scopes import ALL, SCOPES
from assist.store import Store
from assist.store.clock import now
from tests import fakes
from tests.api import estate
from tests.api.desks import FakeDesk
from tests.api.matrix import Row
from tests.conftest import LIBRARY, PERSONAS

_BODIES: Mapping[str, tuple[str, bytes]] = {
    "yaml": ("application/yaml", LIBRARY.encode()),
    "text": ("application/octet-stream", "# 话术\n\n## 开场白\n\n- 您好\n".encode()),
    "wav": ("application/octet-stream", fakes.recording("agent: 全新的一通")),
}


@dataclass
class Walk:
    """One furnished place and a browser for each persona. `bearers` are tokens of an administrator: for all, and for
    all but a scope, by its name. `met` are the routes that took the requests."""

    app: FastAPI
    store: Store
    client: TestClient
    facts: Mapping[str, object]
    cookies: Mapping[str, str]
    bearers: Mapping[str, str]
    met: list[tuple[str, str]]
    pristine: sqlite3.Connection

    def ask(self, row: Row, persona: str = "", headers: Mapping[str, str] | None = None, **instead: object) -> Response:
        """What a persona is answered, nobody without one; `instead` puts other things for placeholders."""
        facts = {**self.facts, **instead}
        path, kind, body = _filled(row.path, facts), row.kind, _filled(row.body, facts)
        sent: dict[str, Any] = {"headers": {"accept-language": "en", **(headers or {})}}
        if persona:
            sent["headers"]["cookie"] = f"{COOKIE}={self.cookies[persona]}"
        if kind == "form":
            sent["data"] = _form(body)
        elif kind == "json":
            sent["json"] = json.loads(body)
        elif kind == "file":
            sent["files"] = {"file": ("library.yaml", LIBRARY.encode())}
        elif kind == "same":
            sent["content"] = self.facts["bytes"]
        elif kind:
            sent["headers"]["content-type"], sent["content"] = _BODIES[kind]
        return self.client.request(row.method, path, **sent)

    def restore(self) -> None:
        """Puts every row back as it was made."""
        for thread in threading.enumerate():
            if "(_run)" in thread.name:
                thread.join(20)
        live = sqlite3.connect(self.store.settings.database, timeout=20)
        live.execute("PRAGMA synchronous = OFF")
        self.pristine.backup(live)
        live.close()


@contextmanager
def walk(built: FastAPI, furnished: Path, folder: Path) -> Iterator[Walk]:
    """A place of its own in `folder`, with everything of `estate` in it."""
    settings = Settings(data=Path(shutil.copytree(furnished, folder / "data")), _env_file=None)
    store, met = Store(settings), list[tuple[str, str]]()
    facts = estate.furnish(store) | {"today": now().astimezone(settings.zone).date().isoformat()}
    facts["bytes"] = _bytes(store, int(str(facts["call_id"])))
    cookies = {name: sessions.start(store, users.by_login(store, who[0]), "walk") for name, who in PERSONAS.items()}
    bearers = _bearers(store)
    facts["session_agent_id"] = store.value("SELECT max(id) FROM sessions WHERE user_id = ?", [facts["agent_id"]])
    built.state.settings, built.state.store, built.state.desk = settings, store, FakeDesk(store)
    built.state.submit = lambda _store, _call: None
    store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    pristine = sqlite3.connect(":memory:", check_same_thread=False)
    with sqlite3.connect(settings.database) as source:
        source.backup(pristine)
    source.close()
    before, built.router.lifespan_context = built.router.lifespan_context, _nothing
    cut, cuts.sound = cuts.sound, _cut
    try:
        with TestClient(_noting(built, met), follow_redirects=False) as client:
            yield Walk(built, store, client, facts, cookies, bearers, met, pristine)
    finally:
        built.router.lifespan_context, cuts.sound = before, cut
        pristine.close()
        store.close()


def _bearers(store: Store) -> dict[str, str]:
    admin = users.by_login(store, PERSONAS["admin"][0])
    made = {scope: tokens.issue(store, admin, "walk", [one for one in SCOPES if one != scope]) for scope in SCOPES}
    made |= {ALL: tokens.issue(store, admin, "walk")}
    return {name: f"Bearer {token}" for name, token in made.items()}


def _cut(settings: Settings, *_: Any, **__: Any) -> Path:
    """A sound that nobody has to decode for it."""
    path = settings.data / "cut.wav"
    path.write_bytes(fakes.recording())
    return path


@asynccontextmanager
async def _nothing(app: FastAPI) -> Any:
    yield


def _noting(app: FastAPI, met: list[tuple[str, str]]) -> Any:
    """The app, writing down which route took each request."""

    async def noted(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope, receive, send)
        if scope["type"] == "http":
            met.append((scope["method"], doors.template(scope)))

    return noted


def _bytes(store: Store, call_id: int) -> bytes:
    sha256 = store.value("SELECT sha256 FROM calls WHERE id = ?", [call_id])
    found = next(store.settings.data.glob(f"recordings/*/{sha256}"))
    return found.read_bytes()


def _filled(text: str, facts: Mapping[str, object]) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: str(facts.get(found[1], found[0])), text)


def _form(body: str) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {}
    for name, value in parse_qsl(body, keep_blank_values=True):
        given.setdefault(name, []).append(value)
    return given
