"""Pictures of every page, both languages, light and dark, wide and narrow, of a server that runs with demo data.

python -m tests.browser.shots FOLDER --password … --agent LOGIN --editor LOGIN --lead LOGIN --admin LOGIN [--address …]
"""

import argparse
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.chromium import find_chromium

LANGUAGES = ("zh-CN", "en")
THEMES = ("light", "dark")
WIDTHS = (1280, 390)


def main() -> None:
    options = _options()
    folder = Path(options.folder)
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        for language, theme, width in product(options.languages, options.themes, options.widths):
            for role in ("nobody", "agent", "editor", "lead", "admin"):
                for name, page in _pages(browser, options, role, language, theme, width):
                    path = folder / f"{name}-{role}-{language}-{theme}-{width}.png"
                    page.screenshot(path=path, full_page=not options.fold)
                    print(path.name)
        browser.close()


def _pages(
    browser: Browser, options: argparse.Namespace, role: str, language: str, theme: str, width: int
) -> Iterator[tuple[str, Page]]:
    context = browser.new_context(
        viewport={"width": width, "height": options.height}, base_url=options.address, locale=language
    )
    page = context.new_page()
    page.on("console", lambda message: print("console:", message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: print("page error:", error))
    _remember(context, options.address, language, theme)
    if role != "nobody":
        _sign_in(page, getattr(options, role), options.password, language)
    for name, address in _addresses(page, role):
        if not options.only or name in options.only:
            page.goto(address)
            page.wait_for_load_state("networkidle")
            if name == "call" and options.fold:
                page.keyboard.press("n")  # the first finding, so that text and waveform stand at a place
            page.wait_for_timeout(250)
            yield name, page
    context.close()


def _remember(context: BrowserContext, address: str, language: str, theme: str) -> None:
    cookies = {"assist_language": language, "assist_theme": theme}
    context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])


def _sign_in(page: Page, login: str, password: str, language: str) -> None:
    page.goto("/sign-in")
    page.fill("#login", login)
    page.fill("#password", password)
    page.click("form .primary")
    page.wait_for_selector(".nav")
    if page.locator("html").get_attribute("lang") != language:
        page.click(f".language button[value={language}]")


def _addresses(page: Page, role: str) -> Iterator[tuple[str, str]]:
    """Name and address of the pages a role has; of calls, the latest in each state."""
    yield from {
        "nobody": [("sign-in", "/sign-in")],
        "agent": [("calls", "/calls"), ("upload", "/upload"), ("account", "/account")],
        "editor": [("libraries", "/library"), ("import", "/imports")],
        "lead": [("queue", "/queue"), ("calls", "/calls"), ("upload", "/upload"), ("libraries", "/library")],
        "admin": [
            ("people", "/people"),
            ("status", "/status"),
            ("audit", "/audit"),
            ("docs", "/api/docs"),
            ("missing", "/calls/999999"),
        ],
    }[role]
    if role == "editor":
        yield from _library(page)
    if role not in ("nobody", "editor"):
        yield from _calls(page, role)
    if role == "lead":
        campaign = page.request.get("/api/campaigns").json()[0]["id"]
        yield "library", f"/library/{campaign}"
        yield "library-search", f"/library/{campaign}?q=贵"


def _library(page: Page) -> Iterator[tuple[str, str]]:
    """The pages around one campaign, and those of its latest draft, which is made where there is none."""
    campaign = page.request.get("/api/campaigns").json()[0]["id"]
    versions = page.request.get(f"/api/campaigns/{campaign}/versions").json()
    if not page.request.get(f"/api/drafts?campaign={campaign}").json():
        page.request.post("/drafts", form={"version": str(versions[0]["id"])})
    draft = page.request.get(f"/api/drafts?campaign={campaign}").json()[0]["id"]
    for part in ("versions", "works", "gaps", f"{versions[0]['number']}/desk"):
        yield part.rpartition("/")[2], f"/library/{campaign}/{part}"
    for name, part in (("draft", ""), ("publish", "/publish"), ("history", "/history"), ("trial", "/trial")):
        yield name, f"/drafts/{draft}{part}"
    yield "compare", f"/compare?old=v{versions[0]['id']}&new=d{draft}&all=1"


def _calls(page: Page, role: str) -> Iterator[tuple[str, str]]:
    states = {"agent": ("ready",), "lead": ("ready", "failed", "unfinished"), "admin": ("waiting",)}
    for state in states[role]:
        found = page.request.get(f"/api/calls?state={state}&per_page=1").json()["calls"]
        if found:
            yield ("call" if state == "ready" else f"call-{state}"), f"/calls/{found[0]['id']}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--address", default="http://127.0.0.1:8300")
    parser.add_argument("--password", required=True)
    for role in ("agent", "editor", "lead", "admin"):
        parser.add_argument(f"--{role}", required=True)
    parser.add_argument("--languages", nargs="+", default=LANGUAGES)
    parser.add_argument("--themes", nargs="+", default=THEMES)
    parser.add_argument("--widths", nargs="+", type=int, default=WIDTHS)
    parser.add_argument("--height", type=int, default=860)
    parser.add_argument("--only", nargs="+", help="names of pages; without it all")
    parser.add_argument("--fold", action="store_true", help="only what is seen before scrolling")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
