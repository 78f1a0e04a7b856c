"""The calls of one customer: by the number or name that their details carry, also where only the file name has it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from assist.errors import RequestError
from assist.people import access
from assist.people.users import User
from assist.privacy import keys, retention
from assist.store import Store, said_numbers
from assist.store.clock import moment, now, stamp
from assist.store.signs import containing
from assist.texts import N_

SHORTEST = 2
LONG_ENOUGH_FOR_NAMES = 5
"""Characters from which a key is looked for inside file names: a shorter one would be found in every date."""


class TooShort(RequestError):
    message = N_("Give the customer's whole number or name as it stands in the details of the calls.")


@dataclass(frozen=True, slots=True)
class Found:
    """A call of the customer. `by_name`: only its file name says so. `until`: the law keeps it till then; `held`:
    somebody placed a hold on it, and why."""

    id: int
    sha256: str
    called_at: datetime
    campaign: str
    agent: str
    customer: str
    file_name: str
    state: str
    by_name: bool
    until: datetime | None
    held: str

    @property
    def free(self) -> bool:
        return self.until is None and not self.held


def of_customer(store: Store, user: User, customer: str) -> list[Found]:
    """All calls of a customer, the first first. Raises AccessDenied, TooShort."""
    access.require(user, "privacy.delete")
    key = keys.plain(customer)
    if len(key) < SHORTEST:
        raise TooShort
    named = "c.file_name LIKE :part ESCAPE '!'" if len(key) >= LONG_ENOUGH_FOR_NAMES else "0"
    rows = store.rows(
        f"""{_SELECT} WHERE {_PLAIN} IN (:key, '86' || :key, '0086' || :key) OR {named} ORDER BY c.called_at, c.id""",
        {"key": key, "part": containing(key)},
    )
    return [_found(store, row, key) for row in rows]


def saying(store: Store, user: User, customer: str, found: list[Found]) -> list[int]:
    """Other calls in which the customer's number is said: somebody else's perhaps, or theirs. Raises AccessDenied."""
    access.require(user, "privacy.delete")
    known = {one.id for one in found}
    numbers = said_numbers.asked(customer) if customer.strip() else ()
    calls = {call for number in numbers for call in said_numbers.calls_with(store, number)}
    return sorted(calls - known)


def of_call(store: Store, user: User, call_id: int) -> list[Found]:
    """One call, none where there is no such. Raises AccessDenied."""
    access.require(user, "privacy.delete")
    return [_found(store, row, "") for row in store.rows(f"{_SELECT} WHERE c.id = ?", [call_id])]


_SELECT = """
    SELECT c.id, c.sha256, c.called_at, coalesce(c.campaign, '') AS campaign, coalesce(u.name, '') AS agent, c.customer,
           c.file_name, c.state, coalesce(h.reason, '') AS held
    FROM calls c LEFT JOIN users u ON u.id = c.agent_id LEFT JOIN holds h ON h.call_id = c.id AND h.lifted_at IS NULL
"""
_PLAIN = "lower(replace(replace(replace(replace(replace(c.customer, ' ', ''), '-', ''), '+', ''), '(', ''), ')', ''))"


def _found(store: Store, row: dict[str, str], key: str) -> Found:
    called_at = moment(row["called_at"])
    until = called_at + timedelta(days=retention.rule_of(store, row["campaign"]).floor)
    told = {
        "called_at": called_at,
        "by_name": bool(key) and keys.plain(row["customer"]) != key,
        "until": until if stamp(until) > stamp(now()) else None,
    }
    return Found(**row | told)  # type: ignore[arg-type]
