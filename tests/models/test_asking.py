"""Questions with and without their mark, open or closed, and what only looks like one."""

import pytest

from models.asking import most_open, questions


def kind(text: str, language: str = "zh") -> str | None:
    return most_open(questions(text, language))


@pytest.mark.parametrize(
    "text",
    [
        "您平时都在哪儿买菜？",
        "您家几口人吃饭呀？",
        "这台洗衣机用了多少年了？",
        "您觉得最不顺手的是什么？",
        "孩子周末怎么安排的呢？",
        "上次是谁帮您修的？",
        "您最看重啥，价格高不高您在意吗？",
        "您家用的是哪一种净水器",
    ],
)
def test_a_question_word_asks_openly(text: str) -> None:
    assert kind(text) == "open"


@pytest.mark.parametrize(
    "text",
    [
        "您是王先生吗？",
        "您是王先生吗",
        "这会儿说话方便不",
        "那我下午给您送过去，行不行？",
        "您要红的还是蓝的？",
        "您有没有装过空调？",
        "阳台也要封起来，是吗？您家阳台朝南？",
        "您在家呢？",
        "我给您登记上，可以吗",
    ],
)
def test_yes_or_no_a_choice_and_consent_are_closed(text: str) -> None:
    assert kind(text) == "closed"


@pytest.mark.parametrize(
    "text",
    [
        "谁不想省点钱呢？",
        "难道您愿意一直漏水？",
        "这还能有假？",
        "哪有那么便宜的事？",
        "您急什么呀？",
        "怎么会不好用呢？",
    ],
)
def test_a_rhetorical_question_asks_nothing(text: str) -> None:
    assert kind(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "您什么都不用管。",
        "这个没什么难的。",
        "过几天我再联系您。",
        "这里头多少有点水分。",
        "您想怎么弄就怎么弄。",
        "我给您讲讲里面有什么。",
        "不管用不用都可以先看看。",
        "好的，那先这样吧。",
        "喂？",
    ],
)
def test_indefinite_and_embedded_words_ask_nothing(text: str) -> None:
    assert kind(text) is None


def test_a_tag_is_a_filler_but_checks_a_fact_about_the_customer() -> None:
    assert kind("我们这个活动挺划算的，对吧？") is None
    assert kind("您是做餐饮的，对吧？") == "closed"


def test_the_most_open_of_several_questions_counts() -> None:
    asked = questions("您装修了吗？打算花多少钱？")
    assert [question.kind for question in asked] == ["closed", "open"]
    assert most_open(asked) == "open"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What do you use at the moment?", "open"),
        ("so how many people work there", "open"),
        ("Could you tell me what matters most to you?", "open"),
        ("Walk me through a normal week.", "open"),
        ("Is this Mr. Smith?", "closed"),
        ("Would Tuesday or Thursday suit you?", "closed"),
        ("We can help you save, right?", None),
        ("Who wouldn't want that?", None),
        ("I will send you what we talked about.", None),
    ],
)
def test_english_asks_by_word_order(text: str, expected: str | None) -> None:
    assert kind(text, "en") == expected


@pytest.mark.parametrize(
    "text",
    ["客户资料也一块儿给您挂上？", "得看您那边怎么安排？", "看我们的机器怎么换滤芯？", "我们三十个省都有服务点？"],
)
def test_a_mark_that_a_recogniser_made_up_asks_nothing(text: str) -> None:
    assert questions(text, surely=False) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("您是礼拜三得空。还是礼拜五得空。", "closed"),
        ("周日早上行步行。", "closed"),
        ("您心里头最在意什么", "open"),
        ("您是邓先生？", "closed"),
    ],
)
def test_a_question_is_heard_through_a_recognisers_errors(text: str, expected: str) -> None:
    assert most_open(questions(text, surely=False)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("您看下周三方便嘛", "closed"),
        ("民现在讲话方便吗", "closed"),
        ("您家里房子是那一年装修的", "open"),
        ("您打算什末时候过来", "open"),
        ("您觉得贵还是不贵。", "closed"),
        ("那您家一个月电费大盖多少前", "open"),
        ("那您呢。", "closed"),
    ],
)
def test_a_question_is_heard_where_characters_and_marks_are_wrong(text: str, expected: str) -> None:
    assert most_open(questions(text, surely=False)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "我们的师傅都是自己培训的嘛",
        "这个没什么的，您放心。",
        "怎么说呢，就是比以前省事。",
        "好的，那我明天再联系您。",
        "我先给您介绍一下我们的服务。",
    ],
)
def test_a_statement_stays_one_without_its_marks(text: str) -> None:
    assert questions(text, surely=False) == ()


def test_a_question_inside_a_turn_is_found_without_a_mark() -> None:
    (question,) = questions("明白，您平时几点下班，我记一下。", surely=False)
    assert (question.text, question.kind) == ("您平时几点下班", "open")


@pytest.mark.parametrize("text", ["", "？", "?!?。", "您？。？", "🙂？", "吗" * 1000, "什么怎么多少" * 200, "A?3?B？4"])
def test_odd_texts_are_read(text: str) -> None:
    assert all(text[q.start : q.end].strip() == q.text for q in questions(text, surely=False))
