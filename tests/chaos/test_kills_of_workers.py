"""Kill -9 in the worker, with the real work queue: every call becomes ready in the run it is in, none is heard twice.

One folder lives through all kills: the worker is started, killed at a place or a moment, started again. When all is
done more recordings come in, and ready calls are judged again.
"""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.chaos.nursery import Nursery

KILLS = 48
TOGETHER = 3
"""Recordings that come in at a time."""


@pytest.mark.timeout(600)
def test_the_worker_may_die_anywhere(
    nursery: Nursery, house: Path, record_property: Callable[[str, str], None]
) -> None:
    folder, chance = str(house), random.Random(7)
    nursery.live("tests.chaos.working:bring", folder=folder, first=0, count=TOGETHER)
    whole = nursery.live("tests.chaos.working:work", folder=folder)
    kills, brought = 0, TOGETHER
    while kills < KILLS:
        nursery.live("tests.chaos.working:bring", folder=folder, first=brought, count=TOGETHER)
        brought += TOGETHER
        if brought % (3 * TOGETHER) == 0:
            nursery.live("tests.chaos.working:again", folder=folder, most=3)
        ended = False
        while not ended and kills < KILLS:
            at_place = kills % 2 == 0
            way = (
                {"point": chance.randrange(1, whole.points)}
                if at_place
                else {"after": chance.uniform(0, whole.seconds)}
            )
            life = nursery.live("tests.chaos.working:work", **way, folder=folder)
            kills += life.killed
            ended = not life.killed
    ready = nursery.live("tests.chaos.working:work", folder=folder).result
    found = nursery.live("tests.chaos.working:look", folder=folder).result
    doubled = [*found["heard"], *found["doubled"]]
    record_property("figure", f"worker: {kills} kills, {brought - ready} lost, {len(doubled)} doubled, {ready} calls")
    assert (ready, found["left"]) == (brought, 0)
    assert doubled == []
    assert found["wrong"] == []
