"""Recordings come in through the web: details, streaming, and everything that is no recording."""

import base64
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assist.calls import calls, hear
from assist.calls.calls import Call
from assist.calls.recordings import path_of
from assist.config import Settings
from assist.people.users import User
from assist.store import Store
from tests import fakes, sounds
from tests.api.conftest import Browse, judge
from tests.api.judged import EVIL

WAV = fakes.recording("agent: 您好")


def put(browser: TestClient, body: object = WAV, **query: str) -> object:
    return browser.put("/api/recordings", params={"name": "call.wav"} | query, content=body)


def test_the_page_offers_agents_and_campaigns(browse: Browse, agent: User) -> None:
    page = browse("lead").get("/upload").text
    assert f'<option value="{agent.id}">' in page
    assert '<option value="broadband">' in page


def test_an_agent_picks_no_other_agent(browse: Browse) -> None:
    assert 'name="agent"' not in browse("agent").get("/upload").text


def test_an_editor_uploads_nothing(browse: Browse) -> None:
    assert browse("editor").get("/upload").status_code == 403
    assert put(browse("editor")).status_code == 403


def test_an_agents_recording_is_stored_and_begun(browse: Browse, agent: User, submitted: list[int]) -> None:
    answer = put(browse("agent"))
    told = answer.json()["call"]
    assert answer.status_code == 201
    assert (told["agent_id"], told["campaign"], told["state"]) == (agent.id, "broadband", "received")
    assert submitted == [told["id"]]


def test_the_same_bytes_are_the_same_call(browse: Browse) -> None:
    browser = browse("agent")
    first, second = put(browser), put(browser, name="again.wav")
    assert second.status_code == 200
    assert second.json()["created"] is False
    assert second.json()["call"]["id"] == first.json()["call"]["id"]


def test_given_details_are_kept(browse: Browse) -> None:
    given = {"agent": "chen", "called_at": "2026-11-20T14:32", "direction": "inbound", "customer": "冯女士"}
    told = put(browse("lead"), **given).json()["call"]
    assert told["agent"] == "陈晓"
    assert told["called_at"].startswith("2026-11-20T06:32")  # 14:32 in Shanghai
    assert (told["direction"], told["customer"]) == ("inbound", "冯女士")


def test_the_file_name_tells_what_was_not_given(browse: Browse) -> None:
    told = put(browse("lead"), name="20261120-1432-chen-冯女士.wav").json()["call"]
    assert (told["agent"], told["customer"], told["state"]) == ("陈晓", "冯女士", "received")


def test_what_nobody_tells_makes_the_call_wait(browse: Browse) -> None:
    assert put(browse("lead")).json()["call"]["state"] == "waiting"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"agent": "nobody"}, "UnknownAgent"),
        ({"agent": "sun"}, "UnknownAgent"),  # somebody of another team
        ({"campaign": "none"}, "UnknownCampaign"),
        ({"called_at": "noon"}, "BadTime"),
        ({"direction": "sideways"}, "UnknownDirection"),
    ],
)
def test_details_that_do_not_fit_are_refused(browse: Browse, store: Store, query: dict[str, str], code: str) -> None:
    answer = put(browse("lead"), **query)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)
    assert store.value("SELECT count(*) FROM calls") == 0


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "EmptyRecording"),
        ("这是一段文字，不是录音。\n".encode() * 50, "NotARecording"),
        (b"agent,date\nchen,2026-11-20\n", "NotARecording"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "NotARecording"),
        (b"%PDF-1.7 " + bytes(200), "NotARecording"),
    ],
    ids=["empty", "text", "table", "image", "document"],
)
def test_what_is_no_recording_is_refused_at_the_door(
    browse: Browse, settings: Settings, store: Store, body: bytes, code: str
) -> None:
    answer = put(browse("agent"), body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)
    assert answer.json()["error"]["message"]
    assert store.value("SELECT count(*) FROM recordings") == 0
    assert not [path for path in settings.recordings.rglob("*") if path.is_file()]


def test_a_file_over_the_limit_is_refused_before_it_is_read(app: object, browse: Browse, settings: Settings) -> None:
    settings.max_upload_bytes = 1000
    answer = put(browse("agent"), WAV + bytes(1000))
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "TooBig")


