"""The pages of the waiting list and of plans for many: who sees them, what they say, and that they stay light."""

import gzip
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from audit.models import Read
from cases.models import Household
from cases.states import Step
from core.actors import Actor
from shelters.actions.plans import MOST_TRIES, claim_plan
from shelters.models import Plan, PlanLine, Stay
from shelters.planner_desk import GAVE_UP, carry_on
from shelters.rules import Kind
from shelters.waiting_list import A_PAGE
from tests.factories.cases import HouseholdFactory, IsolationFactory, NeedFactory
from tests.factories.shelters import HoldFactory, PlanFactory, PlanLineFactory, ShelterFactory, StayFactory, UnitFactory

pytestmark = pytest.mark.django_db

WEIGHT = 30_000
SYSTEM = Actor.system("shelters")


@pytest.fixture(autouse=True)
def clock(now: datetime):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def coordinator(client_of: Callable[..., Client]) -> Callable[[], Client]:
    return lambda: client_of("coordinator")


def family(now: datetime, *, people: int = 2, hours: int = 1, **told: object) -> Household:
    since = now - timedelta(hours=hours)
    return HouseholdFactory(people=people, step=Step.TESTED, step_at=since, arrived_at=since, **told)


def order_of(page: str, households: list[Household]) -> list[Household]:
    return sorted(households, key=lambda household: page.index(household.code))


def plan_for(client: Client, now: datetime, **told: object) -> Plan:
    response = client.post(reverse("shelters:plans"), {"city": "JZ", "origin": "waiting", **told})
    assert response.status_code == 302, response.content.decode()[:2000]
    carry_on(actor=SYSTEM, clock=lambda: now)
    return Plan.objects.get()


class TestWaiting:
    def test_puts_the_urgent_first_then_who_waits_longest(self, coordinator, now) -> None:
        long, short = family(now, hours=5), family(now, hours=1)
        pregnant = NeedFactory(household=family(now), kind="pregnant").household
        isolated = IsolationFactory(household=family(now)).household
        page = coordinator().get(reverse("shelters:waiting")).content.decode()
        everybody = [long, short, pregnant, isolated]
        assert order_of(page, everybody) == [isolated, pregnant, long, short]

    def test_shows_needs_holds_and_records_the_read(self, coordinator, now) -> None:
        household = NeedFactory(household=family(now), kind="ramp").household
        HoldFactory(unit=UnitFactory(), household=household, expires_at=now + timedelta(hours=1))
        page = coordinator().get(reverse("shelters:waiting")).content.decode()
        assert "Sin escalones" in page or "No steps" in page
        assert Read.objects.get(page="waiting").households == [household.uid]

    def test_leaves_out_who_has_a_place(self, coordinator, now) -> None:
        StayFactory(household__step=Step.PLACED)
        placed = HouseholdFactory(people=1, step=Step.PLACED, guest_site=ShelterFactory().site)
        assert placed.code not in coordinator().get(reverse("shelters:waiting")).content.decode()

    def test_goes_on_where_a_page_ended(self, coordinator, now) -> None:
        households = [family(now, people=1, hours=1) for _ in range(A_PAGE + 3)]
        client, found = coordinator(), []
        page = client.get(reverse("shelters:waiting"))
        found += [row.seeker.household for row in page.context["waiting"].rows]
        rest = client.get(reverse("shelters:waiting"), {"after": page.context["waiting"].next_cursor})
        found += [row.seeker.household for row in rest.context["waiting"].rows]
        assert set(found) == set(households)
        assert len(found) == len(households)

    def test_keeps_who_is_ticked_over_its_pages(self, coordinator, now) -> None:
        UnitFactory(kind=Kind.MEN, places=90)
        for _ in range(A_PAGE + 3):
            family(now, people=1)
        client, address = coordinator(), reverse("shelters:waiting")
        first = client.get(address)
        one = first.context["waiting"].rows[4].seeker.household
        turned = client.post(
            f"{address}?city=JZ",
            {"city": "JZ", "after": first.context["waiting"].next_cursor, "households": [str(one.uid), "nobody"]},
        )
        page = turned.content.decode()
        assert page.count(f'type="hidden" name="households" value="{one.uid}"') == 1
        assert "nobody" not in page
        other = turned.context["waiting"].rows[0].seeker.household
        assert other != one
        plan = plan_for(client, now, origin="chosen", households=[str(one.uid), str(other.uid)])
        assert {line.household for line in plan.lines.all()} == {one, other}

    def test_shows_as_ticked_who_was_and_stands_on_this_page(self, coordinator, now) -> None:
        household = family(now)
        page = coordinator().post(reverse("shelters:waiting"), {"households": [str(household.uid)]}).content.decode()
        assert f'name="households" value="{household.uid}" checked' in page

    def test_is_light_and_flat(self, coordinator, now, django_assert_max_num_queries) -> None:
        for number in range(A_PAGE + 10):
            NeedFactory(household=family(now, people=4, hours=number % 9), kind="ramp")
        client = coordinator()
        with django_assert_max_num_queries(10):
            response = client.get(reverse("shelters:waiting"))
        assert len(gzip.compress(response.content)) < WEIGHT

    def test_is_missing_to_who_places_nobody(self, client_of, now) -> None:
        for role in ("reception", "shelter", "hearings"):
            assert client_of(role).get(reverse("shelters:waiting")).status_code == 404


