"""The team's meetings: the noon hour's three calls, what most agents miss, and the week's and month's figures."""

from dataclasses import replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api import words
from api.context import SignedIn, StoreHere
from api.errors import WrongField
from api.filters import behind
from api.language import language
from api.render import page
from api.views.found import objection_title, rule_title
from api.views.periods import Chosen, chosen, teams_for
from assist.coaching import clips, figures, noon, playlists, sheets
from assist.coaching.evening import evening
from assist.coaching.noon import Pick
from assist.errors import NotFound
from assist.people import access, audit
from assist.people.users import User
from assist.store import Store
from assist.texts import N_, translate

router = APIRouter()


class NoDay(WrongField):
    message = N_("%(text)s is no day. Write it like 2026-11-21.")


@router.get("/meetings")
def meetings(user: SignedIn) -> Response:
    access.require(user, "meeting.hold")
    return RedirectResponse("/meetings/noon", 303)


@router.get("/meetings/noon")
def noon_hour(request: Request, store: StoreHere, user: SignedIn) -> Response:
    view = _view(store, user, chosen(request, ("day",)))
    if not request.query_params.get("at"):
        latest = noon.last_day(store, user, view.team) if view.team else None
        view = replace(view, period=chosen(request, ("day",), latest).period)
    found = noon.noon(store, user, view.period.first, view.team)
    title = objection_title(store, found.campaign, found.objection, language(request)) if found.objection else ""
    return page(request, "noon.html", found=found, view=view, teams=teams_for(store, user), objection=title)


@router.post("/meetings/noon")
def swap(
    store: StoreHere,
    user: SignedIn,
    at: Annotated[str, Form()],
    slot: Annotated[str, Form()],
    call: Annotated[str, Form()] = "",
    team: Annotated[str, Form()] = "",
    names: Annotated[str, Form()] = "",
) -> Response:
    """Another call for one of the three; without one back to what is proposed."""
    picked = int(call) if call.isdecimal() else None
    noon.choose(store, user, _day(at), slot, picked, int(team) if team.isdecimal() else None)
    return RedirectResponse(behind("/meetings/noon", at=at, team=team, names=names) + f"#{slot}", 303)


@router.post("/meetings/noon/keep")
def keep(
    request: Request,
    store: StoreHere,
    user: SignedIn,
    at: Annotated[str, Form()],
    team: Annotated[str, Form()] = "",
    names: Annotated[str, Form()] = "",
) -> Response:
    """The three as clips in a playlist of the team."""
    day = _day(at)
    found = noon.noon(store, user, day, int(team) if team.isdecimal() else None)
    tag = language(request)
    made = [_clip(store, user, pick, tag, names == "hidden") for pick in found.picks if pick.call and pick.moment]
    if not made:
        raise NotFound
    title = translate(N_("Noon hour of %(day)s"), tag) % {"day": day.isoformat()}
    playlist = playlists.create(store, user, title, shared="team")
    for clip_id in made:
        playlists.put(store, user, playlist.id, clip_id)
    return RedirectResponse(f"/playlists/{playlist.id}", 303)


@router.get("/meetings/evening")
def evening_meeting(request: Request, store: StoreHere, user: SignedIn) -> Response:
    view = _view(store, user, chosen(request, ("week", "day")))
    found = evening(store, user, view.period, view.team, language(request))
    return page(request, "evening.html", found=found, view=view, teams=teams_for(store, user))


@router.get("/figures")
def show_figures(request: Request, store: StoreHere, user: SignedIn) -> Response:
    access.require(user, "meeting.hold")
    view = _figures_view(user, chosen(request, ("week", "month"), names=("ranking",)))
    rows = figures.by_team(store, user, view.period, view.team)
    agents = None
    if view.team is not None and view.given["ranking"] == "1":
        agents = figures.by_agent(store, user, view.period, view.team)
    tag = language(request)
    return page(
        request, "figures.html", rows=rows, total=figures.total(rows), view=view, teams=teams_for(store, user),
        scores=figures.SCORES, agents=agents,
        flags=figures.flags(store, user, view.period, view.team) if view.team is not None else (),
        rule_title=lambda rule: rule_title(rule, tag),
    )  # fmt: skip


