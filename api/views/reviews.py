"""The pages on which people look at what the machine says: the row of tabs they share."""

from dataclasses import dataclass

from assist.coaching import disputes
from assist.people import access
from assist.people.users import User
from assist.store import Store
from assist.texts import N_


@dataclass(frozen=True, slots=True)
class Tab:
    path: str
    title: str
    current: bool
    count: int = 0


def tabs(store: Store, user: User, here: str) -> list[Tab]:
    """What the user may open; the count says what waits for them."""
    waiting = disputes.to_decide(store, user)
    found = [Tab("/disputes", N_("Disputes"), here == "/disputes", waiting)]
    if access.allows(user, "call.blind-score"):
        found += [
            Tab("/blind", N_("Score blind"), here == "/blind"),
            Tab("/honesty", N_("Agreement"), here == "/honesty"),
        ]
    return found