class TestPlans:
    def test_plans_for_all_who_wait(self, coordinator, now) -> None:
        UnitFactory(kind=Kind.FAMILY, places=12)
        households = [family(now), family(now, people=3)]
        plan = plan_for(coordinator(), now)
        assert (plan.state, plan.lines.count()) == (Plan.State.READY, len(households))

    def test_plans_for_those_ticked(self, coordinator, now) -> None:
        UnitFactory(kind=Kind.FAMILY, places=12)
        chosen, _other = family(now), family(now)
        plan = plan_for(coordinator(), now, origin="chosen", households=[str(chosen.uid)])
        assert [line.household for line in plan.lines.all()] == [chosen]

    def test_plans_for_a_shelter_that_closes(self, coordinator, now) -> None:
        closing, other = UnitFactory(places=12), UnitFactory(places=12)
        guests = HouseholdFactory(people=1, step=Step.PLACED, guest_site=closing.shelter.site)
        StayFactory(person=guests.people.get(), unit=closing)
        plan = plan_for(coordinator(), now, origin="closing", from_shelter=str(closing.shelter.uid))
        assert [line.unit for line in plan.lines.all()] == [other]

    def test_stand_newest_first(self, coordinator, now) -> None:
        client = coordinator()
        made = [PlanFactory(made_at=now - timedelta(hours=hours)) for hours in (2, 1, 3)]
        for number, plan in enumerate(made):
            PlanLineFactory.create_batch(3 - number, plan=plan)
        page = client.get(reverse("shelters:plans"))
        assert list(page.context["plans"]) == [made[1], made[0], made[2]]

    def test_wants_to_know_which_shelter_and_at_least_one_family(self, coordinator, now) -> None:
        client = coordinator()
        for told in ({"origin": "closing"}, {"origin": "waiting"}, {"origin": "chosen"}):
            assert client.post(reverse("shelters:plans"), {"city": "JZ", **told}).status_code == 422
        assert not Plan.objects.exists()


