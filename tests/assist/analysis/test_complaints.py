"""Complaints in the customer's own words, and what only speaks of them."""

from functools import cache

import pytest

from assist.analysis import complaints
from assist.analysis.findings import ForbiddenFinding
from assist.analysis.grams import Grams
from assist.ports import Encoder
from models import encoder
from tests.assist.analysis.scenes import transcript


@cache
def real() -> Encoder:
    return encoder.load()


def found(*lines: str, language: str = "zh") -> tuple[ForbiddenFinding, ...]:
    return complaints.find(transcript(*lines, language=language), language, Grams(()), real())


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("行，我记住你了，马上就去投诉你们。", "company"),
        ("我现在就打幺二三一五。", "authority"),
        ("号码我存了，回头到消费者协会说去。", "authority"),
        ("再骚扰我，咱们法院见。", "legal"),
        ("这段录音我发到抖音上让大家都听听。", "public"),
        ("上个月莫名其妙扣了我八十块钱，你们得给我个说法。", "redress"),
        ("让你们经理来跟我说话。", "company"),
    ],
)
def test_a_complaint_is_heard_in_many_words(said: str, kind: str) -> None:
    assert [one.id for one in found("a: 您好，给您介绍一下滤芯。", f"c: {said}")] == [f"complaint-{kind}"]


@pytest.mark.parametrize(
    "said",
    [
        "我又不会投诉你，你也是打工的。",
        "去年投诉过一回，后来换了一家。",
        "要是坏了找谁投诉啊？",
        "我告诉你，我不需要。",
        "合同我先让律师看一看。",
        "我爱人就在派出所上班。",
        "不满意的话能退钱吗？",
        "太贵了，不要了。",
        "我在开会，没时间。",
        "你们经理能不能给便宜点？",
    ],
)
def test_what_only_speaks_of_complaints_is_none(said: str) -> None:
    assert found("a: 您好，给您介绍一下滤芯。", f"c: {said}") == ()


def test_only_the_customer_complains() -> None:
    assert found("a: 您可以打12315投诉我们。", "c: 哦，知道了。") == ()


def test_one_of_each_kind_with_its_place() -> None:
    one, two = found("c: 我要投诉你。", "a: 您消消气。", "c: 我还要投诉你们公司，直接打12315！")
    assert (one.id, one.evidence.turn, one.evidence.quote) == ("complaint-company", 0, "我要投诉你。")
    assert (two.id, two.evidence.turn, two.severity) == ("complaint-authority", 2, "critical")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("I'm going to make a complaint about this.", "company"),
        ("I will report you to the ombudsman.", "authority"),
        ("Call me again and you'll hear from my lawyer.", "legal"),
    ],
)
def test_english_complaints(said: str, kind: str) -> None:
    assert [one.id for one in found("a: Hello.", f"c: {said}", language="en")] == [f"complaint-{kind}"]


@pytest.mark.parametrize("said", ["Do many people complain about it?", "My lawyer will read the contract first."])
def test_what_only_speaks_of_complaints_in_english(said: str) -> None:
    assert found("a: Hello.", f"c: {said}", language="en") == ()
