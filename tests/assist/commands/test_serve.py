"""`assist serve` as a process: web app and worker come up together and go down together."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from assist.calls import calls
from assist.worker import _as_environment

HOUSE = Path(__file__).resolve().parents[3]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(settings, *options):
    command = [sys.executable, "-m", "assist", "serve", "--engine", "tests.fakes:engine", *options]
    environment = os.environ | _as_environment(settings) | {"PYTHONPATH": str(HOUSE), "ASSIST_LANGUAGE": "en"}
    return subprocess.Popen(command, cwd=HOUSE, env=environment, stderr=subprocess.PIPE, text=True)


def wait(condition):
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def answers(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/openapi.json", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_serves_works_refuses_a_second_and_stops(settings, store, upload, agent, sign):
    call = upload(agent)
    port = free_port()
    server = start(settings, "--port", str(port))
    try:
        wait(lambda: answers(port))
        wait(lambda: calls.load(store, call.id).state == "ready")
        second = start(settings, "--port", str(free_port()))
        said = second.communicate(timeout=30)[1].strip().splitlines()
        assert second.returncode == 1
        assert len(said) == 1
        assert "Another server" in said[0]
        server.send_signal(sign)
        assert server.wait(10) == 0
    finally:
        server.kill()
        server.communicate()
    assert not answers(port)


def test_a_port_that_is_taken_is_said_in_one_line(settings):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        server = start(settings, "--port", str(port))
        said = server.communicate(timeout=30)[1].strip().splitlines()
    assert server.returncode == 1
    assert len(said) == 1
    assert str(port) in said[0]
