"""Settings of the whole test run. Fixtures live in `tests/conftest.py`."""

import os
import re
from collections.abc import Generator
from typing import TypeVar

import pytest
from hypothesis import settings

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

settings.register_profile("assist", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("assist")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _no_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _no_skip((yield))


def _no_skip(report: Report) -> Report:
    """With ASSIST_NO_SKIPS=1, as in CI, what would be skipped fails and says why it wanted to be."""
    if report.skipped and os.environ.get("ASSIST_NO_SKIPS") == "1" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints what tests measured: each `record_property("figure", "…")`, whichever process it ran in."""
    reports = [report for found in terminalreporter.stats.values() for report in found]
    lines = [
        f"{report.nodeid.partition('::')[0]}: {value}"
        for report in reports
        if isinstance(report, pytest.TestReport) and report.when == "teardown"
        for name, value in report.user_properties
        if name == "figure"
    ]
    if lines:
        terminalreporter.section("figures")
        for line in sorted(set(lines)):
            terminalreporter.write_line(line)
        counted = [re.search(r"(\d+) kills, (\d+) lost, (\d+) doubled", line) for line in set(lines)]
        if found := [[int(number) for number in one.groups()] for one in counted if one]:
            kills, lost, doubled = (sum(numbers) for numbers in zip(*found, strict=True))
            terminalreporter.write_line(f"in all {kills} kills, {lost} lost, {doubled} doubled")
