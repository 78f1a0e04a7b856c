"""Lists of calls: what one may see, filtered, in pages."""

from datetime import UTC, datetime

import pytest

from assist.calls.details import Details
from assist.calls.listing import Filters, listing


@pytest.fixture
def five(judged, upload, agent, other_agent):
    for day in range(1, 4):
        judged(agent, f"agent: 您好 {day}", details=Details(called_at=datetime(2026, 11, day, tzinfo=UTC)))
    judged(other_agent, "agent: 终身免费", details=Details(called_at=datetime(2026, 11, 4, tzinfo=UTC)))
    latest = Details(called_at=datetime(2026, 11, 5, tzinfo=UTC), customer="100%_!王")
    upload(other_agent, "agent: 新的", details=latest)


@pytest.mark.usefixtures("five")
class TestListing:
    @pytest.mark.parametrize(
        ("persona", "total"),
        [("agent", 3), ("other_agent", 2), ("lead", 5), ("outsider", 0), ("editor", 0), ("admin", 5)],
    )
    def test_everybody_sees_their_own(self, store, person, persona, total):
        assert listing(store, person(persona)).total == total

    def test_the_latest_call_comes_first(self, store, lead):
        times = [call.called_at for call in listing(store, lead).calls]
        assert times == sorted(times, reverse=True)

    def test_pages_hold_everything_once(self, store, lead):
        pages = [listing(store, lead, Filters(page=number, per_page=2)) for number in (1, 2, 3)]
        assert [page.pages for page in pages] == [3, 3, 3]
        assert len({call.id for page in pages for call in page.calls}) == 5

    def test_a_page_past_the_end_is_the_last(self, store, lead):
        assert listing(store, lead, Filters(page=99, per_page=2)).page == 3

    @pytest.mark.parametrize(
        ("filters", "total"),
        [
            (Filters(state="ready"), 4),
            (Filters(state="unfinished"), 1),
            (Filters(flagged=True), 1),
            (Filters(skill="opening", below=60), 1),
            (Filters(skill="overall", below=101), 4),
            (Filters(skill="questioning", below=101), 0),
            (Filters(campaign="broadband"), 5),
            (Filters(campaign="nothing"), 0),
            (Filters(since=datetime(2026, 11, 2, tzinfo=UTC), until=datetime(2026, 11, 4, tzinfo=UTC)), 2),
            (Filters(text="100%_!"), 1),
            (Filters(text="%"), 1),
            (Filters(outcome="unknown"), 4),
        ],
    )
    def test_filters_narrow(self, store, lead, filters, total):
        assert listing(store, lead, filters).total == total

    def test_another_agents_calls_stay_hidden_whatever_is_asked(self, store, agent, other_agent):
        assert listing(store, agent, Filters(agent_id=other_agent.id)).total == 0
