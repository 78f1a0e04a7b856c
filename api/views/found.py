"""The filters of a list that are about what was found, in words, each with the address of the list without it."""

from collections.abc import Mapping
from dataclasses import dataclass

from api import filters, words
from assist.coaching import measures
from assist.people import users
from assist.store import Store, libraries
from assist.texts import N_, translate

_OBJECTION = {
    "": N_("Objection: %(title)s"),
    "raised": N_("Objection: %(title)s"),
    "unanswered": N_("Objection not answered: %(title)s"),
    "answered": N_("Objection answered: %(title)s"),
}
_POINT = {"missed": N_("Missed: %(title)s"), "said": N_("Said: %(title)s")}


@dataclass(frozen=True, slots=True)
class Chip:
    text: str
    without: str


@dataclass(frozen=True, slots=True)
class Finds:
    """What can be looked for: (id, title) of points and objections of the campaigns."""

    points: list[tuple[str, str]]
    objections: list[tuple[str, str]]


def finds(store: Store, campaign: str, language: str) -> Finds:
    """Of one campaign, or of all where none is chosen."""
    points: dict[str, str] = {}
    objections: dict[str, str] = {}
    for name in _begun(store, campaign):
        library = measures.library_of(store, name)
        if library is not None:
            points |= {one.id: one.title for _, one in library.points()} | points
            objections |= {one.objection: one.title for one in library.playbook} | objections
    return Finds(list(points.items()), [*objections.items(), ("other", objection_title(store, "", "other", language))])


def chips(
    store: Store, given: Mapping[str, str], language: str, path: str = "/calls", whole: Mapping[str, str] | None = None
) -> list[Chip]:
    """Those filters of `given` that have no field of their own on the page; `whole` is the address they stand in."""
    address = whole if whole is not None else given

    def chip(text: str, *names: str, **facts: object) -> Chip:
        return Chip(translate(text, language) % facts, filters.without(address, *names, path=path))

    found = []
    if given["team"]:
        name = next((team.name for team in users.teams(store) if str(team.id) == given["team"]), None)
        found.append(chip(N_("Team: %(name)s"), "team", name=name or translate(N_("none"), language)))
    if given["point"]:
        text = _POINT["said" if given["point_is"] == "said" else "missed"]
        title = point_title(store, given["campaign"], given["point"])
        found.append(chip(text, "point", "point_is", title=title))
    if given["objection"] or given["objection_is"]:
        title = objection_title(store, given["campaign"], given["objection"], language)
        text = _OBJECTION.get(given["objection_is"], _OBJECTION[""])
        found.append(chip(text, "objection", "objection_is", title=title))
    if given["criterion"]:
        skill, _, name = given["criterion"].rpartition("/")
        title = measures.criterion_title(store, skill, name, language)
        found.append(chip(_POINT["missed"], "criterion", title=title))
    if given["rule"]:
        found.append(chip(N_("Flag: %(title)s"), "rule", title=rule_title(given["rule"], language)))
    if given["skill"]:
        found.append(chip(_score(given, language), "skill", "min", "max", "scored"))
    if given["judged"]:
        found.append(chip(N_("Only with somebody to talk to"), "judged"))
    return found


def rule_title(rule: str, language: str) -> str:
    """The name of a rule that raises flags; one that is not known here stays the code it is."""
    return translate(words.RULE.get(rule, rule), language)


def point_title(store: Store, campaign: str, point: str) -> str:
    """A point's title in the library in force; its id where no library has it."""
    for name in _begun(store, campaign):
        library = measures.library_of(store, name)
        found = next((one.title for _, one in library.points() if one.id == point), None) if library else None
        if found:
            return found
    return point


def objection_title(store: Store, campaign: str, objection: str, language: str) -> str:
    """An entry's title in the library in force; its id where no library has it."""
    if objection in ("", "other"):
        return translate(N_("any") if not objection else N_("not in the playbook"), language)
    for name in _begun(store, campaign):
        library = measures.library_of(store, name)
        entry = library.entry(objection) if library else None
        if entry:
            return entry.title
    return objection


def _begun(store: Store, campaign: str) -> list[str]:
    """The campaigns asked for whose talk track has begun: what begins later is not told in a list of filters."""
    return [one.id for one in libraries.campaigns(store) if one.current is not None and campaign in ("", one.id)]


def _score(given: Mapping[str, str], language: str) -> str:
    skill = translate(words.SKILL.get(given["skill"], N_("Overall")), language)
    if given["min"] or given["max"]:
        return f"{skill} {given['min'] or 0}–{given['max'] or 100}"  # no text to translate
    return translate(N_("With a score: %(skill)s"), language).replace("%(skill)s", skill)
