"""Every page in both languages and both widths: nothing runs over the edge, nothing is left untranslated or unnamed."""

from collections.abc import Callable
from typing import Any

import pytest

expect = pytest.importorskip("playwright.sync_api").expect

Visit = Callable[..., Any]

PAGES = {
    "agent": ("/calls", "/upload", "/library", "/library/broadband", "/account"),
    "editor": ("/library/broadband/versions", "/library/broadband/works", "/library/broadband/gaps", "/imports"),
    "lead": ("/queue", "/calls", "/upload"),
    "admin": ("/people", "/status", "/audit", "/api/docs", "/calls/999999"),
}


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("persona", PAGES)
def test_a_page_fits_its_width(visit: Visit, persona: str, language: str, width: int) -> None:
    page = visit(persona, width=width, language=language)
    for address in PAGES[persona]:
        page.goto(address)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width, address


@pytest.mark.parametrize("persona", PAGES)
def test_every_control_has_a_name(visit: Visit, persona: str) -> None:
    page = visit(persona)
    for address in PAGES[persona]:
        if address != "/api/docs":  # Swagger UI's own
            page.goto(address)
            assert page.evaluate(NAMELESS) == [], address


NAMELESS = """() => [...document.querySelectorAll("button, a[href], input:not([type=hidden]), select, textarea")]
    .filter((one) => {
        const label = one.labels?.length || one.getAttribute("aria-label") || one.getAttribute("aria-labelledby");
        return !label && !one.textContent.trim() && !one.title;
    })
    .map((one) => one.outerHTML)"""


@pytest.mark.parametrize(("theme", "background"), [("light", "rgb(245, 247, 250)"), ("dark", "rgb(14, 18, 24)")])
def test_the_theme_is_the_chosen_one(visit: Visit, theme: str, background: str) -> None:
    page = visit("agent", theme=theme)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == background


def test_the_theme_is_chosen_with_one_click(visit: Visit) -> None:
    page = visit("agent")
    page.goto("/account")
    page.locator(".segmented input[value=dark]").check(force=True)
    page.wait_for_selector("html[data-theme=dark]")


def test_what_to_say_is_found_while_typing(visit: Visit) -> None:
    page = visit("agent")
    page.goto("/library/broadband")
    page.keyboard.press("/")
    page.keyboard.type("开会")
    expect(page.locator("#opening")).to_have_count(0)
    assert "打扰您了" in page.locator("#library").inner_text()
    assert "q=" in page.url


def test_filters_act_at_once_and_stand_in_the_address(visit: Visit) -> None:
    page = visit("lead")
    page.goto("/calls")
    page.select_option("#f-weak", "opening")
    page.wait_for_url("**/calls?weak=opening")


def test_the_documentation_comes_from_this_server_alone(visit: Visit) -> None:
    page = visit(None)
    page.goto("/api/docs")
    page.wait_for_selector("#docs .opblock", timeout=30_000)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_draft_fits_its_width_and_every_control_has_a_name(visit: Visit, language: str, width: int) -> None:
    page = visit("editor", width=width, language=language)
    page.goto("/library/broadband/versions")
    page.locator(".page-head form .primary").click()
    page.wait_for_url("**/drafts/*")
    draft = page.url
    for part in ("", "/publish", "/history", "/trial"):
        page.goto(draft + part)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width, part
        assert page.evaluate(NAMELESS) == [], part
