"""Terms that a campaign's library should name, as people's corrections tell."""

from dataclasses import replace

from assist.people import access
from assist.people.users import User
from assist.scripts.misheard import Corrected, Misheard, misheard
from assist.store import Store, libraries


def suggested_terms(store: Store, user: User, campaign: str) -> tuple[Misheard, ...]:
    """What recognition heard wrongly in the campaign's calls and its library in force does not name yet.

    Corrections of all teams count; of the calls only those that the user may see are named. Raises AccessDenied.
    """
    access.require(user, "library.misheard")
    rows = store.rows(
        """SELECT r.call_id, r.heard_text, r.new_text FROM corrections r JOIN calls c ON c.id = r.call_id
           WHERE c.campaign = ? AND r.reverted_at IS NULL AND r.id = (
               SELECT max(l.id) FROM corrections l
               WHERE l.call_id = r.call_id AND l.turn = r.turn AND l.reverted_at IS NULL
           ) ORDER BY r.id""",
        [campaign],
    )
    version = libraries.in_force(store, campaign)
    library = libraries.library(store, version.id) if version else None
    found = misheard((Corrected(row["call_id"], row["heard_text"], row["new_text"]) for row in rows), library)
    visible = _visible(store, user, campaign)
    return tuple(replace(term, calls=tuple(one for one in term.calls if one in visible)) for term in found)


def _visible(store: Store, user: User, campaign: str) -> set[int]:
    scope = access.calls_of(user)
    rows = store.rows(
        f"""SELECT c.id FROM calls c WHERE c.campaign = :campaign AND {scope.where}
            AND c.id IN (SELECT call_id FROM corrections)""",
        {"campaign": campaign} | scope.parameters,
    )
    return {row["id"] for row in rows}
