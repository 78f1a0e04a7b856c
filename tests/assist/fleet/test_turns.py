"""Whose turn it is: uploads before imports before judging again, and no campaign waits for another's thousands."""

import pytest

from assist.fleet import urgency
from assist.fleet.bounds import QueueFull, require_room, room


class Line:
    """A work queue as DBOS serves it: the lowest priority first, then who came first."""

    def __init__(self, store):
        self._store, self._waiting = store, []

    def join(self, campaign, urgent="now"):
        first, end = urgency.band(urgent)
        ahead = [priority for priority, _, _ in self._waiting if first <= priority < end]
        priority = urgency.draw(self._store, urgent, campaign, min(ahead, default=None))
        self._waiting.append((priority, len(self._waiting), campaign))

    def serve(self, count=1):
        served = sorted(self._waiting)[:count]
        self._waiting = [one for one in self._waiting if one not in served]
        return [campaign for _, _, campaign in served]


@pytest.fixture
def line(store):
    return Line(store)


def test_one_call_passes_a_thousand_of_another_campaign(line):
    for _ in range(1000):
        line.join("large")
    line.serve(400)
    line.join("small")
    assert "small" in line.serve(2)


def test_campaigns_with_much_to_do_take_turns(line):
    for campaign in ("a", "b", "c"):
        for _ in range(50):
            line.join(campaign)
    served = line.serve(60)
    assert {served.count(campaign) for campaign in ("a", "b", "c")} == {20}


def test_a_campaign_saves_up_no_turns(line):
    line.join("late")
    line.serve()
    for _ in range(100):
        line.join("busy")
    line.serve(50)
    for _ in range(100):
        line.join("late")
    served = line.serve(20)
    assert served.count("late") in range(9, 12)


def test_within_a_campaign_who_comes_first_is_served_first(line, store):
    priorities = [urgency.draw(store, "now", "one", None if not number else 1) for number in range(5)]
    assert priorities == sorted(set(priorities))


def test_people_who_wait_come_before_imports_and_those_before_judging_again(line):
    for _ in range(100):
        line.join("large", "again")
        line.join("large", "bulk")
    line.join("large", "now")
    line.join("small", "bulk")
    served = line.serve(3)
    assert served == ["large", "large", "small"]
    assert [urgency.band(urgent)[0] for urgent in ("now", "bulk", "again")] == sorted(
        urgency.band(urgent)[0] for urgent in ("now", "bulk", "again")
    )


def test_priorities_are_such_as_dbos_takes():
    lowest, highest = urgency.band("now")[0], urgency.band("again")[1]
    assert lowest >= 1
    assert highest - 1 <= 2**31 - 1


def test_what_does_not_fit_is_refused_and_imports_leave_room_for_uploads(store, upload, agent):
    store.settings.most_waiting = 5
    for number in range(4):
        upload(agent, f"agent: {number}")
    assert (room(store), room(store, bulk=True)) == (1, 0)
    require_room(store)
    with pytest.raises(QueueFull):
        require_room(store, bulk=True)
    upload(agent, "agent: last")
    with pytest.raises(QueueFull) as refused:
        require_room(store)
    assert refused.value.facts == {"waiting": 5, "seconds": 60}
