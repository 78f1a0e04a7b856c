"""Which pages whom the top bar offers, and where each role starts."""

from dataclasses import dataclass

from assist.coaching import disputes
from assist.people import access
from assist.people.users import Role, User
from assist.store import Store
from assist.texts import N_


@dataclass(frozen=True, slots=True)
class Entry:
    path: str
    title: str
    current: bool


_QUEUE = ("/queue", N_("Coaching queue"))
_TALKS = ("/coaching", N_("One-on-ones"))
_OWN = ("/me", N_("My page"))
_CALLS = ("/calls", N_("Calls"))
_MINE = ("/calls", N_("My calls"))
_SEARCH = ("/search", N_("Search"))
_CASES = ("/cases", N_("Cases"))
_MEETINGS = ("/meetings", N_("Meetings"))
_REVIEWS = ("/disputes", N_("Reviews"))
_UPLOAD = ("/upload", N_("Upload"))
_LIBRARY = ("/library", N_("Library"))
_PEOPLE = ("/people", N_("People"))
_PRIVACY = ("/privacy", N_("Personal data"))
_STATUS = ("/status", N_("Health"))

_OFFERED: dict[Role, tuple[tuple[str, str], ...]] = {
    "agent": (_OWN, _MINE, _TALKS, _SEARCH, _CASES, _UPLOAD, _LIBRARY),
    "editor": (_LIBRARY, _CASES),
    "lead": (_QUEUE, _TALKS, _REVIEWS, _MEETINGS, _CALLS, _SEARCH, _CASES, _UPLOAD, _LIBRARY),
    "admin": (
        _QUEUE,
        _TALKS,
        _REVIEWS,
        _MEETINGS,
        _CALLS,
        _SEARCH,
        _CASES,
        _UPLOAD,
        _LIBRARY,
        _PEOPLE,
        _PRIVACY,
        _STATUS,
    ),
}

_PARTS = {"/drafts": "/library", "/compare": "/library", "/imports": "/library", "/rubric": "/library"}
_PARTS |= {"/rules": "/queue"}
_PARTS |= {"/release": "/calls"}
_PARTS |= {"/playlists": "/cases", "/clips": "/cases", "/figures": "/meetings"}
_PARTS |= {"/blind": "/disputes", "/honesty": "/disputes", "/verdicts": "/disputes"}
_PARTS |= {"/audit": "/status", "/work": "/status"}
"""Pages under another entry of the bar."""


def entries(user: User, path: str) -> list[Entry]:
    """The bar for this user, with the entry of `path` marked."""
    here = f"/{path.split('/')[1]}"
    return [Entry(to, title, _PARTS.get(here, here) == to) for to, title in _OFFERED[user.role]]


def waiting(store: Store, user: User) -> dict[str, int]:
    """How much waits for this user behind an entry, by its path."""
    return {"/disputes": disputes.to_decide(store, user)} if access.allows(user, "finding.rule") else {}


def start(user: User) -> str:
    """The page a role begins its day on."""
    return _OFFERED[user.role][0][0]
