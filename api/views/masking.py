"""What the call page must know of masking."""

from datetime import datetime
from typing import Any

from api.views.call import CallView
from assist.calls import unmasking
from assist.calls.calls import Call
from assist.people import access
from assist.people.users import User
from assist.privacy.masking import LABEL
from assist.store import Store


def masked(store: Store, user: User, call: Call, until: datetime | None, seen: CallView | None) -> dict[str, Any]:
    """`masks_something` where a label stands on the page, `unmasked_until` while this person sees the call unmasked;
    `unmaskings` those of all."""
    turns = seen.turns if seen else []
    readable = access.may_read(user, held=call.held)
    return {
        "unmasked_until": until,
        "may_unmask": access.allows(user, "call.unmask") and call.transcript_key is not None,
        "masks_something": _labelled(call.customer, *(piece.text for turn in turns for piece in turn.pieces)),
        "unmaskings": unmasking.history(store, call.id) if readable else [],
    }


def _labelled(*texts: str) -> bool:
    return any(LABEL.search(text) for text in texts)
