"""Clips and playlists in the browser: cutting, hearing, sharing, playing one after the other."""

import io
import wave

import numpy as np
import pytest

from assist.calls import calls, recordings
from assist.calls.calls import Call
from assist.calls.recordings import path_of
from assist.coaching import clips, playlists
from assist.coaching.clips import Clip
from assist.config import Settings
from assist.people.users import User
from assist.store import Store
from tests import sounds
from tests.api.conftest import Browse, judge
from tests.api.judged import EVIL


@pytest.fixture
def call(store: Store, agent: User, tmp_path: object) -> Call:
    """A judged call of the agent with six seconds of real sound: a low tone, then a high one."""
    whole = np.concatenate([sounds.tone(3.0, 300.0), sounds.tone(3.0, 1500.0)], axis=1)
    path = sounds.write(tmp_path / "call.wav", whole)  # type: ignore[operator]
    recording = recordings.receive(store, [path.read_bytes()], "call.wav")
    return judge(store, calls.add(store, agent, recording)[0])


@pytest.fixture
def hears_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is heard is what was judged."""
    from assist.transcript import Transcript, Turn
    from tests import fakes
    from tests.api.judged import TURNS

    turns = tuple(Turn(number, who, start, end, text) for number, (who, start, end, text) in enumerate(TURNS))  # type: ignore[arg-type]
    monkeypatch.setattr(fakes.FakeHearing, "hear", lambda *_: Transcript(turns, seconds=25.0, speech_seconds=20.0))


pytestmark = pytest.mark.usefixtures("hears_judged")


@pytest.fixture
def clip(store: Store, lead: User, call: Call) -> Clip:
    return clips.add(store, lead, call.id, 3.5, 5.0, "高音", "newcomer", shared="team")


def test_a_lead_cuts_a_clip_of_ticked_turns(browse: Browse, store: Store, lead: User, call: Call) -> None:
    browser = browse("lead")
    assert f'href="/calls/{call.id}/clip"' in browser.get(f"/calls/{call.id}").text
    form = browser.get(f"/calls/{call.id}/clip?start=9").text
    assert 'value="3" data-start="8.50" data-end="14.00" checked' in form
    fields = {"turn": ["1", "2"], "title": "没空也不急", "audience": "model", "outcome": "won", "shared": "team"}
    answer = browser.post(f"/calls/{call.id}/clip", data=fields | {"objection": "busy", "start": "", "end": ""})
    made = clips.get(store, lead, 1)
    assert answer.headers["location"] == f"/cases/{made.id}"
    assert (made.start, made.end, made.shared, made.objection) == (2.5, 8.0, "team", "busy")


def test_seconds_that_are_written_win(browse: Browse, store: Store, lead: User, call: Call) -> None:
    fields = {"turn": "1", "title": "秒", "start": "0:03.5", "end": "12", "hide_names": "1"}
    browse("lead").post(f"/calls/{call.id}/clip", data=fields)
    made = clips.get(store, lead, 1)
    assert (made.start, made.end, made.hide_names) == (3.5, 12.0, True)


@pytest.mark.parametrize("fields", [{"title": ""}, {"title": "空"}, {"title": "反", "start": "9", "end": "3"}])
def test_what_cannot_be_cut_says_why(browse: Browse, call: Call, fields: dict[str, str]) -> None:
    answer = browse("lead").post(f"/calls/{call.id}/clip", data=fields)
    assert answer.status_code == 422
    assert "clip" in answer.text


@pytest.mark.parametrize(("persona", "status"), [("agent", 200), ("other_agent", 404), ("outsider", 404)])
def test_who_may_cut(browse: Browse, call: Call, persona: str, status: int) -> None:
    assert browse(persona).get(f"/calls/{call.id}/clip").status_code == status


def heard(body: bytes) -> tuple[float, float]:
    """(seconds, loudest hertz) of a WAV file."""
    with wave.open(io.BytesIO(body)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(float)
    return len(samples) / 16000, float(np.fft.rfftfreq(len(samples), 1 / 16000)[np.abs(np.fft.rfft(samples)).argmax()])


def test_a_teammate_hears_the_clip_and_not_the_call(browse: Browse, call: Call, clip: Clip) -> None:
    browser = browse("other_agent")
    assert "高音" in browser.get("/cases").text
    page = browser.get(f"/cases/{clip.id}").text
    assert f"/clips/{clip.id}/sound" in page
    assert f"/calls/{call.id}" not in page
    assert heard(browser.get(f"/clips/{clip.id}/sound").content) == (1.5, pytest.approx(1500, abs=5))
    assert browser.get(f"/calls/{call.id}/audio").status_code == 404


def test_the_sound_is_given_in_parts(browse: Browse, clip: Clip) -> None:
    part = browse("agent").get(f"/clips/{clip.id}/sound", headers={"range": "bytes=100-199"})
    assert (part.status_code, len(part.content)) == (206, 100)


@pytest.mark.parametrize("path", ["/cases/{}", "/clips/{}/sound", "/api/clips/{}", "/api/clips/{}/sound"])
def test_to_others_the_clip_does_not_exist(browse: Browse, clip: Clip, path: str) -> None:
    assert browse("outsider").get(path.format(clip.id)).status_code == 404


def test_without_its_recording_a_clip_is_read_only(browse: Browse, settings: Settings, call: Call, clip: Clip) -> None:
    path_of(settings, call.sha256).unlink()
    assert browse("agent").get(f"/clips/{clip.id}/sound").status_code == 404
    assert browse("agent").get(f"/cases/{clip.id}").status_code == 200


def test_hidden_names_are_on_no_page(browse: Browse, store: Store, lead: User, call: Call) -> None:
    store.change("UPDATE calls SET customer = '王建国'")
    made = clips.add(store, lead, call.id, 2, 9, "陈晓问得好", hide_names=True, shared="team")
    playlist = playlists.create(store, lead, "投影用", shared="team")
    playlists.put(store, lead, playlist.id, made.id)
    browser = browse("other_agent")
    for path in ("/cases", f"/cases/{made.id}", f"/playlists/{playlist.id}", f"/api/clips/{made.id}", "/api/clips"):
        text = browser.get(path).text
        assert "问得好" in text or "投影用" in text
        assert [name for name in ("陈晓", "王建国", "王先生", "call.wav") if name in text] == []


def test_a_clip_is_changed_shared_and_removed(browse: Browse, store: Store, lead: User, clip: Clip) -> None:
    browser = browse("lead")
    facts = {"title": "改了", "audience": "model", "outcome": "lost", "start": "1", "end": "2"}
    browser.post(f"/cases/{clip.id}", data=facts)
    browser.post(f"/cases/{clip.id}/share", data={"shared": "all"})
    made = clips.get(store, lead, clip.id)
    assert (made.title, made.outcome, made.shared, made.end) == ("改了", "lost", "all", 2.0)
    assert browse("outsider").post(f"/cases/{clip.id}/remove").status_code == 404
    assert browser.post(f"/cases/{clip.id}/remove").headers["location"] == "/cases"


def test_clips_stand_behind_their_filters(browse: Browse, clip: Clip) -> None:
    browser = browse("lead")
    for query, there in (("text=高音", True), ("audience=newcomer&outcome=lost", True), ("audience=model", False),
                         ("mine=1", True), ("shared=nobody", False), ("page=9", True)):  # fmt: skip
        assert ("高音" in browser.get(f"/cases?{query}").text) is there


def test_a_playlist_is_filled_and_played(browse: Browse, store: Store, lead: User, clip: Clip) -> None:
    browser = browse("lead")
    browser.post(f"/cases/{clip.id}/playlist", data={"title": "午间"})
    other = clips.add(store, lead, clip.call_id, 0, 2, "低音", shared="team")
    browser.post(f"/cases/{other.id}/playlist", data={"playlist": "1"})
    browser.post("/playlists/1", data={"title": "午间一", "shared": "team", "note": "先听第一段"})
    page = browse("other_agent").get("/playlists/1").text
    assert page.index("高音") < page.index("低音")
    assert f'data-src="/clips/{clip.id}/sound"' in page
    assert "先听第一段" in page
    browser.post(f"/playlists/1/clips/{other.id}", data={"act": "up"})
    page = browse("other_agent").get("/playlists/1").text
    assert page.index("低音") < page.index("高音")
    browser.post(f"/playlists/1/clips/{other.id}", data={"act": "out"})
    assert "低音" not in browser.get("/playlists/1").text
    assert browser.post("/playlists/1/remove").headers["location"] == "/playlists"
    assert browser.get("/playlists/1").status_code == 404


@pytest.mark.parametrize("path", ["/cases", "/playlists"])
@pytest.mark.parametrize("persona", ["agent", "lead", "editor", "admin"])
def test_an_empty_library_says_what_to_do(browse: Browse, persona: str, path: str) -> None:
    assert "yet" in browse(persona).get(path).text


def test_evil_titles_are_text(browse: Browse, store: Store, lead: User, call: Call) -> None:
    clips.add(store, lead, call.id, 0, 2, EVIL, note=EVIL, shared="team")
    page = browse("agent").get("/cases").text
    assert "<script>window" not in page
    assert "&lt;script&gt;window" in page


def test_the_api_does_the_same(browse: Browse, call: Call) -> None:
    browser = browse("lead")
    body = {"call_id": call.id, "start": 3.5, "end": 5.0, "title": "接口", "audience": "model", "shared": "team"}
    made = browser.post("/api/clips", json=body)
    assert made.status_code == 201
    clip = made.json()
    assert (clip["seconds"], clip["outcome"], clip["agent"]) == (1.5, "lost", "陈晓")
    assert browser.get("/api/clips?audience=model").json()["total"] == 1
    assert heard(browser.get(f"/api/clips/{clip['id']}/sound").content)[0] == 1.5
    changed = browser.patch(f"/api/clips/{clip['id']}", json={"title": "改名", "shared": "all"}).json()
    assert (changed["title"], changed["shared"], changed["audience"]) == ("改名", "all", "model")
    playlist = browser.post("/api/playlists", json={"title": "单", "clips": [clip["id"]]}).json()
    assert browser.get(f"/api/playlists/{playlist['id']}").json()["clips"][0]["id"] == clip["id"]
    assert browser.put(f"/api/playlists/{playlist['id']}/clips", json=[]).json()["clips"] == []
    assert browser.delete(f"/api/playlists/{playlist['id']}").status_code == 204
    assert browser.delete(f"/api/clips/{clip['id']}").status_code == 204
    assert browser.get(f"/api/clips/{clip['id']}").status_code == 404
