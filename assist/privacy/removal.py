"""Taking away what is kept of one call: its sound, its words, or all of it. Each in one transaction, safe to repeat.

The bytes of a recording are deleted inside the transaction that forgets them: killed in between, both are done again.
"""

import json
from typing import Any

from assist.analysis.meaning import pieces_by
from assist.calls import cuts
from assist.calls.recordings import path_of
from assist.privacy import places, wordless
from assist.privacy.places import Named
from assist.store import Store, results
from assist.store.clock import stamp
from assist.texts import N_
from assist.transcript import Speaker, Transcript

_SPEAKERS: tuple[Speaker, ...] = ("agent", "customer", "unknown")
_QUOTING = (
    "flags",
    "queue_items",
    "raised_objections",
    "session_notes",
    "disputes",
    "finding_verdicts",
    "flag_examples",
)


def sound(store: Store, call_id: int, sha256: str) -> None:
    """The recording, its waveform and what was cut out of it; the rest of the call stays."""
    with store.write() as db:
        _unlink(store, sha256)
        db.execute("DELETE FROM peaks WHERE sha256 = ?", [sha256])
        db.execute("UPDATE calls SET sound_removed_at = coalesce(sound_removed_at, ?) WHERE id = ?", [stamp(), call_id])


def words(store: Store, call_id: int, sha256: str) -> None:
    """Everything that was said, wherever it was copied to; findings stay as numbers, without their quotes."""
    with store.write() as db:
        db.execute("INSERT OR IGNORE INTO removing (call_id) VALUES (?)", [call_id])
        _forget_vectors(store, sha256)
        _forget_practice(store, call_id, sha256)
        _unquote(store, call_id)
        _forget_trials(store, (call_id,))
        for table in ("clips", "noon_choices", "said_calls", "said_numbers", "corrections"):
            db.execute(f"DELETE FROM {table} WHERE call_id = ?", [call_id])
        _only_numbers(store, call_id, sha256)
        db.execute("UPDATE calls SET words_removed_at = coalesce(words_removed_at, ?) WHERE id = ?", [stamp(), call_id])
        db.execute("DELETE FROM removing WHERE call_id = ?", [call_id])


def everything(store: Store, call_id: int, sha256: str) -> dict[str, int]:
    """The call with all that hangs on it; how many rows there were, by group of places.

    A note of a signed one-on-one keeps its place without a word; what was agreed there stays.
    """
    named = Named((call_id,), (sha256,))
    with store.write() as db:
        counts = places.count(store, named)
        db.execute("INSERT OR IGNORE INTO removing (call_id) VALUES (?)", [call_id])
        counts[VECTORS] = _forget_vectors(store, sha256)
        counts[PRACTICE] = _forget_practice(store, call_id, sha256)
        counts[TRIALS] = _forget_trials(store, (call_id,))
        db.execute("UPDATE session_notes SET quote = '', words = '', start = NULL WHERE call_id = ?", [call_id])
        places.clear(store, named)
        db.execute("DELETE FROM removing WHERE call_id = ?", [call_id])
        _unlink(store, sha256)
    return {title: rows for title, rows in counts.items() if rows}


VECTORS, PRACTICE, TRIALS = N_("Sentence vectors"), N_("Practised answers"), N_("Trials of drafts")


def sentences(transcript: Transcript) -> set[str]:
    """Every piece of a transcript that a judgement looks at as a sentence."""
    return {piece.text for speaker in _SPEAKERS for piece in pieces_by(transcript, speaker)[0]}


def _unlink(store: Store, sha256: str) -> None:
    path_of(store.settings, sha256).unlink(missing_ok=True)
    cuts.forget(store.settings, sha256)


def _transcripts(store: Store, sha256: str) -> list[Transcript]:
    rows = store.rows("SELECT key FROM transcripts WHERE sha256 = ? AND length(body) > 0", [sha256])
    found = (results.transcript(store, row["key"]) for row in rows)
    return [one for one in found if one is not None]


