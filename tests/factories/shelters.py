"""Shelters, rooms and places for tests. Names are invented; moments stand before the story of 8 December 2021."""

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from shelters.models import (
    Bed,
    Block,
    Capacity,
    Count,
    GateOpening,
    Hold,
    Observation,
    Plan,
    PlanLine,
    Shelter,
    Stay,
    Transfer,
    Unit,
)
from shelters.rules import Kind
from tests.factories.cases import HouseholdFactory, PersonFactory
from tests.factories.places import ShelterSiteFactory, SiteFactory

OPENED_AT = datetime(2021, 1, 1, tzinfo=UTC)
BEGAN_AT = datetime(2021, 12, 1, 18, 0, tzinfo=UTC)


class ShelterFactory(DjangoModelFactory):
    class Meta:
        model = Shelter

    site = factory.SubFactory(ShelterSiteFactory)
    name = factory.SelfAttribute("site.name")
    operator = Shelter.Operator.CHURCH
    opened_at = OPENED_AT


class UnitFactory(DjangoModelFactory):
    """A room for everyone with ten places; `places=3` says another number, `beds=2` numbers some."""

    class Meta:
        model = Unit
        skip_postgeneration_save = True

    shelter = factory.SubFactory(ShelterFactory)
    name = factory.Sequence(lambda number: f"Cuarto {number}")
    kind = Kind.MIXED

    @factory.post_generation
    def places(self, create: bool, extracted: int | None, **kwargs: object) -> None:
        CapacityFactory(unit=self, places=10 if extracted is None else extracted)

    @factory.post_generation
    def beds(self, create: bool, extracted: int | None, **kwargs: object) -> None:
        for number in range(extracted or 0):
            BedFactory(unit=self, label=f"{number + 1:02d}")


class UncountedUnitFactory(DjangoModelFactory):
    """A room of which nobody has said how many places it has."""

    class Meta:
        model = Unit

    shelter = factory.SubFactory(ShelterFactory)
    name = factory.Sequence(lambda number: f"Sala {number}")
    kind = Kind.MIXED


class CapacityFactory(DjangoModelFactory):
    class Meta:
        model = Capacity

    unit = factory.SubFactory(UncountedUnitFactory)
    places = 10
    source = "shelter's desk"
    valid_from = OPENED_AT


class BlockFactory(DjangoModelFactory):
    class Meta:
        model = Block

    unit = factory.SubFactory(UnitFactory)
    places = 2
    reason = "gotera"
    begins_at = BEGAN_AT


class BedFactory(DjangoModelFactory):
    class Meta:
        model = Bed

    unit = factory.SubFactory(UnitFactory)
    label = factory.Sequence(lambda number: f"C{number}")


class HoldFactory(DjangoModelFactory):
    class Meta:
        model = Hold

    unit = factory.SubFactory(UnitFactory)
    household = factory.SubFactory(HouseholdFactory)
    places = 2
    begins_at = datetime(2021, 12, 8, 17, 0, tzinfo=UTC)
    expires_at = datetime(2021, 12, 8, 19, 0, tzinfo=UTC)


class TransferFactory(DjangoModelFactory):
    """Asked for and not answered yet."""

    class Meta:
        model = Transfer

    household = factory.SubFactory(HouseholdFactory)
    from_shelter = factory.SubFactory(ShelterFactory)
    to_shelter = factory.SubFactory(ShelterFactory)
    people = 2
    reason = Transfer.Reason.FULL
    requested_at = datetime(2021, 12, 8, 17, 0, tzinfo=UTC)
    requested_by = "Maribel Ontiveros"
    expires_at = datetime(2021, 12, 9, 17, 0, tzinfo=UTC)


class StayFactory(DjangoModelFactory):
    """An open stay of somebody who came alone."""

    class Meta:
        model = Stay

    person = factory.SubFactory(PersonFactory)
    household = factory.SelfAttribute("person.household")
    unit = factory.SubFactory(UnitFactory)
    begins_at = BEGAN_AT


class CountFactory(DjangoModelFactory):
    """A roll call that found two more than the stays say, and nobody has settled it."""

    class Meta:
        model = Count

    shelter = factory.SubFactory(ShelterFactory)
    basis = Shelter.CountBasis.ROLL_CALL
    people = 12
    stays = 10
    counted_at = datetime(2021, 12, 8, 14, 0, tzinfo=UTC)
    by = "Nadia Reyna"


class ObservationFactory(DjangoModelFactory):
    class Meta:
        model = Observation

    shelter = factory.SubFactory(ShelterFactory)
    as_of = "2021-12"
    capacity_said = "80"
    capacity_places = 80
    source = "https://example.org/nota"


class PlanFactory(DjangoModelFactory):
    """A plan of a coordinator, worked out."""

    class Meta:
        model = Plan

    site = factory.SubFactory(SiteFactory)
    origin = Plan.Origin.CHOSEN
    state = Plan.State.READY
    made_at = datetime(2021, 12, 8, 17, 0, tzinfo=UTC)
    made_by = "1"
    asked_at = factory.SelfAttribute("made_at")


class PlanLineFactory(DjangoModelFactory):
    class Meta:
        model = PlanLine

    plan = factory.SubFactory(PlanFactory)
    household = factory.SubFactory(HouseholdFactory)
    people = 1


class GateOpeningFactory(DjangoModelFactory):
    class Meta:
        model = GateOpening

    shelter = factory.SubFactory(ShelterFactory)
    opens_at = datetime(2021, 12, 16, 10, 20, tzinfo=UTC)
    noted_at = datetime(2021, 12, 15, 18, 0, tzinfo=UTC)
    noted_by = "7"
