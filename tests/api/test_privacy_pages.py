"""Administrators set how long calls are kept, hold them, and delete customers with a certificate."""

import re
from datetime import timedelta

import pytest

from assist.calls.details import Details
from assist.people import users
from assist.privacy import certificate, deletion, keys, retention
from assist.privacy.retention import Rule
from assist.store.clock import now
from tests.assist.privacy.lived import CUSTOMER, LINES, LONG_AGO, PHRASE
from tests.conftest import PASSWORD


@pytest.fixture
def old(judged, agent):
    return judged(agent, *LINES, details=Details(customer=CUSTOMER, called_at=LONG_AGO))


@pytest.fixture
def signed_in(browse, store, person):
    def open_browser(persona):
        browser = browse(persona)
        users.set_language(store, person(persona), "zh-CN")
        return browser

    return open_browser


@pytest.fixture
def admin_page(signed_in):
    return signed_in("admin")


def hidden(page, name):
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    return found.group(1).replace("&#39;", "'") if found else ""


def test_only_administrators_come_here(signed_in):
    for persona in ("agent", "lead", "editor"):
        visitor = signed_in(persona)
        assert [visitor.get(f"/privacy{part}").status_code for part in ("", "/holds", "/deletions")] == [403] * 3


def test_a_rule_is_saved_after_its_preview_was_seen(admin_page, old, store):
    form = {"campaign": "broadband", "recordings": "40", "transcripts": "", "findings": "", "floor": "30",
            "floor_note": "通知"}  # fmt: skip
    shown = admin_page.post("/privacy/retention", data=form)
    assert "将永久删除" in shown.text
    assert "1 通" in shown.text
    assert not retention.rule_of(store, "broadband").own, "nothing is saved before it was seen"
    saved = admin_page.post("/privacy/retention", data=form | {"seen": hidden(shown, "seen")}, follow_redirects=True)
    assert "已保存" in saved.text
    assert "40 天" in saved.text
    changed = admin_page.post("/privacy/retention", data=form | {"recordings": "45", "seen": hidden(shown, "seen")})
    assert "将永久删除" in changed.text, "another rule is shown anew"


def test_a_rule_against_the_order_or_the_law_is_explained(admin_page):
    form = {"campaign": "broadband", "floor": "30", "floor_note": "通知"}
    wrong = admin_page.post("/privacy/retention", data=form | {"recordings": "100", "transcripts": "50"})
    assert wrong.status_code == 422
    assert "不能比文字稿留得久" in wrong.text
    assert 'value="100"' in wrong.text
    assert "依规至少保留 30 天" in admin_page.post("/privacy/retention", data=form | {"recordings": "7"}).text
    assert "天数" in admin_page.post("/privacy/retention", data=form | {"recordings": "abc"}).text


def test_a_campaign_goes_back_to_the_standard(admin_page, store, admin):
    retention.save(store, admin, Rule("broadband", recordings=40))
    admin_page.post("/privacy/retention/standard", data={"campaign": "broadband"})
    assert not retention.rule_of(store, "broadband").own


def test_a_call_is_held_and_let_go(admin_page, old):
    page = admin_page.post("/privacy/holds", data={"call": f"/calls/{old.id}", "reason": "诉讼"}, follow_redirects=True)
    assert "诉讼" in page.text
    assert "诉讼" not in admin_page.post(f"/privacy/holds/{old.id}/lift", follow_redirects=True).text
    for wrong in ({"call": "9999", "reason": "x"}, {"call": "x", "reason": "x"}, {"call": str(old.id), "reason": " "}):
        assert 'role="alert"' in admin_page.post("/privacy/holds", data=wrong).text


