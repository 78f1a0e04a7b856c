"""The pictures of the handbook, taken of pages as they are: `make handbook-pictures` keeps them."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assist.config import Settings
from assist.store import Store
from tests.browser import pictures
from tests.browser.conftest import Server, open_pages, serving

HANDBOOK = Path("docs/handbook")
MOST_BYTES = 150_000
SIZE = {"width": 1100, "height": 700}

SHOWN = {
    "agent-me": (pictures.AGENT, "/me"),
    "agent-call": (pictures.AGENT, "/calls/{call}"),
    "agent-dispute": (pictures.AGENT, "/calls/{disputed}/finding?name={finding}"),
    "lead-queue": (pictures.LEAD, "/queue"),
    "lead-brief": (pictures.LEAD, "/coaching/agents/{agent}/brief"),
    "lead-talk": (pictures.LEAD, "/coaching/sessions/{talk}"),
    "lead-evening": (pictures.LEAD, "/meetings/evening"),
    "editor-draft": (pictures.EDITOR, "/drafts/{draft}"),
    "editor-works": (pictures.EDITOR, "/library/mobile-plan/works"),
    "editor-gaps": (pictures.EDITOR, "/library/mobile-plan/gaps"),
    "admin-people": (pictures.ADMIN, "/people"),
    "admin-rules": (pictures.ADMIN, "/rules"),
    "admin-health": (pictures.ADMIN, "/status"),
}
"""Name of a picture (without its language), who sees it, and where."""


@pytest.fixture(scope="module")
def team(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("handbook") / "data"
    pictures.furnish(data)
    with serving(data, "--no-worker") as started:
        yield started


@pytest.fixture
def visit(chromium: Any, team: Server) -> Iterator[Any]:
    yield from open_pages(chromium, team, patience=90)  # the first look at practice learns the library for real


@pytest.fixture(scope="module")
def places(team: Server) -> dict[str, Any]:
    """What stands for the places in the addresses."""
    store = Store(Settings(data=team.data, _env_file=None))
    agent = store.value("SELECT id FROM users WHERE login = ?", [pictures.AGENT])
    dispute = store.row("SELECT call_id, kind, finding, start FROM disputes") or {}
    found = {
        "agent": agent,
        "call": store.value("SELECT id FROM calls WHERE agent_id = ? ORDER BY called_at DESC LIMIT 1", [agent]),
        "talk": store.value("SELECT id FROM coaching_sessions WHERE state = 'signed'"),
        "disputed": dispute["call_id"],
        "finding": f"{dispute['kind']}:{dispute['finding']}@{dispute['start']}",
    }
    store.close()
    return found


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_picture_is_taken(visit: Any, places: dict[str, Any], tmp_path: Path, language: str) -> None:
    folder = Path(os.environ.get("ASSIST_PICTURES", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    for login in dict.fromkeys(who for who, _ in SHOWN.values()):
        page = visit(login, width=SIZE["width"], language=language)
        page.set_viewport_size(SIZE)
        if login == pictures.EDITOR and "draft" not in places:
            made = page.request.post("/drafts", form={"version": "1"})
            places["draft"] = int(made.url.rpartition("/")[2])
        for name, (_, address) in [one for one in SHOWN.items() if one[1][0] == login]:
            answer = page.goto(address.format_map(places))
            assert answer.status == 200, name
            page.evaluate("document.fonts.ready")
            page.wait_for_timeout(400)  # the waveform
            picture = folder / f"{name}.{language[:2]}.png"
            page.screenshot(path=picture, animations="disabled")
            assert picture.stat().st_size < MOST_BYTES, name
    taken = {path.name for path in folder.glob(f"*.{language[:2]}.png")}
    assert _named(language[:2]) <= taken


def test_the_handbook_has_the_pictures_it_names() -> None:
    for language in ("zh", "en"):
        assert _named(language)
        assert [name for name in _named(language) if not (HANDBOOK / "pictures" / name).exists()] == []


def _named(language: str) -> set[str]:
    texts = [page.read_text("utf-8") for page in HANDBOOK.glob(f"*.{language}*.md")]
    return {name for text in texts for name in re.findall(r"\]\(pictures/([^)]+)\)", text)}
