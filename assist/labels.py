"""Calls that people scored blind, as labelled calls: the folder that `assist evaluate` reads.

`library.yaml`, `calls/ID.yaml` turn by turn, and where wanted `recordings/ID.*` with `ID.truth.json`. The words are
those of the transcript with people's corrections, the labels those that stand with people's verdicts, the scores the
mean of what people gave blind; `checked` says how much of each a person has looked at.
"""

import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import yaml

from assist import files
from assist.analysis.findings import SKILLS
from assist.analysis.scene import CLEARLY
from assist.calls import calls
from assist.calls.calls import Call
from assist.calls.recordings import path_of
from assist.coaching.masking import hidden
from assist.errors import NotFound
from assist.people import access, audit
from assist.people.users import User
from assist.scripts.library import Library
from assist.store import Store, libraries
from assist.texts import N_

MOST = 2000
_GOOD, _MIXED = 75, 50
_OTHER = "other"
_SUFFIX = re.compile(r"\.[a-z0-9]{2,4}$")

Report = Mapping[str, Any]


class NothingLabelled(NotFound):
    message = N_("No call of %(campaign)s was scored blind yet. Score some under “Honesty”, then export them.")


@dataclass(frozen=True, slots=True)
class Labelled:
    """`files` by their path in the folder; `calls` how many labelled calls they are."""

    campaign: str
    calls: int
    files: Mapping[str, bytes]

    def zipped(self) -> bytes:
        """One zip archive; the same files give the same bytes."""
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in sorted(self.files.items()):
                archive.writestr(zipfile.ZipInfo(f"{self.campaign}/{name}", (2020, 1, 1, 0, 0, 0)), content)
        return made.getvalue()

    def write(self, folder: Path) -> None:
        """Raises the file errors of `assist.files`."""
        for name, content in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            files.write(content, str(path))


def export(store: Store, user: User, campaign: str, *, names: bool = False, recordings: bool = False) -> Labelled:
    """The labelled calls of a campaign that the user may read. Without `names` those of people and long numbers are
    hidden in the text; a recording still says them.

    Raises AccessDenied, NothingLabelled.
    """
    access.require(user, "labels.export")
    rows = _scored(store, user, campaign)
    if not rows:
        raise NothingLabelled(campaign=campaign)
    chosen = [calls.load(store, call_id) for call_id in dict.fromkeys(row["call_id"] for row in rows)]
    version = max(call.library_version_id or 0 for call in chosen)
    library = libraries.library(store, version)
    made: dict[str, bytes] = {"library.yaml": libraries.source(store, version).encode()}
    for call in chosen:
        made |= _files(store, call, library, [row for row in rows if row["call_id"] == call.id], names, recordings)
    audit.record(store, user, "labels.export", f"campaign:{campaign}", calls=len(chosen), names=names)
    return Labelled(campaign, len(chosen), made)


def count(store: Store, user: User) -> dict[str, int]:
    """How many labelled calls the user could export, by campaign."""
    access.require(user, "labels.export")
    scope = access.calls_of(user)
    rows = store.rows(
        f"""SELECT c.campaign, count(DISTINCT c.id) AS n FROM blind_scores s CROSS JOIN calls c ON c.id = s.call_id
            WHERE s.state = 'scored' AND c.state = 'ready' AND {scope.where} GROUP BY c.campaign""",
        scope.parameters,
    )
    return {row["campaign"]: row["n"] for row in rows}


def _scored(store: Store, user: User, campaign: str) -> list[dict[str, Any]]:
    """The marks of skills on the latest scored calls, a row a mark."""
    scope = access.calls_of(user)
    return store.rows(
        f"""WITH latest AS (
                SELECT DISTINCT c.id FROM blind_scores s JOIN calls c ON c.id = s.call_id
                WHERE s.state = 'scored' AND c.state = 'ready' AND c.campaign = :campaign AND {scope.where}
                ORDER BY c.id DESC LIMIT :most
            )
            SELECT s.call_id, s.id AS blind_id, s.focus, s.needed, m.skill, m.value
            FROM blind_scores s JOIN blind_marks m ON m.blind_id = s.id AND m.criterion = ''
            WHERE s.call_id IN latest AND s.state = 'scored' ORDER BY s.call_id, s.id, m.skill""",
        {"campaign": campaign, "most": MOST} | scope.parameters,
    )


