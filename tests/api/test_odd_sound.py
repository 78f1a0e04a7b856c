"""Recordings that are sound but no plain call, through the web and the real models: what their pages say."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assist import standard
from assist.calls import calls
from assist.calls.calls import Call
from assist.config import Settings
from assist.demo import team
from assist.pipeline import STEPS, Pipeline
from assist.store import Store
from tests import sounds
from tests.api.conftest import Browse

pytestmark = pytest.mark.real

CALLED_AT = "2026-11-20T14:31"
"""Within the allowed hours, whatever the clock says while the tests run."""
REAL = team.RECORDINGS / "20261120-1431-shenyue-1108.m4a"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[standard.Standard]:
    """The product's models, loaded once."""
    settings = Settings(data=tmp_path_factory.mktemp("models"), _env_file=None)
    store = Store(settings)
    yield standard.engine(settings, store)
    store.close()


@pytest.fixture
def send(browse: Browse, store: Store, engine: standard.Standard) -> Callable[[Path], tuple[Call, TestClient]]:
    """Uploads a file as the agent and takes its call all the way."""

    def run(path: Path) -> tuple[Call, TestClient]:
        browser = browse("agent")
        told = {"name": path.name, "called_at": CALLED_AT}
        answer = browser.put("/api/recordings", params=told, content=path.read_bytes())
        assert answer.status_code == 201, answer.text
        call = calls.load(store, answer.json()["call"]["id"])
        pipeline = Pipeline(store, engine)
        assert [pipeline.run(step, call.id, call.run) for step in STEPS] == ["done"] * len(STEPS)
        return calls.load(store, call.id), browser

    return run


Send = Callable[[Path], tuple[Call, TestClient]]


def analysis(browser: TestClient, call: Call) -> dict[str, Any]:
    found: dict[str, Any] = browser.get(f"/api/calls/{call.id}/analysis").json()
    return found


@pytest.mark.parametrize(
    "make",
    [
        lambda path: sounds.write(path.with_suffix(".wav"), sounds.ringing(20)),
        lambda path: sounds.write(path.with_suffix(".mp3"), sounds.music(20)),
        lambda path: sounds.write(path.with_suffix(".flac"), sounds.noise(20)),
        lambda path: sounds.write(path.with_suffix(".ogg"), sounds.tone(4, rate=48000), 48000),
        lambda path: sounds.hours_of_silence(path.with_suffix(".flac"), 2),
    ],
    ids=["ringing", "music", "noise", "four seconds", "two hours of silence"],
)
def test_where_nobody_speaks_the_page_says_so_and_judges_nothing(
    send: Send, tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    call, browser = send(make(tmp_path / "call"))
    judged = analysis(browser, call)
    page = browser.get(f"/calls/{call.id}")
    assert (call.state, judged["outcome"]["value"], judged["flags"]) == ("ready", "no-conversation", [])
    assert judged["scores"]["overall"]["value"] is None
    assert page.status_code == 200
    assert "No conversation" in page.text


def test_two_equal_channels_are_shown_as_one_conversation(send: Send, tmp_path: Path) -> None:
    both = sounds.read(REAL).mean(axis=0).astype("int16")[None]
    call, browser = send(sounds.write(tmp_path / "dual.flac", both.repeat(2, axis=0)))
    judged = analysis(browser, call)
    said = [turn["text"] for turn in judged["turns"]]
    assert judged["recording"]["layout"] == "dual-mono"
    assert len(said) == len(set(said)) > 0
    assert said[0] in browser.get(f"/calls/{call.id}").text


def test_a_silent_channel_leaves_the_other_readable(send: Send, tmp_path: Path) -> None:
    channels = sounds.read(REAL)
    channels[1] = 0
    call, browser = send(sounds.write(tmp_path / "half.flac", channels))
    judged = analysis(browser, call)
    assert judged["recording"]["layout"] == "one-channel"
    assert judged["turns"][0]["text"] in browser.get(f"/calls/{call.id}").text
