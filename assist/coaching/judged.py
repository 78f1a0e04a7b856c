"""A judged call with all that weighing it again needs: the machine's report and what it was made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from assist.analysis import rubric as rubric_files
from assist.analysis import verdicts as pure
from assist.analysis.rubric import Rubric
from assist.analysis.verdicts import Stood, Verdict
from assist.calls import calls
from assist.calls.calls import Call
from assist.coaching import tenure
from assist.errors import Conflict
from assist.privacy import Kind, veil
from assist.scripts.library import Library
from assist.store import Store, libraries, results, rubrics
from assist.texts import N_
from assist.transcript import Transcript, Turn


class NotJudgedYet(Conflict):
    message = N_("This call is being judged at the moment. Wait until it is ready, then try again.")


@dataclass(frozen=True, slots=True)
class Judged:
    """`hidden`: what of the call is masked where it is read."""

    call: Call
    key: str
    machine: dict[str, Any]
    transcript: Transcript
    library: Library
    rubric: Rubric
    called_at: datetime
    weeks: int | None = None
    hidden: tuple[Kind, ...] = ()

    @property
    def shown(self) -> dict[str, Any]:
        """The machine's report as people read it."""
        return veil.report(self.machine, self.hidden)

    @property
    def lines(self) -> tuple[Turn, ...]:
        """The turns as people read them."""
        return veil.transcript(self.transcript, self.hidden).turns

    def stand(self, verdicts: Sequence[Verdict]) -> Stood:
        heard, library, weeks = self.transcript, self.library, self.weeks
        return pure.stand(self.machine, heard, library, self.rubric, self.called_at, verdicts, weeks=weeks)


def judged_call(store: Store, call: Call) -> Judged:
    """Raises NotJudgedYet where nothing was found in it yet, or it is on its way again."""
    key = call.machine_key or call.analysis_key
    machine = results.analysis(store, key)
    if call.state != "ready" or key is None or machine is None:
        raise NotJudgedYet
    return judged_as(store, call, key, machine, call.transcript_key, call.library_version_id)


def judged_as(
    store: Store, call: Call, key: str, machine: dict[str, Any], transcript_key: str | None, version_id: int | None
) -> Judged:
    """The call as `machine`, the report kept under `key`, judges it. Raises NotJudgedYet where the transcript or the
    library is missing."""
    transcript = results.transcript(store, transcript_key)
    if transcript is None or version_id is None:
        raise NotJudgedYet
    rubric = _rubric(store, call, machine)
    return Judged(
        call=call,
        key=key,
        machine=machine,
        transcript=transcript,
        hidden=calls.hidden_in(store, call),
        library=libraries.library(store, version_id),
        rubric=rubric,
        called_at=call.called_at.astimezone(store.settings.zone),
        weeks=tenure.weeks(store, call.agent_id, call.called_at) if rubric.by_tenure else None,
    )


def _rubric(store: Store, call: Call, machine: dict[str, Any]) -> Rubric:
    """The rubric that the machine judged by; the one in force where it cannot be found any more."""
    version = str(machine["engine"].get("rubric", ""))
    if rubric_files.default().version == version:
        return rubric_files.default()
    digest = version.rpartition("@")[2]
    source = store.value("SELECT source FROM rubric_versions WHERE substr(sha256, 1, 12) = ?", [digest])
    source = source or rubrics.in_force(store, call.called_at)
    return _read(source) if source else rubric_files.default()


@lru_cache(maxsize=4)
def _read(source: str) -> Rubric:
    return rubric_files.load(source)
