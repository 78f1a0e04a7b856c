"""Disputes, own judgement, blind scores and agreement on their pages: for whom they are, and that numbers lead home."""

import re
from collections.abc import Callable

import pytest

from assist.analysis.verdicts import KEPT
from assist.calls.calls import Call
from assist.coaching import blind, disputes, selfscore, verdicts
from assist.coaching.agreement import FEW
from assist.coaching.blind import Given
from assist.people.users import User
from assist.store import Store
from tests.api.conftest import Browse
from tests.weighing import LINES, take

PROMISE = "forbidden:free-for-life@6.0"
OWN = {"opening": "4", "questioning": "2", "rejection_handling": "none", "strength": "named us", "change": "slower"}
POINTS = {"opening": "70", "questioning": "", "none-questioning": "1", "rejection_handling": "10"}


@pytest.fixture
def call(store: Store, upload: Callable[..., Call], agent: User) -> Call:
    return take(store, upload(agent, *LINES))


class TestDisputes:
    def test_the_lead_is_told_how_many_wait(self, browse: Browse, call: Call, store: Store, agent: User) -> None:
        disputes.raise_dispute(store, agent, call.id, PROMISE, "I said maintenance")
        page = browse("lead").get("/disputes").text
        assert 'title="waiting for you">1<' in page
        assert "I said maintenance" in page
        assert "name=forbidden%3Afree-for-life%406.0" in page

    def test_every_number_leads_to_its_list(
        self, browse: Browse, call: Call, store: Store, agent: User, lead: User
    ) -> None:
        asked = disputes.raise_dispute(store, agent, call.id, PROMISE, "I said maintenance")
        disputes.raise_dispute(store, agent, call.id, "objection:busy@4.0", "that was a question")
        disputes.decide(store, lead, asked.id, KEPT, "you did")
        browser = browse("lead")
        shown = browser.get("/disputes").text
        for state, expected in (("open", 1), ("kept", 1), ("changed", 0), ("all", 2)):
            assert re.search(rf'href="/disputes\?state={state}"[^>]*>[^<]* {expected}</a>', shown)
            assert browser.get(f"/disputes?state={state}").text.count('class="row-link"') == expected

    def test_agents_see_their_own_and_others_nothing(
        self, browse: Browse, call: Call, store: Store, agent: User
    ) -> None:
        disputes.raise_dispute(store, agent, call.id, PROMISE, "I said maintenance")
        assert "I said maintenance" in browse("agent").get("/disputes").text
        for persona in ("other_agent", "outsider"):
            assert "I said maintenance" not in browse(persona).get("/disputes?state=all").text

    def test_the_verdicts_behind_a_hit_rate(self, browse: Browse, call: Call, store: Store, lead: User) -> None:
        verdicts.rule(store, lead, call.id, PROMISE, KEPT, "listened again")
        assert 'href="/verdicts?rule=forbidden"' in browse("lead").get("/honesty").text
        assert "listened again" in browse("lead").get("/verdicts?rule=forbidden").text
        assert "listened again" not in browse("outsider").get("/verdicts?rule=forbidden").text
        assert browse("agent").get("/verdicts?rule=forbidden").status_code == 403


class TestOnesOwnCall:
    def test_no_score_is_on_the_form(self, browse: Browse, call: Call) -> None:
        form = browse("agent").get(f"/calls/{call.id}/self").text
        assert "score-cell" not in form
        assert "score-number" not in form
        assert form.count('type="radio"') == 3 * 6
        assert f'src="/calls/{call.id}/audio"' in form

    def test_then_the_comparison_skill_by_skill(self, browse: Browse, call: Call) -> None:
        browser = browse("agent")
        assert browser.post(f"/calls/{call.id}/self", data=OWN).headers["location"] == f"/calls/{call.id}/self"
        told = browser.get(f"/calls/{call.id}/self").text
        assert "named us" in told
        assert f"({call.opening} points)" in told
        assert "one sees no occasion" in told

    def test_the_lead_reads_it_once_it_is_shared(self, browse: Browse, call: Call) -> None:
        agent, lead = browse("agent"), browse("lead")
        agent.post(f"/calls/{call.id}/self", data=OWN)
        assert lead.get(f"/calls/{call.id}/self").status_code == 404
        agent.post(f"/calls/{call.id}/self/share", data={"shared": "1"})
        assert "named us" in lead.get(f"/calls/{call.id}/self").text
        assert "has judged this call and shared it" in lead.get(f"/calls/{call.id}").text

    def test_a_step_for_every_skill(self, browse: Browse, call: Call, store: Store, agent: User) -> None:
        for wrong in (OWN | {"opening": ""}, OWN | {"opening": "9"}, OWN | {"strength": ""}):
            assert browse("agent").post(f"/calls/{call.id}/self", data=wrong).status_code == 422
        assert selfscore.of_call(store, agent, call) is None


