"""A small library to change, and Hypothesis' libraries of all shapes."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from assist.scripts.library import SEVERITIES, STAGES, STEPS, Entry, Forbidden, Library, Point, Stage, Step

TEXT = """\
campaign: paper-delivery
title: 报纸订阅回访
company: [晨光报社]
terms: [日报, 周末版]
script:
  - stage: opening
    title: 开场白
    points:
      - {id: greet, title: 问候, weight: 2, say: [您好，请问是订户本人吗？]}
      - {id: reason, title: 来意, say: [想请您续订一年。]}
  - stage: close
    title: 促成
    points:
      - {id: ask, title: 邀请办理, say: [我现在帮您登记，可以吗？]}
playbook:
  - objection: busy
    title: 没时间
    heard_as: [我在忙]
    respond:
      - {step: acknowledge, title: 认同, say: [打扰您了。]}
  - objection: price
    title: 嫌贵
    heard_as: [贵]
    respond:
      - {step: answer, title: 回应, say: [一天不到一块钱。]}
forbidden:
  - {id: gift, title: 承诺赠品, severity: major, phrases: [送您一台电视]}
"""


def point(library: Library, name: str) -> Point:
    return next(each for _, each in library.points() if each.id == name)


def entry(library: Library, name: str) -> Entry:
    return next(each for each in library.playbook if each.objection == name)


def in_stage(library: Library, number: int, change: Callable[[tuple[Point, ...]], tuple[Point, ...]]) -> Library:
    script = list(library.script)
    script[number] = replace(script[number], points=change(script[number].points))
    return replace(library, script=tuple(script))


def with_point(library: Library, name: str, **values: Any) -> Library:
    script = [
        replace(stage, points=tuple(replace(each, **values) if each.id == name else each for each in stage.points))
        for stage in library.script
    ]
    return replace(library, script=tuple(script))


def without_point(library: Library, name: str) -> Library:
    script = [
        replace(stage, points=tuple(each for each in stage.points if each.id != name)) for stage in library.script
    ]
    return replace(library, script=tuple(script))


def many(of: st.SearchStrategy[Any], key: str, least: int = 0) -> st.SearchStrategy[Any]:
    return st.lists(of, min_size=least, max_size=3, unique_by=lambda item: getattr(item, key)).map(tuple)


def libraries_of(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Library]:
    """Libraries of all shapes, made of these texts."""
    names = texts.filter(lambda text: not set(text) & set("，、；") and any(map(str.isalnum, text))).map(str.strip)
    ids = st.from_regex(r"[a-z]{1,8}(-[a-z0-9]{1,5})?", fullmatch=True)
    several = st.lists(texts, min_size=1, max_size=3).map(tuple)
    some = st.lists(texts, max_size=2).map(tuple)
    points = st.builds(Point, id=ids, title=texts, say=several, required=st.booleans(), weight=st.integers(1, 3))
    steps = st.builds(Step, step=st.sampled_from(STEPS), title=texts, say=several)
    stages = st.builds(
        Stage, stage=st.sampled_from(STAGES), title=texts, points=st.lists(points, min_size=1, max_size=2).map(tuple)
    )
    respond = st.lists(steps, min_size=1, max_size=4).map(tuple)
    entries = st.builds(Entry, objection=ids, title=texts, heard_as=several, respond=respond, not_this=some)
    forbidden = st.builds(
        Forbidden, id=ids, title=texts, severity=st.sampled_from(SEVERITIES), phrases=several, allowed=some
    )
    return st.builds(
        Library,
        campaign=ids,
        title=texts,
        script=st.lists(stages, min_size=1, max_size=3).map(tuple),
        language=st.sampled_from(("zh", "en")),
        company=st.lists(names, max_size=2).map(tuple),
        terms=st.lists(names, max_size=2).map(tuple),
        playbook=many(entries, "objection"),
        forbidden=many(forbidden, "id"),
    ).filter(lambda library: len({point.id for _, point in library.points()}) == len(library.points()))


_PLAIN = st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co"))
libraries = libraries_of(
    st.text(_PLAIN | st.sampled_from("话术，。\n=+-@|#*<&"), min_size=1, max_size=15).filter(str.strip)
)
"""Libraries whose texts mean something to Excel, Word and Markdown."""
