"""Two editors' changes of one library, put together."""

from dataclasses import replace

import pytest

from assist.scripts.formats.yaml_format import loads
from assist.scripts.library import Library, Point
from assist.scripts.merge import merge
from tests.assist.scripts.libraries import TEXT, entry, in_stage, point, with_point, without_point

BASE = loads(TEXT)


def test_changes_of_different_points_are_both_kept() -> None:
    mine = with_point(BASE, "reason", title="来意说明")
    theirs = with_point(BASE, "greet", weight=3)
    merged = merge(BASE, mine, theirs)
    assert not merged.clashes
    assert (point(merged.library, "reason").title, point(merged.library, "greet").weight) == ("来意说明", 3)


def test_changes_of_different_sides_of_one_point_are_both_kept() -> None:
    merged = merge(BASE, with_point(BASE, "greet", title="打招呼"), with_point(BASE, "greet", weight=3))
    assert not merged.clashes
    assert (point(merged.library, "greet").title, point(merged.library, "greet").weight) == ("打招呼", 3)


def test_the_same_text_changed_twice_is_a_clash_with_both() -> None:
    mine, theirs = with_point(BASE, "greet", title="打招呼"), with_point(BASE, "greet", title="寒暄")
    merged = merge(BASE, mine, theirs)
    (clash,) = merged.clashes
    assert (clash.kind, clash.mine.title, clash.theirs.title) == ("point", "打招呼", "寒暄")
    assert point(merged.library, "greet").title == "寒暄"


def test_a_clash_is_settled_by_a_choice() -> None:
    mine, theirs = with_point(BASE, "greet", title="打招呼"), with_point(BASE, "greet", title="寒暄")
    merged = merge(BASE, mine, theirs, {"point:greet": "mine"})
    assert not merged.clashes
    assert point(merged.library, "greet").title == "打招呼"


def test_wordings_that_both_added_to_one_point_are_both_kept() -> None:
    say = point(BASE, "greet").say
    mine, theirs = with_point(BASE, "greet", say=(*say, "早上好")), with_point(BASE, "greet", say=(*say, "下午好"))
    merged = merge(BASE, mine, theirs)
    assert not merged.clashes
    assert set(point(merged.library, "greet").say) == {*say, "早上好", "下午好"}


def test_facts_of_the_library_clash_like_anything_else() -> None:
    merged = merge(BASE, replace(BASE, title="一"), replace(BASE, title="二"))
    assert [(clash.key, clash.title, clash.mine) for clash in merged.clashes] == [("library:title", "title", "一")]


def test_one_wording_rewritten_by_both_is_a_clash() -> None:
    mine, theirs = with_point(BASE, "greet", say=("早上好",)), with_point(BASE, "greet", say=("下午好",))
    assert [clash.key for clash in merge(BASE, mine, theirs).clashes] == ["point:greet"]


def test_removing_what_the_other_changed_is_a_clash() -> None:
    merged = merge(BASE, without_point(BASE, "greet"), with_point(BASE, "greet", title="寒暄"))
    (clash,) = merged.clashes
    assert clash.mine is None
    assert point(merged.library, "greet").title == "寒暄"


def test_a_removed_point_is_gone_where_the_other_left_it_alone() -> None:
    merged = merge(BASE, without_point(BASE, "greet"), with_point(BASE, "reason", title="来意说明"))
    assert not merged.clashes
    assert [each.id for _, each in merged.library.points()] == ["reason", "ask"]


def test_points_that_both_added_stand_where_they_were_put() -> None:
    mine = in_stage(BASE, 0, lambda points: (points[0], Point("mine", "我的", ("一",)), *points[1:]))
    theirs = in_stage(BASE, 1, lambda points: (Point("theirs", "他的", ("二",)), *points))
    merged = merge(BASE, mine, theirs)
    assert not merged.clashes
    assert [each.id for _, each in merged.library.points()] == ["greet", "mine", "reason", "theirs", "ask"]


def test_a_stage_removed_here_stays_where_the_other_filled_it() -> None:
    mine = replace(BASE, script=BASE.script[:1])
    theirs = in_stage(BASE, 1, lambda points: (*points, Point("new", "新", ("三",))))
    merged = merge(BASE, mine, theirs)
    assert [each.id for _, each in merged.library.points()] == ["greet", "reason", "new"]
    assert merged.library.script[1].title == BASE.script[1].title


def test_one_side_may_reorder_while_the_other_writes() -> None:
    mine = in_stage(BASE, 0, lambda points: points[::-1])
    merged = merge(BASE, mine, with_point(BASE, "greet", title="寒暄"))
    assert not merged.clashes
    assert [each.title for _, each in merged.library.points()][:2] == ["来意", "寒暄"]


def test_two_entries_changed_by_two_people() -> None:
    mine = replace(BASE, playbook=(replace(entry(BASE, "busy"), title="在忙"), entry(BASE, "price")))
    theirs = replace(BASE, playbook=(entry(BASE, "busy"), replace(entry(BASE, "price"), heard_as=("贵", "太贵"))))
    merged = merge(BASE, mine, theirs)
    assert not merged.clashes
    assert (merged.library.playbook[0].title, merged.library.playbook[1].heard_as) == ("在忙", ("贵", "太贵"))


@pytest.mark.parametrize("changed", [with_point(BASE, "greet", title="寒暄"), without_point(BASE, "ask"), BASE])
def test_merging_with_what_was_not_touched_gives_the_change(changed: Library) -> None:
    assert merge(BASE, changed, BASE).library == changed
    assert merge(BASE, BASE, changed).library == changed
    assert merge(BASE, changed, changed).library == changed
