"""An English team is served by the same finders."""

from functools import cache

from assist.analysis import cues
from assist.analysis.findings import Analysis
from assist.analysis.judge import judge
from assist.analysis.rubric import default
from assist.scripts.index import Index, learn
from assist.scripts.library import Entry, Forbidden, Library, Point, Stage, Step
from assist.transcript import Transcript, Turn
from tests.assist.analysis.lines import encoder

LIBRARY = Library(
    campaign="gym-en",
    title="Gym trial",
    language="en",
    company=("Harbour Gym",),
    script=(
        Stage("opening", "Opening", (Point("intro", "Name and company", ("This is Sam from Harbour Gym.",)),)),
        Stage("discovery", "Needs", (Point("habit", "Exercise habits", ("How often do you work out in a week?",)),)),
    ),
    playbook=(
        Entry("price", "Too expensive", ("That's too expensive", "It costs too much", "I can't afford that"), (
            Step("acknowledge", "Acknowledge", ("I hear you, it is a lot of money.",)),
            Step("answer", "Answer", ("It comes to less than a coffee a day.",)),
        )),
        Entry("busy", "No time", ("I'm in a meeting", "I can't talk right now", "I have no time for this"), (
            Step("acknowledge", "Acknowledge", ("Sorry to catch you at a bad moment.",)),
        )),
        Entry("not-needed", "Not needed", ("I don't need a gym", "I run at home, that's enough"), (
            Step("acknowledge", "Acknowledge", ("Great that you run.",)),
        )),
    ),
    forbidden=(Forbidden("sure", "Guaranteed result", "critical", ("You are guaranteed to lose ten pounds",)),),
)  # fmt: skip


@cache
def index() -> Index:
    return learn(LIBRARY, encoder())


def judged(*lines: tuple[str, str]) -> Analysis:
    turns = (Turn(i, who, i * 4.0, i * 4.0 + 3.5, text) for i, (who, text) in enumerate(lines))  # type: ignore[arg-type]
    return judge(Transcript(tuple(turns), language="en", speech_seconds=60.0), index(), default(), encoder())


def test_an_english_call_is_judged() -> None:
    analysis = judged(
        ("customer", "Hello?"),
        ("agent", "Good morning, this is Sam calling from Harbour Gym. Is now a good time?"),
        ("customer", "Sure, go ahead."),
        ("agent", "How many times a week do you usually exercise?"),
        ("customer", "Honestly, twice at most. And what you people charge is way too expensive for me."),
        ("agent", "I hear you, nobody wants to waste money. It works out at less than a coffee a day."),
        ("customer", "Okay, fine."),
    )
    assert {point.id for point in analysis.findings.points if point.status == "said"} == {"intro", "habit"}
    assert [one.id for one in analysis.findings.objections] == ["price"]


def test_vulgar_words_are_found_in_english() -> None:
    analysis = judged(
        ("customer", "I said no."), ("agent", "Then go to hell, you stupid bastard."), ("customer", "Wow.")
    )
    assert analysis.findings.manners


def test_a_latin_word_is_as_long_as_two_characters() -> None:
    assert cues.length("too expensive") == cues.length("太贵太贵")
