"""Personal numbers said in calls, as keyed hashes: a call is found by a whole number, no number is found by a call.

The key is random and lies in the same database: it keeps numbers out of what is listed, copied and logged, not from
somebody who has the whole folder.
"""

import hashlib
import hmac
from collections.abc import Iterable

from assist.privacy.digits import digits_of, plain
from assist.store import Store


def put(store: Store, call_id: int, numbers: Iterable[str]) -> None:
    """Replaces the numbers of a call."""
    rows = [{"digest": digest(store, number), "call_id": call_id} for number in numbers]
    with store.write() as db:
        db.execute("DELETE FROM said_numbers WHERE call_id = ?", [call_id])
        db.table("said_numbers").insert_all(rows, ignore=True)


def calls_with(store: Store, number: str) -> list[int]:
    """The calls in which a number (plain digits) is said, the latest first."""
    rows = store.rows(
        "SELECT call_id FROM said_numbers WHERE digest = ? ORDER BY call_id DESC", [digest(store, number)]
    )
    return [row["call_id"] for row in rows]


def asked(words: str) -> tuple[str, ...]:
    """The personal numbers that somebody looks for, as plain digits."""
    return digits_of(words) or digits_of(f"电话号码{words}")


def digest(store: Store, number: str) -> str:
    key = store.value("SELECT key FROM said_numbers_key")
    return hmac.new(bytes.fromhex(key), plain(number).encode(), hashlib.sha256).hexdigest()[:40]
