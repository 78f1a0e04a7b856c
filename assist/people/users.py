"""People who sign in: agents, script editors, team leads, admins."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, get_args

from assist.errors import AccessDenied, Conflict, NotFound, RequestError
from assist.people import audit, lockout, passwords
from assist.people.lockout import NOWHERE, Origin
from assist.people.password_rules import Words
from assist.store import Store
from assist.store.clock import now, stamp
from assist.texts import N_, language_of

Role = Literal["agent", "editor", "lead", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)

NAME_LENGTH = 64


class UnknownRole(RequestError):
    message = N_("There is no role %(role)s. Use agent, editor, lead or admin.")


class NameMissing(RequestError):
    message = N_("A sign-in name has 1 to %(longest)s characters without spaces. Give one.")


class LoginTaken(Conflict):
    message = N_("The sign-in name %(login)s is taken. Choose another.")


class NoSuchUser(NotFound):
    message = N_("Nobody signs in as %(login)s. `assist user list` shows all names.")


class SignInRefused(AccessDenied):
    message = N_("The sign-in name or the password is wrong. Check both and try again.")


class SamePassword(passwords.WeakPassword):
    message = N_("This is the password there was. Choose another.")


@dataclass(frozen=True, slots=True)
class Team:
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class User:
    """`team` is the name of the team, empty without one; `must_change` asks for a new password at sign-in."""

    id: int
    login: str
    name: str
    role: Role
    team_id: int | None
    team: str
    language: str
    joined_on: date | None
    active: bool
    must_change: bool


COLUMNS = """u.id, u.login, u.name, u.role, u.team_id, coalesce(t.name, '') AS team, u.language, u.joined_on, u.active,
    u.must_change"""
"""What `user_from` reads, of users u and teams t."""

_SELECT = f"SELECT {COLUMNS} FROM users u LEFT JOIN teams t ON t.id = u.team_id "


def create(
    store: Store,
    login: str,
    name: str,
    role: str,
    password: str | None,
    *,
    team: str | None = None,
    language: str | None = None,
    joined_on: date | None = None,
    must_change: bool = False,
) -> User:
    """Raises LoginTaken, UnknownRole, NameMissing, WeakPassword. A `team` that does not exist yet is made.

    `password` None is for people who come in by the company's own sign-in alone.
    """
    login = _checked_login(login)
    if role not in ROLES:
        raise UnknownRole(role=role)
    words = Words((login, name, team or "", *_company(store)), role == "admin")
    hashed = "" if password is None else passwords.hash_new(store.settings, password, words)
    with store.write() as db:
        if store.value("SELECT 1 FROM users WHERE login = ?", [login]):
            raise LoginTaken(login=login)
        values = {
            "login": login,
            "name": name.strip()[:NAME_LENGTH] or login,
            "role": role,
            "team_id": team_named(store, team).id if team else None,
            "language": language_of(language or store.settings.language),
            "joined_on": joined_on.isoformat() if joined_on else None,
            "password_hash": hashed,
            "must_change": int(must_change),
            "first_password_until": _first_until(store) if must_change else None,
            "created_at": stamp(),
        }
        identity = db.table("users").insert(values).last_pk
    return get(store, int(str(identity)))


def authenticate(store: Store, login: str, password: str, origin: Origin = NOWHERE) -> User:
    """The user of a right name and password. Raises SignInRefused, TooManyTries, Busy.

    Names that nobody has take the same steps as others, so that neither answer nor time tells which there are.
    """
    login = login.strip()[:200]
    row = store.row("SELECT id, password_hash FROM users WHERE login = ?", [login])
    counted = lockout.tries(store, login, row["id"] if row else None, origin)
    locks = lockout.enter(store, counted)
    right = passwords.matches(store.settings, row["password_hash"] if row else None, password)
    user = get(store, row["id"]) if row else None
    if user is None or row is None or not right or not _may_enter(store, user):
        _refused(store, user, origin, locks)
        raise SignInRefused
    lockout.succeeded(store, counted)
    if passwords.outdated(store.settings, row["password_hash"]):
        _rehash(store, user, row["password_hash"], password)
    return user


def _may_enter(store: Store, user: User) -> bool:
    """With the right password: not who is disabled, came too late with a first password, or has to sign in with the
    company's account."""
    late = store.value("SELECT first_password_until < ? FROM users WHERE id = ?", [stamp(), user.id])
    return user.active and not (user.must_change and late) and may_use_password(store, user)


def may_use_password(store: Store, user: User) -> bool:
    """Where the company's own sign-in is the only one, administrators keep their password: somebody has to get in when
    it fails. ASSIST_BREAK_GLASS narrows them down; if none of those is there, it is every administrator."""
    settings = store.settings
    if settings.local_sign_in or not settings.oidc_issuer:
        return True
    return user.role == "admin" and (user.login in settings.break_glass_logins or not _break_glass(store))


def has_password(store: Store, user: User) -> bool:
    """Not those who were made by the company's own sign-in."""
    return bool(store.value("SELECT password_hash FROM users WHERE id = ?", [user.id]))


