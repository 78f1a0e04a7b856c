"""Every page of every role, looked at by axe-core and worked by keyboard alone."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.pages import PAGES, furnish

axe = pytest.importorskip("axe_playwright_python.sync_playwright")

Visit = Callable[..., Any]

LOOKS = {
    "light": {"width": 1280, "theme": "light"},
    "dark": {"width": 1280, "theme": "dark"},
    "phone": {"width": 390, "theme": "light"},
}
CONTRAST = {"runOnly": ["color-contrast"]}
"""Light and dark differ in nothing else."""


@pytest.fixture(scope="module")
def places(server: Any) -> dict[str, int]:
    """What the places in the addresses of pages stand for."""
    return furnish(server.data)


@pytest.fixture
def browse(visit: Visit, places: dict[str, int]) -> Callable[..., Any]:
    """A signed-in page of a role and the addresses of its pages."""

    def go(role: str, **look: Any) -> tuple[Any, list[str]]:
        page = visit(None if role == "nobody" else role, language="zh-CN", bypass_csp=True, **look)  # axe tries styles
        if role == "editor" and "draft" not in places:
            made = page.request.post("/drafts", form={"version": "1"})
            places["draft"] = int(made.url.rpartition("/")[2])
        return page, [address.format_map(places) for address in PAGES[role]]

    return go


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("role", PAGES)
def test_axe_finds_nothing_serious(browse: Callable[..., Any], role: str, look: str) -> None:
    page, addresses = browse(role, **LOOKS[look])
    found = []
    for address in addresses:
        page.goto(address)
        found += [f"{address}: {finding}" for finding in _serious(page, CONTRAST if look == "dark" else {})]
    assert found == []


def _serious(page: Any, options: dict[str, Any]) -> list[str]:
    """Findings of axe that keep people out, each with its first place. What Swagger UI does is its own."""
    context = {"exclude": [["#docs"]]}
    answer = axe.Axe().run(page, context, {"resultTypes": ["violations"]} | options).response
    return [
        f"{found['id']} ({found['impact']}), {len(found['nodes'])} times: {found['nodes'][0]['html'][:200]}"
        f" {found['nodes'][0].get('failureSummary', '')[:300]}"
        for found in answer["violations"]
        if found["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("role", PAGES)
def test_the_keyboard_reaches_everything_and_shows_where_it_is(browse: Callable[..., Any], role: str) -> None:
    page, addresses = browse(role)
    wrong = []
    for address in addresses:
        page.goto(address)
        if not address.endswith("/docs"):  # Swagger UI's own
            wrong += [f"{address}: {one}" for one in _walked(page)]
    assert wrong == []


MOST_STOPS = 400


def _walked(page: Any) -> list[str]:
    """What the tab key does not come to, and what does not show that it is there."""
    expected = set(page.evaluate(OPERABLE))
    last = (page.evaluate(FOCUSED) or {"mark": ""})["mark"]
    reached, unseen = {last}, []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        here = page.evaluate(FOCUSED)
        if here is None or (here["mark"] in reached and here["mark"] != last):  # a date has three stops
            break
        last = here["mark"]
        reached.add(last)
        unseen += [] if here["shown"] else [f"no focus shown on {here['html']}"]
    left = [page.evaluate(HTML, mark) for mark in sorted(expected - reached)]  # not what the page has replaced
    return unseen + [f"not reached: {html}" for html in left if html]


OPERABLE = """() => {
    const wanted = "a[href], button:enabled, input:enabled:not([type=hidden]), select, textarea, summary";
    const seen = [...document.querySelectorAll(wanted)].filter((one) => one.checkVisibility() && one.tabIndex >= 0);
    const groups = new Set();
    const stops = seen.filter((one) => {
        if (one.type !== "radio") return true;
        const group = (one.form?.id ?? "") + one.name;
        const stop = one.checked || ![...document.getElementsByName(one.name)].some((other) => other.checked);
        if (!stop || groups.has(group)) return false;
        return groups.add(group);
    });
    [...document.querySelectorAll("*")].forEach((one, number) => { one.dataset.stop = number; });
    return stops.map((one) => one.dataset.stop);
}"""
FOCUSED = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const shows = (part) => {
        const style = getComputedStyle(part);
        return style.boxShadow !== "none" || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0);
    };
    const around = [one, one.parentElement, ...(one.labels ?? [])];
    const shown = !one.matches(":focus") || around.some(shows);
    return {mark: one.dataset.stop ?? one.outerHTML, shown, html: one.outerHTML.slice(0, 200)};
}"""
"""A radio button or a file field may show it on its label or frame; on the calendar in a date the browser does."""
HTML = "(mark) => document.querySelector(`[data-stop='${mark}']`)?.outerHTML.slice(0, 200)"
