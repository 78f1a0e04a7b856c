"""What each role reaches of each kind of object, in words: the table of `docs/access.md`. The rules themselves are the
functions of `assist.people.access` that are named here; a test holds both against each other."""

from dataclasses import dataclass

from assist.people.users import ROLES, Role

NOTHING = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """`rule` names the function that decides. An empty word: nothing of it, it does not exist for this role."""

    what: str
    rule: str
    agent: str = NOTHING
    lead: str = NOTHING
    editor: str = NOTHING
    admin: str = NOTHING

    def of(self, role: Role) -> str:
        words: str = getattr(self, role)
        return words


REACH: dict[str, Reach] = {
    "known-call": Reach(
        "a call, that it is there", "known_to", "their own, also not yet released", "of their team", admin="all, noted"
    ),
    "call": Reach(
        "a call and all that was found in it", "calls_of", "their own, released", "of their team", admin="all, noted"
    ),
    "to-correct": Reach("putting a transcript right", "calls_of", lead="of their team", admin="all, noted"),
    "own-call": Reach("a call to dispute or to judge oneself", "calls_of", "their own, released", "their own"),
    "ruling": Reach(
        "the last word on a finding", "may_rule", lead="of their team, not their own", admin="all, not their own"
    ),
    "self-score": Reach(
        "what an agent thought of a call",
        "calls_of",
        "their own",
        "of their team, once shared",
        admin="all, once shared",
    ),
    "blind": Reach(
        "a call drawn to be scored blind", "calls_of", lead="drawn by themselves", admin="drawn by themselves"
    ),
    "nameless": Reach(
        "a transcript without names",
        "nameless_of",
        editor="where the campaign allows it",
        admin="where the campaign allows it",
    ),
    "queue": Reach("an item of the coaching queue", "queue_of", lead="of their team", admin="all"),
    "outcome": Reach(
        "how often a rule was right", "outcomes_of", lead="over their team", editor="over all", admin="over all"
    ),
    "insight": Reach(
        "figures and quotes about a talk track",
        "insight_of",
        lead="over their team",
        editor="over all, nobody named",
        admin="over all",
    ),
    "coaching": Reach(
        "one-on-ones and agreements of an agent", "coaching_of", "their own", "of their team", admin="all, noted"
    ),
    "briefing": Reach("the brief for a one-on-one", "coaching_of", lead="of their team", admin="all, noted"),
    "led": Reach("writing in a one-on-one", "see_coaching", lead="of their team"),
    "signing": Reach("signing a one-on-one", "see_coaching", "their own", "of their team"),
    "team": Reach("a team's rules, meetings and figures", "may_rule_team", lead="their own", admin="all"),
    "version": Reach("a version of a talk track", "may_see_version", "in force, now or once", "all", "all", "all"),
    "draft": Reach("a draft", "may_see_draft", lead="in review", editor="all", admin="all"),
    "clip": Reach(
        "a clip",
        "clips_of",
        "their own, shared with their team or all",
        "their own, shared, cut by agents from their team's calls",
        "shared with all",
        "all, noted",
    ),
    "own-clip": Reach(
        "changing a clip",
        "may_change_clip",
        "their own, until it is shared",
        "their own, of their team's calls",
        admin="all",
    ),
    "playlist": Reach(
        "a playlist",
        "playlists_of",
        "their own, shared with their team or all",
        "their own, shared with their team or all",
        "shared with all",
        "all",
    ),
    "own-list": Reach("changing a playlist", "may_change_playlist", "their own", "their own", admin="all"),
    "own": Reach("one's own page, account, sessions, tokens", "", "their own", "their own", "their own", "their own"),
}


def reaches(name: str) -> frozenset[Role]:
    """The roles that reach anything of this kind at all; all of them where there is no object."""
    return frozenset(role for role in ROLES if not name or REACH[name].of(role) != NOTHING)
