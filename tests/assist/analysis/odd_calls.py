"""Hypothesis' transcripts of all shapes: what recognition may write on its worst day, and a little more."""

from hypothesis import strategies as st

from assist.transcript import Transcript, Turn, Word

SPOKEN = (
    "您好，请问是张先生吗？", "我是清泉家电的小周。", "喂，哪位？", "嗯嗯", "家里几口人用水？", "太贵了，不要不要",
    "别再打了，再打我投诉", "喝了能治病", "我们不能保证喝了能治病", "您精打细算是对的。", "师傅周六上门可以吗？",
    "我在开会", "好的好的，那就周六吧", "祝您生活愉快，再见。", "新滤芯能用一年，而且而且而且便宜一半", "你谁啊神经病",
)  # fmt: skip
"""Lines of a call about water filters, good and bad."""

ODD = (
    "", " ", "\n\t", "。？！……", "😀👍🏽😀", "hello, who is this?", "ＡＢＣ１２３", "1" * 40, "您" * 300, "喂" * 7,
    "　全角　空格　", "שלום", "a\u0000b\u200bc\ufeff", "龘靐齉𠀀", "請問您需要嗎", "%(x)s {y} %d", "<b>&amp;</b>",
)  # fmt: skip

texts = st.one_of(
    st.sampled_from(SPOKEN), st.sampled_from(ODD), st.text(max_size=20),
    st.lists(st.sampled_from(SPOKEN), min_size=2, max_size=4).map("".join),
)  # fmt: skip
moments = st.floats(0, 4000, allow_nan=False)
lengths = st.sampled_from((0.0, 0.0, 0.01, 1.5, 6.0, 90.0))
shares = st.floats(0, 1)


@st.composite
def words(draw: st.DrawFn, text: str) -> tuple[Word, ...]:
    """None; one a character; or some that do not add up to the text."""
    shape = draw(st.sampled_from(("none", "whole", "other")))
    said = {"none": "", "whole": text, "other": text[1:] + "呃"}[shape]
    start = draw(moments)
    return tuple(Word(char, start + place * 0.2, start + place * 0.2 + 0.2, 0.5) for place, char in enumerate(said))


@st.composite
def turns(draw: st.DrawFn, number: int, at: float | None) -> Turn:
    """One turn; `at` None lets it begin anywhere, so that turns overlap and stand in no order."""
    text, start = draw(texts), draw(moments) if at is None else at
    return Turn(
        number, draw(st.sampled_from(("agent", "customer", "unknown"))), start, start + draw(lengths), text,
        draw(shares), draw(words(text)), heard=draw(st.none() | st.just("听错的")),
        unintelligible=draw(st.sampled_from((False, False, False, True))),
        backchannel=draw(st.sampled_from((False, False, False, True))),
    )  # fmt: skip


@st.composite
def calls(draw: st.DrawFn) -> Transcript:
    """Empty, one-sided, of unknown speakers, in order or pell-mell."""
    number, in_order = draw(st.integers(0, 9)), draw(st.booleans())
    said = tuple(draw(turns(place, place * 5.0 if in_order else None)) for place in range(number))
    return Transcript(
        said, layout=draw(st.sampled_from(("stereo", "mono", "text"))), seconds=draw(moments),
        speech_seconds=draw(moments), speakers_confidence=draw(st.sampled_from((1.0, 1.0, 0.7, 0.2))),
    )  # fmt: skip
