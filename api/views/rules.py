"""Rules as sentences: with their numbers to read, or with fields in their places; and back from what was sent."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import time
from typing import Any

from babel.dates import get_day_names
from markupsafe import Markup, escape

from assist.analysis.rubric import BY_FINDING, NUMBERS, Bar, Rule
from assist.errors import RequestError
from assist.scripts.library import SEVERITIES, Severity
from assist.texts import N_, translate

STEPS = 2
"""Rows for other numbers in an agent's first weeks."""

SENTENCE = {
    "skill-low": N_("A skill is under %(below)s points."),
    "forbidden": N_("The agent says something that the talk track forbids."),
    "pushed-on": N_("The agent pushes on %(turns)s times or more after a clear refusal."),
    "unanswered-objection": N_("%(turns)s objections or more are passed over."),
    "lost-in-opening": N_("The customer is lost before the opening is over."),
    "stumbling": N_("The agent stumbles in %(turns)s turns or more."),
    "manners": N_("The agent insults, threatens or scorns the customer."),
    "complaint": N_("The customer complains, or says whom they will complain to, in whatever words."),
    "outside-hours": N_("The call is made before %(from)s, from %(to)s on, or on another day than %(days)s."),
    "no-recording-notice": N_("The talk track asks for the recording notice and it is not given."),
    "speakers-uncertain": N_("It cannot be told who is the agent and who the customer."),
    "excellent": N_("The whole call is worth %(above)s points or more."),
    "repeated-weakness": N_(
        "In %(times)s of the agent's last %(of)s calls a skill is under %(below)s points, or one criterion under "
        "%(criterion)s percent."
    ),
    "sample": N_("%(share)s percent of each agent's calls in which nothing was found are drawn by lot."),
}
LABEL = {
    "below": N_("Points"),
    "above": N_("Points"),
    "turns": N_("How often"),
    "from": N_("From"),
    "to": N_("To"),
    "times": N_("Calls that show it"),
    "of": N_("Out of the last calls"),
    "criterion": N_("Percent of a criterion; empty: skills only"),
    "share": N_("Percent"),
}
LIMITS: dict[str, tuple[float, float]] = {
    "below": (0, 100),
    "above": (0, 100),
    "turns": (1, 1000),
    "times": (1, 100),
    "of": (1, 100),
    "criterion": (0, 100),
    "share": (0, 100),
}
_WHOLE = ("turns", "times", "of")
_ATTRIBUTE = {"from": "opens", "to": "closes"}


class BadNumber(RequestError):
    message = N_("“%(text)s” does not fit here: write a number from %(low)s to %(high)s.")


class BadClock(RequestError):
    message = N_("“%(text)s” is no time of day. Write it like 09:00.")


class NoDays(RequestError):
    message = N_("Choose at least one day on which calls are allowed.")


def sentence(rule: Rule, language: str, *, edit: bool = False) -> Markup:
    """The rule in words; with `edit` its numbers are fields of a form."""
    facts = {name: _field(rule, name, language) if edit else _shown(rule, name, language) for name in _named(rule)}
    return Markup(escape(translate(SENTENCE[rule.rule], language))) % facts  # noqa: S704  facts are escaped


def days(language: str) -> dict[int, str]:
    """Names of the days, Monday is 1."""
    names = get_day_names("abbreviated", locale=language.replace("-", "_"))
    return {number + 1: names[number] for number in range(7)}


def own_severity(rule: Rule) -> bool:
    return rule.rule not in BY_FINDING


def steps(rule: Rule) -> list[tuple[str, str]]:
    """(weeks, number) of each row for the first weeks, empty texts where there is none; no rows for other rules."""
    if "tenure" not in NUMBERS.get(rule.rule, ()):
        return []
    name = _main(rule.rule)
    known = [(str(bar.weeks), _plain(getattr(bar, name))) for bar in rule.tenure]
    return [*known, *[("", "")] * max(0, STEPS - len(known))]


