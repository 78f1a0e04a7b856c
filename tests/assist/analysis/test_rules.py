"""Rules written back into a rubric's text, bars by tenure, and rules switched off."""

from dataclasses import replace

import pytest

from assist.analysis import rubric
from assist.analysis.findings import Outcome
from assist.analysis.floor import Floor
from assist.analysis.judge import weigh
from assist.analysis.rubric import Bar, Rubric, Rule
from assist.analysis.rule_text import with_rules
from assist.errors import LibraryError
from tests.assist.analysis.scenes import LIBRARY, findings, forbidden, transcript

TEXT = rubric.DEFAULT_PATH.read_text("utf-8")


def test_writing_the_rules_back_changes_nothing_else() -> None:
    rules = (*rubric.default().rules[1:], Rule("skill-low", "minor", below=42.5, tenure=(Bar(4, below=30),)))
    written = with_rules(TEXT, rules)
    assert rubric.load(written).rules == rules
    assert written[: written.index("flags:")] == TEXT[: TEXT.index("flags:")]
    assert with_rules(written, rules) == written


def test_rules_in_the_middle_of_a_file_and_none_at_all() -> None:
    middle = "format: x\nflags:\n- {rule: manners}\n\n# über uns\nskills: 1\n"
    assert with_rules(middle, [Rule("sample", share=0.1)]) == (
        "format: x\nflags:\n  - {rule: sample, severity: major, share: 0.1}\n\n# über uns\nskills: 1\n"
    )
    assert with_rules("format: x\n", ()) == "format: x\n\nflags: []\n"


def test_more_times_than_calls_is_told_with_its_line() -> None:
    with pytest.raises(LibraryError) as caught:
        rubric.load(TEXT.replace("times: 4, of: 6", "times: 7, of: 6"), "team.yaml")
    assert "7 of the last 6" in caught.value.text("en")


def stumbling_call() -> tuple[set[str], ...]:
    """Rules raised in week 2, week 30 and unknown, where newcomers may stumble more."""
    call = transcript("c: 喂？", *["a: 那个那个，我们，我们那个那个，就是，就是那个套餐", "c: 嗯你说吧我听着呢"] * 4)
    own = replace(rubric.default(), rules=(Rule("stumbling", "minor", turns=2, tenure=(Bar(6, turns=20),)),))
    return tuple(_raised(call, own, weeks) for weeks in (2, 30, None))


def _raised(call: object, own: Rubric, weeks: int | None) -> set[str]:
    found = findings(call, ended=Outcome("refused"))  # type: ignore[arg-type]
    analysis = weigh(Floor(call), LIBRARY, found, own, weeks=weeks)  # type: ignore[arg-type]
    return {flag.rule for flag in analysis.flags}


def test_newcomers_are_held_to_their_own_bar() -> None:
    assert stumbling_call() == (set(), {"stumbling"}, {"stumbling"})


def test_a_rule_that_is_switched_off_raises_nothing() -> None:
    call = transcript("c: 喂？", "a: 喝了能治病，您买一套吧，今天就给您送过去好不好？", "c: 我再想想吧，先这样。")
    found = findings(call, banned=[forbidden(call, 1)])
    on = Rule("forbidden")
    for rule, raised in ((on, {"forbidden"}), (replace(on, on=False), set())):
        own = replace(rubric.default(), rules=(rule,))
        assert {flag.rule for flag in weigh(Floor(call), LIBRARY, found, own).flags} == raised


def test_a_version_names_everything_a_rule_says() -> None:
    rule = Rule("sample", share=0.1)
    assert rule.version == Rule("sample", share=0.1).version
    assert len({rule.version, replace(rule, share=0.2).version, replace(rule, on=False).version}) == 3