def _break_glass(store: Store) -> bool:
    """Whether somebody named in ASSIST_BREAK_GLASS is there."""
    logins = store.settings.break_glass_logins
    marks = ", ".join("?" * len(logins))
    sql = f"SELECT 1 FROM users WHERE active AND role = 'admin' AND password_hash <> '' AND login IN ({marks})"
    return bool(store.value(sql, logins))


def _refused(store: Store, user: User | None, origin: Origin, locks: bool) -> None:
    """A name that nobody has may be a password typed into the wrong field: it is not written down."""
    about = f"user:{user.id}" if user else "sign-in"
    with store.write():
        audit.record(store, user, "session.refused" if user else "session.unknown", about, address=origin.address)
        if locks:
            audit.record(store, user, "session.locked", about, address=origin.address)


def _rehash(store: Store, user: User, old: str, password: str) -> None:
    new = passwords.hash_code(store.settings, password)
    store.change("UPDATE users SET password_hash = ? WHERE id = ? AND password_hash = ?", [new, user.id, old])


def get(store: Store, user_id: int) -> User:
    """Raises NotFound."""
    row = store.row(_SELECT + "WHERE u.id = ?", [user_id])
    if row is None:
        raise NotFound
    return user_from(row)


def by_login(store: Store, login: str) -> User:
    """Raises NoSuchUser."""
    row = store.row(_SELECT + "WHERE u.login = ?", [login.strip()])
    if row is None:
        raise NoSuchUser(login=login)
    return user_from(row)


def listing(store: Store, *, team_id: int | None = None, role: Role | None = None) -> list[User]:
    """All users, or those of one team or role, by team and name. Inactive ones last."""
    rows = store.rows(
        _SELECT
        + """WHERE (:team IS NULL OR u.team_id = :team) AND (:role IS NULL OR u.role = :role)
             ORDER BY u.active DESC, team, u.name, u.id""",
        {"team": team_id, "role": role},
    )
    return [user_from(row) for row in rows]


def change_password(
    store: Store, user: User, password: str, *, must_change: bool = False, by: User | None = None
) -> None:
    """Sets the password and ends all sessions of the user. Raises WeakPassword, SamePassword."""
    old = store.value("SELECT password_hash FROM users WHERE id = ?", [user.id])
    words = Words((user.login, user.name, user.team, *_company(store)), user.role == "admin")
    hashed = passwords.hash_new(store.settings, password, words)
    if old and passwords.matches(store.settings, old, password):
        raise SamePassword
    values = {"password_hash": hashed, "must_change": int(must_change)}
    values["first_password_until"] = _first_until(store) if must_change else None
    with store.write() as db:
        db.table("users").update(user.id, values)
        sign_out(store, user)
        lockout.forget(store, user.login)
        if by is not None and by.id == user.id:
            audit.record(store, user, "user.own-password", f"user:{user.id}")


def set_active(store: Store, user: User, active: bool) -> None:
    """A user who is disabled is signed out everywhere, and their machine tokens stop working."""
    with store.write() as db:
        db.table("users").update(user.id, {"active": int(active)})
        if not active:
            sign_out(store, user)


def set_language(store: Store, user: User, language: str) -> None:
    store.change("UPDATE users SET language = ? WHERE id = ?", [language_of(language), user.id])


def move(store: Store, user: User, *, role: str | None = None, team: str | None = None) -> User:
    """Another role or team. Signs the user out, so that no page of the old role stays usable. Raises UnknownRole."""
    if role is not None and role not in ROLES:
        raise UnknownRole(role=role)
    with store.write() as db:
        if role is not None:
            db.table("users").update(user.id, {"role": role})
        if team is not None:
            db.table("users").update(user.id, {"team_id": team_named(store, team).id if team.strip() else None})
        sign_out(store, user)
    return get(store, user.id)


def sign_out(store: Store, user: User) -> None:
    """Ends all sessions of the user, begun sign-ins too."""
    with store.write() as db:
        db.table("sessions").delete_where("user_id = ?", [user.id])
        db.table("sign_in_steps").delete_where("user_id = ?", [user.id])
        db.table("identity_flows").delete_where("user_id = ?", [user.id])


def team_named(store: Store, name: str) -> Team:
    """The team of this name, made where it did not exist."""
    name = name.strip()[:NAME_LENGTH]
    with store.write() as db:
        db.execute("INSERT INTO teams (name) VALUES (?) ON CONFLICT DO NOTHING", [name])
        return Team(store.value("SELECT id FROM teams WHERE name = ?", [name]), name)


def teams(store: Store) -> list[Team]:
    return [Team(**row) for row in store.rows("SELECT id, name FROM teams ORDER BY name")]


def user_from(row: dict[str, Any]) -> User:
    """A row of COLUMNS as a User."""
    joined = row["joined_on"]
    flags = {"active": bool(row["active"]), "must_change": bool(row["must_change"])}
    return User(**row | flags | {"joined_on": date.fromisoformat(joined) if joined else None})


def _company(store: Store) -> list[str]:
    return store.settings.password_words.split(",")


def _first_until(store: Store) -> str:
    return stamp(now() + timedelta(days=store.settings.first_password_days))


def _checked_login(login: str) -> str:
    login = login.strip()
    if not login or len(login) > NAME_LENGTH or any(sign.isspace() or not sign.isprintable() for sign in login):
        raise NameMissing(longest=NAME_LENGTH)
    return login
