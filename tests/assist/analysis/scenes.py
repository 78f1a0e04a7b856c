"""Calls written down for tests: lines of text become a transcript, findings are given by hand."""

from collections.abc import Sequence
from dataclasses import replace

from assist.analysis import delivery, outcome, questions
from assist.analysis.findings import (
    Findings,
    ForbiddenFinding,
    ObjectionFinding,
    Outcome,
    PointFinding,
    Status,
)
from assist.analysis.floor import Floor, evidence
from assist.analysis.rubric import Rubric, default
from assist.analysis.scene import Scene
from assist.scripts.library import Entry, Forbidden, Library, Point, Severity, Stage, Step, StepName
from assist.transcript import Transcript, Turn

PACE = 4.5

LIBRARY = Library(
    campaign="water-filter",
    title="净水器换芯",
    language="zh",
    company=("清泉家电",),
    script=(
        Stage(
            "opening",
            "开场白",
            (
                Point("confirm-identity", "确认客户身份", ("请问是张先生吗？",), weight=2),
                Point("self-intro", "自报公司和姓名", ("我是清泉家电的小周。",), weight=2),
                Point("purpose", "说明来意", ("给您打电话是想提醒您该换滤芯了。",), weight=2),
                Point("ask-time", "征询是否方便", ("您现在方便吗？",), required=False),
            ),
        ),
        Stage(
            "discovery",
            "了解需求",
            (
                Point("usage", "了解用水情况", ("家里几口人用水？",)),
                Point("taste", "了解口感", ("最近水喝着怎么样？",), weight=2),
            ),
        ),
        Stage("pitch", "介绍", (Point("filter", "介绍滤芯", ("新滤芯能用一年。",)),)),
        Stage("close", "促成", (Point("book", "约上门", ("师傅周六上门可以吗？",)),)),
        Stage("ending", "结束", (Point("bye", "告别", ("祝您生活愉快。",)),)),
    ),
    playbook=(
        Entry(
            "price",
            "嫌贵",
            ("太贵了",),
            (
                Step("acknowledge", "认同", ("您精打细算是对的。",)),
                Step("clarify", "澄清", ("您是觉得哪一项贵？",)),
                Step("answer", "回应", ("平均一天不到五毛。",)),
                Step("advance", "推进", ("我先给您留一套好吗？",)),
            ),
        ),
    ),
    forbidden=(Forbidden("cure", "承诺治病", "critical", ("喝了能治病",)),),
)


def transcript(*lines: str, language: str = "zh", gap: float = 0.4) -> Transcript:
    """`a: …` is the agent, `c: …` the customer; each turn takes its usual time."""
    turns: list[Turn] = []
    now = 0.0
    for place, line in enumerate(lines):
        who, _, text = line.partition(": ")
        seconds = max(0.3, len(text) / PACE)
        turns.append(Turn(place, "agent" if who == "a" else "customer", now, now + seconds, text))
        now += seconds + gap
    return Transcript(tuple(turns), language=language, seconds=now)


def said(call: Transcript, **points: int | tuple[int, Status]) -> tuple[PointFinding, ...]:
    """Points of LIBRARY by id (with _ for -): the turn that says it, or (turn, status); the rest is missed."""
    found = {name.replace("_", "-"): place for name, place in points.items()}
    return tuple(_point(call, point.id, found.get(point.id)) for _, point in LIBRARY.points())


def _point(call: Transcript, name: str, place: int | tuple[int, Status] | None) -> PointFinding:
    if place is None:
        return PointFinding(name, "missed", 0.9)
    turn, status = place if isinstance(place, tuple) else (place, "said")
    return PointFinding(name, status, 0.9, evidence(call.turns[turn]))


def objection(
    call: Transcript,
    turn: int,
    steps: Sequence[StepName] = (),
    *,
    answered: bool | None = None,
    force: str = "objection",
) -> ObjectionFinding:
    done = bool(steps) if answered is None else answered
    return ObjectionFinding(
        "price",
        evidence(call.turns[turn]),
        0.9,
        force,  # type: ignore[arg-type]
        done,
        (turn + 1,) if done else (),
        tuple(steps),
        "resolved" if steps else "unanswered",
    )


def forbidden(call: Transcript, turn: int, severity: Severity = "critical") -> ForbiddenFinding:
    return ForbiddenFinding("cure", evidence(call.turns[turn]), severity)


def findings(
    call: Transcript,
    points: tuple[PointFinding, ...] | None = None,
    objections: Sequence[ObjectionFinding] = (),
    banned: Sequence[ForbiddenFinding] = (),
    ended: Outcome | None = None,
) -> Findings:
    points = said(call) if points is None else points
    return Findings(
        points=points,
        objections=tuple(objections),
        questions=questions.find(call),
        forbidden=tuple(banned),
        delivery=delivery.measure(call),
        outcome=ended or outcome.read(call, LIBRARY, points, objections),
    )


def scene(call: Transcript, found: Findings | None = None, rubric: Rubric | None = None) -> Scene:
    return Scene(Floor(call), LIBRARY, found or findings(call), rubric or default())


def good_call() -> tuple[Transcript, Findings]:
    """Everything as it should be; one objection about the price, handled in four steps."""
    call = transcript(
        "a: 您好，请问是张先生吗？",
        "c: 是我，哪位？",
        "a: 张先生好，我是清泉家电的小周，想提醒您滤芯到期了，帮您免费测一次水，您现在方便吗？",
        "c: 方便，你说。",
        "a: 家里几口人用水，平时都怎么用？",
        "c: 四口人，做饭喝茶都用它，孩子冲奶粉也用，一天好几桶呢。",
        "a: 冲奶粉也用，那最近水喝着怎么样？",
        "c: 有点怪味，泡茶尤其明显，我爱人老念叨这事情呢。",
        "a: 茶味一变确实难受。您最担心的是什么？",
        "c: 担心孩子喝了不好呗，所以一直想问问你们到底该多久换一次。",
        "a: 新滤芯换上能用一年，奶粉茶水都放心。",
        "c: 那得多少钱，太贵了吧。",
        "a: 您精打细算是对的，您是觉得哪一项贵？平均一天不到五毛，我先给您留一套好吗？",
        "c: 嗯，那行吧。",
        "a: 那周六上午让师傅上门，可以吗？",
        "c: 可以，周六上午我在家。",
        "a: 好的，谢谢您，祝您生活愉快，再见。",
        "c: 再见。",
    )
    points = said(
        call, confirm_identity=0, self_intro=2, purpose=2, ask_time=2, usage=4, taste=6, filter=10, book=14, bye=16
    )
    handled = objection(call, 11, ("acknowledge", "clarify", "answer", "advance"))
    return call, findings(call, points, [handled])


def renumbered(call: Transcript, *extra: Turn) -> Transcript:
    """The call with more turns, in order of time."""
    return replace(call, turns=tuple(sorted((*call.turns, *extra), key=lambda turn: turn.start)))
