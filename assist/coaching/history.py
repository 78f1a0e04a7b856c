"""Flags that need an agent's other calls: the same weakness in the last of them, and the sample of ordinary ones."""

from collections.abc import Mapping, Sequence
from typing import Any

from assist.analysis.findings import SKILLS, Skill
from assist.analysis.repeated import Judged, Line, Shown, Weakness, sampled, weaknesses
from assist.analysis.rubric import Rubric, Rule
from assist.coaching.items import SEVERITY
from assist.store import Store
from assist.store.clock import stamp
from assist.store.shown import analysis_of
from assist.texts import N_, translate

REPEATED, SAMPLE = "repeated-weakness", "sample"

_SKILL_AGAIN = N_("%(skill)s was under %(bar)d in %(hits)d of the last %(of)d calls, most often for: %(criterion)s.")
_CRITERION_AGAIN = N_("%(skill)s: “%(criterion)s” was missing in %(hits)d of the last %(of)d calls.")
_SAMPLED = N_("Drawn by lot from the ordinary calls, so that the picture stays honest.")


def sample_flag(store: Store, call: Mapping[str, Any], rubric: Rubric, language: str) -> dict[str, Any] | None:
    """The flag of an ordinary call that is drawn; the same call is drawn, or not, for good under one rule."""
    rule = rubric.active(SAMPLE)
    if rule is None or not call["agent_id"]:
        return None
    known = store.row("SELECT rule, taken FROM samples WHERE call_id = ?", [call["id"]])
    drawn = bool(known["taken"]) if known and known["rule"] == rule.version else _draw(store, call, rule)
    if not drawn:
        return None
    return {"rule": SAMPLE, "severity": rule.severity, "reason": translate(_SAMPLED, language), "turns": []}


def _draw(store: Store, call: Mapping[str, Any], rule: Rule) -> bool:
    counts = store.row(
        """SELECT count(*) AS seen, coalesce(sum(taken), 0) AS taken FROM samples
           WHERE agent_id = ? AND rule = ? AND call_id <> ?""",
        [call["agent_id"], rule.version, call["id"]],
    )
    drawn = sampled(rule, call["sha256"], **(counts or {"seen": 0, "taken": 0}))
    values = {"call_id": call["id"], "agent_id": call["agent_id"], "rule": rule.version, "taken": int(drawn)}
    store.db.table("samples").upsert(values, pk="call_id")
    return drawn


def repeated(store: Store, agent_id: int, rule: Rule) -> tuple[Weakness, ...]:
    """What the agent's last judged calls show again and again. After a talk about a skill it is counted anew."""
    return weaknesses(rule, {skill: _last(store, agent_id, skill, rule.of) for skill in SKILLS})


def _last(store: Store, agent_id: int, skill: Skill, most: int) -> list[Judged]:
    since = store.value(
        """SELECT max(closed_at) FROM flag_outcomes
           WHERE agent_id = ? AND rule = ? AND (about = ? OR about LIKE ? || '/%')""",
        [agent_id, REPEATED, skill, skill],
    )
    rows = store.rows(
        f"""SELECT id, {skill} AS value FROM calls
            WHERE agent_id = ? AND state = 'ready' AND {skill} IS NOT NULL AND called_at > ?
            ORDER BY called_at DESC, id DESC LIMIT ?""",
        [agent_id, since or "", most],
    )
    lines = _lines(store, skill, [row["id"] for row in rows])
    return [Judged(row["id"], {skill: row["value"]}, lines.get(row["id"], {})) for row in rows]


def _lines(store: Store, skill: Skill, calls: Sequence[int]) -> dict[int, dict[tuple[Skill, str], Line]]:
    marks = ",".join(str(int(call)) for call in calls)
    found: dict[int, dict[tuple[Skill, str], Line]] = {}
    for row in store.rows(
        f"""SELECT call_id, criterion, value, weight, turn, start FROM call_criteria
            WHERE call_id IN ({marks}) AND skill = ?""",
        [skill],
    ):
        line = Line(row["value"], row["weight"], row["turn"], row["start"])
        found.setdefault(row["call_id"], {})[skill, row["criterion"]] = line
    return found


def refresh(store: Store, agent_id: int | None, rubric: Rubric, language: str) -> None:
    """Brings the agent's open repeated weaknesses up to date, each as one item with its examples; the calls that only
    show the same are folded into it. What somebody works on is not taken away."""
    rule = rubric.active(REPEATED)
    if agent_id is None:
        return
    found = {one.skill: one for one in repeated(store, agent_id, rule)} if rule else {}
    for anchor in _anchors(store, agent_id):
        skill = anchor["about"].partition("/")[0]
        one = found.get(skill)
        if one is not None and anchor["call_id"] in one.calls:
            found.pop(skill)
            _write(store, anchor["call_id"], anchor["about"], one, rubric, language)
        elif not anchor["held"]:
            _remove(store, anchor["call_id"], anchor["about"])
        else:
            found.pop(skill, None)
    for one in found.values():
        anchor_id = _anchor(store, one)
        if anchor_id is not None:
            _write(store, anchor_id, one.about, one, rubric, language)


