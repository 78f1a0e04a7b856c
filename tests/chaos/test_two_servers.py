"""One server to a folder: the second is refused with one sentence, and one that was killed is in nobody's way."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

from assist.commands.run import AnotherServer
from assist.config import Settings
from assist.console import one_line
from assist.worker import _as_environment

HOUSE = Path(__file__).resolve().parents[2]
LONGEST_SECONDS = 90


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(settings: Settings, port: int) -> subprocess.Popen[str]:
    environment = os.environ | _as_environment(settings) | {"OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "assist", "serve", "--no-worker", "--port", str(port)]
    return subprocess.Popen(command, env=environment, cwd=HOUSE, stderr=subprocess.PIPE, text=True)


def answers(port: int) -> bool:
    deadline = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < deadline:
        with suppress(OSError):
            return bool(urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5).status == 200)
        time.sleep(0.1)
    return False


@pytest.mark.timeout(300)
def test_the_second_server_is_refused_until_the_first_is_gone(settings: Settings) -> None:
    first_port, second_port = free_port(), free_port()
    first = serve(settings, first_port)
    try:
        assert answers(first_port)
        second = serve(settings, second_port)
        _, told = second.communicate(timeout=LONGEST_SECONDS)
        assert second.returncode == 1
        assert told.strip().splitlines()[-1] == one_line(AnotherServer(data=settings.data).text(settings.language))
        assert answers(first_port)
    finally:
        first.kill()
        first.communicate(timeout=LONGEST_SECONDS)
    third = serve(settings, second_port)
    try:
        assert answers(second_port)
    finally:
        third.kill()
        third.communicate(timeout=LONGEST_SECONDS)
