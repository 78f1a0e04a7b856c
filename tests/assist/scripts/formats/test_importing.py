"""Files as people have them: what is understood of them, and what can be set right."""

from pathlib import Path

import pytest

from assist.scripts.formats import importing, yaml_format
from assist.scripts.formats.preview import Preview, from_json
from assist.scripts.library import Library
from tests.assist.scripts.formats.files import sheet, word
from tests.assist.scripts.libraries import TEXT

SMALL = yaml_format.loads(TEXT)
CONSULTANT = Path(__file__).parent / "consultant.md"

MARKDOWN = """\
# 宽带提速话术

## 一、开场白
1. 您好，请问是王先生吗？
2. 我是星河通信的小李。

## 二、了解需求
### 用网情况
- 您家现在几个人上网？
- 晚上会不会卡？
> 注意：不要连着问。

## 三、产品介绍
- 千兆宽带：一千兆的速度，全家一起用也不卡。

## 异议处理
### 太贵了
客户：别人家才三十块
我们：理解您的感受。我们包安装。

## 禁语
- 承诺终身免费：终身免费、一辈子不用交钱
- 不能说“绝对不掉线”
"""


def text(source: str, name: str = "话术.md", like: Library | None = None) -> Preview:
    return importing.read(source.encode(), name, like)


def points(preview: Preview) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(stage.stage, point.title, point.say) for stage in preview.library.script for point in stage.points]


def roles(preview: Preview, written: str) -> list[str]:
    return [line.role for line in preview.lines if written in line.written]


def test_markdown_with_headings() -> None:
    preview = text(MARKDOWN)
    assert preview.library.title == "宽带提速话术"
    assert points(preview) == [
        ("opening", "您好", ("您好，请问是王先生吗？",)),
        ("opening", "我是星河通信的小李", ("我是星河通信的小李。",)),
        ("discovery", "用网情况", ("您家现在几个人上网？", "晚上会不会卡？")),
        ("pitch", "千兆宽带", ("一千兆的速度，全家一起用也不卡。",)),
    ]
    (entry,) = preview.library.playbook
    assert (entry.title, entry.heard_as) == ("太贵了", ("别人家才三十块",))
    assert entry.respond[0].say == ("理解您的感受。我们包安装。",)
    assert [item.phrases for item in preview.library.forbidden] == [
        ("终身免费", "一辈子不用交钱"),
        ("绝对不掉线",),
    ]
    assert roles(preview, "注意") == ["note"]


def test_each_line_says_where_it_stands_and_what_it_became() -> None:
    (line,) = [line for line in text(MARKDOWN).lines if line.text == "您家现在几个人上网？"]
    assert (line.place.text("zh-CN"), line.place.text("en"), line.target) == ("第 9 行", "line 9", "point:用网情况")


def test_a_role_set_right_makes_the_library_anew() -> None:
    preview = text(MARKDOWN)
    (wrong,) = [line.number for line in preview.lines if "晚上会不会卡" in line.text]
    mended = importing.mend(preview, {wrong: "point-say"})
    assert ("discovery", "晚上会不会卡", ("晚上会不会卡？",)) in points(mended)
    assert points(importing.mend(mended, {wrong: "say"})) == points(preview)
    with pytest.raises(importing.NoSuchRole):
        importing.mend(preview, {wrong: "poem"})


def test_a_text_and_the_head_of_the_library_can_be_set_right() -> None:
    preview = text(MARKDOWN)
    mended = importing.mend(preview, {}, {2: "您好，是王先生本人吗？"}, campaign="fibre", title="提速", language="zh")
    assert points(mended)[0][2] == ("您好，是王先生本人吗？",)
    assert (mended.library.campaign, mended.library.title) == ("fibre", "提速")


def test_a_preview_outlives_a_request() -> None:
    preview = text(MARKDOWN)
    assert from_json(preview.to_json()) == preview


def test_what_has_the_same_title_keeps_its_id() -> None:
    preview = text("# 报纸\n\n## 开场白\n\n### 问候\n\n- 您好，您订报纸吗？\n\n### 新要点\n\n- 您好吗？\n", like=SMALL)
    assert [point.id for _, point in preview.library.points()] == ["greet", "新要点"]
    assert preview.library.campaign == "paper-delivery"
    assert preview.library.playbook == SMALL.playbook  # the file has none: the present ones stay, and it is said
    assert "保留" in preview.warnings[-1].text("zh-CN")


