"""Seeing a call unmasked: for a lead or admin who says why, for a quarter of an hour, on record."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from assist.calls import calls
from assist.errors import RequestError
from assist.people import access, audit
from assist.people.users import User
from assist.privacy import mask
from assist.store import Store
from assist.store.clock import moment, now, stamp
from assist.texts import N_

LASTS = timedelta(minutes=15)
LONGEST = 300
_SHORTEST = 2


class WhyUnmask(RequestError):
    message = N_("Say in a few words why you need to see the customer's data. It stays on record.")


@dataclass(frozen=True, slots=True)
class Unmasking:
    """Who saw a call unmasked, why, and from when until when."""

    id: int
    call_id: int
    name: str
    reason: str
    at: datetime
    until: datetime


def unmask(store: Store, user: User, call_id: int, reason: str) -> Unmasking:
    """Shows this person the call unmasked from now on. Raises AccessDenied, NotFound, WhyUnmask."""
    access.require(user, "call.unmask")
    calls.get(store, user, call_id)
    reason = mask(" ".join(reason.split()))[:LONGEST]
    if len(reason) < _SHORTEST:
        raise WhyUnmask
    at = now()
    values = {
        "call_id": call_id, "user_id": user.id, "reason": reason, "at": stamp(at), "until": stamp(at + LASTS),
    }  # fmt: skip
    with store.write() as db:
        identity = int(str(db.table("unmaskings").insert(values).last_pk))
        audit.record(store, user, "call.unmask", f"call:{call_id}", reason=reason, until=values["until"])
    return next(one for one in history(store, call_id) if one.id == identity)


def end(store: Store, user: User, call_id: int) -> None:
    """Masks the call for this person again. Raises NotFound."""
    calls.get(store, user, call_id)
    values = [stamp(), call_id, user.id, stamp()]
    store.change("UPDATE unmaskings SET until = ? WHERE call_id = ? AND user_id = ? AND until > ?", values)


def until(store: Store, user: User, call_id: int) -> datetime | None:
    """How long this person sees the call unmasked; None where they do not. A right that was taken away counts at
    once."""
    if not access.allows(user, "call.unmask"):
        return None
    found = store.value(
        "SELECT max(until) FROM unmaskings WHERE call_id = ? AND user_id = ? AND until > ?", [call_id, user.id, stamp()]
    )
    return moment(found) if found else None


def history(store: Store, call_id: int) -> list[Unmasking]:
    """Who saw a call unmasked, the latest first. The caller has made sure that the call may be read."""
    rows = store.rows(
        """SELECT m.id, m.call_id, u.name, m.reason, m.at, m.until FROM unmaskings m JOIN users u ON u.id = m.user_id
           WHERE m.call_id = ? ORDER BY m.id DESC""",
        [call_id],
    )
    return [Unmasking(**row | {"at": moment(row["at"]), "until": moment(row["until"])}) for row in rows]
