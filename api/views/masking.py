"""What the call page must know of masking."""

from datetime import datetime
from typing import Any

from assist.calls import calls, unmasking
from assist.calls.calls import Call
from assist.people import access
from assist.people.users import User
from assist.store import Store


def masked(store: Store, user: User, call: Call, until: datetime | None) -> dict[str, Any]:
    """`unmasked_until` while this person sees the call unmasked; `unmaskings` those of all."""
    readable = access.may_read(user, held=call.held)
    return {
        "unmasked_until": until,
        "may_unmask": access.allows(user, "call.unmask") and call.transcript_key is not None,
        "masks_something": bool(calls.hidden_in(store, call)),
        "unmaskings": unmasking.history(store, call.id) if readable else [],
    }
