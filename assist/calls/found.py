"""Conditions on what was found in calls: points, objections, criteria, flags, scores. They look at rows made for
counting, never into analyses."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args

from assist.analysis.findings import SKILLS

PointIs = Literal["missed", "said"]
ObjectionIs = Literal["raised", "unanswered", "answered"]
POINT_IS: tuple[PointIs, ...] = get_args(PointIs)
OBJECTION_IS: tuple[ObjectionIs, ...] = get_args(ObjectionIs)

WEAK = 0.5
"""A criterion below this counts as missed."""
JUDGED = "c.state = 'ready' AND coalesce(c.outcome, '') <> 'no-conversation'"
"""Calls that figures are of: somebody was spoken to."""


@dataclass(frozen=True, slots=True)
class Found:
    """All optional. `point` was missed or said (also in part); `objection` was raised, and what became of it; without
    an id `objection_is` means any. `criterion` (skill/id, or the id alone) was missed. `rule` raised a flag.

    `below` and `at_least` bound the score of `skill`, `scored` asks only that it has one. `judged`: with somebody to
    talk to.
    """

    point: str | None = None
    point_is: PointIs = "missed"
    objection: str | None = None
    objection_is: ObjectionIs | None = None
    criterion: str | None = None
    rule: str | None = None
    skill: str | None = None
    below: int | None = None
    at_least: int | None = None
    scored: bool = False
    judged: bool = False

    def __bool__(self) -> bool:
        return self != Found()


def conditions(found: Found) -> tuple[list[str], dict[str, Any]]:
    """Conditions on calls c, and their parameters."""
    told: list[str] = []
    values: dict[str, Any] = {}
    for condition, given in (*_findings(found), *_scores(found)):
        told.append(condition)
        values |= given
    return told, values


# Looked up call by call: whoever asks sees a small part of all calls, and of those the latest come first.
def _findings(found: Found) -> Iterator[tuple[str, dict[str, Any]]]:
    if found.point:
        statuses = ["missed"] if found.point_is == "missed" else ["said", "partial"]
        yield (
            """EXISTS (SELECT 1 FROM spoken_points s WHERE s.call_id = c.id AND s.point = :point
                        AND s.status IN (SELECT value FROM json_each(:statuses)))""",
            {"point": found.point, "statuses": json.dumps(statuses)},
        )
    if found.objection or found.objection_is:
        which = " AND o.objection = :objection" if found.objection else ""
        answered = {"unanswered": " AND o.answered = 0", "answered": " AND o.answered = 1"}
        yield (
            f"""EXISTS (SELECT 1 FROM raised_objections o
                        WHERE o.call_id = c.id{which}{answered.get(found.objection_is or "", "")})""",
            {"objection": found.objection} if found.objection else {},
        )
    if found.criterion:
        skill, _, criterion = found.criterion.rpartition("/")
        which = " AND k.skill = :of_skill" if skill else ""
        yield (
            f"""EXISTS (SELECT 1 FROM call_criteria k
                        WHERE k.call_id = c.id AND k.criterion = :criterion{which} AND k.value < {WEAK})""",
            {"criterion": criterion} | ({"of_skill": skill} if skill else {}),
        )
    if found.rule:
        yield "EXISTS (SELECT 1 FROM flags f WHERE f.call_id = c.id AND f.rule = :rule)", {"rule": found.rule}


def _scores(found: Found) -> Iterator[tuple[str, dict[str, Any]]]:
    if found.skill in (*SKILLS, "overall"):
        if found.below is not None:
            yield f"c.{found.skill} < :below", {"below": found.below}
        if found.at_least is not None:
            yield f"c.{found.skill} >= :at_least", {"at_least": found.at_least}
        if found.scored:
            yield f"c.{found.skill} IS NOT NULL", {}
    if found.judged:
        yield JUDGED, {}
