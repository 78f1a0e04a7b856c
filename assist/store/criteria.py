"""What each judged call was worth criterion by criterion, as rows to count over: the lines of the scores, whether the
agent kept what may never be broken, and the steps taken at each objection."""

from collections.abc import Iterator, Mapping
from typing import Any

from assist.analysis.findings import SKILLS
from assist.analysis.scene import CLEARLY
from assist.scripts.library import Library
from assist.store import Store
from assist.store.recounting import recount

COMPLIANCE = "compliance"
"""The skill under which rows say whether a rule was kept: 1 kept, 0 broken."""
NEVER = ("forbidden", "manners", "pushed-on")
"""What may never happen, by the names of their rows. Pushing on has a row only where there was a clear refusal."""

Report = Mapping[str, Any]

_CATCH_UP = 500


def put(store: Store, call_id: int, analysis_key: str, report: Report, library: Library) -> None:
    """Replaces the rows of a call by those of its newest analysis."""
    lines = [{"call_id": call_id, **row} for row in (*_lines(report), *_kept(report))]
    steps = [{"call_id": call_id, **row} for row in _steps(report, library)]
    with store.write() as db:
        for table, rows in (("call_criteria", lines), ("objection_steps", steps)):
            db.table(table).delete_where("call_id = ?", [call_id])
            db.table(table).insert_all(rows)
        db.table("criteria_calls").upsert({"call_id": call_id, "analysis_key": analysis_key}, pk="call_id")


def catch_up(store: Store, agent_id: int, most: int = _CATCH_UP) -> int:
    """Makes the rows of an agent's calls that were judged before there were any; how many calls it was."""
    rows = store.rows(
        """SELECT c.id, c.analysis_key, c.library_version_id FROM calls c
           LEFT JOIN criteria_calls k ON k.call_id = c.id AND k.analysis_key = c.analysis_key
           WHERE c.agent_id = ? AND c.state = 'ready' AND k.call_id IS NULL ORDER BY c.called_at DESC LIMIT ?""",
        [agent_id, most],
    )
    recount(store, rows, put)
    return len(rows)


def _lines(report: Report) -> Iterator[dict[str, Any]]:
    """The criteria that had an occasion."""
    for skill in SKILLS:
        for line in report["scores"][skill].get("criteria", ()):
            if line["value"] is not None:
                place = _place(report, next(iter(line["evidence"]), None))
                yield {
                    "skill": skill,
                    "criterion": line["id"],
                    "value": line["value"],
                    "weight": line["weight"],
                    **place,
                }


def _kept(report: Report) -> Iterator[dict[str, Any]]:
    if report["outcome"]["value"] == "no-conversation":
        return
    for name in ("forbidden", "manners"):
        clear = [item["turn"] for item in report.get(name, ()) if item.get("confidence", 1.0) >= CLEARLY]
        yield _rule(report, name, float(not clear), next(iter(clear), None))
    for line in report["scores"]["rejection_handling"].get("criteria", ()):
        if line["id"] == "stopped" and line["value"] is not None:
            yield _rule(report, "pushed-on", line["value"], next(iter(line["evidence"]), None))


def _rule(report: Report, name: str, value: float, turn: int | None) -> dict[str, Any]:
    return {"skill": COMPLIANCE, "criterion": name, "value": value, "weight": 0.0, **_place(report, turn)}


def _steps(report: Report, library: Library) -> Iterator[dict[str, Any]]:
    """For each objection the first time it is raised: the steps its entry asks for. At a refusal none is asked for."""
    seen: set[str] = set()
    for found in report.get("objections", ()):
        entry = library.entry(found["id"])
        if entry is None or found["id"] in seen or found.get("force") == "refusal":
            continue
        seen.add(found["id"])
        for step in dict.fromkeys(respond.step for respond in entry.respond):
            done = int(step in found["steps"])
            yield {"objection": found["id"], "step": step, "done": done, "turn": found["turn"], "start": found["start"]}


def _place(report: Report, turn: int | None) -> dict[str, Any]:
    start = next((one["start"] for one in report["turns"] if one["id"] == turn), None)
    return {"turn": turn if start is not None else None, "start": start}
