"""Households and people for tests. Every name and number is invented."""

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from cases.actions.people import search_tokens
from cases.kinds import FMM
from cases.models import (
    AccessRequest,
    Aid,
    Arrival,
    Cohort,
    Consent,
    CovidTest,
    Document,
    Household,
    Isolation,
    Merge,
    Need,
    Person,
    Relation,
    SearchToken,
    StepTaken,
    Tap,
)
from cases.states import Step
from tests.factories.places import CrossingFactory, SiteFactory

ARRIVED_AT = datetime(2021, 12, 8, 17, 30, tzinfo=UTC)


class CohortFactory(DjangoModelFactory):
    class Meta:
        model = Cohort
        django_get_or_create = ("code",)

    code = "mpp-2"
    name = "MPP 2"
    begins_on = date(2021, 12, 6)
    ends_on = date(2022, 8, 9)


class HouseholdFactory(DjangoModelFactory):
    """A household at Ciudad Juárez. `people=2` adds a head and a child, and their arrival."""

    class Meta:
        model = Household
        skip_postgeneration_save = True

    prefix = factory.LazyAttribute(lambda household: household.site.code[:4])
    site = factory.SubFactory(SiteFactory)
    step = Step.RECEIVED
    step_at = ARRIVED_AT
    arrived_at = ARRIVED_AT

    @factory.post_generation
    def people(self, create: bool, extracted: int | None, **kwargs: object) -> None:
        if not extracted:
            return
        arrival = ArrivalFactory(household=self)
        for position in range(1, extracted + 1):
            person = PersonFactory(
                household=self,
                position=position,
                relation=Relation.HEAD if position == 1 else Relation.CHILD,
                birth_date=date(1990, 3, 5) if position == 1 else date(2014, 6, 1),
            )
            StepTakenFactory(person=person, arrival=arrival)


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person
        skip_postgeneration_save = True

    household = factory.SubFactory(HouseholdFactory)
    position = 1
    relation = Relation.HEAD
    given_names = "Dayanara Lizeth"
    surnames = "Funes Amador"
    birth_date = date(1990, 3, 5)
    sex = "F"
    nationality = "HN"

    @factory.post_generation
    def findable(self, create: bool, extracted: bool | None, **kwargs: object) -> None:
        if create and extracted is not False:
            SearchToken.objects.bulk_create(search_tokens(self))


class ArrivalFactory(DjangoModelFactory):
    class Meta:
        model = Arrival

    household = factory.SubFactory(HouseholdFactory)
    site = factory.SelfAttribute("household.site")
    crossing = factory.SubFactory(CrossingFactory)
    occurred_at = ARRIVED_AT


class StepTakenFactory(DjangoModelFactory):
    class Meta:
        model = StepTaken

    person = factory.SubFactory(PersonFactory)
    arrival = factory.SubFactory(ArrivalFactory)
    step = Step.RECEIVED
    occurred_at = ARRIVED_AT


class DocumentFactory(DjangoModelFactory):
    class Meta:
        model = Document

    person = factory.SubFactory(PersonFactory)
    kind = FMM
    number = "FMM-000123"
    issued_on = date(2021, 12, 8)
    valid_until = date(2022, 4, 7)


class CovidTestFactory(DjangoModelFactory):
    class Meta:
        model = CovidTest

    person = factory.SubFactory(PersonFactory)
    taken_at = datetime(2021, 12, 8, 17, 45, tzinfo=UTC)


class AidFactory(DjangoModelFactory):
    class Meta:
        model = Aid

    household = factory.SubFactory(HouseholdFactory)
    site = factory.SelfAttribute("household.site")
    kind = "food"
    people = 2
    given_at = datetime(2021, 12, 8, 17, 55, tzinfo=UTC)
    noted_by = "1"


class ConsentFactory(DjangoModelFactory):
    class Meta:
        model = Consent

    household = factory.SubFactory(HouseholdFactory)
    purpose = Consent.Purpose.MESSAGES
    is_given = True
    notice_version = "2021-12"
    notice_language = "spa"
    noted_at = ARRIVED_AT
    noted_by = "1"


class MergeFactory(DjangoModelFactory):
    """A merge of households; its pairs are the deed's own to write."""

    class Meta:
        model = Merge

    kept = factory.SubFactory(HouseholdFactory)
    other = factory.SubFactory(HouseholdFactory, site=factory.SelfAttribute("..kept.site"))
    merged_at = ARRIVED_AT
    merged_by = "Nadia Reyna"


class AccessRequestFactory(DjangoModelFactory):
    """The staff of Nogales ask to see a household."""

    class Meta:
        model = AccessRequest

    household = factory.SubFactory(HouseholdFactory)
    site = factory.SubFactory(SiteFactory, code="NG")
    reason = AccessRequest.Reason.IS_HERE
    asked_at = ARRIVED_AT
    asked_by = "Nadia Reyna"


class TapFactory(DjangoModelFactory):
    class Meta:
        model = Tap

    household = factory.SubFactory(HouseholdFactory)
    kind = Tap.Kind.STEP
    people = 2
    done_at = ARRIVED_AT
    actor_kind = "staff"
    actor_id = "0"
    stood_at = factory.SelfAttribute("household.step")
    stood_since = factory.SelfAttribute("household.step_at")
    stands_at = factory.SelfAttribute("household.step")
    stands_since = factory.SelfAttribute("household.step_at")


class NeedFactory(DjangoModelFactory):
    class Meta:
        model = Need

    household = factory.SubFactory(HouseholdFactory)
    kind = "ramp"
    noted_at = ARRIVED_AT
    noted_by = "1"


class IsolationFactory(DjangoModelFactory):
    class Meta:
        model = Isolation

    household = factory.SubFactory(HouseholdFactory)
    begun_at = ARRIVED_AT
    retest_on = date(2021, 12, 22)
