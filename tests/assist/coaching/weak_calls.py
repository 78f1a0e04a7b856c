"""An agent's calls of the last days, with rows of what was missed in them."""

from datetime import timedelta

from assist.people.users import User
from assist.store import Store
from assist.store.clock import now
from tests.assist.coaching import past


def missing_the_order(store: Store, agent: User, count: int, missed: int) -> list[int]:
    """Calls of the last days in the first `missed` of which the agent did not ask for the order."""
    made = []
    for number in range(count):
        call = past.call(store, agent, now() - timedelta(days=1 + number % 20, minutes=number), {})
        status = "missed" if number < missed else "said"
        store.db.table("spoken_points").insert(
            {"call_id": call, "point": "ask-for-order", "status": status, "wording": "", "turn": 3}
            | {"start": None if number < missed else 8.5, "stays": 1, "objection_next": 0}
        )
        made.append(call)
    return made


def left_unanswered(store: Store, calls: list[int], unanswered: int) -> None:
    """In each of the calls the customer has no time; in the first `unanswered` of them nobody took it up."""
    for number, call in enumerate(calls):
        outcome = "unanswered" if number < unanswered else "resolved"
        store.db.table("raised_objections").insert(
            {"call_id": call, "number": 0, "objection": "busy", "quote": f"我在开会 {number}", "turn": 2, "start": 6.5}
            | {"outcome": outcome, "answered": int(number >= unanswered), "answer_turn": 3}
        )
        store.db.table("objection_steps").insert(
            {"call_id": call, "objection": "busy", "step": "acknowledge", "done": 0, "turn": 2, "start": 6.5}
        )
