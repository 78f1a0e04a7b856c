"""Rows to count over: a criterion that had an occasion, a rule kept or broken, a step at an objection."""

import pytest

from assist.store import criteria, libraries, results
from tests.api import judged
from tests.api.conftest import judge


@pytest.fixture
def library(store):
    return libraries.library(store, store.value("SELECT id FROM library_versions"))


@pytest.fixture
def call(store, upload, agent):
    return judge(store, upload(agent, "agent: 您好"))


def lines(store, call_id):
    rows = store.rows("SELECT skill, criterion, value, turn, start FROM call_criteria WHERE call_id = ?", [call_id])
    return {(row["skill"], row["criterion"]): (row["value"], row["turn"], row["start"]) for row in rows}


def test_a_judged_call_has_its_lines_and_its_broken_rules(store, call):
    assert lines(store, call.id) == {
        ("opening", "identity"): (1.0, 1, 2.5),
        ("rejection_handling", "calm"): (0.0, 3, 8.5),
        ("compliance", "forbidden"): (0.0, 3, 8.5),
        ("compliance", "manners"): (1.0, None, None),
    }


def test_a_step_that_the_entry_asks_for_has_a_row(store, call, library):
    assert store.rows("SELECT objection, step, done, turn, start FROM objection_steps") == [
        {"objection": "busy", "step": "acknowledge", "done": 0, "turn": 2, "start": 6.5}
    ]
    report = judged.report()
    report["objections"][0]["steps"] = ["acknowledge"]
    criteria.put(store, call.id, "other", report, library)
    assert store.value("SELECT done FROM objection_steps") == 1


def test_at_a_refusal_no_step_is_asked_for(store, call, library):
    report = judged.report()
    report["objections"][0]["force"] = "refusal"
    criteria.put(store, call.id, "other", report, library)
    assert store.value("SELECT count(*) FROM objection_steps") == 0


def test_what_had_no_occasion_and_what_is_unclear_is_not_counted_against_anybody(store, call, library):
    report = judged.report()
    report["scores"]["opening"]["criteria"][0]["value"] = None
    report["forbidden"][0]["confidence"] = 0.3
    criteria.put(store, call.id, "other", report, library)
    found = lines(store, call.id)
    assert ("opening", "identity") not in found
    assert found["compliance", "forbidden"] == (1.0, None, None)


def test_pushing_on_is_counted_only_where_there_was_a_refusal(store, call, library):
    report = judged.report()
    assert ("compliance", "pushed-on") not in lines(store, call.id)
    line = {"id": "stopped", "title": "", "value": 0.0, "weight": 1, "why": "", "evidence": [3]}
    report["scores"]["rejection_handling"]["criteria"].append(line)
    criteria.put(store, call.id, "other", report, library)
    assert lines(store, call.id)["compliance", "pushed-on"] == (0.0, 3, 8.5)


def test_a_call_without_conversation_has_no_rows(store, call, library):
    report = judged.report() | {"outcome": {"value": "no-conversation"}, "objections": []}
    for score in report["scores"].values():
        score["criteria"] = []
    criteria.put(store, call.id, "other", report, library)
    assert lines(store, call.id) == {}


def test_calls_of_before_get_their_rows_once(store, call, agent):
    before = lines(store, call.id)
    for table in ("call_criteria", "criteria_calls", "objection_steps"):
        store.change(f"DELETE FROM {table}")
    assert criteria.catch_up(store, agent.id) == 1
    assert lines(store, call.id) == before
    assert criteria.catch_up(store, agent.id) == 0


def test_a_newer_analysis_replaces_the_rows(store, call, agent):
    report = judged.report()
    report["scores"]["opening"]["criteria"][0]["value"] = 0.5
    results.save_analysis(
        store, "new", call_id=call.id, transcript_key=call.transcript_key, engine="e", report=report,
        library_version_id=call.library_version_id,
    )  # fmt: skip
    store.change("UPDATE calls SET analysis_key = 'new' WHERE id = ?", [call.id])
    assert criteria.catch_up(store, agent.id) == 1
    assert lines(store, call.id)["opening", "identity"][0] == 0.5
