"""The five steps on which people score a skill, with words for each made of the rubric's own criteria."""

from assist.analysis.findings import Skill
from assist.analysis.rubric import Rubric
from assist.texts import N_, translate

STEPS = 5
WIDTH = 100 / STEPS

_WORDS = (
    N_("Hardly any of it: neither %(most)s nor %(rest)s."),
    N_("Single things of it, the rest not: %(most)s were missing or weak."),
    N_("About half of it: of %(most)s some was good, some missing."),
    N_("What weighs most was good: %(most)s. Little was missing of %(rest)s."),
    N_("Nearly everything was good: %(most)s, and %(rest)s too."),
)
_MOST = 4


def step_of(score: float | None) -> int | None:
    """The step (1–5) of a score (0–100): 0–19, 20–39, 40–59, 60–79, 80–100. None where there was no occasion."""
    return None if score is None else min(STEPS, int(score // WIDTH) + 1)


def score_of(step: int) -> int:
    """The middle of a step, as a score."""
    return round((step - 0.5) * WIDTH)


def anchors(rubric: Rubric, skill: Skill, language: str) -> tuple[str, ...]:
    """What each step means, the lowest first. `language` is the reader's."""
    ranked = sorted(rubric.skills[skill].criteria, key=lambda named: -named.weight)
    titles = [named.title("zh" if language.startswith("zh") else "en") for named in ranked if named.weight]
    glue = "、" if language.startswith("zh") else ", "
    facts = {"most": glue.join(titles[:_MOST]), "rest": glue.join(titles[_MOST:] or titles[-1:])}
    return tuple(translate(text, language) % facts for text in _WORDS)
