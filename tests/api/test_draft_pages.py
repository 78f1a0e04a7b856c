"""Writing a draft: the form, saving while typing, two editors at once, history."""

import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient

from assist.people.users import User
from assist.store import Store, drafts, libraries
from assist.store.drafts import Draft
from tests.api.conftest import Browse
from tests.api.judged import EVIL
from tests.conftest import LIBRARY


@pytest.fixture
def draft(store: Store, editor: User) -> Draft:
    return drafts.from_version(store, editor, libraries.in_force(store, "broadband").id, "开场更客气")


@pytest.fixture
def form(browse: Browse, draft: Draft) -> Callable[..., list[tuple[str, str]]]:
    """The editor's form as the page has it, with some texts changed."""

    def fill(*changes: tuple[str, str], **fields: object) -> list[tuple[str, str]]:
        found = fields_of(browse("editor").get(f"/drafts/{draft.id}").text)
        for old, new in changes:
            found = [(name, value.replace(old, new)) for name, value in found]
        return [(name, str(fields.get(name, value))) for name, value in found]

    return fill


FIELD = r"<(input|textarea|select)\b([^>]*)>(.*?)(?=<(?:input|textarea|select|li)\b|\Z)"


def fields_of(page: str) -> list[tuple[str, str]]:
    """What a browser would send: the fields of the form in their order."""
    inside = page[page.index('<form id="draft"') : page.index('<template id="new-stage"')]
    found = []
    for tag in re.finditer(
        r"<(input|textarea|select)\b([^>]*)>(.*?)(?=<(?:input|textarea|select|li)\b|\Z)", inside, re.S
    ):
        kind, attributes, rest = tag.groups()
        name = re.search(r'\bname="([^"]*)"', attributes)
        if name is None or ('type="checkbox"' in attributes and "checked" not in attributes):
            continue
        found.append((name[1], _value(kind, attributes, rest)))
    return found


def _value(kind: str, attributes: str, rest: str) -> str:
    if kind == "input":
        value = re.search(r'\bvalue="([^"]*)"', attributes)
        return value[1] if value else "on"
    if kind == "textarea":
        return rest.partition("</textarea>")[0].removeprefix("\n")
    chosen = re.search(r'<option(?: value="([^"]*)")? selected>([^<]*)', rest)
    return (chosen[1] or chosen[2]) if chosen else ""


def save(browser: TestClient, draft: Draft, fields: list[tuple[str, str]], to: str = "autosave") -> Any:
    kind = {"content-type": "application/x-www-form-urlencoded"}
    return browser.post(f"/drafts/{draft.id}/{to}".rstrip("/"), content=urlencode(fields), headers=kind)


def test_a_draft_begins_from_a_version(browse: Browse, store: Store) -> None:
    browser = browse("editor")
    answer = browser.post("/drafts", data={"version": libraries.in_force(store, "broadband").id})
    assert answer.status_code == 303
    page = browser.get(answer.headers["location"]).text
    for part in ("确认身份", "您好，请问是王先生吗？", "我在开会", "打扰您了", "终身免费", "千兆", "星河通信"):
        assert part in page


@pytest.mark.parametrize(("persona", "status"), [("agent", 404), ("lead", 404), ("outsider", 404), ("admin", 200)])
def test_who_may_write(browse: Browse, draft: Draft, persona: str, status: int) -> None:
    browser = browse(persona)
    assert browser.get(f"/drafts/{draft.id}").status_code == status
    assert save(browser, draft, [("title", "x"), ("based_on", "1")]).status_code == status


def test_saving_what_the_page_has_changes_nothing(
    browse: Browse, store: Store, editor: User, draft: Draft, form: Any
) -> None:
    answer = save(browse("editor"), draft, form())
    assert answer.json()["revision"] == 1
    assert drafts.library(store, editor, draft.id) == libraries.library(store, draft.based_on)


def test_a_change_is_saved_by_itself(browse: Browse, store: Store, editor: User, draft: Draft, form: Any) -> None:
    answer = save(browse("editor"), draft, form(("打扰您了", "不好意思，打扰您了")))
    assert answer.json()["revision"] == 2
    assert drafts.library(store, editor, draft.id).playbook[0].respond[0].say == ("不好意思，打扰您了",)


