"""Who has a draft open at this moment. The page says so every few seconds; who stops saying it is gone."""

from datetime import timedelta

from assist.people import access
from assist.people.users import User
from assist.store import Store, drafts
from assist.store.clock import now, stamp

EVERY_SECONDS = 10
_LAPSES = timedelta(seconds=2.5 * EVERY_SECONDS)


def visit(store: Store, user: User, draft_id: int) -> tuple[str, ...]:
    """Notes that the user has the draft open, and gives the names of the others who have. Raises NotFound,
    AccessDenied."""
    access.require(user, "library.draft")
    drafts.get(store, user, draft_id)
    with store.write() as db:
        db.execute("DELETE FROM draft_visits WHERE seen_at < ?", [stamp(now() - _LAPSES)])
        values = {"draft_id": draft_id, "user_id": user.id, "seen_at": stamp()}
        db.table("draft_visits").upsert(values, pk=("draft_id", "user_id"))
    return _others(store, user, draft_id)


def leave(store: Store, user: User, draft_id: int) -> None:
    """The user closed the draft; a page that closes without saying so lapses."""
    store.change("DELETE FROM draft_visits WHERE draft_id = ? AND user_id = ?", [draft_id, user.id])


def _others(store: Store, user: User, draft_id: int) -> tuple[str, ...]:
    rows = store.rows(
        """SELECT u.name FROM draft_visits v JOIN users u ON u.id = v.user_id
           WHERE v.draft_id = ? AND v.user_id <> ? ORDER BY v.seen_at DESC, u.name""",
        [draft_id, user.id],
    )
    return tuple(row["name"] for row in rows)
