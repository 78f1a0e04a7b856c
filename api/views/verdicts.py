"""What people say of the findings of a call, as its page and the page of one finding show it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api import words
from assist.analysis.findings import SKILLS
from assist.analysis.verdicts import Ruling
from assist.calls import calls
from assist.calls.calls import Call
from assist.coaching import disputes, named, selfscore, verdicts
from assist.coaching.disputes import Dispute
from assist.coaching.judged import Judged
from assist.coaching.named import Named
from assist.coaching.verdicts import Ruled
from assist.people import access
from assist.people.users import User
from assist.store import Store
from assist.store.clock import now
from assist.texts import translate


@dataclass(frozen=True, slots=True)
class Said:
    """The shortest word on one finding: who is at it, or what became of it."""

    text: str
    grade: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a finding's history. `kind` raised, withdrawn, kept, changed or accepted; `what` says the change."""

    kind: str
    by: str
    at: datetime | None
    reason: str
    what: str = ""


def around(store: Store, user: User, call: Call, tag: str) -> dict[str, object]:
    """What the call page must know of verdicts: `said` by the name of the finding, `ruled` all that hold, `machine` the
    machine's own scores where others stand."""
    ruled, disputed = verdicts.standing(store, call.id), disputes.of_call(store, call.id)
    machine = calls.machine_analysis(store, call) if call.machine_key else None
    return {
        "said": _said(ruled, disputed, disputes.accepted(store, call.id), tag),
        "ruled": [(one, rulings_text(one, tag)) for one in ruled],
        "disputed": disputed,
        "machine_scores": {skill: machine["scores"][skill]["value"] for skill in (*SKILLS, "overall")}
        if machine
        else {},
        "may_dispute": may_dispute(store, user, call),
        "may_rule": access.may_rule(user, agent_id=call.agent_id, team_id=call.team_id),
        "own_score": selfscore.of_call(store, user, call),
        "may_self_score": call.agent_id == user.id and access.allows(user, "call.self-score"),
    }


def may_dispute(store: Store, user: User, call: Call) -> bool:
    """Whether the user may dispute findings of the call, and still in time."""
    mine = call.agent_id == user.id and access.allows(user, "finding.dispute")
    return mine and call.state == "ready" and now() < disputes.until(store, call)


def history(found: Named, call: Call, ruled: Sequence[Ruled], disputed: Sequence[Dispute], tag: str) -> list[Step]:
    """What happened to one finding, the first step first."""
    name = found.name
    steps = [Step(one.decision, one.made_by, one.made_at, one.reason, rulings_text(one, tag)) for one in ruled
             if one.name == name]  # fmt: skip
    for one in disputed:
        if one.name == name:
            steps.append(Step("raised", one.agent, one.raised_at, one.reason))
            if one.state == "withdrawn":
                steps.append(Step("withdrawn", one.agent, one.decided_at, ""))
    return sorted(steps, key=lambda step: step.at or call.called_at)


def rulings_text(one: Ruled, tag: str) -> str:
    """What a person made of a finding, in a few words; empty where it was kept."""
    return ruling_text(one.ruling, tag) if one.decision == "changed" else ""


def ruling_text(ruling: Ruling, tag: str) -> str:
    parts = [translate(words.RULING_GONE, tag)] if ruling.gone else []
    if ruling.status:
        parts.append(_word(words.STATUS, ruling.status, tag))
    if ruling.id:
        parts.append(ruling.id)
    if ruling.steps is not None:
        steps = ("、" if tag.startswith("zh") else ", ").join(_word(words.STEP, step, tag) for step in ruling.steps)
        parts.append(steps or translate(words.NO_STEP, tag))
    if ruling.outcome:
        parts.append(_word(words.OBJECTION_OUTCOME, ruling.outcome, tag))
    if ruling.question:
        parts.append(_word(words.QUESTION, ruling.question, tag))
    if ruling.value is not None:
        parts.append(f"{ruling.value:.0%}")
    return " · ".join(parts)


def state_text(found: Named, state: Mapping[str, Any], tag: str) -> str:
    """What a finding is by its state, in words."""
    if found.about.kind == "criterion":
        return "—" if state.get("value") is None else f"{state['value']:.0%}"
    parts = [_word(words.STATUS, state["status"], tag)] if state.get("status") else []
    if state.get("outcome"):
        parts.append(_word(words.OBJECTION_OUTCOME, state["outcome"], tag))
        parts += [_word(words.STEP, step, tag) for step in state.get("steps", [])]
    if state.get("question"):
        parts.append(_word(words.QUESTION, state["question"], tag))
    if state.get("severity"):
        parts.append(_word(words.SEVERITY, state["severity"], tag))
    return " · ".join(parts)


def titled(found: Named, judged: Judged, tag: str) -> str:
    """The finding's title; a question and an unknown objection have none of their own."""
    if found.title:
        return found.title
    return _word(words.FINDING, found.about.kind, tag)


def turns_of(judged: Judged, *speakers: str) -> list[dict[str, Any]]:
    """The turns that may be evidence."""
    return [
        {"id": turn.id, "start": turn.start, "speaker": turn.speaker, "text": turn.text[:60]}
        for turn in judged.lines
        if turn.speaker in speakers and turn.text and not turn.unintelligible
    ]


def _word(table: Mapping[str, str], key: str, tag: str) -> str:
    return translate(table[key], tag)


def _said(ruled: Sequence[Ruled], disputed: Sequence[Dispute], accepted: set[str], tag: str) -> dict[str, Said]:
    found = {name: Said(translate(words.ACCEPTED, tag), "good") for name in accepted}
    for one in ruled:
        text, grade = words.DECISION[one.decision], words.DECISION_GRADE[one.decision]
        if not one.fits:
            text, grade = words.NO_LONGER_FITS, "fair"
        said = Said(translate(text, tag), grade)
        about = one.about
        renamed = named.name_of(type(about)(about.kind, one.ruling.id or about.id, about.start, about.end))
        found |= {one.name: said, renamed: said}
    for each in disputed:
        if each.state == "open":
            found[each.name] = Said(_word(words.DISPUTE, "open", tag), "fair")
    return found
