"""An editor's week in a real browser: a Word file becomes a draft, two write on it at once, it is reviewed and comes
out tomorrow; calls are judged by the version of their day; versions are compared, and the old one comes back."""

import io
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import docx
import pytest

from assist.config import Settings
from assist.store import Store, libraries
from tests.browser.test_way_of_a_recording import upload_until_ready

expect = pytest.importorskip("playwright.sync_api").expect

Visit = Callable[..., Any]
TITLE = "您好，我是星河通信的小陈。"


@pytest.fixture
def shelf(server: Any) -> Iterator[Store]:
    """The store behind the server, to look at."""
    store = Store(Settings(data=server.data, _env_file=None))
    yield store
    store.close()


@pytest.fixture(scope="module")
def talk_track() -> bytes:
    """A Word file as teams have them: stages as headings, wordings as bullets, what customers say in a table."""
    document = docx.Document()
    document.add_heading("宽带提速", 0)
    document.add_heading("开场白", 1)
    document.add_heading("确认身份", 2)
    document.add_paragraph("您好，请问是王先生吗？", style="List Bullet")
    document.add_paragraph(TITLE, style="List Bullet")
    document.add_heading("促成", 1)
    document.add_heading("邀请办理", 2)
    document.add_paragraph("我现在帮您登记，可以吗？", style="List Bullet")
    document.add_heading("异议处理", 1)
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "客户说", "我们说"
    for heard, said in (("太贵了", "一天只要两块钱。"), ("我在开会", "打扰您了，我晚点再打。")):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = heard, said
    document.add_paragraph("以上内容仅供内部使用。")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def saved(page: Any) -> None:
    expect(page.locator("#saved")).to_have_text("Saved")


def test_an_editors_week(
    visit: Visit, shelf: Store, talk_track: bytes, recording: Callable[[str], Path], tmp_path: Path
) -> None:
    editor = visit("editor")
    draft = _imports_and_mends(editor, talk_track, tmp_path)
    _writes(editor)
    colleague = visit("admin")
    _two_at_once(editor, colleague, draft)
    _is_reviewed(editor, visit("lead"), draft)
    _is_published_for_tomorrow(editor, draft, shelf)
    _calls_are_judged_by_their_day(visit, recording, shelf)
    _is_compared(editor)
    _is_rolled_back(editor, shelf)


def _imports_and_mends(page: Any, talk_track: bytes, folder: Path) -> str:
    page.goto("/imports?campaign=broadband")
    file = folder / "话术.docx"
    file.write_bytes(talk_track)
    page.set_input_files("#file", str(file))
    page.click("form .primary")
    expect(page.locator("#preview")).to_contain_text("太贵了")
    line = page.locator(".import-lines tr", has_text="以上内容仅供内部使用")
    role = line.locator("select")
    role.focus()
    role.select_option("say")
    role.focus()
    role.select_option("note")
    expect(line.locator("select")).to_have_value("note")
    expect(line).to_have_class("left-out")
    page.fill("#name", "第三版话术")
    page.click("#preview .primary")
    page.wait_for_url("**/drafts/*")
    return str(page.url)


def _writes(page: Any) -> None:
    page.locator('[data-key="stage:0"] .add').first.click()
    page.keyboard.type("也可以说：请问是王女士吗？")
    saved(page)
    first = page.locator('[data-key="stage:0"] [data-item=text] textarea').first
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    expect(first).to_have_value("也可以说：请问是王女士吗？")
    saved(page)
    page.locator('[data-key="stage:0"] > .add').click()
    page.keyboard.type("说明来意")
    expect(page.locator("[data-problem-list]")).to_contain_text("no wording")
    page.keyboard.press("Tab")
    _drag_up(page, page.locator('[data-key="stage:0"] [data-item=point]').nth(1))
    expect(page.locator('[data-key="stage:0"] [name="point.title"]').first).to_have_value("说明来意")
    saved(page)
    page.click("[data-undo]")
    expect(page.locator('[data-key="stage:0"] [name="point.title"]').first).to_have_value("确认身份")
    page.locator('[data-key="stage:0"] [data-item=point]').nth(1).locator("> .item-head [data-remove]").click()
    saved(page)
    expect(page.locator("[data-problem-list]")).not_to_contain_text("no wording")


