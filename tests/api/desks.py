"""A desk without models."""

from assist.desk import Advice, Desk
from assist.errors import NotFound
from assist.people.users import User
from assist.scripts.desk import Suggested
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