def test_a_known_refusal_gets_the_id_that_knows_more_ways_to_say_it() -> None:
    preview = text("## 异议处理\n\n**Q: 没时间**\n好的，我晚点打给您。\n")
    assert preview.library.playbook[0].objection == "busy"


def test_a_script_as_teams_keep_it_in_markdown() -> None:
    library = importing.read(CONSULTANT.read_bytes(), CONSULTANT.name).library
    assert [(stage.stage, stage.title, len(stage.points)) for stage in library.script] == [
        ("opening", "基本信息了解", 1),
        ("discovery", "基本信息了解", 2),
        ("discovery", "过往情况了解", 2),
        ("pitch", "合作模式介绍 + 促成", 1),
        ("close", "合作模式介绍 + 促成", 1),
    ]
    assert [entry.title for entry in library.playbook] == ["你们是做什么的？", "从哪里知道我电话的？"]
    assert library.playbook[1].heard_as == ("从哪里知道我电话的？", "你们是从哪弄到我号码的？")
    assert library.company == ("澄海市青禾职业服务有限公司", "澄海青禾公司")
    assert {phrase for item in library.forbidden for phrase in item.phrases} >= {"青禾中介", "别人卖给我们的"}


def test_such_a_script_leaves_no_point_without_words_and_no_remark_as_a_wording() -> None:
    library = importing.read(CONSULTANT.read_bytes(), CONSULTANT.name).library
    said = [text for _, point in library.points() for text in point.say]
    assert all(point.say for _, point in library.points())
    assert "方便说说为什么想换吗？" in said
    assert not [text for text in said if "可问可不问" in text or "目标：" in text or "→" in text]
    assert [point.title for _, point in library.points() if not point.required] == ["发展方向"]


PLAIN = """\
重疾险话术（2026版）

一、开场白
您好，请问是张先生吗？
二、了解需求
1、您之前有没有买过重疾险？
2、家里主要是您一个人在挣钱吗？
注意：不要说“保本”。
四、异议处理
客户：太贵了
坐席：我理解您的想法。
"""


def test_plain_text_with_numbers_for_headings() -> None:
    preview = text(PLAIN, "话术.txt")
    assert preview.library.title == "重疾险话术（2026版）"
    assert [(stage, title) for stage, title, _ in points(preview)] == [
        ("opening", "开场白"),
        ("discovery", "您之前有没有买过重疾险"),
        ("discovery", "家里主要是您一个人在挣钱吗"),
    ]
    assert preview.library.forbidden[0].phrases == ("保本",)
    assert preview.library.playbook[0].respond[0].say == ("我理解您的想法。",)


def test_a_table_whose_points_are_named_by_their_aim() -> None:
    head = "|环节|目的|参考话术|注意|\n|---|---|---|---|\n"
    rows = "|开场|确认身份|您好，是家长吗？|亲切|\n|邀约|约试听|周六可以吗？||\n"
    assert points(text(head + rows)) == [
        ("opening", "确认身份", ("您好，是家长吗？",)),
        ("close", "约试听", ("周六可以吗？",)),
    ]


def test_objections_as_a_numbered_list_with_answers_below() -> None:
    preview = text("# 话术\n## 开场\n- 您好\n## 常见异议\n1. 没时间\n   - 理解，您先忙。\n2. 太贵了\n   - 我明白。\n")
    assert [(entry.title, entry.respond[0].say) for entry in preview.library.playbook] == [
        ("没时间", ("理解，您先忙。",)),
        ("太贵了", ("我明白。",)),
    ]


def test_a_word_file_with_headings_lists_and_a_table() -> None:
    preview = importing.read(
        word(
            ("Heading 1", "宽带话术"),
            ("Heading 2", "开场白"),
            ("Heading 3", "确认身份"),
            ("List Bullet", "您好，请问是王先生吗？"),
            ("Heading 2", "异议处理"),
            [["客户说", "我们说"], ["没时间", "理解您忙，那我下午三点再打给您？"], ["太贵了/贵", "我们包安装。"]],
        ),
        "话术.docx",
    )
    assert points(preview) == [("opening", "确认身份", ("您好，请问是王先生吗？",))]
    assert [(entry.title, entry.heard_as) for entry in preview.library.playbook] == [
        ("没时间", ("没时间",)),
        ("太贵了", ("太贵了", "贵")),
    ]
    (cell,) = [line for line in preview.lines if line.role == "answer/answer" and "安装" in line.text]
    assert cell.place.text("zh-CN") == "表格 1 第 3 行第 2 列"


