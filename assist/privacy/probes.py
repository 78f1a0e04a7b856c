"""Sentences by which it is checked that nothing is left: kept in a file of their own while a deletion is under way."""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assist.config import Settings
from assist.privacy import keys
from assist.store import Store, results
from assist.store.signs import Term, signs, tokens

MOST, EACH = 12, 3
SHORTEST, LONGEST = 8, 40
_BLOCK = 8 * 1024 * 1024
_PASSED_OVER = ("recordings", "cuts", "keys", "locks", "privacy")
"""Folders that hold sound, which is looked for by its name, or nothing of calls."""


@dataclass(frozen=True, slots=True)
class Probes:
    """`customer` is the number or name as it was given; empty where a single call was deleted."""

    customer: str
    sentences: tuple[str, ...]

    def needles(self) -> dict[str, bytes]:
        """What to look for in files, also as the search index has it."""
        found: dict[str, bytes] = {}
        for number, sentence in enumerate(self.sentences):
            found[f"sentence {number}"] = sentence.encode()
            found[f"sentence {number} in the index"] = tokens(sentence).rpartition(" ")[0].encode()
        if len(self.customer) >= SHORTEST:
            found["customer"] = self.customer.encode()
        return {name: needle for name, needle in found.items() if needle}


def path_of(settings: Settings, deletion_id: int) -> Path:
    return settings.data / "privacy" / f"{deletion_id}.json"


def keep(store: Store, deletion_id: int, customer: str, calls: Iterable[int]) -> None:
    """Chooses sentences of the calls that stand nowhere else, and writes them down until the check."""
    path = path_of(store.settings, deletion_id)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    body = {"customer": keys.plain(customer), "sentences": _distinctive(store, list(calls))}
    partial = path.with_suffix(".partial")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(body, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def read(settings: Settings, deletion_id: int) -> Probes:
    """Empty where there are none, as after a restore."""
    try:
        body = json.loads(path_of(settings, deletion_id).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Probes("", ())
    return Probes(body["customer"], tuple(body["sentences"]))


def forget(settings: Settings, deletion_id: int) -> None:
    path_of(settings, deletion_id).unlink(missing_ok=True)


def found_in_files(settings: Settings, probes: Probes) -> dict[str, int]:
    """In which files of the data folder how many of the probes stand, byte for byte; names relative to the folder."""
    needles = list(probes.needles().values())
    counted = {str(path.relative_to(settings.data)): _count(path, needles) for path in files(settings)}
    return {name: hits for name, hits in counted.items() if hits}


def files(settings: Settings) -> Iterator[Path]:
    """Every file of the data folder that may hold words."""
    for path in sorted(settings.data.rglob("*")):
        if path.is_file() and path.relative_to(settings.data).parts[0] not in _PASSED_OVER:
            yield path


def _count(path: Path, needles: list[bytes]) -> int:
    """How many needles occur; read in blocks that overlap."""
    left, found, tail = set(needles), 0, b""
    keep = max((len(needle) for needle in needles), default=1) - 1
    try:
        with path.open("rb") as file:
            while left and (block := file.read(_BLOCK)):
                hay = tail + block
                hits = {needle for needle in left if needle in hay}
                found, left, tail = found + len(hits), left - hits, hay[-keep:] if keep else b""
    except FileNotFoundError:  # a log that was emptied meanwhile
        return 0
    return found


def _distinctive(store: Store, calls: list[int]) -> list[str]:
    chosen: list[str] = []
    places = {row["place"] for row in store.rows(_PLACES, [json.dumps(calls)])}
    for call_id in calls:
        if len(chosen) >= MOST:
            break
        transcript = results.transcript(store, store.value("SELECT transcript_key FROM calls WHERE id = ?", [call_id]))
        texts = {turn.text[:LONGEST] for turn in transcript.turns} if transcript else set()
        ranked = sorted((text for text in texts if len(text) >= SHORTEST), key=lambda text: (-len(text), text))
        chosen += [text for text in ranked[: 3 * EACH] if _nowhere_else(store, text, places)][:EACH]
    return chosen[:MOST]


_PLACES = "SELECT place FROM said_calls WHERE call_id IN (SELECT value FROM json_each(?))"


def _nowhere_else(store: Store, text: str, places: set[int]) -> bool:
    if store.value("SELECT 1 FROM library_versions WHERE instr(source, ?)", [text]):
        return False
    told = tuple(sign.text for sign in signs(text))
    if len(told) < SHORTEST // 2:
        return False
    query = "SELECT rowid AS place FROM said_words WHERE said_words MATCH ? LIMIT 50"
    rows = store.rows(query, [Term(told).expression])
    return all(row["place"] in places for row in rows)
