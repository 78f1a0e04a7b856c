"""Damaged and hostile recordings: whatever their bytes are, the decoder decodes them or says what is wrong."""

import json
import subprocess
import sys

_COUNT, _SEED = 5000, 20261122


def test_no_mutated_recording_crashes_or_hangs_a_decoder(record_property):
    command = [sys.executable, "-m", "tests.fuzz.decoding", str(_COUNT), str(_SEED)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    refused = sum(told["refused"].values())
    record_property(
        "figure",
        f"{_COUNT} mutated recordings: {told['decoded']} decoded, {refused} refused, {told['crashed']} crashes, "
        f"{told['hung']} hung, at most {told['megabytes']} MB",
    )
    assert (told["crashed"], told["hung"], told["faults"]) == (0, 0, [])
    assert told["decoded"] + refused == _COUNT
    assert min(told["decoded"], refused) > _COUNT / 10  # some of both, or the mutations say nothing
    assert told["megabytes"] < 300
