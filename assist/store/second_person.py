"""Where somebody else than the writer has to publish. `about` is library:CAMPAIGN or rubric."""

from assist.errors import AccessDenied
from assist.people import access, audit
from assist.people.users import User
from assist.store import Store
from assist.texts import N_


class SecondPerson(AccessDenied):
    message = N_(
        "Here a second person has to publish what one person wrote. Hand it in for review; a colleague publishes it."
    )


def needed(store: Store, about: str) -> bool:
    return bool(store.value("SELECT second_person FROM publishing_rules WHERE about = ?", [about]))


def demand(store: Store, user: User, about: str, on: bool) -> None:
    """Switches the rule. Raises AccessDenied."""
    access.require(user, "library.rules")
    with store.write() as db:
        db.table("publishing_rules").upsert({"about": about, "second_person": int(on)}, pk="about")
        audit.record(store, user, "library.rules", about, second_person=on)
