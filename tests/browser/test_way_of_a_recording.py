"""From the upload to the queue, as agent and as lead, in a real browser on a real server with a worker."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.api.judged import EVIL

expect = pytest.importorskip("playwright.sync_api").expect

Visit = Callable[..., Any]
Make = Callable[[str], Path]


def upload(page: Any, *paths: Path) -> None:
    page.goto("/upload")
    page.set_input_files("#files", [str(path) for path in paths])


def upload_until_ready(page: Any, path: Path) -> None:
    upload(page, path)
    expect(page.locator(".files [data-state=ready]")).to_be_visible(timeout=60_000)
    page.click(".files .act a")
    page.wait_for_selector("#player")


def seconds(page: Any) -> float:
    return float(page.evaluate("document.querySelector('#audio').currentTime"))


def test_an_agent_uploads_watches_and_listens(visit: Visit, recording: Make) -> None:
    page = visit("agent")
    upload(page, recording("20261121-1432-chen-冯女士.wav"))
    row = page.locator(".files li")
    expect(row).to_contain_text("From the file name: chen · 2026-11-21 14:32 · 冯女士")
    expect(row).to_contain_text(re.compile(r"Transcribing \d+%"), timeout=60_000)
    expect(row.locator("[data-state=ready]")).to_be_visible(timeout=60_000)
    row.locator(".act a").click()

    expect(page.locator("h1")).to_contain_text("宽带提速 · 冯女士")
    expect(page.locator(".score-card").first).to_contain_text("86")
    expect(page.locator("[data-wave] > div")).to_be_visible()
    assert (
        page.evaluate("document.querySelector('[data-wave] > div').shadowRoot.querySelectorAll('canvas').length") >= 2
    )

    page.click("[data-play]")
    expect(page.locator("#player")).to_have_class(re.compile("playing"))
    expect(page.locator(".turn[aria-current]")).to_contain_text("喂，哪位？", timeout=15_000)
    page.click("[data-play]")
    expect(page.locator("#player")).not_to_have_class(re.compile("playing"))


def test_everything_on_the_call_page_leads_to_its_second(visit: Visit, recording: Make) -> None:
    page = visit("agent")
    upload_until_ready(page, recording("seek.wav"))
    page.locator(".turn").nth(3).click()
    expect(page.locator(".turn[aria-current]")).to_contain_text("终身免费")
    page.keyboard.press("Space")
    assert 8.0 < seconds(page) < 14.0
    page.locator("#points summary").first.click()
    page.locator("#points a.seek").first.click()
    page.keyboard.press("Space")
    assert 2.0 < seconds(page) < 6.0
    assert "#t=2.5" in page.url
    page.reload()
    expect(page.locator(".turn[aria-current]")).to_contain_text("请问是王先生吗")


def test_the_keyboard_does_it_all(visit: Visit, recording: Make) -> None:
    page = visit("agent")
    upload_until_ready(page, recording("keys.wav"))
    expect(page.locator("[data-wave] > div")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(".turn[aria-current]")).to_contain_text("请问是王先生吗")
    page.keyboard.press("k")
    expect(page.locator(".turn[aria-current]")).to_contain_text("喂，哪位？")
    page.keyboard.press("n")
    expect(page.locator(".turn[aria-current]")).to_contain_text("我在开会")
    before = seconds(page)
    page.keyboard.press("ArrowRight")
    assert seconds(page) == pytest.approx(before + 3, abs=0.2)
    page.keyboard.press("ArrowLeft")
    assert seconds(page) == pytest.approx(before, abs=0.2)
    page.keyboard.press("Space")
    expect(page.locator("#player")).to_have_class(re.compile("playing"))
    page.keyboard.press("Space")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("终身")
    expect(page.locator(".transcript li:visible")).to_have_count(1)


def test_silence_is_skipped_and_speed_is_kept(visit: Visit, recording: Make) -> None:
    page = visit("agent")
    upload_until_ready(page, recording("silence.wav"))
    page.select_option("[data-speed]", "2")
    page.click("[data-skip]")
    page.locator(".turn").nth(4).click()  # ends at 16 s; the next one begins at 22 s
    expect(page.locator(".turn[aria-current]")).to_contain_text("再见", timeout=2_900)
    page.reload()
    assert page.locator("[data-speed]").input_value() == "2"
    assert page.evaluate("document.querySelector('#audio').playbackRate") == 2


def test_a_lead_finds_the_call_in_the_queue_and_works_it(visit: Visit, recording: Make) -> None:
    upload_until_ready(visit("other_agent"), recording("queue.wav"))
    page = visit("lead")
    expect(page.locator("h1")).to_have_text("Who to talk to first today")
    item = page.locator(".queue-item", has_text="赵敏")
    expect(item).to_contain_text("承诺了终身免费")
    item.get_by_role("button", name="I will talk to them").click()
    expect(item.get_by_role("button", name="We talked")).to_be_visible()
    item.locator(".row-link").first.click()
    expect(page.locator(".turn[aria-current]")).to_contain_text("终身免费")
    page.goto("/queue")
    item.get_by_role("button", name="We talked").click()
    expect(item).to_have_count(0)


def test_a_lead_fills_in_what_a_file_does_not_tell(visit: Visit, recording: Make) -> None:
    page = visit("lead")
    upload(page, recording("who.wav"))
    page.click(".files .state a")
    page.select_option("#agent", label="陈晓 · 一组")
    page.click("form .primary")
    expect(page.locator("#player")).to_be_visible(timeout=60_000)


def test_a_manifest_tells_who_and_when(visit: Visit, recording: Make, tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.csv"
    manifest.write_bytes("file,agent,called_at,customer\nmanifest.wav,赵敏,2026-11-20 09:30,高先生\n".encode("gb18030"))
    page = visit("lead")
    upload(page, recording("manifest.wav"), manifest)
    row = page.locator(".files li")
    expect(row).to_contain_text("From the manifest: 赵敏 · 2026-11-20 09:30 · 高先生")
    row.locator(".act a").click()
    expect(page.locator("h1")).to_contain_text("高先生")


def test_many_files_each_say_what_became_of_them(visit: Visit, recording: Make, tmp_path: Path) -> None:
    empty, text, big = tmp_path / "empty.wav", tmp_path / "text.wav", tmp_path / "big.wav"
    empty.write_bytes(b"")
    text.write_text("no sound here " * 100)
    big.write_bytes(bytes(5_000_001))
    page = visit("agent")
    upload(page, empty, text, big, recording("good.wav"))
    rows = {name: page.locator(".files li", has_text=name) for name in ("empty.wav", "text.wav", "big.wav", "good.wav")}
    expect(rows["empty.wav"]).to_contain_text("empty")
    expect(rows["text.wav"]).to_contain_text("no sound recording")
    expect(rows["big.wav"]).to_contain_text("Larger than")
    expect(rows["good.wav"].locator(".act a")).to_be_visible()
    expect(page.locator("[data-summary]")).to_have_text("1 of 4 uploaded")


def test_a_mistake_in_the_manifest_sends_nothing(visit: Visit, recording: Make, tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.csv"
    manifest.write_text("file,who\nx.wav,chen\n")
    page = visit("lead")
    upload(page, recording("x.wav"), manifest)
    expect(page.locator("#manifest-error")).to_contain_text("a column who")
    expect(page.locator(".files li")).to_have_count(0)


def test_markup_in_a_file_name_never_runs(visit: Visit, recording: Make) -> None:
    page = visit("agent")
    source = recording("plain.wav")
    page.goto("/upload")
    name = EVIL.replace("/", "_") + ".wav"
    page.set_input_files("#files", {"name": name, "mimeType": "audio/wav", "buffer": source.read_bytes()})
    expect(page.locator(".files li .name")).to_have_text(name)
    page.locator(".files .act a").click()
    page.goto("/calls")
    assert page.evaluate("window.ran") is None
