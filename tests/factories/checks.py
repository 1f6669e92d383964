"""Calls to the EOIR line, representatives and lists of legal help for tests. Every name and number is invented."""

from datetime import UTC, date, datetime, timedelta

import factory
from factory.django import DjangoModelFactory

from hearings.models import CheckBatch, CheckCall, Hearing, LegalProvider, Representation
from places.models import Site
from tests.factories.accounts import UserFactory
from tests.factories.cases import HouseholdFactory
from tests.factories.hearings import ClaimFactory, HearingFactory, SummonsFactory
from tests.factories.places import CityFactory, SiteFactory


def hearing_to_ask_about(
    site: Site, day: date = date(2022, 2, 16), number: str = "012345678", **facts: object
) -> Hearing:
    """A hearing, as its sheet says, of a family of `site` whose head has an A-number."""
    household = HouseholdFactory(site=site, people=2)
    household.people.filter(relation="head").update(a_number=number)
    hearing = HearingFactory(household=household, court_on=day, **facts)
    ClaimFactory(hearing=hearing, local_on=day)
    for person in household.people.all():
        SummonsFactory(hearing=hearing, person=person)
    return hearing


class CheckBatchFactory(DjangoModelFactory):
    """A list handed out at 10:00 in Ciudad Juárez on the day of the story, for eight hours."""

    class Meta:
        model = CheckBatch

    site = factory.SubFactory(SiteFactory)
    caller = factory.SubFactory(UserFactory)
    handed_by = "1"
    handed_at = datetime(2021, 12, 8, 17, 0, tzinfo=UTC)
    expires_at = factory.LazyAttribute(lambda batch: batch.handed_at + timedelta(hours=8))


class CheckCallFactory(DjangoModelFactory):
    class Meta:
        model = CheckCall

    batch = factory.SubFactory(CheckBatchFactory)
    hearing = factory.SubFactory(HearingFactory)
    person = factory.LazyAttribute(lambda call: call.hearing.household.people.first())
    position = factory.Sequence(lambda number: number)


class RepresentationFactory(DjangoModelFactory):
    class Meta:
        model = Representation

    household = factory.SubFactory(HouseholdFactory, people=2)
    name = "Lic. Amparo Quiroz"
    phone = "+19155550142"
    organisation = "Puente Legal"
    since = date(2021, 12, 8)
    noted_by = "1"


class LegalProviderFactory(DjangoModelFactory):
    class Meta:
        model = LegalProvider

    city = factory.SubFactory(CityFactory)
    position = factory.Sequence(lambda number: number + 1)
    name = factory.Sequence(lambda number: f"Puente Legal {number}")
    what_es = "Orientación gratuita."
    what_en = "Free orientation."
    source_url = "https://example.org/list"
    valid_from = date(2021, 12, 1)
