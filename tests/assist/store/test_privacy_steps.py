"""Rows that hold what was said before anything was masked are masked by the upgrade."""

from collections.abc import Callable

from assist.calls.calls import Call
from assist.people.users import User
from assist.store import Store, said
from assist.store.migrations import privacy_steps


def test_old_quotes_are_masked(store: Store, ready_call: Call) -> None:
    store.change("UPDATE flags SET quote = '打13800001234', reason = '每月399元'")
    store.db.executescript(
        "DROP TABLE campaign_masking; DROP TABLE unmaskings; DROP TABLE said_numbers; DROP TABLE said_numbers_key;"
    )
    privacy_steps.m021_privacy(store.db)
    row = store.row("SELECT quote, reason FROM flags")
    assert row == {"quote": "打［电话号码］", "reason": "每月399元"}


def test_calls_indexed_before_are_indexed_anew(store: Store, judged: Callable[..., Call], agent: User) -> None:
    call = judged(agent, "customer: 我的号13800001234")
    store.change("UPDATE said_calls SET transcript_key = ''")
    said.catch_up(store)
    assert store.value("SELECT transcript_key FROM said_calls") == call.transcript_key
    (lines,) = said.lines(store, [call.id]).values()
    assert lines[0].text == "我的号［电话号码］"
