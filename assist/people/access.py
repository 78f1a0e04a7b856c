"""Who may see and do what: the one place that knows. What somebody may not see does not exist for them (NotFound)."""

from collections.abc import Callable, Mapping
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
    "call.release": frozenset({"lead", "admin"}),
    "call.unmask": frozenset({"lead", "admin"}),
    "masking.set": frozenset({"admin"}),
    "own.page": frozenset({"agent"}),
    "library.read": frozenset(ROLES),
    "library.draft": frozenset({"editor", "admin"}),
    "library.review": frozenset({"editor", "lead", "admin"}),
    "library.publish": frozenset({"editor", "admin"}),
    "library.rules": frozenset({"admin"}),
    "library.foresee": frozenset({"editor", "lead", "admin"}),
    "library.insight": frozenset({"editor", "lead", "admin"}),
    "insight.by-agent": frozenset({"lead", "admin"}),
    "library.misheard": frozenset({"editor", "lead", "admin"}),
    "queue.work": frozenset({"lead", "admin"}),
    "rules.read": frozenset({"editor", "lead", "admin"}),
    "rules.edit": frozenset({"admin"}),
    "call.search": frozenset({"agent", "lead", "admin"}),
    "clip.make": frozenset({"agent", "lead", "admin"}),
    "clip.share": frozenset({"lead", "admin"}),
    "meeting.hold": frozenset({"lead", "admin"}),
    "finding.dispute": frozenset({"agent", "lead"}),
    "finding.rule": frozenset({"lead", "admin"}),
    "call.self-score": frozenset({"agent", "lead"}),
    "call.blind-score": frozenset({"lead", "admin"}),
    "labels.export": frozenset({"lead", "admin"}),
    "findings.export": frozenset({"lead", "admin"}),
    "findings.export-whole": frozenset({"admin"}),
    "coaching.lead": frozenset({"lead"}),
    "coaching.see": frozenset({"agent", "lead", "admin"}),
    "coaching.brief": frozenset({"lead", "admin"}),
    "transcript.nameless": frozenset({"editor", "admin"}),
    "people.manage": frozenset({"admin"}),
    "work.pause": frozenset({"admin"}),
    "audit.read": frozenset({"admin"}),
    "privacy.retention": frozenset({"admin"}),
    "privacy.hold": frozenset({"admin"}),
    "privacy.delete": frozenset({"admin"}),
    "privacy.hand-out": frozenset({"admin"}),
}


_UNLOCKED = "c.restricted_at IS NULL"
"""Calls that the law or a hold keeps under lock (`assist.privacy.locking`) are for nobody to hear or read."""


def rights() -> Mapping[str, frozenset[Role]]:
    """Every right there is, and the roles that have it."""
    return _RIGHTS


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
    """Which calls the user may read: agents their own as far as they were released, leads their team's, admins all;
    whoever brought in a call that has no agent yet sees it too."""
    known = known_to(user)
    return Scope(f"({known.where} AND c.held = 0)", known.parameters) if user.role == "agent" else known


def known_to(user: User) -> Scope:
    """Which calls the user may know to be there: beside those of `calls_of` an agent's own that were not released yet.
    Nothing that was found in them may be shown, counted or filtered by. That a call is under lock only admins know."""
    if not user.active:
        return Scope("0", {})
    known = _SCOPES[user.role](user)
    return known if user.role == "admin" else Scope(f"({known.where} AND {_UNLOCKED})", known.parameters)


def queue_of(user: User) -> Scope:
    """Which items of the queue (alias q) the user may work on: leads their team's, admins all."""
    if not allows(user, "queue.work"):
        return Scope("0", {})
    return Scope("q.team_id = :my_team", {"my_team": user.team_id}) if user.role == "lead" else Scope("1", {})


def outcomes_of(user: User) -> Scope:
    """Over which judged flags (alias o) the user may see figures: leads their team's, editors and admins all."""
    if not allows(user, "rules.read"):
        return Scope("0", {})
    return Scope("o.team_id = :my_team", {"my_team": user.team_id}) if user.role == "lead" else Scope("1", {})


def insight_of(user: User) -> Scope:
    """Over which calls (alias c) the user may see figures and quotes: editors and admins all, leads their team's."""
    if not allows(user, "library.insight"):
        return Scope("0", {})
    return _team(user) if user.role == "lead" else Scope("1", {})


def nameless_of(user: User) -> Scope:
    """Of which calls (alias c, of campaigns p) the user may read the transcript without names: those of campaigns that
    let editors read. It opens nothing else of the call."""
    return Scope(f"(p.editors_read = 1 AND {_UNLOCKED})" if allows(user, "transcript.nameless") else "0", {})


def may_read(user: User, *, held: bool) -> bool:
    """Whether the content of a call that the user knows of is for them: agents wait until it was released."""
    return not (held and user.role == "agent")