def test_the_order_of_the_fields_is_the_order_of_the_library(
    browse: Browse, store: Store, editor: User, draft: Draft
) -> None:
    fields = [("title", "新"), ("stage", "opening"), ("stage.title", "开场")]
    fields += [("point", "b"), ("point.title", "乙"), ("say", "二")]
    fields += [
        ("point", "a"),
        ("point.title", "甲"),
        ("point.required", "1"),
        ("point.weight", "3"),
        ("say", " "),
        ("say", "一"),
    ]
    fields += [("entry", ""), ("entry.title", "贵"), ("heard_as", "太贵了"), ("not_this", "哪个贵")]
    fields += [("step", "clarify"), ("step.title", "澄清"), ("step.say", "跟什么比？"), ("based_on", "1")]
    save(browse("editor"), draft, fields)
    made = drafts.library(store, editor, draft.id)
    assert [(point.id, point.required, point.weight, point.say) for _, point in made.points()] == [
        ("b", False, 1, ("二",)),
        ("a", True, 3, ("一",)),
    ]
    assert (made.playbook[0].objection, made.playbook[0].not_this) == ("objection-1", ("哪个贵",))
    assert made.playbook[0].respond[0].step == "clarify"


def test_the_checks_come_with_the_saving(browse: Browse, draft: Draft, form: Any) -> None:
    told = save(browse("editor"), draft, form(("我现在帮您登记，可以吗？", ""))).json()["problems"]
    assert ("point:ask-for-order", "stops") in {(one["key"], one["weight"]) for one in told}


def test_a_save_from_an_old_text_is_told(browse: Browse, store: Store, admin: User, draft: Draft, form: Any) -> None:
    mine = form(("打扰您了", "抱歉"))
    other = libraries.library(store, draft.based_on)
    drafts.save(store, admin, draft.id, LIBRARY.replace("打扰您了", "不好意思"), 1)
    answer = save(browse("editor"), draft, mine)
    assert answer.status_code == 409
    assert answer.json()["conflict"] is True
    assert "管理员" in answer.json()["message"]
    assert drafts.library(store, admin, draft.id).playbook[0].respond[0].say == ("不好意思",)
    assert other.playbook[0].respond[0].say == ("打扰您了",)


def test_changes_of_different_items_go_together(
    browse: Browse, store: Store, admin: User, draft: Draft, form: Any
) -> None:
    mine = form(("打扰您了", "抱歉"))
    drafts.save(store, admin, draft.id, LIBRARY.replace("请问是王先生吗", "是王先生吧"), 1)
    assert save(browse("editor"), draft, mine, "autosave?merge=true").json()["revision"] == 3
    made = drafts.source(store, admin, draft.id)
    assert "抱歉" in made
    assert "是王先生吧" in made


@pytest.mark.parametrize(("side", "kept"), [("mine", "抱歉"), ("theirs", "不好意思")])
def test_two_editors_choose(
    browse: Browse, store: Store, admin: User, draft: Draft, form: Any, side: str, kept: str
) -> None:
    mine = form(("打扰您了", "抱歉"), ("请问是王先生吗", "是王先生吧"))
    drafts.save(store, admin, draft.id, LIBRARY.replace("打扰您了", "不好意思"), 1)
    browser = browse("editor")
    page = save(browser, draft, mine, "")
    assert page.status_code == 409
    for part in ("管理员", "抱歉", "不好意思", 'name="choice:entry:busy"'):
        assert part in page.text
    source = re.search(r'<textarea name="source" hidden>\n(.*?)</textarea>', page.text, re.S)
    settled = {"source": source[1].replace("&#34;", '"').replace("&#39;", "'"), "based_on": "1", "revision": "2"}
    answer = browser.post(f"/drafts/{draft.id}/conflict", data=settled | {"choice:entry:busy": side})
    assert answer.status_code == 303
    made = drafts.library(store, admin, draft.id)
    assert made.playbook[0].respond[0].say == (kept,)
    assert made.points()[0][1].say == ("您好，是王先生吧？",)


