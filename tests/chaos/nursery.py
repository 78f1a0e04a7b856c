"""A process that has imported everything and forks a child for each deed, so that a kill costs milliseconds.

It reads one JSON object a line and answers with one; `Nursery` is its other end. A child is killed with SIGKILL, by
itself at a place (`tests.chaos.points`) or from outside after some time. What it acknowledged before comes over a pipe,
as an answer comes over a wire.
"""

import gc
import importlib
import json
import os
import select
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

HOUSE = Path(__file__).resolve().parents[2]
LONGEST_SECONDS = 60.0

Acknowledge = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Life:
    """What became of a child: whether it was killed by us, what it acknowledged, what it gave back at its end and how
    many places it came by."""

    killed: bool
    acknowledged: list[str]
    result: Any
    points: int
    seconds: float


class Nursery:
    """The forking process, for as long as this is open."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=HOUSE,
            env=os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(HOUSE)},
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=LONGEST_SECONDS)

    def live(self, deed: str, *, point: int | None = None, after: float | None = None, **given: Any) -> Life:
        """Lets a child do `module:function`(acknowledge, points, **given): to its end, to a place or for so many
        seconds. A child that fails by itself fails the test."""
        asked = {"deed": deed, "given": given, "point": point, "after": after}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        error = answer.pop("error")
        assert not error, error
        return Life(**answer)


def _raise(asked: dict[str, Any]) -> dict[str, Any]:
    """Forks, waits, tells."""
    began = time.monotonic()
    read, write = os.pipe()
    gc.collect()
    gc.freeze()  # a child that collects garbage would copy every page of its parent's memory
    child = os.fork()
    if not child:
        os.close(read)
        _live(asked, write)
    os.close(write)
    lines, in_time = _listen(read, began + (asked["after"] if asked["after"] is not None else LONGEST_SECONDS))
    if not in_time:
        os.kill(child, signal.SIGKILL)
        lines += _listen(read, began + LONGEST_SECONDS)[0]
    os.close(read)
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    told = [json.loads(line) for line in b"".join(lines).splitlines()]
    end: dict[str, Any] = next((one for one in told if "end" in one), {})
    for name in end.get("modules", ()):  # the next child finds them imported
        with suppress(ImportError):
            importlib.import_module(name)
    error = end.get("error", "" if killed and (asked["after"] is not None or asked["point"]) else f"status {status}")
    return {
        "killed": killed,
        "acknowledged": [one["ack"] for one in told if "ack" in one],
        "result": end.get("end"),
        "points": end.get("points", 0),
        "seconds": time.monotonic() - began,
        "error": error,
    }


def _live(asked: dict[str, Any], wire: int) -> None:
    """The child; it never returns."""
    from tests.chaos.points import Points

    points, write, known = Points(asked["point"]), os.write, set(sys.modules)

    def acknowledge(what: str) -> None:
        points.reached()
        write(wire, (json.dumps({"ack": what}) + "\n").encode())

    try:
        module, _, function = asked["deed"].partition(":")
        deed = getattr(importlib.import_module(module), function)
        points.watch()
        end = {"end": deed(acknowledge, points, **asked["given"]), "points": points.passed, "error": ""}
    except BaseException:
        end = {"end": None, "points": points.passed, "error": traceback.format_exc()}
    end["modules"] = [name for name in sys.modules if name not in known]
    write(wire, (json.dumps(end) + "\n").encode())
    os._exit(0)


def _listen(pipe: int, until: float) -> tuple[list[bytes], bool]:
    """What comes over the pipe, and whether the other end was closed in time."""
    lines = []
    while (left := until - time.monotonic()) > 0:
        if not select.select([pipe], [], [], left)[0]:
            return lines, False
        chunk = os.read(pipe, 65536)
        if not chunk:
            return lines, True
        lines.append(chunk)
    return lines, False


def main() -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what children write to their output is not an answer
    for name in ("deeds", "backups", "working"):
        importlib.import_module(f"tests.chaos.{name}")
    for line in sys.stdin:
        print(json.dumps(_raise(json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()
