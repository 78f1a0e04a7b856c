"""Who else has a draft open, as the editors' pages ask for it."""

from assist.people.users import User
from assist.store import Store, drafts
from tests.api.conftest import Browse
from tests.conftest import LIBRARY


def test_a_second_editor_is_shown_and_gone_when_the_page_is_left(
    browse: Browse, store: Store, editor: User, admin: User
) -> None:
    address = f"/drafts/{drafts.create(store, editor, LIBRARY).id}/presence"
    one, other = browse("editor"), browse("admin")
    assert one.post(address).json() == {"text": "", "revision": 1}
    assert editor.name in other.post(address).json()["text"]
    assert admin.name in one.post(address).json()["text"]
    assert other.post(address, params={"left": "1"}).status_code == 204
    assert one.post(address).json()["text"] == ""


def test_nobody_else_learns_who_writes(browse: Browse, store: Store, editor: User) -> None:
    address = f"/drafts/{drafts.create(store, editor, LIBRARY).id}/presence"
    assert [browse(persona).post(address).status_code for persona in ("agent", "lead")] == [403, 403]


def test_both_editors_have_the_sign(browse: Browse, store: Store, editor: User) -> None:
    browser = browse("editor")
    rubric = browser.post("/rubric/drafts").headers["location"]
    for page in (f"/drafts/{drafts.create(store, editor, LIBRARY).id}", rubric):
        assert "data-presence" in browser.get(page).text