def _anchors(store: Store, agent_id: int) -> list[dict[str, Any]]:
    """Open items that stand for a repeated weakness; `held` by a lead."""
    return store.rows(
        """SELECT f.call_id, f.about, (q.claimed_until > ? OR q.assigned_to IS NOT NULL) AS held
           FROM queue_items q JOIN flags f ON f.call_id = q.call_id AND f.rule = ?
           WHERE q.agent_id = ? AND q.state = 'open'""",
        [stamp(), REPEATED, agent_id],
    )


def _anchor(store: Store, one: Weakness) -> int | None:
    """The latest call that shows the weakness and was not closed yet."""
    marks = ",".join(str(int(call)) for call in one.calls)
    closed = {
        row["call_id"]
        for row in store.rows(f"SELECT call_id FROM queue_items WHERE call_id IN ({marks}) AND state <> 'open'")
    }
    return next((call for call in one.calls if call not in closed), None)


def _write(store: Store, call_id: int, was: str, one: Weakness, rubric: Rubric, language: str) -> None:
    rule = rubric.active(REPEATED)
    if rule is None:
        return
    _remove(store, call_id, was, unfold=False)
    shown = [_example(store, call_id, one.about, place, each) for place, each in enumerate(one.examples, 1)]
    first = shown[0] if shown and shown[0]["example_id"] == call_id else {"turn": None, "start": None, "quote": ""}
    db = store.db
    db.table("flags").insert(
        {
            "call_id": call_id,
            "rule": REPEATED,
            "severity": rule.severity,
            "reason": reason(one, rule, rubric, language),
            **{key: first[key] for key in ("turn", "start", "quote")},
            "about": one.about,
            "rubric": rubric.version,
        }
    )
    db.table("flag_examples").insert_all(shown)
    _stand_for(store, call_id, one, rule)


def reason(one: Weakness, rule: Rule, rubric: Rubric, language: str) -> str:
    """The weakness in a sentence."""
    skill = rubric.skills[one.skill]
    names = {named.id: named.title(language) for named in skill.criteria}
    text = _CRITERION_AGAIN if one.criterion else _SKILL_AGAIN
    return translate(text, language) % {
        "skill": skill.title(language),
        "criterion": names.get(one.worst, one.worst),
        "bar": round(rule.below or 0),
        "hits": one.hits,
        "of": one.of,
    }


def _example(store: Store, call_id: int, about: str, place: int, shown: Shown) -> dict[str, Any]:
    report = analysis_of(store, shown.call_id) or {"turns": (), "scores": {}}
    quote = next((turn["text"] for turn in report["turns"] if turn["id"] == shown.turn), "")
    lines = report["scores"].get(about.partition("/")[0], {}).get("criteria", ())
    return {
        "call_id": call_id,
        "about": about,
        "place": place,
        "example_id": shown.call_id,
        "turn": shown.turn,
        "start": shown.start,
        "quote": quote[:200],
        "why": next((line["why"] for line in lines if line["id"] == shown.criterion), "")[:300],
    }


def _stand_for(store: Store, call_id: int, one: Weakness, rule: Rule) -> None:
    """The call's item stands for all calls that show the weakness and nothing worse."""
    others = [call for call in one.calls if call != call_id]
    marks = ",".join(str(int(call)) for call in others)
    severity = SEVERITY[rule.severity]
    row = store.row("SELECT agent_id, team_id, coalesce(priority, 0) AS priority FROM calls WHERE id = ?", [call_id])
    db = store.db
    db.execute(
        """INSERT INTO queue_items (call_id, state, queued_at, kind, agent_id, team_id, urgency, severity)
           VALUES (:call, 'open', :now, 'coach', :agent_id, :team_id, max(:priority, 50), :severity)
           ON CONFLICT (call_id) DO UPDATE SET kind = 'coach', urgency = max(urgency, 50), folded_into = NULL,
               severity = max(severity, :severity)""",
        {"call": call_id, "now": stamp(), "severity": severity, **(row or {})},
    )
    db.execute(
        f"""UPDATE queue_items SET folded_into = ? WHERE call_id IN ({marks}) AND state = 'open' AND kind = 'coach'
              AND severity < 3 AND claimed_by IS NULL AND assigned_to IS NULL AND snoozed_until IS NULL
              AND (SELECT focus FROM calls WHERE id = call_id) = ?
              AND NOT EXISTS (SELECT 1 FROM flags f WHERE f.call_id = queue_items.call_id
                              AND f.rule IN ('{REPEATED}', 'complaint'))""",
        [call_id, one.skill],
    )


def _remove(store: Store, call_id: int, about: str, *, unfold: bool = True) -> None:
    """Takes the flag away. A call that was only there for it leaves the queue."""
    db = store.db
    db.execute("DELETE FROM flags WHERE call_id = ? AND rule = ? AND about = ?", [call_id, REPEATED, about])
    db.execute("DELETE FROM flag_examples WHERE call_id = ? AND about = ?", [call_id, about])
    if unfold:
        db.execute("UPDATE queue_items SET folded_into = NULL WHERE folded_into = ?", [call_id])
        db.execute(
            """DELETE FROM queue_items WHERE call_id = ? AND state = 'open' AND reason = ''
               AND NOT EXISTS (SELECT 1 FROM flags f WHERE f.call_id = queue_items.call_id)""",
            [call_id],
        )