def test_both_texts_can_stay(browse: Browse, store: Store, admin: User, draft: Draft) -> None:
    drafts.save(store, admin, draft.id, LIBRARY.replace("打扰您了", "不好意思"), 1)
    mine = {"source": LIBRARY.replace("打扰您了", "抱歉"), "based_on": "1", "revision": "2", "apart": "1"}
    answer = browse("editor").post(f"/drafts/{draft.id}/conflict", data=mine)
    made = int(answer.headers["location"].rpartition("/")[2])
    assert "抱歉" in drafts.source(store, admin, made)
    assert "不好意思" in drafts.source(store, admin, draft.id)


def test_a_choice_about_a_text_that_changed_again_is_asked_again(
    browse: Browse, store: Store, admin: User, draft: Draft
) -> None:
    drafts.save(store, admin, draft.id, LIBRARY.replace("打扰您了", "不好意思"), 1)
    drafts.save(store, admin, draft.id, LIBRARY.replace("打扰您了", "耽误您了"), 2)
    settled = {"source": LIBRARY.replace("打扰您了", "抱歉"), "based_on": "1", "revision": "2"}
    answer = browse("editor").post(f"/drafts/{draft.id}/conflict", data=settled | {"choice:entry:busy": "mine"})
    assert answer.status_code == 409
    assert "耽误您了" in answer.text


def test_undo_brings_the_text_back_unless_somebody_else_saved(
    browse: Browse, store: Store, admin: User, draft: Draft, form: Any
) -> None:
    browser = browse("editor")
    save(browser, draft, form(("打扰您了", "抱歉")))
    assert browser.post(f"/drafts/{draft.id}/undo", data={"to": 1, "based_on": 2}).json()["revision"] == 3
    assert "打扰您了" in drafts.source(store, admin, draft.id)
    drafts.save(store, admin, draft.id, LIBRARY.replace("打扰您了", "不好意思"), 3)
    assert browser.post(f"/drafts/{draft.id}/undo", data={"to": 2, "based_on": 3}).status_code == 409


def test_history_tells_who_did_what(browse: Browse, draft: Draft, form: Any) -> None:
    browser = browse("editor")
    save(browser, draft, form(("打扰您了", "抱歉")))
    page = browser.get(f"/drafts/{draft.id}/history").text
    assert "began the draft" in page
    assert "edited" in page
    assert browser.post(f"/drafts/{draft.id}/restore", data={"revision": 1, "newest": 1}).status_code == 409
    assert browser.post(f"/drafts/{draft.id}/restore", data={"revision": 1, "newest": 2}).status_code == 303
    assert "went back to an earlier text" in browser.get(f"/drafts/{draft.id}/history").text


def test_a_draft_has_a_name(browse: Browse, store: Store, editor: User, draft: Draft) -> None:
    browse("editor").post(f"/drafts/{draft.id}/rename", data={"name": "更短的开场"}, headers={"HX-Request": "true"})
    assert drafts.get(store, editor, draft.id).name == "更短的开场"


def test_texts_are_shown_as_text(browse: Browse, draft: Draft, form: Any) -> None:
    browser = browse("editor")
    save(browser, draft, form(("打扰您了", EVIL + "</textarea>")))
    for page in ("", "/history", "/publish"):
        assert "<img src=x" not in browser.get(f"/drafts/{draft.id}{page}").text


def test_a_form_with_many_fields(browse: Browse, store: Store, editor: User, draft: Draft, form: Any) -> None:
    fields = [*form(), *(("phrases", f"绝对不能说的第{n}句") for n in range(3000))]
    assert save(browse("editor"), draft, fields).status_code == 200
    assert len(drafts.library(store, editor, draft.id).forbidden[0].phrases) == 3001


def test_what_will_be_confused_comes_by_itself(browse: Browse, store: Store, editor: User, draft: Draft) -> None:
    drafts.save(store, editor, draft.id, LIBRARY.replace('"我在开会"', '"我在开会", "我在开会。"'), 1)
    browser, address = browse("editor"), f"/drafts/{draft.id}/overlaps"
    assert browse("agent").get(address).status_code == 404
    told = next(answer for _ in range(400) if (answer := _pause_and_get(browser, address)).status_code == 200).json()
    assert told["revision"] == 2
    assert {problem["weight"] for problem in told["problems"]} <= {"advice", "hint"}
    assert not any("twice" in problem["text"] for problem in told["problems"])  # the checks tell that at once


def _pause_and_get(browser: Any, address: str) -> Any:
    time.sleep(0.025)
    return browser.get(address)