def _drag_up(page: Any, item: Any) -> None:
    handle, above = item.locator("> .item-head [data-move]"), item.locator("xpath=preceding-sibling::li[1]")
    item.scroll_into_view_if_needed()
    start, end = handle.bounding_box(), above.bounding_box()
    page.mouse.move(start["x"] + 5, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(end["x"] + 60, end["y"] + 12, steps=6)
    page.mouse.up()


def _two_at_once(editor: Any, colleague: Any, draft: str) -> None:
    colleague.goto(draft)
    editor.reload()
    ours, theirs = (page.locator('[data-key="stage:1"] textarea').first for page in (editor, colleague))
    theirs.fill("那我现在就给您登记，好吗？")
    saved(colleague)
    editor.locator("#title").fill("宽带提速邀约")
    expect(editor.locator("#toasts")).to_contain_text("taken in")
    expect(ours).to_have_value("那我现在就给您登记，好吗？")
    theirs.fill("登记只要一分钟，现在办好吗？")
    expect(colleague.locator("#toasts")).to_contain_text("taken in")
    ours.fill("我帮您登记，一分钟就好，行吗？")
    expect(editor.locator("#collision")).to_contain_text("管理员")
    editor.click("#collision button")
    clash = editor.locator(".clash")
    for text in ("登记只要一分钟，现在办好吗？", "我帮您登记，一分钟就好，行吗？"):
        expect(clash).to_contain_text(text)
    clash.locator("input[value=mine]").check()
    editor.click("#settle .primary")
    expect(ours).to_have_value("我帮您登记，一分钟就好，行吗？")
    expect(editor.locator("#title")).to_have_value("宽带提速邀约")


def _is_reviewed(editor: Any, lead: Any, draft: str) -> None:
    editor.goto(draft + "/publish")
    editor.fill("#submit-note", "请看开场")
    editor.get_by_role("button", name="Hand in", exact=True).click()
    lead.goto("/library")
    lead.get_by_role("link", name="第三版话术").click()
    expect(lead.locator("ins").first).to_be_visible()
    lead.fill("#back-note", "再短一点")
    lead.get_by_role("button", name="Send back").click()
    expect(lead.locator("h1")).to_have_text("宽带提速")
    editor.goto(draft + "/history")
    expect(editor.locator("main")).to_contain_text("再短一点")


def _is_published_for_tomorrow(page: Any, draft: str, shelf: Store) -> None:
    page.goto(draft + "/publish")
    page.get_by_label("from tomorrow, 0:00").check()
    page.fill("#note", "重写开场")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.locator("tr", has_text="重写开场")).to_contain_text("Scheduled")
    assert libraries.in_force(shelf, "broadband").number == 1


def _calls_are_judged_by_their_day(visit: Visit, recording: Callable[[str], Path], shelf: Store) -> None:
    page = visit("agent")
    today = datetime.now(shelf.settings.zone)
    for day, version in ((today, "v1"), (today + timedelta(days=1), "v2")):
        upload_until_ready(page, recording(f"{day:%Y%m%d}-1200-chen-{version}.wav"))
        expect(page.locator("main")).to_contain_text(f"script {version} ")
    page.goto("/library/broadband")
    expect(page.locator("main")).not_to_contain_text("重写开场")


def _is_compared(page: Any) -> None:
    page.goto("/library/broadband/versions")
    page.locator("tr", has_text="重写开场").get_by_role("link", name="What changed").click()
    expect(page.locator("ins", has_text="太贵").first).to_be_visible()
    page.get_by_label("Show what is the same too").check()
    page.wait_for_url("**all=1**")


def _is_rolled_back(page: Any, shelf: Store) -> None:
    page.goto("/library/broadband/versions")
    page.locator("tr", has_text="重写开场").get_by_role("button", name="Withdraw").click()
    expect(page.locator("tr", has_text="重写开场")).to_contain_text("Withdrawn")
    first = libraries.in_force(shelf, "broadband")
    libraries.publish(shelf, libraries.source(shelf, first.id).replace("打扰您了", "抱歉"), note="改错了")
    page.reload()
    row = page.locator("tr", has=page.get_by_role("link", name="Version 1", exact=True))
    row.locator("summary", has_text="Roll back to it").click()
    row.get_by_label("Why").fill("退回第一版")
    row.get_by_role("button", name="Roll back to version 1").click()
    expect(page.locator("tr", has_text="退回第一版")).to_contain_text("In force")
    current = libraries.in_force(shelf, "broadband")
    assert libraries.source(shelf, current.id) == libraries.source(shelf, first.id)
