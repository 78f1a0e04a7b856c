"""Calls under lock: kept because they must be, and for nothing else (PIPL, article 47: where the law asks for a longer
time, all processing stops but storing and keeping safe). Nobody hears or reads them; administrators see that they are
there."""

from datetime import datetime

from assist.errors import NotFound
from assist.people import access, audit
from assist.people.users import User
from assist.store import Store
from assist.store.clock import stamp
from assist.texts import N_

_WORKING = ("queue_items", "noon_choices", "said_calls", "samples")
"""What only serves to work with a call; a fresh judgement would make it anew."""


class UnderLock(NotFound):
    message = N_("This call is under lock: it is kept because it must be, and nobody hears or reads it.")


def lock(store: Store, call_id: int, until: datetime | None) -> None:
    """Ends all work on the call and hides it. `until` None: until somebody lifts what holds it."""
    with store.write() as db:
        db.execute(
            """UPDATE calls SET restricted_from = coalesce(restricted_from, state), state = 'cancelled', run = run + 1,
                      restricted_at = coalesce(restricted_at, ?), restricted_until = ? WHERE id = ?""",
            [stamp(), stamp(until) if until else None, call_id],
        )
        for table in _WORKING:
            db.execute(f"DELETE FROM {table} WHERE call_id = ?", [call_id])
        db.execute("DELETE FROM flag_examples WHERE example_id = ?", [call_id])
        db.execute("UPDATE clips SET shared = 'nobody' WHERE call_id = ?", [call_id])


def unlock(store: Store, user: User, call_id: int) -> None:
    """The call is as it was; one that was being worked on is begun anew by `retry`. Raises AccessDenied, NotFound."""
    access.require(user, "privacy.delete")
    with store.write() as db:
        changed = db.execute(
            """UPDATE calls SET restricted_at = NULL, restricted_until = NULL, restricted_from = NULL, state =
                   CASE restricted_from WHEN 'ready' THEN 'ready' WHEN 'failed' THEN 'failed' ELSE 'cancelled' END
               WHERE id = ? AND restricted_at IS NOT NULL""",
            [call_id],
        ).rowcount
        if not changed:
            raise NotFound
        audit.record(store, user, "call.unlock", f"call:{call_id}")
