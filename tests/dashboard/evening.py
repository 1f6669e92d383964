"""The evening before the hearing of `HearingFactory`, and a family that sleeps until then."""

from datetime import UTC, datetime

from cases.states import Step
from tests.factories.cases import HouseholdFactory
from tests.factories.hearings import HearingFactory
from tests.factories.shelters import ShelterFactory, ShelterSiteFactory, StayFactory, UnitFactory

ZONE = "America/Ciudad_Juarez"
EVE = datetime(2021, 12, 15, 21, 7, tzinfo=UTC)  # 14:07 in Juárez, the day before the hearing of `HearingFactory`


def sleeping_family(shelter=None, people=2, **hearing):
    """A family of JZ that sleeps in `shelter` and has a hearing on 16 December, 04:30 at the bridge."""
    household = HouseholdFactory(people=people, step=Step.PLACED)
    shelter = shelter or ShelterFactory(name="Casa Peregrina", site=ShelterSiteFactory(parent=household.site))
    unit = shelter.units.first() or UnitFactory(shelter=shelter)
    for person in household.people.all():
        StayFactory(person=person, unit=unit)
    return HearingFactory(household=household, **hearing).household
