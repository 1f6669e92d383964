"""A room that closes: one plan finds another for all who sleep in it, in their shelter where it can."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cases.models import Household
from cases.states import Step
from core.actors import Actor
from shelters.actions import assign_place, close_for_works, move_household
from shelters.actions.applying import apply_plan, ask_to_apply
from shelters.actions.plans import compute_plan, make_plan
from shelters.models import LeavingReason, Plan, PlanLine, Shelter, Stay, Unit
from shelters.planner_desk import carry_on
from tests.factories.cases import HouseholdFactory
from tests.factories.shelters import ShelterFactory, UnitFactory
from tests.shelters.reading import words

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("shelters")


@pytest.fixture(autouse=True)
def clock(now: datetime):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def house() -> Shelter:
    return ShelterFactory(name="Casa Uno")


@pytest.fixture
def closing(house: Shelter) -> Unit:
    return UnitFactory(shelter=house, name="Sala del patio", places=5)


@pytest.fixture
def beside(house: Shelter) -> Unit:
    return UnitFactory(shelter=house, name="Sala grande", places=5)


@pytest.fixture
def coordinator(actor_in: Callable[..., Actor]) -> Callable[[], Actor]:
    return lambda: actor_in("coordinator")


@pytest.fixture
def guests(closing: Unit, coordinator: Callable[[], Actor], now: datetime) -> list[Household]:
    """Families of two and three who sleep in the room, which then closes for works."""
    found = [HouseholdFactory(people=people, step=Step.TESTED) for people in (2, 3)]
    for household in found:
        assign_place(household=household, unit=closing, actor=coordinator(), at=now - timedelta(days=1))
    close_for_works(unit=closing, begins_at=now, ends_at=None, source="Obras", actor=coordinator(), at=now)
    return found


def planned(guests: list[Household], unit: Unit, actor: Actor, at: datetime) -> Plan:
    plan = make_plan(site=guests[0].site, origin=Plan.Origin.CLOSING, households=guests, unit=unit, actor=actor, at=at)
    return compute_plan(plan=plan, seconds=0.3, actor=SYSTEM, at=at)


def applied(plan: Plan, actor: Actor, at: datetime) -> Plan:
    return apply_plan(plan=ask_to_apply(plan=plan, actor=actor, at=at), actor=actor, at=at)


class TestPlan:
    def test_gives_them_the_rooms_beside_though_they_still_show_as_over(
        self, guests, closing, beside, coordinator, now
    ) -> None:
        UnitFactory(places=9)
        plan = planned(guests, closing, coordinator(), now)
        assert {line.unit for line in plan.lines.all()} == {beside}

        applied(plan, coordinator(), now)
        assert Stay.objects.open().filter(unit=beside).count() == 5
        assert set(Stay.objects.filter(unit=closing).values_list("leaving_reason", flat=True)) == {LeavingReason.ROOM}

    def test_sends_to_another_shelter_whom_its_own_cannot_take(self, guests, closing, coordinator, now) -> None:
        elsewhere = UnitFactory(places=9)
        plan = planned(guests, closing, coordinator(), now)
        assert {line.unit for line in plan.lines.all()} == {elsewhere}

    def test_never_proposes_the_room_itself_before_its_works_begin(self, closing, coordinator, now) -> None:
        family = HouseholdFactory(people=2, step=Step.TESTED)
        assign_place(household=family, unit=closing, actor=coordinator(), at=now - timedelta(days=1))
        others = HouseholdFactory(people=1, step=Step.TESTED)
        plan = planned([family, others], closing, coordinator(), now)
        assert {line.unit for line in plan.lines.all()} == {None}

    def test_leaves_who_sleeps_in_another_room_of_it_by_now(self, guests, closing, beside, coordinator, now) -> None:
        plan = planned(guests, closing, coordinator(), now)
        third, soon = UnitFactory(shelter=closing.shelter, places=5), now + timedelta(minutes=1)
        move_household(household=guests[0], unit=third, reason=LeavingReason.ROOM, actor=coordinator(), at=soon)

        applied(plan, coordinator(), soon)

        fates = dict(plan.lines.values_list("household", "fate"))
        assert fates == {guests[0].pk: PlanLine.Fate.REFUSED, guests[1].pk: PlanLine.Fate.PLACED}
        assert Stay.objects.open().filter(unit=third).count() == 2


class TestPage:
    @pytest.fixture
    def client(self, client_of: Callable[..., Client], guests: list[Household]) -> Client:
        return client_of("coordinator")

    def test_begins_the_plan_and_names_the_room(self, client, guests, closing, beside, now) -> None:
        page = reverse("shelters:capacity", args=[closing.shelter.uid, closing.pk])
        assert 'name="from_room"' in client.get(page).content.decode()

        client.post(reverse("shelters:plans"), {"city": "JZ", "origin": "closing", "from_room": closing.pk})
        carry_on(actor=SYSTEM, clock=lambda: now)

        plan = Plan.objects.get()
        assert (plan.unit, plan.shelter, plan.lines.count()) == (closing, closing.shelter, 2)
        for address in (reverse("shelters:plan", args=[plan.uid]), reverse("shelters:plans")):
            assert "Sala del patio" in words(client.get(address))

    def test_offers_none_for_an_empty_room(self, client, beside) -> None:
        page = client.get(reverse("shelters:capacity", args=[beside.shelter.uid, beside.pk]))
        assert 'name="from_room"' not in page.content.decode()

    def test_wants_a_room_of_the_city(self, client, closing) -> None:
        for said in ("", "0", "99999999"):
            told = {"city": "JZ", "origin": "closing", "from_room": said}
            assert client.post(reverse("shelters:plans"), told).status_code == 422
        assert not Plan.objects.exists()
