"""A small library about a gym and calls made of plain lines, judged with the real packaged encoder."""

from functools import cache

from assist.scripts.index import Index, learn
from assist.scripts.library import Entry, Forbidden, Library, Point, Stage, Step
from assist.transcript import Transcript, Turn
from models.encoder import Encoder, load

LIBRARY = Library(
    campaign="gym",
    title="健身房体验邀约",
    company=("动力健身",),
    script=(
        Stage("opening", "开场白", (
            Point("identity", "确认身份", ("您好，请问是王女士吗？", "您是王女士本人吧？")),
            Point("intro", "自报家门", ("我是动力健身的小周。", "这里是动力健身，我姓周。")),
        )),
        Stage("discovery", "了解需求", (
            Point("habit", "了解运动习惯", ("您平时一周运动几次？", "现在都做些什么锻炼？")),
        )),
        Stage("pitch", "介绍", (
            Point("coach", "介绍教练", ("每位会员都配一名持证教练，帮您定计划。", "教练全部持证，一对一带您练。")),
        )),
        Stage("ending", "结束", (Point("bye", "礼貌结束", ("感谢您的接听，祝您生活愉快，再见。",)),)),
    ),
    playbook=(
        Entry("price", "太贵", ("办卡太贵了", "一年好几千呢", "没那么多钱"), (
            Step("acknowledge", "认同", ("我理解，谁的钱都不是白来的。",)),
            Step("clarify", "澄清", ("您是觉得年费高，还是怕用不上？",)),
            Step("answer", "回应", ("平均一天不到十块钱，教练也包含在里面。",)),
            Step("advance", "推进", ("要不您先来体验一次，周六方便吗？",)),
        )),
        Entry("busy", "没时间", ("现在没空", "我在开会"), (
            Step("acknowledge", "认同", ("不好意思，打扰您了。",)),
            Step("advance", "推进", ("那我晚上再给您打可以吗？",)),
        )),
        Entry("not-needed", "不需要", ("我不需要健身", "我自己在家跑步就行"), (
            Step("acknowledge", "认同", ("您有运动习惯真好。",)),
        )),
    ),
    forbidden=(
        Forbidden("sure-loss", "保证减重", "critical", ("保证一个月瘦二十斤", "包瘦，不瘦退钱", "百分之百能瘦下来")),
    ),
)  # fmt: skip


@cache
def encoder() -> Encoder:
    return load()


@cache
def index() -> Index:
    return learn(LIBRARY, encoder())


def call(*lines: str, confidence: float = 1.0) -> Transcript:
    """`坐席：…` and `客户：…`, one turn each, four seconds long."""
    turns = tuple(
        Turn(i, "agent" if line.startswith("坐席") else "customer", i * 5.0, i * 5.0 + 4.0, line[3:])
        for i, line in enumerate(lines)
    )
    return Transcript(turns, seconds=len(lines) * 5.0, speech_seconds=len(lines) * 4.0, speakers_confidence=confidence)
