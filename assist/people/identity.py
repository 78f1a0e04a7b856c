"""People who come in by the company's own sign-in: one use for each state, and who is who.

An account is linked by the issuer's own number for the person (`sub`), not by a name, which others may get later. The
first time, a claim that the settings name says which account it is; administrators link theirs by themselves.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from assist.errors import AccessDenied, Conflict, InputError
from assist.people import audit, provider, users
from assist.people.provider import Asked, ProviderRefused
from assist.people.sessions import hash_token
from assist.people.users import COLUMNS, User, user_from
from assist.store import Store
from assist.store.clock import now, stamp
from assist.texts import N_

Purpose = Literal["sign-in", "link", "confirm"]

LASTS = timedelta(minutes=10)


class NotHere(AccessDenied):
    message = N_("The company's sign-in knows you, Assist does not. Ask your administrator for an account.")


class LinkFirst(AccessDenied):
    message = N_("An administrator's account is linked by its owner: sign in with your password, then link it.")


class LinkedElsewhere(Conflict):
    message = N_("This account of the company is linked to somebody else here. Ask your administrator.")


class SomebodyElse(AccessDenied):
    message = N_("Somebody else signed in at the company's page. Sign in there as yourself.")


@dataclass(frozen=True, slots=True)
class Begun:
    """`address` is where the browser goes, `browser` what it keeps until it comes back."""

    address: str
    browser: str


@dataclass(frozen=True, slots=True)
class Arrived:
    user: User
    purpose: Purpose
    onward: str


def offered(store: Store) -> bool:
    return bool(store.settings.oidc_issuer and store.settings.oidc_client_id)


def begin(store: Store, redirect: str, purpose: Purpose, *, user: User | None = None, onward: str = "/") -> Begun:
    """Raises ProviderFails."""
    state, nonce, browser = (secrets.token_urlsafe(32) for _ in range(3))
    asked = Asked(state, nonce, secrets.token_urlsafe(48), redirect, fresh=purpose == "confirm")
    address = provider.address(store.settings, asked)
    values = {
        "state_hash": hash_token(state),
        "browser_hash": hash_token(browser),
        "nonce": nonce,
        "verifier": asked.verifier,
        "purpose": purpose,
        "user_id": user.id if user else None,
        "onward": onward,
        "expires_at": stamp(now() + LASTS),
    }
    with store.write() as db:
        db.table("identity_flows").delete_where("expires_at < ?", [stamp()])
        db.table("identity_flows").insert(values)
    return Begun(address, browser)


def finish(store: Store, redirect: str, browser: str | None, state: str, code: str, issuer: str | None) -> Arrived:
    """Who came back. A state counts once, and only in the browser it was made for.

    Raises ProviderRefused, ProviderFails, NotHere, LinkFirst, LinkedElsewhere, SomebodyElse.
    """
    flow = _take(store, browser, state)
    purpose: Purpose = flow["purpose"]
    asked = Asked(state, flow["nonce"], flow["verifier"], redirect, fresh=purpose == "confirm")
    claims = provider.claims(store.settings, asked, code, issuer)
    user = _entering(store, claims) if purpose == "sign-in" else _own(store, claims, purpose, flow["user_id"])
    if not user.active:
        raise NotHere
    return Arrived(user, purpose, flow["onward"])


def linked(store: Store, user: User) -> bool:
    """Whether the user can come in by the company's own sign-in."""
    found = "SELECT 1 FROM identities WHERE user_id = ? AND issuer = ?"
    return bool(store.value(found, [user.id, store.settings.oidc_issuer]))


def unlink(store: Store, by: User, user: User) -> None:
    """The next time, the claim says again who it is; for administrators, they link it again."""
    with store.write() as db:
        if db.execute("DELETE FROM identities WHERE user_id = ?", [user.id]).rowcount:
            db.execute("DELETE FROM sessions WHERE user_id = ? AND method = 'oidc'", [user.id])
            audit.record(store, by, "identity.unlink", f"user:{user.id}")


def _take(store: Store, browser: str | None, state: str) -> dict[str, Any]:
    with store.write() as db:
        keys = [hash_token(state), hash_token(browser or ""), stamp()]
        flow = store.row(f"SELECT * FROM identity_flows WHERE {_MINE}", keys)
        db.execute(f"DELETE FROM identity_flows WHERE {_MINE}", keys)
    if flow is None:
        raise ProviderRefused(reason="state")
    return flow


def _entering(store: Store, claims: dict[str, Any]) -> User:
    known = _known(store, claims["sub"])
    if known:
        return known
    login = _named(store, claims)
    try:
        user = users.by_login(store, login)
    except users.NoSuchUser:
        return _created(store, login, claims)
    if user.role == "admin":
        raise LinkFirst
    _link(store, user, claims["sub"])
    return user


def _own(store: Store, claims: dict[str, Any], purpose: Purpose, user_id: int) -> User:
    known, user = _known(store, claims["sub"]), users.get(store, user_id)
    if known is not None and known.id != user.id:
        raise LinkedElsewhere if purpose == "link" else SomebodyElse
    if known is None and purpose == "confirm":
        raise SomebodyElse
    if known is None:
        _link(store, user, claims["sub"])
    return user


def _known(store: Store, subject: str) -> User | None:
    row = store.row(
        f"""SELECT {COLUMNS} FROM identities i JOIN users u ON u.id = i.user_id LEFT JOIN teams t ON t.id = u.team_id
            WHERE i.issuer = ? AND i.subject = ?""",
        [store.settings.oidc_issuer, subject],
    )
    return user_from(row) if row else None


def _named(store: Store, claims: dict[str, Any]) -> str:
    """The sign-in name that the claim tells. Raises NotHere."""
    claim = store.settings.oidc_claim
    value = claims.get(claim)
    verified = claim != "email" or claims.get("email_verified") is True
    if not isinstance(value, str) or not value.strip() or not verified:
        raise NotHere
    return value.strip()


def _created(store: Store, login: str, claims: dict[str, Any]) -> User:
    """Always an agent: whoever may more is made so by an administrator. Raises NotHere."""
    team, name = store.settings.oidc_create_team.strip(), claims.get("name")
    if not team:
        raise NotHere
    try:
        user = users.create(store, login, name if isinstance(name, str) else login, "agent", None, team=team)
    except (InputError, Conflict) as error:
        raise NotHere from error
    audit.record(store, user, "identity.create", f"user:{user.id}")
    _link(store, user, claims["sub"])
    return user


def _link(store: Store, user: User, subject: str) -> None:
    """Raises LinkedElsewhere where the account has another number already: somebody else got the name."""
    issuer = store.settings.oidc_issuer
    with store.write() as db:
        if linked(store, user):
            raise LinkedElsewhere
        values = {"issuer": issuer, "subject": subject, "user_id": user.id, "linked_at": stamp()}
        db.table("identities").insert(values)
        audit.record(store, user, "identity.link", f"user:{user.id}")


_MINE = "state_hash = ? AND browser_hash = ? AND expires_at > ?"