class TestBlind:
    def test_nothing_on_the_form_tells_whose_call_it_is(self, browse: Browse, call: Call, agent: User) -> None:
        browser = browse("lead")
        there = browser.post("/blind").headers["location"]
        form = browser.get(there).text
        for told in (agent.name, f"/calls/{call.id}", "score-cell", "<mark", "您好，请问是王先生"):
            assert told not in form
        assert f'src="{there}/audio"' in form
        assert browser.get(f"{there}/audio").status_code == 200

    def test_then_the_comparison(self, browse: Browse, call: Call) -> None:
        browser = browse("lead")
        there = browser.post("/blind").headers["location"]
        sent = POINTS | {"opening/courteous": "0.5", "focus": "opening", "needed": "1"}
        assert browser.post(there, data=sent).status_code == 303
        told = browser.get(there).text
        assert f'href="/calls/{call.id}"' in told
        assert f"{call.opening - 70:+d}" in told
        assert browser.post(there, data=sent).status_code == 409

    def test_points_are_needed(self, browse: Browse, call: Call) -> None:
        browser = browse("lead")
        there = browser.post("/blind").headers["location"]
        assert browser.post(there, data=POINTS | {"opening": ""}).status_code == 422

    def test_a_call_that_is_known_is_put_aside(self, browse: Browse, call: Call) -> None:
        browser = browse("lead")
        there = browser.post("/blind").headers["location"]
        assert browser.post(f"{there}/pass").status_code == 303
        assert browser.post("/blind").headers["location"] == "/blind?nothing=1"

    @pytest.mark.parametrize(("persona", "status"), [("agent", 403), ("editor", 403), ("outsider", 303)])
    def test_for_whom_it_is(self, browse: Browse, call: Call, persona: str, status: int) -> None:
        assert browse(persona).post("/blind").status_code == status

    def test_nobody_opens_anothers(self, browse: Browse, call: Call) -> None:
        there = browse("lead").post("/blind").headers["location"]
        for address in (there, f"{there}/audio"):
            assert browse("admin").get(address).status_code == 404


class TestAgreement:
    def test_too_few_is_said(self, browse: Browse) -> None:
        page = browse("lead").get("/honesty").text
        assert f"too few calls yet: 0 of {FEW}" in page

    def test_a_number_is_counted_again_from_its_calls(
        self, browse: Browse, store: Store, upload: Callable[..., Call], agent: User, lead: User
    ) -> None:
        for number in range(FEW):
            take(store, upload(agent, *LINES, f"customer: 好{number}"))
            points = {"opening": 30 + 5 * number, "questioning": None, "rejection_handling": 10}
            blind.score(store, lead, blind.draw(store, lead).id, Given(points, {("opening", "courteous"): 0.5}))
        browser = browse("lead")
        page = browser.get("/honesty").text
        told = re.search(
            r'href="(/honesty/calls\?skill=opening&amp;against=machine)">(\d+)</a></td>\s*<td class="num">([\d.]+)<',
            page,
        )
        assert told is not None
        behind = browser.get(told.group(1).replace("&amp;", "&")).text
        gaps = [abs(int(gap)) for gap in re.findall(r'<td class="num">([+-]\d+)</td>', behind)]
        assert len(gaps) == int(told.group(2)) == FEW
        assert float(told.group(3)) == pytest.approx(sum(gaps) / FEW, abs=0.05)

    @pytest.mark.parametrize("persona", ["agent", "editor"])
    def test_for_whom_it_is(self, browse: Browse, persona: str) -> None:
        for address in ("/honesty", "/honesty/calls?skill=opening", "/honesty/labels/broadband.zip"):
            assert browse(persona).get(address).status_code == 403

    def test_labelled_calls_are_taken_out(self, browse: Browse, call: Call, store: Store, lead: User) -> None:
        assert browse("lead").get("/honesty/labels/broadband.zip").status_code == 404
        points = {"opening": 70, "questioning": None, "rejection_handling": 10}
        blind.score(store, lead, blind.draw(store, lead).id, Given(points, {}))
        assert 'href="/honesty/labels/broadband.zip"' in browse("lead").get("/honesty").text
        answer = browse("lead").get("/honesty/labels/broadband.zip")
        assert answer.content[:2] == b"PK"
        assert answer.headers["content-disposition"] == 'attachment; filename="labelled-broadband.zip"'
