"""A desk without models."""

from collections.abc import Sequence

from assist.analysis.rehearsal import Asked, Reading
from assist.desk import Advice, Desk
from assist.errors import NotFound
from assist.people.users import User
from assist.scripts.desk import Suggested
from assist.scripts.library import STEPS
from assist.store import libraries
from tests import fakes


class Reader(fakes.FakeEngine):
    """The fake engine, with an encoder."""

    encoder = fakes.FakeEncoder()


class FakeDesk(Desk):
    """Knows an entry by any sign it shares with an example; judges with the fake engine."""

    def engine(self) -> "Reader":  # type: ignore[override]
        return Reader()

    def warm(self, campaign: str) -> None:
        self.warmed = campaign

    def ask(self, user: User, campaign: str, sentence: str, most: int = 3) -> Advice:
        version = libraries.in_force_for(self._store, user, campaign)
        if version is None:
            raise NotFound
        entries = libraries.library(self._store, version.id).playbook
        known = [entry for entry in entries if set(sentence) & set("".join(entry.heard_as))]
        return Advice(version, tuple(Suggested(entry, entry.heard_as[0], 0.9) for entry in known[:most]))

    def ready(self, campaign: str) -> bool:
        return getattr(self, "warmed", "") == campaign

    def rehearse(
        self,
        user: User,
        campaign: str,
        answer: str,
        sentence: str = "",
        objection: str = "",
        wanted: Sequence[str] = (),
    ) -> Reading:
        """A step or a point is in the answer where the library's first wording of it is, word for word."""
        version = libraries.in_force_for(self._store, user, campaign)
        if version is None:
            raise NotFound
        library = libraries.library(self._store, version.id)
        entry = library.entry(objection)
        asked = {one.step: one.say[0] for one in entry.respond} if entry else {}
        steps = tuple(step for step in STEPS if step in asked and asked[step] in answer)
        said = tuple(point.id for _, point in library.points() if point.id in wanted and point.say[0] in answer)
        return Reading(
            steps,
            tuple(step for step in STEPS if step in asked and step not in steps),
            said,
            tuple(name for name in wanted if name not in said),
            (Asked(answer, "open"),) if "？" in answer else (),
        )
