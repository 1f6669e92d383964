"""The hearing of the story's sheet: 04:30 at Paso del Norte for 08:30 at El Paso, said on 8 December 2021."""

from datetime import date

import pytest

from hearings.actions import change_hearing, note_hearing
from hearings.models import Claim
from tests.factories.cases import HouseholdFactory
from tests.factories.hearings import sheet_says

Source = Claim.Source


@pytest.fixture
def officer(actor_in):
    return actor_in("hearings", "JZ")


@pytest.fixture
def household(officer):
    return HouseholdFactory(site_id=min(officer.site_ids), people=2)


@pytest.fixture
def note(household, officer, now):
    """Note the hearing of the story's sheet, with any fact replaced."""

    def act(**facts):
        return note_hearing(**sheet_says(household=household, actor=officer, at=now) | facts)

    return act


@pytest.fixture
def change(officer, now):
    def act(hearing, **facts):
        return change_hearing(
            **(
                {
                    "hearing": hearing,
                    "source": Source.HEARING_NOTICE,
                    "said_on": date(2021, 12, 10),
                    "actor": officer,
                    "at": now,
                }
                | facts
            )
        )

    return act
