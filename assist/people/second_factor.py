"""A second factor beside the password: codes of an authenticator app (TOTP, RFC 6238), and codes on paper for the day
the phone is gone."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp

from assist.errors import AccessDenied, Conflict, RequestError
from assist.people import audit, lockout, passwords, sealing
from assist.people.lockout import NOWHERE, Origin
from assist.people.users import ROLES, Role, UnknownRole, User, sign_out
from assist.store import Store
from assist.store.clock import moment, now, stamp
from assist.texts import N_

ISSUER = "Assist"
STEP_SECONDS = 30
DRIFT_STEPS = 1
"""So many steps a phone's clock may be ahead or behind."""

RECOVERY_CODES = 10
_BEGUN_FOR = timedelta(hours=1)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without I, O, 0 and 1, which are read for each other."""


class CodeRefused(AccessDenied):
    message = N_("This code is wrong, too old or was used before. Wait for the next one and try again.")


class AlreadyOn(Conflict):
    message = N_("The second factor is on already. Turn it off before you set up another.")


class NothingBegun(RequestError):
    message = N_("Nothing is being set up, or it was begun too long ago. Begin again.")


class RoleNeedsIt(AccessDenied):
    message = N_("Your role needs a second factor. It can be set up anew, but not turned off.")


@dataclass(frozen=True, slots=True)
class Factor:
    """`since` is None while it is off; `codes_left` counts the recovery codes that were not used."""

    since: datetime | None
    codes_left: int

    @property
    def on(self) -> bool:
        return self.since is not None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator app needs: `secret` to type, `uri` as a QR code."""

    secret: str
    uri: str


def of(store: Store, user: User) -> Factor:
    since = store.value("SELECT confirmed_at FROM second_factors WHERE user_id = ?", [user.id])
    left = store.value("SELECT count(*) FROM recovery_codes WHERE user_id = ? AND used_at IS NULL", [user.id])
    return Factor(moment(since) if since else None, left if since else 0)


def begin(store: Store, user: User) -> Enrolment:
    """A new secret, which counts once a code of it was given back. Raises AlreadyOn."""
    secret = pyotp.random_base32()
    with store.write():
        if of(store, user).on:
            raise AlreadyOn
        store.change(_BEGIN, [user.id, sealing.seal(store.settings, secret), stamp()])
    return _enrolment(user, secret)


def begun(store: Store, user: User) -> Enrolment:
    """What is being set up. Raises NothingBegun."""
    row = store.row(
        "SELECT secret FROM second_factors WHERE user_id = ? AND confirmed_at IS NULL AND begun_at > ?",
        [user.id, stamp(now() - _BEGUN_FOR)],
    )
    if row is None:
        raise NothingBegun
    return _enrolment(user, sealing.unseal(store.settings, row["secret"]))


def confirm(store: Store, user: User, code: str) -> list[str]:
    """Turns it on where the code is right; the recovery codes, shown this once. Raises NothingBegun, CodeRefused."""
    step = _step_of(begun(store, user).secret, code, after=0)
    if step is None:
        raise CodeRefused
    codes, rows = _new_codes(store, user)
    with store.write():
        on = "UPDATE second_factors SET confirmed_at = ?, last_step = ? WHERE user_id = ? AND confirmed_at IS NULL"
        if not store.change(on, [stamp(), step, user.id]):
            raise AlreadyOn
        _keep_codes(store, user, rows)
        audit.record(store, user, "factor.on", f"user:{user.id}")
    return codes


def check(store: Store, user: User, code: str, origin: Origin = NOWHERE) -> None:
    """Lets a code of the app or of the paper pass, each once. Raises CodeRefused, TooManyTries, Busy."""
    counted = lockout.code_tries(store, user.login, user.id, origin)
    locks = lockout.enter(store, counted)
    if not (_passes(store, user, code) or _recovers(store, user, code)):
        with store.write():
            audit.record(store, user, "factor.refused", f"user:{user.id}", address=origin.address)
            if locks:
                audit.record(store, user, "session.locked", f"user:{user.id}", address=origin.address)
        raise CodeRefused
    lockout.succeeded(store, counted)


def renew_codes(store: Store, user: User) -> list[str]:
    """New recovery codes; the earlier ones end. Raises NothingBegun where it is off."""
    if not of(store, user).on:
        raise NothingBegun
    codes, rows = _new_codes(store, user)
    with store.write():
        _keep_codes(store, user, rows)
        audit.record(store, user, "factor.codes", f"user:{user.id}")
    return codes


def turn_off(store: Store, user: User) -> None:
    """By its owner. Raises RoleNeedsIt."""
    if user.role in roles(store):
        raise RoleNeedsIt
    with store.write():
        _remove(store, user)
        audit.record(store, user, "factor.off", f"user:{user.id}")


def reset(store: Store, admin: User | None, user: User) -> None:
    """Takes it away from somebody who lost phone and paper, and signs them out everywhere."""
    with store.write():
        _remove(store, user)
        sign_out(store, user)
        audit.record(store, admin, "factor.reset", f"user:{user.id}")


