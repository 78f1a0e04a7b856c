"""Which pages there are, by who sees them: for what has to hold of every page."""

from assist.calls import calls, recordings
from assist.calls.details import Details
from assist.coaching import clips, playlists, practice, sessions
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
        "/me/practice",
        "/me/practice/{theme}",
        "/me/progress",
        "/calls",
        "/calls/{call}",
        "/calls/{call}/self",
        "/calls/{call}/finding?name=forbidden%3Afree-for-life%408.5",
        "/calls/{call}/clip",
        "/coaching/agents/{agent}",
        "/search?q=在开会",
        "/cases",
        "/playlists",
        "/upload",
        "/library",
        "/library/broadband",
        "/account",
        "/account/second-factor",
        "/confirm",
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
        "/cases",
    ),
    "lead": (
        "/queue",
        "/queue/leads",
        "/queue/items/{call}",
        "/coaching",
        "/coaching/agents/{agent}",
        "/coaching/agents/{agent}/brief",
        "/coaching/sessions/{talk}",
        "/disputes",
        "/blind",
        "/honesty",
        "/meetings/noon",
        "/meetings/evening",
        "/figures",
        "/search?q=在开会",
        "/cases",
        "/cases/{clip}",
        "/playlists/{playlist}",
        "/calls",
        "/calls?weak=opening",
        "/calls/{call}",
        "/calls/{call}/finding?name=forbidden%3Afree-for-life%408.5",
        "/calls/{waiting}",
        "/release",
        "/verdicts",
        "/rubric",
        "/upload",
    ),
    "admin": ("/people", "/people/1", "/people/sign-in", "/status", "/audit", "/rubric", "/rules", "/calls/999999"),
}
"""Addresses with places for what `furnish` made."""


def furnish(data: object) -> dict[str, int]:
    """Judged calls of the agent and one that waits for its details, a talk and a clip, in the folder of a server."""
    store = Store(Settings(data=data, _env_file=None))
    try:
        agent, lead = (users.by_login(store, PERSONAS[who][0]) for who in ("agent", "lead"))
        made = [
            judge(store, _bring(store, agent, f"call-{number}.wav", Details(customer="冯女士")))
            for number in range(CALLS)
        ]
        waiting = _bring(store, lead, "whose.wav", None)
        theme = practice.plan(store, agent).themes[0]
        talk = sessions.begin(store, lead, agent.id, [sessions.Moment(made[0].id, 8.5)])
        clip = clips.add(store, lead, made[0].id, 2.0, 14.0, "先确认对方是谁", shared="team")
        shelf = playlists.create(store, lead, "新人必听")
        playlists.put(store, lead, shelf.id, clip.id)
        known = {"call": made[-1], "waiting": waiting, "theme": theme, "agent": agent}
        known |= {"talk": talk, "clip": clip, "playlist": shelf}
        return {name: one.id for name, one in known.items()}
    finally:
        store.close()


def _bring(store: Store, user: users.User, name: str, details: Details | None) -> calls.Call:
    recording = recordings.receive(store, [fakes.recording(f"agent: {name}")], name)
    return calls.add(store, user, recording, details)[0]
