"""A real server with a worker, and Chromium. Whatever a page writes to its console as an error fails the test."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests import sounds
from tests.browser.chromium import find_chromium
from tests.conftest import PASSWORD, PERSONAS

playwright_api = pytest.importorskip("playwright.sync_api")
Browser, Page = playwright_api.Browser, playwright_api.Page

START_SECONDS = 60


@dataclass(frozen=True)
class Server:
    address: str
    data: Path


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium on this machine; install it or name it in ASSIST_CHROMIUM")
    options = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
    with playwright_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=options)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(chromium: Browser, furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Asked for after Chromium, so that without one no server is started."""
    data = Path(shutil.copytree(furnished, tmp_path_factory.mktemp("browser") / "data"))
    with serving(data, "--engine", "tests.browser.engine:engine", ASSIST_MAX_UPLOAD_BYTES="5000000") as started:
        yield started


@contextmanager
def serving(data: Path, *options: str, **settings: str) -> Iterator[Server]:
    """`assist serve` on a folder; its log is in server.log there."""
    port = free_port()
    command = [sys.executable, "-m", "assist", "serve", "--port", str(port), *options]
    environment = os.environ | {"ASSIST_DATA": str(data), "PYTHONPATH": ".", "ASSIST_WEB_PROCESSES": "1"} | settings
    with (data / "server.log").open("w") as log, subprocess.Popen(command, env=environment, stderr=log) as process:
        try:
            yield Server(once_up(f"http://127.0.0.1:{port}", process, data), data)
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture
def visit(chromium: Browser, server: Server) -> Iterator[Callable[..., Page]]:
    """Opens a signed-in page of a persona; at the end nothing may have gone wrong in it."""
    yield from open_pages(chromium, server)


def open_pages(chromium: Browser, server: Server, patience: int = 30) -> Iterator[Callable[..., Page]]:
    """What the fixture `visit` does, for a server; `patience` in seconds."""
    contexts, wrong = [], []

    def open_page(
        persona: str | None, *, width: int = 1280, language: str = "en", theme: str = "light", **options: Any
    ) -> Page:
        context = chromium.new_context(
            base_url=server.address, viewport={"width": width, "height": 860}, locale=language, **options
        )
        contexts.append(context)
        cookies = {"assist_language": language, "assist_theme": theme}
        context.add_cookies([{"name": key, "value": value, "url": server.address} for key, value in cookies.items()])
        page = context.new_page()
        page.set_default_timeout(patience * 1000)
        _watch(page, server.address, wrong)
        if persona:
            sign_in(page, persona, language)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A stereo wav of 25 seconds under the wanted name, each with bytes of its own."""
    folder = tmp_path_factory.mktemp("recordings")

    def make(name: str) -> Path:
        made = len(list(folder.iterdir()))
        both = [sounds.tone(25, 300 + 10 * made), sounds.tone(25, 500, volume=0.1)]
        return sounds.write(folder / name, np.concatenate(both))

    return make


def sign_in(page: Page, persona: str, language: str) -> None:
    """`persona` is one of the personas or a sign-in name."""
    page.goto("/sign-in")
    page.fill("#login", PERSONAS[persona][0] if persona in PERSONAS else persona)
    page.fill("#password", PASSWORD)
    page.click("form .primary")
    page.wait_for_selector("nav.nav")
    if page.locator("html").get_attribute("lang") != language:
        page.click(f".language button[value={language}]")
        page.wait_for_selector(f"html[lang={language}]")


def _watch(page: Page, address: str, wrong: list[str]) -> None:
    refused = ("401", "403", "404", "409", "413", "422")
    page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    page.on(
        "console",
        lambda message: (
            message.type == "error"
            and not any(f"status of {status}" in message.text for status in refused)
            and wrong.append(f"console: {message.text}")
        ),
    )
    page.on(
        "request", lambda sent: sent.url.startswith((address, "data:", "blob:")) or wrong.append(f"left: {sent.url}")
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def once_up(address: str, process: subprocess.Popen[bytes], data: Path) -> str:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/api/health", timeout=2):
                return address
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"the server did not start:\n{(data / 'server.log').read_text()[-3000:]}")
