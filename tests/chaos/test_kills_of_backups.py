"""Kill -9 in backups, restores and upgrades: a backup is whole or none, a folder can be used or says that it cannot."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.chaos.nursery import Nursery
from tests.chaos.toll import AT_PLACES, Toll, ways

Place = Callable[[], str]
Record = Callable[[str, str], None]


def furnished(nursery: Nursery, house: Path, place: Place) -> str:
    """A folder with recordings in several states."""
    folder = place()
    shutil.copytree(house, folder)
    nursery.live("tests.chaos.working:bring", folder=folder, first=0, count=3)
    return folder


def killed(nursery: Nursery, deed: str, begin: Callable[[], dict[str, Any]]) -> tuple[Toll, int]:
    """Kills a deed everywhere; `begin` makes what it is given anew each time."""
    given = begin()
    whole = nursery.live(f"tests.chaos.backups:{deed}", **given)
    wanted = nursery.live(f"tests.chaos.backups:after_{deed}", **given, acknowledged=whole.acknowledged).result
    assert (wanted["lost"], wanted["wrong"]) == ([], [])
    toll = Toll()
    for way in ways(whole):
        given = begin()
        life = nursery.live(f"tests.chaos.backups:{deed}", **way, **given)
        end = nursery.live(f"tests.chaos.backups:after_{deed}", **given, acknowledged=life.acknowledged).result
        toll.count(life, end, wanted["told"], way)
    assert toll.kills >= AT_PLACES
    return toll, whole.points


def test_a_backup_is_whole_or_none(nursery: Nursery, house: Path, place: Place, record_property: Record) -> None:
    folder = furnished(nursery, house, place)
    toll, points = killed(nursery, "backup", lambda: {"folder": folder, "target": place()})
    record_property("figure", f"backup: {toll.figure}, {points} places")


def test_a_restore_ends_whole(nursery: Nursery, house: Path, place: Place, record_property: Record) -> None:
    folder, source = furnished(nursery, house, place), place()
    nursery.live("tests.chaos.backups:backup", folder=folder, target=source)
    toll, points = killed(nursery, "restore", lambda: {"source": source, "folder": place()})
    record_property("figure", f"restore: {toll.figure}, {points} places")


def test_an_upgrade_ends_whole(nursery: Nursery, place: Place, record_property: Record) -> None:
    old = place()
    nursery.live("tests.chaos.backups:old_folder", folder=old)
    toll, points = killed(nursery, "upgrade", lambda: {"folder": str(shutil.copytree(old, place()))})
    record_property("figure", f"upgrade: {toll.figure}, {points} places")
