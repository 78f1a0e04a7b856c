"""How far one machine goes, and how many a center needs: `python -m bench.scale`.

First it measures here: hearing on one and two cores, judging, writing, one worker and two. Then it works out, with
`bench.capacity` and these figures, how many calls a day N workers take, how long calls wait on a day with two peaks,
what 600,000 calls a day need, and when one store is too few. Prices are parameters: the defaults are assumptions.

    python -m bench.scale [--recordings 2] [--skip-hearing] [--core-month 60] [--gpu-month 4000] [--currency CNY]
"""

import argparse
import logging
import sys
from dataclasses import dataclass
from pathlib import Path

import structlog

from bench import _measured, capacity
from bench._measured import CALL_SECONDS, Hearing, Queueing, Writing
from bench.capacity import DAY, HOUR, TWO_PEAKS, Service

CALLS = Path("../shared/calls")
CENTER_CALLS, CENTER_AGENTS = 600_000, 3000
WAIT = 30 * 60.0
"""Within so many seconds work on 95 of 100 calls must have begun."""
FILL = 0.8
"""Share of a worker's time that is planned with: the rest is for retries, upgrades and bad days."""
LOCK_SHARE = 0.7
"""Share of its time that the store's write lock may be held in the busiest hour: above it, waiting grows steeply."""
AGREES = 0.15
SERVICE_SECONDS = 1.0
RUSH = 1.6
"""Calls of the small case come so much faster than two workers take them, as in a busy hour: most of the time of a call
is then waiting, and the simulation has something to say."""


@dataclass(frozen=True)
class Published:
    """Somebody else's figure: seconds of sound a second on one card."""

    card: str
    model: str
    times: float
    source: str


GPUS = (
    Published("RTX 3070 Ti 8 GB", "large-v2 int8, batch 8", 13 * 60 / 16, "faster-whisper 1.2.1, README"),
    Published("V100S 32 GB", "large-v3 fp16, batch 16", 799 / 14.8, "faster-whisper, pull request 856"),
    Published("RTX 3090 24 GB", "large-v3-turbo, batch 8", 3600 / 33.4, "speaches, issue 169"),
)
"""None was measured here: no card was at hand. Batched mode hears less carefully than the product does by default, so
half of the published speed is planned with (GPU_CARE)."""
GPU_CARE = 0.5


def main() -> None:
    options = _options()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    heard = [] if options.skip_hearing else _hear(options)
    judged = _measured.judging(options.campaign)
    print(f"judging a call of three minutes, one core: {judged:.2f} s", flush=True)
    written = _measured.writing()
    print(f"writing: the lock is held {written.held * 1000:.1f} ms a call in {written.transactions:.1f} transactions; "
          f"{written.bytes / 1024:.0f} KB of database a call", flush=True)  # fmt: skip
    checked = _queue()
    best = max(heard, key=lambda one: one.times, default=Hearing("base", 2, 60.0, options.assumed * 60))
    service = Service(CALL_SECONDS, 1 / best.times, judged)
    _days(best, service)
    _center(options, best, judged, written)
    if checked.off > AGREES:
        sys.exit(f"simulated and measured differ by {checked.off:.0%}, more than {AGREES:.0%}")


def _hear(options: argparse.Namespace) -> list[Hearing]:
    chosen = sorted(options.campaign.glob("recordings/*.wav"))[: options.recordings]
    if not chosen:
        chosen = [one for one in sorted(options.campaign.glob("recordings/*")) if one.suffix != ".json"]
        chosen = chosen[: options.recordings]
    found = []
    for cores in (1, 2):
        found.append(_measured.hearing(chosen, options.campaign / "library.yaml", cores, options.model))
        print(f"hearing, {options.model}, {cores} core{'s' if cores > 1 else ''}: {found[-1].times:.1f} times as fast "
              f"as sound ({found[-1].sound:.0f} s in {found[-1].seconds:.0f} s), "
              f"{found[-1].times * DAY / CALL_SECONDS:,.0f} calls of three minutes a day", flush=True)  # fmt: skip
    return found


def _queue() -> Queueing:
    """One worker, two workers, and calls that come by chance: measured and simulated side by side."""
    count = 30
    alone, both = (_measured.saturated(workers, count, SERVICE_SECONDS) for workers in (1, 2))
    print(f"one worker: {count / alone:.2f} calls a second; two: {count / both:.2f}, {alone / both:.2f} times as many "
          f"(a recogniser that takes {SERVICE_SECONDS:.1f} s a call)", flush=True)  # fmt: skip
    service = 2 * both / count
    found = _measured.arriving(2, count, SERVICE_SECONDS, service, rate=RUSH * 2 / service)
    print(f"{found.calls} calls by chance at two workers, {service:.2f} s each: until all are ready {found.whole:.1f} "
          f"s, simulated {found.whole_simulated:.1f} s; from arrival to ready {found.through:.2f} s on average, "
          f"simulated {found.through_simulated:.2f} s; they differ by {found.off:.0%} at most", flush=True)  # fmt: skip
    return found


