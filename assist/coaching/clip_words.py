"""What is said in a clip, as those read it who hear it: no more than its seconds, and without names where that is
wished."""

import json
from typing import Any

from assist.calls import calls
from assist.calls.calls import Call
from assist.coaching.excerpts import excerpt
from assist.coaching.masking import hidden
from assist.errors import Conflict
from assist.store import Store, shown
from assist.texts import N_


class NothingHeard(Conflict):
    message = N_("This call was not heard yet. Wait until it is ready, then cut the clip.")


def said(store: Store, call: Call, values: dict[str, Any]) -> dict[str, str]:
    """The columns with the clip's words, names hidden where that is wished."""
    transcript = shown.transcript(store, call.transcript_key, shown.masking(store, call.campaign).kinds())
    if transcript is None:
        raise NothingHeard
    names = (call.agent, call.customer) if values["hide_names"] else None
    parts = ((turn, excerpt(turn, values["start"], values["stop"])) for turn in transcript.turns)
    lines = [
        [turn.speaker, round(turn.start, 2), round(turn.end, 2), told(text, names)] for turn, text in parts if text
    ]
    words = "\n".join([told(values["title"], names), told(values["note"], names), *(str(one[3]) for one in lines)])
    return {"lines": json.dumps(lines, ensure_ascii=False), "words": words.casefold()}


def refresh(store: Store, call_id: int) -> int:
    """Reads the words of a call's clips again, after its transcript was corrected; how many clips."""
    rows = store.rows("SELECT id, start, stop, title, note, hide_names FROM clips WHERE call_id = ?", [call_id])
    if rows:
        call = calls.load(store, call_id)
        with store.write() as db:
            for row in rows:
                db.table("clips").update(row["id"], said(store, call, row))
    return len(rows)


def told(text: str, names: tuple[str, ...] | None) -> str:
    """`text` without these names and others like them (`masking.hidden`); None: nothing is to be hidden."""
    return text if names is None else hidden(text, *names)
