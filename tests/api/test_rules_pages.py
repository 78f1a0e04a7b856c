"""The rules: to read with how often they were right, to change as sentences with fields, to try on past calls."""

import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from api.pages.rubric import shipped
from assist.analysis import rubric
from assist.calls.calls import Call
from assist.coaching import preview, queue
from assist.people.users import User
from assist.store import Store, drafts, rubrics
from assist.store.clock import now
from tests.api.conftest import Browse
from tests.assist.coaching.scored import scored

HTMX = {"HX-Request": "true"}


def fields(page: str) -> list[tuple[str, str]]:
    """What a browser would send of the form of rules, as it stands."""
    form = page[page.index('name="based_on"') - 60 : page.index("</form>", page.index('name="based_on"'))]
    found = []
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = (re.search(rf'{key}="([^"]*)"', tag) for key in ("name", "value"))
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            found.append((name[1], value[1] if value else ""))
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found.append((name, chosen[1] if chosen else ""))
    return found


def sent(page: str, **changes: str | None) -> dict[str, list[str]]:
    """The form with some fields changed; None leaves a box unchecked."""
    data: dict[str, list[str]] = {}
    for name, value in fields(page):
        data.setdefault(name, []).append(value)
    for name, value in changes.items():
        key = name.replace("__", ".").replace("_", "-")
        data.pop(key, None)
        if value is not None:
            data[key] = [value]
    return data


@pytest.fixture
def draft(browse: Browse) -> tuple[TestClient, str]:
    browser = browse("admin")
    return browser, browser.post("/rules/drafts").headers["location"]


def test_a_form_sent_as_it_stands_changes_nothing(draft: tuple[TestClient, str], store: Store, admin: User) -> None:
    browser, address = draft
    before = rubric.load(drafts.source(store, admin, 1)).rules
    answer = browser.post(address, data=sent(browser.get(address).text))
    assert answer.status_code == 303
    assert rubric.load(drafts.source(store, admin, 1)).rules == before == rubric.default().rules


def test_numbers_severity_and_switches_are_changed_and_published(draft: tuple[TestClient, str], store: Store) -> None:
    browser, address = draft
    data = sent(
        browser.get(address).text, skill_low__below="45", stumbling__severity="major", excellent__on=None,
        sample__share="5", repeated_weakness__criterion="",
    )  # fmt: skip
    data |= {
        "skill-low.tenure.weeks": ["4", ""],
        "skill-low.tenure.number": ["30", ""],
        "outside-hours.days": ["1", "2"],
    }
    assert browser.post(address, data=data).status_code == 303
    number = re.search(r'name="revision" value="(\d+)"', browser.get(address).text)
    assert number
    browser.post(f"/rubric/drafts/{address.rpartition('/')[2]}/publish", data={"revision": number[1]})
    made = rubric.load(rubrics.in_force(store, now()) or "")
    low, days, sample = made.active("skill-low"), made.active("outside-hours"), made.active("sample")
    assert None not in (low, days, sample)
    assert (low.below, low.tenure) == (45, (rubric.Bar(4, below=30),))
    assert (days.days, sample.share, made.active("excellent")) == ((1, 2), 0.05, None)
    assert made.rule("stumbling").severity == "major"  # type: ignore[union-attr]
    assert made.rule("repeated-weakness").criterion is None  # type: ignore[union-attr]
    assert made.skills == rubric.default().skills
    assert "In the first 4 weeks: 30" in browser.get("/rules").text


@pytest.mark.parametrize(
    ("name", "value"),
    [("skill_low__below", "101"), ("pushed_on__turns", "one"), ("outside_hours__from", "9"), ("sample__share", "nan")],
)
def test_what_does_not_fit_is_told_and_not_saved(
    draft: tuple[TestClient, str], store: Store, admin: User, name: str, value: str
) -> None:
    browser, address = draft
    answer = browser.post(address, data=sent(browser.get(address).text, **{name: value}))
    assert answer.status_code == 422
    assert value in answer.text
    assert drafts.get(store, admin, 1).revision == 1


def test_two_at_once_are_told(draft: tuple[TestClient, str], store: Store, admin: User) -> None:
    browser, address = draft
    data = sent(browser.get(address).text, skill_low__below="45")
    drafts.save(store, admin, 1, shipped() + "# note\n", 1)
    assert browser.post(address, data=data).status_code == 409


@pytest.mark.parametrize(
    ("persona", "read", "edit"), [("agent", 403, 403), ("editor", 200, 403), ("lead", 200, 403), ("admin", 200, 303)]
)
def test_who_reads_and_who_changes(browse: Browse, persona: str, read: int, edit: int) -> None:
    browser = browse(persona)
    assert browser.get("/rules").status_code == read
    assert browser.get("/rules/forbidden/behind").status_code == read
    assert ("Change the rules" in browser.get("/rules").text) is (edit == 303)
    assert browser.post("/rules/drafts").status_code == edit


