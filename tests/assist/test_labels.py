"""Calls scored blind become labelled calls that `assist evaluate` reads."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from assist import labels, pipeline
from assist.analysis import judge
from assist.analysis.findings import Analysis
from assist.analysis.floor import Floor
from assist.analysis.rubric import Rubric
from assist.analysis.verdicts import Ruling
from assist.calls import calls
from assist.calls.calls import Call
from assist.coaching import blind, verdicts
from assist.coaching.blind import Given
from assist.comparison import Comparison
from assist.errors import AccessDenied
from assist.evaluate import calls as labelled_calls
from assist.evaluate import compared
from assist.labels import NothingLabelled
from assist.people.users import User
from assist.scripts import index
from assist.scripts.formats import yaml_format
from assist.scripts.library import Library
from assist.store import Store
from assist.transcript import Transcript
from tests import fakes
from tests.weighing import LINES, found_in, take

POINTS = {"opening": 70, "questioning": None, "rejection_handling": 20}


@pytest.fixture
def call(store: Store, upload: Callable[..., Call], agent: User, lead: User) -> Call:
    """Scored blind, one word corrected, one objection ruled on."""
    made = take(store, upload(agent, *LINES, *["customer: 那你说说看吧。", "agent: 这个套餐是给老用户准备的。"] * 5))
    found = blind.draw(store, lead)
    blind.score(store, lead, found.id, Given(POINTS, {}, focus="rejection_handling", needed=True))
    made = take(store, pipeline.correct(store, lead, made.id, 4, text="不卡，我是陈晓的朋友。"))
    ruling = Ruling(steps=("acknowledge", "advance"), outcome="resolved")
    verdicts.rule(store, lead, made.id, "objection:busy@4.0", ruling, "最后认同了")
    return made


def document(made: labels.Labelled) -> dict[str, object]:
    (name,) = [name for name in made.files if name.startswith("calls/")]
    return yaml.safe_load(made.files[name])


def test_turns_carry_what_stands(store: Store, call: Call, lead: User) -> None:
    turns = document(labels.export(store, lead, "broadband", names=True))["turns"]
    assert turns[1]["points"] == ["confirm-identity"]
    assert turns[2]["objection"] == "busy"
    assert (turns[3]["answers"], turns[3]["steps"]) == ("busy", ["acknowledge", "advance"])
    assert turns[3]["forbidden"] == ["free-for-life"]
    assert turns[4]["text"] == "不卡，我是陈晓的朋友。"


def test_scores_are_those_of_people(store: Store, call: Call, lead: User) -> None:
    told = document(labels.export(store, lead, "broadband"))
    assert told["scores"] == POINTS
    assert (told["worst"], told["needs_coaching"]) == ("rejection_handling", True)
    assert told["checked"] == {"people_who_scored": 1, "findings_ruled_on": 1, "turns_corrected": 1}


def test_names_are_hidden_unless_they_are_wanted(store: Store, call: Call, lead: User, agent: User) -> None:
    hidden, named = (labels.export(store, lead, "broadband", names=names) for names in (False, True))
    assert not any(agent.name in content.decode() for content in hidden.files.values())
    assert any(agent.name in content.decode() for content in named.files.values())


def test_evaluate_reads_it(store: Store, call: Call, lead: User, tmp_path: Path) -> None:
    labels.export(store, lead, "broadband", recordings=True).write(tmp_path)
    [(found, sound)] = labelled_calls(tmp_path)
    assert found.scores == POINTS
    assert sound is not None
    assert sound.suffix == ".wav"
    library = yaml_format.loads((tmp_path / "library.yaml").read_bytes(), "library.yaml")
    comparison = Comparison(frozenset(point.id for _, point in library.points()))
    comparison.add(found, calls.analysis(store, calls.load(store, call.id)))
    figures = comparison.figures()
    assert all(figures[name]["f1"] == 1 for name in ("points", "objections", "steps", "questions", "forbidden"))
    assert figures["score_error"]["opening"] == abs(call.opening - POINTS["opening"])


def test_the_command_compares_judgements_with_it(
    store: Store, call: Call, lead: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a judge that finds by a few words in place of one that has to learn first."""
    labels.export(store, lead, "broadband", names=True).write(tmp_path)
    monkeypatch.setattr(index, "learn", lambda library, encoder: library)
    monkeypatch.setattr(judge, "judge", by_words)
    figures = compared(tmp_path, SimpleNamespace(encoder=fakes.FakeEncoder), transcripts=True).figures()
    assert figures["calls"] == 1
    assert figures["points"]["f1"] == 1
    assert figures["score_error"]["opening"] is not None


def by_words(heard: Transcript, library: Library, rubric: Rubric, encoder: object) -> Analysis:
    return judge.weigh(Floor(heard), library, found_in(heard, library), rubric)


def test_the_archive_is_the_folder(store: Store, call: Call, lead: User) -> None:
    made = labels.export(store, lead, "broadband")
    with zipfile.ZipFile(io.BytesIO(made.zipped())) as archive:
        told = {name: archive.read(name) for name in archive.namelist()}
    assert told == {f"broadband/{name}": content for name, content in made.files.items()}
    assert made.zipped() == labels.export(store, lead, "broadband").zipped()


def test_only_what_one_may_read(store: Store, call: Call, lead: User, outsider: User, agent: User) -> None:
    assert labels.count(store, lead) == {"broadband": 1}
    assert labels.count(store, outsider) == {}
    with pytest.raises(NothingLabelled):
        labels.export(store, outsider, "broadband")
    with pytest.raises(AccessDenied):
        labels.export(store, agent, "broadband")
