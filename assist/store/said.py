"""What is said in each call, kept so that it is found by its words: lines to show, and signs to search.

`place` is the row's number in the index. It grows with the time of the call, so that the latest matches come first
without sorting and a period is a range.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assist.privacy import veil
from assist.privacy.conversation import Line as Spoken
from assist.privacy.conversation import numbers_of
from assist.store import Store, results, said_numbers, shown
from assist.store.clock import moment
from assist.store.signs import single, tokens

BATCH = 200
ID_BITS = 30
"""Low bits of a place: the call's id; above them the second the call was made."""


@dataclass(frozen=True, slots=True)
class Line:
    """A turn of a call: seconds from its beginning."""

    turn: int
    speaker: str
    start: float
    end: float
    text: str


def put(store: Store, call_id: int, turns: Iterable[Mapping[str, Any]]) -> bool:
    """Indexes a ready call by its turns, masked as they are shown; False where that transcript is indexed already."""
    call = store.row(
        """SELECT c.called_at, c.team_id, c.agent_id, c.campaign, c.transcript_key,
                  s.transcript_key IS NOT NULL AND s.transcript_key = c.transcript_key AS known
           FROM calls c LEFT JOIN said_calls s ON s.call_id = c.id WHERE c.id = ?""",
        [call_id],
    )
    if call is None or call["known"]:
        return False
    lines = [[turn["id"], turn["speaker"], turn["start"], turn["end"], turn["text"]] for turn in turns]
    place = first_place(moment(call["called_at"])) | call_id
    facts = facts_of(team=call["team_id"], agent=call["agent_id"], campaign=call["campaign"])
    row = {"call_id": call_id, "transcript_key": call["transcript_key"], "place": place, "body": results.pack(lines)}
    with store.write() as db:
        db.execute("DELETE FROM said_calls WHERE call_id = ?", [call_id])  # takes the words of before along
        db.table("said_calls").insert(row)
        db.execute(
            "INSERT INTO said_words(rowid, words, facts) VALUES (?, ?, ?)",
            [place, *indexed([line[4] for line in lines], facts)],
        )
    return True


def catch_up(store: Store, after: int = 0, most: int = BATCH) -> int | None:
    """Indexes calls that became ready before there was an index: looks at `most` calls with an id above `after`.

    The last id looked at, None where there are no more calls.
    """
    rows = store.rows(
        """SELECT c.id, c.transcript_key, c.state = 'ready' AND s.call_id IS NULL AS missing
           FROM calls c LEFT JOIN said_calls s ON s.call_id = c.id AND s.transcript_key = c.transcript_key
           WHERE c.id > ? ORDER BY c.id LIMIT ?""",
        [after, most],
    )
    for row in rows:
        transcript = results.transcript(store, row["transcript_key"]) if row["missing"] else None
        if transcript is not None:
            lines = [Spoken(turn.speaker, turn.text) for turn in transcript.turns]
            said_numbers.put(store, row["id"], numbers_of(lines, transcript.language))
            transcript = veil.transcript(transcript, shown.masking_of(store, row["id"]).kinds())
            put(store, row["id"], [_plain(turn) for turn in transcript.turns])
    return rows[-1]["id"] if rows else None


def lines(store: Store, call_ids: Iterable[int]) -> dict[int, tuple[Line, ...]]:
    """What is said in some calls; those that are not indexed are left out."""
    found = {}
    for call_id in call_ids:
        body = store.value("SELECT body FROM said_calls WHERE call_id = ?", [call_id])
        if body:
            found[call_id] = tuple(Line(*line) for line in results.unpack(body))
    return found


def indexed(texts: Sequence[str], facts: Sequence[str]) -> tuple[str, str]:
    """The words and the facts of a row of the index."""
    return " ".join(tokens(text) for text in texts), " ".join([*facts, single("".join(texts))])


def facts_of(team: int | None = None, agent: int | None = None, campaign: str | None = None) -> list[str]:
    """Signs for what never changes in a ready call; they only narrow, two campaigns may share one."""
    known = {"t": team, "a": agent, "c": re.sub(r"[^0-9a-z]", "", (campaign or "").lower()) or None}
    return [f"{kind}{value}" for kind, value in known.items() if value is not None]


def first_place(at: datetime) -> int:
    """The least place of a call made at that moment or later."""
    return max(0, int(at.timestamp())) << ID_BITS


def _plain(turn: Any) -> dict[str, Any]:
    return {name: getattr(turn, name) for name in ("id", "speaker", "start", "end", "text")}
