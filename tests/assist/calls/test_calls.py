"""Calls: the same bytes are the same call, details are asked once, strangers see nothing."""

from datetime import UTC, datetime

import pytest

from assist.calls import calls, recordings
from assist.calls.calls import AlreadyComplete, BelongsToOthers, Failure
from assist.calls.details import Details, UnknownAgent, UnknownCampaign, UnknownDirection
from assist.calls.refusals import TooBig
from assist.errors import AccessDenied, NotFound
from assist.people import audit
from assist.store import libraries
from tests.conftest import LIBRARY
from tests.fakes import recording


def test_an_agents_own_upload_needs_no_details(upload, agent):
    call = upload(agent)
    assert (call.agent, call.team, call.campaign, call.state) == ("陈晓", "一组", "broadband", "received")


def test_the_same_bytes_are_the_same_call(store, agent, lead):
    content = [recording("agent: 您好")]
    first, created = calls.add(store, agent, recordings.receive(store, content, "a.wav"))
    again, created_again = calls.add(store, lead, recordings.receive(store, content, "b.wav"))
    assert (created, created_again) == (True, False)
    assert again == first


def test_the_bytes_of_somebody_elses_call_open_nothing(store, upload, agent, outsider):
    upload(agent, "agent: 您好")
    with pytest.raises(BelongsToOthers):
        calls.add(store, outsider, recordings.receive(store, [recording("agent: 您好")], "a.wav"))


def test_an_editor_uploads_nothing(upload, editor):
    with pytest.raises(AccessDenied):
        upload(editor)


def test_the_file_name_tells_agent_time_and_customer(store, upload, lead):
    call = calls.whole(store, upload(lead, name="20261101_0930_chen_13800000000.wav"))
    assert (call.agent, call.customer) == ("陈晓", "13800000000")
    assert call.called_at == datetime(2026, 11, 1, 1, 30, tzinfo=UTC)  # 09:30 in Shanghai


def test_what_is_given_counts_more_than_the_file_name(upload, lead):
    call = upload(lead, name="20261101_0930_chen_1.wav", details=Details(agent="赵敏", customer="李女士"))
    assert (call.agent, call.customer) == ("赵敏", "李女士")


def test_a_call_without_agent_waits_and_is_completed_once(store, upload, lead):
    call = upload(lead, name="call.wav")
    assert call.state == "waiting"
    done = calls.complete(store, lead, call.id, Details(agent="chen"))
    assert (done.state, done.agent) == ("received", "陈晓")
    with pytest.raises(AlreadyComplete):
        calls.complete(store, lead, call.id, Details(agent="zhao"))


def test_two_campaigns_make_the_call_wait_for_its_own(store, upload, agent):
    libraries.publish(store, LIBRARY.replace("broadband", "other"))
    assert upload(agent).state == "waiting"
    assert upload(agent, "agent: 2", details=Details(campaign="other")).state == "received"


def test_nobody_is_uploaded_for_from_another_team(upload, outsider):
    with pytest.raises(UnknownAgent):
        upload(outsider, details=Details(agent="chen"))
    assert upload(outsider, name="20261101_0930_chen_1.wav").agent_id is None


def test_an_agent_uploads_only_as_themselves(upload, agent):
    assert upload(agent, details=Details(agent="zhao")).agent == "陈晓"


@pytest.mark.parametrize(
    ("details", "error"),
    [
        (Details(agent="nobody"), UnknownAgent),
        (Details(agent="chen", campaign="nothing"), UnknownCampaign),
        (Details(agent="chen", direction="sideways"), UnknownDirection),
    ],
)
def test_wrong_details_are_named_and_nothing_is_kept(store, upload, lead, details, error):
    with pytest.raises(error):
        upload(lead, details=details)
    assert store.value("SELECT count(*) FROM calls") == 0


@pytest.mark.parametrize("persona", ["other_agent", "outsider", "editor"])
def test_a_call_does_not_exist_for_others(store, upload, agent, person, persona):
    with pytest.raises(NotFound):
        calls.get(store, person(persona), upload(agent).id)


def test_an_upload_leaves_a_trace(store, upload, agent):
    call = upload(agent)
    assert [entry.action for entry in audit.listing(store, about=f"call:{call.id}")] == ["call.upload"]


def test_an_admin_sees_every_call_but_not_unseen(store, upload, agent, lead, admin):
    call = upload(agent)
    for _ in range(2):
        calls.get(store, admin, call.id)
        calls.get(store, lead, call.id)
    opened = [entry for entry in audit.listing(store, about=f"call:{call.id}") if entry.action == "call.open"]
    assert [entry.login for entry in opened] == ["root"]


def test_a_failure_speaks_the_readers_language():
    failure = Failure.of(TooBig(most=200))
    assert failure.code == "TooBig"
    assert "200 MB" in failure.text("en")
    assert failure.text("zh-CN") != failure.text("en")
