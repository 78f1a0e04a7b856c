"""The brief on paper and on the screen, and a talk written down, in a browser."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from assist.calls import recordings
from assist.config import Settings
from assist.people import users
from assist.store import Store
from assist.store.clock import now
from tests.assist.coaching import past
from tests.conftest import PERSONAS

expect = pytest.importorskip("playwright.sync_api").expect

Visit = Callable[..., Any]


@pytest.fixture(scope="module")
def agent_id(server: Any, recording: Callable[[str], Path]) -> Iterator[int]:
    """The other agent, with two weeks of calls in which the purpose is hardly said."""
    settings = Settings(data=server.data, _env_file=None)
    store = Store(settings)
    agent = users.by_login(store, PERSONAS["other_agent"][0])
    made, sound = [], recording("heard.wav")
    for day in range(1, 13):
        values = {"purpose": float(day % 6 == 0), "permission": 1.0, "identity": 1.0}
        made.append(past.call(store, agent, now() - timedelta(days=day), values))
        path = recordings.path_of(settings, f"{made[-1]:064x}")
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(sound, path)
    yield agent.id
    with store.write() as db:  # other tests count the calls of the team
        marks = ",".join(map(str, made))
        db.execute(f"DELETE FROM session_notes WHERE call_id IN ({marks})")
        db.execute(f"DELETE FROM analyses WHERE call_id IN ({marks})")
        db.execute(f"DELETE FROM calls WHERE id IN ({marks})")
    store.close()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_brief_is_one_page_of_paper(visit: Visit, agent_id: int, language: str) -> None:
    page = visit("lead", language=language)
    page.goto(f"/coaching/agents/{agent_id}/brief")
    expect(page.locator("[data-clip]")).to_have_count(3)
    expect(page.locator(".questions li")).to_have_count(3)
    paper = page.pdf(format="A4", prefer_css_page_size=True)
    assert re.findall(rb"/Count (\d+)", paper) == [b"1"]


def test_a_clip_plays_where_it_stands_and_ends(visit: Visit, agent_id: int) -> None:
    page = visit("lead")
    page.goto(f"/coaching/agents/{agent_id}/brief")
    first, second = page.locator("[data-clip]").nth(0), page.locator("[data-clip]").nth(1)
    first.click()
    expect(first).to_have_attribute("aria-pressed", "true")
    second.click()
    expect(second).to_have_attribute("aria-pressed", "true")
    expect(first).to_have_attribute("aria-pressed", "false")
    second.click()
    expect(second).to_have_attribute("aria-pressed", "false")
    first.evaluate("button => { button.dataset.to = Number(button.dataset.from) + 0.3 }")
    first.click()
    expect(first).to_have_attribute("aria-pressed", "false")


def test_a_talk_is_written_down_without_losing_what_is_typed(visit: Visit, agent_id: int) -> None:
    page = visit("lead")
    page.goto(f"/coaching/agents/{agent_id}/brief")
    page.get_by_role("button", name="Begin and take notes").click()
    page.wait_for_url("**/coaching/sessions/*")
    notes = page.get_by_label("Note", exact=True)
    notes.nth(0).fill("客户不知道谁打来的")
    notes.nth(1).fill("语速很快")
    expect(page.locator(".saved").nth(0)).to_contain_text("Saved")  # by itself, when one goes on
    page.get_by_label("What the agent will do").fill("第一句说来意")
    page.get_by_role("button", name="Remove").nth(2).click()
    expect(notes).to_have_count(3)  # two, and the one to add
    expect(notes.nth(1)).to_have_value("语速很快")
    page.get_by_label("Until").fill("2020-01-01")
    page.get_by_role("button", name="Agree").click()
    expect(page.locator(".toast")).to_contain_text("ends after the talk")
    expect(page.get_by_label("What the agent will do")).to_have_value("第一句说来意")
    page.get_by_label("Until").fill((now() + timedelta(days=9)).date().isoformat())
    page.get_by_role("button", name="Agree").click()
    expect(page.locator(".agreement")).to_contain_text("Running")
    page.get_by_role("button", name="Sign as the lead").click()
    expect(page.locator(".sign")).to_contain_text("has not signed yet")
    page.get_by_role("button", name="Take my signature back").click()
    page.get_by_role("button", name="Call it off").click()
    page.wait_for_url(f"**/coaching/agents/{agent_id}")