def _files(
    store: Store, call: Call, library: Library, rows: Sequence[dict[str, Any]], names: bool, recordings: bool
) -> dict[str, bytes]:
    report = calls.analysis(store, call) or {}
    identifier = f"{call.campaign}-{call.sha256[:8]}"
    spoken = [turn for turn in report.get("turns", ()) if turn["text"] and not turn.get("unintelligible")]
    people = () if names else (call.agent, call.customer)
    texts = {turn["id"]: turn["text"] if names else hidden(turn["text"], *people) for turn in spoken}
    labelled = [_turn(turn, texts, report, library) for turn in spoken]
    document = _scores(identifier, library, labelled, rows) | {"checked": _checked(store, call, rows)}
    text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=120)
    made = {f"calls/{identifier}.yaml": text.encode()}
    path = path_of(store.settings, call.sha256)
    if recordings and path.is_file():
        truth = {"layout": call.layout or "mono", "turns": [_heard(n, turn, texts) for n, turn in enumerate(spoken)]}
        suffix = _SUFFIX.search(call.file_name.lower())
        made[f"recordings/{identifier}{suffix.group() if suffix else '.wav'}"] = path.read_bytes()
        made[f"recordings/{identifier}.truth.json"] = json.dumps(truth, ensure_ascii=False, indent=1).encode()
    return made


def _scores(
    identifier: str, library: Library, turns: list[dict[str, Any]], rows: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    values = {skill: [row["value"] for row in rows if row["skill"] == skill] for skill in SKILLS}
    scores = {skill: _mean(given) for skill, given in values.items()}
    counted = [value for value in scores.values() if value is not None]
    whole = fmean(counted) if counted else 0.0
    once = {row["blind_id"]: row for row in rows}.values()
    return {
        "id": identifier,
        "library": library.campaign,
        "summary": "",
        "quality": "good" if whole >= _GOOD else "mixed" if whole >= _MIXED else "poor",
        "turns": turns,
        "scores": scores,
        "worst": Counter(row["focus"] for row in once).most_common(1)[0][0],
        "needs_coaching": sum(row["needed"] for row in once) * 2 > len(once),
    }


def _mean(given: Sequence[float | None]) -> int | None:
    """The mean of the points; None where most saw no occasion."""
    points = [value for value in given if value is not None]
    return round(fmean(points)) if len(points) * 2 >= max(1, len(given)) and points else None


def _checked(store: Store, call: Call, rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    ruled = "SELECT count(*) FROM finding_verdicts WHERE call_id = ? AND replaced_by IS NULL AND fits"
    corrected = "SELECT count(DISTINCT turn) FROM corrections WHERE call_id = ? AND reverted_at IS NULL"
    return {
        "people_who_scored": len({row["blind_id"] for row in rows}),
        "findings_ruled_on": int(store.value(ruled, [call.id])),
        "turns_corrected": int(store.value(corrected, [call.id])),
    }


def _turn(turn: Report, texts: Mapping[int, str], report: Report, library: Library) -> dict[str, Any]:
    labels = {name: value for name, value in _labels(turn["id"], report, library) if value}
    return {"who": turn["speaker"], "text": texts[turn["id"]]} | labels


def _labels(turn: int, report: Report, library: Library) -> Iterator[tuple[str, Any]]:
    """What is marked on a turn; names that the library does not know are left out."""
    points = {point.id for _, point in library.points()}
    found = [one for one in report["points"] if one["turn"] == turn and one["id"] in points]
    yield "points", [one["id"] for one in found if one["status"] == "said"]
    yield "partial", [one["id"] for one in found if one["status"] == "partial"]
    asked = [one["kind"] for one in report["questions"] if one["turn"] == turn]
    yield "question", "open" if "open" in asked else next(iter(asked), None)
    yield "objection", next((_entry(one, library) for one in report["objections"] if one["turn"] == turn), None)
    answered = [one for one in report["objections"] if turn in one["answer_turns"]]
    yield "answers", next((_entry(one, library) for one in answered), None)
    yield "steps", next((list(one["steps"]) for one in answered if one["answer_turns"][0] == turn), None)
    known = {item.id for item in library.forbidden}
    banned = [one for one in report["forbidden"] if one["turn"] == turn and one["id"] in known]
    yield "forbidden", [one["id"] for one in banned if one.get("confidence", 1.0) >= CLEARLY]


def _entry(found: Report, library: Library) -> str:
    return str(found["id"]) if library.entry(found["id"]) else _OTHER


def _heard(number: int, turn: Report, texts: Mapping[int, str]) -> dict[str, Any]:
    times = {"start": turn["start"], "end": turn["end"]}
    return {"turn": number, "who": turn["speaker"], **times, "text": texts[turn["id"]]}
