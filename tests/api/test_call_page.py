"""One call: the judged page, the page while it is worked on, sound and waveform."""

from collections.abc import Callable
from typing import Any

import pytest

from assist.calls import calls
from assist.calls.calls import Call
from assist.calls.details import Details
from assist.calls.recordings import path_of
from assist.calls.refusals import NotARecording
from assist.config import Settings
from assist.people.users import User
from assist.store import Store
from tests.api import judged
from tests.api.conftest import Browse
from tests.api.judged import EVIL

Upload = Callable[..., Call]


def fail(store: Store, call: Call) -> None:
    from assist.calls import progress

    progress.fail(store, call.id, call.run, NotARecording())


def test_it_works(browse: Browse, call: Call) -> None:
    page = browse("agent").get(f"/calls/{call.id}").text
    for part in (
        "86",
        "38",
        "承诺了终身免费",
        "打扰您了，那我晚点再打给您。",
        "248",
        "64%",
        "script v1",
        "先认同",
        "直接推销",
    ):
        assert part in page, part


def test_every_finding_leads_to_its_second(browse: Browse, call: Call) -> None:
    page = browse("agent").get(f"/calls/{call.id}").text
    for second in ("2.50", "6.50", "8.50"):
        assert f'data-seek="{second}"' in page


def test_the_words_of_a_finding_are_marked(browse: Browse, call: Call) -> None:
    page = browse("agent").get(f"/calls/{call.id}").text
    assert '<mark class="good" title="确认身份">您好，请问是王先生吗？</mark>我是星河通信的陈晓。' in page
    assert '<mark class="poor" title="承诺终身免费">终身免费</mark>' in page


