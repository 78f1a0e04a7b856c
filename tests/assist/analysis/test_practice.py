"""The invented calls that the general heads learn from are labelled by their own libraries."""

from pathlib import Path

import pytest
import yaml

from assist.analysis.general import NONE, OTHER, answer_examples, refusal_examples
from assist.analysis.knowledge.told import practice
from assist.scripts.formats import yaml_format
from assist.scripts.library import STEPS, Library

FOLDER = Path(__file__).parents[3] / "assist/analysis/knowledge/practice"
CAMPAIGNS = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())


def library_of(campaign: str) -> Library:
    return yaml_format.loads((FOLDER / campaign / "library.yaml").read_bytes(), "library.yaml")


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_every_label_of_a_practice_call_stands_in_its_library(campaign: str) -> None:
    library = library_of(campaign)
    assert library.campaign == campaign
    points = {point.id for _, point in library.points()}
    raised = {entry.objection for entry in library.playbook} | {OTHER}
    banned = {item.id for item in library.forbidden}
    for path in sorted((FOLDER / campaign / "calls").glob("*.yaml")):
        for turn in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["turns"]:
            assert {*turn.get("points", ()), *turn.get("partial", ())} <= points, path.name
            assert {turn.get("objection", OTHER), turn.get("answers", OTHER)} <= raised, path.name
            assert set(turn.get("forbidden", ())) <= banned, path.name
            assert set(turn.get("steps", ())) <= set(STEPS), path.name
            assert turn.get("question") in (None, "open", "closed"), path.name


def test_a_campaign_left_out_teaches_nothing() -> None:
    left = practice("zh", frozenset({"yoga-studio"}))
    assert {turn.campaign for turn in practice("zh").turns} - {turn.campaign for turn in left.turns} == {"yoga-studio"}
    assert not any(name.startswith("yoga-studio/") for name, _ in left.forbidden)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_examples_hold_refusals_neutral_lines_and_every_step(language: str) -> None:
    refusals = {label for _, labels, _ in refusal_examples(language) for label in labels}
    assert {NONE, OTHER, "price", "busy"} <= refusals
    assert {*STEPS, "argue", NONE} <= {label for _, labels, _ in answer_examples(language) for label in labels}
