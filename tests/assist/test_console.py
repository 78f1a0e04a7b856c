import click
import pytest

from assist.console import language, one_line, one_line_errors, printable


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh-CN"),
        ({"LANG": "zh_TW"}, "zh-CN"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE"}, "en"),
        ({}, "en"),
        ({"LANG": "zh_CN", "LC_ALL": "en_US"}, "en"),
        ({"LANG": "en_US", "ASSIST_LANGUAGE": "zh-CN"}, "zh-CN"),
    ],
)
def test_the_terminal_tells_the_language(environment: dict[str, str], expected: str) -> None:
    assert language(environment) == expected


def test_a_name_is_fit_for_one_line() -> None:
    assert printable("a\nb\x1b[31mc\udcff.wav") == "a?b?[31mc?.wav"
    assert len(printable("通" * 300 + ".wav")) <= 81
    assert printable("通" * 300 + ".wav").endswith(".wav")


def test_a_message_of_several_lines_becomes_one() -> None:
    assert one_line("first\n  second\tthird\u2028fourth") == "first second third fourth"


def test_an_interrupt_says_that_nothing_happened(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(click.exceptions.Exit) as caught, one_line_errors(debug=False):
        raise KeyboardInterrupt
    assert caught.value.exit_code == 130
    assert capsys.readouterr().err.count("\n") == 1


def test_want_of_memory_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(click.exceptions.Exit), one_line_errors(debug=False):
        raise MemoryError
    assert "memory" in capsys.readouterr().err
