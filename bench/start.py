"""How long a server on a filled store takes to start and to stop: `python -m bench.start [--folder data/bench]`.

From the command to the first answer of /health and of a page with data behind it, and from SIGTERM to the end of the
process. The first start may upgrade the store, which is told apart. What fills the folder is `bench.fill`.
"""

import argparse
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from api.context import COOKIE
from assist.config import Settings
from assist.people import sessions, users
from assist.store import Store
from bench.fill import FOLDER

LIMITS = {"to /health": 3.0, "to the first page": 3.0, "to stop": 5.0}
"""Seconds they may take with 100,000 calls, on a machine that has nothing else to do."""
_PATIENCE = 60.0


def main() -> None:
    options = _options()
    settings = Settings(data=options.folder, _env_file=None)
    if not settings.database.exists():
        sys.exit(f"{options.folder} is empty; fill it first: python -m bench.fill --folder {options.folder}")
    begun = time.perf_counter()
    store = Store(settings)
    calls, opened = store.value("SELECT count(*) FROM calls"), time.perf_counter() - begun
    cookie = f"{COOKIE}={sessions.start(store, users.by_login(store, 'lead1'), 'bench')}"
    store.close()
    print(f"{calls:,} calls; opening the store for the first time took {opened:.2f} s")
    starts = [_once(options.folder, cookie) for _ in range(options.times)]
    for name, times in zip(LIMITS, zip(*starts, strict=True), strict=True):
        median = statistics.median(times)
        print(f"{name:<20}{median:>7.2f} s, at most {max(times):.2f} s of {LIMITS[name]:.0f}")


def _once(folder: Path, cookie: str) -> tuple[float, float, float]:
    """Seconds to the first answer, to the first page, and to the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "assist", "serve", "--no-worker", "--port", str(port)]
    begun = time.perf_counter()
    process = subprocess.Popen(command, env=os.environ | {"ASSIST_DATA": str(folder)}, stderr=subprocess.DEVNULL)
    try:
        alive = _until(port, "/health", cookie) - begun
        page = _until(port, "/calls", cookie) - begun
        asked = time.perf_counter()
        process.send_signal(signal.SIGTERM)
        process.wait(_PATIENCE)
        return alive, page, time.perf_counter() - asked
    finally:
        process.kill()


def _until(port: int, path: str, cookie: str) -> float:
    """When the address answered."""
    deadline = time.monotonic() + _PATIENCE
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"cookie": cookie})
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(request, timeout=_PATIENCE).close()  # noqa: S310 our own server
            return time.perf_counter()
        except urllib.error.HTTPError as error:
            sys.exit(f"{path} answered {error.code}")
        except OSError:
            time.sleep(0.01)
    sys.exit("the server did not start")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--times", type=int, default=5)
    return parser.parse_args()


if __name__ == "__main__":
    main()
