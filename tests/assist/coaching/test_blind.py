"""Leads score calls blind, and how far they agree with the machine and with one another."""

from collections.abc import Callable
from dataclasses import astuple
from random import Random

import pytest

from assist import pipeline
from assist.analysis.kappa import error, kappa
from assist.analysis.scale import STEPS, step_of
from assist.analysis.verdicts import KEPT
from assist.calls.calls import Call
from assist.coaching import agreement, blind, queue, verdicts
from assist.coaching.agreement import FEW, Filters
from assist.coaching.blind import BadScore, Blind, Given, NothingToScore, ScoredAlready
from assist.errors import AccessDenied, NotFound
from assist.people import users
from assist.people.users import User
from assist.store import Store
from tests.weighing import LINES, take

Upload = Callable[..., Call]
POINTS = {"opening": 70, "questioning": 40, "rejection_handling": 10}


@pytest.fixture
def some(store: Store, upload: Upload, agent: User) -> list[Call]:
    """Calls of one agent; the last words tell them apart."""
    return [take(store, upload(agent, *LINES, f"customer: 再见{number}")) for number in range(3)]


def give(points: dict[str, int | None], **more: object) -> Given:
    return Given(points, more.pop("criteria", {}), **more)  # type: ignore[arg-type]


def scored(store: Store, user: User, call: Call, points: dict[str, int | None] = POINTS) -> Blind:
    """The call scored by the user, whatever would be drawn."""
    store.change(
        "INSERT INTO blind_scores (call_id, user_id, state, given_at) VALUES (?, ?, 'open', '2026-11-01')",
        [call.id, user.id],
    )
    found = blind.open_one(store, user)
    assert found is not None
    return blind.score(store, user, found.id, give(points))


class TestDrawing:
    def test_the_same_call_until_it_is_scored(self, store: Store, some: list[Call], lead: User) -> None:
        first = blind.draw(store, lead)
        assert blind.draw(store, lead) == first
        blind.score(store, lead, first.id, give(POINTS))
        assert blind.draw(store, lead).call_id != first.call_id

    def test_never_one_that_the_lead_has_worked_on(self, store: Store, some: list[Call], lead: User) -> None:
        queue.claim(store, lead, some[0].id)
        verdicts.rule(store, lead, some[1].id, "forbidden:free-for-life@6.0", KEPT, "说了")
        assert blind.draw(store, lead).call_id == some[2].id

    def test_never_one_that_was_put_aside(self, store: Store, some: list[Call], lead: User) -> None:
        for _ in some:
            blind.put_aside(store, lead, blind.draw(store, lead).id)
        with pytest.raises(NothingToScore):
            blind.draw(store, lead)

    def test_agents_take_turns(
        self, store: Store, some: list[Call], upload: Upload, other_agent: User, lead: User
    ) -> None:
        other = take(store, upload(other_agent, *LINES, "customer: 好"))
        drawn = []
        for _ in range(2):
            found = blind.draw(store, lead, Random(1))
            drawn.append(found.call_id)
            blind.score(store, lead, found.id, give(POINTS))
        assert other.id in drawn

    def test_every_third_is_one_that_somebody_else_scored(
        self, store: Store, some: list[Call], lead: User, admin: User
    ) -> None:
        scored(store, admin, some[2])
        scored(store, lead, some[0])
        scored(store, lead, some[1])
        assert blind.draw(store, lead).call_id == some[2].id

    def test_only_calls_that_one_may_read(self, store: Store, some: list[Call], outsider: User) -> None:
        with pytest.raises(NothingToScore):
            blind.draw(store, outsider)

    def test_only_leads_and_admins(self, store: Store, some: list[Call], agent: User, editor: User) -> None:
        for user in (agent, editor):
            with pytest.raises(AccessDenied):
                blind.draw(store, user)


