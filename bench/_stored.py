"""A data folder of calls that were heard and judged before, to judge again: made of the labelled calls, every turn with
a word of its own, so that no two calls and no two vectors are the same."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import yaml

from assist.analysis.meaning import cut
from assist.calls.recordings import path_of
from assist.people import users
from assist.pipeline import Pipeline
from assist.ports import Vectors
from assist.scripts.formats import yaml_format
from assist.scripts.library import Library
from assist.standard import Standard
from assist.store import Store, libraries, results
from assist.store.clock import now, stamp
from assist.store.vectors import CachedEncoder
from assist.transcript import Transcript, Turn


def calls(folder: Path, count: int, seconds: float) -> Iterator[Transcript]:
    """Calls of about `seconds`, four and a half characters a second, made of the lines of a campaign's calls."""
    lines = [
        (row["who"], row["text"])
        for path in sorted(folder.glob("calls/*.yaml"))
        for row in yaml.safe_load(path.read_text("utf-8"))["turns"]
    ]
    place = 0
    for number in range(count):
        turns: list[Turn] = []
        at = 0.0
        while at < seconds:
            who, text = lines[place % len(lines)]
            text, place = f"{text[:-1]}{number}号{len(turns)}{text[-1]}", place + 1
            length = max(1.0, len(text) / 4.5)
            turns.append(Turn(len(turns), "customer" if who == "customer" else "agent", at, at + length, text))
            at += length + 0.5
        yield Transcript(tuple(turns), seconds=at, speech_seconds=at - 0.5 * len(turns))


class Anything:
    """Unit vectors that mean nothing, made at once: for what is stored before the clock starts."""

    def __init__(self, name: str, width: int) -> None:
        self.name, self._width, self._random = name, width, np.random.default_rng(1)

    def encode(self, sentences: Sequence[str]) -> Vectors:
        rows = self._random.normal(size=(len(sentences), self._width)).astype(np.float32)
        return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def fill(store: Store, engine: Standard, folder: Path, count: int, seconds: float) -> None:
    """Calls of a published library with transcripts, peaks and vectors; received, so that a worker would take them."""
    admin = users.create(store, "bench", "Bench", "admin", "correct horse battery")
    version = libraries.publish(store, (folder / "library.yaml").read_bytes(), admin, now() - timedelta(days=2))
    grams = engine.index(libraries.library(store, version.id)).grams
    kept = CachedEncoder(store, Anything(engine.encoder.name, engine.encoder.encode(["喂"]).shape[1]))
    pipeline = Pipeline(store, engine)
    for number, transcript in enumerate(calls(folder, count, seconds), 1):
        for who in ("agent", "customer"):
            cut(transcript, who, grams, kept)  # type: ignore[arg-type]
        _receive(store, pipeline, number, transcript, admin.id, version.campaign)


def _receive(store: Store, pipeline: Pipeline, number: int, transcript: Transcript, agent: int, campaign: str) -> None:
    sha = f"{number:064x}"
    path = path_of(store.settings, sha)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    with store.write() as db:
        db.table("recordings").insert({"sha256": sha, "bytes": 1, "received_at": stamp()})
        values = {"id": number, "sha256": sha, "file_name": "", "campaign": campaign, "agent_id": agent}
        values |= {"called_at": stamp(), "direction": "outbound", "customer": "", "uploaded_at": stamp()}
        db.table("calls").insert(values | {"state": "received", "step": "", "run": 1})
    key = results.key_of("transcript", sha, pipeline.engine.hearing.name)
    results.save_transcript(store, key, sha, pipeline.engine.hearing.name, transcript)
    results.save_peaks(store, sha, [[0.0]])
    store.change("UPDATE calls SET transcript_key = ? WHERE id = ?", [key, number])


def changed(folder: Path) -> str:
    """The next version of the library: one wording of an answer is another."""
    library: Library = yaml_format.loads((folder / "library.yaml").read_bytes(), "library.yaml")
    entry = library.playbook[0]
    step = replace(entry.respond[0], say=(*entry.respond[0].say, "您这么想，我完全明白。"))
    first = replace(entry, respond=(step, *entry.respond[1:]))
    return yaml_format.dumps(replace(library, playbook=(first, *library.playbook[1:])))
