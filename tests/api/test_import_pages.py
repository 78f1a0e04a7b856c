"""Files that become drafts, and versions that become files."""

import html
import io
import re
from urllib.parse import urlencode

import docx
import pytest
from fastapi.testclient import TestClient

from assist.people.users import User
from assist.store import Store, drafts, libraries
from tests.api.conftest import Browse
from tests.api.judged import EVIL
from tests.conftest import LIBRARY


def word_file() -> bytes:
    """A talk track as people write it: stages as headings, a table of what customers and agents say."""
    document = docx.Document()
    document.add_heading("宽带提速话术", 0)
    document.add_heading("开场白", 1)
    document.add_paragraph("您好，请问是王先生吗？", style="List Bullet")
    document.add_paragraph("我是星河通信的小陈。", style="List Bullet")
    document.add_heading("异议处理", 1)
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "客户说", "我们说"
    for heard, said in (("太贵了", "一天只要两块钱。"), ("我再考虑考虑", "您主要考虑哪方面呢？")):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = heard, said
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def upload(browser: TestClient, content: bytes, name: str, campaign: str = "") -> str:
    return browser.post("/imports", files={"file": (name, content)}, data={"campaign": campaign}).text


def fields_of(page: str) -> dict[str, str]:
    kept = re.search(r'<textarea name="preview" hidden>\n(.*?)</textarea>', page, re.S)
    found = {"preview": html.unescape(kept[1])} if kept else {}
    for name, value in re.findall(r'<input\b[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page):
        found[name] = html.unescape(value)
    return found


def post(browser: TestClient, to: str, fields: dict[str, str]) -> object:
    kind = {"content-type": "application/x-www-form-urlencoded"}
    return browser.post(to, content=urlencode(fields), headers=kind)


def test_a_word_file_is_understood_line_by_line(browse: Browse, store: Store, editor: User) -> None:
    page = upload(browse("editor"), word_file(), "话术.docx")
    for part in ("宽带提速话术", "您好，请问是王先生吗？", "太贵了", "一天只要两块钱。", "Nothing is saved yet"):
        assert part in page
    assert drafts.listing(store, editor) == []


def test_a_line_is_set_right_and_the_draft_saved(browse: Browse, store: Store, editor: User) -> None:
    browser = browse("editor")
    fields = fields_of(upload(browser, word_file(), "话术.docx"))
    line = re.search(r'\{"number": (\d+), [^{}]*\{[^{}]*\}, "written": "我是星河通信的小陈。"', fields["preview"])
    assert line
    mended = post(browser, "/imports/mend", fields | {f"role:{line[1]}": "note"}).text
    assert "Remark, not taken over" in mended
    answer = post(browser, "/imports/draft", fields_of(mended) | {"campaign": "speed", "name": "第一稿"})
    assert answer.status_code == 303
    draft = drafts.listing(store, editor)[0]
    library = drafts.library(store, editor, draft.id)
    assert (draft.name, draft.campaign) == ("第一稿", "speed")
    assert "我是星河通信的小陈。" not in drafts.source(store, editor, draft.id)
    assert {"太贵了", "我再考虑考虑"} <= {text for entry in library.playbook for text in entry.heard_as}


def test_a_file_renews_a_campaign(browse: Browse, store: Store, editor: User) -> None:
    browser = browse("editor")
    fields = fields_of(upload(browser, LIBRARY.replace("打扰您了", "抱歉").encode(), "library.yaml", "broadband"))
    post(browser, "/imports/draft", fields)
    draft = drafts.listing(store, editor)[0]
    assert (draft.campaign, draft.based_on) == ("broadband", 1)
    assert "抱歉" in drafts.source(store, editor, draft.id)


@pytest.mark.parametrize("kind", ["docx", "xlsx", "yaml"])
def test_what_is_exported_can_be_imported(browse: Browse, store: Store, editor: User, kind: str) -> None:
    browser = browse("editor")
    content = browser.get(f"/library/broadband/1.{kind}").content
    post(browser, "/imports/draft", fields_of(upload(browser, content, f"x.{kind}", "broadband")))
    draft = drafts.listing(store, editor)[0]
    assert drafts.library(store, editor, draft.id) == libraries.library(store, 1)


def test_there_is_no_other_export(browse: Browse) -> None:
    assert browse("agent").get("/library/broadband/1.exe").status_code == 422


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "x.docx"),
        (b"PK\x03\x04" + bytes(50), "x.docx"),
        (bytes(11 * 1024 * 1024), "x.xlsx"),
        (b"\x89PNG\r\n\x1a\n\x00\xff", "x.txt"),
    ],
    ids=["empty", "broken", "large", "picture"],
)
def test_a_bad_file_is_told_and_changes_nothing(
    browse: Browse, store: Store, editor: User, content: bytes, name: str
) -> None:
    browser = browse("editor")
    answer = browser.post("/imports", files={"file": (name, content)})
    assert answer.status_code in (413, 422)
    assert 'role="alert"' in answer.text
    assert drafts.listing(store, editor) == []


