"""Kill -9 everywhere in what people do: nothing acknowledged is lost, nothing is there twice, files and rows agree.

Each script runs once whole, which counts the places it comes by (every SQL statement, every change of files, every
piece of an upload). Then it runs anew for many of these places, killed there, and for some moments, killed then; it is
recovered as a starting worker does it, and ends by the same deeds. At the end the folder must hold what the whole run
left, row by row and file by file.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.deeds import SCRIPTS
from tests.chaos.nursery import Nursery
from tests.chaos.toll import AT_PLACES, Toll, ways

Place = Callable[[], str]


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
        toll.count(life, recovered(folder, life.acknowledged), wanted["told"], way)
    record_property("figure", f"{script}: {toll.figure}, {whole.points} places")
    assert toll.kills >= AT_PLACES
