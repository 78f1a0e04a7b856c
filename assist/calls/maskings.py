"""What each campaign masks: set by admins, on record."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, get_args

from assist.errors import NotFound, RequestError
from assist.people import access, audit
from assist.people.users import User
from assist.store import Store, shown
from assist.store.clock import stamp
from assist.store.shown import Masking, Names
from assist.texts import N_

NAMES: tuple[Names, ...] = get_args(Names)


class UnknownNames(RequestError):
    message = N_("Names are masked never, outside or always, not “%(names)s”.")


def listing(store: Store, user: User) -> dict[str, Masking]:
    """By campaign. Raises AccessDenied."""
    access.require(user, "masking.set")
    return {row["id"]: shown.masking(store, row["id"]) for row in store.rows("SELECT id FROM campaigns ORDER BY id")}


def change(store: Store, user: User, campaign: str, given: Mapping[str, Any]) -> Masking:
    """Sets what a campaign masks; what is not given stays. Pages show it at once; lists and searches as calls are
    indexed anew. Raises AccessDenied, NotFound, UnknownNames."""
    access.require(user, "masking.set")
    if not store.value("SELECT 1 FROM campaigns WHERE id = ?", [campaign]):
        raise NotFound
    wanted = asdict(shown.masking(store, campaign)) | dict(given)
    if wanted["names"] not in NAMES:
        raise UnknownNames(names=str(wanted["names"])[:20])
    made = Masking(bool(wanted["numbers"]), wanted["names"], bool(wanted["sound"]))
    row = {"campaign": campaign, **asdict(made), "changed_by": user.id, "changed_at": stamp()}
    with store.write() as db:
        db.table("campaign_masking").upsert(row, pk="campaign")
        db.execute(
            "UPDATE said_calls SET transcript_key = '' WHERE call_id IN (SELECT id FROM calls WHERE campaign = ?)",
            [campaign],
        )
        audit.record(store, user, "masking.set", f"library:{campaign}", **asdict(made))
    return made