def test_a_word_file_that_only_has_bold_lines_and_numbers() -> None:
    preview = importing.read(
        word(
            ("b", "一、开场白"),
            ("b", "1、自我介绍"),
            ("", "您好，我是小李。"),
            ("b", "二、促成"),
            ("", "我帮您登记，可以吗？"),
        ),
        "话术.docx",
    )
    assert points(preview) == [
        ("opening", "自我介绍", ("您好，我是小李。",)),
        ("close", "促成", ("我帮您登记，可以吗？",)),
    ]


def test_an_excel_sheet_with_merged_stages() -> None:
    rows = [
        ["阶段", "要点", "话术", "备注"],
        ["开场白", "确认身份", "您好，请问是王先生吗？", "微笑"],
        ["", "自我介绍", "我是小李。", ""],
        ["促成", "登记", "我帮您登记，可以吗？", ""],
    ]
    preview = importing.read(sheet({"话术": rows}, merge=["A2:A3"]), "话术.xlsx")
    assert [(stage, title) for stage, title, _ in points(preview)] == [
        ("opening", "确认身份"),
        ("opening", "自我介绍"),
        ("close", "登记"),
    ]
    assert "合并" in preview.warnings[0].text("zh-CN")
    assert roles(preview, "微笑") == ["note"]
    assert [line.place.text("zh-CN") for line in preview.lines if line.text == "我是小李。"] == ["话术，C3 单元格"]


def test_an_excel_playbook_with_several_ways_in_a_cell() -> None:
    rows = [["序号", "客户异议", "应对话术"], [1, "没时间\n在忙", "认同：打扰您了。\n推进：下午三点可以吗？"]]
    (entry,) = importing.read(sheet({"异议": rows}), "异议.xlsx").library.playbook
    assert entry.heard_as == ("没时间", "在忙")
    assert [(step.step, step.say) for step in entry.respond] == [
        ("acknowledge", ("打扰您了。",)),
        ("advance", ("下午三点可以吗？",)),
    ]


def test_what_nobody_can_tell_is_shown_and_left_out() -> None:
    preview = importing.read(sheet({"表": [["甲", "乙"], ["1", "2"]]}), "表.xlsx")
    assert not preview.library.script
    assert "没有找到" in preview.warnings[-1].text("zh-CN")


@pytest.mark.parametrize("encoding", ["gbk", "utf-16", "utf-8-sig"])
def test_text_in_other_encodings(encoding: str) -> None:
    preview = importing.read(MARKDOWN.encode(encoding), "话术.md")
    assert points(preview) == points(text(MARKDOWN))
    assert bool(preview.found) == (encoding == "gbk")


def test_yaml_in_gbk_is_a_library_too_and_says_so() -> None:
    preview = importing.read(TEXT.encode("gbk"), "话术.yaml")
    assert preview.library == SMALL
    assert "GBK" in preview.warnings[0].text("zh-CN")


def test_csv_in_gbk() -> None:
    preview = importing.read("环节,话术\n开场,您好，我是小李\n".replace("，", " ").encode("gbk"), "话术.csv")
    assert points(preview) == [("opening", "开场", ("您好 我是小李",))]


def test_english() -> None:
    preview = importing.read(
        b"# Fibre\n\n## Opening\n\n- Hi, is this Mr Wang?\n\n## Objections\n\n| Customer says | We say |\n|---|---|\n"
        b"| Too expensive | I see. |\n",
        "talk.md",
    )
    assert preview.library.language == "en"
    assert points(preview) == [("opening", "Opening", ("Hi, is this Mr Wang?",))]
    assert preview.library.playbook[0].heard_as == ("Too expensive",)


def test_a_line_goes_on_from_the_one_above_and_can_be_parted_again() -> None:
    found = importing.read("# 开场白\n\n- 您好，我是星河通信的\n- 小陈，打扰您一分钟。\n".encode(), "话术.md")
    second = found.lines[-1].number
    joined = importing.mend(found, {second: "joined"})
    said = [text for _, point in joined.library.points() for text in point.say]
    assert "您好，我是星河通信的小陈，打扰您一分钟。" in said
    assert joined.lines[-1].target == joined.lines[-2].target != ""
    parted = importing.mend(joined, {second: found.lines[-1].role})
    assert parted.library == found.library


def test_joined_latin_words_keep_a_blank_between_them() -> None:
    found = importing.read(b"# Opening\n\n- Hello, this is Kim\n- from Fastnet.\n", "track.md", language="en")
    joined = importing.mend(found, {found.lines[-1].number: "joined"})
    assert "Hello, this is Kim from Fastnet." in [text for _, p in joined.library.points() for text in p.say]
