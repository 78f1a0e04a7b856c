"""An engine that hears at a known speed and has its judgements at hand: whole calls of the practice library as the
product judged them, so that every row and body is as large as in earnest. Waveforms are made up too.

    QUICK_SECONDS=0.05 assist worker --engine bench._quick:engine

`python -m bench._quick ARGUMENTS` is `assist ARGUMENTS` with its writes counted.
"""

import gzip
import json
import logging
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import structlog

from assist import cli
from assist.config import Settings
from assist.engine import Case
from assist.ports import Progress
from assist.scripts.library import Library
from assist.store import Store
from assist.transcript import Transcript, Turn
from bench import _meter

JUDGED = Path(__file__).parent.parent / "tests/data/judged-practice.json.gz"
CAMPAIGN = "mobile-plan"
LIBRARY = Path(__file__).parent.parent / "assist/analysis/knowledge/practice" / CAMPAIGN / "library.yaml"
HEARD = "heard.log"
"""In the data folder: the name of every recording that hearing was begun for, one a line."""


def meters(data: Path) -> Path:
    return data / "meters"


class QuickHearing:
    """`seconds` of sleep a recording, then one of the judged calls: which one, its bytes decide."""

    name = "bench-quick-1"

    def __init__(self, calls: Sequence[dict[str, Any]], seconds: float, log: Path) -> None:
        self._calls, self._seconds, self._log = calls, seconds, log

    def hear(self, recording: Path, library: Library, progress: Progress) -> Transcript:
        with self._log.open("a") as log:  # one short append is whole or absent, even when killed
            log.write(f"{recording.name}\n")
        progress("transcribing", 0.0)
        time.sleep(self._seconds)
        call = chosen(self._calls, recording.name)
        rows = call["report"]["turns"]
        turns = tuple(Turn(row["id"], row["speaker"], row["start"], row["end"], row["text"]) for row in rows)
        return Transcript(turns, layout="stereo", channels=2, seconds=turns[-1].end, speech_seconds=turns[-1].end * 0.9)


class QuickEngine:
    def __init__(self, data: Path) -> None:
        self._calls = json.loads(gzip.decompress(JUDGED.read_bytes()))
        self.hearing = QuickHearing(self._calls, float(os.environ.get("QUICK_SECONDS", "0")), data / HEARD)

    def peaks(self, recording: Path) -> list[list[float]]:
        return [[0.1, 0.9, 0.4, 0.7] * 200, [0.6, 0.2, 0.8, 0.1] * 200]

    def judging(self, rubric: str | None) -> str:
        return f"bench-quick-1 {rubric}"

    def judge(self, transcript: Transcript, library: Library, case: Case) -> dict[str, Any]:
        report: dict[str, Any] = chosen(self._calls, case.sha256)["report"]
        return report | {"recording": report["recording"] | {"sha256": case.sha256}}


def chosen(calls: Sequence[dict[str, Any]], sha256: str) -> dict[str, Any]:
    return calls[int(sha256[:8], 16) % len(calls)]


def engine(settings: Settings, store: Store) -> QuickEngine:
    """What `assist worker --engine` takes."""
    level = logging.INFO if "QUICK_TELLS" in os.environ else logging.WARNING
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(level), cache_logger_on_first_use=False)
    _meter.install(meters(settings.data))
    return QuickEngine(settings.data)


if __name__ == "__main__":
    _meter.install(meters(Settings().data))
    cli.main()
