"""Logging that a household came."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from audit.models import Event, EventType
from cases.actions.arrivals import NobodyArrived, record_arrival
from cases.actions.people import BadANumber, BadPhone, PersonEntry, correct_person
from cases.finding import find
from cases.models import Arrival, Household, Relation
from cases.states import Step
from core.actors import Actor
from core.errors import NotAllowed
from tests.factories.cases import CohortFactory, HouseholdFactory
from tests.factories.places import CrossingFactory, SiteFactory

MOTHER = PersonEntry(
    given_names="Dayanara Lizeth",
    surnames="Funes Amador",
    birth_date=date(1990, 3, 5),
    sex="F",
    nationality="HN",
    a_number="A 12-345-678",
    phone="044 656 123 4567",
    phone_owner="own",
)
SON = PersonEntry(
    given_names="Kevin Josué", surnames="Mejía Funes", birth_date=date(2014, 6, 1), relation=Relation.CHILD
)


def log(actor: Actor, now: datetime, **changes: object) -> tuple[Household, bool]:
    """The arrival of a mother and her son at Ciudad Juárez."""
    entry = {
        "uid": uuid.uuid4(),
        "site": SiteFactory(),
        "crossing": CrossingFactory(),
        "people": [MOTHER, SON],
        "language": "spa",
        "occurred_at": now - timedelta(minutes=20),
        "actor": actor,
        "at": now,
    }
    return record_arrival(**{**entry, **changes})  # type: ignore[arg-type]


@pytest.mark.django_db
class TestRecordArrival:
    def test_keeps_the_family_together_with_its_head_first(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        household, is_new = log(actor_in("reception"), now)
        assert is_new
        assert [person.full_name for person in household.people.all()] == [
            "Dayanara Lizeth Funes Amador",
            "Kevin Josué Mejía Funes",
        ]
        assert household.step == Step.RECEIVED
        assert household.code == f"JZ-{household.pk:04d}"

    def test_writes_numbers_in_their_one_spelling(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        household, _ = log(actor_in("reception"), now)
        mother = household.people.all()[0]
        assert (mother.a_number, mother.phone) == ("012345678", "+526561234567")

    def test_belongs_to_the_programme_of_its_day(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        cohort = CohortFactory()
        household, _ = log(actor_in("reception"), now)
        assert household.cohort == cohort

    def test_belongs_to_no_programme_that_begins_tomorrow_on_the_clocks_of_the_site(
        self, actor_in: Callable[..., Actor]
    ) -> None:
        CohortFactory(begins_on=date(2021, 12, 9))
        household, _ = log(actor_in("reception"), datetime(2021, 12, 9, 3, tzinfo=UTC))  # 20:00 in Ciudad Juárez
        assert household.cohort is None

    def test_the_same_entry_twice_lands_once(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        actor, uid = actor_in("reception"), uuid.uuid4()
        first, _ = log(actor, now, uid=uid)
        again, is_new = log(actor, now + timedelta(hours=1), uid=uid)
        assert (again, is_new) == (first, False)
        assert Household.objects.count() == Arrival.objects.count() == 1

    def test_records_what_happened_without_a_name(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        household, _ = log(actor_in("reception"), now)
        event = Event.objects.get(type=EventType.ARRIVAL_RECORDED)
        assert event.household == household.uid
        assert event.site_id == household.site_id
        assert event.facts["people"] == 2
        assert "Funes" not in str(event.facts)

    @pytest.mark.parametrize(
        ("role", "site"), [("shelter", "JZ"), ("hearings", "JZ"), ("reception", "TJ"), ("dpo", None)]
    )
    def test_refuses_other_roles_and_other_sites(
        self, actor_in: Callable[..., Actor], now: datetime, role: str, site: str | None
    ) -> None:
        with pytest.raises(NotAllowed):
            log(actor_in(role, site), now)

    def test_refuses_an_empty_family(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        with pytest.raises(NobodyArrived):
            log(actor_in("reception"), now, people=[])

    @pytest.mark.parametrize(("wrong", "refusal"), [({"a_number": "12"}, BadANumber), ({"phone": "no sé"}, BadPhone)])
    def test_refuses_numbers_that_cannot_be(
        self, actor_in: Callable[..., Actor], now: datetime, wrong: dict[str, str], refusal: type[Exception]
    ) -> None:
        with pytest.raises(refusal):
            log(actor_in("reception"), now, people=[PersonEntry(**wrong)])  # type: ignore[arg-type]
        assert not Household.objects.exists()

    def test_takes_a_person_of_whom_nothing_is_known(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        household, _ = log(actor_in("reception"), now, people=[PersonEntry()])
        assert household.people.count() == 1


@pytest.mark.django_db(transaction=True)
class TestRecordArrivalAtOnce:
    def test_eight_deliveries_of_one_entry_land_once(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        actor, uid, site, crossing = actor_in("reception"), uuid.uuid4(), SiteFactory(), CrossingFactory()

        def deliver(_: int) -> bool:
            try:
                return log(actor, now, uid=uid, site=site, crossing=crossing)[1]
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as desks:
            assert sum(desks.map(deliver, range(8))) == 1
        assert Household.objects.count() == 1


@pytest.mark.django_db
class TestCorrectPerson:
    def test_makes_the_person_findable_by_the_new_name(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        actor = actor_in("reception")
        person = HouseholdFactory(people=1).people.get()
        correct_person(person=person, changes={"surnames": "Zúñiga Prado"}, actor=actor, at=now)
        assert [one.person for one in find("zuniga prado", actor=actor)] == [person]
        assert find("funes amador", actor=actor) == []

    def test_the_event_names_the_fields_and_not_their_values(
        self, actor_in: Callable[..., Actor], now: datetime
    ) -> None:
        person = HouseholdFactory(people=1).people.get()
        correct_person(person=person, changes={"phone": "6561234567"}, actor=actor_in("reception"), at=now)
        event = Event.objects.get(type=EventType.PERSON_CORRECTED)
        assert event.facts["fields"] == ["phone"]
        assert "656" not in str(event.facts["fields"])

    def test_refuses_other_sites(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        person = HouseholdFactory(people=1).people.get()
        with pytest.raises(NotAllowed):
            correct_person(person=person, changes={"notes": "x"}, actor=actor_in("reception", "TJ"), at=now)