@router.get("/figures/talks")
def show_talks(request: Request, store: StoreHere, user: SignedIn, what: str = "held", agent: str = "") -> Response:
    """The one-on-ones held or the agreements decided behind a number of the figures."""
    access.require(user, "meeting.hold")
    view = _figures_view(user, chosen(request, ("week", "month")))
    find = figures.agreements if what == "decided" else figures.talks
    found = find(store, user, view.period, view.team, int(agent) if agent.isdecimal() and len(agent) < 10 else None)
    return page(request, "figures_talks.html", found=found, view=view, decided=what == "decided")


@router.get("/figures.{form}")
def export(request: Request, store: StoreHere, user: SignedIn, form: str) -> Response:
    """The figures as CSV or Excel: the teams, or with `ranking` the agents of one."""
    access.require(user, "meeting.hold")
    view = _figures_view(user, chosen(request, ("week", "month"), names=("ranking",)))
    rows = figures.by_team(store, user, view.period, view.team)
    if view.team is not None and view.given["ranking"] == "1":
        rows = figures.by_agent(store, user, view.period, view.team)
    if view.hidden:
        rows = tuple(replace(row, name=str(number)) for number, row in enumerate(rows, start=1))
    table = figures.as_table(rows, _heads(language(request)))
    name = f"figures-{view.period.kind}-{view.period.first.isoformat()}"
    if form in ("csv", "xlsx"):
        team = {"team": view.team} if view.team is not None else {}
        audit.record(store, user, "figures.export", "figures", period=name, kind=form, **team)
    if form == "csv":
        return _file(sheets.as_csv(table), "text/csv; charset=utf-8", f"{name}.csv")
    if form == "xlsx":
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return _file(sheets.as_xlsx(table, view.period.first.isoformat()), kind, f"{name}.xlsx")
    raise NotFound


def _view(store: Store, user: User, view: Chosen) -> Chosen:
    """With the team of the meeting: a lead's own, the one an admin chose, else the first. Raises AccessDenied,
    NotFound."""
    team = access.meeting_team(user, view.team)
    if team is None:
        known = teams_for(store, user)
        if not known:
            raise NotFound
        team = known[0].id
    return replace(view, team=team)


def _figures_view(user: User, view: Chosen) -> Chosen:
    return replace(view, team=access.meeting_team(user, view.team))


def _clip(store: Store, user: User, pick: Pick, language: str, hide_names: bool) -> int:
    """A clip of one of the three, shared with the team."""
    call, moment = pick.call, pick.moment
    if call is None or moment is None:
        raise NotFound
    title = translate(words.NOON[pick.slot], language)
    text = f"{title}：{moment.text[:40]}" if moment.text else title
    objection = call.objection if pick.slot == "objection" else ""
    made = clips.add(
        store, user, call.call_id, moment.start, moment.end, text, hide_names=hide_names, objection=objection,
        shared="team",
    )  # fmt: skip
    return made.id


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NoDay(text=text[:20]) from error


def _heads(language: str) -> dict[str, str]:
    """The columns of an export, by what they hold."""
    plain = {"name": N_("Name"), "calls": N_("Calls"), "judged": N_("Judged")}
    plain |= {name: words.SKILL[name] for name in figures.SCORES}
    plain |= {f"outcome_{name}": text for name, text in words.OUTCOME.items() if name != "no-conversation"}
    plain |= {"flagged": N_("Flagged"), "sessions": N_("One-on-ones held")}
    plain |= {"kept": N_("Agreements kept"), "decided": N_("Agreements decided")}
    heads = {name: translate(text, language) for name, text in plain.items()}
    before = translate(N_("before: %(what)s"), language)
    return heads | {
        f"before_{name}": before % {"what": heads[name]} for name in ("calls", "judged", *figures.SCORES, "flagged")
    }


def _file(body: bytes, kind: str, name: str) -> Response:
    return Response(body, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
