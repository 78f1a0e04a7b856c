"""A fast engine for the server under test: real decoding, and a call that was heard and judged by hand."""

import time
from pathlib import Path

from assist.calls import hear
from assist.config import Settings
from assist.ports import Progress
from assist.scripts.library import Library
from assist.store import Store
from assist.transcript import Transcript, Turn
from tests.api.judged import TURNS, JudgedEngine

STEPS, PAUSE = 8, 0.25


class SlowHearing:
    """Takes two seconds, so that its progress can be seen."""

    name = "slow-hearing-1"

    def hear(self, recording: Path, library: Library, progress: Progress) -> Transcript:
        for step in range(STEPS):
            progress("transcribing", step / STEPS)
            time.sleep(PAUSE)
        turns = tuple(Turn(number, *turn) for number, turn in enumerate(TURNS))  # type: ignore[arg-type]
        return Transcript(turns, layout="stereo", channels=2, seconds=25.0, speech_seconds=18.0)


def engine(settings: Settings, store: Store) -> JudgedEngine:
    return JudgedEngine(SlowHearing(), lambda recording: hear.peaks(recording, settings))