class TestScoring:
    def test_the_machines_points_stand_beside_the_leads(self, store: Store, some: list[Call], lead: User) -> None:
        found = blind.draw(store, lead)
        blind.score(store, lead, found.id, give(POINTS, criteria={("opening", "courteous"): 0.5}, focus="opening"))
        marks = {(mark.skill, mark.criterion): mark for mark in blind.marks(store, found.id)}
        assert (marks["opening", ""].value, marks["opening", ""].machine) == (70, some[0].opening)
        assert marks["opening", "courteous"].value == 0.5
        assert marks["opening", "courteous"].machine is not None

    def test_once_only(self, store: Store, some: list[Call], lead: User) -> None:
        found = blind.draw(store, lead)
        blind.score(store, lead, found.id, give(POINTS))
        for again in (lambda: blind.score(store, lead, found.id, give(POINTS)),
                      lambda: blind.put_aside(store, lead, found.id)):  # fmt: skip
            with pytest.raises(ScoredAlready):
                again()

    @pytest.mark.parametrize(
        "given",
        [
            give({"opening": 70}),
            give(POINTS | {"opening": 101}),
            give(POINTS, focus="luck"),
            give(POINTS, criteria={("opening", "courteous"): 2.0}),
        ],
    )
    def test_points_from_0_to_100(self, store: Store, some: list[Call], lead: User, given: Given) -> None:
        with pytest.raises(BadScore):
            blind.score(store, lead, blind.draw(store, lead).id, given)

    def test_nobody_elses(self, store: Store, some: list[Call], lead: User, admin: User) -> None:
        with pytest.raises(NotFound):
            blind.get(store, admin, blind.draw(store, lead).id)

    def test_judged_again_the_newest_points_of_the_machine_count(
        self, store: Store, some: list[Call], lead: User
    ) -> None:
        found = scored(store, lead, some[0])
        again = pipeline.correct(store, lead, some[0].id, 2, text="嗯，你说")
        now = take(store, again)
        marks = {mark.skill: mark.machine for mark in blind.marks(store, found.id)}
        assert some[0].rejection_handling is not None
        assert marks["rejection_handling"] is None is now.rejection_handling

    def test_verdicts_do_not_make_the_machine_look_better(self, store: Store, some: list[Call], lead: User) -> None:
        found = scored(store, lead, some[0])
        verdicts.rule(store, lead, some[0].id, "point:confirm-identity", verdicts.Ruling(status="missed"), "没有")
        marks = {mark.skill: mark.machine for mark in blind.marks(store, found.id)}
        assert marks["opening"] == some[0].opening


class TestAgreement:
    def test_too_few_calls_tell_nothing(self, store: Store, some: list[Call], lead: User) -> None:
        for call in some:
            scored(store, lead, call)
        (opening, *_) = agreement.with_machine(store, lead)
        assert (opening.n, opening.few, opening.error, opening.kappa) == (3, True, None, None)

    def test_every_number_is_counted_again_from_its_calls(
        self, store: Store, upload: Upload, agent: User, lead: User
    ) -> None:
        for number in range(FEW):
            call = take(store, upload(agent, *LINES, f"customer: 好{number}"))
            scored(store, lead, call, POINTS | {"opening": 40 + 4 * number, "questioning": None})
        found = {one.skill: one for one in agreement.with_machine(store, lead)}
        behind = agreement.pairs(store, lead, "opening", "", "machine").pairs
        gaps = [pair.gap for pair in behind]
        assert found["opening"].n == len(behind) == FEW
        assert found["opening"].error.mean == pytest.approx(sum(abs(gap) for gap in gaps) / FEW)
        assert found["opening"].error.bias == pytest.approx(sum(gaps) / FEW)
        assert abs(gaps[0]) == max(abs(gap) for gap in gaps)
        steps = [(step_of(pair.first), step_of(pair.second)) for pair in behind]
        assert found["opening"].kappa == kappa(steps, STEPS)
        told, counted = found["opening"].error, error([(pair.first, pair.second) for pair in behind])
        assert astuple(told) == pytest.approx(astuple(counted))
        assert (found["questioning"].n, found["questioning"].occasion) == (0, FEW)

    def test_leads_among_one_another(self, store: Store, some: list[Call], lead: User, admin: User) -> None:
        scored(store, lead, some[0], POINTS)
        scored(store, admin, some[0], POINTS | {"opening": 60})
        scored(store, admin, some[1], POINTS)
        assert agreement.among_leads(store, admin)[0].n == 1
        (pair,) = agreement.pairs(store, admin, "opening", "", "lead").pairs
        assert {pair.first, pair.second} == {60, 70}

    def test_one_sees_ones_own_and_the_whole_of_the_team(
        self, store: Store, some: list[Call], lead: User, admin: User, outsider: User
    ) -> None:
        scored(store, lead, some[0])
        scored(store, admin, some[1])
        counts = [
            agreement.with_machine(store, user, Filters(mine=mine))[0].n
            for user, mine in ((lead, True), (lead, False), (admin, False), (outsider, False))
        ]
        assert counts == [1, 2, 2, 0]
        assert agreement.total(store, lead, Filters(mine=True)) == 1

    def test_criteria_that_differ_most_come_first(self, store: Store, some: list[Call], lead: User) -> None:
        found = blind.draw(store, lead)
        criteria = {("opening", "courteous"): 0.9, ("opening", "identity"): 0.0}
        blind.score(store, lead, found.id, give(POINTS, criteria=criteria))
        assert [one.criterion for one in agreement.criteria(store, lead)] == ["identity", "courteous"]

    def test_agents_are_not_asked(self, store: Store, agent: User) -> None:
        with pytest.raises(AccessDenied):
            agreement.with_machine(store, agent)


def test_another_teams_lead_reads_nothing(store: Store, some: list[Call], lead: User, outsider: User) -> None:
    scored(store, lead, some[0])
    assert agreement.pairs(store, outsider, "opening", "", "machine").total == 0
    assert users.get(store, outsider.id).team != users.get(store, lead.id).team