def test_begun_twice_it_is_one_draft(draft: tuple[TestClient, str]) -> None:
    browser, address = draft
    assert browser.post("/rules/drafts").headers["location"] == address


def test_a_draft_of_a_talk_track_is_none_of_rules(browse: Browse, store: Store, editor: User) -> None:
    from tests.conftest import LIBRARY

    made = drafts.create(store, editor, LIBRARY)
    assert browse("admin").get(f"/rules/drafts/{made.id}").status_code == 404


def test_numbers_lead_to_the_calls_behind_them(
    browse: Browse, store: Store, upload: Callable[..., Call], agent: User, lead: User
) -> None:
    calls = [scored(store, upload, agent, number, flags=(("forbidden", "critical"),)) for number in range(12)]
    for call in calls[:9]:
        queue.done(store, lead, call.id)
    queue.dismiss(store, lead, calls[9].id, "听错了", "false-alarm")
    browser = browse("lead")
    page = browser.get("/rules").text
    assert "<b>90%</b>" in page
    assert "9 useful, 1 wrong" in page
    behind = browser.get("/rules/forbidden/behind").text
    assert len(re.findall(r'href="/calls/\d+"', behind)) == 10
    waiting = re.search(r'href="/queue\?rule=forbidden">(\d+)<', page)
    assert waiting
    listed = browser.get("/api/queue?rule=forbidden&per_agent=200").json()
    assert int(waiting[1]) == sum(len(one["calls"]) for one in listed) == 2


def test_a_draft_is_tried_on_past_calls(
    draft: tuple[TestClient, str], store: Store, upload: Callable[..., Call], agent: User, admin: User
) -> None:
    browser, address = draft
    for number in range(3):
        scored(store, upload, agent, number)
    open_all_day = shipped().replace('from: "09:00", to: "21:00"', 'from: "00:00", to: "00:01"')
    drafts.save(store, admin, 1, open_all_day, 1)
    done = preview.begin(store, admin, 1, wait=True)
    assert done.state == "done"
    assert done.result is not None
    rows = {row["rule"]: row for row in done.result["rules"]}
    assert done.result["calls"] == 3
    row = rows["outside-hours"]
    assert row["draft"] == 3
    assert row["draft"] - row["now"] == sum(one["will"] and not one["was"] for one in row["shown"])
    assert {one["call_id"] for one in row["shown"]} == {1, 2, 3}
    page = browser.get(address, headers=HTMX).text
    assert "<html" not in page
    assert page.count('href="/calls/') >= 3


def test_the_preview_counts_what_needs_history(
    store: Store, upload: Callable[..., Call], agent: User, admin: User
) -> None:
    for number in range(4):
        scored(store, upload, agent, number, value=30)
    calls = preview.past(store, admin)
    old = rubric.default()
    text = shipped().replace("below: 50, criterion: 25, times: 4, of: 6", "below: 101, times: 2, of: 3")
    new = rubric.load(text.replace("below: 101", "below: 100"))
    rows = {row["rule"]: row for row in preview.compare(store, calls, old, new)["rules"]}
    assert rows["repeated-weakness"]["draft"] == 3
    assert [call["id"] for call in calls] == [1, 2, 3, 4]


def test_a_sample_for_a_preview_takes_whole_agents(
    store: Store, upload: Callable[..., Call], agent: User, other_agent: User, admin: User
) -> None:
    for number in range(3):
        scored(store, upload, agent, number)
        scored(store, upload, other_agent, number)
    some = preview.past(store, admin, sample=3)
    assert len(some) == 3
    assert len({row["agent_id"] for row in some}) == 1


def test_the_api_does_the_same(browse: Browse, store: Store, admin: User) -> None:
    machine, reader = browse("admin"), browse("lead")
    assert reader.get("/api/rules").json()["standings"][0]["rule"]["rule"] == "skill-low"
    assert reader.post("/api/rules/drafts").status_code == 403
    made = machine.post("/api/rules/drafts").json()
    body = {"rules": [{"rule": "skill-low", "below": 44}, {"rule": "manners"}], "based_on": 1}
    assert machine.put(f"/api/rules/drafts/{made['id']}", json=body).json()["revision"] == 2
    rules = rubric.load(drafts.source(store, admin, made["id"])).rules
    assert [(rule.rule, rule.below) for rule in rules] == [("skill-low", 44), ("manners", None)]
    wrong = {"rules": [{"rule": "skill-low", "below": 144}], "based_on": 2}
    assert machine.put(f"/api/rules/drafts/{made['id']}", json=wrong).status_code == 422
    assert machine.post(f"/api/rules/drafts/{made['id']}/previews").status_code == 202
