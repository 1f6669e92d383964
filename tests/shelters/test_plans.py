"""Plans for many on the real database: worked out, changed by hand, applied once, and never a family parted."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from audit.models import Event, EventType
from cases.models import Household, Regrouping
from cases.states import Step
from core.actors import Actor
from core.errors import NotAllowed
from shelters.actions import assign_place, move_household
from shelters.actions.applying import ask_to_apply
from shelters.actions.plans import (
    MOST_TRIES,
    NobodyToPlan,
    NoSuchRoom,
    PlanMoved,
    ask_again,
    bar,
    claim_plan,
    compute_plan,
    make_plan,
    pin,
)
from shelters.models import LeavingReason, Plan, PlanLine, Stay
from shelters.planner_desk import carry_on
from shelters.rules import Kind
from tests.factories.cases import HouseholdFactory, NeedFactory
from tests.factories.kin import KinshipFactory
from tests.factories.shelters import HoldFactory, UnitFactory

pytestmark = pytest.mark.django_db

Fate = PlanLine.Fate
SYSTEM = Actor.system("shelters")


@pytest.fixture
def families(now: datetime) -> list[Household]:
    """Three families of two, four and three who were tested and have no place."""
    return [HouseholdFactory(people=people, step=Step.TESTED) for people in (2, 4, 3)]


@pytest.fixture
def coordinator(actor_in: Callable[..., Actor]) -> Callable[[], Actor]:
    """The coordinator as a request finds them: with the shelters that stand by then."""
    return lambda: actor_in("coordinator")


@pytest.fixture
def planned(coordinator: Callable[[], Actor], now: datetime) -> Callable[..., Plan]:
    """A plan for households, worked out."""

    def plan_for(households: list[Household], **told: object) -> Plan:
        told = {"origin": Plan.Origin.CHOSEN, **told}
        plan = make_plan(site=households[0].site, households=households, actor=coordinator(), at=now, **told)
        return compute_plan(plan=plan, seconds=0.3, actor=SYSTEM, at=now)

    return plan_for


def applied(plan: Plan, actor: Actor, at: datetime) -> Plan:
    """`plan`, asked for by `actor` and applied by a worker."""
    ask_to_apply(plan=plan, actor=actor, at=at)
    carry_on(plan_id=plan.pk, actor=SYSTEM, clock=lambda: at)
    plan.refresh_from_db()
    return plan


def rooms_of(plan: Plan) -> dict[Household, object]:
    return {line.household: line.unit for line in plan.lines.select_related("household", "unit")}


class TestMakePlan:
    def test_waits_for_a_worker(
        self, families: list[Household], coordinator: Callable[[], Actor], now: datetime
    ) -> None:
        plan = make_plan(
            site=families[0].site, origin=Plan.Origin.WAITING, households=families, actor=coordinator(), at=now
        )
        assert (plan.state, plan.lines.count()) == (Plan.State.COMPUTING, 3)
        assert Event.objects.get(type=EventType.PLAN_MADE).facts["households"] == 3

    def test_refuses_nobody_and_who_may_not_place(
        self, families: list[Household], actor_in: Callable[..., Actor], coordinator: Callable[[], Actor], now: datetime
    ) -> None:
        told = {"site": families[0].site, "origin": Plan.Origin.CHOSEN, "at": now}
        with pytest.raises(NobodyToPlan):
            make_plan(households=[], actor=coordinator(), **told)
        for role in ("reception", "shelter"):
            with pytest.raises(NotAllowed):
                make_plan(households=families, actor=actor_in(role), **told)

    def test_makes_one_plan_of_two_taps(
        self, families: list[Household], coordinator: Callable[[], Actor], now: datetime
    ) -> None:
        told = {"site": families[0].site, "origin": Plan.Origin.CHOSEN, "uid": uuid4(), "actor": coordinator()}
        plan = make_plan(households=families, at=now, **told)
        assert make_plan(households=families, at=now + timedelta(seconds=1), **told) == plan
        assert Event.objects.filter(type=EventType.PLAN_MADE).count() == 1

    def test_makes_another_of_the_same_page_for_others(
        self, families: list[Household], coordinator: Callable[[], Actor], now: datetime
    ) -> None:
        told = {"site": families[0].site, "origin": Plan.Origin.CHOSEN, "uid": uuid4(), "actor": coordinator()}
        plans = {make_plan(households=some, at=now, **told) for some in (families, families[:2])}
        assert [plan.lines.count() for plan in sorted(plans, key=lambda plan: plan.pk)] == [3, 2]


class TestSaidByTwoDesks:
    def test_rules_out_both_shelters(
        self, families: list[Household], planned: Callable[..., Plan], coordinator: Callable[[], Actor], now: datetime
    ) -> None:
        one, other = UnitFactory(kind=Kind.FAMILY, places=9), UnitFactory(kind=Kind.FAMILY, places=9)
        plan = planned(families)
        line, as_read_before = plan.lines.first(), plan.lines.first()
        bar(line=line, shelter=one.shelter, is_barred=True, actor=coordinator(), at=now)
        bar(line=as_read_before, shelter=other.shelter, is_barred=True, actor=coordinator(), at=now)
        line.refresh_from_db()
        assert line.barred == [one.shelter.pk, other.shelter.pk]


class TestAskAgain:
    def test_is_told(
        self, families: list[Household], planned: Callable[..., Plan], coordinator: Callable[[], Actor], now: datetime
    ) -> None:
        ask_again(plan=planned(families), actor=coordinator(), at=now)
        assert Event.objects.filter(type=EventType.PLAN_ASKED_AGAIN).count() == 1


class TestComputePlan:
    def test_places_everybody_who_fits_whole(self, families: list[Household], planned: Callable[..., Plan]) -> None:
        small, big = UnitFactory(kind=Kind.FAMILY, places=5), UnitFactory(kind=Kind.FAMILY, places=4)
        rooms = rooms_of(planned(families))
        assert [rooms[each] for each in families] == [small, big, small]

    def test_says_why_somebody_stays_without(self, families: list[Household], planned: Callable[..., Plan]) -> None:
        NeedFactory(household=families[0], kind="ramp")
        UnitFactory(kind=Kind.FAMILY, places=3)
        plan = planned(families)
        why = {line.household: line.why_not for line in plan.lines.all()}
        assert why == {families[0]: ["steps"], families[1]: ["no_room"], families[2]: []}

    def test_keeps_both_totals_side_by_side(self, families: list[Household], planned: Callable[..., Plan]) -> None:
        UnitFactory(kind=Kind.FAMILY, places=9)
        facts = planned(families).facts
        assert facts["plain"]["people"] == facts["thorough"]["people"] == 9
        assert not facts["is_thorough"]

    def test_brings_relatives_together(
        self, families: list[Household], planned: Callable[..., Plan], now: datetime
    ) -> None:
        one, other = families[0], families[2]
        KinshipFactory(person=one.people.first(), relative=other.people.first())
        here = UnitFactory(kind=Kind.FAMILY, places=3)
        there = UnitFactory(kind=Kind.FAMILY, places=5)
        rooms = rooms_of(planned([one, other]))
        assert rooms[one].shelter == rooms[other].shelter == there.shelter != here.shelter

    def test_keeps_those_apart_who_were_parted_for_protection(
        self, families: list[Household], planned: Callable[..., Plan], now: datetime
    ) -> None:
        one, other, _third = families
        Regrouping.objects.create(
            kind=Regrouping.Kind.SPLIT,
            reason=Regrouping.Reason.PROTECTION,
            household=one,
            into=other,
            happened_at=now,
            noted_by="1",
        )
        roomy = UnitFactory(kind=Kind.FAMILY, places=20)
        UnitFactory(kind=Kind.MIXED, places=4, shelter__counted_at=None)
        rooms = rooms_of(planned([one, other]))
        assert {room.shelter_id for room in rooms.values()} >= {roomy.shelter_id}
        assert rooms[one].shelter != rooms[other].shelter

    def test_is_done_once_though_two_workers_do_it(
        self, families: list[Household], coordinator: Callable[[], Actor], now: datetime
    ) -> None:
        UnitFactory(kind=Kind.FAMILY, places=9)
        plan = make_plan(
            site=families[0].site, origin=Plan.Origin.CHOSEN, households=families, actor=coordinator(), at=now
        )
        for _twice in range(2):
            compute_plan(plan=plan, seconds=0.2, actor=SYSTEM, at=now)
        assert Event.objects.filter(type=EventType.PLAN_COMPUTED).count() == 1

    def test_is_taken_over_when_a_worker_died(
        self, families: list[Household], coordinator: Callable[[], Actor], now: datetime
    ) -> None:
        UnitFactory(kind=Kind.FAMILY, places=9)
        make_plan(site=families[0].site, origin=Plan.Origin.CHOSEN, households=families, actor=coordinator(), at=now)
        assert claim_plan(actor=SYSTEM, at=now) is not None
        assert claim_plan(actor=SYSTEM, at=now + timedelta(seconds=5)) is None
        assert carry_on(actor=SYSTEM, clock=lambda: now + timedelta(minutes=5)) == 1

    def test_is_given_up_after_it_took_several_workers_down(
        self, families: list[Household], coordinator: Callable[[], Actor], now: datetime
    ) -> None:
        make_plan(site=families[0].site, origin=Plan.Origin.CHOSEN, households=families, actor=coordinator(), at=now)
        Plan.objects.update(tries=MOST_TRIES)
        assert carry_on(actor=SYSTEM, clock=lambda: now) == 0
        assert Plan.objects.get().state == Plan.State.FAILED


class TestPins:
    def test_are_kept_when_the_plan_is_made_again(
        self, families: list[Household], planned: Callable[..., Plan], coordinator: Callable[[], Actor], now: datetime
    ) -> None:
        good, bad = UnitFactory(kind=Kind.FAMILY, places=12), UnitFactory(kind=Kind.MIXED, places=9)
        plan = planned(families)
        assert set(rooms_of(plan).values()) == {good}
        line = plan.lines.get(household=families[1])
        pin(line=line, unit=bad, actor=coordinator(), at=now)
        ask_again(plan=plan, actor=coordinator(), at=now)
        plan = compute_plan(plan=plan, seconds=0.3, actor=SYSTEM, at=now)
        assert rooms_of(plan)[families[1]] == bad

    def test_a_shelter_that_was_ruled_out_stays_out(
        self, families: list[Household], planned: Callable[..., Plan], coordinator: Callable[[], Actor], now: datetime
    ) -> None:
        unit = UnitFactory(kind=Kind.FAMILY, places=9)
        plan = planned(families)
        line = plan.lines.get(household=families[0])
        bar(line=line, shelter=unit.shelter, is_barred=True, actor=coordinator(), at=now)
        ask_again(plan=plan, actor=coordinator(), at=now)
        compute_plan(plan=plan, seconds=0.3, actor=SYSTEM, at=now)
        line.refresh_from_db()
        assert (line.unit, line.why_not) == (None, ["barred"])

    def test_never_break_a_hard_rule(
        self, families: list[Household], planned: Callable[..., Plan], coordinator: Callable[[], Actor], now: datetime
    ) -> None:
        women = UnitFactory(kind=Kind.ISOLATION, places=9)
        plan = planned(families)
        line = plan.lines.get(household=families[0])
        pin(line=line, unit=women, actor=coordinator(), at=now)
        ask_again(plan=plan, actor=coordinator(), at=now)
        compute_plan(plan=plan, seconds=0.3, actor=SYSTEM, at=now)
        line.refresh_from_db()
        assert (line.unit, line.why_not) == (None, ["isolation_only"])

    def test_refuse_a_room_of_another_city_and_a_plan_that_was_applied(
        self, families: list[Household], planned: Callable[..., Plan], coordinator: Callable[[], Actor], now: datetime
    ) -> None:
        here, elsewhere = UnitFactory(places=9), UnitFactory(shelter__site__parent__code="TJ")
        plan = planned(families)
        line = plan.lines.first()
        with pytest.raises(NoSuchRoom):
            pin(line=line, unit=elsewhere, actor=coordinator(), at=now)
        applied(plan, coordinator(), now)
        with pytest.raises(PlanMoved):
            pin(line=line, unit=here, actor=coordinator(), at=now)


class TestApplyPlan:
    def test_gives_every_family_its_room_in_one_go(
        self, families: list[Household], planned: Callable[..., Plan], coordinator: Callable[[], Actor], now: datetime
    ) -> None:
        unit = UnitFactory(kind=Kind.FAMILY, places=9)
        plan = applied(planned(families), coordinator(), now)
        assert plan.state == Plan.State.APPLIED
        assert Stay.objects.open().filter(unit=unit).count() == 9
        assert set(Household.objects.values_list("step", flat=True)) == {Step.PLACED}

    def test_refuses_who_no_longer_fits_and_places_the_rest(
        self, families: list[Household], planned: Callable[..., Plan], coordinator: Callable[[], Actor], now: datetime
    ) -> None:
        unit = UnitFactory(kind=Kind.FAMILY, places=9)
        plan = planned(families)
        quicker = HouseholdFactory(people=2, step=Step.TESTED)
        assign_place(household=quicker, unit=unit, actor=coordinator(), at=now)
        applied(plan, coordinator(), now + timedelta(minutes=1))
        fates = {line.household: (line.fate, line.refusal) for line in plan.lines.all()}
        assert sorted(fates.values()) == [("placed", ""), ("placed", ""), ("refused", "over_capacity")]
        for household in families:
            slept = Stay.objects.open().filter(household=household).count()
            assert slept == (household.people.count() if fates[household][0] == Fate.PLACED else 0)

    def test_leaves_who_got_a_place_meanwhile_where_they_are(
        self, families: list[Household], planned: Callable[..., Plan], coordinator: Callable[[], Actor], now: datetime
    ) -> None:
        UnitFactory(kind=Kind.FAMILY, places=9)
        plan, elsewhere = planned(families), UnitFactory(places=9)
        assign_place(household=families[0], unit=elsewhere, actor=coordinator(), at=now)
        applied(plan, coordinator(), now + timedelta(minutes=1))
        line = plan.lines.get(household=families[0])
        assert (line.fate, line.refusal) == (Fate.REFUSED, "already_placed")

    def test_is_applied_once(
        self, families: list[Household], planned: Callable[..., Plan], coordinator: Callable[[], Actor], now: datetime
    ) -> None:
        UnitFactory(kind=Kind.FAMILY, places=9)
        plan = planned(families)
        applied(plan, coordinator(), now)
        with pytest.raises(PlanMoved):
            ask_to_apply(plan=plan, actor=coordinator(), at=now)

    def test_empties_a_shelter_that_closes(
        self, planned: Callable[..., Plan], coordinator: Callable[[], Actor], now: datetime
    ) -> None:
        closing, other = UnitFactory(kind=Kind.MIXED, places=9), UnitFactory(kind=Kind.MIXED, places=9)
        guests = [HouseholdFactory(people=people, step=Step.TESTED) for people in (2, 3)]
        for household in guests:
            assign_place(household=household, unit=closing, actor=coordinator(), at=now - timedelta(days=1))
        plan = planned(guests, origin=Plan.Origin.CLOSING, shelter=closing.shelter)
        applied(plan, coordinator(), now)
        assert not Stay.objects.open().filter(unit=closing).exists()
        assert Stay.objects.open().filter(unit=other).count() == 5
        assert set(Stay.objects.filter(unit=closing).values_list("leaving_reason", flat=True)) == {LeavingReason.CLOSED}

    def test_leaves_those_alone_who_left_the_closing_shelter_meanwhile(
        self, planned: Callable[..., Plan], coordinator: Callable[[], Actor], now: datetime
    ) -> None:
        closing, other = UnitFactory(kind=Kind.MIXED, places=9), UnitFactory(kind=Kind.MIXED, places=9)
        guests = HouseholdFactory(people=2, step=Step.TESTED)
        assign_place(household=guests, unit=closing, actor=coordinator(), at=now - timedelta(days=1))
        plan = planned([guests], origin=Plan.Origin.CLOSING, shelter=closing.shelter)
        elsewhere = UnitFactory(kind=Kind.MIXED, places=9)
        moved = now + timedelta(minutes=1)
        move_household(
            household=guests, unit=elsewhere, reason=LeavingReason.TRANSFERRED, actor=coordinator(), at=moved
        )
        applied(plan, coordinator(), now + timedelta(minutes=2))
        assert plan.lines.get().fate == Fate.REFUSED
        assert Stay.objects.open().filter(unit=elsewhere).count() == 2
        assert not Stay.objects.filter(unit=other).exists()

    def test_is_refused_to_who_does_not_place_there(
        self, families: list[Household], planned: Callable[..., Plan], actor_in: Callable[..., Actor], now: datetime
    ) -> None:
        UnitFactory(kind=Kind.FAMILY, places=9)
        plan = planned(families)
        with pytest.raises(NotAllowed):
            ask_to_apply(plan=plan, actor=actor_in("shelter"), at=now)
        assert not Stay.objects.exists()


class TestHeldPlaces:
    def test_are_theirs_and_nobody_elses(
        self, families: list[Household], planned: Callable[..., Plan], coordinator: Callable[[], Actor], now: datetime
    ) -> None:
        two, _four, three = families
        room, other = UnitFactory(kind=Kind.FAMILY, places=3), UnitFactory(kind=Kind.MIXED, places=2)
        HoldFactory(unit=room, household=three, places=3, expires_at=now + timedelta(hours=2))
        plan = planned([two, three])
        assert rooms_of(plan) == {two: other, three: room}
        applied(plan, coordinator(), now + timedelta(minutes=1))
        assert set(plan.lines.values_list("fate", flat=True)) == {Fate.PLACED}

    def test_are_not_given_away_while_they_stand(
        self, families: list[Household], planned: Callable[..., Plan], coordinator: Callable[[], Actor], now: datetime
    ) -> None:
        two, _four, three = families
        room = UnitFactory(kind=Kind.FAMILY, places=3)
        HoldFactory(unit=room, household=three, places=3, expires_at=now + timedelta(hours=2))
        plan = planned([two, three])
        line = plan.lines.get(household=three)
        bar(line=line, shelter=room.shelter, is_barred=True, actor=coordinator(), at=now)
        ask_again(plan=plan, actor=coordinator(), at=now)
        compute_plan(plan=plan, seconds=0.3, actor=SYSTEM, at=now)
        assert set(rooms_of(plan).values()) == {None}


class TestHardRules:
    def test_are_those_of_a_single_placing(self, planned: Callable[..., Plan], now: datetime) -> None:
        """What a plan would not do, a desk cannot either (`shelters.fitting`)."""
        household = HouseholdFactory(people=2, step=Step.TESTED)
        NeedFactory(household=household, kind="pet")
        UnitFactory(kind=Kind.FAMILY, places=9, shelter__takes_pets=False)
        line = planned([household]).lines.get()
        assert (line.unit, line.why_not) == (None, ["no_pets"])