def test_a_stream_without_length_stops_at_the_limit(browse: Browse, settings: Settings) -> None:
    settings.max_upload_bytes = 100_000

    def endless() -> Iterator[bytes]:
        yield WAV
        for _ in range(10):
            yield bytes(50_000)

    answer = put(browse("agent"), endless())
    assert answer.status_code == 413
    assert not [path for path in settings.recordings.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.wav",
        "a b 录音 (1).wav",
        "录" * 300 + ".wav",
        "C:\\calls\\x.wav",
        "a\nb.wav",
        EVIL,
        " ",
        "x" * 1000,
    ],
)
def test_odd_names_are_only_shown(browse: Browse, settings: Settings, name: str) -> None:
    answer = put(browse("agent"), name=name)
    shown = answer.json()["call"]["file_name"]
    assert answer.status_code == 201
    assert len(shown) <= 120
    assert not set(shown) & set("/\\\n")
    stored = [path for path in settings.data.rglob("*") if path.is_file() and "recordings" in path.parts]
    assert [len(path.name) for path in stored] == [64]  # its hash


def test_a_refusal_is_told_in_the_readers_language(browse: Browse) -> None:
    browser = browse("agent")
    browser.post("/language", data={"language": "zh-CN"})
    assert "录音" in put(browser, b"").json()["error"]["message"]


def _truncated(folder: Path) -> Path:
    whole = sounds.write(folder / "whole.mp3", sounds.tone(2))
    cut = folder / "cut.mp3"
    cut.write_bytes(whole.read_bytes()[:300])
    return cut


@pytest.mark.parametrize(
    "make",
    [
        _truncated,
        lambda folder: sounds.lying_wav(folder / "lies.wav", rate=4_000_000_000),
        lambda folder: sounds.video_without_sound(folder / "silent.mp4"),
        lambda folder: sounds.hours_of_silence(folder / "silence.flac", 5 / 60),
    ],
    ids=["truncated mp3", "header that lies", "video without sound", "longer than allowed"],
)
def test_a_bad_recording_fails_with_its_reason_on_the_page(
    browse: Browse, store: Store, settings: Settings, tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    settings.max_seconds = 60
    path = make(tmp_path)
    browser = browse("agent")
    answer = put(browser, path.read_bytes(), name=path.name)
    if answer.status_code == 201:
        call = judge(store, calls.load(store, answer.json()["call"]["id"]), lambda file: hear.peaks(file, settings))
        assert call.state == "failed"
        assert call.failure
        assert call.failure.text("en") in browser.get(f"/calls/{call.id}").text.replace("&#39;", "'")
    else:
        assert answer.status_code == 422
        assert answer.json()["error"]["message"]


def preview(browser: TestClient, names: list[str], manifest: bytes | None = None) -> object:
    coded = base64.b64encode(manifest).decode() if manifest is not None else None
    return browser.post("/api/recordings/preview", json={"names": names, "manifest": coded})


def test_the_preview_says_what_the_names_tell(browse: Browse) -> None:
    told = preview(browse("lead"), ["20261120-1432-chen-冯女士.wav", "x.wav"]).json()["files"]
    assert told[0]["facts"] == "From the file name: chen · 2026-11-20 14:32 · 冯女士"
    assert told[1] == {"name": "x.wav", "facts": "", "manifest": {}}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_manifest_tells_each_file(browse: Browse, encoding: str) -> None:
    manifest = "file,agent,called_at,customer\ncalls/x.wav,chen,2026-11-20 14:32,冯女士\n".encode(encoding)
    told = preview(browse("lead"), ["x.wav"], manifest).json()["files"][0]
    assert told["manifest"] == {"agent": "chen", "called_at": "2026-11-20T14:32:00", "customer": "冯女士"}


@pytest.mark.parametrize(
    ("manifest", "told"),
    [
        ("agent\nchen\n", "no column file"),
        ("file,who\nx.wav,chen\n", "a column who"),
        ("file,called_at\nx.wav,noon\n", "line 2"),
        ("file\nx.wav\nx.wav\n", "line 3"),
    ],
)
def test_a_mistake_in_the_manifest_is_told_before_anything_is_sent(browse: Browse, manifest: str, told: str) -> None:
    answer = preview(browse("lead"), ["x.wav"], manifest.encode())
    assert answer.status_code == 422
    assert told in answer.json()["error"]["message"]


def test_nobody_learns_of_calls_of_others_by_sending_their_bytes(
    browse: Browse, call: Call, settings: Settings
) -> None:

    bytes_of_it = path_of(settings, call.sha256).read_bytes()
    answer = put(browse("other_agent"), bytes_of_it)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "BelongsToOthers")
    assert "call" not in answer.json()
