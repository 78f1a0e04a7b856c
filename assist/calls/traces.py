"""What the audit keeps of who heard a call or took out what was found in it: of everybody, not only of admins."""

from datetime import timedelta

from assist.people import audit
from assist.people.users import User
from assist.store import Store

EVERY = timedelta(minutes=10)
"""A player asks for a recording in many parts, and a page is loaded again: one entry in so long."""


def heard(store: Store, user: User, call_id: int) -> None:
    audit.record_once(store, user, "call.hear", f"call:{call_id}", within=EVERY)


def taken_out(store: Store, user: User, call_id: int) -> None:
    """The transcript or the findings of a call, as a document for a machine."""
    audit.record_once(store, user, "analysis.export", f"call:{call_id}", within=EVERY)
