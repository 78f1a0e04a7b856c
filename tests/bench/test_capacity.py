"""The simulation says what formulas and small cases say."""

import random
from statistics import fmean

import pytest

from bench.capacity import (
    DAY,
    EVEN,
    HOUR,
    TWO_PEAKS,
    Service,
    day,
    erlang_wait,
    fixed_wait,
    flow,
    poisson,
    run,
    workers_for,
)


def jobs(rate, seconds, service, seed=7):
    chance = random.Random(seed)
    return [(at, service(chance)) for at in poisson(rate, seconds, chance)]


def test_one_after_the_other_at_one_worker():
    waited = run([(0, 10), (0, 10), (5, 10), (100, 10)], workers=1)
    assert (waited.calls, waited.median, waited.longest, waited.done_late) == (4, 10, 15, 25)
    assert waited.busy == pytest.approx(40 / 110)


def test_two_workers_share_the_work():
    assert run([(0, 10), (0, 10), (5, 10)], workers=2).longest == 5


def test_what_waits_when_the_day_ends_is_told():
    assert run([(0, 60), (1, 60), (2, 60)], workers=1, until=90).left == 1


@pytest.mark.parametrize(("rate", "workers"), [(0.06, 1), (0.3, 4)])
def test_waiting_is_that_of_erlangs_formula(rate, workers):
    found = _mean([jobs(rate, 40_000, lambda chance: chance.expovariate(0.1), seed) for seed in range(4)], workers)
    assert found == pytest.approx(erlang_wait(rate, 10, workers), rel=0.15)


def test_waiting_for_work_of_one_length_is_that_of_pollaczek_and_khinchine():
    found = _mean([jobs(0.07, 40_000, lambda chance: 10.0, seed) for seed in range(3)], 1)
    assert found == pytest.approx(fixed_wait(0.07, 10), rel=0.15)


def _mean(runs, workers):
    """Mean waiting over runs, from the waits that the simulation itself keeps."""
    return fmean(run(one, workers).mean for one in runs)


def test_work_takes_what_was_measured_whatever_the_lengths():
    service, chance = Service(length=180, per_second=0.2, per_call=3), random.Random(1)
    assert service.mean == 39
    assert fmean(service.draw(chance) for _ in range(20_000)) == pytest.approx(39, rel=0.02)
    assert Service(180, 0.2, 3, spread=0).draw(chance) == 39


def test_a_day_has_its_calls_and_its_two_peaks():
    service = Service(180, 0.2, spread=0)
    assert sum(TWO_PEAKS.shares) == 100
    assert day(1000, 10, service).calls == pytest.approx(1000, rel=0.1)
    assert day(1000, 1, service).late > day(1000, 1, service, EVEN).late


def test_more_workers_wait_less():
    service = Service(180, 0.2)
    waits = [day(1000, workers, service).late for workers in (1, 2, 3)]
    assert waits == sorted(waits, reverse=True)
    assert waits[0] > waits[-1]


def test_as_many_workers_as_the_wait_asks_for_and_no_more():
    service = Service(180, 0.25)
    needed = workers_for(3000, service, wait=600)
    assert day(3000, needed, service).late <= 600
    assert day(3000, needed - 1, service).late > 600 or day(3000, needed - 1, service).left
    assert workers_for(3000, service, wait=600, fill=0.7) > needed
    assert workers_for(3000, service, wait=2 * HOUR) <= needed


def test_a_large_center_needs_what_its_busiest_hours_need():
    service = Service(180, 0.25)
    needed = workers_for(600_000, service, wait=600)
    assert 600_000 * service.mean / DAY < needed <= 600_000 * TWO_PEAKS.peak * service.mean / HOUR * 1.1


def test_where_chance_evens_out_calls_flow_as_they_are_simulated():
    service = Service(180, 0.03, spread=0.3)
    simulated, flowing = day(12_000, 2, service).late, flow(12_000, 2, service)[0]
    assert flowing > 600
    assert flowing == pytest.approx(simulated, rel=0.15)
