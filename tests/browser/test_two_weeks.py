"""Two weeks of a team in a real browser: an agent, two leads and a colleague. Calls come in, the queue says whom to
talk to, two leads reach for the same item, a talk is held and signed, and the calls after it show whether it helped."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from assist.config import Settings
from assist.people import users
from assist.store import Store
from tests import sounds
from tests.browser import later
from tests.browser.conftest import Server, free_port, once_up, open_pages
from tests.conftest import PASSWORD

expect = pytest.importorskip("playwright.sync_api").expect

CARELESS = (
    "customer: 喂，哪位？",
    "agent: 你好，我们有个宽带活动。",
    "customer: 我在开会，没空。",
    "agent: 好的，再见。",
)
PROMISING = (
    "customer: 喂，哪位？",
    "agent: 你好，我们有个宽带活动。",
    "customer: 我在开会，没空。",
    "agent: 这个宽带终身免费，您平时上网觉得卡不卡？",
    "customer: 不卡，还行吧。",
    "agent: 好的，再见。",
)
CAREFUL = (
    "customer: 喂，哪位？",
    "agent: 您好，请问是王先生吗？我是星河通信的陈晓，想了解一下您家的宽带。",
    "customer: 嗯，你说。",
    "agent: 您平时上网觉得卡不卡？",
    "customer: 晚上有点卡。",
    "agent: 我现在帮您登记，可以吗？",
    "customer: 行。",
)
A_DAY = 3
BEHAVIOUR = "接通后先确认对方是谁"
MEASURE = "point:broadband/confirm-identity"


class Calendar:
    """The clock of the server under test."""

    def __init__(self, data: Path) -> None:
        self._file, self.day = data / "later", 0

    def go_to(self, day: int) -> None:
        self.day = day
        self._file.write_text(str(day))

    @property
    def today(self) -> datetime:
        return datetime.now() + timedelta(days=self.day)


@pytest.fixture(scope="module")
def team(chromium: Any, furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server and a worker whose clock can be set ahead, and a second lead in the team."""
    data = Path(shutil.copytree(furnished, tmp_path_factory.mktemp("weeks") / "data"))
    store = Store(Settings(data=data, _env_file=None))
    users.create(store, "wang", "王芳", "lead", PASSWORD, team="一组")
    store.close()
    port = free_port()
    environment = os.environ | {"ASSIST_DATA": str(data), "PYTHONPATH": ".", "ASSIST_SESSION_IDLE_HOURS": "1000"}
    environment |= {"ASSIST_SESSION_DAYS": "100", "ASSIST_WEB_PROCESSES": "1"}
    run = [sys.executable, "-m", "tests.browser.later"]
    running = []
    with (data / "server.log").open("w") as log:
        try:
            for what in (["serve", "--no-worker", "--port", str(port)], ["worker"]):
                running += [subprocess.Popen([*run, *what], env=environment, stderr=log)]
            yield Server(once_up(f"http://127.0.0.1:{port}", running[0], data), data)
        finally:
            for process in running:
                process.terminate()
                process.wait(20)


@pytest.fixture
def calendar(team: Server) -> Calendar:
    return Calendar(team.data)


@pytest.fixture
def visit(chromium: Any, team: Server) -> Iterator[Callable[..., Any]]:
    yield from open_pages(chromium, team)


@pytest.fixture
def bring_in(calendar: Calendar, tmp_path: Path) -> Callable[..., None]:
    """Uploads a day's calls and waits until they are ready."""
    made = [0]
    sound = sounds.write(tmp_path / "tone.wav", sounds.tone(16)).read_bytes()

    def bring(page: Any, login: str, *lines: tuple[str, ...]) -> None:
        paths = []
        for said in lines:
            made[0] += 1
            path = tmp_path / f"{calendar.today:%Y%m%d}-10{made[0] % 60:02d}-{login}-客户{made[0]}.wav"
            path.write_bytes(later.recording(sound, *said, f"customer: 第{made[0]}通"))
            paths.append(str(path))
        page.goto("/upload")
        page.set_input_files("#files", paths)
        expect(page.locator(".files [data-state=ready]")).to_have_count(len(paths), timeout=60_000)

    return bring


def test_two_weeks(visit: Callable[..., Any], bring_in: Callable[..., None], calendar: Calendar) -> None:
    chen, zhao, liu, wang = (visit(name) for name in ("agent", "other_agent", "lead", "wang"))
    for day in range(5):
        calendar.go_to(day)
        bring_in(chen, "chen", *[CARELESS] * (A_DAY - 1), PROMISING if day == 4 else CARELESS)
        bring_in(zhao, "zhao", CAREFUL)
    calendar.go_to(5)
    _the_queue_begins_with(liu, "陈晓", "承诺终身免费")
    winner = _two_reach_for(liu, wang, "陈晓")
    promise = _the_brief(winner, "终身免费")
    talk = _a_talk_is_held(winner, calendar)
    _both_sign(winner, chen, talk)
    _a_dispute_is_upheld(chen, winner, promise)
    for day in range(6, 11):
        calendar.go_to(day)
        bring_in(chen, "chen", *[CAREFUL] * A_DAY)
    calendar.go_to(14)
    _it_has_helped(winner)
    _a_clip_is_kept_and_heard(winner, zhao)


