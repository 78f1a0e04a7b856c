"""A lead corrects a turn on the call page, from the keyboard, in a real browser; the call is judged again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.test_way_of_a_recording import upload_until_ready

expect = pytest.importorskip("playwright.sync_api").expect


def test_a_turn_is_corrected_and_taken_back(visit: Callable[..., Any], recording: Callable[[str], Path]) -> None:
    agent = visit("agent")
    upload_until_ready(agent, recording("20261121-1500-chen-correct.wav"))
    page = visit("lead")
    page.goto(agent.url)
    page.locator("#turn-2").focus()
    page.keyboard.press("e")
    field = page.locator("#text-2")
    expect(field).to_be_focused()
    expect(field).to_have_value("我在开会，没空。")
    field.fill("我在开车，没空。")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#words-2")).to_have_text("我在开车，没空。")
    expect(page.locator("#correction-2 summary")).to_contain_text("corrected by 刘洋")
    expect(page.locator("#rejudging")).to_contain_text("being judged again")
    expect(page.locator("#rejudging a")).to_be_visible(timeout=60_000)
    page.click("#rejudging a")
    page.click("#correction-2 summary")
    expect(page.locator("#correction-2 q")).to_have_text("我在开会，没空。")
    page.click("#correction-2 form button")
    expect(page.locator("#words-2")).to_have_text("我在开会，没空。")


def test_escape_leaves_the_turn_as_it_was(visit: Callable[..., Any], recording: Callable[[str], Path]) -> None:
    agent = visit("agent")
    upload_until_ready(agent, recording("20261121-1501-chen-escape.wav"))
    page = visit("lead")
    page.goto(agent.url)
    page.locator("#turn-1").focus()
    page.keyboard.press("e")
    expect(page.locator("#text-1")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#text-1")).to_have_count(0)
    expect(page.locator("#turn-1")).to_be_focused()
