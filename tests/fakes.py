"""Stand-ins for the models: fast, deterministic, and they write down what they are asked to do."""

import hashlib
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assist.config import Settings
from assist.engine import Case
from assist.ports import Progress, Vectors
from assist.scripts.library import Library
from assist.store import Store
from assist.store.clock import stamp
from assist.transcript import Transcript, Turn

SECONDS = float(os.environ.get("FAKE_SECONDS", "0"))
STEPS = 5


class FakeHearing:
    """Hears the file's own text: `customer: …` and `agent: …` lines. Notes every beginning in `heard.log`."""

    name = "fake-hearing-1"

    def __init__(self, log: Path | None = None) -> None:
        self._log = log
        self.lines = _lines

    def hear(self, recording: Path, library: Library, progress: Progress) -> Transcript:
        self._note(recording.name)
        for step in range(STEPS):
            progress("transcribing", step / STEPS)
            time.sleep(SECONDS / STEPS)
        if b"KILLS THE WORKER" in recording.read_bytes():
            os.abort()
        turns = tuple(_turn(number, line) for number, line in enumerate(self.lines(recording)))
        return Transcript(turns, seconds=2.0 * len(turns), speech_seconds=2.0 * len(turns))

    def _note(self, what: str) -> None:
        if self._log is not None:
            with self._log.open("a") as log:  # one short append is whole or absent, even when killed
                log.write(f"{stamp()} {what}\n")


class FakeEncoder:
    """A direction of its own for every sentence."""

    name = "fake-encoder-1"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, sentences: Sequence[str]) -> Vectors:
        self.asked += sentences
        rows = [np.frombuffer(hashlib.sha256(text.encode()).digest(), dtype=np.uint8) for text in sentences]
        table = np.array(rows, dtype=np.float32).reshape(len(rows), 32) - 128
        return table / np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-9)


class FakeEngine:
    """An Engine that judges by one rule: 终身免费 is critical, and a call with it needs coaching."""

    def __init__(self, log: Path | None = None) -> None:
        self.hearing = FakeHearing(log)

    def peaks(self, recording: Path) -> list[list[float]]:
        return [[0.0, 0.5, 1.0]]

    def judging(self, rubric: str | None) -> str:
        return f"fake-judge-1 {rubric}"

    def judge(self, transcript: Transcript, library: Library, case: Case) -> dict[str, Any]:
        return report(transcript, sha256=case.sha256, version=case.version)


def engine(settings: Settings, store: Store) -> FakeEngine:
    return FakeEngine(settings.data / "heard.log")


def ears(settings: Settings) -> FakeEngine:
    return FakeEngine(settings.data / "heard.log")


def report(transcript: Transcript, *, sha256: str = "", version: str = "1") -> dict[str, Any]:
    """A small `assist-analysis/1` document of a transcript."""
    bad = [turn.id for turn in transcript.turns if "终身免费" in turn.text]
    flag = {"rule": "forbidden", "severity": "critical", "reason": "承诺了终身免费", "turns": bad}
    score = {"value": 40 if bad else 80, "criteria": []}
    return {
        "format": "assist-analysis/1",
        "recording": {"sha256": sha256, "seconds": transcript.seconds, "channels": 1, "layout": "mono"},
        "engine": {"script": {"version": version}},
        "turns": [
            {"id": turn.id, "speaker": turn.speaker, "start": turn.start, "end": turn.end, "text": turn.text}
            for turn in transcript.turns
        ],
        "scores": {"opening": score, "questioning": {"value": None}, "rejection_handling": score, "overall": score},
        "outcome": {"value": "unknown"},
        "flags": [flag] if bad else [],
        "coaching": {"needed": bool(bad), "focus": "compliance" if bad else "none", "priority": 90 if bad else 10},
    }


def recording(*lines: str) -> bytes:
    """Bytes that pass for a recording at the door and that FakeHearing can hear."""
    return b"RIFF\0\0\0\0WAVE" + "\n".join(lines).encode()


def _lines(path: Path) -> list[str]:
    return path.read_bytes()[12:].decode().splitlines()


def _turn(number: int, line: str) -> Turn:
    speaker, _, text = line.partition(": ")
    return Turn(number, "customer" if speaker == "customer" else "agent", 2.0 * number, 2.0 * number + 1.5, text)