def _days(best: Hearing, service: Service) -> None:
    print(f"\nA worker is {best.cores} cores with {best.model}: {service.mean:.1f} s a call of three minutes, "
          f"{DAY / service.mean:,.0f} a day without a pause.")  # fmt: skip
    print(f"{'workers':>8}{'calls a day*':>14}{'95 of 100 wait':>16}{'+20 %: they wait':>18}")
    for workers in (1, 2, 4, 8, 16):
        calls = _most(workers, service)
        now, more = (capacity.day(round(calls * part), workers, service) for part in (1.0, 1.2))
        print(f"{workers:>8}{calls:>14,}{_minutes(now.late):>16}{_minutes(more.late):>18}")
    print(f"* on a day with two peaks ({TWO_PEAKS.peak:.0%} of the calls in the busiest hour), so that work on 95 of "
          f"100 begins within {WAIT / 60:.0f} minutes and none waits overnight")  # fmt: skip


def _center(options: argparse.Namespace, best: Hearing, judged: float, written: Writing) -> None:
    calls = options.calls
    print(
        f"\n{calls:,} calls of three minutes a day; {FILL:.0%} of a worker's time planned with; prices are assumptions"
    )
    head = f"{'hearing on':<44}{'workers':>8}{'machines':>9}{options.currency + ' a month':>16}{'a call':>9}"
    print(head)
    cpu = capacity.workers_for(calls, Service(CALL_SECONDS, 1 / best.times), WAIT, fill=FILL)
    machines = -(-cpu * best.cores // options.cores_a_machine)
    _line(f"CPU, {best.model}, {options.cores_a_machine} cores a machine", cpu, machines,
          machines * options.cores_a_machine * options.core_month, calls)  # fmt: skip
    for gpu in GPUS:
        cards = capacity.workers_for(calls, Service(CALL_SECONDS, 1 / (gpu.times * GPU_CARE)), WAIT, fill=FILL)
        _line(f"{gpu.card}, {gpu.model}", cards, cards, cards * options.gpu_month, calls)
    near = capacity.workers_for(calls, Service(CALL_SECONDS, 0.0, judged, spread=0.0), WAIT, fill=FILL)
    print(f"judging, near the store: {near} cores more")
    _store(calls, written)
    for gpu in GPUS:
        print(f"  {gpu.card}: {gpu.times:.0f} times as fast as sound ({gpu.source}); {GPU_CARE:.0%} of it planned with")


def _line(what: str, workers: int, machines: int, price: float, calls: int) -> None:
    print(f"{what:<44}{workers:>8,}{machines:>9,}{price:>16,.0f}{price / (calls * 30):>9.4f}")


def _store(calls: int, written: Writing) -> None:
    """When one store's write lock is too little, and how many stores then."""
    busiest = calls * TWO_PEAKS.peak / HOUR
    most = LOCK_SHARE / written.held
    a_day = most * HOUR / TWO_PEAKS.peak
    print(
        f"the store: {most:.0f} calls a second with {LOCK_SHARE:.0%} of the lock, {a_day:,.0f} a day of this shape; "
        f"{calls:,} calls are {busiest:.1f} a second in the busiest hour: {-(-calls // max(1, int(a_day)))} store(s)"
    )
    print(f"  database: {calls * written.bytes / 1024**3:.1f} GB a day; recordings as they come: "
          f"{calls * CALL_SECONDS * 16_000 / 1024**4:.2f} TB a day as 8 kHz mu-law stereo")  # fmt: skip


def _most(workers: int, service: Service) -> int:
    """Calls of a day that so many workers take, to three figures."""
    few, many = 1, int(workers * DAY / service.mean) + 1
    while many - few > max(1, few // 200):
        middle = (few + many) // 2
        found = capacity.day(middle, workers, service)
        few, many = (middle, many) if found.late <= WAIT and not found.left else (few, middle)
    return few


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} min"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--campaign", type=Path, default=CALLS / "fibre-upgrade", help="a folder of labelled calls")
    parser.add_argument("--recordings", type=int, default=2, help="how many of them to hear")
    parser.add_argument("--model", default="base")
    parser.add_argument("--skip-hearing", action="store_true", help="take --assumed instead of measuring it")
    parser.add_argument("--assumed", type=float, default=7.0, help="seconds of sound a second on two cores")
    parser.add_argument("--calls", type=int, default=CENTER_CALLS, help="of a whole center, a day")
    parser.add_argument("--cores-a-machine", type=int, default=64)
    parser.add_argument("--core-month", type=float, default=60.0, help="price of a core for a month")
    parser.add_argument("--gpu-month", type=float, default=4000.0, help="price of a card with its machine for a month")
    parser.add_argument("--currency", default="CNY")
    return parser.parse_args()


if __name__ == "__main__":
    main()
