"""Two libraries side by side."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assist.scripts.compare import Comparison, ItemDiff, Words, compare, words
from assist.scripts.formats.yaml_format import loads
from assist.scripts.library import Library, Point
from tests.assist.scripts.libraries import TEXT, entry, in_stage, with_point, without_point

BASE = loads(TEXT)


def item(found: Comparison, name: str) -> ItemDiff:
    return next(each for each in found.items() if each.id == name)


def field(found: ItemDiff, name: str):
    return next(each for each in found.fields if each.name == name)


def marked(old: str, new: str) -> str:
    signs = {"same": "%s", "out": "[-%s-]", "in": "[+%s+]"}
    return "".join(signs[part.op] % part.text for part in words(old, new))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("每个月只要三十元", "每个月只要五十元", "每个月只要[-三十元-][+五十元+]"),
        ("您现在方便接电话吗？", "您现在方便聊两句吗？", "您现在方便[-接电话-][+聊两句+]吗？"),
        ("宽带提速", "宽带免费提速", "宽带[+免费+]提速"),
        ("一年360元", "一年420元", "一年[-360-][+420+]元"),
        ("good morning", "good evening", "good [-morning-][+evening+]"),
    ],
)
def test_differences_are_in_words(old: str, new: str, told: str) -> None:
    assert marked(old, new) == told


@given(st.text(max_size=30), st.text(max_size=30))
def test_each_side_reads_whole(old: str, new: str) -> None:
    found = words(old, new)
    assert "".join(part.text for part in found if part.op != "in") == old
    assert "".join(part.text for part in found if part.op != "out") == new


def test_the_same_library_has_no_difference() -> None:
    found = compare(BASE, BASE)
    assert found.same
    assert set(found.counts.values()) == {0}


def test_a_changed_wording_is_shown_beside_what_it_was() -> None:
    new = with_point(BASE, "greet", say=("早上好！", "您好，请问是张女士本人吗？"))
    found = item(compare(BASE, new), "greet")
    rows = field(found, "say").rows
    assert (found.change, [row.change for row in rows]) == ("changed", ["added", "changed"])
    assert Words("out", "订户") in rows[1].words


def test_facts_of_a_point_are_compared() -> None:
    found = item(compare(BASE, with_point(BASE, "greet", required=False, weight=3)), "greet")
    changed = {each.name: (each.rows[0].old, each.rows[0].new) for each in found.fields if each.change == "changed"}
    assert changed == {"required": ("true", "false"), "weight": ("2", "3")}


def test_what_was_added_and_removed_stands_in_its_place() -> None:
    new = in_stage(without_point(BASE, "reason"), 0, lambda points: (*points, Point("new", "新", ("一",))))
    points = compare(BASE, new).stages[0].points
    assert [(each.id, each.change) for each in points] == [("greet", "same"), ("reason", "removed"), ("new", "added")]


def test_a_point_moved_to_another_stage_says_where_it_was() -> None:
    point = BASE.script[0].points[1]
    new = in_stage(without_point(BASE, "reason"), 1, lambda points: (point, *points))
    found = item(compare(BASE, new), "reason")
    assert (found.change, found.moved, found.was_in) == ("same", True, "开场白")
    assert compare(BASE, new).counts == {"added": 0, "removed": 0, "changed": 0, "moved": 1}


def test_the_fewest_points_are_said_to_have_moved() -> None:
    wide = in_stage(BASE, 0, lambda points: (*points, *(Point(f"p{n}", "点", ("话",)) for n in range(4))))
    turned = in_stage(wide, 0, lambda points: (*points[1:], points[0]))
    assert [each.id for each in compare(wide, turned).items() if each.moved] == ["greet"]


def test_a_renamed_stage_is_the_same_stage() -> None:
    new = replace(BASE, script=(replace(BASE.script[0], title="破冰"), *BASE.script[1:]))
    found = compare(BASE, new).stages[0]
    assert (found.change, [point.change for point in found.points]) == ("changed", ["same", "same"])


def test_removed_stages_and_their_points_are_shown() -> None:
    found = compare(BASE, replace(BASE, script=BASE.script[:1])).stages[1]
    assert (found.change, [point.change for point in found.points]) == ("removed", ["removed"])


def test_steps_of_an_answer_are_compared_by_step() -> None:
    busy = entry(BASE, "busy")
    step = replace(busy.respond[0], say=("打扰您了，不好意思。",))
    new = replace(BASE, playbook=(replace(busy, respond=(step,)), entry(BASE, "price")))
    found = item(compare(BASE, new), "busy")
    assert [each.name for each in found.fields if each.change != "same"] == ["acknowledge"]


def swapped(library: Library) -> Library:
    return replace(library, playbook=library.playbook[::-1])


def test_forbidden_items_entries_and_facts_count_too() -> None:
    new = replace(swapped(BASE), terms=("日报",), forbidden=())
    found = compare(BASE, new)
    assert found.counts == {"added": 0, "removed": 1, "changed": 0, "moved": 1}
    assert [each.name for each in found.facts if each.change != "same"] == ["terms"]
    assert not found.same
