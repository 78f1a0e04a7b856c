"""Kill -9 everywhere in what people do: nothing acknowledged is lost, nothing is there twice, files and rows agree.

Each script runs once whole, which counts the places it comes by (every SQL statement, every change of files, every
piece of an upload). Then it runs anew for many of these places, killed there, and for some moments, killed then; it is
recovered as a starting worker does it, and ends by the same deeds. At the end the folder must hold what the whole run
left, row by row and file by file.
"""

import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.deeds import SCRIPTS
from tests.chaos.nursery import Life, Nursery

AT_PLACES, AT_MOMENTS = 24, 8
"""Kills of each script."""

Place = Callable[[], str]


@dataclass
class Toll:
    """What is counted over the kills of one script."""

    kills: int = 0
    lost: int = 0
    doubled: int = 0

    @property
    def figure(self) -> str:
        return f"{self.kills} kills, {self.lost} lost, {self.doubled} doubled"


def chosen(places: int) -> list[int]:
    """Places spread over all of them, another choice in each stretch, the same in every run."""
    chance = random.Random(places)
    step = max(places / AT_PLACES, 1.0)
    return sorted({min(places, int(start * step) + 1 + chance.randrange(int(step))) for start in range(AT_PLACES)})


def ways(whole: Life) -> list[dict[str, Any]]:
    """Where and when to kill."""
    chance = random.Random(whole.points)
    moments = [{"after": chance.uniform(0, whole.seconds)} for _ in range(AT_MOMENTS)]
    return [{"point": place} for place in chosen(whole.points)] + moments


def differs(found: Any, wanted: Any, where: str = "") -> list[str]:
    """Where two accounts of a folder differ."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        names = sorted(found.keys() | wanted.keys())
        return [line for name in names for line in differs(found.get(name), wanted.get(name), f"{where}/{name}")]
    return [] if found == wanted else [f"{where}: {found} instead of {wanted}"]


def count(toll: Toll, life: Life, end: dict[str, Any], wanted: Any, way: dict[str, Any]) -> None:
    """One kill more; nothing lost, nothing wrong, all as if it had not been."""
    toll.kills += life.killed
    toll.lost += len(end["lost"])
    other = differs(end["told"], wanted)
    toll.doubled += bool(other)
    assert not end["lost"], f"{way}: acknowledged and not there: {end['lost']}"
    assert not end["wrong"], f"{way}: {end['wrong']}"
    assert not other, f"{way}: {other}"


@pytest.mark.parametrize("script", SCRIPTS)
def test_what_people_do(
    script: str, nursery: Nursery, house: Path, place: Place, record_property: Callable[[str, str], None]
) -> None:
    begin = place()
    nursery.live("tests.chaos.deeds:furnish", folder=begin, source=str(house), script=script)

    def fresh() -> str:
        return str(shutil.copytree(begin, place()))

    def recovered(folder: str, acknowledged: list[str]) -> dict[str, Any]:
        given = {"folder": folder, "script": script, "acknowledged": acknowledged}
        end: dict[str, Any] = nursery.live("tests.chaos.deeds:recover", **given).result
        shutil.rmtree(folder)
        return end

    folder = fresh()
    whole = nursery.live("tests.chaos.deeds:perform", folder=folder, script=script)
    wanted = recovered(folder, whole.acknowledged)
    assert (wanted["lost"], wanted["wrong"]) == ([], [])
    toll = Toll()
    for way in ways(whole):
        folder = fresh()
        life = nursery.live("tests.chaos.deeds:perform", **way, folder=folder, script=script)
        count(toll, life, recovered(folder, life.acknowledged), wanted["told"], way)
    record_property("figure", f"{script}: {toll.figure}, {whole.points} places")
    assert toll.kills >= min(AT_PLACES, whole.points) * 0.9
