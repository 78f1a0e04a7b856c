"""Who may what: every role against every right, and every person against a call of one agent."""

import pytest

from assist.errors import AccessDenied, NotFound
from assist.people import access

ROLES = ("agent", "lead", "editor", "admin")
RIGHTS = {
    "call.upload": "agent lead admin",
    "call.upload-for-others": "lead admin",
    "call.rejudge": "lead admin",
    "call.correct": "lead admin",
    "call.release": "lead admin",
    "own.page": "agent",
    "library.read": "agent lead editor admin",
    "library.draft": "editor admin",
    "library.review": "editor lead admin",
    "library.publish": "editor admin",
    "library.rules": "admin",
    "library.foresee": "editor lead admin",
    "library.insight": "editor lead admin",
    "library.misheard": "editor lead admin",
    "queue.work": "lead admin",
    "finding.dispute": "agent lead",
    "finding.rule": "lead admin",
    "call.self-score": "agent lead",
    "call.blind-score": "lead admin",
    "labels.export": "lead admin",
    "rules.read": "lead editor admin",
    "rules.edit": "admin",
    "call.search": "agent lead admin",
    "clip.make": "agent lead admin",
    "clip.share": "lead admin",
    "meeting.hold": "lead admin",
    "coaching.lead": "lead",
    "coaching.see": "agent lead admin",
    "coaching.brief": "lead admin",
    "insight.by-agent": "lead admin",
    "transcript.nameless": "editor admin",
    "findings.export": "lead admin",
    "findings.export-whole": "admin",
    "call.unmask": "lead admin",
    "masking.set": "admin",
    "work.pause": "admin",
    "people.manage": "admin",
    "audit.read": "admin",
    "privacy.retention": "admin",
    "privacy.hold": "admin",
    "privacy.delete": "admin",
    "privacy.hand-out": "admin",
}


def test_the_table_names_every_right():
    assert set(RIGHTS) == set(access._RIGHTS)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("right", RIGHTS)
def test_roles_have_their_rights_and_no_more(person, role, right):
    assert access.allows(person(role), right) is (role in RIGHTS[right].split())


def test_a_missing_right_is_said(agent):
    with pytest.raises(AccessDenied):
        access.require(agent, "queue.work")


SEES = {"agent": True, "other_agent": False, "lead": True, "outsider": False, "editor": False, "admin": True}


@pytest.mark.parametrize(("persona", "sees"), SEES.items())
def test_a_call_exists_only_for_whom_it_is(person, agent, persona, sees):
    place = {"agent_id": agent.id, "team_id": agent.team_id, "uploaded_by": agent.id}
    assert access.may_see_call(person(persona), **place) is sees
    if not sees:
        with pytest.raises(NotFound):
            access.see_call(person(persona), **place)


@pytest.mark.parametrize("persona", SEES)
def test_lists_and_single_calls_follow_the_same_rule(store, person, upload, persona):
    for owner in ("agent", "other_agent", "lead"):
        upload(person(owner), f"agent: {owner}")
        held = upload(person(owner), f"agent: {owner} 2")
        store.change("UPDATE calls SET held = 1 WHERE id = ?", [held.id])
    user = person(persona)
    scope = access.calls_of(user)
    listed = {row["id"] for row in store.rows(f"SELECT c.id FROM calls c WHERE {scope.where}", scope.parameters)}
    rows = store.rows("SELECT id, agent_id, team_id, uploaded_by, held FROM calls")
    seen = {row.pop("id") for row in rows if access.may_see_call(user, **{k: row[k] for k in row if k != "id"})}
    assert listed == seen