def test_a_campaign_that_cannot_be_one_is_told(browse: Browse, store: Store, editor: User) -> None:
    browser = browse("editor")
    fields = fields_of(upload(browser, word_file(), "话术.docx"))
    answer = post(browser, "/imports/draft", fields | {"campaign": "a b/c"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "太贵了" in answer.text


@pytest.mark.parametrize("kept", ["", "{}", "[]", "null", '{"lines": [1]}'])
def test_a_preview_that_did_not_come_back_whole(browse: Browse, kept: str) -> None:
    assert post(browse("editor"), "/imports/draft", {"preview": kept}).status_code == 422


def test_a_file_is_shown_as_text(browse: Browse) -> None:
    assert "<img src=x" not in upload(browse("editor"), f"# 开场\n- {EVIL}\n".encode(), "x.md")


@pytest.mark.parametrize("persona", ["agent", "lead", "outsider"])
def test_others_import_nothing(browse: Browse, persona: str) -> None:
    browser = browse(persona)
    assert browser.get("/imports").status_code == 403
    assert browser.post("/imports", files={"file": ("x.md", b"# x")}).status_code == 403
    assert browser.post("/imports/draft", data={"preview": "{}"}).status_code == 403


def number_of(preview: str, written: str) -> str:
    line = re.search(rf'\{{"number": (\d+), [^{{}}]*\{{[^{{}}]*\}}, "written": "{written}"', preview)
    assert line
    return line[1]


def test_the_text_of_a_line_can_be_put_right_before_anything_is_saved(
    browse: Browse, store: Store, editor: User
) -> None:
    browser = browse("editor")
    fields = fields_of(upload(browser, word_file(), "话术.docx"))
    changed = {f"text:{number_of(fields['preview'], '我是星河通信的小陈。')}": "我是星河通信的陈晓。"}
    mended = post(browser, "/imports/mend", fields | changed).text
    assert drafts.listing(store, editor) == []
    assert "我是星河通信的小陈。" in mended  # what stands in the file stays beside it
    post(browser, "/imports/draft", fields_of(mended) | {"campaign": "speed"})
    saved = drafts.source(store, editor, drafts.listing(store, editor)[0].id)
    assert "我是星河通信的陈晓。" in saved
    assert "小陈" not in saved


def test_a_line_without_a_text_is_left_out(browse: Browse, store: Store, editor: User) -> None:
    browser = browse("editor")
    fields = fields_of(upload(browser, word_file(), "话术.docx"))
    name = f"text:{number_of(fields['preview'], '我是星河通信的小陈。')}"
    post(browser, "/imports/draft", fields | {name: " ", "campaign": "speed"})
    saved = drafts.source(store, editor, drafts.listing(store, editor)[0].id)
    assert "小陈" not in saved
    assert "您好，请问是王先生吗？" in saved
