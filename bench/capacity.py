"""What a number of workers can take, worked out: a simulation of calls that arrive, wait and are worked on.

Pure: figures in, figures out. `bench.scale` measures the figures and prints what comes of them.
"""

import math
import random
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Any

import simpy

HOUR, DAY = 3600.0, 86400.0


@dataclass(frozen=True, slots=True)
class Service:
    """Seconds a worker needs for a call: `per_call` for each and `per_second` of speech in it; calls last `length`
    seconds on average, each its own: `spread` is the standard deviation over the mean (0: all alike)."""

    length: float
    per_second: float
    per_call: float = 0.0
    spread: float = 0.6

    @property
    def mean(self) -> float:
        return self.per_call + self.per_second * self.length

    def draw(self, chance: random.Random) -> float:
        """Lengths are gamma distributed: never negative, many short calls and few long ones."""
        if not self.spread:
            return self.mean
        shape = 1 / self.spread**2
        return self.per_call + self.per_second * chance.gammavariate(shape, self.length / shape)


@dataclass(frozen=True, slots=True)
class Shape:
    """How the calls of a day come: share of them by hour of the day, the hours in order from 0."""

    shares: tuple[float, ...]

    def at(self, hour: int) -> float:
        return self.shares[hour % 24] / sum(self.shares)

    @property
    def peak(self) -> float:
        """Share of the busiest hour."""
        return max(self.shares) / sum(self.shares)


TWO_PEAKS = Shape((0,) * 9 + (8, 14, 15, 6, 4, 12, 15, 13, 9, 4) + (0,) * 5)
"""Telesales: nine to seven, busy before and after the lunch break. The sum is 100."""
EVEN = Shape((1,) * 24)


@dataclass(frozen=True, slots=True)
class Waited:
    """Seconds between a call's arrival and the moment work on it begins (`mean`, `median`, `late`: 95 of 100 wait less)
    or until it is done (`done_late`). `lasted` until the last was done; `busy` is the share of the workers' time;
    `left` calls still wait at the end."""

    calls: int
    mean: float
    median: float
    late: float
    longest: float
    done_late: float
    lasted: float
    busy: float
    left: int


def day(calls: int, workers: int, service: Service, shape: Shape = TWO_PEAKS, seed: int = 1, days: int = 1) -> Waited:
    """Calls of one day after the other, first come first served. The same seed gives the same day."""
    chance = random.Random(seed)  # noqa: S311 a simulation
    arrivals = (number * DAY + at for number in range(days) for at in _arrivals(calls, shape, chance))
    return run(((at, service.draw(chance)) for at in arrivals), workers, until=days * DAY)


def run(jobs: Iterable[tuple[float, float]], workers: int, until: float | None = None) -> Waited:
    """Jobs (arrival, seconds of work) in the order of their arrival, at `workers` alike; `until` is when those are
    counted that still wait, work goes on."""
    env = simpy.Environment()
    desk = simpy.Resource(env, workers)
    waits: list[float] = []
    through: list[float] = []
    worked = [0.0]

    def job(seconds: float) -> Generator[Any, Any, None]:
        came = env.now
        with desk.request() as turn:
            yield turn
            waits.append(env.now - came)
            yield env.timeout(seconds)
            worked[0] += seconds
            through.append(env.now - came)

    def source() -> Generator[Any, Any, None]:
        for at, seconds in jobs:
            yield env.timeout(max(0.0, at - env.now))
            env.process(job(seconds))

    env.process(source())
    left = 0
    if until is not None:
        env.run(until=until)
        left = len(desk.queue)
    env.run()
    return Waited(
        len(waits), fmean(waits or [0.0]), _share(waits, 0.5), _share(waits, 0.95), max(waits, default=0.0),
        _share(through, 0.95), env.now, worked[0] / max(1e-9, workers * max(env.now, until or 0.0)), left,
    )  # fmt: skip


def flow(calls: int, workers: int, service: Service, shape: Shape = TWO_PEAKS) -> tuple[float, float]:
    """(seconds that 95 of 100 wait at most, calls left at midnight) where chance evens out, as with many workers: calls
    come and go like water, minute by minute."""
    a_minute, waiting = workers / service.mean * 60, 0.0
    waits: list[tuple[float, float]] = []
    for minute in range(24 * 60):
        came = calls * shape.at(minute // 60) / 60
        waits.append((waiting / a_minute * 60, came))
        waiting = max(0.0, waiting + came - a_minute)
    behind = 0.0
    for wait, came in sorted(waits):
        behind += came
        if behind >= 0.95 * calls:
            return wait, waiting
    return 0.0, waiting


def workers_for(
    calls: int, service: Service, wait: float, shape: Shape = TWO_PEAKS, fill: float = 1.0, most: int = 20_000
) -> int:
    """The fewest workers with which 95 of 100 calls of a day wait at most `wait` seconds and none waits overnight.

    More than `most` calls are not simulated one by one (`flow`). `fill` < 1 leaves room: workers are taken to be that
    much slower.
    """
    slowed = replace(service, per_call=service.per_call / fill, per_second=service.per_second / fill)
    few = max(1, math.floor(calls * slowed.mean / DAY))
    many = max(few, math.ceil(calls * shape.peak * slowed.mean / HOUR) + 2)

    def enough(workers: int) -> bool:
        if calls > most:
            late, left = flow(calls, workers, slowed, shape)
            return late <= wait and left < 1
        found = day(calls, workers, slowed, shape)
        return found.late <= wait and not found.left

    return _least(few, many, enough)


def erlang_wait(rate: float, service: float, workers: int) -> float:
    """Mean seconds of waiting with exponential times between arrivals and of work (M/M/c), Erlang's formula."""
    load = rate * service
    terms = [load**n / math.factorial(n) for n in range(workers)]
    last = load**workers / math.factorial(workers) * workers / (workers - load)
    return last / (sum(terms) + last) * service / (workers - load)


def fixed_wait(rate: float, service: float) -> float:
    """Mean seconds of waiting at one worker that needs the same for every call (M/D/1), Pollaczek and Khinchine."""
    load = rate * service
    return load * service / (2 * (1 - load))


def poisson(rate: float, seconds: float, chance: random.Random) -> Iterator[float]:
    at = chance.expovariate(rate)
    while at < seconds:
        yield at
        at += chance.expovariate(rate)


def _arrivals(calls: int, shape: Shape, chance: random.Random) -> Iterator[float]:
    for hour in range(24):
        if expected := calls * shape.at(hour):
            yield from (hour * HOUR + at for at in poisson(expected / HOUR, HOUR, chance))


def _least(few: int, many: int, enough: Callable[[int], bool]) -> int:
    while not enough(many):
        few, many = many + 1, many * 2
    while few < many:
        middle = (few + many) // 2
        few, many = (few, middle) if enough(middle) else (middle + 1, many)
    return few


def _share(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else 0.0
