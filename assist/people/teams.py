"""How a team's calls reach its agents: at once, or when the lead releases them."""

from dataclasses import dataclass
from typing import Literal, cast, get_args

from assist.errors import NotFound, RequestError
from assist.people import access, audit
from assist.people.users import User
from assist.store import Store
from assist.store.clock import stamp
from assist.texts import N_

Release = Literal["at-once", "by-lead"]


class UnknownRule(RequestError):
    message = N_("Calls reach agents at-once or by-lead, not %(rule)s.")


@dataclass(frozen=True, slots=True)
class TeamRule:
    team_id: int
    team: str
    release: Release


def rules(store: Store, user: User) -> list[TeamRule]:
    """The rules of the teams the user may set them for. Raises AccessDenied."""
    access.require(user, "call.release")
    rows = store.rows("SELECT id AS team_id, name AS team, release FROM teams ORDER BY name")
    return [TeamRule(**row) for row in rows if access.may_rule_team(user, row["team_id"])]


def holds(store: Store, team_id: int | None) -> bool:
    """Whether calls of this team wait for their lead before the agent reads them."""
    return bool(store.value("SELECT release FROM teams WHERE id = ?", [team_id]) == "by-lead")


def set_release(store: Store, user: User, team_id: int, rule: str) -> None:
    """What agents could read stays readable; going back to `at-once` releases what was held.

    Raises NotFound (not a team of the user's), UnknownRule.
    """
    if not access.may_rule_team(user, team_id) or not store.value("SELECT 1 FROM teams WHERE id = ?", [team_id]):
        raise NotFound
    if rule not in get_args(Release):
        raise UnknownRule(rule=rule[:30])
    with store.write() as db:
        if not db.execute("UPDATE teams SET release = ? WHERE id = ? AND release <> ?", [rule, team_id, rule]).rowcount:
            return
        if cast(Release, rule) == "by-lead":
            db.execute(
                "UPDATE calls SET held = 1 WHERE team_id = ? AND ready_at IS NULL AND released_at IS NULL", [team_id]
            )
        else:
            db.execute(
                "UPDATE calls SET held = 0, released_at = ?, released_by = ? WHERE team_id = ? AND held = 1",
                [stamp(), user.id, team_id],
            )
        audit.record(store, user, "team.release", f"team:{team_id}", rule=rule)