def _the_queue_begins_with(lead: Any, agent: str, reason: str) -> None:
    lead.goto("/queue")
    first = lead.locator(".queue-item").first
    expect(first.locator("h2")).to_have_text(agent)
    expect(first.locator(".row-link").first).to_contain_text(reason)


def _two_reach_for(one: Any, other: Any, agent: str) -> Any:
    """Both press the button of pages that show the item as free; who got it."""
    pages = (one, other)
    items = []
    for page in pages:
        page.goto("/queue")
        items.append(page.locator(".queue-item", has_text=agent))
        expect(items[-1].get_by_role("button", name="I will talk to them")).to_be_visible()
    for item in items:
        item.get_by_role("button", name="I will talk to them").evaluate("button => { button.click(); }")
    for item in items:
        expect(item.get_by_role("button", name="I will talk to them")).to_have_count(0)
    won = [item.get_by_role("button", name="We talked").count() for item in items]
    assert sorted(won) == [0, 1]
    expect(items[won.index(0)]).to_contain_text("is on it")
    return pages[won.index(1)]


def _the_brief(lead: Any, said: str) -> str:
    """The lead opens the brief from the queue, and from it the call with what was said; its address."""
    lead.goto("/queue")
    item = lead.locator(".queue-item", has_text="陈晓")
    call = item.locator("li", has_text=said).locator(".row-link").get_attribute("href").partition("#")[0]
    item.get_by_role("link", name="Brief").click()
    expect(lead.locator("h1")).to_contain_text("陈晓")
    return call


def _a_talk_is_held(lead: Any, calendar: Calendar) -> str:
    lead.locator('form[action$="/sessions"] button').first.click()
    lead.wait_for_url("**/coaching/sessions/*")
    _open(lead, "Agree on something")
    lead.fill("#behaviour", BEHAVIOUR)
    lead.select_option("#measure", MEASURE)
    lead.fill("#until", f"{calendar.today + timedelta(days=7):%Y-%m-%d}")
    lead.get_by_role("button", name="Agree", exact=True).click()
    expect(lead.locator("#session")).to_contain_text(BEHAVIOUR)
    return str(lead.url)


def _open(page: Any, summary: str) -> None:
    details = page.locator("details", has=page.locator("summary", has_text=summary))
    if details.get_attribute("open") is None:
        details.locator("summary").click()


def _both_sign(lead: Any, agent: Any, talk: str) -> None:
    lead.get_by_role("button", name="Sign as the lead").click()
    expect(lead.locator("#session")).to_contain_text("has not signed yet")
    agent.goto(talk)
    agent.get_by_role("button", name="Sign", exact=True).click()
    expect(agent.locator("#session .chip").first).to_have_text("Signed by both")


def _a_dispute_is_upheld(agent: Any, lead: Any, call: str) -> None:
    agent.goto(call)
    before = _overall(agent)
    agent.locator("a[href*='forbidden%3Afree-for-life']", has_text="Dispute").first.click()
    agent.fill("#why", "我说的是设备终身维护")
    agent.get_by_role("button", name="Dispute it").click()
    expect(agent.locator("main")).to_contain_text("Your lead has your dispute")
    lead.goto(agent.url)
    expect(lead.locator("#rule-title")).to_have_text("Your decision on the dispute")
    lead.select_option("#r-is", "none")
    lead.fill("#r-reason", "再听了一遍，说的是维护")
    lead.get_by_role("button", name="Change it").click()
    agent.goto(call)
    assert _overall(agent) > before


def _overall(page: Any) -> int:
    return int(page.locator(".score-card[href='#skill-overall'] .score-number").inner_text())


def _it_has_helped(lead: Any) -> None:
    lead.goto("/coaching")
    lead.get_by_role("link", name="陈晓").first.click()
    agreed = lead.locator("#agreed")
    expect(agreed).to_contain_text(BEHAVIOUR)
    expect(agreed).to_contain_text("It worked")
    expect(agreed).to_contain_text(re.compile(r"0/1\d · since then 15/15"))


def _a_clip_is_kept_and_heard(lead: Any, colleague: Any) -> None:
    lead.goto("/calls")
    lead.locator("tr", has_text="陈晓").first.get_by_role("link").first.click()
    lead.get_by_role("link", name="Cut a clip").click()
    lead.locator(".clip-turn input").nth(1).check()
    lead.fill("#c-title", "先确认对方是谁")
    lead.select_option("#c-audience", "newcomer")
    lead.get_by_role("button", name="Keep the clip").click()
    lead.fill("#new-list", "新人必听")
    lead.get_by_role("button", name="Begin").click()
    lead.wait_for_url("**/playlists/*")
    _open(lead, "Change the playlist")
    lead.select_option("#p-shared", "team")
    lead.get_by_role("button", name="Save").click()
    colleague.goto("/playlists")
    colleague.get_by_role("link", name="新人必听").click()
    expect(colleague.locator(".playlist")).to_contain_text("请问是王先生吗")
    colleague.locator("[data-pick]").first.click()
    expect(colleague.locator("audio")).to_have_js_property("error", None)
