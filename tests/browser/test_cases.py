"""A moment of a call becomes a clip and is played in a playlist, by keyboard, in a real browser."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.test_way_of_a_recording import upload_until_ready

expect = pytest.importorskip("playwright.sync_api").expect


def cut(page: Any, address: str, turns: list[int], title: str) -> None:
    """Ticks turns of a call by the keyboard and keeps them as a clip of the team."""
    page.goto(address)
    page.keyboard.press("c")
    page.wait_for_url("**/clip*")
    for turn in turns:
        page.locator(f"input[name=turn][value='{turn}']").focus()
        page.keyboard.press("Space")
    expect(page.locator("[data-span]")).to_contain_text(" s")
    page.fill("#c-title", title)
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/*")


def test_a_moment_reaches_the_playlist(visit: Callable[..., Any], recording: Callable[[str], Path]) -> None:
    agent = visit("agent")
    upload_until_ready(agent, recording("20261121-1700-chen-case.wav"))
    lead = visit("lead")
    cut(lead, agent.url, [1], "开口先问身份")
    expect(lead.locator(".clip-said")).to_contain_text("请问是王先生吗")
    lead.fill("#new-list", "新人必听")
    lead.keyboard.press("Enter")
    lead.wait_for_url("**/playlists/*")
    playlist = lead.url
    cut(lead, agent.url, [2, 3], "没空怎么接")
    lead.locator("form:has(#playlist) button").click()
    lead.wait_for_url("**/playlists/*")
    expect(lead.locator("[data-item]")).to_have_count(2)
    lead.keyboard.press("n")
    expect(lead.locator("[data-item]").nth(1)).to_have_attribute("aria-current", "true")
    expect(lead.locator("[data-play]")).to_have_attribute("aria-pressed", "true")
    expect(lead.locator("[data-now]")).to_have_text("0:01")
    lead.keyboard.press("p")
    expect(lead.locator("[data-item]").nth(0)).to_have_attribute("aria-current", "true")
    lead.evaluate("document.querySelector('#audio').playbackRate = 8")
    expect(lead.locator("[data-item]").nth(1)).to_have_attribute("aria-current", "true", timeout=20_000)
    lead.keyboard.press(" ")
    expect(lead.locator("[data-play]")).to_have_attribute("aria-pressed", "false")

    teammate = visit("other_agent")
    teammate.goto("/cases")
    teammate.locator(".listen").first.click()
    expect(teammate.locator(".listen").first).to_have_attribute("aria-pressed", "true")
    assert teammate.request.get(playlist).status == 404  # not shared yet


def test_a_found_sentence_leads_into_the_sound(visit: Callable[..., Any], recording: Callable[[str], Path]) -> None:
    agent = visit("agent")
    upload_until_ready(agent, recording("20261121-1701-chen-search.wav"))
    agent.goto("/search")
    agent.fill("#q", "我在开会")
    agent.keyboard.press("Enter")
    expect(agent.locator("mark.hit").first).to_have_text("我在开会")
    agent.locator(".hit-lines .seek").first.click()
    agent.wait_for_url("**/calls/*#t=6.5")
    expect(agent.locator("[data-now]")).to_have_text("0:06", timeout=30_000)
