"""Where to kill, and what is counted over the kills."""

import random
from dataclasses import dataclass
from typing import Any

from tests.chaos.nursery import Life

AT_PLACES, AT_MOMENTS = 26, 6
"""Kills of each script."""


@dataclass
class Toll:
    """What is counted over the kills of one script."""

    kills: int = 0
    lost: int = 0
    doubled: int = 0

    @property
    def figure(self) -> str:
        return f"{self.kills} kills, {self.lost} lost, {self.doubled} doubled"

    def count(self, life: Life, end: dict[str, Any], wanted: Any, way: dict[str, Any]) -> None:
        """One kill more: nothing lost, nothing wrong, all as if it had not been."""
        self.kills += life.killed
        self.lost += len(end["lost"])
        other = differs(end["told"], wanted)
        self.doubled += bool(other)
        assert not end["lost"], f"{way}: acknowledged and not there: {end['lost']}"
        assert not end["wrong"], f"{way}: {end['wrong']}"
        assert not other, f"{way}: {other}"


def ways(whole: Life, places: int = AT_PLACES, moments: int = AT_MOMENTS) -> list[dict[str, Any]]:
    """Where and when to kill what took so long and came by so many places: another choice in each stretch of them, the
    same in every run."""
    chance = random.Random(whole.points)
    step = max(whole.points / places, 1.0)
    chosen = {min(whole.points, int(start * step) + 1 + chance.randrange(int(step))) for start in range(places)}
    times = [{"after": chance.uniform(0, whole.seconds)} for _ in range(moments)]
    return [*({"point": place} for place in sorted(chosen)), *times]


def differs(found: Any, wanted: Any, where: str = "") -> list[str]:
    """Where two accounts of a folder differ."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        names = sorted(found.keys() | wanted.keys())
        return [line for name in names for line in differs(found.get(name), wanted.get(name), f"{where}/{name}")]
    return [] if found == wanted else [f"{where}: {found} instead of {wanted}"]
