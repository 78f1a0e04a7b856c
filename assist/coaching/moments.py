"""Moments of calls to talk about: a call, a second, the words that are said there."""

from assist.coaching.sessions import Moment
from assist.store import Store, shown


def at(store: Store, call_id: int, start: float | None = None) -> Moment:
    """The moment of a call at a second, with what is said then; without one that of its worst flag.

    Nothing is checked: whose call it is, is seen when the moment is noted.
    """
    if start is None:
        start = store.value(
            """SELECT start FROM flags WHERE call_id = ? AND start IS NOT NULL
               ORDER BY CASE severity WHEN 'critical' THEN 0 WHEN 'major' THEN 1 ELSE 2 END, id LIMIT 1""",
            [call_id],
        )
    report = shown.analysis_of(store, call_id) if start is not None else None
    turns = report["turns"] if report else ()
    quote = next((str(turn["text"]) for turn in reversed(turns) if turn["start"] <= (start or 0.0) + 0.05), "")
    return Moment(call_id, start, quote)
