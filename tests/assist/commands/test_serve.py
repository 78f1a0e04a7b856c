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
from assist.people import tokens
from assist.worker import _as_environment

HOUSE = Path(__file__).resolve().parents[3]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(settings, *options, processes="1"):
    command = [sys.executable, "-m", "assist", "serve", "--engine", "tests.fakes:engine", *options]
    environment = os.environ | _as_environment(settings) | {"PYTHONPATH": str(HOUSE), "ASSIST_LANGUAGE": "en"}
    environment["ASSIST_WEB_PROCESSES"] = processes
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


def processes_of(server):
    """The ids of the processes that answer requests beside the one that watches over them."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words, parent = (
                (folder / "cmdline").read_bytes(),
                (folder / "stat").read_text().rpartition(")")[2].split()[1],
            )
        except OSError:
            continue
        if int(parent) == server.pid and b"spawn_main" in words:
            found.append(int(folder.name))
    return found


def test_processes_share_a_port_and_one_that_dies_is_replaced(settings):
    port = free_port()
    server = start(settings, "--no-worker", "--port", str(port), processes="2")
    try:
        wait(lambda: answers(port))
        before = processes_of(server)
        assert len(before) == 2
        os.kill(before[0], signal.SIGKILL)
        wait(lambda: len(after := processes_of(server)) == 2 and before[0] not in after)
        wait(lambda: answers(port))
        server.send_signal(signal.SIGTERM)
        assert server.wait(10) == 0
    finally:
        server.kill()
        server.communicate()
    wait(lambda: not any(Path(f"/proc/{each}").exists() for each in before))


def test_none_of_them_outlives_the_one_that_watches(settings):
    port = free_port()
    server = start(settings, "--no-worker", "--port", str(port), processes="2")
    wait(lambda: answers(port))
    children = processes_of(server)
    server.kill()
    server.communicate()
    wait(lambda: not answers(port))
    wait(
        lambda: (
            not any(Path(f"/proc/{each}/cmdline").read_bytes() for each in children if Path(f"/proc/{each}").exists())
        )
    )


def test_what_the_processes_count_is_told_together(settings, store, admin):
    """A scrape reaches one of them; it tells of the requests that the other answered too."""
    token = tokens.issue(store, admin, "prometheus")
    port, asked = free_port(), 40
    server = start(settings, "--no-worker", "--port", str(port), processes="2")
    try:
        wait(lambda: answers(port))
        for _ in range(asked):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=10).close()
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/api/metrics", headers={"authorization": f"Bearer {token}"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            lines = answer.read().decode().splitlines()
    finally:
        server.kill()
        server.communicate()
    counted = [line for line in lines if line.startswith("assist_requests_total{") and 'route="/health"' in line]
    assert sum(float(line.rpartition(" ")[2]) for line in counted) == asked
