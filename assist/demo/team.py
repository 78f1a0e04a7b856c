"""The people of the demo, and what lies in its folder: made once, left alone ever after."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from assist import jobs
from assist.calls import calls, recordings
from assist.calls.details import Details
from assist.errors import SetupError
from assist.people import users
from assist.people.users import Role, User
from assist.store import Store, libraries
from assist.texts import N_

PASSWORD = "assist-demo-team"  # noqa: S105 printed for everybody to see, and never used outside of the demo's own folder
HERE = Path(__file__).parent
LIBRARY = HERE / "library.yaml"
RECORDINGS = HERE / "recordings"
CAMPAIGN = "fibre-upgrade"
IN_FORCE_FROM = datetime(2026, 11, 1)
_CHUNK = 1 << 16


class RealTeam(SetupError):
    message = N_("The folder %(data)s belongs to a real team; the demo keeps out. Set ASSIST_DATA to another folder.")


@dataclass(frozen=True, slots=True)
class Person:
    """`see` says what the person comes for."""

    login: str
    name: str
    role: Role
    team: str | None
    see: str
    joined: date | None = None


TEAM = (
    Person("zhoumin", "周敏", "lead", "一组", N_("her queue: whom to coach first, and why")),
    Person("gaoyuan", "高远", "lead", "二组", N_("the queue of the other team")),
    Person("liuqing", "柳青", "agent", "一组", N_("her calls: what was good, what to say instead")),
    Person("tonglei", "佟磊", "agent", "一组", N_("a call recorded in mono"), date(2025, 3, 3)),
    Person("shenyue", "沈悦", "agent", "一组", N_("the first weeks of a newcomer"), date(2026, 11, 2)),
    Person("liaojia", "廖佳", "agent", "二组", N_("a good call with something that must not be said")),
    Person("fangting", "方婷", "agent", "二组", N_("an agent without calls yet")),
    Person("hechuan", "何川", "agent", "二组", N_("an agent without calls yet")),
    Person("tangwen", "唐雯", "editor", None, N_("the talk track of the campaign")),
    Person("admin", "管理员", "admin", None, N_("everything")),
)


def prepare(store: Store) -> list[int]:
    """Makes what is missing of the demo; the ids of its calls. Raises RealTeam."""
    people = {person.login: _person(store, person) for person in _checked(store)}
    if not any(campaign.id == CAMPAIGN for campaign in libraries.campaigns(store)):
        start = IN_FORCE_FROM.replace(tzinfo=store.settings.zone)
        libraries.publish(store, LIBRARY.read_bytes(), people["tangwen"], start, name=LIBRARY.name)
    return [_call(store, people, path) for path in sorted(RECORDINGS.iterdir(), key=lambda path: path.stat().st_size)]


def _checked(store: Store) -> tuple[Person, ...]:
    there = {user.login for user in users.listing(store)}
    if there and not there >= {person.login for person in TEAM if person.role == "lead"}:
        raise RealTeam(data=store.settings.data)
    return TEAM


def _person(store: Store, person: Person) -> User:
    try:
        return users.by_login(store, person.login)
    except users.NoSuchUser:
        return users.create(
            store, person.login, person.name, person.role, PASSWORD, team=person.team, joined_on=person.joined
        )


def _call(store: Store, people: dict[str, User], path: Path) -> int:
    """The call of a sample recording, taken in as its agent's lead would; its file name tells agent and time."""
    agent = people[path.name.split("-")[2]]
    lead = next(people[person.login] for person in TEAM if person.role == "lead" and person.team == agent.team)
    with path.open("rb") as file:
        received = recordings.receive(store, iter(lambda: file.read(_CHUNK), b""), path.name)
    call, created = calls.add(store, lead, received, Details())
    if created:
        jobs.submit(store, call.id)
    return call.id
