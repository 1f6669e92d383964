"""Announced lists for tests. Every name and number is invented."""

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from expected.candidates import tokens_of
from expected.models import ExpectedDay, ExpectedHousehold, ExpectedList, ExpectedPerson, Pairing
from expected.rules import Reason
from tests.factories.cases import ArrivalFactory
from tests.factories.places import SiteFactory

DAY = date(2021, 12, 8)


class ExpectedDayFactory(DjangoModelFactory):
    """8 December 2021 at Ciudad Juárez, seven hours behind UTC."""

    class Meta:
        model = ExpectedDay
        django_get_or_create = ("site", "day")

    site = factory.SubFactory(SiteFactory)
    day = DAY
    begins_at = datetime(2021, 12, 8, 7, tzinfo=UTC)
    ends_at = datetime(2021, 12, 9, 7, tzinfo=UTC)


class ExpectedListFactory(DjangoModelFactory):
    class Meta:
        model = ExpectedList
        django_get_or_create = ("day", "number")

    day = factory.SubFactory(ExpectedDayFactory)
    number = 1
    source = ExpectedList.Source.INM
    fingerprint = "of-nothing"
    received_at = datetime(2021, 12, 8, 13, tzinfo=UTC)
    received_by = "1"


class ExpectedHouseholdFactory(DjangoModelFactory):
    """Somebody alone on the list of the day."""

    class Meta:
        model = ExpectedHousehold
        skip_postgeneration_save = True

    day = factory.SubFactory(ExpectedDayFactory)
    announced_in = factory.SubFactory(ExpectedListFactory, day=factory.SelfAttribute("..day"))
    position = factory.Sequence(lambda number: number % 30_000 + 1)
    size = 1

    @factory.post_generation
    def person(self, create: bool, extracted: bool | None, **fields: object) -> None:
        if create and extracted is not False:
            ExpectedPersonFactory(household=self, **fields)


class ExpectedPersonFactory(DjangoModelFactory):
    class Meta:
        model = ExpectedPerson

    household = factory.SubFactory(ExpectedHouseholdFactory, person=False)
    position = 1
    given_names = "Dayanara Lizeth"
    surnames = "Funes Amador"
    birth_date = date(1990, 3, 5)
    birth_is_estimated = False
    sex = "F"
    nationality = "HN"
    a_number = ""
    tokens = factory.LazyAttribute(tokens_of)


class PairingFactory(DjangoModelFactory):
    """One that waits for a person."""

    class Meta:
        model = Pairing

    household = factory.SubFactory(ExpectedHouseholdFactory)
    arrival = factory.SubFactory(ArrivalFactory)
    standing = Pairing.Standing.OFFERED
    reason = Reason.LIKENESS
    likeness = 84
