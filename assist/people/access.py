"""Who may see and do what: the one place that knows. What somebody may not see does not exist for them (NotFound)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assist.errors import AccessDenied, NotFound
from assist.people.users import ROLES, Role, User

_RIGHTS: dict[str, frozenset[Role]] = {
    "call.upload": frozenset({"agent", "lead", "admin"}),
    "call.upload-for-others": frozenset({"lead", "admin"}),
    "call.rejudge": frozenset({"lead", "admin"}),
    "call.correct": frozenset({"lead", "admin"}),
    "library.read": frozenset(ROLES),
    "library.draft": frozenset({"editor", "admin"}),
    "library.review": frozenset({"editor", "lead", "admin"}),
    "library.publish": frozenset({"editor", "admin"}),
    "library.rules": frozenset({"admin"}),
    "library.foresee": frozenset({"editor", "lead", "admin"}),
    "library.insight": frozenset({"editor", "lead", "admin"}),
    "library.misheard": frozenset({"editor", "lead", "admin"}),
    "queue.work": frozenset({"lead", "admin"}),
    "people.manage": frozenset({"admin"}),
    "audit.read": frozenset({"admin"}),
}


def allows(user: User, right: str) -> bool:
    """Whether the user's role has the right. An unknown right is a mistake in the program: KeyError."""
    return user.active and user.role in _RIGHTS[right]


def require(user: User, right: str) -> None:
    """Raises AccessDenied where the role lacks the right."""
    if not allows(user, right):
        raise AccessDenied


def may_see_version(user: User, *, in_force_from: datetime, withdrawn: bool, at: datetime) -> bool:
    """Published versions are for everybody once they are or were in force; before that for who plans with them."""
    if allows(user, "library.foresee"):
        return True
    return allows(user, "library.read") and not withdrawn and in_force_from <= at


def may_see_draft(user: User, *, state: str) -> bool:
    """Drafts are for those who write them; one in review also for those who may review it."""
    return allows(user, "library.draft") or (state == "in-review" and allows(user, "library.review"))


def leaves_trace(user: User) -> bool:
    """Whether the audit notes which calls the user opens: who keeps the system running may see all, but not unseen."""
    return user.role == "admin"


@dataclass(frozen=True, slots=True)
class Scope:
    """A condition on rows of calls (alias c) and its parameters."""

    where: str
    parameters: dict[str, Any]


def calls_of(user: User) -> Scope:
    """Which calls the user may see: agents their own, leads their team's, admins all; whoever brought in a call that
    has no agent yet sees it too."""
    return _SCOPES[user.role](user) if user.active else Scope("0", {})


def insight_of(user: User) -> Scope:
    """Over which calls (alias c) the user may see figures and quotes: editors and admins all, leads their team's."""
    if not allows(user, "library.insight"):
        return Scope("0", {})
    return _team(user) if user.role == "lead" else Scope("1", {})


def may_see_call(user: User, *, agent_id: int | None, team_id: int | None, uploaded_by: int | None) -> bool:
    """The same rule as `calls_of`, for one call at hand."""
    if not user.active or user.role == "editor":
        return False
    if user.role == "admin" or user.id == agent_id or (agent_id is None and uploaded_by == user.id):
        return True
    return user.role == "lead" and team_id is not None and team_id == user.team_id


def see_call(user: User, *, agent_id: int | None, team_id: int | None, uploaded_by: int | None) -> None:
    """Raises NotFound where the call is not for this user."""
    if not may_see_call(user, agent_id=agent_id, team_id=team_id, uploaded_by=uploaded_by):
        raise NotFound


def _own(user: User) -> Scope:
    return Scope("(c.agent_id = :me OR (c.agent_id IS NULL AND c.uploaded_by = :me))", {"me": user.id})


def _team(user: User) -> Scope:
    own = _own(user)
    return Scope(f"({own.where} OR c.team_id = :my_team)", own.parameters | {"my_team": user.team_id})


_SCOPES: dict[Role, Callable[[User], Scope]] = {
    "agent": _own,
    "lead": _team,
    "editor": lambda user: Scope("0", {}),
    "admin": lambda user: Scope("1", {}),
}
