"""Judged calls of the past, written straight into the rows that are counted."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from assist.people.users import User
from assist.store import Store, results
from assist.store.clock import now, stamp
from tests.api import judged

OPENING = {"identity": 2.0, "purpose": 3.0, "permission": 3.0}
REJECTION = {"acknowledged": 2.0, "answered": 3.0}


def call(store: Store, agent: User, called_at: datetime, values: Mapping[str, float], **columns: object) -> int:
    """A judged call with these criteria (`purpose` of the opening, `forbidden` and so on of compliance), each shown by
    the agent's second turn; its analysis is that of `judged`."""
    number = 1 + (store.value("SELECT max(id) FROM calls") or 0)
    sha256 = f"{number:064x}"
    with store.write() as db:
        db.table("recordings").insert({"sha256": sha256, "bytes": 1, "received_at": stamp()})
        known = {
            "id": number, "sha256": sha256, "file_name": f"{number}.wav", "agent_id": agent.id,
            "team_id": agent.team_id, "campaign": "broadband", "called_at": stamp(called_at), "direction": "outbound",
            "customer": "",
            "uploaded_at": stamp(), "state": "ready", "step": "", "outcome": "refused", "analysis_key": sha256,
            "transcript_key": sha256, "library_version_id": store.value("SELECT max(id) FROM library_versions"),
            "seconds": 25.0,
        }  # fmt: skip
        db.table("calls").insert(known | columns)
        db.table("transcripts").insert(
            {"key": sha256, "sha256": sha256, "engine": "", "body": b"", "created_at": stamp()}
        )
        results.save_analysis(
            store, sha256, call_id=number, transcript_key=sha256, engine="", report=judged.report(sha256),
            library_version_id=known["library_version_id"],
        )  # fmt: skip
        db.table("criteria_calls").insert({"call_id": number, "analysis_key": sha256})
        db.table("spoken_calls").insert({"call_id": number, "analysis_key": sha256})
        db.table("call_criteria").insert_all(_row(number, name, value) for name, value in values.items())
    return number


def calls(
    store: Store, agent: User, days: Iterable[Sequence[float]], criterion: str, *, from_day: int, **columns: object
) -> list[int]:
    """Calls day after day from `from_day` (days from today, before it negative), each with one criterion's value."""
    made = []
    for day, values in enumerate(days):
        begins = now() + timedelta(days=from_day + day, minutes=-600)
        for number, value in enumerate(values):
            made.append(call(store, agent, begins + timedelta(minutes=number), {criterion: value}, **columns))
    return made


def _row(number: int, name: str, value: float) -> dict[str, object]:
    skill = "opening" if name in OPENING else "rejection_handling" if name in REJECTION else "compliance"
    weight = (OPENING | REJECTION).get(name, 0.0)
    return {
        "call_id": number, "skill": skill, "criterion": name, "value": value, "weight": weight, "turn": 3, "start": 8.5
    }  # fmt: skip