def _forget_vectors(store: Store, sha256: str) -> int:
    """Those of its sentences, also where other calls have the same: they are worked out again when needed."""
    texts = {text for transcript in _transcripts(store, sha256) for text in sentences(transcript)}
    keys = [results.key_of(text) for text in texts]
    query = "DELETE FROM vectors WHERE sentence IN (SELECT value FROM json_each(?))"
    return store.change(query, [json.dumps(keys)]) if keys else 0


def _forget_practice(store: Store, call_id: int, sha256: str) -> int:
    """A customer's sentence that the agent practised on: the answers stay theirs, the sentence goes."""
    said = {text for transcript in _transcripts(store, sha256) for text in sentences(transcript)}
    said |= {row["quote"] for row in store.rows("SELECT quote FROM raised_objections WHERE call_id = ?", [call_id])}
    tries = store.rows(
        """SELECT id, sentence FROM practice_tries WHERE sentence <> ''
           AND agent_id = (SELECT agent_id FROM calls WHERE id = ?)""",
        [call_id],
    )
    gone = [row["id"] for row in tries if row["sentence"] in said]
    query = "UPDATE practice_tries SET sentence = '' WHERE id IN (SELECT value FROM json_each(?))"
    return store.change(query, [json.dumps(gone)]) if gone else 0


def _forget_trials(store: Store, calls: tuple[int, ...]) -> int:
    """What trials of drafts tell of the calls; their sums stay."""
    touched = 0
    for row in store.rows("SELECT id, body FROM trials WHERE body IS NOT NULL"):
        result = results.unpack(row["body"])
        left = _without(result, calls)
        if left != result:
            store.change("UPDATE trials SET body = ? WHERE id = ?", [results.pack(left), row["id"]])
            touched += 1
    return touched


def _without(found: Any, calls: tuple[int, ...]) -> Any:
    """A trial's result without the examples that are these calls, or calls it does not name."""
    if isinstance(found, dict):
        return {name: _without(value, calls) for name, value in found.items()}
    if isinstance(found, list):
        gone = [isinstance(one, dict) and "call_id" in one and one["call_id"] in (None, *calls) for one in found]
        return [_without(one, calls) for one, away in zip(found, gone, strict=True) if not away]
    return found


def _unquote(store: Store, call_id: int) -> None:
    with store.write() as db:
        for table in _QUOTING:
            db.execute(f"UPDATE {table} SET quote = '' WHERE call_id = ? AND quote <> ''", [call_id])
        db.execute("UPDATE flag_examples SET quote = '', why = '' WHERE example_id = ?", [call_id])
        for table in ("flags", "queue_items"):
            rows = store.rows(f"SELECT rowid AS id, reason FROM {table} WHERE call_id = ?", [call_id])
            for row in rows:
                plain = wordless.unquoted(row["reason"])
                db.execute(f"UPDATE {table} SET reason = ? WHERE rowid = ?", [plain, row["id"]])


def _only_numbers(store: Store, call_id: int, sha256: str) -> None:
    """The analyses that stand, as numbers; earlier ones and the words of transcripts go. A transcript's row stays
    without a body where an analysis names it."""
    call = store.row("SELECT analysis_key, machine_key FROM calls WHERE id = ?", [call_id]) or {}
    standing = [key for key in call.values() if key]
    with store.write() as db:
        keep = [call_id, json.dumps(standing)]
        db.execute(
            "DELETE FROM analyses WHERE call_id = ? AND key NOT IN (SELECT value FROM json_each(?))",
            keep,
        )
        for key in standing:
            report = results.analysis(store, key)
            if report is not None:
                body = results.pack(wordless.only(report))
                db.execute("UPDATE analyses SET body = ? WHERE key = ?", [body, key])
        db.execute(
            "DELETE FROM readings WHERE transcript_key IN (SELECT key FROM transcripts WHERE sha256 = ?)", [sha256]
        )
        db.execute("UPDATE transcripts SET body = x'' WHERE sha256 = ?", [sha256])