def coaching_of(user: User) -> Scope:
    """Of which agents (alias a, rows of users) the user may see one-on-ones and agreements: agents their own, leads
    their team's, admins all."""
    if not allows(user, "coaching.see"):
        return Scope("0", {})
    if user.role == "agent":
        return Scope("a.id = :me", {"me": user.id})
    if user.role == "lead":
        return Scope("(a.role = 'agent' AND a.team_id = :my_team)", {"my_team": user.team_id})
    return Scope("1", {})


def see_coaching(user: User, agent: User, *, to_lead: bool = False) -> None:
    """Raises NotFound where one-on-ones with this agent are not for the user; with `to_lead`, where the user does not
    lead them."""
    own = user.id == agent.id and not to_lead
    team = user.role == "lead" and agent.role == "agent" and user.team_id is not None and user.team_id == agent.team_id
    seen = own or team or (user.role == "admin" and agent.role == "agent" and not to_lead)
    if not (allows(user, "coaching.see") and seen):
        raise NotFound


def may_see_call(
    user: User, *, agent_id: int | None, team_id: int | None, uploaded_by: int | None, held: bool = False
) -> bool:
    """The same rule as `calls_of`, for one call at hand."""
    if not user.active or user.role == "editor" or not may_read(user, held=held):
        return False
    if user.role == "admin" or user.id == agent_id or (agent_id is None and uploaded_by == user.id):
        return True
    return user.role == "lead" and team_id is not None and team_id == user.team_id


def see_call(
    user: User, *, agent_id: int | None, team_id: int | None, uploaded_by: int | None, held: bool = False
) -> None:
    """Raises NotFound where the call is not for this user."""
    if not may_see_call(user, agent_id=agent_id, team_id=team_id, uploaded_by=uploaded_by, held=held):
        raise NotFound


def may_rule(user: User, *, agent_id: int | None, team_id: int | None) -> bool:
    """Whether the user has the last word on findings of a call: leads of its team, and admins; nobody on their own."""
    if not allows(user, "finding.rule") or user.id == agent_id:
        return False
    return user.role == "admin" or (team_id is not None and team_id == user.team_id)


def require_ruling(user: User, *, agent_id: int | None, team_id: int | None) -> None:
    """Raises AccessDenied where the last word on findings of the call is not the user's."""
    if not may_rule(user, agent_id=agent_id, team_id=team_id):
        raise AccessDenied


def ruled_by(user: User) -> Scope:
    """The rule of `may_rule` for many calls (alias c)."""
    if not allows(user, "finding.rule"):
        return Scope("0", {})
    where, mine = f"((c.agent_id IS NULL OR c.agent_id <> :me) AND {_UNLOCKED})", {"me": user.id}
    if user.role == "admin":
        return Scope(where, mine)
    return Scope(f"({where} AND c.team_id = :my_team)", mine | {"my_team": user.team_id})


def may_rule_team(user: User, team_id: int) -> bool:
    """Whether the user sets how the calls of a team reach its agents: its leads, and admins."""
    return allows(user, "call.release") and (user.role == "admin" or user.team_id == team_id)


def clips_of(user: User) -> Scope:
    """Which clips (alias k, of calls c, made by w) the user may hear: their own, those shared with their team or with
    all; leads also what agents cut from their team's calls, admins all. The call around a clip stays closed."""
    if not user.active or user.role == "admin":
        return Scope(_UNLOCKED if user.active else "0", {})
    where = "k.made_by = :me OR k.shared = 'all' OR (k.shared = 'team' AND k.team_id = :my_team)"
    if user.role == "lead":
        where += " OR (c.team_id = :my_team AND w.role = 'agent')"
    return Scope(f"(({where}) AND {_UNLOCKED})", {"me": user.id, "my_team": user.team_id})


def may_change_clip(user: User, *, made_by: int, team_id: int | None, shared: bool) -> bool:
    """Who cut it, as long as it is their own; once it is shared, and for agents' clips, a lead of the call's team."""
    if not allows(user, "clip.make"):
        return False
    if user.role == "admin" or (user.id == made_by and not shared):
        return True
    return user.role == "lead" and (user.id == made_by or (team_id is not None and team_id == user.team_id))


def playlists_of(user: User) -> Scope:
    """Which playlists (alias l) the user may open; of their clips they hear those of `clips_of`."""
    if not user.active or user.role == "admin":
        return Scope("1" if user.active else "0", {})
    where = "(l.made_by = :me OR l.shared = 'all' OR (l.shared = 'team' AND l.team_id = :my_team))"
    return Scope(where, {"me": user.id, "my_team": user.team_id})


def may_change_playlist(user: User, *, made_by: int) -> bool:
    """Who made it, and admins."""
    return allows(user, "clip.make") and (user.role == "admin" or user.id == made_by)


def meeting_team(user: User, team_id: int | None) -> int | None:
    """The team whose meeting the user holds: a lead's own, an admin's choice (None: not chosen yet).

    Raises AccessDenied; NotFound for another team.
    """
    require(user, "meeting.hold")
    if user.role == "admin":
        return team_id
    if user.team_id is None or (team_id is not None and team_id != user.team_id):
        raise NotFound
    return user.team_id


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
