"""The rules of a rubric written back into its text: only the section `flags:` changes, every other line stays."""

import re
from collections.abc import Sequence
from datetime import time

from assist.analysis.rubric import BY_FINDING, NUMBERS, Bar, Rule

_EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)


def with_rules(text: str, rules: Sequence[Rule]) -> str:
    """The rubric's text with these rules in place of its own."""
    lines = text.splitlines()
    start = next((number for number, line in enumerate(lines) if re.match(r"flags\s*:", line)), None)
    written = ["flags:" if rules else "flags: []", *(f"  - {line_of(rule)}" for rule in rules)]
    if start is None:
        return "\n".join([*lines, "", *written]) + "\n"
    inside = re.compile(r"\s|-|$")
    end = next((n for n, line in enumerate(lines[start + 1 :], start + 1) if not inside.match(line)), len(lines))
    while end > start + 1 and not lines[end - 1].strip():
        end -= 1
    return "\n".join([*lines[:start], *written, *lines[end:]]) + "\n"


def line_of(rule: Rule) -> str:
    """A rule as one line of YAML, with what it reads and nothing else."""
    parts = [f"rule: {rule.rule}"]
    if not rule.on:
        parts.append("active: false")
    if rule.rule not in BY_FINDING:
        parts.append(f"severity: {rule.severity}")
    parts += [part for name in NUMBERS.get(rule.rule, ()) if (part := _part(rule, name))]
    return "{" + ", ".join(parts) + "}"


def _part(rule: Rule, name: str) -> str:
    value = {"from": rule.opens, "to": rule.closes}.get(name, getattr(rule, name, None))
    if value is None or (name == "tenure" and not value) or (name == "turns" and value == 1):
        return ""
    if name == "days" and value == _EVERY_DAY:
        return ""
    return f"{name}: {_written(value)}"


def _written(value: object) -> str:
    if isinstance(value, time):
        return f'"{value:%H:%M}"'
    if isinstance(value, tuple):
        return "[" + ", ".join(_written(one) for one in value) + "]"
    if isinstance(value, Bar):
        numbers = {"weeks": value.weeks, "below": value.below, "turns": value.turns}
        return "{" + ", ".join(f"{key}: {_written(one)}" for key, one in numbers.items() if one is not None) + "}"
    return f"{value:g}" if isinstance(value, float) else str(value)