def roles(store: Store) -> tuple[Role, ...]:
    """Roles that nobody uses without a second factor."""
    found = {row["role"] for row in store.rows("SELECT role FROM second_factor_roles")}
    return tuple(role for role in ROLES if role in found)


def require_for(store: Store, admin: User, chosen: Collection[str]) -> None:
    """Raises UnknownRole."""
    strange = next((role for role in chosen if role not in ROLES), None)
    if strange is not None:
        raise UnknownRole(role=strange)
    with store.write() as db:
        if set(chosen) == set(roles(store)):
            return
        db.execute("DELETE FROM second_factor_roles")
        db.table("second_factor_roles").insert_all({"role": role} for role in sorted(set(chosen)))
        audit.record(store, admin, "factor.required", "sign-in", roles=sorted(set(chosen)))


def without(store: Store) -> int:
    """How many people of those roles have none yet."""
    return int(
        store.value(
            """SELECT count(*) FROM users u WHERE u.active AND u.role IN (SELECT role FROM second_factor_roles)
               AND u.id NOT IN (SELECT user_id FROM second_factors WHERE confirmed_at IS NOT NULL)"""
        )
    )


def readable(store: Store) -> bool:
    """Whether the secrets there are open under the key there is."""
    sealed = store.value("SELECT secret FROM second_factors WHERE confirmed_at IS NOT NULL LIMIT 1")
    try:
        return sealed is None or bool(sealing.unseal(store.settings, sealed))
    except sealing.KeyChanged:
        return False


def _passes(store: Store, user: User, code: str) -> bool:
    """The statement that checks the step writes it down: a code passes once, also when it comes twice at once."""
    row = store.row(
        "SELECT secret, last_step FROM second_factors WHERE user_id = ? AND confirmed_at IS NOT NULL", [user.id]
    )
    if row is None:
        return False
    step = _step_of(sealing.unseal(store.settings, row["secret"]), code, after=row["last_step"])
    if step is None:
        return False
    used = "UPDATE second_factors SET last_step = ? WHERE user_id = ? AND last_step < ?"
    return store.change(used, [step, user.id, step]) == 1


def _step_of(secret: str, code: str, *, after: int) -> int | None:
    """The step (of 30 s since 1970) whose code this is, later than `after` and near enough to now."""
    plain, app = "".join(code.split()), pyotp.TOTP(secret, interval=STEP_SECONDS)
    here = int(now().timestamp()) // STEP_SECONDS
    steps = range(max(after + 1, here - DRIFT_STEPS), here + DRIFT_STEPS + 1)
    found = [step for step in steps if secrets.compare_digest(app.generate_otp(step).encode(), plain.encode())]
    return found[0] if found else None


def _recovers(store: Store, user: User, code: str) -> bool:
    """A code on paper: its number says which hash it is held against."""
    number, _, rest = _plain(code).partition("-")
    if not number.isdecimal() or len(number) > 2 or not rest:
        return False
    row = store.row(
        "SELECT code_hash FROM recovery_codes WHERE user_id = ? AND number = ? AND used_at IS NULL",
        [user.id, int(number)],
    )
    if not passwords.matches(store.settings, row["code_hash"] if row else None, rest):
        return False
    with store.write():
        used = "UPDATE recovery_codes SET used_at = ? WHERE user_id = ? AND number = ? AND used_at IS NULL"
        passed = store.change(used, [stamp(), user.id, int(number)]) == 1
        if passed:
            audit.record(store, user, "factor.recovered", f"user:{user.id}", number=int(number))
    return passed


def _new_codes(store: Store, user: User) -> tuple[list[str], list[dict[str, object]]]:
    """Ten of 50 bits each, and what is kept of them: they are slow to try, like passwords (ASVS 5.0, 6.5.2)."""
    codes, rows = [], []
    for number in range(1, RECOVERY_CODES + 1):
        first, second = ("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(2))
        codes.append(f"{number}-{first}-{second}")
        code_hash = passwords.hash_code(store.settings, f"{first}-{second}")
        rows.append({"user_id": user.id, "number": number, "code_hash": code_hash})
    return codes, rows


def _keep_codes(store: Store, user: User, rows: list[dict[str, object]]) -> None:
    with store.write() as db:
        db.execute("DELETE FROM recovery_codes WHERE user_id = ?", [user.id])
        db.table("recovery_codes").insert_all(rows)


def _remove(store: Store, user: User) -> None:
    store.change("DELETE FROM second_factors WHERE user_id = ?", [user.id])
    store.change("DELETE FROM recovery_codes WHERE user_id = ?", [user.id])


def _plain(code: str) -> str:
    return "-".join(code.upper().replace("-", " ").split())


def _enrolment(user: User, secret: str) -> Enrolment:
    return Enrolment(
        secret, pyotp.TOTP(secret, interval=STEP_SECONDS).provisioning_uri(name=user.login, issuer_name=ISSUER)
    )


_BEGIN = """
    INSERT INTO second_factors (user_id, secret, begun_at) VALUES (?, ?, ?)
    ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, begun_at = excluded.begun_at, last_step = 0
    WHERE confirmed_at IS NULL
"""
