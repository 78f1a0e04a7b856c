"""A team to take pictures of: calls that the product judged once (tests/data/judged-practice.json.gz, practice calls of
`mobile-plan`), brought in anew over four weeks, with a talk held, an agreement kept, clips and a dispute."""

import gzip
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from assist.calls import calls, recordings
from assist.calls.details import Details
from assist.coaching import agreements, clips, disputes, playlists, sessions
from assist.config import Settings
from assist.people import users
from assist.people.users import User
from assist.pipeline import STEPS, Pipeline
from assist.store import Store, libraries
from assist.store.clock import now
from assist.transcript import Transcript, Turn
from tests import fakes, sounds
from tests.conftest import PASSWORD

JUDGED = Path("tests/data/judged-practice.json.gz")
LIBRARY = Path("assist/analysis/knowledge/practice/mobile-plan/library.yaml")
CAMPAIGN = "mobile-plan"
TEAM = (
    ("wanglei", "王磊", 640), ("xuting", "徐婷", 410), ("chenxiao", "陈晓", 220), ("zhaomin", "赵敏", 150),
    ("linyue", "林悦", 26), ("hejun", "何军", 9),
)  # fmt: skip
LEAD, EDITOR, ADMIN, AGENT = "liuyang", "qianwen", "guanli", "chenxiao"
BETTER, WORSE = (0, 4, 6, 9, 10, 12), (1, 2, 3, 5, 7, 8, 11, 13)
"""Which of the judged calls are the better ones."""


class Shown(fakes.FakeEngine):
    """Hears and judges each recording as the known call whose number it carries."""

    def __init__(self) -> None:
        super().__init__()
        self.known: list[dict[str, Any]] = json.loads(gzip.decompress(JUDGED.read_bytes()))
        self.hearing.hear = self._hear  # type: ignore[method-assign]

    def peaks(self, recording: Path) -> list[list[float]]:
        return [[abs((7 * step * step) % 97) / 97 for step in range(600)] for _ in range(2)]

    def judge(self, transcript: Transcript, library: Any, case: Any) -> dict[str, Any]:
        known = next(one for one in self.known if one["turns"][1][3] == transcript.turns[1].text)
        report: dict[str, Any] = known["report"]
        return report | {"recording": report["recording"] | {"sha256": case.sha256}}

    def _hear(self, recording: Path, library: Any, progress: Any) -> Transcript:
        number = int(recording.read_bytes()[-4:])
        turns = tuple(Turn(place, *turn) for place, turn in enumerate(self.known[number]["turns"]))
        seconds = self.known[number]["report"]["recording"]["seconds"]
        return Transcript(turns, layout="stereo", channels=2, seconds=seconds, speech_seconds=0.8 * seconds)


def furnish(data: Path) -> None:
    """Fills an empty folder."""
    store = Store(Settings(data=data, _env_file=None))
    store.db.execute("PRAGMA synchronous = OFF")
    people = _people(store)
    libraries.publish(store, LIBRARY.read_bytes(), people[EDITOR], now() - timedelta(days=40), note="三月套餐话术")
    engine = Pipeline(store, Shown())
    sound = sounds.write(data / "tone.wav", sounds.tone(240, 300, volume=0.05)).read_bytes()
    made = {login: _month(store, engine, sound, people[login], place) for place, (login, _, _) in enumerate(TEAM)}
    _coach(store, people, made[AGENT])
    _share(store, people, made["wanglei"])
    _dispute(store, people[AGENT])
    store.close()


def _people(store: Store) -> dict[str, User]:
    def add(login: str, name: str, role: str, team: str | None, days: int = 0) -> User:
        joined = (now() - timedelta(days=days)).date() if days else None
        return users.create(store, login, name, role, PASSWORD, team=team, joined_on=joined)

    made = [add(ADMIN, "管理员", "admin", None), add(EDITOR, "钱文", "editor", None)]
    made += [add(LEAD, "刘洋", "lead", "一组"), add("sunli", "孙丽", "lead", "二组")]
    made += [add(login, name, "agent", "一组", days) for login, name, days in TEAM]
    return {user.login: user for user in made}


def _month(store: Store, engine: Pipeline, sound: bytes, agent: User, place: int) -> list[int]:
    """A call every other day for four weeks; who is in the middle of the list gets better after two."""
    made = []
    for step in range(14):
        day = 28 - 2 * step
        good = place < 2 or (place == 2 and day < 15)
        pool = BETTER if good != (step % 4 == 3) else WORSE
        number = pool[(step + place) % len(pool)]
        at = (now() - timedelta(days=day)).replace(hour=2 + place % 6, minute=7 * step % 60)
        content = sound + f"{place:03d}{step:03d}{number:04d}".encode()
        recording = recordings.receive(store, [content], f"{at:%Y%m%d-%H%M}-{agent.login}.wav")
        details = Details(called_at=min(at, now()), campaign=CAMPAIGN, customer="周先生")
        call, _ = calls.add(store, agent, recording, details)
        for one in STEPS:
            engine.run(one, call.id, call.run)
        made.append(call.id)
    return made


def _coach(store: Store, people: dict[str, User], ids: list[int]) -> None:
    lead, agent = people[LEAD], people[AGENT]
    held = now() - timedelta(days=15)
    session = sessions.begin(store, lead, agent.id, [sessions.Moment(ids[5], 30.0, "我这会儿正忙呢")], held_at=held)
    until: datetime = held + timedelta(days=12)
    agreements.agree(store, lead, session.id, "先认同，再问一句原因", "score:rejection_handling", until.date())
    sessions.sign(store, lead, session.id)
    sessions.sign(store, agent, session.id)
    sessions.plan(store, lead, agent.id, now() + timedelta(days=1))


def _share(store: Store, people: dict[str, User], ids: list[int]) -> None:
    lead = people[LEAD]
    for number, title in enumerate(("先确认对方是谁", "对方说贵，先问他现在用什么", "客户说忙，约好再打")):
        clip = clips.add(
            store, lead, ids[number], 1.0 + 20 * number, 31.0 + 20 * number, title,
            ("newcomer", "model", "experienced")[number], shared="team", note="听他停下来等客户说完。",
        )  # fmt: skip
        if number == 0:
            shelf = playlists.create(store, lead, "新人必听")
        playlists.put(store, lead, shelf.id, clip.id)


def _dispute(store: Store, agent: User) -> None:
    row = store.row(
        """SELECT f.call_id, f.start FROM flags f JOIN calls c ON c.id = f.call_id
           WHERE c.agent_id = ? AND f.rule = 'forbidden' ORDER BY c.called_at DESC LIMIT 1""",
        [agent.id],
    )
    if row is None:
        return
    report = calls.analysis(store, calls.load(store, row["call_id"])) or {}
    said = report["forbidden"][0]
    disputes.raise_dispute(store, agent, row["call_id"], f"forbidden:{said['id']}@{said['start']}", "我说的是首月优惠")
