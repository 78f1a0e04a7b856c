"""What an editor is told about a library that cannot tell its own things apart."""

from dataclasses import replace
from functools import cache

import numpy as np

from assist.scripts.library import Entry, Forbidden, Library, Point
from assist.scripts.overlap import Notice, overlaps
from tests.assist.analysis.lines import LIBRARY, encoder
from tests.assist.scripts.libraries import in_stage


def notices(library: Library, kind: str) -> list[Notice]:
    return [notice for notice in overlaps(library, encoder()) if notice.kind == kind]


@cache
def plain() -> Library:
    """The gym with enough wordings of everything."""
    price, busy, needless = LIBRARY.playbook
    playbook = (
        replace(price, heard_as=(*price.heard_as, "会员费好贵啊")),
        replace(busy, heard_as=(*busy.heard_as, "我正开会呢", "我这会儿没空")),
        replace(needless, heard_as=(*needless.heard_as, "我不想健身", "我在家自己跑跑步")),
    )
    library = replace(LIBRARY, playbook=playbook)
    return in_stage(library, 3, lambda points: (replace(points[0], say=(*points[0].say, "谢谢您接电话，祝您愉快。")),))


def heard(library: Library, number: int, *texts: str) -> Library:
    """The library with more examples of one objection."""
    entries = list(library.playbook)
    entries[number] = replace(entries[number], heard_as=(*entries[number].heard_as, *texts))
    return replace(library, playbook=tuple(entries))


def test_a_clear_library_has_nothing_to_say() -> None:
    assert overlaps(plain(), encoder()) == ()


def test_an_example_of_one_objection_that_sounds_like_another_is_told_with_both_texts() -> None:
    (found,) = notices(heard(plain(), 2, "我正在开会呢"), "objections")
    assert (found.key, found.other) == ("entry:busy", "entry:not-needed")
    assert ("我正开会呢", "我正在开会呢") in [(pair.text, pair.like) for pair in found.pairs]
    assert 0.55 <= found.likeness < 1
    assert "我正在开会呢" in found.text("zh")
    assert "没时间" in found.text("zh")


def test_the_same_text_in_two_objections_stands_twice() -> None:
    (found,) = notices(heard(plain(), 2, "现在没空"), "twice")
    assert (found.key, found.other, found.likeness) == ("entry:busy", "entry:not-needed", 1.0)


def test_the_same_text_twice_in_one_objection_is_told_as_such() -> None:
    (found,) = notices(heard(plain(), 1, "现在没空。"), "twice")
    assert found.key == found.other == "entry:busy"
    assert "twice in “没时间”" in found.text()


def test_a_point_that_looks_like_another_is_told() -> None:
    like = Point("frequency", "询问频率", ("您平时一周运动几次呢？", "您多久去一回健身房？"))
    (found,) = notices(in_stage(plain(), 1, lambda points: (*points, like)), "points")
    assert (found.key, found.other) == ("point:habit", "point:frequency")


def test_a_forbidden_phrase_that_the_script_asks_for_is_told() -> None:
    phrase = Forbidden("coach", "教练承诺", "major", ("每位会员都配一名教练", "教练永远一对一带您练"))
    found = notices(replace(plain(), forbidden=(*plain().forbidden, phrase)), "forbidden")
    assert [(notice.key, notice.other) for notice in found] == [("forbidden:coach", "point:coach")]


def test_a_sentence_that_denies_is_no_promise() -> None:
    denied = Point("honest", "说明效果", ("我们不能保证一个月瘦二十斤。", "我们不能说百分之百能瘦下来。"))
    assert notices(in_stage(plain(), 2, lambda points: (*points, denied)), "forbidden") == []


def test_an_example_that_is_no_refusal_in_most_mouths_is_told() -> None:
    (found,) = notices(heard(plain(), 0, "有没有优惠活动呀"), "near-miss")
    assert (found.key, found.other) == ("entry:price", "built-in:price")


def test_too_few_examples_are_told() -> None:
    found = notices(LIBRARY, "few")
    assert {notice.key: notice.count for notice in found} == {
        "entry:price": 3, "entry:busy": 2, "entry:not-needed": 2, "point:bye": 1,
    }  # fmt: skip


def test_every_notice_reads_in_both_languages_and_as_json() -> None:
    mixed = heard(heard(LIBRARY, 2, "现在没空", "我正在开会呢"), 0, "有没有优惠活动呀")
    for notice in overlaps(mixed, encoder()):
        assert notice.text("zh") != notice.text("en")
        assert "%(" not in notice.text("zh")
        assert notice.to_dict("zh")["text"] == notice.text("zh")


def test_the_same_library_gives_the_same_notices() -> None:
    library = heard(LIBRARY, 2, "我正在开会呢")
    assert overlaps(library, encoder()) == overlaps(library, encoder())


def test_a_draft_without_anything_in_it_is_no_trouble() -> None:
    assert overlaps(replace(LIBRARY, script=(), playbook=(), forbidden=()), encoder()) == ()
    bare = replace(LIBRARY, playbook=(Entry("price", "", (), ()),), forbidden=())
    assert [notice.kind for notice in overlaps(bare, encoder())].count("few") == 2


def test_an_encoder_that_finds_everything_rather_alike_says_no_more() -> None:
    class Crowded:
        """The same meanings, all crowded into a corner, as the vectors of the E5 family are."""

        name = "crowded"

        def encode(self, sentences: list[str]) -> np.ndarray:
            rows = encoder().encode(sentences)
            moved = np.hstack([rows, np.full((len(rows), 1), 2, np.float32)])
            return moved / np.linalg.norm(moved, axis=1, keepdims=True) if len(rows) else rows

    library = heard(plain(), 2, "我正在开会呢")
    assert [n.key for n in overlaps(library, Crowded())] == [n.key for n in overlaps(library, encoder())]
