"""What the pipeline worked out: transcripts, analyses, waveform peaks. Each lies under a key made of everything it
depends on, so the same work is never done twice and an old result is never taken for a new one."""

import gzip
import hashlib
import json
from typing import Any

from assist.store import Store
from assist.store.clock import stamp
from assist.transcript import Transcript, from_dict, to_dict


def key_of(*parts: str) -> str:
    """A key from the inputs and versions a result depends on."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def save_transcript(
    store: Store, key: str, sha256: str, engine: str, transcript: Transcript, heard_key: str | None = None
) -> None:
    """`heard_key` is that of the heard transcript which this one corrects."""
    values = {
        "key": key,
        "sha256": sha256,
        "engine": engine,
        "body": pack(to_dict(transcript)),
        "created_at": stamp(),
        "heard_key": heard_key,
    }
    with store.write() as db:
        db.table("transcripts").insert(values, pk="key", ignore=True)


def has_transcript(store: Store, key: str) -> bool:
    return bool(store.value("SELECT 1 FROM transcripts WHERE key = ?", [key]))


def transcript(store: Store, key: str | None) -> Transcript | None:
    body = store.value("SELECT body FROM transcripts WHERE key = ?", [key])
    return from_dict(unpack(body)) if body else None


def heard_key(store: Store, key: str | None) -> str | None:
    """The key of the heard transcript behind a transcript that may be corrected."""
    found: str | None = store.value("SELECT coalesce(heard_key, key) FROM transcripts WHERE key = ?", [key])
    return found


def save_analysis(
    store: Store,
    key: str,
    *,
    call_id: int,
    transcript_key: str,
    library_version_id: int,
    engine: str,
    report: dict[str, Any],
) -> None:
    values = {
        "key": key,
        "call_id": call_id,
        "transcript_key": transcript_key,
        "library_version_id": library_version_id,
        "engine": engine,
        "body": pack(report),
        "created_at": stamp(),
    }
    with store.write() as db:
        db.table("analyses").insert(values, pk="key", ignore=True)


def analysis(store: Store, key: str | None) -> dict[str, Any] | None:
    """The `assist-analysis/1` document."""
    body = store.value("SELECT body FROM analyses WHERE key = ?", [key])
    return unpack(body) if body else None


def has_analysis(store: Store, key: str) -> bool:
    return bool(store.value("SELECT 1 FROM analyses WHERE key = ?", [key]))


def save_peaks(store: Store, sha256: str, peaks: list[list[float]]) -> None:
    """Largest magnitudes (0–1) over equal stretches, one list a channel."""
    with store.write() as db:
        db.table("peaks").insert({"sha256": sha256, "body": pack(peaks)}, pk="sha256", ignore=True)


def peaks(store: Store, sha256: str) -> list[list[float]] | None:
    body = store.value("SELECT body FROM peaks WHERE sha256 = ?", [sha256])
    return unpack(body) if body else None


def pack(value: Any) -> bytes:
    """JSON in gzip; the same value gives the same bytes."""
    return gzip.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), mtime=0)


def unpack(body: bytes) -> Any:
    return json.loads(gzip.decompress(body))
