"""How long pages take over a filled store, while twenty people ask: `python -m bench.pages [--folder data/bench]`.

Leads and agents, each signed in, open the pages of their day in an order of their own and look at each for a moment
(`--pause 0`: the next request is under way as soon as the last is answered). The server is `assist serve`; what fills
the folder is `bench.fill`.
"""

import argparse
import os
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import quote

from api.context import COOKIE
from assist.config import Settings
from assist.people import sessions, users
from assist.people.users import User
from assist.store import Store
from bench.fill import FOLDER

MEDIAN, LATE = 0.3, 1.0
"""Seconds that half of the answers, and 95 of 100, may take."""
LEADS, AGENTS = 12, 8
START_SECONDS = 120
WORDS = ("太贵了", "套餐 流量", "再考虑", "体验课", "“不需要”", "净水器 -滤芯", "别再打")

PAGES = {
    "lead": {
        "queue": "/queue",
        "queue, one rule": "/queue?rule=forbidden",
        "agent": "/coaching/agents/{agent}",
        "brief": "/coaching/agents/{agent}/brief",
        "team figures": "/figures",
        "evening meeting": "/meetings/evening",
        "noon hour": "/meetings/noon",
        "cases": "/cases",
        "search, words": "/search?q={words}",
        "search, found": "/search?objection={objection}",
        "calls": "/calls",
        "calls, filtered": "/calls?agent={agent}&weak=opening",
        "call": "/calls/{call}",
        "library": "/library/{campaign}",
        "what works": "/library/{campaign}/works",
        "honesty": "/honesty",
        "rules": "/rules",
    },
    "agent": {
        "me": "/me",
        "my calls": "/calls",
        "agent's own one-on-ones": "/coaching/agents/{agent}",
        "search, words": "/search?q={words}",
        "library": "/library/{campaign}",
        "my call": "/calls/{call}",
        "cases": "/cases",
    },
}


@dataclass
class Tally:
    """Seconds by page, and the pages that did not answer as they should."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    statuses: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, page: str, seconds: float, status: int) -> None:
        with self.lock:
            (self.seconds[page] if status == 200 else []).append(seconds)
            if status != 200:
                self.statuses[page].add(status)


class Visitor(threading.Thread):
    """One person with a browser: the pages of the role, again and again."""

    def __init__(
        self, store: Store, user: User, port: int, rounds: int, tally: Tally, options: argparse.Namespace
    ) -> None:
        super().__init__()
        self._port, self._rounds, self._tally = port, rounds, tally
        self._cookie = f"{COOKIE}={sessions.start(store, user, 'bench')}"
        self._chance = random.Random(user.id)  # noqa: S311 the same visit every time
        only, self._pause = options.only, options.pause
        self._pages = {name: at for name, at in PAGES[user.role].items() if not only or name in only}
        self._calls = _calls_of(store, user)

    def run(self) -> None:
        line = HTTPConnection("127.0.0.1", self._port, timeout=60)
        for _ in range(self._rounds):
            for name in self._chance.sample(sorted(self._pages), len(self._pages)):
                time.sleep(self._chance.expovariate(1 / self._pause) if self._pause else 0)
                begun = time.perf_counter()
                status = self._open(line, self._address(self._pages[name]))
                self._tally.note(name, time.perf_counter() - begun, status)

    def _open(self, line: HTTPConnection, address: str) -> int:
        """The status of the answer, 0 without one."""
        try:
            line.request("GET", address, headers={"cookie": self._cookie, "accept-language": "zh-CN"})
            answer = line.getresponse()
            answer.read()
        except (OSError, HTTPException):
            line.close()
            return 0
        return answer.status

    def _address(self, page: str) -> str:
        call, agent, campaign, objection = self._chance.choice(self._calls)
        words = quote(self._chance.choice(WORDS))
        return page.format(agent=agent, call=call, campaign=campaign, words=words, objection=objection)


def _calls_of(store: Store, user: User) -> list[tuple[int, int, str, str]]:
    """(call, agent, campaign, an objection in it) of some recent calls of this person."""
    mine = "c.agent_id" if user.role == "agent" else "c.team_id"
    rows = store.rows(
        f"""SELECT c.id, c.agent_id, c.campaign, max(o.objection) AS objection
            FROM calls c JOIN raised_objections o ON o.call_id = c.id WHERE {mine} = ?
            GROUP BY c.id ORDER BY c.called_at DESC LIMIT 200""",
        [user.id if user.role == "agent" else user.team_id],
    )
    return [(row["id"], row["agent_id"], row["campaign"], row["objection"]) for row in rows]


def main() -> None:
    options = _options()
    settings = Settings(data=options.folder, _env_file=None)
    if not settings.database.exists():
        sys.exit(f"{options.folder} is empty; fill it first: python -m bench.fill --folder {options.folder}")
    store, tally = Store(settings), Tally()
    with server(options.folder) as port:
        visit(store, port, 1, Tally(), options)  # what is kept after the first time
        begun = time.perf_counter()
        visit(store, port, options.rounds, tally, options)
        wall = time.perf_counter() - begun
    tell(store, tally, wall)


def visit(store: Store, port: int, rounds: int, tally: Tally, options: argparse.Namespace) -> None:
    people = [user for role, most in (("lead", LEADS), ("agent", AGENTS)) for user in _some(store, role, most)]
    visitors = [Visitor(store, user, port, rounds, tally, options) for user in people]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()


def _some(store: Store, role: str, most: int) -> list[User]:
    known = [user for user in users.listing(store) if user.role == role]
    return known[:: max(1, len(known) // most)][:most]


@contextmanager
def server(folder: Path) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "assist", "serve", "--no-worker", "--port", str(port)]
    with subprocess.Popen(command, env=os.environ | {"ASSIST_DATA": str(folder)}, stderr=subprocess.DEVNULL) as process:
        try:
            _wait(port)
            yield port
        finally:
            process.terminate()


def _wait(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    sys.exit("the server did not start")


def tell(store: Store, tally: Tally, wall: float) -> None:
    everything = [seconds for times in tally.seconds.values() for seconds in times]
    calls = store.value("SELECT count(*) FROM calls")
    print(f"{calls:,} calls, {LEADS + AGENTS} people at once, {len(everything) / wall:.0f} pages a second")
    print(f"{'page':<26}{'n':>6}{'median':>10}{'of 300 ms':>11}{'95th':>10}{'of 1 s':>9}")
    for page, times in sorted([("all", everything), *tally.seconds.items()]):
        if times:
            median, late = statistics.median(times), _late(times)
            print(f"{page:<26}{len(times):>6}{median * 1000:>7.0f} ms{median / MEDIAN:>11.2f}"
                  f"{late * 1000:>7.0f} ms{late / LATE:>9.2f}")  # fmt: skip
    for page, statuses in sorted(tally.statuses.items()):
        print(f"{page:<26} answered {', '.join(map(str, sorted(statuses)))}")


def _late(times: list[float]) -> float:
    return sorted(times)[min(len(times) - 1, int(0.95 * len(times)))]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--rounds", type=int, default=4, help="how often each person opens each page")
    parser.add_argument("--pause", type=float, default=1.0, help="seconds a page is looked at, on average")
    parser.add_argument("--only", nargs="+", default=[], metavar="PAGE", help="names of pages; without it all")
    return parser.parse_args()


if __name__ == "__main__":
    main()
