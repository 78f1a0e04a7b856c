"""A small library to change, and Hypothesis' libraries of all shapes."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from assist.scripts.library import Entry, Library, Point

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