def test_what_recognition_wrote_waits_until_somebody_asks(
    browse: Browse, call: Call, upload: Upload, store: Store, agent: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.api.conftest import judge

    assert "data-as-heard" not in browse("agent").get(f"/calls/{call.id}").text
    plain = judged.report

    def misheard(*given: str) -> dict[str, Any]:
        found = plain(*given)
        return found | {
            "turns": [turn | {"heard": "未，哪位。"} if turn["id"] == 0 else turn for turn in found["turns"]]
        }

    monkeypatch.setattr(judged, "report", misheard)
    other = judge(store, upload(agent, "agent: 您好吗"))
    page = browse("agent").get(f"/calls/{other.id}").text
    assert page.count('<p class="as-heard" lang="zh">heard as “未，哪位。”</p>') == 1
    assert 'type="checkbox" data-as-heard' in page


def test_a_score_without_occasion_is_no_zero(browse: Browse, call: Call) -> None:
    assert "通话在开场就结束了" in browse("agent").get(f"/calls/{call.id}").text


def test_missing_steps_of_an_answer_are_named(browse: Browse, call: Call) -> None:
    page = browse("lead").get(f"/calls/{call.id}").text
    assert '<span class="chip missing" title="missing">Acknowledge' in page


@pytest.mark.parametrize(
    ("persona", "status"),
    [("agent", 200), ("lead", 200), ("admin", 200), ("other_agent", 404), ("outsider", 404), ("editor", 404)],
)
@pytest.mark.parametrize("part", ["", "/progress", "/peaks", "/audio"])
def test_who_may_see_it(browse: Browse, call: Call, persona: str, status: int, part: str) -> None:
    answer = browse(persona).get(f"/calls/{call.id}{part}")
    assert answer.status_code == (204 if part == "/progress" and status == 200 else status)


def test_a_stranger_hears_nothing(stranger: object, call: Call) -> None:
    for part in ("/audio", "/peaks"):
        assert stranger.get(f"/calls/{call.id}{part}").status_code == 303  # type: ignore[attr-defined]


@pytest.mark.parametrize("address", ["/calls/999999", "/calls/x", "/calls/-1", "/calls/99999999999999999999999"])
def test_a_call_that_is_not_there(browse: Browse, address: str) -> None:
    assert browse("agent").get(address).status_code == 404


def test_the_sound_is_sent_in_parts(browse: Browse, call: Call) -> None:
    answer = browse("agent").get(f"/calls/{call.id}/audio", headers={"Range": "bytes=8-11"})
    assert answer.status_code == 206
    assert answer.content == b"WAVE"
    assert answer.headers["content-type"] == "audio/wav"


def test_a_recording_that_is_gone_leaves_text_and_findings(browse: Browse, call: Call, settings: Settings) -> None:
    path_of(settings, call.sha256).unlink()
    assert browse("agent").get(f"/calls/{call.id}/audio").status_code == 404
    assert "终身免费" in browse("agent").get(f"/calls/{call.id}").text


def test_the_waveform_has_a_lane_for_each_speaker(browse: Browse, call: Call) -> None:
    lanes = browse("agent").get(f"/calls/{call.id}/peaks").json()
    assert set(lanes) == {"agent", "customer"}
    assert len(lanes["agent"]) == len(lanes["customer"]) == 4


def test_progress_is_told_while_it_is_worked_on(browse: Browse, upload: Upload, store: Store, agent: User) -> None:
    from assist.calls import progress

    call = upload(agent)
    progress.enter(store, call.id, call.run, "transcribing", share=0.43)
    page = browse("agent").get(f"/calls/{call.id}").text
    assert "43%" in page
    assert 'aria-current="step"' in page
    assert f'hx-get="/calls/{call.id}/progress"' in page
    states = browse("agent").get(f"/calls/states?ids={call.id},x").text
    assert "43%" in states
    assert "<html" not in states
    assert browse("other_agent").get(f"/calls/states?ids={call.id}").status_code == 404


def test_the_progress_of_a_ready_call_loads_the_page(browse: Browse, call: Call) -> None:
    answer = browse("agent").get(f"/calls/{call.id}/progress", headers={"HX-Request": "true"})
    assert answer.headers["hx-redirect"] == f"/calls/{call.id}"


def test_a_failed_call_says_why_and_can_be_tried_again(
    browse: Browse, upload: Upload, store: Store, agent: User, submitted: list[int]
) -> None:
    call = upload(agent)
    fail(store, call)
    browser = browse("agent")
    page = browser.get(f"/calls/{call.id}").text
    assert "This is no sound recording" in page
    assert browser.post(f"/calls/{call.id}/retry").headers["location"] == f"/calls/{call.id}"
    assert calls.load(store, call.id).state == "received"
    assert submitted == [call.id]


def test_a_failure_is_told_in_the_readers_language(browse: Browse, upload: Upload, store: Store, agent: User) -> None:
    call = upload(agent)
    fail(store, call)
    browser = browse("agent")
    browser.post("/language", data={"language": "zh-CN"})
    assert NotARecording().text("zh-CN") in browser.get(f"/calls/{call.id}").text


def test_a_call_at_work_cannot_be_begun_again(browse: Browse, upload: Upload, agent: User) -> None:
    assert browse("agent").post(f"/calls/{upload(agent).id}/retry").status_code == 409


def test_nobody_retries_the_calls_of_others(browse: Browse, upload: Upload, store: Store, agent: User) -> None:
    call = upload(agent)
    fail(store, call)
    assert browse("other_agent").post(f"/calls/{call.id}/retry").status_code == 404
    assert calls.load(store, call.id).state == "failed"


def test_missing_details_are_asked_for_and_start_the_work(
    browse: Browse, upload: Upload, store: Store, lead: User, agent: User, submitted: list[int]
) -> None:
    call = upload(lead)  # a lead's upload tells no agent
    browser = browse("lead")
    assert f'action="/calls/{call.id}/details"' in browser.get(f"/calls/{call.id}").text
    browser.post(f"/calls/{call.id}/details", data={"agent": str(agent.id), "campaign": "broadband"})
    assert calls.load(store, call.id).agent == agent.name
    assert submitted == [call.id]


def test_details_that_do_not_fit_are_refused(browse: Browse, upload: Upload, lead: User) -> None:
    call = upload(lead)
    browser = browse("lead")
    assert browser.post(f"/calls/{call.id}/details", data={"agent": "nobody"}).status_code == 422
    assert browser.post(f"/calls/{call.id}/details", data={"called_at": "noon"}).status_code == 422


def test_markup_in_the_call_is_text(
    browse: Browse, upload: Upload, store: Store, agent: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.api.conftest import judge

    monkeypatch.setattr(
        judged, "TURNS", tuple((who, start, end, text + EVIL) for who, start, end, text in judged.TURNS)
    )
    call = judge(store, upload(agent, name=f"{EVIL}.wav", details=Details(customer=EVIL)))
    page = browse("agent").get(f"/calls/{call.id}").text
    assert "&lt;img src=x" in page
    assert "<img src=x" not in page
    assert "<script>window" not in page
