"""How long trying a draft on 1,000 stored calls takes, and counting what works: `python -m bench.library`.

The calls are the labelled ones of ../shared, each turn with a word of its own so that no two calls are alike.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from assist import trials
from assist.analysis import rubric
from assist.calls import works
from assist.config import Settings
from assist.desk import Desk
from assist.engine import STANDARD, Case
from assist.people import users
from assist.scripts.library import Library, Point, Stage
from assist.standard import Standard
from assist.store import Store, drafts, libraries, results, spoken
from assist.store.clock import now, stamp
from assist.transcript import Transcript, Turn

SHARED = Path("../shared/calls")
CAMPAIGN = "fibre-upgrade"


def timed(what: str, work: Callable[[], object]) -> object:
    begun = time.perf_counter()
    made = work()
    print(f"{what:<52} {time.perf_counter() - begun:8.2f} s")
    return made


def transcripts(count: int) -> Iterator[Transcript]:
    """`count` calls of about 30 turns made of the labelled ones."""
    known = [yaml.safe_load(path.read_text("utf-8"))["turns"] for path in sorted(SHARED.glob("*/calls/*.yaml"))]
    for number in range(count):
        rows = known[number % len(known)]
        turns = tuple(
            Turn(i, "customer" if row["who"] == "customer" else "agent", 4.0 * i, 4.0 * i + 3.5, row["text"])
            for i, row in enumerate(rows)
        )
        last = replace(turns[-1], text=f"{turns[-1].text} {number}")
        yield Transcript((*turns[:-1], last), seconds=4.0 * len(turns), speech_seconds=3.5 * len(turns))


def fill(store: Store, engine: Standard, count: int) -> None:
    """Judged calls, each with its transcript and analysis."""
    version = libraries.in_force(store, CAMPAIGN)
    assert version is not None
    library = libraries.library(store, version.id)
    judging = engine.judging(None)
    for number, transcript in enumerate(transcripts(count)):
        sha, at = f"{number:064d}", now() - timedelta(minutes=number)
        report = engine.judge(transcript, library, Case(sha, at.astimezone(store.settings.zone), "1"))
        with store.write() as db:
            db.table("recordings").insert({"sha256": sha, "bytes": 1, "received_at": stamp()})
            results.save_transcript(store, f"t{number}", sha, "bench", transcript)
            values = {"id": number + 1, "sha256": sha, "file_name": "", "campaign": CAMPAIGN, "called_at": stamp(at)}
            values |= {"direction": "outbound", "customer": "", "uploaded_at": stamp(), "state": "ready", "step": ""}
            values |= {
                "transcript_key": f"t{number}",
                "analysis_key": f"a{number}",
                "outcome": report["outcome"]["value"],
            }
            db.table("calls").insert(values | {"library_version_id": version.id})
            results.save_analysis(
                store, f"a{number}", call_id=number + 1, transcript_key=f"t{number}", library_version_id=version.id,
                engine=judging, report=report,
            )  # fmt: skip
            spoken.put(store, number + 1, f"a{number}", report, library)


def forty_points(library: Library) -> Library:
    """The library with as many more points as make forty."""
    more = 40 - len(library.points())
    points = tuple(Point(f"more-{number}", f"要点{number}", (f"第{number}句话",)) for number in range(more))
    return replace(library, script=(*library.script, Stage("ending", "更多", points)))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--calls", type=int, default=1000)
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        store = Store(Settings(data=Path(folder), _env_file=None))
        editor = users.create(store, "editor", "编辑", "editor", "correct horse battery")
        libraries.publish(store, (SHARED / CAMPAIGN / "library.yaml").read_bytes(), editor)
        engine = Standard(store.settings, store)
        rubric.default()
        timed(f"judge {options.calls} calls for the first time", lambda: fill(store, engine, options.calls))
        version = libraries.in_force(store, CAMPAIGN)
        assert version is not None
        library = libraries.library(store, version.id)
        changed = forty_points(library)
        draft = drafts.create(store, editor, changed)
        trial = timed(
            f"try a draft of 40 points on {options.calls} calls",
            lambda: trials.begin(store, editor, draft.id, lambda: engine, spread=STANDARD, wait=True),
        )
        assert isinstance(trial, trials.Trial)
        print(f"  {trial.state}, {trial.done} of {trial.total} calls, {(trial.result or {}).get('changed')} shift")
        timed("count what works", lambda: works.works(store, editor, CAMPAIGN, changed))
        desk = Desk(store, lambda: engine)
        desk.ask(editor, CAMPAIGN, "太贵了")
        timed("ask what to say", lambda: desk.ask(editor, CAMPAIGN, "你们这个也太贵了吧，别人家才三十"))
        store.close()


if __name__ == "__main__":
    main()