def read(form: Sequence[tuple[str, str]], rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The rules as a form has them. Raises BadNumber, BadClock, NoDays."""
    sent: dict[str, list[str]] = {}
    for name, value in form:
        sent.setdefault(name, []).append(value.strip())
    return tuple(_read(rule, sent) for rule in rules)


def _read(rule: Rule, sent: Mapping[str, list[str]]) -> Rule:
    values: dict[str, Any] = {"on": f"{rule.rule}.on" in sent}
    if own_severity(rule):
        values["severity"] = _severity(sent.get(f"{rule.rule}.severity", [""])[0], rule.severity)
    for name in NUMBERS.get(rule.rule, ()):
        texts = sent.get(f"{rule.rule}.{name}", [])
        if name == "days":
            values["days"] = _days(texts, rule)
        elif name == "tenure":
            values["tenure"] = _tenure(rule, sent)
        elif texts:
            values[_ATTRIBUTE.get(name, name)] = _value(name, texts[0])
    return replace(rule, **values)


def _severity(text: str, usual: Severity) -> Severity:
    return next((one for one in SEVERITIES if one == text), usual)


def _days(texts: Sequence[str], rule: Rule) -> tuple[int, ...]:
    chosen = tuple(sorted({int(text) for text in texts if text in "1234567" and text}))
    if not chosen and rule.on:
        raise NoDays
    return chosen or rule.days


def _tenure(rule: Rule, sent: Mapping[str, list[str]]) -> tuple[Bar, ...]:
    weeks, numbers = (sent.get(f"{rule.rule}.tenure.{part}", []) for part in ("weeks", "number"))
    name = _main(rule.rule)
    bars = []
    for week, number in zip(weeks, numbers, strict=False):
        if week and number:
            bars.append(Bar(int(_number(week, 1, 520, whole=True)), **{name: _value(name, number)}))
    return tuple(sorted(bars, key=lambda bar: bar.weeks))


def _value(name: str, text: str) -> Any:
    if name in ("from", "to"):
        return _clock(text)
    if name == "criterion" and not text:
        return None
    number = _number(text, *LIMITS[name], whole=name in _WHOLE)
    return int(number) if name in _WHOLE else round(number / 100, 6) if name == "share" else number


def _number(text: str, low: float, high: float, *, whole: bool) -> float:
    try:
        number = float(int(text) if whole else float(text))
    except ValueError:
        number = low - 1
    if not low <= number <= high:
        raise BadNumber(text=text[:20], low=f"{low:g}", high=f"{high:g}")
    return number


def _clock(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        raise BadClock(text=text[:20]) from error


def _main(rule: str) -> str:
    """The number of a rule that may differ in the first weeks."""
    return next(name for name in NUMBERS[rule] if name in ("below", "turns"))


def _named(rule: Rule) -> tuple[str, ...]:
    return tuple(name for name in NUMBERS.get(rule.rule, ()) if name != "tenure")


def _raw(rule: Rule, name: str) -> str:
    value = getattr(rule, _ATTRIBUTE.get(name, name))
    return _plain(value * 100 if name == "share" else value)


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:%H:%M}" if isinstance(value, time) else f"{value:g}"


def _shown(rule: Rule, name: str, language: str) -> Markup:
    if name == "days":
        names = days(language)
        text = (
            "、".join(names[day] for day in rule.days)
            if language[:2] == "zh"
            else ", ".join(names[day] for day in rule.days)
        )
    else:
        text = _raw(rule, name) or "—"
    return Markup("<b>%s</b>") % text


def _field(rule: Rule, name: str, language: str) -> Markup:
    if name == "days":
        return _day_fields(rule, language)
    facts = {"name": f"{rule.rule}.{name}", "value": _raw(rule, name), "label": translate(LABEL[name], language)}
    if name in ("from", "to"):
        return (
            Markup(
                '<input class="input in-line" type="time" name="%(name)s" value="%(value)s" aria-label="%(label)s" '
                "required>"
            )
            % facts
        )
    low, high = LIMITS[name]
    facts |= {
        "low": f"{low:g}",
        "high": f"{high:g}",
        "step": "1" if name in _WHOLE else "any",
        "required": "" if name == "criterion" else Markup(" required"),
    }
    return (
        Markup(
            '<input class="input in-line" type="number" name="%(name)s" value="%(value)s" min="%(low)s" max="%(high)s" '
            'step="%(step)s" aria-label="%(label)s"%(required)s>'
        )
        % facts
    )


def _day_fields(rule: Rule, language: str) -> Markup:
    boxes = [
        Markup('<label class="check in-line"><input type="checkbox" name="%s.days" value="%s"%s>%s</label>')
        % (rule.rule, day, Markup(" checked") if day in rule.days else "", title)
        for day, title in days(language).items()
    ]
    return Markup(" ").join(boxes)
