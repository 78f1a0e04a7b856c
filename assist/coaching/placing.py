"""From a judged call to its place in the queue: its flags, those of its agent's history, and what they ask for."""

from collections.abc import Mapping
from typing import Any

from assist.analysis.rubric import Rubric
from assist.coaching import history, rulebook, tenure
from assist.coaching.items import SEVERITY
from assist.errors import NotFound
from assist.store import Store
from assist.store.clock import moment, stamp
from assist.texts import N_, translate

_URGENT = {3: 80, 2: 50}
"""How urgent a call is at least whose worst flag is critical or major, whatever its scores."""
_NOT_COACHED = ("excellent", history.SAMPLE)


def put(store: Store, call_id: int, report: dict[str, Any]) -> None:
    """Writes the flags of a judged call, those of its agent's history too, and queues it where it needs a person.

    Judging again replaces the flags; what a lead has closed stays closed.
    """
    call = store.row(
        "SELECT id, sha256, agent_id, team_id, called_at, priority, overall FROM calls WHERE id = ?", [call_id]
    )
    if call is None:
        raise NotFound
    rubric, language = rulebook.at(store, moment(call["called_at"])), report.get("language", "zh")
    with store.write() as db:
        db.execute("DELETE FROM flags WHERE call_id = ? AND rule <> ?", [call_id, history.REPEATED])
        flags = list(report["flags"])
        spoken = call["overall"] is not None
        if not flags and not report["coaching"]["needed"] and spoken:
            drawn = history.sample_flag(store, call, rubric, language)
            flags += [drawn] if drawn else []
        turns = {turn["id"]: turn for turn in report["turns"]}
        made_by = report.get("engine", {}).get("rubric", "")
        rows = [_flag_row(call_id, flag, turns) for flag in flags]
        db.table("flags").insert_all(
            row | {"rubric": rubric.version if row["rule"] == history.SAMPLE else made_by} for row in rows
        )
        _place(store, call, report, flags, rubric)
        history.refresh(store, call["agent_id"], rubric, language)


def _place(
    store: Store, call: Mapping[str, Any], report: Mapping[str, Any], flags: list[dict[str, Any]], rubric: Rubric
) -> None:
    """Puts the call where its flags belong, or takes it out of the queue."""
    kind = _kind(store, call, report, flags, rubric)
    db = store.db
    if kind is None:
        db.execute(
            """DELETE FROM queue_items WHERE call_id = ? AND state = 'open'
               AND NOT EXISTS (SELECT 1 FROM flags f WHERE f.call_id = queue_items.call_id AND f.rule = ?)""",
            [call["id"], history.REPEATED],
        )
        return
    severity = max((SEVERITY[flag["severity"]] for flag in flags), default=0)
    values = {
        "kind": kind,
        "agent_id": call["agent_id"],
        "team_id": call["team_id"],
        "urgency": max(call["priority"] or 0, _URGENT.get(severity, 0) if kind == "coach" else 0),
        "severity": severity,
        **(_weakest(report, rubric) if not flags else {"reason": "", "start": None, "quote": ""}),
    }
    new = {"call_id": call["id"], "state": "open", "queued_at": stamp()}
    db.table("queue_items").insert(new | values, pk="call_id", ignore=True)
    sets = ", ".join(f"{name} = :{name}" for name in values)
    db.execute(f"UPDATE queue_items SET {sets} WHERE call_id = :call AND state = 'open'", values | {"call": call["id"]})


def _kind(
    store: Store, call: Mapping[str, Any], report: Mapping[str, Any], flags: list[dict[str, Any]], rubric: Rubric
) -> str | None:
    """coach where a talk is worth it or a flag is grave; good and sample ones are for the quiet hour."""
    rules = {flag["rule"] for flag in flags}
    grave = any(SEVERITY[flag["severity"]] > 1 and flag["rule"] not in _NOT_COACHED for flag in flags)
    if grave or (report["coaching"]["needed"] and not _spared(store, call, report, rubric)):
        return "coach"
    return "good" if "excellent" in rules else "sample" if history.SAMPLE in rules else None


def _spared(store: Store, call: Mapping[str, Any], report: Mapping[str, Any], rubric: Rubric) -> bool:
    """Whether the milder bar of an agent's first weeks lets the weak skill pass."""
    rule = rubric.active("skill-low")
    focus = report["coaching"].get("focus", "")
    if rule is None or rule.below is None or focus not in rubric.skills:
        return False
    bar = rule.during(tenure.weeks(store, call["agent_id"], moment(call["called_at"]))).below
    value = report["scores"][focus]["value"]
    return bar is not None and bar < rule.below and value is not None and value >= bar


def _weakest(report: Mapping[str, Any], rubric: Rubric) -> dict[str, Any]:
    """Why a call without any flag is here: its weakest skill, with the criterion that cost most and where it shows."""
    focus = report["coaching"].get("focus", "")
    score = report.get("scores", {}).get(focus)
    if not score or focus not in rubric.skills:
        return {"reason": "", "start": None, "quote": ""}
    language = report.get("language", "zh")
    lines = [line for line in score.get("criteria", ()) if line["value"] is not None]
    worst = max(lines, key=lambda line: (1 - line["value"]) * line["weight"], default={"why": "", "evidence": []})
    turn = next((turn for turn in report["turns"] if turn["id"] in worst["evidence"][:1]), None)
    text = translate(N_("%(skill)s is at %(value)d. %(why)s"), language)
    named = {"skill": rubric.skills[focus].title(language), "value": score["value"] or 0, "why": worst["why"]}
    return {
        "reason": (text % named).strip(),
        "start": turn["start"] if turn else None,
        "quote": turn["text"][:200] if turn else "",
    }


def _flag_row(call_id: int, flag: dict[str, Any], turns: dict[int, dict[str, Any]]) -> dict[str, Any]:
    turn = next((turns[number] for number in flag["turns"] if number in turns), None)
    return {
        "call_id": call_id,
        "rule": flag["rule"],
        "severity": flag["severity"],
        "reason": flag["reason"],
        "turn": turn["id"] if turn else None,
        "start": turn["start"] if turn else None,
        "quote": turn["text"][:200] if turn else "",
    }