class TestPlan:
    def test_shows_both_ways_each_shelter_and_who_stays_without(self, coordinator, now) -> None:
        unit = UnitFactory(kind=Kind.FAMILY, places=3)
        family(now), family(now, people=5)
        client = coordinator()
        plan = plan_for(client, now)
        response = client.get(reverse("shelters:plan", args=[plan.uid]))
        page = response.content.decode()
        assert unit.shelter.name in page
        assert (response.context["counts"]["placed"], response.context["counts"]["without"]) == (1, 1)
        assert len(response.context["ways"]) == 2
        assert Read.objects.filter(page="plan").exists()

    def test_hides_no_excess_of_a_shelter_in_which_it_places(self, coordinator, now) -> None:
        unit = UnitFactory(places=2)
        crowded = UnitFactory(shelter=unit.shelter, places=1)
        for _ in range(3):
            StayFactory(unit=crowded, **({"over_capacity_reason": "Frío", "over_capacity_by": "R."} if _ else {}))
        household = family(now)
        HoldFactory(unit=unit, household=household, places=2, expires_at=now + timedelta(hours=1))
        client = coordinator()
        plan = plan_for(client, now, origin="chosen", households=[str(household.uid)])
        assert plan.lines.get().unit == unit
        (house,) = client.get(reverse("shelters:plan", args=[plan.uid])).context["houses"]
        assert (house.bar.over, house.bar.held, house.left) == (2, 2, 0)

    def test_says_how_far_it_is_while_a_worker_is_at_it(self, coordinator, now) -> None:
        family(now)
        client = coordinator()
        client.post(reverse("shelters:plans"), {"city": "JZ", "origin": "waiting"})
        plan = Plan.objects.get()
        assert "hx-get" in client.get(reverse("shelters:plan", args=[plan.uid])).content.decode()
        carry_on(actor=SYSTEM, clock=lambda: now)
        part = client.get(reverse("shelters:plan", args=[plan.uid]), headers={"hx-request": "true"})
        assert part.headers["HX-Refresh"] == "true"

    def test_says_when_it_takes_longer_than_usual_as_after_a_worker_died(self, coordinator, now) -> None:
        family(now)
        client = coordinator()
        client.post(reverse("shelters:plans"), {"city": "JZ", "origin": "waiting"})
        page = reverse("shelters:plan", args=[Plan.objects.get().uid])
        assert not client.get(page).context["is_late"]
        assert claim_plan(actor=SYSTEM, at=now) is not None
        with time_machine.travel(now + timedelta(seconds=20), tick=False):
            assert client.get(page).context["is_late"]
        assert claim_plan(actor=SYSTEM, at=now + timedelta(seconds=20)) is None
        assert claim_plan(actor=SYSTEM, at=now + timedelta(seconds=45)) is not None

    def test_gives_the_places(self, coordinator, now) -> None:
        unit = UnitFactory(kind=Kind.FAMILY, places=12)
        household = family(now)
        client = coordinator()
        plan = plan_for(client, now)
        page = reverse("shelters:plan", args=[plan.uid])
        client.post(reverse("shelters:apply_plan", args=[plan.uid]))
        assert not Stay.objects.exists()
        assert "hx-get" in client.get(page).content.decode()
        carry_on(actor=SYSTEM, clock=lambda: now)
        assert Stay.objects.open().filter(unit=unit, household=household).count() == 2
        assert client.get(page, headers={"hx-request": "true"}).headers["HX-Refresh"] == "true"
        assert client.get(page, {"show": "placed"}).context["outcome"]

    def test_says_when_nobody_got_a_place(self, coordinator, now) -> None:
        UnitFactory(kind=Kind.FAMILY, places=12)
        family(now)
        client = coordinator()
        plan = plan_for(client, now)
        client.post(reverse("shelters:apply_plan", args=[plan.uid]))
        Plan.objects.update(tries=MOST_TRIES)
        carry_on(actor=SYSTEM, clock=lambda: now)
        page = client.get(reverse("shelters:plan", args=[plan.uid]))
        assert (page.context["plan"].state, page.context["plan"].trouble) == (Plan.State.READY, GAVE_UP)
        assert "x-messages" in page.content.decode()
        assert reverse("shelters:apply_plan", args=[plan.uid]) in page.content.decode()

    def test_pins_rules_out_and_takes_back(self, coordinator, now) -> None:
        UnitFactory(kind=Kind.FAMILY, places=12)
        other = UnitFactory(kind=Kind.MIXED, places=12)
        family(now)
        client = coordinator()
        plan = plan_for(client, now)
        line = plan.lines.get()
        url = reverse("shelters:plan_line", args=[plan.uid, line.pk])
        assert other.shelter.name in client.get(url).content.decode()
        client.post(url, {"unit": other.pk})
        assert (PlanLine.objects.get().pinned_unit, Plan.objects.get().state) == (other, Plan.State.DRAFT)
        client.post(reverse("shelters:apply_plan", args=[plan.uid]))
        assert not Stay.objects.exists()
        client.post(reverse("shelters:plan_again", args=[plan.uid]))
        carry_on(actor=SYSTEM, clock=lambda: now)
        assert PlanLine.objects.get().unit == other
        client.post(url, {"shelter": other.shelter_id})
        line = PlanLine.objects.get()
        assert (line.pinned_unit, line.barred) == (None, [other.shelter_id])
        client.post(url, {"shelter": other.shelter_id})
        assert PlanLine.objects.get().barred == []

    def test_is_light_and_flat_with_many(self, coordinator, now, django_assert_max_num_queries) -> None:
        for _ in range(12):
            UnitFactory(kind=Kind.FAMILY, places=12)
        for _ in range(50):
            family(now, people=3)
        client = coordinator()
        plan = plan_for(client, now)
        for query in ({}, {"show": "placed"}, {"show": "without"}):
            with django_assert_max_num_queries(10):
                response = client.get(reverse("shelters:plan", args=[plan.uid]), query)
            assert len(gzip.compress(response.content)) < WEIGHT
        family_page = reverse("shelters:plan_line", args=[plan.uid, plan.lines.first().pk])
        with django_assert_max_num_queries(10):
            client.get(family_page)
        with django_assert_max_num_queries(10):
            client.get(reverse("shelters:plans"))