def test_a_customer_is_found_deleted_and_certified(admin_page, old, store):
    shown = admin_page.post("/privacy/deletions/find", data={"customer": "139 1234 5678"})
    assert "找到 1 通电话" in shown.text
    assert "文字稿 1" in shown.text
    order = {"customer": CUSTOMER, "asked_by": "customer", "reason": "客户来信"}
    refused = admin_page.post("/privacy/deletions", data=order | {"password": "wrong"})
    assert refused.status_code == 403
    assert 'role="alert"' in refused.text
    assert store.value("SELECT count(*) FROM deletions") == 0
    running = admin_page.post("/privacy/deletions", data=order | {"password": PASSWORD}, follow_redirects=True)
    assert "正在删除" in running.text
    assert "hx-trigger" in running.text
    deletion.carry_on(store)
    done = admin_page.get(running.url.path)
    assert "签名有效" in done.text
    assert "无残留" in done.text
    assert "hx-trigger" not in done.text
    document = admin_page.get(f"{running.url.path}/certificate.json").json()
    assert certificate.genuine(document, keys.public(store.settings))
    text = admin_page.get(f"{running.url.path}/certificate.txt")
    assert "个人信息删除证明" in text.text
    assert "attachment" in text.headers["content-disposition"]
    assert CUSTOMER not in done.text + text.text


def test_a_customer_nobody_knows_is_told(admin_page):
    page = admin_page.post("/privacy/deletions/find", data={"customer": "13700000000"})
    assert page.status_code == 422
    assert "没有找到这位客户" in page.text


def test_what_must_be_kept_is_said_before_it_is_ordered(admin_page, judged, agent, store, admin):
    call = judged(agent, *LINES, details=Details(customer=CUSTOMER, called_at=now() - timedelta(days=2)))
    shown = admin_page.post("/privacy/deletions/find", data={"call": str(call.id)})
    assert "依规须保留到" in shown.text
    assert "将被封存" in shown.text
    order = {"call": str(call.id), "reason": "x", "password": PASSWORD}
    page = admin_page.post("/privacy/deletions", data=order, follow_redirects=True)
    assert "已封存" in page.text
    assert "这通电话已封存" in admin_page.get(f"/calls/{call.id}").text
    assert admin_page.get(f"/calls/{call.id}/audio").status_code == 404
    back = admin_page.post(f"{page.url.path}/withdraw", data={"reason": "撤回"}, follow_redirects=True)
    assert back.status_code == 200
    assert admin_page.get(f"/calls/{call.id}/audio").status_code == 200


def test_a_deleted_recording_is_let_in_again_with_a_reason(admin_page, old, store, admin):
    deletion.order(store, admin, asked_by="customer", reason="x", customer=CUSTOMER)
    deletion.carry_on(store)
    wrong = admin_page.post("/privacy/admit", data={"sha256": "00", "reason": "x"})
    assert 'role="alert"' in wrong.text
    assert "可以作为新通话" in admin_page.post("/privacy/admit", data={"sha256": old.sha256, "reason": "x"}).text


def test_a_copy_is_handed_out(admin_page, old):
    answer = admin_page.post("/privacy/hand-out", data={"customer": CUSTOMER})
    assert answer.headers["content-type"] == "application/zip"
    assert answer.content.startswith(b"PK")
    assert admin_page.post("/privacy/hand-out", data={"customer": "13700000000"}).status_code == 422


@pytest.mark.parametrize(("rule", "told", "kept"), [
    (Rule("broadband", recordings=40), "录音已按保留期限删除", True),
    (Rule("broadband", recordings=40, transcripts=50), "录音与文字已按保留期限删除", False),
])  # fmt: skip
def test_the_page_of_a_call_says_what_was_removed_and_still_works(signed_in, store, admin, old, rule, told, kept):
    retention.save(store, admin, rule)
    while retention.sweep(store):
        pass
    page = signed_in("lead").get(f"/calls/{old.id}")
    assert page.status_code == 200
    assert told in page.text
    assert (PHRASE in page.text) is kept
    assert 'id="player"' not in page.text


def test_lists_show_a_call_under_lock_to_administrators_only(signed_in, store, admin, judged, agent):
    call = judged(agent, *LINES, details=Details(customer="王女士", called_at=now() - timedelta(days=2)))
    deletion.order(store, admin, asked_by="customer", reason="x", call_id=call.id)
    assert f'href="/calls/{call.id}"' not in signed_in("lead").get("/calls").text
    page = signed_in("admin").get("/calls").text
    assert f'href="/calls/{call.id}"' in page
    assert "封存" in page
