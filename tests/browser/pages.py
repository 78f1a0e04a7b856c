"""Which pages there are, by who sees them: for what has to hold of every page."""

from assist.calls import calls, recordings
from assist.calls.details import Details
from assist.coaching import practice
from assist.config import Settings
from assist.people import users
from assist.store import Store
from tests import fakes
from tests.api.conftest import judge
from tests.conftest import PERSONAS

CALLS = 3

PAGES = {
    "nobody": ("/sign-in", "/api/docs"),
    "agent": (
        "/me",
        "/me/progress",
        "/me/practice",
        "/me/practice/{theme}",
        "/calls",
        "/calls/{call}",
        "/upload",
        "/library",
        "/library/broadband",
        "/account",
    ),
    "editor": (
        "/library",
        "/library/broadband/versions",
        "/library/broadband/1/desk",
        "/library/broadband/works",
        "/library/broadband/gaps",
        "/imports",
        "/drafts/{draft}",
        "/drafts/{draft}/publish",
        "/drafts/{draft}/history",
        "/drafts/{draft}/trial",
        "/compare?old=v1&new=d{draft}&all=1",
    ),
    "lead": (
        "/queue",
        "/calls",
        "/calls?weak=opening",
        "/calls/{call}",
        "/calls/{waiting}",
        "/release",
        "/upload",
        "/rubric",
    ),
    "admin": ("/people", "/health", "/rubric", "/calls/999999"),
}
"""Addresses with places for what `furnish` made."""


def furnish(data: object) -> dict[str, int]:
    """Judged calls of the agent and one that waits for its details, in the folder of a running server."""
    store = Store(Settings(data=data, _env_file=None))
    try:
        agent, lead = (users.by_login(store, PERSONAS[who][0]) for who in ("agent", "lead"))
        made = [
            judge(store, _bring(store, agent, f"call-{number}.wav", Details(customer="冯女士")))
            for number in range(CALLS)
        ]
        waiting = _bring(store, lead, "whose.wav", None)
        theme = practice.plan(store, agent).themes[0]
        return {"call": made[-1].id, "waiting": waiting.id, "theme": theme.id}
    finally:
        store.close()


def _bring(store: Store, user: users.User, name: str, details: Details | None) -> calls.Call:
    recording = recordings.receive(store, [fakes.recording(f"agent: {name}")], name)
    return calls.add(store, user, recording, details)[0]
