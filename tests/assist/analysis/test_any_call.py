"""No transcript breaks judging, nothing leaves its bounds, and the same call gives the same bytes."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings

from assist.analysis import report
from assist.analysis.judge import judge
from assist.analysis.rubric import default
from assist.ports import Encoder
from assist.scripts.index import Index, learn
from assist.transcript import Transcript, Turn
from models import encoder
from tests.assist.analysis.letters import Letters
from tests.assist.analysis.odd_calls import SPOKEN, calls
from tests.assist.analysis.scenes import LIBRARY, good_call

RECORDING = report.RecordingFacts("0" * 64, 1.0, 1, "text")


@cache
def learned(real: bool) -> tuple[Index, Encoder]:
    chosen = encoder.load() if real else Letters()
    return learn(LIBRARY, chosen), chosen


def written(call: Transcript, real: bool = False) -> bytes:
    """The document of a call; raises for what JSON does not know, such as NaN."""
    index, chosen = learned(real)
    facts = report.EngineFacts("1.0", "base", chosen.name, LIBRARY.campaign, "1")
    made = report.to_dict(call, judge(call, index, default(), chosen), RECORDING, facts)
    return json.dumps(made, ensure_ascii=False, allow_nan=False).encode("utf-8", "surrogatepass")


def check(call: Transcript, real: bool = False) -> None:
    document = written(call, real)
    made = json.loads(document)
    jsonschema.validate(made, report.schema())
    values = [score["value"] for score in made["scores"].values()]
    assert all(value is None or 0 <= value <= 100 for value in values)
    assert document == written(call, real)


@given(calls())
@settings(max_examples=50)
def test_no_call_breaks_judging(call: Transcript) -> None:
    check(call)


@pytest.mark.real
@given(calls())
@settings(max_examples=8)
def test_no_call_breaks_judging_with_the_real_encoder(call: Transcript) -> None:
    check(call, real=True)


def test_three_thousand_turns_of_one_speaker_are_judged() -> None:
    turns = [Turn(n, "agent", n * 2.0, n * 2.0 + 3.0, SPOKEN[n % len(SPOKEN)]) for n in range(3000)]
    written(Transcript(tuple(turns), seconds=6001.0))


_IN_ANOTHER_PROCESS = """
import sys
from tests.assist.analysis.test_any_call import written
from tests.assist.analysis.scenes import good_call
sys.stdout.buffer.write(written(good_call()[0], real=True))
"""


@pytest.mark.real
def test_another_process_with_another_hash_seed_writes_the_same_bytes() -> None:
    house = Path(__file__).parents[3]
    environment = {**os.environ, "PYTHONHASHSEED": "20", "PYTHONPATH": str(house)}
    command = [sys.executable, "-c", _IN_ANOTHER_PROCESS]
    elsewhere = subprocess.run(command, cwd=house, env=environment, check=True, capture_output=True).stdout
    assert elsewhere == written(good_call()[0], real=True)
