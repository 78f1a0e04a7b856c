"""What a machine token may be made for. Each scope is a part of the API; a token may never do more than its owner."""

from collections.abc import Collection

from assist.errors import AccessDenied, RequestError
from assist.texts import N_

ALL = "all"
"""Whatever its owner may do. Tokens from before there were scopes have it."""

ANY = "any"
"""What every token may do, whatever it was made for."""

SCOPES: dict[str, str] = {
    "calls:write": N_("Bring recordings in, begin them again, correct transcripts"),
    "calls:read": N_("Read calls, transcripts and recordings; search"),
    "findings:read": N_("Read and export analyses, scores, verdicts and figures"),
    "findings:write": N_("Rule on findings, dispute them, score calls"),
    "coaching:read": N_("Read the queue, one-on-ones, agreements, clips and practice plans"),
    "coaching:write": N_("Work the queue, write one-on-ones and agreements, share clips, release calls"),
    "library:read": N_("Read talk tracks, drafts, rules and what calls say about them"),
    "library:write": N_("Write drafts, publish talk tracks and rules"),
    "people:read": N_("Read who signs in"),
    "people:write": N_("Add people and change what they may do"),
    "privacy:read": N_("Read how long calls are kept, what holds them and who was deleted"),
    "privacy:write": N_("Set how long calls are kept, hold calls, delete customers and hand out their data"),
    "audit:read": N_("Read who did what"),
    "work:write": N_("Pause and resume the work on recordings"),
    "metrics:read": N_("Read the machine's own figures"),
}
"""What each scope is for, in words."""


class UnknownScope(RequestError):
    message = N_("There is no scope %(scope)s. Choose from: %(known)s.")


class NoScope(RequestError):
    message = N_("Choose what the token may do.")


class ScopeMissing(AccessDenied):
    message = N_("This token is not for that: it lacks the scope %(scope)s. Make one that has it.")


class PersonOnly(AccessDenied):
    message = N_("No token does this. Sign in and do it yourself.")


def checked(wanted: Collection[str]) -> tuple[str, ...]:
    """The scopes in their order, each once. Raises UnknownScope, NoScope."""
    unknown = [scope for scope in wanted if scope not in SCOPES and scope != ALL]
    if unknown:
        raise UnknownScope(scope=unknown[0][:40], known=", ".join((ALL, *SCOPES)))
    if not wanted:
        raise NoScope
    return (ALL,) if ALL in wanted else tuple(scope for scope in SCOPES if scope in wanted)


def require(held: Collection[str], scope: str | None) -> None:
    """Raises ScopeMissing where a token of these scopes lacks one, PersonOnly where no token will do (None)."""
    if scope is None:
        raise PersonOnly
    if scope != ANY and ALL not in held and scope not in held:
        raise ScopeMissing(scope=scope)
