"""Mutated recordings through the decoder that the product runs: `python -m tests.fuzz.decoding COUNT SEED`.

The decoder's own process confines itself and decodes one file (`models.decoder`). Here one process has it imported and
forks children that do the same under the same limits, each for a number of files until one brings it down: to start a
process for each takes thirty times as long. What became of the files goes to standard output as one JSON object.
"""

import json
import os
import resource
import select
import signal
import sys
import tempfile
import traceback
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

from models import decoder
from models.audio import _MEMORY
from tests.fuzz import media
from tests.fuzz.mutations import mutated

LIMITS = {"memory": _MEMORY, "cpu_seconds": 60, "bytes": 1 << 26, "seconds": 600.0}
HUNG_AFTER = 10.0
"""Seconds without an answer; a sound file of two seconds takes a hundredth of one."""
_TOGETHER = 25


def run(count: int, seed: int, folder: Path) -> dict[str, Any]:
    """How `count` mutations ended: decoded, refused by reason, crashed, hung; the largest memory in MB and time."""
    whole, random = media.samples(folder / "whole"), Random(seed)
    ends: Counter[str] = Counter()
    faults: list[str] = []
    for start in range(0, count, _TOGETHER):
        names = [_write(folder / f"mutant-{n}", whole, random) for n in range(min(_TOGETHER, count - start))]
        done = 0
        while done < len(names):
            answers = _child(folder, range(done, len(names)))
            ends.update(answers)
            faults += [
                f"{start + number} ({names[number]}): {answer}"
                for number, answer in enumerate(answers, done)
                if answer.startswith(("crashed", "hung"))
            ]
            done += len(answers)
    refused = {end.removeprefix("refused "): number for end, number in ends.items() if end.startswith("refused")}
    return {
        "decoded": ends["decoded"],
        "refused": refused,
        "crashed": sum(number for end, number in ends.items() if end.startswith("crashed")),
        "hung": ends["hung"],
        "megabytes": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
        "faults": faults[:20],
    }


def _write(path: Path, whole: list[tuple[str, bytes]], random: Random) -> str:
    name, content = random.choice(whole)
    path.write_bytes(mutated(content, random, random.choice(whole)[1]))
    return name


def _child(folder: Path, numbers: range) -> list[str]:
    """What one child answered to one file after the other; the last is crashed or hung where it ended early."""
    heard, said = os.pipe()
    child = os.fork()
    if child == 0:
        os._exit(_decode_all(folder, numbers, said))
    os.close(said)
    answers = _answers(heard, len(numbers))
    os.close(heard)
    if len(answers) < len(numbers) and answers[-1:] == ["hung"]:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if len(answers) < len(numbers) and answers[-1:] != ["hung"]:
        answers.append(f"crashed with status {status}")
    return answers


def _answers(heard: int, most: int) -> list[str]:
    answers: list[str] = []
    while len(answers) < most:
        if not select.select([heard], [], [], HUNG_AFTER)[0]:
            return [*answers, "hung"]
        answer = os.read(heard, _ANSWER)
        if not answer:
            break
        answers += [answer[at : at + _ANSWER].decode().strip() for at in range(0, len(answer), _ANSWER)]
    return answers


_ANSWER = 64
"""Bytes of an answer: all of one length, so that a reader needs no more than their number."""


def _decode_all(folder: Path, numbers: range, said: int) -> int:
    decoder.confine(LIMITS)
    for number in numbers:
        os.write(said, _decoded(folder / f"mutant-{number}", folder).encode()[:_ANSWER].ljust(_ANSWER))
    return 0


def _decoded(path: Path, folder: Path) -> str:
    try:
        decoder.decode(path, folder, LIMITS["seconds"], int(LIMITS["bytes"]))
    except decoder.Unusable as reason:
        return f"refused {reason.kind}"
    except MemoryError:
        return "refused too-big"
    except BaseException as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        return f"crashed {type(error).__name__} {where.name}:{where.lineno}"
    return "decoded"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        print(json.dumps(run(int(sys.argv[1]), int(sys.argv[2]), Path(made))))
