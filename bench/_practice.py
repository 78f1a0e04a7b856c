"""A few hundred invented calls, each a practice call with a line left out or another one's in its place, heard by
nobody and judged by the product: what a large store is made of."""

import random
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from assist.calls import calls, recordings
from assist.calls.details import Details
from assist.engine import Case
from assist.people.users import User
from assist.pipeline import STEPS, Pipeline
from assist.ports import Progress
from assist.scripts.library import Library
from assist.standard import Standard
from assist.store import Store, libraries
from assist.transcript import Transcript, Turn

PRACTICE = Path("assist/analysis/knowledge/practice")
CAMPAIGNS = ("mobile-plan", "gym-membership", "water-purifier")
LEFT_OUT, SWAPPED = 0.15, 0.06
PACE, PAUSE = 4.5, 0.6
"""Characters a second, seconds between turns."""


class Told:
    """Hears nothing: the transcript of a recording is the one that was made for it."""

    name = "bench-told-1"

    def __init__(self) -> None:
        self.told: dict[str, Transcript] = {}

    def hear(self, recording: Path, library: Library, progress: Progress) -> Transcript:
        return self.told[recording.name]


class Judging:
    """The product's engine, but for hearing."""

    def __init__(self, standard: Standard) -> None:
        self.hearing, self._standard = Told(), standard

    def peaks(self, recording: Path) -> list[list[float]]:
        return [[0.1, 0.9, 0.4, 0.7] * 200, [0.6, 0.2, 0.8, 0.1] * 200]

    def judging(self, rubric: str | None) -> str:
        return self._standard.judging(rubric)

    def judge(self, transcript: Transcript, library: Library, case: Case) -> dict[str, Any]:
        return self._standard.judge(transcript, library, case)


def publish(store: Store, admin: User, begins: datetime) -> None:
    for name in CAMPAIGNS:
        libraries.publish(store, (PRACTICE / name / "library.yaml").read_bytes(), admin, begins)


def bring_in(store: Store, agents: list[User], count: int, at: datetime, chance: random.Random) -> Iterator[int]:
    """Ids of judged calls, one after the other: the agents and the campaigns in turn."""
    engine = Judging(Standard(store.settings, store))
    pipeline = Pipeline(store, engine)
    known = {name: _known(name) for name in CAMPAIGNS}
    for number in range(count):
        campaign = CAMPAIGNS[number % len(CAMPAIGNS)]
        heard = _varied(known[campaign], number, chance)
        recording = recordings.receive(store, [b"RIFF\0\0\0\0WAVE" + f"bench {number}".encode()], f"bench-{number}.wav")
        engine.hearing.told[recording.sha256] = heard
        details = Details(campaign=campaign, called_at=at, customer="冯女士")
        call, _ = calls.add(store, agents[number % len(agents)], recording, details)
        for step in STEPS:
            pipeline.run(step, call.id, call.run)
        yield call.id


def _known(campaign: str) -> list[list[tuple[str, str]]]:
    files = sorted((PRACTICE / campaign / "calls").glob("*.yaml"))
    return [[(row["who"], row["text"]) for row in yaml.safe_load(path.read_text("utf-8"))["turns"]] for path in files]


def _varied(known: list[list[tuple[str, str]]], number: int, chance: random.Random) -> Transcript:
    """The first round of calls is as they are."""
    lines = known[number // len(CAMPAIGNS) % len(known)]
    if number >= len(known) * len(CAMPAIGNS):
        lines = list(_mixed(lines, chance.choice(known), chance))
    turns: list[Turn] = []
    at = 1.0
    for who, text in lines:
        end = at + max(0.8, len(text) / PACE)
        turns.append(Turn(len(turns), "customer" if who == "customer" else "agent", at, end, text))
        at = end + PAUSE
    return Transcript(tuple(turns), layout="stereo", channels=2, seconds=at, speech_seconds=at - PAUSE * len(turns))


def _mixed(
    lines: list[tuple[str, str]], others: list[tuple[str, str]], chance: random.Random
) -> Iterator[tuple[str, str]]:
    for place, (who, text) in enumerate(lines):
        dice = chance.random()
        if place and dice < LEFT_OUT:
            continue
        swapped = [other for other in others[place : place + 4] if other[0] == who]
        yield swapped[0] if dice > 1 - SWAPPED and swapped else (who, text)
