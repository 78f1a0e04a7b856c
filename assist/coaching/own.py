"""What agents see of their own work: which released calls are new to them, and their skills against their own past."""

from assist.calls.calls import Call
from assist.people import access
from assist.people.users import User
from assist.store import Store
from assist.store.clock import stamp


def saw(store: Store, user: User, call: Call) -> None:
    """Notes that the agent opened a call of theirs; nothing where that is known, or there is nothing to read yet."""
    if user.id != call.agent_id or call.seen or call.state != "ready" or not access.may_read(user, held=call.held):
        return
    store.change("UPDATE calls SET seen_at = ? WHERE id = ? AND seen_at IS NULL", [stamp(), call.id])
